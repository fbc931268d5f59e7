"""Secrets in the layers of an image: which files are searched, and what of each layer is kept without any value."""

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from fourc import __version__
from fourc.app.ignoring import CONFIGS, DETECT_SECRETS, IGNORE_FILES, Own, Salting, SecretIgnores, secret_ignores
from fourc.collect.content.blob import Blob
from fourc.collect.content.folder import printable
from fourc.collect.gaps import file_gap
from fourc.collect.image.wishes import Interest, Layer
from fourc.collect.image.wishes import Search as Wish
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

if TYPE_CHECKING:
    from fourc.app.searching import Search, Searched

LARGEST_TEXT = 16 * MIB
LARGEST_ARCHIVE = 64 * MIB
"""Files of an image with more bytes are not searched."""
LARGEST_TOTAL = 512 * MIB
"""All that is searched of one image: what comes behind it is not."""
ARCHIVES_SECONDS, ARCHIVE_SECONDS = 10.0, 5.0
"""Looking into the archives of one image, and into one of them, takes no longer."""
MOST_SIGHTS = 20_000
"""Places in a layer that are kept."""
_FORMAT = 1
_SMALL = 256 << 10
_WORTH = 6 * MIB
"""Bytes from which on compiling the rules, which takes seconds, is quicker than going on without: one process does all."""
_PILE = 2 * MIB
_STRONG = 3

_INSTALLED = re.compile(
    r"(?:usr/(?:lib(?:32|64|x32|exec)?|share(?!/nginx/)|include|src|games)|lib(?:32|64|x32)?|boot|dev|proc|sys"
    r"|usr/local/(?:lib|go|include|share)|var/(?:cache|lib/(?:dpkg|apt|rpm|dnf|yum|zypp|pacman|systemd))|lib/apk"
    r"|etc/(?:ssl/certs|pki/ca-trust|ca-certificates))/"
    r"|(?:[^\n]*/)?(?:node_modules|bower_components|site-packages|dist-packages|__pycache__|go/pkg/mod|\.cargo/registry"
    r"|\.rustup|\.m2/repository|\.gradle/caches|\.npm/_cacache|\.nuget/packages|\.cache|bundle/gems|gems/[^/\n]+/gems"
    r"|vendor/bundle)/"
)
"""Where packages of the operating system and of languages lie: their makers' files, the same for everybody."""
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"SQLite format 3\0")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_KEYS = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"\x30\x82", b"\x30\x81", b"\x30\x80")
"""What stores of keys begin with: Java's, and DER."""
_SMALL_KEY = 64 << 10
_LARGE = Text("it is larger than what is searched for secrets in an image", "超过镜像中查找密钥的大小上限")
_ALL = Text(
    "more than {mib} MiB of the image were searched for secrets; the rest was not",
    "镜像中已查找密钥的内容超过 {mib} MiB；其余的没有查找",
)
_SLOW = Text(
    "looking into the image's archives took too long: this one was not", "查看镜像中的归档耗时过长：没有查看该归档"
)
_LOOK = Text("look at it by hand", "请手动检查")
_MANY = Text("more than {n} secrets in a layer; the others are not told", "一层中的密钥超过 {n} 个；其余的没有列出")


class Told(Struct, frozen=True, array_like=True):
    """A secret in a file, told without its value: `shown` is its beginning, `value` and `fingerprint` keyed hashes of it."""

    rule: str
    path: str
    span: tuple[int, int, int, int]
    shown: str
    value: str
    fingerprint: str
    file: str
    """The file of the layer; `path` may lead further, into an archive."""


class Kept(Struct, frozen=True, array_like=True):
    """What the cache keeps of a layer."""

    told: tuple[Told, ...] = ()
    gaps: tuple[tuple[str, str, str, str, str, str], ...] = ()


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


def kept_of(data: bytes) -> tuple[tuple[Told, ...], tuple[Gap, ...]]:
    """What was found in a layer, and what could not be looked at; nothing makes a scan of the image incomplete."""
    kept = _decode(data)
    return kept.told, tuple(
        file_gap(GapReason(reason), path, Text(en, zh), Text(hint, hint_zh), named=False)
        for reason, path, en, zh, hint, hint_zh in kept.gaps
    )


def is_searched(path: str, size: int, head: bytes) -> bool:
    """Whether a file of an image may hold secrets of the team: no program, and not of somebody's package."""
    if not size or _INSTALLED.match(path):
        return False
    if b"\0" not in head or head.startswith((*_ARCHIVES, *_WIDE)) or path.endswith(".tar"):
        return True
    return size <= _SMALL_KEY and head.startswith(_KEYS)


def _limit(head: bytes, path: str) -> int:
    return LARGEST_ARCHIVE if head.startswith(_ARCHIVES) or path.endswith(".tar") else LARGEST_TEXT


def _is_read(path: str, size: int, head: bytes) -> bool:
    return is_searched(path, size, head) and size <= _limit(head, path)


PRESENT = Interest("secret places 1", _is_read, lambda path, _: path.encode())
"""Says which of the files that are searched are still there at the end, by the names that their layers give them."""


class Looker:
    """Looks for secrets in an image's files by the team's rules; what it needs is loaded when the first file comes."""

    def __init__(self, own: Own, baselines: Sequence[str] = (), root: Path = Path()) -> None:
        self._own = own
        self._baselines = tuple(baselines)
        self._root = root
        self._lock = threading.Lock()
        self._seen = 0
        self._all = 0
        self._search: Search | None = None
        self._level = 0
        self._left = ARCHIVES_SECONDS
        self.salting = Salting(own)
        self.values: dict[str, str] = {}
        """What was found in this run by what is shown of it, to take out of texts that quote it; never kept."""

    def __repr__(self) -> str:
        """Without the values, which must not reach a log."""
        return "Looker()"

    @cached_property
    def ignores(self) -> SecretIgnores:
        """The team's rules, and what its lists let stand."""
        from fourc.secrets.registry import all_rules  # noqa: PLC0415 - a thousand rules, which a second scan needs not

        return secret_ignores(self._root, self._own, all_rules(), self._baselines)

    @cached_property
    def kind(self) -> str:
        """Names all that decides what is found and what it is called, for the cache."""
        told = hashlib.sha256()
        for data in (str(_FORMAT), __version__, self.salting.mark, *_stamps()):
            told.update(data.encode("utf-8", "surrogateescape") + b"\0")
        for file in self._said():
            told.update(str(file).encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(_bytes(file)).digest())
        return f"secrets {told.hexdigest()}"

    def _said(self) -> Iterable[Path]:
        """The files by which the team says what is a secret, with those that they name."""
        start = Path(os.path.realpath(self._root))
        for folder in dict.fromkeys((start, self._own.folder)):
            for name in (*CONFIGS, *IGNORE_FILES, DETECT_SECRETS):
                file = folder / name
                if file.is_file():
                    yield file
                    for named in re.findall(rb"""["']([^"'\n]{1,300})["']""", _bytes(file)) if name in CONFIGS else ():
                        for base in (folder, Path()):
                            other = base / os.fsdecode(named)
                            if b"\0" not in named and other.is_file():
                                yield other
        yield from map(Path, self._baselines)

    def admits(self, size: int) -> bool:
        """Whether a file of this size is still searched; counts it."""
        with self._lock:
            self._all += size
            return self._all <= LARGEST_TOTAL

    @property
    def wish(self) -> Wish:
        """What the walk over the image is asked."""
        return Wish(self.kind, self._listener)

    def _listener(self, _: Layer) -> "_Layer":
        return _Layer(self)

    def begin(self) -> None:
        """Another image: what may be spent on one is there again."""
        self._all, self._left = 0, ARCHIVES_SECONDS

    def look(self, files: Sequence[tuple[str, bytes]]) -> "Searched":
        """What small files hold."""
        with self._lock:
            return self._ready(sum(len(data) for _, data in files)).pile(files)

    def look_into(self, path: str, data: bytes) -> "Searched":
        """What a file holds, and what lies in it where it is an archive or the like."""
        with self._lock:
            if not data.startswith(_ARCHIVES):
                return self._ready(len(data)).blob(Blob(path, data))
            if self._left <= 0:
                from fourc.app.searching import Searched  # noqa: PLC0415 - the same

                return Searched((), (file_gap(GapReason.TIMED_OUT, path, _SLOW, _LOOK, named=False),))
            from fourc.collect.content.inside import Limits  # noqa: PLC0415 - the same

            search, began = self._ready(len(data)), time.monotonic()
            found = search.blob(Blob(path, data), Limits(seconds=min(ARCHIVE_SECONDS, self._left)))
            self._left -= time.monotonic() - began
            return found

    def _ready(self, size: int) -> "Search":
        """What looks: little is done before the large database is loaded, and compiling it needs much to be worth it."""
        from fourc.app.pattern_cache import LITTLE, MUCH, finder_for  # noqa: PLC0415 - a second scan looks for nothing
        from fourc.app.searching import Search  # noqa: PLC0415 - the same
        from fourc.secrets.engine import Engine, Meaning, sought_of  # noqa: PLC0415 - the same

        self._seen += size
        level = 1 + (self._seen >= LITTLE) + (self._seen >= _WORTH)
        if self._search is None or level > self._level:
            rules = self.ignores.team.rules
            from fourc.secrets.files.registry import entries_or_deep  # noqa: PLC0415 - as the rules
            from fourc.secrets.reference import expression  # noqa: PLC0415 - the same
            from fourc.secrets.verdict import is_secret  # noqa: PLC0415 - the same

            meaning = Meaning(expression, is_secret, entries_or_deep)
            sought = sought_of(rules, expression)
            finder = finder_for(sought, size=MUCH if level == _STRONG else self._seen)
            engine = Engine(rules, sought, meaning, finder)
            self._search = Search(engine, {rule.id: rule for rule in rules}, self.ignores.standing)
            self._level = _STRONG if finder.knows_where else level
        return self._search

    def told(self, found: "Searched", files: Callable[[str], str] = lambda path: path) -> list[Told]:
        """The secrets without their values; `files` gives the file in which a path lies."""
        from fourc.secrets.finding import redacted  # noqa: PLC0415 - the same

        made = []
        for sight in found.sights:
            value, at = sight.hit.value, sight.location
            shown = "" if value == at.path else redacted(value)
            if shown:
                self.values[value] = shown
            named = self.salting.of
            span = (at.line, at.column, at.end_line, at.end_column)
            known = (named("", value), named(sight.hit.rule, value))
            made.append(Told(sight.hit.rule, at.path, span, shown, *known, files(at.path)))
        return made


class _Layer:
    """Gets the files of one layer."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker
        self._pile: list[tuple[str, bytes]] = []
        self._size = 0
        self._told: list[Told] = []
        self._gaps: list[Gap] = []
        self._full = False

    def wants(self, path: str, size: int, head: bytes) -> bool:
        if not is_searched(path, size, head):
            return False
        if size > _limit(head, path):
            self._gaps.append(file_gap(GapReason.TOO_LARGE, printable(path), _LARGE, _LOOK, named=False))
            return False
        if self._looker.admits(size):
            return True
        if not self._full:
            self._full = True
            said = _ALL.of(mib=LARGEST_TOTAL // MIB)
            self._gaps.append(file_gap(GapReason.TOO_LARGE, printable(path), said, _LOOK, named=False))
        return False

    def file(self, path: str, data: bytes) -> None:
        if len(data) > _SMALL:
            self._take(self._looker.look_into(printable(path), data), lambda _: path)
            return
        self._pile.append((path, data))
        self._size += len(data)
        if self._size >= _PILE:
            self._flush()

    def _flush(self) -> None:
        if self._pile:
            names = {printable(path): path for path, _ in self._pile}

            def file(path: str) -> str:
                return names.get(path) or names.get(path.partition("!")[0], path)

            self._take(self._looker.look([(printable(path), data) for path, data in self._pile]), file)
        self._pile, self._size = [], 0

    def _take(self, found: "Searched", file: Callable[[str], str]) -> None:
        self._told += self._looker.told(found, file)
        self._gaps += found.gaps
        if len(self._told) > MOST_SIGHTS:
            del self._told[MOST_SIGHTS:]

    def end(self) -> bytes:
        self._flush()
        if len(self._told) >= MOST_SIGHTS:
            self._gaps.append(file_gap(GapReason.TOO_LARGE, "", _MANY.of(n=MOST_SIGHTS), _LOOK, named=False))
        gaps = [
            (
                gap.reason.value,
                gap.location.path if gap.location else "",
                gap.message.en,
                gap.message.zh,
                gap.remedy.en,
                gap.remedy.zh,
            )
            for gap in self._gaps[:200]
        ]
        return _encode(Kept(tuple(self._told), tuple(gaps)))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _stamps() -> Iterable[str]:
    """Tells builds of the rules apart that have one version."""
    folder = Path(__file__).parent.parent / "secrets"
    try:
        for below in (folder, folder / "rules", folder / "files", folder / "ignoring"):
            with os.scandir(below) as found:
                for entry in sorted((e for e in found if e.name.endswith(".py")), key=lambda e: e.name):
                    status = entry.stat()
                    yield f"{entry.name} {status.st_size} {status.st_mtime_ns}"
    except OSError:
        return  # packed in an archive, which has one version
