"""One file over HTTP: what is there already is not fetched again, and what broke off goes on where it ended.

Sources: RFC 9110, 13 (conditional requests: `If-None-Match`, `If-Modified-Since`, `If-Range`) and 14 (ranges).
"""

import base64
import http.client
import re
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from pathlib import Path
from threading import Timer
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from fourc.collect.receiving import (
    MOST_BYTES,
    PATIENCE,
    AbsentError,
    FetchError,
    Patience,
    StoppedError,
    receive,
    unwritable,
)
from fourc.model.text import Text, same

_ATTEMPTS = 3  # without a byte more than before
_REDIRECTS = 5
_SAID = 300
_NOT_MODIFIED, _PARTIAL, _UNSATISFIABLE = 304, 206, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")

_FAILED = Text("{url} cannot be fetched: {why}", "无法获取 {url}：{why}")
_AGAIN = Text(
    "run it again: it goes on where it ended; or name a mirror or a file",
    "请重新运行：会从中断处继续；也可以指定镜像源或文件",
)
_SCHEME = Text("only http and https are fetched", "只支持 http 和 https")
_NETWORK = Text(
    "check the address, the network and the proxy (HTTPS_PROXY, NO_PROXY); or name a mirror or a file",
    "请检查地址、网络和代理（HTTPS_PROXY、NO_PROXY）；也可以指定镜像源或文件",
)
_TRUST = Text(
    "if the server is yours, let its certificate be trusted: SSL_CERT_FILE=FILE",
    "如果是自己的服务器，请信任其证书：SSL_CERT_FILE=文件",
)
_LOGIN = Text(
    "put the login into the address: https://USER:PASSWORD@HOST/FILE",
    "请在地址中写入登录信息：https://用户:密码@主机/文件",
)
_ADDRESS = Text("check the address", "请检查地址")
_ELSEWHERE = Text("it leads to {where}, which is not followed", "它指向 {where}，不予跟随")
_SILENT = Text("the server does not answer", "服务器没有应答")


class Tag(Struct, frozen=True):
    """What a server said of a file: by this it knows whether it is still the same.

    `digest` is that of the file that was made of it, where it was.
    """

    url: str
    etag: str = ""
    modified: str = ""
    digest: str = ""

    @property
    def word(self) -> str:
        """What `If-Range` asks for: a strong tag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else "" if self.etag else self.modified


class _Address(Struct, frozen=True):
    """A URL that may be shown, and the login that was in it."""

    url: str
    login: str = ""


def shown_url(url: str) -> str:
    """The URL without the login that it may hold."""
    return _address(url).url


def fetch(
    url: str,
    part: Path,
    known: Tag | None = None,
    *,
    limit: int = MOST_BYTES,
    patience: Patience = PATIENCE,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Tag | None:
    """Fetch the file at a URL; None where the server says that it is still the one that is `known`.

    What breaks off stays in `part`, with what the server said of it beside; the next call goes on from there.

    Raises:
        FetchError: it cannot be fetched.
    """
    address = _address(url)
    if not address.url.startswith(("http://", "https://")):
        raise _failed(address, _SCHEME, _ADDRESS)
    if known is not None and known.url != address.url:
        known = None
    left, furthest = _ATTEMPTS, 0
    while True:
        try:
            return _Fetching(address, part, known, limit, patience, progress).run()
        except urllib.error.HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED and known is not None:
                    return None
                if error.code != _UNSATISFIABLE or left == 1:
                    raise _refused(address, error) from error
            part.unlink(missing_ok=True)  # what was begun is longer than what is there now
        except StoppedError as error:
            raise _failed(address, error.why, _AGAIN) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if left == 1 or isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
                raise _broken(address, error) from error
        size = part.stat().st_size if part.is_file() else 0
        left = _ATTEMPTS if size > furthest else left - 1
        furthest = max(size, furthest)


def last_bytes(url: str, count: int, patience: Patience = PATIENCE) -> tuple[bytes, Tag] | None:
    """The last bytes of the file at a URL, and the server's word for it; None where it gives none, or no parts of files."""
    address = _address(url)
    try:
        with _opened(address, {"Range": f"bytes=-{count}"}, patience) as answer:
            if answer.status != _PARTIAL or answer.headers.get("Content-Length") != str(count):
                return None
            data = answer.read(count)
            return (data, _tag_of(address, answer)) if len(data) == count else None
    except urllib.error.HTTPError as error:
        error.close()
    except (StoppedError, OSError, http.client.HTTPException, ValueError):
        pass
    return None


class _Fetching:
    """One attempt."""

    def __init__(
        self,
        address: _Address,
        part: Path,
        known: Tag | None,
        limit: int,
        patience: Patience,
        progress: Callable[[int, int], None],
    ) -> None:
        self._address = address
        self._part = part
        self._known = known
        self._limit = limit
        self._patience = patience
        self._progress = progress

    def run(self) -> Tag:
        begun = read_tag(tag_file(self._part), self._address.url)
        have = self._part.stat().st_size if begun is not None and begun.word and self._part.is_file() else 0
        headers = {}
        if have and begun is not None:
            headers = {"Range": f"bytes={have}-", "If-Range": begun.word}
        elif self._known is not None:
            headers = (
                {"If-None-Match": self._known.etag} if self._known.etag else {"If-Modified-Since": self._known.modified}
            )
        with _opened(self._address, headers, self._patience) as answer:
            start = have if have and _goes_on(answer, have) else 0
            length = answer.headers.get("Content-Length", "")
            size = start + int(length) if length.isdecimal() and len(length) < 19 else 0
            said = _tag_of(self._address, answer)
            write_tag(tag_file(self._part), said)
            # a size that lies is found out while the bytes come
            got = receive(answer, self._part, start, self._limit, self._patience, lambda n: self._progress(n, size))
            if size and got < size:
                raise http.client.IncompleteRead(b"", size - got)
        tag_file(self._part).unlink(missing_ok=True)
        return said


def _goes_on(answer: http.client.HTTPResponse, have: int) -> bool:
    if answer.status != _PARTIAL:
        return False
    said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if said is None or int(said[1]) != have:
        raise http.client.HTTPException("a range that nobody asked for")
    return True


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few, never from HTTPS to HTTP, and to no other scheme."""

    max_redirections, max_repeats = _REDIRECTS, 1

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        """The request that follows a redirect."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme != "https" and not (new.scheme == "http" and old.scheme == "http"):
            fp.close()
            raise StoppedError(_ELSEWHERE.of(where=f"{new.scheme}://{new.hostname}"))
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class _Watched:
    """The sockets of one request and of the redirects behind it."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._sockets: list[socket.socket] = []
        self.is_over = False

    def plain(self, host: str, *, timeout: float) -> http.client.HTTPConnection:
        return self._watched(http.client.HTTPConnection(host, timeout=timeout))

    def secure(self, host: str, *, timeout: float) -> http.client.HTTPConnection:
        context = ssl.create_default_context()
        return self._watched(http.client.HTTPSConnection(host, timeout=timeout, context=context))

    def _watched(self, made: http.client.HTTPConnection) -> http.client.HTTPConnection:
        connect = made.connect

        def connected() -> None:
            connect()
            made.sock.settimeout(self._silence)
            self._sockets.append(made.sock)

        vars(made)["connect"] = connected
        return made

    def hang_up(self) -> None:
        self.is_over = True
        for each in self._sockets:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # of TLS, too: its own farewell would wait


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, watched: _Watched) -> None:
        super().__init__()
        self._watched = watched

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._watched.plain, req)  # type: ignore[arg-type]  # it is called so


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, watched: _Watched) -> None:
        super().__init__()
        self._watched = watched

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._watched.secure, req)  # type: ignore[arg-type]  # the same


def _opened(address: _Address, headers: dict[str, str], patience: Patience) -> http.client.HTTPResponse:
    """The answer, its body still to be read; a server that only lets its headers drip is hung up on."""
    watched = _Watched(patience.silence)
    sent = {"Accept-Encoding": "identity", "User-Agent": "fourc", **headers}
    request = urllib.request.Request(address.url, headers=sent)  # noqa: S310 - the scheme was seen
    if address.login:
        request.add_unredirected_header("Authorization", address.login)
    opener = urllib.request.build_opener(_Redirects, _Plain(watched), _Secure(watched))
    timer = Timer(patience.opening, watched.hang_up)
    timer.daemon = True
    timer.start()
    try:
        opened: http.client.HTTPResponse = opener.open(request, timeout=patience.connect)
    except (OSError, http.client.HTTPException) as error:
        if watched.is_over:
            raise StoppedError(_SILENT) from error
        raise
    finally:
        timer.cancel()
    return opened


def _address(url: str) -> _Address:
    """The URL in two: what may be shown, and the header for the login in it (RFC 7617)."""
    try:
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        return _Address(url)
    if "@" not in parts.netloc:
        return _Address(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return _Address(bare, f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}")


def _tag_of(address: _Address, answer: http.client.HTTPResponse) -> Tag:
    return Tag(address.url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))


def _failed(address: _Address, why: Text, hint: Text) -> FetchError:
    return FetchError(_FAILED.of(url=address.url, why=why), hint=hint)


def _refused(address: _Address, error: urllib.error.HTTPError) -> FetchError:
    why = same(f"HTTP {error.code} {error.msg}"[:_SAID].strip().replace("\n", " "))
    if error.code in {404, 410}:
        return AbsentError(_FAILED.of(url=address.url, why=why), hint=_ADDRESS)
    hint = {401: _LOGIN, 403: _LOGIN}.get(error.code, _ADDRESS if error.code < 400 else _AGAIN)
    return _failed(address, why, hint)


def _broken(address: _Address, error: Exception) -> FetchError:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return _failed(address, _SILENT, _AGAIN)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _failed(address, same(str(reason)[:_SAID]), _TRUST)
    why = same(str(reason)[:_SAID] or type(reason).__name__)
    return _failed(address, why, _NETWORK if isinstance(error, urllib.error.URLError) else _AGAIN)


def tag_file(part: Path) -> Path:
    """Where the server's word for a file that has begun to come is kept."""
    return part.with_name(f"{part.name}.from")


def read_tag(file: Path, url: str) -> Tag | None:
    """What the server said; None where it is another server's word, or nobody knows."""
    try:
        tag = msgspec.json.decode(file.read_bytes(), type=Tag)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None
    return tag if tag.url == url and (tag.etag or tag.modified) else None


def write_tag(file: Path, tag: Tag) -> None:
    """Keep it.

    Raises:
        PlaceError: it cannot be written.
    """
    try:
        file.write_bytes(msgspec.json.encode(tag))
    except OSError as error:
        raise unwritable(file, error) from error
