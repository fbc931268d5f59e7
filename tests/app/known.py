"""Small databases of known vulnerabilities, and keys to sign them with."""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from fourc.vulns.database import Database
from fourc.vulns.database.build import build


def record(name: str, day: str, text: str = "") -> bytes:
    """An OSV record about one npm package."""
    events = [{"introduced": "0"}, {"fixed": "1.0.1"}]
    affected = {
        "package": {"ecosystem": "npm", "name": name},
        "ranges": [{"type": "SEMVER", "events": events}],
    }
    said = {"id": f"GHSA-{name}", "modified": f"{day}T00:00:00Z", "summary": text, "affected": [affected]}
    return json.dumps(said).encode()


def database(file: Path, *names: str, day: str = "2024-05-01", sign_key: bytes | None = None, text: str = "") -> Path:
    """A database with a vulnerability of each package."""
    build([(f"{name}.json", record(name, day, text)) for name in names], file, sign_key=sign_key)
    return file


def packages(file: Path) -> set[str]:
    """Which of the packages a database knows."""
    opened = Database.open(file)
    known = {name for name in ("alpha", "beta", "gamma") if opened.entries("npm", name)}
    opened.close()
    return known


def digest(file: Path) -> str:
    """The digest that ends a database (hex)."""
    return file.read_bytes()[-32:].hex()


class Signer:
    """A key pair: the private one's bytes, both as files in PEM."""

    def __init__(self, folder: Path, name: str) -> None:
        key = Ed25519PrivateKey.generate()
        self.raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        self.private, self.public = folder / f"{name}.pem", folder / f"{name}.pub"
        self.private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
