"""Which package databases there are, and what those of a file system hold."""

from collections.abc import Callable

from msgspec import Struct

from fourc.collect.gaps import file_gap
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.dpkg import read_status, read_status_folder
from fourc.collect.system.installed import Installed
from fourc.collect.system.os_release import FALLBACKS, OS_RELEASE, distribution_of
from fourc.collect.system.tree import Tree
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Distribution
from fourc.model.text import Text

Reader = Callable[[str, Tree, bytes, Distribution | None], Installed]

_MEND = Text("check the package database on the machine", "请检查机器上的软件包数据库")


def _dpkg(path: str, _: Tree, data: bytes, distribution: Distribution | None) -> Installed:
    return read_status(path, data, distribution)


def _apk(path: str, _: Tree, data: bytes, distribution: Distribution | None) -> Installed:
    from fourc.collect.system.apk import read_installed  # noqa: PLC0415 - a system has one kind of package

    return read_installed(path, data, distribution)


def _rpm(path: str, tree: Tree, data: bytes, distribution: Distribution | None) -> Installed:
    from fourc.collect.system.rpm import read_rpm  # noqa: PLC0415 - the same

    return read_rpm(path, data, distribution, tree.read(f"{path}-wal") or b"")


_RPM_FOLDERS = ("usr/lib/sysimage/rpm", "var/lib/rpm")
_RPM_NAMES = ("rpmdb.sqlite", "Packages.db", "Packages")
# of each row the first that is there is read: the others are older, or the same by a link
_DATABASES: tuple[tuple[tuple[str, ...], Reader], ...] = (
    (("var/lib/dpkg/status",), _dpkg),
    (("lib/apk/db/installed", "usr/lib/apk/db/installed"), _apk),
    (tuple(f"{folder}/{name}" for folder in _RPM_FOLDERS for name in _RPM_NAMES), _rpm),
    (("usr/lib/opkg/status", "var/lib/opkg/status"), _dpkg),
)
STATUS_FOLDER = "var/lib/dpkg/status.d"
_WANTED = frozenset(
    {
        *OS_RELEASE,
        *FALLBACKS,
        *(path for paths, _ in _DATABASES for path in paths),
        *(f"{folder}/rpmdb.sqlite-wal" for folder in _RPM_FOLDERS),
    }
)
_STATUS = f"{STATUS_FOLDER}/"


class System(Struct, frozen=True):
    """What a file system's own files say of it."""

    distribution: Distribution | None
    databases: tuple[Installed, ...]
    gaps: tuple[Gap, ...] = ()


def is_wanted(path: str) -> bool:
    """Whether `read_system` would look at the path: what has to be kept of an image whose files pass by."""
    return path in _WANTED or path.startswith(_STATUS)


def read_system(tree: Tree) -> System:
    """Which distribution it is, what its databases hold, and a gap for each that is broken."""
    distribution = distribution_of(tree.read)
    databases: list[Installed] = []
    gaps: list[Gap] = []
    for paths, read in _DATABASES:
        for path in paths:
            data = tree.read(path)
            if not data:
                continue
            try:
                databases.append(read(path, tree, data, distribution))
            except PackagesError as error:
                gaps.append(_gap(path, error))
            break
    if names := tree.names(STATUS_FOLDER):
        try:
            databases.append(read_status_folder(STATUS_FOLDER, names, tree.read, distribution))
        except PackagesError as error:
            gaps.append(_gap(STATUS_FOLDER, error))
    return System(distribution, tuple(databases), tuple(gaps))


def read_alone(path: str, tree: Tree, data: bytes) -> Installed:
    """What a database says that was copied from its machine: which one it is, its bytes tell.

    Raises:
        PackagesError: it is none that is known here, or it is broken.
    """
    if data.startswith((b"C:Q", b"P:")):
        return _apk(path, tree, data, None)
    if data.startswith((b"Package: ", b"Version: ", b"Architecture: ", b"Status: ")):
        return _dpkg(path, tree, data, None)
    return _rpm(path, tree, data, None)


def _gap(path: str, error: PackagesError) -> Gap:
    return file_gap(GapReason.MALFORMED, path, error.message, error.hint or _MEND)
