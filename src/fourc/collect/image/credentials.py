"""The user's own registry logins, as docker and podman keep them.

Source: https://docs.docker.com/reference/cli/docker/login/ (config.json, credential helpers),
https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md.
"""

import base64
import binascii
import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
from msgspec import Struct, field

_HUB = "docker.io"
_HUB_KEYS = ("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")
_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TOKEN = "<token>"  # noqa: S105 - the user name by which helpers say that the secret is an identity token
_SECONDS = 30
_MAX_BYTES = 4 << 20


class Credentials(Struct, frozen=True):
    """A login: user and password, or an identity token; never shown."""

    user: str = ""
    password: str = ""
    identity_token: str = ""

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Credentials(...)"


class _Auth(Struct, frozen=True):
    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identitytoken: str | None = None


class _File(Struct, frozen=True, rename="camel"):
    auths: dict[str, _Auth | None] = field(default_factory=dict)
    cred_helpers: dict[str, str] = field(default_factory=dict)
    creds_store: str = ""


class _Answer(Struct, frozen=True, rename="pascal"):
    username: str = ""
    secret: str = ""


def credentials_for(registry: str, path: str) -> Credentials | None:
    """The login for a repository; None where there is none, then it is asked for without."""
    for file in _files():
        try:
            with file.open("rb") as opened:
                found = msgspec.json.decode(opened.read(_MAX_BYTES), type=_File)
        except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
            continue
        made = _in(found, registry, path)
        if made is not None:
            return made
    return None


def _files() -> list[Path]:
    environment = os.environ
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - `Path.home` raises without a home
    named = environment.get("REGISTRY_AUTH_FILE", "")
    docker = environment.get("DOCKER_CONFIG", "")
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return [
        *([Path(named)] if named else []),
        (Path(docker) if docker else home / ".docker") / "config.json",
        *([Path(runtime) / "containers/auth.json"] if runtime else []),
        home / ".config/containers/auth.json",
    ]


def _in(found: _File, registry: str, path: str) -> Credentials | None:
    keys = _HUB_KEYS if registry == _HUB else (registry, f"https://{registry}", f"http://{registry}")
    helper = next((found.cred_helpers[key] for key in keys if key in found.cred_helpers), "") or found.creds_store
    if helper:
        made = _ask(helper, _HUB_KEYS[0] if registry == _HUB else registry)
        if made is not None:
            return made
    parts = path.split("/")
    deeper = [f"{registry}/{'/'.join(parts[:n])}" for n in range(len(parts), 0, -1)]
    kept = {key.rstrip("/").removesuffix("/v1").removesuffix("/v2"): value for key, value in found.auths.items()}
    for key in (*deeper, *(key.rstrip("/").removesuffix("/v1") for key in keys)):
        auth = kept.get(key)
        if auth is not None and (made := _decoded(auth)) is not None:
            return made
    return None


def _decoded(auth: _Auth) -> Credentials | None:
    user, password = auth.username or "", auth.password or ""
    if auth.auth:
        try:
            user, _, password = base64.b64decode(auth.auth, validate=True).decode().strip("\0").partition(":")
        except (binascii.Error, ValueError):
            return None
    if auth.identitytoken:
        return Credentials(identity_token=auth.identitytoken)
    return Credentials(user, password) if user else None


def _ask(helper: str, server: str) -> Credentials | None:
    """Ask the user's own helper program (https://github.com/docker/docker-credential-helpers)."""
    program = shutil.which(f"docker-credential-{helper}") if _HELPER.fullmatch(helper) else None
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "get"], input=server.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
        if said.returncode != 0 or len(said.stdout) > _MAX_BYTES:
            return None
        answer = msgspec.json.decode(said.stdout, type=_Answer)
    except (OSError, subprocess.SubprocessError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    if answer.username == _TOKEN:
        return Credentials(identity_token=answer.secret)
    return Credentials(answer.username, answer.secret) if answer.username else None
