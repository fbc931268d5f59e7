"""What apt has fetched (https://wiki.debian.org/DebianRepository/Format): the security suites of `var/lib/apt/lists`.

A suite is one for security by its Release file: Debian's label, or a name that ends in `-security`, as Ubuntu and what is made
of both have it. Without a Release file the name of the list decides.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from fourc.collect.gaps import file_gap
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.dpkg import field_of
from fourc.collect.system.installed import MOST, checked
from fourc.collect.system.offers import Offers, Source
from fourc.collect.system.tree import Tree
from fourc.collect.system.unpacking import Room
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text
from fourc.model.update import Offered

FOLDER = "var/lib/apt/lists"
_RELEASES = ("InRelease", "Release")
_LIST = re.compile(r"_Packages(?:\.(?:lz4|gz|xz|bz2|zst))?$")
_PACKAGE = re.compile(rb"\nPackage: ([^\n]+)")
_FIELD = re.compile(r"^(Label|Suite|Codename|Date):(.*)$", re.MULTILINE)
_DATE = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HEAD = 8192
_STANZA = 65_536  # what is asked for stands at the beginning of one
_AGAIN = Text("fetch it again: apt-get update", "请重新获取：apt-get update")


def security_lists(tree: Tree, names: AbstractSet[bytes]) -> Offers:
    """What the security suites offer of the packages with one of the names."""
    files = tree.names(FOLDER)
    releases = {
        name.removesuffix(ending): name
        for ending in reversed(_RELEASES)
        for name in files
        if name.endswith(f"_{ending}")
    }
    offered: list[Offered] = []
    sources: list[Source] = []
    gaps: list[Gap] = []
    said: dict[str, dict[str, str]] = {}
    room = Room()
    for name in files:
        if not _LIST.search(name):
            continue
        prefix = _prefix(name, releases)
        if prefix not in said:
            said[prefix] = _release(tree.read(f"{FOLDER}/{releases[prefix]}") or b"") if prefix else {}
        if not _is_security(said[prefix], name):
            continue
        path = f"{FOLDER}/{name}"
        data = tree.read(path)
        if data is None:
            continue
        try:
            offered += _offered(room.unpacked(data), names)
            checked(len(offered))
        except PackagesError as error:
            gaps.append(file_gap(GapReason.MALFORMED, path, error.message, error.hint or _AGAIN))
        else:
            sources.append(Source(path, _date(said[prefix].get("Date", ""))))
    return Offers(tuple(offered), tuple(sources), tuple(gaps))


def _prefix(name: str, releases: Mapping[str, str]) -> str:
    """The longest beginning of the name that has a Release file, up to a `_`."""
    at = len(name)
    while (at := name.rfind("_", 0, at)) >= 0:
        if name[: at + 1] in releases:
            return name[: at + 1]
    return ""


def _release(data: bytes) -> dict[str, str]:
    return {key: value.strip() for key, value in _FIELD.findall(data[:_HEAD].decode("utf-8", "replace"))}


def _is_security(release: dict[str, str], name: str) -> bool:
    if not release:
        return "security" in name.partition("_binary-")[0]
    return release.get("Label") == "Debian-Security" or any(
        release.get(key, "").endswith(("-security", "/updates")) for key in ("Suite", "Codename")
    )


def _date(said: str) -> str:
    """From `Sat, 21 Nov 2026 00:53:02 UTC`."""
    found = _DATE.search(said)
    if not found or found[2] not in _MONTHS:
        return ""
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02}-{int(found[1]):02}"


def _offered(data: bytes, names: AbstractSet[bytes]) -> Iterator[Offered]:
    """The packages with one of the names; of all others only the name is looked at."""
    first = data[len(b"Package: ") : max(data.find(b"\n"), 0)] if data.startswith(b"Package: ") else b""
    if first in names:
        yield _one(data, 0)
    found = (match.start() + 1 for match in _PACKAGE.finditer(data) if match[1] in names)
    yield from (_one(data, start) for start in islice(found, MOST + 1))


def _one(data: bytes, start: int) -> Offered:
    end = data.find(b"\n\n", start, start + _STANZA)
    stanza = data[start : end if end >= 0 else start + _STANZA]
    return Offered(field_of(stanza, b"Package"), field_of(stanza, b"Version"), field_of(stanza, b"Architecture"))
