"""Fetch the database of known vulnerabilities: it takes the old one's place only after it was found to be right."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from fourc.app.database import wanted_key
from fourc.app.db_successor import BehindError, Standing, check_successor
from fourc.collect.artifact import Artifact, digest_of
from fourc.collect.fetch import Tag, fetch, last_bytes, read_tag, shown_url, write_tag
from fourc.collect.receiving import MOST_BYTES, FetchError, PlaceError, unwritable
from fourc.errors import FourcError, UsageError
from fourc.model.database import Updated
from fourc.model.image_reference import image_reference
from fourc.model.settings import Settings
from fourc.model.text import Text, join, same
from fourc.vulns.database import Database
from fourc.vulns.database.delta import apply_delta, delta_name
from fourc.vulns.database.file import DatabaseError
from fourc.vulns.database.signing import is_signed

UNCHANGED, WHOLE, DELTA = "unchanged", "whole", "delta"
_DIGEST_BYTES = 32
_HOPS = 8
"""So many deltas one after the other are tried; behind them the whole file is."""
_CHUNK = 1 << 20

_NOBODY = Text("from where is the database to be fetched?", "从哪里获取数据库？")
_NAME_ONE = Text(
    "fourc db update SOURCE, or set db-source in fourc.toml (FOURC_DB_SOURCE): a file, a URL or oci://REGISTRY/NAME:TAG of "
    "your own; fourc db build makes one from public advisories (docs/vulnerability-database.md)",
    "fourc db update 来源，或在 fourc.toml 中设置 db-source（FOURC_DB_SOURCE）：自己的文件、URL 或 oci://仓库/名称:标签；"
    "fourc db build 可用公开公告生成（docs/vulnerability-database.md）",
)
_KINDS = Text(
    "a source is a file, a URL (http, https) or oci://REGISTRY/NAME:TAG",
    "来源可以是文件、URL（http、https）或 oci://仓库/名称:标签",
)
_NO_SOURCE = Text("{source} is no source of a database", "{source} 不是数据库来源")
_OFFLINE = Text("{source} needs the network, which --offline forbids", "{source} 需要网络，而 --offline 禁止使用网络")
_ITSELF = Text("{source} is the database that is to be replaced", "{source} 就是要被替换的数据库")
_FILE = Text("{source} cannot be read: {why}", "无法读取 {source}：{why}")
_NONE = Text("no source gave a database: {why}", "没有来源提供数据库：{why}")
_BUSY = Text("another fourc db update is running", "另一个 fourc db update 正在运行")
_WAIT = Text("wait until it is done", "请等待其完成")
_FETCHING = Text("fetching {source}: {n} of {all} MB", "正在获取 {source}：{n}/{all} MB")
_FETCHING_SOME = Text("fetching {source}: {n} MB", "正在获取 {source}：{n} MB")
_CHECKING = Text("checking", "正在检查")

Progress = Callable[[Text | None], None]


def update_database(
    sources: Sequence[str],
    target: Path,
    settings: Settings,
    progress: Progress,
    *,
    force: bool = False,
    offline: bool = False,
) -> Updated:
    """Put the database of the first source that has a right one at `target`; whatever fails, the old one stays as it is.

    `force` takes one that is older than what is there, or knows less, too.

    Raises:
        UsageError: no source is named, or one cannot be understood.
        FetchError: none can be fetched, or kept.
        DatabaseError: what came is broken, not signed as it must be, or behind what is there.
    """
    named = tuple(sources) or settings.database_source
    if not named:
        raise UsageError(_NOBODY, hint=_NAME_ONE)
    for source in named:
        _check(source, offline=offline)
    target = Path(os.path.realpath(target))
    key = wanted_key(settings)
    if key is not None:
        is_signed(
            key, bytes(64), b""
        )  # a key that is none, or a library that is missing, is told before anything is fetched
    with _alone(target):
        update = _Update(target, key, progress, force=force)
        failures: list[FourcError] = []
        for source in named:
            try:
                updated = update.by(source)
            except PlaceError:
                raise
            except (FetchError, DatabaseError) as error:
                failures.append(error)
            else:
                _tidy(target)
                return updated
    if len(failures) == 1:
        raise failures[0]
    why = join([one.message for one in failures], "; ", "；")
    raise FetchError(_NONE.of(why=why), hint=failures[-1].hint) from failures[-1]


def _tidy(target: Path) -> None:
    """Take away what other sources have begun: nobody will go on with it."""
    ours = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{12}}\.(?:part|delta|made[01])(?:\.from)?")
    with suppress(OSError):
        for each in target.parent.iterdir():
            if ours.fullmatch(each.name):
                each.unlink()


def _check(source: str, *, offline: bool) -> None:
    scheme, found, rest = source.partition("://")
    if not source or (found and scheme not in {"http", "https", "oci"}):
        raise UsageError(_NO_SOURCE.of(source=shown_url(source)), hint=_KINDS)
    if scheme == "oci" and found and image_reference(rest) is None:
        raise UsageError(_NO_SOURCE.of(source=source), hint=_KINDS)
    if found and offline:
        raise UsageError(_OFFLINE.of(source=shown_url(source)), hint=Text("name a file", "请指定文件"))


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Two that write the same beginnings of a file would spoil them for each other."""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        handle = os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - not everywhere

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise PlaceError(_BUSY, hint=_WAIT) from error
        yield
    finally:
        os.close(handle)


class _Update:
    """One run: the place, the database that is there, and the key that a new one must be signed with."""

    def __init__(self, target: Path, key: bytes | None, progress: Progress, *, force: bool) -> None:
        self._target = target
        self._key = key
        self._progress = progress
        self._force = force
        self._fetched = 0
        self._present = self._opened(target, str(target)) if target.is_file() else None

    def _opened(self, file: Path, source: str) -> Standing | None:
        """What is there; a broken one, or one that is not signed as it must be, counts as none."""
        try:
            return self._tried(file, source)
        except DatabaseError:
            return None

    def _tried(self, file: Path, source: str) -> Standing:
        self._progress(_CHECKING)
        try:
            database = Database.open(file, self._key)
        except DatabaseError as error:
            place = str(file)
            message = Text(error.message.en.replace(place, source), error.message.zh.replace(place, source))
            raise DatabaseError(message, hint=error.hint) from error
        database.close()
        return Standing.of(database)

    def by(self, source: str) -> Updated:
        """The database of one source."""
        shown = shown_url(source)
        try:
            if source.startswith("oci://"):
                return self._by_registry(source, shown)
            if "://" in source:
                return self._by_url(source, shown)
            return self._by_file(Path(source), shown)
        finally:
            for part in (self._made(shown, 0), self._made(shown, 1)):
                part.unlink(missing_ok=True)

    def _part(self, source: str, what: str = "part") -> Path:
        """Where a source's bytes are gathered: another source's never mingle with them."""
        return self._target.with_name(f".{self._target.name}.{sha256(source.encode()).hexdigest()[:12]}.{what}")

    def _made(self, source: str, turn: int) -> Path:
        return self._part(source, f"made{turn}")

    def _told(self, source: str) -> Callable[[int, int], None]:
        said = -1

        def told(got: int, size: int) -> None:
            nonlocal said
            if got >> 20 != said:
                said = got >> 20
                text = (
                    _FETCHING.of(source=source, n=said, all=size >> 20)
                    if size
                    else _FETCHING_SOME.of(source=source, n=said)
                )
                self._progress(text)

        return told

    # a file

    def _by_file(self, file: Path, shown: str) -> Updated:
        part = self._part(shown, "made0")
        try:
            # a pipe without a writer must not hold us
            handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except (OSError, ValueError) as error:
            raise self._unreadable(shown, error) from error
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_BYTES:
            os.close(handle)
            why = Text("it is no file of at most {n} MB", "它不是不超过 {n} MB 的普通文件").of(n=MOST_BYTES >> 20)
            raise FetchError(_FILE.of(source=shown, why=why), hint=_KINDS)
        with os.fdopen(handle, "rb") as stream:
            if self._target.is_file() and os.path.samestat(about, self._target.stat()):
                raise UsageError(_ITSELF.of(source=shown), hint=_NAME_ONE)
            with _writing(part), part.open("wb") as copy:
                os.chmod(part, 0o600)  # noqa: PTH101 - beside its opening
                while chunk := self._read(stream.read, shown):
                    copy.write(chunk)
        return self._accepted(part, shown, WHOLE)[0]

    def _read(self, read: Callable[[int], bytes], shown: str) -> bytes:
        try:
            return read(_CHUNK)
        except OSError as error:
            raise self._unreadable(shown, error) from error

    @staticmethod
    def _unreadable(shown: str, error: Exception) -> FetchError:
        why = same(getattr(error, "strerror", None) or str(error))
        return FetchError(_FILE.of(source=shown, why=why), hint=_KINDS)

    # over HTTP

    def _by_url(self, url: str, shown: str) -> Updated:
        updated = self._by_deltas(url, shown) if self._present else None
        if updated is not None:
            return updated
        part, known = self._part(shown), None
        if self._present and (tag := read_tag(self._tag_file(), shown)) and tag.digest == self._present.digest:
            known = tag
        came = fetch(url, part, known, progress=self._told(shown))
        if came is None:
            return Updated(shown, UNCHANGED)
        self._fetched += part.stat().st_size
        updated, digest = self._accepted(part, shown, WHOLE)
        self._keep(came, digest)
        return updated

    def _by_deltas(self, url: str, shown: str) -> Updated | None:
        """What deltas lead to, one after the other; None where the whole file is to be fetched."""
        held, place = self._present, self._target
        said: tuple[bytes, Tag] | None = None
        for turn in range(_HOPS):
            output = self._made(shown, turn % 2)
            following = self._next(_beside(url, held.digest), place, output, shown) if held else None
            if following is None:
                break
            held, place = following, output
            said = last_bytes(url, _DIGEST_BYTES)
            if said is not None and said[0].hex() == held.digest:
                updated, digest = self._accepted(output, shown, DELTA)
                self._keep(said[1], digest)
                return updated
        if place != self._target and said is None:
            # a server that gives no parts of files does not say what it has: where the deltas lead is newer, at least
            return self._accepted(place, shown, DELTA)[0]
        return None

    def _next(self, url: str, base: Path, output: Path, shown: str) -> Standing | None:
        """Make the database that follows; None where there is no delta, or no right one."""
        part = self._part(url, "delta")
        try:
            fetch(url, part, limit=base.stat().st_size, progress=self._told(shown_url(url)))
            self._fetched += part.stat().st_size
            apply_delta(base, part, output)
            part.unlink()
            return self._tried(output, shown)
        except PlaceError:
            raise
        except (FetchError, DatabaseError):
            part.unlink(missing_ok=True)
            return None

    # from a registry

    def _by_registry(self, source: str, shown: str) -> Updated:
        reference = image_reference(source.removeprefix("oci://"))
        assert reference is not None  # noqa: S101 - it was looked at
        artifact = Artifact(reference)
        whole = artifact.database
        kind = whole.digest.partition(":")[0]
        if self._present and digest_of(self._target, kind) == whole.digest:
            return Updated(shown, UNCHANGED)
        delta = artifact.delta(delta_name("", self._present.digest)) if self._present else None
        if delta is not None:
            part, output = self._part(shown, "delta"), self._made(shown, 0)
            try:
                artifact.fetch(delta, part, progress=self._told(shown))
                self._fetched += delta.size
                apply_delta(self._target, part, output)
                if digest_of(output, kind) == whole.digest:
                    return self._accepted(output, shown, DELTA)[0]
            except PlaceError:
                raise
            except (FetchError, DatabaseError) as error:
                if isinstance(error, BehindError):
                    raise
            finally:
                part.unlink(missing_ok=True)
        part = self._part(shown)
        artifact.fetch(whole, part, progress=self._told(shown))
        self._fetched += whole.size
        return self._accepted(part, shown, WHOLE)[0]

    # what is right takes its place

    def _accepted(self, file: Path, shown: str, way: str) -> tuple[Updated, str]:
        """Put the file in its place, if it is right and not behind what is there; else it is gone."""
        try:
            came = self._tried(file, shown)
            if self._present and not self._force:
                check_successor(came, self._present, shown)
        except DatabaseError:
            file.unlink(missing_ok=True)
            raise
        if self._present and came.digest == self._present.digest:
            file.unlink()
            return Updated(shown, UNCHANGED, self._fetched), came.digest
        with _writing(self._target):
            with file.open("rb+") as stream:
                os.fsync(stream.fileno())
            file.replace(self._target)
        return Updated(shown, way, self._fetched), came.digest

    def _tag_file(self) -> Path:
        return self._target.with_name(f".{self._target.name}.source")

    def _keep(self, tag: Tag, digest: str) -> None:
        """Remember what the server said: without it the next run fetches the whole file, which is no harm."""
        with suppress(PlaceError):
            write_tag(self._tag_file(), replace(tag, digest=digest))


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(file, error) from error


def _beside(url: str, digest: str) -> str:
    """The address of the delta for a database: the whole one's, with the digest behind the path."""
    head, mark, query = url.partition("?")
    return f"{delta_name(head, digest)}{mark}{query}"
