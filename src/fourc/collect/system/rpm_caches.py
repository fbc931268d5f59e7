"""What dnf, yum, zypper and tdnf have fetched: a folder for each repository, with `repomd.xml` and what that names."""

import time
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from fourc.collect.gaps import file_gap
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.installed import checked
from fourc.collect.system.offers import Newer, Offers, Source
from fourc.collect.system.rooted import Rooted
from fourc.collect.system.unpacking import Room
from fourc.collect.system.updateinfo import offered_by
from fourc.collect.system.xml_events import parse
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text
from fourc.model.update import Offered

_ROOTS = ("var/cache/dnf", "var/cache/libdnf5", "var/cache/yum", "var/cache/zypp/raw", "var/cache/tdnf")
_DEEP = 5
_FOLDERS = 2000
_INDEX = "repomd.xml"
_INDEX_BYTES = 1024 * 1024
_FETCH = Text("fetch it: dnf makecache (zypper refresh on SUSE)", "请获取：dnf makecache（SUSE 上用 zypper refresh）")
_ABSENT = Text("{name}, which {index} names, is not there", "{index} 所列的 {name} 不存在")


def cached_updates(tree: Rooted, names: AbstractSet[bytes], is_newer: Newer) -> Offers:
    """What the security advisories of all repositories bring that is newer than what is installed under one of the names."""
    offered: list[Offered] = []
    sources: list[Source] = []
    gaps: list[Gap] = []
    room = Room()
    for folder in _repositories(tree):
        path = folder
        try:
            found = _updateinfo(tree, folder)
            if found is None:
                continue
            path, date = found
            data = tree.read(path)
            if data is None:
                message = _ABSENT.of(name=path.rpartition("/")[2], index=_INDEX)
                gaps.append(file_gap(GapReason.NO_DATA, path, message, _FETCH))
                continue
            offered += offered_by(room.unpacked(data), names, is_newer)
            checked(len(offered))
            sources.append(Source(path, date))
        except PackagesError as error:
            gaps.append(file_gap(GapReason.MALFORMED, path, error.message, error.hint or _FETCH))
    return Offers(tuple(offered), tuple(sources), tuple(gaps))


def _repositories(tree: Rooted) -> Iterator[str]:
    """The folders that hold an index or advisories, in order."""
    waiting = [(root, 0) for root in reversed(_ROOTS)]
    seen = 0
    while waiting and seen < _FOLDERS:
        folder, depth = waiting.pop()
        seen += 1
        below = tree.folders(folder)
        if below or depth:
            names = tree.names(folder)
            if _INDEX in names or any("updateinfo.xml" in name for name in names):
                yield folder
        if depth < _DEEP:
            waiting += [(f"{folder}/{name}", depth + 1) for name in reversed(below) if name != "packages"]


class _Index:
    """Where `repomd.xml` says that the advisories are, and when they were made."""

    def __init__(self) -> None:
        self.name = ""
        self.revision = ""
        self._kind = ""

    def begins(self, name: str, told: Mapping[str, str]) -> None:
        if name == "data":
            self._kind = told.get("type", "")
        elif name == "location" and self._kind == "updateinfo":
            self.name = told.get("href", "").rpartition("/")[2]

    def ends(self, name: str, text: str) -> None:
        if name == "revision":
            self.revision = text


def _updateinfo(tree: Rooted, folder: str) -> tuple[str, str] | None:
    """The path of the advisories and their day; None where the repository has none, as those of CentOS."""
    names = tree.names(folder)
    index = _Index()
    if _INDEX in names:
        data = tree.read(f"{folder}/{_INDEX}") or b""
        parse(data[:_INDEX_BYTES], index.begins, index.ends)
        if not index.name:
            return None
    name = index.name or next(name for name in names if "updateinfo.xml" in name)
    return f"{folder}/{name}", _day(index.revision)


def _day(revision: str) -> str:
    """The day of seconds since 1970, which most tools make the revision of; others have words there."""
    if not (revision.isascii() and revision.isdecimal() and len(revision) == 10):
        return ""
    return time.strftime("%Y-%m-%d", time.gmtime(int(revision)))
