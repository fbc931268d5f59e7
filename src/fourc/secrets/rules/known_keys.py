"""Forms that belong to no provider: keys, signed tokens, secrets in manifests and on command lines."""

import base64
import binascii

from fourc.secrets.late import late
from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rarity import entropy, is_wordy
from fourc.secrets.rows import HEX, assigned, gitleaks, token
from fourc.secrets.rule import Kind, Rule

# A PEM file's first line, the header lines that older ones have, and the beginning of its body.
_PEM = (
    r"-----BEGIN[ A-Z0-9_]{0,60}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:\s|\\[nr]){0,4}[A-Z][\w-]{2,20}: [^\n\\]{0,80}(?:\s|\\[nr])){0,4}"
    r"[A-Za-z0-9+/=\s\\,:;.()#\"'|*]{32,1000}"
)

# A manifest's lines up to the mark of the next one, and a value of `data`, before or after the line that says `Secret`.
_LINES = r"(?:(?:(?:[^\n-]|-[^\n-])[^\n]*)?\n){0,40}?"
_KIND = r"(?i:kind:[ \t]*[\"']?secret[\"']?)[ \t\r]*(?:\n|\z)"
_DATUM = (
    r"data:[ \t\r]*\n(?:[ \t][^\n]*\n){0,20}?[ \t]+[\"']?[\w.-]+[\"']?:[ \t]*(?:[|>][+-]?[ \t]*\n[ \t]*)?"
    r"[\"']?([A-Za-z0-9+/]{10,}={0,3})[\"']?[ \t\r]*(?:#[^\n]*)?"
)
_KUBERNETES = rf"(?:\b{_KIND}{_LINES}[ \t]*{_DATUM}(?:\n|[A-Za-z0-9+/=]|\z)|\b{_DATUM}\n{_LINES}[ \t]*{_KIND})"

_CURL = r"\bcurl\b[\s\S]{0,500}?\s"
_HEADER = (
    rf"{_CURL}(?:-H|--header)(?:=|\s{{0,5}})[\"'](?i:"
    r"authorization:\s{0,5}basic\s{1,3}([a-z0-9+/]{8,}={0,3})"
    r"|(?:authorization:\s{0,5}(?:(?:bearer|(?:api-?)?token|apikey|bot)\s{1,3})?|[\w-]{0,30}(?:api-?key|access-?key|auth-?key|token|secret|password|auth(?:entication)?):\s{0,5})"
    r"([\w=~@.+/-]{8,})"
    r")[\"']"
)
_USER = (
    rf"{_CURL}(?:-u|--user)(?:=|\s{{0,5}})(?:"
    r"\"([^\"\s:]*:[^\"\s]*)\"|'([^'\s:]*:[^'\s]*)'"
    r"|(\"[^\"\s:]+\":\"[^\"\s]+\"|[^\s\"':]+:'[^'\s]+'|[^\s\"':]+:[^\s\"']+)"
    r")"
)
_VARIABLE = late(r"[$%]\w|[$%{]\{|\$\(|[<>\[\]]")
_PART = r"[A-Za-z0-9/\\_-]"
_JWT = rf"ey[A-Za-z0-9_-]{{15,}}\.ey{_PART}{{15,}}\.(?:{_PART}{{9,}}[A-Za-z0-9/_-]={{0,2}})?"


def _is_login(value: str) -> bool:
    """Whether `user:password` holds a password, or a key as its user; both may be quoted or in braces."""
    user, _, password = value.partition(":")
    secret = password.strip("\"'{}") or user.strip("\"'{}")
    if _VARIABLE.search(value) or is_placeholder(secret) or secret == user:
        return bool(not password and not _VARIABLE.search(value) and entropy(secret) > 2.5)
    return len(secret) > 3 and entropy(secret) > 2 and not is_wordy(secret)


def _is_header_value(value: str) -> bool:
    """Whether a header's value is one that somebody was given, not a word, nor `user:password` of an example."""
    if _VARIABLE.search(value) or (is_wordy(value) and not value.endswith("=")):
        return False
    try:
        return not is_placeholder(base64.b64decode(value, validate=True).decode().partition(":")[2] or value)
    except (binascii.Error, UnicodeDecodeError):
        return True


def _encoded(opening: str) -> str:
    """What a text that begins with `opening` begins with in base64."""
    return base64.b64encode(opening.encode()).decode()[: len(opening) * 4 // 3]


RULES: tuple[Rule, ...] = (
    *gitleaks(
        token("private-key", "", Kind.PRIVATE_KEY, f"(?P<secret>{_PEM})", "private key", entropy=0),
        token("pkcs12-file", "PKCS #12", Kind.PRIVATE_KEY, "", path=r"(?i)\.(?:p12|pfx)$", entropy=0),
        token("jwt", "JSON Web", Kind.SESSION_TOKEN, _JWT, "ey", entropy=3.0),
        token(
            "jwt-base64",
            "JSON Web (in base64)",
            Kind.SESSION_TOKEN,
            r"ZXlK[A-Za-z0-9+/_-]{60,}={0,2}",
            entropy=3.0,
        ),
        token(
            "kubernetes-secret-yaml",
            "Kubernetes",
            Kind.PASSWORD,
            _KUBERNETES,
            "secret",
            path=r"(?i)\.ya?ml$",
            entropy=1.5,
            raw=True,
        ),
        token(
            "curl-auth-header", "HTTP (curl)", Kind.ACCESS_TOKEN, _HEADER, "curl", genuine=_is_header_value, raw=True
        ),
        token("curl-auth-user", "HTTP (curl)", Kind.PASSWORD, _USER, "curl", entropy=2.0, genuine=_is_login, raw=True),
        assigned(
            "sidekiq-secret",
            "Sidekiq Enterprise",
            Kind.PASSWORD,
            r"BUNDLE_(?:ENTERPRISE|GEMS)__CONTRIBSYS__COM",
            rf"{HEX}{{8}}:{HEX}{{8}}",
            0,
        ),
        token(
            "sidekiq-sensitive-url",
            "Sidekiq Enterprise",
            Kind.URL,
            rf"https?://(?P<secret>{HEX}{{8}}:{HEX}{{8}})@(?:gems|enterprise)\.contribsys\.com",
            "contribsys.com",
            entropy=0,
        ),
    ),
)
