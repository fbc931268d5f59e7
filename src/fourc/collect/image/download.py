"""HTTP to a registry: logs in where it is asked to, follows redirects without the login, resumes what breaks off."""

import base64
import http.client
import ipaddress
import json
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import IO
from urllib.parse import urlencode, urlsplit

from fourc.collect.image.credentials import Credentials
from fourc.collect.image.errors import ImageError
from fourc.model.gap import GapReason
from fourc.model.text import Text

_SECONDS = 30  # without a byte
_RESUMES = 5  # of one blob, without a byte in between
_SAID = 300
_TOKEN_BYTES = 1 << 20
_PARAMETER = re.compile(r'([a-zA-Z]+)="((?:[^"\\]|\\.)*)"')

_UNREACHABLE = Text("the registry {host} cannot be reached: {why}", "无法连接镜像仓库 {host}：{why}")
_NETWORK = Text("check the network and the name of the registry", "请检查网络和镜像仓库名称")
_DENIED = Text("the registry {host} does not let you read it", "镜像仓库 {host} 不允许您读取")
_LOG_IN = Text("log in first: docker login {host}", "请先登录：docker login {host}")
_STRANGE = Text("the registry {host} answers {status}", "镜像仓库 {host} 返回 {status}")
_LATER = Text("try again later", "请稍后重试")
_SLOW = Text("the registry {host} does not answer", "镜像仓库 {host} 没有应答")
_LARGE = Text(
    "an answer of the registry {host} is longer than {limit} bytes", "镜像仓库 {host} 的应答超过 {limit} 字节"
)
_UNSAFE = Text("the registry {host} leads to {where}, which is not encrypted", "镜像仓库 {host} 指向未加密的 {where}")
_INSIST = Text("if that is meant, allow plain HTTP for it", "如果确有需要，请允许对其使用明文 HTTP")
_BROKEN_CA = Text("docker's certificate {file} cannot be read: {why}", "无法读取 docker 的证书 {file}：{why}")
_MEND_CA = Text("correct or remove that file", "请修正或删除该文件")
_CERTIFICATES = "/etc/docker/certs.d"


class NotThereError(ImageError):
    """The registry does not have it."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to other hosts without the login, and never from HTTPS to HTTP."""

    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        """The request that follows a redirect."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme != "https" and not (new.scheme == "http" and old.scheme == "http"):
            raise urllib.error.URLError(f"it leads to {new.scheme}://{new.hostname}")
        made = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        login = req.get_header("Authorization")
        if made is not None and login and (old.scheme, old.netloc) == (new.scheme, new.netloc):
            made.add_unredirected_header("Authorization", login)
        return made


class Connection:
    """Requests to one host of a registry, for one repository."""

    def __init__(self, host: str, scope: str, login: Callable[[], Credentials | None], *, plain: bool = False) -> None:
        self.host = host
        self._scope = scope
        self._login = login
        self._loopback = _is_loopback(host)
        self._insecure = plain
        self._plain = plain or self._loopback
        self._scheme = "https"
        self._authorization = ""
        self._lock = threading.Lock()
        handlers: list[urllib.request.BaseHandler] = [_Redirects(), urllib.request.HTTPSHandler(context=_trust(host))]
        if self._loopback:  # as Go's clients do, and so docker
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def read(self, path: str, limit: int, accept: str = "*/*") -> tuple[bytes, Message]:
        """A whole answer and its headers.

        Raises:
            ImageError: there is none.
        """
        try:
            with self.open(path, accept=accept) as answer:
                data = answer.read(limit + 1)
                headers = answer.headers
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error
        if len(data) > limit:
            raise ImageError(_LARGE.of(host=self.host, limit=limit), _LATER, GapReason.TOO_LARGE)
        return data, headers

    def open(self, path: str, accept: str = "*/*", offset: int = 0) -> http.client.HTTPResponse:
        """The answer, its body still to be read; `offset` asks for what follows.

        Raises:
            ImageError: there is none.
        """
        asked = self._authorization
        try:
            return self._send(path, accept, offset, asked)
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 401:
                    raise self._refused(error) from error
                challenges = error.headers.get_all("WWW-Authenticate") or []
        with self._lock:
            if self._authorization == asked:  # another thread may have done it
                self._authorization = self._authorized(challenges)
            asked = self._authorization
        try:
            return self._send(path, accept, offset, asked)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error

    def _send(self, path: str, accept: str, offset: int, authorization: str) -> http.client.HTTPResponse:
        request = urllib.request.Request(f"{self._scheme}://{self.host}{path}", headers={"Accept": accept})  # noqa: S310 - made here
        request.add_header("User-Agent", "fourc")
        if offset:
            request.add_header("Range", f"bytes={offset}-")
        if authorization:
            request.add_unredirected_header("Authorization", authorization)
        try:
            return self._answer(request)
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            if self._scheme == "https" and self._plain and _speaks_plainly(reason):
                self._scheme = "http"
                return self._send(path, accept, offset, authorization)
            raise self._unreachable(error) from error

    def _answer(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        answer: http.client.HTTPResponse = self._opener.open(request, timeout=_SECONDS)
        return answer

    def _authorized(self, challenges: list[str]) -> str:
        """What to send from now on, by what the registry asks for (RFC 6750, RFC 7617)."""
        login = self._login()
        for challenge in challenges:
            scheme, _, rest = challenge.strip().partition(" ")
            said = {key.lower(): value for key, value in _PARAMETER.findall(rest)}
            if scheme.lower() == "bearer" and said.get("realm"):
                return f"Bearer {self._token(said, login)}"
            if scheme.lower() == "basic" and login is not None and login.user:
                return _basic(login)
        raise self._denied()

    def _token(self, said: dict[str, str], login: Credentials | None) -> str:
        """A token of the service that the registry names (https://distribution.github.io/distribution/spec/auth/)."""
        realm = urlsplit(said["realm"])
        is_plain = realm.scheme == "http" and self._scheme == "http" and (self._insecure or _is_loopback(realm.netloc))
        if realm.scheme != "https" and not is_plain:
            raise ImageError(_UNSAFE.of(host=self.host, where=said["realm"][:_SAID]), _INSIST, GapReason.DENIED)
        asked = {"service": said.get("service", ""), "scope": said.get("scope") or self._scope}
        body = None
        target = said["realm"]
        if login is not None and login.identity_token:
            grant = {"grant_type": "refresh_token", "refresh_token": login.identity_token, "client_id": "fourc"}
            body = urlencode({**asked, **grant}).encode()
        else:
            target = f"{target}{'&' if realm.query else '?'}{urlencode(asked)}"
        request = urllib.request.Request(target, body)  # noqa: S310 - the scheme was looked at
        if body is None and login is not None and login.user:
            request.add_unredirected_header("Authorization", _basic(login))
        try:
            with self._answer(request) as answer:
                document = json.loads(answer.read(_TOKEN_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                raise (self._denied() if error.code in {400, 401, 403} else self._refused(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error
        except (ValueError, RecursionError) as error:
            raise self._denied() from error
        for key in ("token", "access_token"):
            token = document.get(key) if isinstance(document, dict) else None
            if isinstance(token, str) and token.isascii() and token.isprintable() and token:
                return token
        raise self._denied()

    def _denied(self) -> ImageError:
        return ImageError(_DENIED.of(host=self.host), _LOG_IN.of(host=self.host), GapReason.DENIED)

    def _refused(self, error: urllib.error.HTTPError) -> ImageError:
        if error.code in {401, 403}:
            return self._denied()
        if error.code == 404:
            return NotThereError(_STRANGE.of(host=self.host, status=404), _NETWORK, GapReason.MISSING)
        reason = GapReason.TIMED_OUT if error.code in {429, 503, 504} else GapReason.UNREADABLE
        return ImageError(_STRANGE.of(host=self.host, status=error.code), _LATER, reason)

    def _unreachable(self, error: Exception) -> ImageError:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return ImageError(_SLOW.of(host=self.host), _LATER, GapReason.TIMED_OUT)
        return ImageError(_UNREACHABLE.of(host=self.host, why=str(reason)[:_SAID]), _NETWORK, GapReason.UNREADABLE)


class Download:
    """A blob as it comes; where the connection breaks off, the rest is asked for."""

    def __init__(self, connection: Connection, path: str, size: int) -> None:
        self._connection = connection
        self._path = path
        self._size = size
        self._at = 0
        self._answer: http.client.HTTPResponse | None = None
        self._left = _RESUMES

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        while True:
            size = min(size, self._size - self._at)
            if size <= 0:
                return b""
            try:
                data = self._opened().read(size)
            except (OSError, http.client.HTTPException) as error:
                self._again(error)
                continue
            if data:
                self._at += len(data)
                self._left = _RESUMES
                return data
            self._again(EOFError("it ends too early"))

    def close(self) -> None:
        """Hang up."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _opened(self) -> http.client.HTTPResponse:
        if self._answer is None:
            self._answer = self._connection.open(self._path, offset=self._at)
            if self._at and not self._continues(self._answer):
                self._skip(self._answer)
        return self._answer

    def _continues(self, answer: http.client.HTTPResponse) -> bool:
        return answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {self._at}-")

    def _skip(self, answer: http.client.HTTPResponse) -> None:
        """The server begins anew: step over what is there already."""
        left = self._at
        while left and (data := answer.read(min(left, 1 << 20))):
            left -= len(data)

    def _again(self, error: Exception) -> None:
        self.close()
        self._left -= 1
        if self._left < 0:
            raise OSError(str(error)) from error


def _basic(login: Credentials) -> str:
    return f"Basic {base64.b64encode(f'{login.user}:{login.password}'.encode()).decode()}"


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _speaks_plainly(reason: object) -> bool:
    """Whether the other side speaks no TLS, rather than having a certificate that nobody trusts."""
    return isinstance(reason, ssl.SSLError) and not isinstance(reason, ssl.SSLCertVerificationError)


def _trust(host: str) -> ssl.SSLContext:
    """What the system trusts, and what docker was told to for this registry.

    Raises:
        ImageError: docker's certificate is broken.
    """
    from pathlib import Path  # noqa: PLC0415 - beside its use

    context = ssl.create_default_context()
    own = Path(_CERTIFICATES, host) / "ca.crt"
    try:
        if own.is_file():
            context.load_verify_locations(own)
    except PermissionError:
        return context  # often only root may look; the handshake tells where it was needed
    except OSError as error:  # `ssl.SSLError` is one
        why = error.strerror or type(error).__name__
        raise ImageError(_BROKEN_CA.of(file=str(own), why=why), _MEND_CA, GapReason.UNREADABLE) from error
    return context
