"""One etcd and one API server on loopback, shared by all test processes that hold a lock, gone when none does any more.

`joined` is what a test process calls. The first one starts a keeper (this file as a program), whose children the two
servers are. The kernel frees a lock when its process ends, however it ends; then the keeper gets the lock, ends its
children and removes their files. If the keeper is killed, so are they (Linux: prctl PR_SET_PDEATHSIG).
"""

import fcntl
import http.client
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from tests.cluster import binaries

_REPOSITORY = Path(__file__).parents[2]
_TRIES = 3  # a port that was free may be taken by the time that it is used
_SECONDS = 90
# Sent to a child when its parent ends; set by the child itself, because code between fork and exec is not safe.
_TIED = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""
# DER of an ECPrivateKey on P-256 (RFC 5915) around its 32 bytes; Go works out the public half.
_KEY_BEFORE, _KEY_AFTER = bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a8648ce3d030107")


class Server(Struct, frozen=True):
    """Where the API server is, how to trust it, and tokens: an administrator's, and one of a user without any right."""

    version: str
    url: str
    ca: str
    admin: str
    stranger: str


@contextmanager
def joined(version: str, folder: Path) -> Iterator[Server]:
    """What to know of the server of that version, which runs at least until the end of the block.

    All processes that name the same folder share one server.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        with (folder / "start.lock").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            known = folder / "server.json"
            if not known.is_file():
                _start_keeper(version, folder)
            server = msgspec.json.decode(known.read_bytes(), type=Server)
        yield server


def _start_keeper(version: str, folder: Path) -> None:
    programs = [str(binaries.etcd()), str(binaries.kube_apiserver(version))]
    with (folder / "keeper.log").open("w") as log:
        keeper = subprocess.Popen(
            # from the background of a shell that ends at once: no child of the tests, some of which look at all of theirs
            [
                "/bin/sh",
                "-c",
                '"$@" &',
                "sh",
                sys.executable,
                "-m",
                "tests.cluster.server",
                version,
                str(folder),
                *programs,
            ],
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests, which end first
            text=True,
        )
    assert keeper.stdout is not None
    with keeper.stdout as out:
        said = out.readline()
    keeper.wait()
    if said != "ready\n":
        raise RuntimeError(f"the API server {version} did not start: see {folder}\n{_last_lines(folder)}")


def _last_lines(folder: Path) -> str:
    texts = [(folder / name).read_text(errors="replace") for name in ("keeper.log", "apiserver.log", "etcd.log")
             if (folder / name).is_file()]  # fmt: skip
    return "\n".join(line for text in texts for line in text.splitlines()[-5:])


def keep(version: str, folder: Path, etcd: str, kube_apiserver: str) -> None:
    """Run both until nobody holds the lock of users."""
    known = folder / "server.json"
    children: list[subprocess.Popen[bytes]] = []
    try:
        children = _started(version, folder, etcd, kube_apiserver)
        sys.stdout.write("ready\n")
        sys.stdout.close()
        with (folder / "users.lock").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            known.unlink()
            _end(children)
            shutil.rmtree(folder / "etcd", ignore_errors=True)
    finally:
        _end(children)


def _started(version: str, folder: Path, etcd: str, kube_apiserver: str) -> list[subprocess.Popen[bytes]]:
    for left in reversed(range(_TRIES)):
        children: list[subprocess.Popen[bytes]] = []
        try:
            client, peer, secure = _free_ports(3)
            children.append(_child(folder / "etcd.log", etcd, *_etcd_flags(folder, client, peer)))
            server = _server(version, folder, secure)
            flags = [*_apiserver_flags(folder, client, secure), *_policy_flags(version)]
            children.append(_child(folder / "apiserver.log", kube_apiserver, *flags))
            _wait_until_ready(server, children)
        except RuntimeError:
            _end(children)
            shutil.rmtree(folder / "etcd", ignore_errors=True)
            if not left:
                raise
        else:
            made = folder / "server.json.new"
            made.write_bytes(msgspec.json.encode(server))
            made.rename(folder / "server.json")
            return children
    raise AssertionError


def _etcd_flags(folder: Path, client: int, peer: int) -> list[str]:
    mine = f"http://127.0.0.1:{peer}"
    return [
        f"--data-dir={folder / 'etcd'}",
        "--name=test",
        f"--listen-client-urls=http://127.0.0.1:{client}",
        f"--advertise-client-urls=http://127.0.0.1:{client}",
        f"--listen-peer-urls={mine}",
        f"--initial-advertise-peer-urls={mine}",
        f"--initial-cluster=test={mine}",
        "--unsafe-no-fsync",
        "--log-level=error",
    ]


def _apiserver_flags(folder: Path, etcd: int, secure: int) -> list[str]:
    key = folder / "accounts.key"
    return [
        f"--etcd-servers=http://127.0.0.1:{etcd}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",  # it refuses to publish a loopback address
        f"--secure-port={secure}",
        f"--cert-dir={folder}",  # where it puts a certificate that it makes itself
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--allow-privileged",  # as kubeadm and the providers have it
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.0.0.0/16",
        "--profiling=false",
    ]


def _policy_flags(version: str) -> list[str]:
    """MutatingAdmissionPolicy where the version has it: alpha from 1.32, beta from 1.34, on by itself from 1.36."""
    minor = int(version.split(".")[1])
    if not 32 <= minor < 36:
        return []
    served = "v1alpha1" if minor < 34 else "v1beta1"
    return [
        "--feature-gates=MutatingAdmissionPolicy=true",
        f"--runtime-config=admissionregistration.k8s.io/{served}=true",
    ]


def _server(version: str, folder: Path, secure: int) -> Server:
    """What the API server reads at its start, written anew."""
    admin, stranger = secrets.token_hex(), secrets.token_hex()
    (folder / "tokens.csv").write_text(f'{admin},admin,1,"system:masters"\n{stranger},stranger,2\n')
    key = _KEY_BEFORE + secrets.token_bytes(31).rjust(32, b"\x01") + _KEY_AFTER
    (folder / "accounts.key").write_text(_pem(key))
    for stale in (folder / "apiserver.crt", folder / "apiserver.key"):
        stale.unlink(missing_ok=True)
    return Server(version, f"https://127.0.0.1:{secure}", str(folder / "apiserver.crt"), admin, stranger)


def _pem(key: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(key).replace("CERTIFICATE", "EC PRIVATE KEY")


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def _child(log: Path, program: str, *flags: str) -> subprocess.Popen[bytes]:
    with log.open("w") as file:
        return subprocess.Popen(
            [sys.executable, "-c", _TIED, str(os.getpid()), program, *flags],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def _wait_until_ready(server: Server, children: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            raise RuntimeError("a server ended while it was starting")
        with suppress(OSError):
            trusted = ssl.create_default_context(cafile=server.ca)
            asking = http.client.HTTPSConnection(server.url.removeprefix("https://"), context=trusted, timeout=5)
            asking.request("GET", "/readyz")
            said = asking.getresponse().read()
            asking.close()
            if said == b"ok":
                return
        time.sleep(0.1)
    raise RuntimeError(f"the API server was not ready after {_SECONDS} seconds")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        child.kill()
        child.wait()


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5])
