"""Asks an API server through the user's own `kubectl proxy`, so that every way to log in works; nothing is changed there.

The proxy listens on a socket in a folder that only this user may enter, for as long as the questions last. Whatever is not
read is asked with `dryRun=All`: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

import http.client
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.gap import GapReason
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Json

_SECONDS = 60
_START_SECONDS = 30
_MAX_BYTES = 200_000_000
_SAID = 300
_PAGE = 500

_NO_KUBECTL = Text("kubectl is not installed", "没有安装 kubectl")
_INSTALL = Text("install kubectl, which knows how to log in to your cluster", "请安装 kubectl，它知道如何登录您的集群")
_NO_START = Text("kubectl could not read how to reach the cluster: {why}", "kubectl 读不到如何连接集群：{why}")
_NAME_FILE = Text(
    "see whether `kubectl version` works with the same --kubeconfig and --context",
    "请检查 `kubectl version` 使用相同的 --kubeconfig 和 --context 是否正常",
)
_UNREACHABLE = Text("the API server cannot be reached: {why}", "无法连接 API 服务器：{why}")
_SLOW = Text("the API server did not answer within {n} seconds", "API 服务器在 {n} 秒内没有应答")
_AGAIN = Text("try again when it answers", "请在它恢复后重试")
_LONG = Text("an answer of the API server is longer than {n} bytes", "API 服务器的一个应答超过 {n} 字节")
_LESS = Text("ask about fewer namespaces with -n", "请用 -n 减少要核对的命名空间")
_STRANGE = Text("what answers is not an API server: {why}", "应答的不是 API 服务器：{why}")


class Cluster(Struct, frozen=True):
    """Which cluster the user named: a kubeconfig file, a context in it, or both."""

    kubeconfig: str | None = None
    context: str | None = None


class UnansweredError(FourcError):
    """There is no answer, and the next question would have none either."""

    def __init__(self, reason: GapReason, message: Text, hint: Text) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.remedy = hint


class Reply(Struct, frozen=True):
    """What the server said: `data` is the object or, where it refused, a Status."""

    status: int
    data: Json
    warnings: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it would do it."""
        return self.status < 300

    @property
    def message(self) -> str:
        """Why it would not."""
        said = self.data.get("message") if isinstance(self.data, dict) else None
        return said if isinstance(said, str) and not self.accepted else ""

    @property
    def refusal(self) -> GapReason | None:
        """What the status says where the object itself was not judged: no right to ask, nothing there, no time."""
        if self.status == 403 and self._about_rights:
            return GapReason.DENIED
        return {401: GapReason.DENIED, 404: GapReason.MISSING, 405: GapReason.UNSUPPORTED, 429: GapReason.TIMED_OUT,
                503: GapReason.TIMED_OUT, 504: GapReason.TIMED_OUT}.get(self.status)  # fmt: skip

    @property
    def _about_rights(self) -> bool:
        """The authorizer's words (apiserver's responsewriters.forbiddenMessage), which admission does not use."""
        return ' is forbidden: User "' in self.message or self.message.startswith("forbidden: User")


class _Connection(http.client.HTTPConnection):
    """HTTP over a socket that is a file."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(str(self._path))


class ApiServer:
    """Questions to one API server; each raises `UnansweredError` where the server is not there to answer."""

    def __init__(self, place: Path) -> None:
        self._connection = _Connection(place)

    def read(self, path: str, **query: str) -> Reply:
        """GET."""
        return self._ask("GET", path, query)

    def read_list(self, path: str) -> Iterator[Reply]:
        """GET of a list, page by page; the last is a refusal if there is one."""
        query = {"limit": str(_PAGE)}
        while True:
            page = self._ask("GET", path, query)
            yield page
            metadata = page.data.get("metadata") if page.accepted and isinstance(page.data, dict) else None
            following = metadata.get("continue") if isinstance(metadata, dict) else None
            if not isinstance(following, str) or not following:
                return
            query = {**query, "continue": following}

    def would_create(self, path: str, thing: Mapping[str, Json], *, strict: bool = False) -> Reply:
        """Whether the object could be created; `strict` refuses fields that the server does not know, as kubectl does."""
        query = {"dryRun": "All", **({"fieldValidation": "Strict"} if strict else {})}
        return self._ask("POST", path, query, thing, "application/json")

    def would_patch(self, path: str, change: Mapping[str, Json], kind: str = "merge-patch") -> Reply:
        """Whether the object could be changed so."""
        return self._ask("PATCH", path, {"dryRun": "All"}, change, f"application/{kind}+json")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _hang_up(self) -> None:
        with suppress(OSError):
            if self._connection.sock is not None:
                self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _ask(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Json] | None = None, kind: str = ""
    ) -> Reply:
        headers = {"Accept": "application/json", **({"Content-Type": kind} if kind else {})}
        target = f"{path}?{urlencode(query)}" if query else path
        began = time.monotonic()
        hang_up = threading.Timer(_SECONDS, self._hang_up)  # a server that sends a byte now and then is never silent
        hang_up.daemon = True
        hang_up.start()
        try:
            self._connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = self._connection.getresponse()
            said = answer.read(_MAX_BYTES + 1)
        except TimeoutError as error:
            raise UnansweredError(GapReason.TIMED_OUT, _SLOW.of(n=_SECONDS), _AGAIN) from error
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() - began >= _SECONDS:
                raise UnansweredError(GapReason.TIMED_OUT, _SLOW.of(n=_SECONDS), _AGAIN) from error
            raise UnansweredError(GapReason.UNREADABLE, _UNREACHABLE.of(why=str(error)[:_SAID]), _AGAIN) from error
        finally:
            hang_up.cancel()
        if time.monotonic() - began >= _SECONDS:
            raise UnansweredError(GapReason.TIMED_OUT, _SLOW.of(n=_SECONDS), _AGAIN)
        if len(said) > _MAX_BYTES:
            raise UnansweredError(GapReason.TOO_LARGE, _LONG.of(n=_MAX_BYTES), _LESS)
        warnings = tuple(_text_of(w) for w in answer.headers.get_all("Warning") or ())
        return Reply(answer.status, _decoded(answer.status, said), warnings)


def _decoded(status: int, said: bytes) -> Json:
    """API servers answer in JSON; anything else is the proxy, or something between, that failed."""
    try:
        data: Json = json.loads(said)
    except (ValueError, RecursionError) as error:
        if status == 404:
            return None  # API servers say so in plain text of what they do not serve
        why = said.decode("utf-8", "replace").strip()[:_SAID]
        if status == 401:
            raise UnansweredError(GapReason.DENIED, _UNREACHABLE.of(why=why), _NAME_FILE) from error
        message = _UNREACHABLE if status >= 500 else _STRANGE
        raise UnansweredError(GapReason.UNREADABLE, message.of(why=why), _NAME_FILE) from error
    return data


def _text_of(warning: str) -> str:
    """The text of `299 - "text"` (RFC 7234, section 5.5)."""
    quoted = warning.partition('"')[2].rpartition('"')[0]
    return quoted.replace('\\"', '"').replace("\\\\", "\\")


@contextmanager
def api_server(cluster: Cluster) -> Iterator[ApiServer]:
    """The API server that a kubeconfig file and a context name.

    Raises:
        UnansweredError: there is no kubectl, or it does not know how to reach the server.
    """
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise UnansweredError(GapReason.MISSING, _NO_KUBECTL, _INSTALL)
    with tempfile.TemporaryDirectory(prefix="fourc-") as folder:
        place = Path(folder, "api")
        command = [kubectl]
        command += ["--kubeconfig", cluster.kubeconfig] if cluster.kubeconfig else []
        command += ["--context", cluster.context] if cluster.context else []
        command += ["proxy", f"--unix-socket={place}", "--api-prefix=/", "--reject-methods=^(PUT|DELETE)$"]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise UnansweredError(GapReason.UNREADABLE, _NO_START.of(why=str(error)[:_SAID]), _INSTALL) from error
        with process:
            try:
                _wait(process, place)
                server = ApiServer(place)
                try:
                    yield server
                finally:
                    server.close()
            finally:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], place: Path) -> None:
    """Until kubectl says that it serves; what it says instead is why it does not."""
    assert process.stdout is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    said = _first_bytes(process.stdout)
    if said and place.exists():
        return
    why = "" if said is None else _first_bytes(process.stderr) or ""
    reason = GapReason.TIMED_OUT if said is None else GapReason.MISSING
    raise UnansweredError(reason, _NO_START.of(why=same(why.strip()[:_SAID] or "-")), _NAME_FILE)


def _first_bytes(stream: IO[bytes]) -> str | None:
    """What comes first, empty at the end of the stream, None if nothing comes in time."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(stream, selectors.EVENT_READ)
        if not waiting.select(_START_SECONDS):
            return None
        return os.read(stream.fileno(), 4096).decode("utf-8", "replace")
