"""Identity, secret stores and clusters."""

from fourc.secrets.rarity import is_wordy
from fourc.secrets.rows import ALNUM, HEX, WORD, assigned, betterleaks, gitleaks, numbered, token
from fourc.secrets.rule import Kind

_ONE = "[A-Z0-9]"  # the alphabet of 1Password's secret keys


def _is_mixed(value: str) -> bool:
    """Whether a Vault token is drawn from all letters and digits, as all are: `s.` also begins much that is code."""
    drawn = value.partition(".")[2]
    return any(map(str.isdigit, drawn)) or not (is_wordy(drawn) or drawn.isupper() or drawn.islower())


RULES = (
    *gitleaks(
        token(
            "1password-secret-key",
            "1Password",
            Kind.ENCRYPTION_KEY,
            rf"A3-{_ONE}{{6}}-(?:{_ONE}{{11}}|{_ONE}{{6}}-{_ONE}{{5}})(?:-{_ONE}{{5}}){{3}}",
            entropy=3.5,
        ),
        token(
            "1password-service-account-token",
            "1Password service account",
            Kind.ACCESS_TOKEN,
            r"ops_eyJ[A-Za-z0-9+/]{250,}={0,3}",
            entropy=4.0,
        ),
        assigned("adobe-client-id", "Adobe", Kind.CLIENT_ID, "adobe", rf"{HEX}{{32}}", entropy=2.5),
        token("adobe-client-secret", "Adobe", Kind.CLIENT_SECRET, rf"p8e-{ALNUM}{{32}}"),
        token(
            "age-secret-key",
            "age",
            Kind.PRIVATE_KEY,
            r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
            entropy=0,
        ),
        token(
            "authress-service-client-access-key",
            "Authress service client",
            Kind.API_KEY,
            r"(?:sc|ext|scauth|authress)_[0-9a-zA-Z]{5,30}\.[0-9a-zA-Z]{4,6}\.(?:acc[_-])[0-9a-zA-Z-]{10,32}\.[\w+/=-]{30,120}",
            *(".acc_", ".acc-"),
        ),
        token("doppler-api-token", "Doppler", Kind.ACCESS_TOKEN, rf"dp\.pt\.{ALNUM}{{43}}"),
        assigned("okta-access-token", "Okta", Kind.ACCESS_TOKEN, r"(?-i:[Oo]kta|OKTA)", r"00[\w=-]{40}", entropy=3.8),
        token("openshift-user-token", "OpenShift user", Kind.ACCESS_TOKEN, rf"sha256~{WORD}{{43}}", entropy=3.5),
        token("vault-batch-token", "HashiCorp Vault batch", Kind.ACCESS_TOKEN, rf"hvb\.{WORD}{{138,300}}", entropy=3.5),
        token(
            "vault-service-token",
            "HashiCorp Vault service",
            Kind.ACCESS_TOKEN,
            rf"hvs\.{WORD}{{90,120}}|s\.{ALNUM}{{24}}",
            *("hvs.", "s."),
            entropy=3.5,
            genuine=_is_mixed,
        ),
    ),
    *betterleaks(
        token(
            "clerk-secret-key",
            "Clerk",
            Kind.CLIENT_SECRET,
            rf"sk_(?:live|test)_{ALNUM}{{40,50}}",
            *("sk_live_", "sk_test_"),
            entropy=3.0,
        ),
        assigned(
            "jumpcloud-api-key",
            "JumpCloud",
            Kind.API_KEY,
            "jumpcloud",
            rf"{ALNUM}{{40}}|jca_{ALNUM}{{36}}",
            entropy=3.0,
        ),
        token(
            "persona-production-api-key",
            "Persona",
            Kind.API_KEY,
            r"persona_production_[0-9A-Za-z-]{20,80}",
            entropy=3.0,
        ),
        token("onfido-live-api-token-eu", "Onfido (EU)", Kind.ACCESS_TOKEN, rf"api_live\.{WORD}{{20,64}}", entropy=3.0),
        token(
            "onfido-live-api-token-us", "Onfido (US)", Kind.ACCESS_TOKEN, rf"api_live_us\.{WORD}{{20,64}}", entropy=3.0
        ),
        token(
            "onfido-live-api-token-ca", "Onfido (CA)", Kind.ACCESS_TOKEN, rf"api_live_ca\.{WORD}{{20,64}}", entropy=3.0
        ),
        token("proof-full-access-api-key", "Proof", Kind.API_KEY, rf"prf_(?:cli_)?{WORD}{{20,64}}", entropy=3.0),
    ),
    numbered(
        assigned(
            "workos-production-api-key",
            "WorkOS",
            Kind.API_KEY,
            "workos",
            rf"sk_live_a2V5Xz{ALNUM}{{60,120}}",
            entropy=3.8,
        ),
        1,
    ),
)
