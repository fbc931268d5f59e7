"""Images in the local stores: docker's daemon, containerd, podman, each asked the way its user asks it.

Sources: https://docs.docker.com/reference/api/engine/ (ImageGet), `ctr images export`, `nerdctl save`, `podman save`.
"""

import http.client
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from fourc.collect.image.blob import OpenFile
from fourc.collect.image.errors import ImageError
from fourc.collect.image.files import archive_image, stored_image
from fourc.collect.image.limits import Limits
from fourc.collect.image.source import Found, Wanted
from fourc.collect.image.spool import spooled
from fourc.collect.streaming import Stream
from fourc.model.gap import GapReason
from fourc.model.image_reference import ImageReference
from fourc.model.text import Text

_SOCKET = "/var/run/docker.sock"
_CONTENT = Path("/var/lib/containerd/io.containerd.content.v1.content")
_SECONDS = 600
_SILENT_SECONDS = 60
_PIECE = 1 << 20
_SAID = 300

_NOT_HERE = Text("{store} has no image {name}", "{store} 中没有镜像 {name}")
_PULL = Text("pull it, or check its name", "请拉取该镜像，或检查其名称")
_FAILED = Text("{store} did not give the image: {why}", "{store} 未能给出镜像：{why}")
_RUN = Text("check that it runs and that you may use it", "请检查其是否在运行以及您是否有权使用")


class _Daemon(http.client.HTTPConnection):
    """HTTP over docker's socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_SILENT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SILENT_SECONDS)
        self.sock.connect(self._path)


def docker_socket() -> str | None:
    """Where docker's daemon listens on this machine, if it does."""
    named = os.environ.get("DOCKER_HOST", "")
    path = named.removeprefix("unix://") if named.startswith("unix://") else _SOCKET if not named else ""
    return path if path and Path(path).is_socket() else None


def docker_image(path: str, name: str, wanted: Wanted, limits: Limits) -> Found:
    """An image of docker's daemon.

    Raises:
        ImageError: the daemon does not have it, or does not answer.
    """
    connection = _Daemon(path)
    try:
        connection.request("GET", f"/images/{quote(name, safe='/:@')}/get")
        with connection.getresponse() as answer:
            if answer.status == 404:
                raise ImageError(_NOT_HERE.of(store="docker", name=name), _PULL, GapReason.MISSING)
            if answer.status != 200:
                why = answer.read(_SAID).decode("utf-8", "replace").strip()
                raise ImageError(_FAILED.of(store="docker", why=why), _RUN, GapReason.UNREADABLE)
            file = spooled(_pieces(answer), 0, limits)
    except (OSError, http.client.HTTPException) as error:
        reason = GapReason.DENIED if isinstance(error, PermissionError) else GapReason.UNREADABLE
        raise ImageError(_FAILED.of(store="docker", why=str(error)), _RUN, reason) from error
    finally:
        connection.close()
    return archive_image(Path(name), file, "", Wanted("", wanted.platform), limits)


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read(_PIECE):
        yield piece


def containerd_image(digest: str, wanted: Wanted, limits: Limits, content: Path = _CONTENT) -> Found | None:
    """The image with this digest in containerd's content store, where that may be read and has it."""
    try:
        has = bool(digest) and (content / "blobs" / digest.replace(":", "/")).is_file()
    except OSError:
        return None
    return stored_image(content, digest, wanted, limits) if has else None


def saving_programs() -> list[str]:
    """The user's own programs that can save an image of a local store."""
    return [program for program in ("podman", "nerdctl", "ctr") if shutil.which(program)]


def saved_image(program: str, reference: ImageReference, wanted: Wanted, limits: Limits) -> Found:
    """An image as `podman`, `nerdctl` or `ctr` saves it; Kubernetes' images first where the program knows namespaces.

    Raises:
        ImageError: it does not have the image.
    """
    name = str(reference)
    platform = ["--platform", wanted.platform] if wanted.platform else []
    commands = {
        "podman": [["podman", "save", "--format", "oci-archive", name]],
        "nerdctl": [["nerdctl", "-n", space, "save", *platform, name] for space in ("k8s.io", "default")],
        "ctr": [["ctr", "-n", space, "images", "export", *platform, "-", name] for space in ("k8s.io", "default")],
    }[program]
    error = ImageError(_NOT_HERE.of(store=program, name=name), _PULL, GapReason.MISSING)
    for command in commands:
        try:
            file = _output(command, limits)
        except ImageError as failed:
            error = failed
            continue
        return archive_image(Path(name), file, "", Wanted("", wanted.platform), limits)
    raise error


def _output(command: list[str], limits: Limits) -> OpenFile:
    environment = dict(os.environ)
    try:
        with Stream(*[command], folder=Path.cwd(), env=environment, deadline=time.monotonic() + _SECONDS) as stream:
            file = spooled(iter(lambda: stream.out.read(_PIECE), b""), 0, limits)
            if stream.failed():
                why = stream.errors().strip()[:_SAID]
                raise ImageError(_FAILED.of(store=command[0], why=why), _PULL, GapReason.MISSING)
    except (OSError, ValueError) as error:
        raise ImageError(_FAILED.of(store=command[0], why=str(error)), _RUN, GapReason.UNREADABLE) from error
    return file
