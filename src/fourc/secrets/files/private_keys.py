"""Private keys in the containers that they are kept in; certificates and public keys are none.

RFC 7468 and RFC 5958 (PEM, PKCS #8), RFC 1421 (`Proc-Type`), OpenSSH's PROTOCOL.key, PuTTY's appendix C, RFC 4716 (SSH2),
RFC 7517 (JWK), RFC 7292 (PKCS #12), RFC 9580 (OpenPGP),
the key stores of Java (`sun.security.provider.JavaKeyStore`), MIT's keytab.
"""

from collections.abc import Iterator

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import flow_text
from fourc.secrets.files.base64_text import decoded
from fourc.secrets.files.binary_keys import holds_private_key, pgp_is_encrypted
from fourc.secrets.files.format import Format, rule
from fourc.secrets.files.leaf import plain
from fourc.secrets.hit import Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Kind

_KEY = rule("private-key", "", Kind.PRIVATE_KEY, Severity.CRITICAL, references=("gitleaks:private-key",))
_ENCRYPTED = rule("encrypted-private-key", "encrypted", Kind.PRIVATE_KEY, Severity.LOW)
_PKCS12 = rule(
    "pkcs12-file",
    "PKCS #12",
    Kind.PRIVATE_KEY,
    Severity.MEDIUM,
    Confidence.MEDIUM,
    references=("gitleaks:pkcs12-file",),
)
_STORE = rule("java-keystore-file", "Java key store", Kind.PRIVATE_KEY, Severity.MEDIUM, Confidence.MEDIUM)
_KEYTAB = rule("kerberos-keytab-file", "Kerberos keytab", Kind.ENCRYPTION_KEY, Severity.HIGH, Confidence.MEDIUM)

_PEM = late(
    rb"(?P<dashes>-----|---- )BEGIN (?P<label>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)(?:-----| ----)"
    rb"(?P<body>[^-]*+(?:-(?!---)[^-]*+)*+)(?P=dashes)END (?P=label)(?:-----| ----)"
)
_BODY = late(rb"[A-Za-z0-9+/=]{16,}")
_PUTTY = late(
    rb"PuTTY-User-Key-File-[23]:[^\n]*+\nEncryption: (?P<cipher>\S++)[ \t\r]*+\n(?:(?!PuTTY-User-Key|Private-Lines:)[^\n]*+\n)*+"
    rb"Private-Lines: \d{1,4}[ \t\r]*+\n(?P<secret>(?:[A-Za-z0-9+/=]++\r?\n)++)"
)
_RSA_XML = late(rb"<RSAKeyValue>(?:[^<]++|<(?!RSAKeyValue|D>))*+<D>\s*+(?P<secret>[A-Za-z0-9+/=\s]{32,2000})</D>")
_PUBLIC = late(
    r"\s*(?:-----BEGIN (?:TRUSTED )?(?:CERTIFICATE|[A-Z0-9 ]*PUBLIC KEY|X509 CRL|DH PARAMETERS|EC PARAMETERS|"
    r"CERTIFICATE REQUEST)|"
    r"ssh-(?:rsa|dss|ed25519) |ecdsa-sha2-\S+ |---- BEGIN SSH2 PUBLIC)"
)


def is_public(value: str) -> bool:
    """Whether a text is a certificate or a public key and holds no private one."""
    return _PUBLIC.match(value) is not None and "PRIVATE KEY" not in value


def is_encrypted(pem: bytes) -> bool:
    """Whether a private key in PEM asks for a passphrase."""
    match = _PEM.search(pem)
    if match is None:
        return False
    label, body = match["label"], match["body"].replace(b"\\n", b"\n").replace(b"\\r", b"")
    if label.startswith(b"ENCRYPTED") or b"Proc-Type: 4,ENCRYPTED" in body:
        return True
    raw = decoded("".join(plain(line) for line in body.split() if b":" not in line and not line.startswith(b"=")))
    if raw is None:
        return False
    if label.startswith(b"PGP"):
        return pgp_is_encrypted(raw)
    return raw.startswith(b"openssh-key-v1\0") and not raw.startswith(b"openssh-key-v1\0\0\0\0\x04none")


def find(text: bytes) -> Iterator[Hit]:
    """The private keys of a file that is one."""
    for match in _PEM.finditer(text):
        if sum(len(line) for line in _BODY.findall(match["body"])) >= 32 and b"..." not in match["body"]:
            encrypted = is_encrypted(match[0])
            yield Hit((_ENCRYPTED if encrypted else _KEY).id, *match.span(), plain(match[0]))
    for match in _PUTTY.finditer(text):
        yield Hit(
            (_KEY if match["cipher"] == b"none" else _ENCRYPTED).id,
            *match.span("secret"),
            plain(match["secret"]).strip(),
        )
    for match in _RSA_XML.finditer(text):
        yield Hit(_KEY.id, *match.span("secret"), plain(match["secret"]), (), "D")
    if b'"kty"' in text:
        for leaf in flow_text.leaves(text):
            if (leaf.name == "d" and len(leaf.value) >= 20) or (leaf.name == "k" and len(leaf.value) >= 16):
                yield Hit(_KEY.id, leaf.start, leaf.end, leaf.value, (), leaf.name)
    if kind := holds_private_key(text):
        from hashlib import sha256  # noqa: PLC0415 - brings OpenSSL, which few files need

        row = {"pkcs12": _PKCS12, "keystore": _STORE, "keytab": _KEYTAB, "encrypted": _ENCRYPTED}.get(kind, _KEY)
        # The bytes are no text; their digest tells one such file from another.
        yield Hit(row.id, 0, len(text), f"sha256:{sha256(text).hexdigest()}")


FORMATS = (
    Format(
        (
            *(
                "*.pem",
                "*.key",
                "*.p8",
                "*.pk8",
                "*.der",
                "*.ppk",
                "*.asc",
                "*.gpg",
                "*.pgp",
                "*.ovpn",
                "*.priv",
                "*.private",
                "*.id_rsa",
            ),
            *(
                "id_rsa",
                "id_dsa",
                "id_ecdsa",
                "id_ed25519",
                "id_rsa*",
                "id_ed25519*",
                "identity",
                "*.jks",
                "*.keystore",
                "*.ks",
                "*.jceks",
            ),
            *(
                "*.p12",
                "*.pfx",
                "*.bks",
                "*.keytab",
                "secring.*",
                "*.jwk",
                "jwks.json",
                "*.jwks",
                "ssh_host_*_key",
                "*.openssh",
            ),
        ),
        (_KEY, _ENCRYPTED, _PKCS12, _STORE, _KEYTAB),
        find,
    ),
)
