"""One file over HTTP: what is there already is not fetched again, and what broke off goes on where it ended.

Sources: RFC 9110, 13 (conditional requests: `If-None-Match`, `If-Modified-Since`, `If-Range`) and 14 (ranges).
"""

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.text import Text, same

MOST_BYTES = 2 << 30
"""A file with more is not fetched."""
_SECONDS = 30.0
_CHUNK = 1 << 20
_ATTEMPTS = 3
_NOT_MODIFIED, _PARTIAL, _UNSATISFIABLE = 304, 206, 416

_FAILED = Text("{url} cannot be fetched: {why}", "无法获取 {url}：{why}")
_AGAIN = Text(
    "run it again: it goes on where it ended; or name a mirror or a file",
    "请重新运行：会从中断处继续；也可以指定镜像或文件",
)
_LARGE = Text("it has more than {limit} MB", "超过 {limit} MB")
_SCHEME = Text("only http and https are fetched", "只支持 http 和 https")


class FetchError(FourcError):
    """A file could not be fetched; what came of it is kept for the next attempt."""


class _Tag(Struct, frozen=True):
    """What a server said of a file: by this it knows whether it is still the same."""

    url: str
    etag: str = ""
    modified: str = ""

    @property
    def word(self) -> str:
        """What `If-Range` asks for: a strong tag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


def fetch(url: str, target: Path, progress: Callable[[int, int], None] = lambda *_: None) -> bool:
    """Fetch the file at a URL into `target`; False where the server says that it is what lies there already.

    The file appears whole or not at all: until then it is `target` with `.part` behind, which the next call goes on with.

    Raises:
        FetchError: it cannot be fetched.
    """
    if not url.startswith(("http://", "https://")):
        raise FetchError(_FAILED.of(url=url, why=_SCHEME), hint=_AGAIN)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part, why = target.with_name(f"{target.name}.part"), same("")
    for _ in range(_ATTEMPTS):
        try:
            return _fetch(url, target, part, progress)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED:
                    return False
                why = same(f"HTTP {error.code}")
                if error.code == _UNSATISFIABLE:
                    part.unlink(missing_ok=True)  # what was begun is longer than what is there now
                    continue
                break
        except FetchError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = same(str(getattr(error, "reason", "") or error) or type(error).__name__)
    raise FetchError(_FAILED.of(url=url, why=why), hint=_AGAIN)


def _fetch(url: str, target: Path, part: Path, progress: Callable[[int, int], None]) -> bool:
    begun = _read_tag(part, url)
    have = part.stat().st_size if begun is not None and begun.word and part.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if have and begun is not None:
        headers |= {"Range": f"bytes={have}-", "If-Range": begun.word}
    elif target.is_file() and (known := _read_tag(target, url)) is not None:
        headers |= {"If-None-Match": known.etag} if known.etag else {"If-Modified-Since": known.modified}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was seen
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - the same
        goes_on = answer.status == _PARTIAL
        start = have if goes_on else 0
        length = answer.headers.get("Content-Length")
        size = start + int(length) if length is not None and length.isdecimal() else None
        if size is not None and size > MOST_BYTES:
            raise _too_large(url)
        _write_tag(part, _Tag(url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")))
        got = _copy(url, answer, part, start, lambda n: progress(n, size or 0))
        if size is not None and got < size:
            raise http.client.IncompleteRead(b"", size - got)
    part.replace(target)
    _tag_file(part).replace(_tag_file(target))
    return True


def _copy(url: str, answer: http.client.HTTPResponse, part: Path, start: int, told: Callable[[int], None]) -> int:
    """Write what comes behind the first `start` bytes; returns how many there are then."""
    got = start
    with part.open("r+b" if start else "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.seek(start)
        file.truncate()
        while chunk := answer.read(_CHUNK):
            got += len(chunk)
            if got > MOST_BYTES:
                raise _too_large(url)
            file.write(chunk)
            told(got)
    return got


def _too_large(url: str) -> FetchError:
    return FetchError(_FAILED.of(url=url, why=_LARGE.of(limit=MOST_BYTES >> 20)), hint=_AGAIN)


def _tag_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.from")


def _read_tag(file: Path, url: str) -> _Tag | None:
    """What the server said of the file; None where it is another server's, or nobody knows."""
    try:
        tag = msgspec.json.decode(_tag_file(file).read_bytes(), type=_Tag)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None
    return tag if tag.url == url and (tag.etag or tag.modified) else None


def _write_tag(file: Path, tag: _Tag) -> None:
    _tag_file(file).write_bytes(msgspec.json.encode(tag))
