"""Asks a cluster, through the user's own kubectl, whether it would take objects; nothing is changed there."""

import shutil
import subprocess

from msgspec import Struct

_SECONDS = 60
_SAID = 300


class Cluster(Struct, frozen=True):
    """Which cluster the user named: a kubeconfig file, a context in it, or both."""

    kubeconfig: str | None = None
    context: str | None = None


class Answer(Struct, frozen=True):
    """What the API server said; `accepted` is None where it could not be asked."""

    accepted: bool | None
    said: str = ""


def server_dry_run(manifests: str, cluster: Cluster) -> Answer:
    """`kubectl apply --dry-run=server` with the manifests on its standard input and the user's own environment."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        return Answer(None, "kubectl is not installed")
    command = [kubectl]
    command += ["--kubeconfig", cluster.kubeconfig] if cluster.kubeconfig else []
    command += ["--context", cluster.context] if cluster.context else []
    command += ["apply", "--dry-run=server", f"--request-timeout={_SECONDS}s", "-f", "-"]
    try:
        done = subprocess.run(command, input=manifests.encode(), capture_output=True, timeout=2 * _SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(None, str(error)[:_SAID])
    if done.returncode == 0:
        return Answer(True)
    said = _first_line(done.stderr.decode("utf-8", "replace"))
    unreachable = any(word in said for word in _UNREACHABLE)
    return Answer(None if unreachable else False, said)


_UNREACHABLE = (
    "Unable to connect", "was refused", "context was not found", "does not exist", "no such file", "couldn't get",
    "must be logged in", "Unauthorized", "i/o timeout", "no such host", "TLS handshake", "deadline exceeded",
)  # fmt: skip


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = next(
        (line for line in lines if line.lower().startswith(("error", "the ", "unable"))), lines[0] if lines else ""
    )
    return first[:_SAID]
