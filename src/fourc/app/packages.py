"""The packages below some paths: every lock file, manifest, binary and SBOM read by its own form."""

import logging
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.content.folder import Listing as Files
from fourc.collect.content.folder import list_all, printable
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB, Budget, Limits, SourceFile
from fourc.collect.packages.form import Form, Given, PackagesError
from fourc.collect.packages.forms import forms_of
from fourc.collect.packages.unread import asks, is_locked, locks_of, unread_of
from fourc.collect.reading import read_file
from fourc.collect.sbom.parts import SbomError, SbomTooLargeError
from fourc.collect.sbom.read import is_sbom, read_sbom
from fourc.errors import UsageError
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing
from fourc.model.text import Text, join, same

log = logging.getLogger(__name__)

LIMITS = Limits(file_bytes=128 * MIB, total_bytes=2048 * MIB)
"""A lock file or SBOM with more bytes is not read."""
HEAD_BYTES = 4096
_BESIDE_BYTES = 16 * MIB
_INSTALLED = ("node_modules", "site-packages", "bower_components")
"""Folders into which others' packages were unpacked: their own manifests are not the project's."""
_DEFECT = Text("reading its packages failed: {kind}", "读取其中的软件包时失败：{kind}")
_REPORT = Text("please report it with the file that causes it", "请附上引发问题的文件反馈给我们")
_UNKNOWN = Text("no lock file, manifest or SBOM that fourc knows", "不是 fourc 认识的锁文件、清单或 SBOM")
_NAME_IT = Text(
    "name the folder, or a file such as package-lock.json, go.mod or bom.json",
    "请指定目录，或 package-lock.json、go.mod、bom.json 之类的文件",
)


_OPEN = Text(
    "nothing here tells which version of these packages ({n}) is in use: {names}",
    "这里无法确定以下软件包（{n} 个）的版本：{names}",
)
_SHOWN_OPEN = 5
_LOCK_IT = Text("commit a lock file, or scan the SBOM that your build makes", "请提交锁文件，或扫描构建时生成的 SBOM")
_UNREAD = Text(
    "its packages are not known: they stand in {locks}, which is not here",
    "不知道其中的软件包：它们记录在 {locks} 中，而这里没有该文件",
)
_COMMIT_IT = Text("commit {lock}, or scan the SBOM that your build makes", "请提交 {lock}，或扫描构建时生成的 SBOM")


class Packages(Struct, frozen=True):
    """What the files below some paths hold; `files` is how many told of packages."""

    listings: tuple[Listing, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def files(self) -> int:
        """How many files told of packages."""
        return len({listing.path for listing in self.listings})


def packages_below(root: Path, paths: Sequence[Path], *, read_ignored: bool = False) -> Packages:
    """The packages that the files below the paths tell of, in the order of the files.

    Raises:
        UsageError: a path does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            hint = Text("name a folder or a file", "请指定目录或文件")
            raise UsageError(Text("{path} does not exist", "{path} 不存在").of(path=str(path)), hint=hint)
    files = list_all(root, paths, read_ignored=read_ignored)
    reading = _Reading(files)
    read = [found for file in files.files if (found := reading.read(file)) is not None]
    listings = tuple(_standing(read))
    return Packages(listings, (*files.gaps, *reading.gaps, *open_versions(listings), *_unlocked(files)))


class Read(Struct, frozen=True):
    """What one file told, and the ids of the forms whose files beside it then tell nothing of their own."""

    listing: Listing
    instead_of: tuple[str, ...] = ()


class _Reading:
    """Reads the files of a folder that tell of packages."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._budget = Budget(LIMITS)
        self.gaps: list[Gap] = []

    def read(self, file: str) -> Read | None:
        """What the file tells; None where it tells nothing of packages."""
        named = file in self._files.named
        if not named and _is_unpacked(file):
            return None
        form = next(iter(forms_of(file)), None)
        kind = None if form is not None else is_sbom(file, self._head(file) if named else b"")
        if form is None and kind is None:
            if named:
                self.gaps.append(file_gap(GapReason.UNSUPPORTED, printable(file), _UNKNOWN, _NAME_IT))
            return None
        source = SourceFile(Path(self._files.root, file), printable(file), named=named)
        data = read_file(source, self._budget)
        if isinstance(data, Gap):
            self.gaps.append(data)
            return None
        return self._understood(file, form, data)

    def _head(self, file: str) -> bytes:
        source = SourceFile(Path(self._files.root, file), file, named=True)
        try:
            with source.path.open("rb") as opened:
                return opened.read(HEAD_BYTES)
        except OSError:
            return b""  # reading it whole will tell why

    def _understood(self, file: str, form: Form | None, data: bytes) -> Read | None:
        shown = printable(file)
        try:
            if form is None:
                sbom = read_sbom(shown, data)
                gap = sbom.gap(named=file in self._files.named)
                self.gaps += [gap] if gap is not None else []
                return Read(sbom.listing)
            return Read(form.read(Given(shown, data, self._beside(file))), form.instead_of)
        except (PackagesError, SbomError) as error:
            hint = error.hint or Text("correct the file", "请修正该文件")
            self.gaps.append(file_gap(_reason(error), shown, error.message, hint))
        except Exception as error:
            log.debug("reading the packages of %s failed", shown, exc_info=True)
            self.gaps.append(file_gap(GapReason.UNSUPPORTED, shown, _DEFECT.of(kind=type(error).__name__), _REPORT))
        return None

    def _beside(self, file: str) -> Callable[[str], bytes | None]:
        """The way to files near one; nothing outside of the folder that is scanned is read."""
        folder = _folder(file)

        def near(path: str) -> bytes | None:
            wanted = os.path.normpath(f"{folder}/{path}" if folder else path)
            if path.startswith("/") or wanted.startswith(".."):
                return None
            whole = os.path.realpath(Path(self._files.root, wanted))
            if not whole.startswith(self._files.root.rstrip(os.sep) + os.sep) or not Path(whole).is_file():
                return None
            budget = Budget(Limits(file_bytes=_BESIDE_BYTES))
            data = read_file(SourceFile(Path(whole), wanted, named=False), budget)
            return data if isinstance(data, bytes) else None

        return near


def _reason(error: PackagesError | SbomError) -> GapReason:
    if isinstance(error, PackagesError):
        return error.reason
    return GapReason.TOO_LARGE if isinstance(error, SbomTooLargeError) else GapReason.MALFORMED


def open_versions(listings: Iterable[Listing]) -> Iterator[Gap]:
    """One gap for each file that names packages whose versions neither it nor a file beside it tells."""
    listings = tuple(listings)
    told: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for listing in listings:
        told[_folder(listing.path)].update((package.ecosystem, package.name) for package in listing.packages)
    for listing in listings:
        here = told[_folder(listing.path)]
        names = [name for name in listing.unresolved if (listing.ecosystem, name) not in here]
        if names:
            shown = ", ".join(names[:_SHOWN_OPEN]) + (" ..." if len(names) > _SHOWN_OPEN else "")
            message = _OPEN.of(n=len(names), names=shown)
            yield file_gap(GapReason.NO_DATA, listing.path, message, _LOCK_IT, named=False)


def _unlocked(files: Files) -> Iterator[Gap]:
    """One gap for each manifest that only a lock file explains, which is neither beside it nor above."""
    here = frozenset(files.files)
    budget = Budget(Limits(file_bytes=_BESIDE_BYTES))
    for file in files.files:
        unread = unread_of(file)
        if unread is None or file in files.named or _is_unpacked(file):
            continue
        locks = locks_of(file, unread)
        if is_locked(file, locks, here):
            continue
        data = read_file(SourceFile(Path(files.root, file), printable(file), named=False), budget)
        if isinstance(data, Gap):
            yield data
        elif asks(unread, data):
            several = join([join([same(lock) for lock in locks[:-1]], ", ", "、"), same(locks[-1])], " or ", " 或 ")
            message = _UNREAD.of(locks=several if len(locks) > 1 else same(locks[0]))
            yield file_gap(GapReason.NO_DATA, printable(file), message, _COMMIT_IT.of(lock=locks[0]), named=False)


def _is_unpacked(file: str) -> bool:
    return any(folder in _INSTALLED for folder in file.split("/")[:-1])


def _standing(read: Sequence[Read]) -> Iterator[Listing]:
    """The listings without what a lock file tells better: manifests beside it, and what it holds of those below it."""
    instead: dict[tuple[str, str], Read] = {}
    for each in read:
        for form in each.instead_of:
            instead.setdefault((_folder(each.listing.path), form), each)
    locked = cache(lambda lock: frozenset(package.identity for package in lock.listing.packages))
    for each in read:
        listing = each.listing
        folder = _folder(listing.path)
        lock = instead.get((folder, listing.form))
        if lock is not None and lock is not each:
            continue
        above = (instead[up, listing.form] for up in _above(folder) if (up, listing.form) in instead)
        governing = next(above, None)
        yield listing if governing is None else _without(listing, locked(governing))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = _folder(folder)
        yield folder


def _without(listing: Listing, locked: Collection[tuple[str, str, str]]) -> Listing:
    """A manifest in a workspace whose lock file lies further up: what is locked there is told there.

    A version that is not locked there belongs to a project of its own, which only lies below.
    """
    kept = [i for i, package in enumerate(listing.packages) if package.identity not in locked]
    names = {name for _, name, _ in locked}
    unresolved = tuple(name for name in listing.unresolved if name not in names)
    if len(kept) == len(listing.packages):
        return replace(listing, unresolved=unresolved)
    at = {old: new for new, old in enumerate(kept)}
    direct = None if listing.direct is None else frozenset(at[i] for i in listing.direct if i in at)
    return replace(
        listing, packages=tuple(listing.packages[i] for i in kept), needs=(), direct=direct, unresolved=unresolved
    )
