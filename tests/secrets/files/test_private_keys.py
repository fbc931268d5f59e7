"""Private keys in their containers: which are there, which ask for a passphrase, and what is none."""

from base64 import b64encode

import pytest

from fourc.secrets.files.private_keys import is_encrypted
from fourc.secrets.files.registry import entries


def _pem(label: str, body: bytes, header: str = "") -> bytes:
    return f"-----BEGIN {label}-----\n{header}{b64encode(body).decode()}\n-----END {label}-----\n".encode()


NOT_A_KEY = b"not a key but long enough to be taken for one"
OPENSSH = b"openssh-key-v1\0\0\0\0"
# OpenPGP packets (RFC 9580, 5.5.3): version 4, a time, RSA, two numbers of eight bits, then whether a passphrase is asked for.
PGP = b"\x95\x00\x40\x04\0\0\0\0\x01\x00\x08\xff\x00\x08\x03"


@pytest.mark.parametrize(
    ("text", "encrypted"),
    [
        (_pem("PRIVATE KEY", NOT_A_KEY), False),
        (_pem("EC PRIVATE KEY", NOT_A_KEY), False),
        (_pem("ENCRYPTED PRIVATE KEY", NOT_A_KEY), True),
        (_pem("RSA PRIVATE KEY", NOT_A_KEY, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"), True),
        (_pem("OPENSSH PRIVATE KEY", OPENSSH + b"\x04none" + NOT_A_KEY), False),
        (_pem("OPENSSH PRIVATE KEY", OPENSSH + b"\x0aaes256-ctr" + NOT_A_KEY), True),
        (_pem("PGP PRIVATE KEY BLOCK", PGP + b"\0" + NOT_A_KEY, "\n"), False),
        (_pem("PGP PRIVATE KEY BLOCK", PGP + b"\xfe" + NOT_A_KEY, "\n"), True),
    ],
)
def test_a_key_in_pem_is_told_by_whether_it_asks_for_a_passphrase(text: bytes, *, encrypted: bool) -> None:
    assert is_encrypted(text) == encrypted
    assert [hit.rule for hit in entries("x.pem", text)] == ["encrypted-private-key" if encrypted else "private-key"]


def _keystore(tag: bytes) -> bytes:
    certificate = b"\0\x01a" + bytes(8) + b"\0\x05X.509\0\0\0\x02zz"
    return b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x02" + b"\0\0\0\x02" + certificate + tag + certificate


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("a.p12", b"0\x82\x01\x00\x02\x01\x03\x30\x82\x00\xf9" + bytes(50), "pkcs12-file"),
        ("a.jks", _keystore(b"\0\0\0\x01"), "java-keystore-file"),
        ("x.keytab", b"\x05\x02\0\0\0\x40" + bytes(60), "kerberos-keytab-file"),
        ("key.der", b"0\x82\x04\xbd\x02\x01\x000\x0d\x06\x09" + bytes(60), "private-key"),
        (
            "key.der",
            b"0\x82\x04\xbd0\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d" + bytes(60),
            "encrypted-private-key",
        ),
        ("a.bin", b"0\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00" + bytes(60), "private-key"),
        ("key.gpg", PGP + b"\xfe" + NOT_A_KEY, "encrypted-private-key"),
    ],
)
def test_a_container_that_is_no_text_is_one_secret_named_by_its_digest(path: str, text: bytes, rule: str) -> None:
    (hit,) = entries(path, text)
    assert (hit.rule, hit.start, hit.end, hit.value[:7]) == (rule, 0, len(text), "sha256:")


@pytest.mark.parametrize(
    "text",
    [
        _keystore(b"\0\0\0\x02"),
        _pem("CERTIFICATE", NOT_A_KEY),
        _pem("PUBLIC KEY", NOT_A_KEY),
        b"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n",
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI anna@example.org\n",
        b"0\x82\x03\x00\x30\x82\x01\xe8\xa0\x03\x02\x01\x02" + bytes(60),
    ],
    ids=["truststore", "certificate", "public-key", "manual", "ssh-public", "certificate-der"],
)
def test_what_everybody_may_see_is_no_secret(text: bytes) -> None:
    assert list(entries("x.pem", text)) == []


def test_a_jwk_is_private_by_its_exponent() -> None:
    text = b'{"kty": "EC", "crv": "P-256", "x": "AAAA", "d": "bm90LWEta2V5LWJ1dC1sb25nLWVub3VnaA"}'
    assert [(hit.rule, hit.key) for hit in entries("a.jwk", text)] == [("private-key", "d")]
