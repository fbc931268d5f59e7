"""An rpm header: what the database keeps of each package (https://rpm-software-management.github.io/rpm/manual/format_header.html).

It begins with two numbers: how many entries its index has, and how many bytes of data stand behind it. An entry is a tag, a
type, an offset into the data, a count. All numbers are big-endian. An index may have thousands of entries and a header
megabytes of names of files, so only what is asked for is looked at.
"""

import struct
from collections.abc import Callable

from msgspec import Struct

from fourc.collect.packages.form import PackagesError
from fourc.model.package import Package, SourcePackage
from fourc.model.text import Text

NAME = 1000
VERSION = 1001
RELEASE = 1002
EPOCH = 1003
VENDOR = 1011
LICENCE = 1014
ARCHITECTURE = 1022
SOURCE = 1044
MODULARITY = 5096

_INT32 = 4
_STRING = 6
_TRANSLATED = 9
_ENTRY = 16
_MOST_ENTRIES = 0xFFFF  # rpm's own limit
_LONGEST = 255  # no name or version is longer
_LONGEST_LICENCE = 4000
_KEY = "gpg-pubkey"  # keys stand among the packages
_SOURCE_END = ".src.rpm"
_NO_SOURCE_END = ".nosrc.rpm"
_BAD = Text("the header of a package is broken", "某个软件包的头部已损坏")
_HINT = Text("check the database on the machine: rpmdb --verifydb", "请在机器上检查数据库：rpmdb --verifydb")


class Header(Struct, frozen=True):
    """What one header says. `module` is `name:stream`, `vendor` who built the package."""

    package: Package
    vendor: str = ""
    module: str = ""


def read_header(blob: bytes, ecosystem: str) -> Header | None:
    """The package of a header, None for a key.

    Raises:
        PackagesError: the header is broken.
    """
    if len(blob) < 8:
        raise PackagesError(_BAD, hint=_HINT)
    count, size = struct.unpack_from(">II", blob)
    data = 8 + count * _ENTRY
    if not 0 < count <= _MOST_ENTRIES or data + size > len(blob):
        raise PackagesError(_BAD, hint=_HINT)
    index = struct.unpack_from(f">{count * 4}I", blob, 8)
    value = _values(blob, index, data, data + size)
    name = value(NAME)
    version, release = value(VERSION), value(RELEASE)
    if name == _KEY:
        return None
    if not name or not version:
        raise PackagesError(_BAD, hint=_HINT)
    epoch = _epoch(blob, index, data, data + size)
    licence = value(LICENCE, _LONGEST_LICENCE)
    full = (f"{epoch}:" if epoch else "") + version + (f"-{release}" if release else "")
    package = Package(
        ecosystem,
        name,
        full,
        source=_source(value(SOURCE), epoch),
        architecture=value(ARCHITECTURE),
        licences=(licence,) if licence else (),
    )
    return Header(package, value(VENDOR), ":".join(value(MODULARITY).split(":")[:2]))


def _values(blob: bytes, index: tuple[int, ...], start: int, end: int) -> Callable[..., str]:
    """Gives the (first) string of a tag, empty where there is none."""
    tags = index[::4]

    def value(tag: int, longest: int = _LONGEST) -> str:
        try:
            at = tags.index(tag) * 4
        except ValueError:
            return ""
        begin = start + index[at + 2]
        if index[at + 1] not in _STRINGS or begin >= end:
            return ""
        stop = blob.find(b"\0", begin, min(end, begin + longest + 1))
        return blob[begin:stop].decode("utf-8", "replace") if stop >= 0 else ""

    return value


_STRINGS = frozenset({_STRING, 8, _TRANSLATED})


def _epoch(blob: bytes, index: tuple[int, ...], start: int, end: int) -> int:
    tags = index[::4]
    if EPOCH not in tags:
        return 0
    at = tags.index(EPOCH) * 4
    begin = start + index[at + 2]
    if index[at + 1] != _INT32 or begin + 4 > end:
        return 0
    (epoch,) = struct.unpack_from(">I", blob, begin)
    return int(epoch)


def _source(said: str, epoch: int) -> SourcePackage | None:
    """From `bash-5.1.8-6.el9.src.rpm`; a source has the epoch of what is built from it."""
    for ending in (_SOURCE_END, _NO_SOURCE_END):
        if said.endswith(ending):
            parts = said[: -len(ending)].rsplit("-", 2)
            if len(parts) == 3 and all(parts):
                return SourcePackage(parts[0], (f"{epoch}:" if epoch else "") + f"{parts[1]}-{parts[2]}")
    return None
