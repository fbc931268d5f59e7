"""What apk has fetched: an `APKINDEX.*.tar.gz` for each repository (https://wiki.alpinelinux.org/wiki/Apk_spec).

It tells what there is, not why: whether an update is for security stands in no file of a node.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import islice

from fourc.collect.gaps import file_gap
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.apk import field_of
from fourc.collect.system.installed import MOST, checked
from fourc.collect.system.offers import Offers, Source
from fourc.collect.system.tree import Tree
from fourc.collect.system.unpacking import Room
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text
from fourc.model.update import Offered

_FOLDERS = ("var/cache/apk", "etc/apk/cache", "var/lib/apk")
_REPOSITORIES = "etc/apk/repositories"
_INDEX = re.compile(r"^APKINDEX\.([0-9a-f]{8})\.tar\.gz$")
_PACKAGE = re.compile(rb"\nP:([^\n]+)")
_BLOCK = 512
_STANZA = 65_536
_AGAIN = Text("fetch it again: apk update", "请重新获取：apk update")
_BROKEN = Text("it is no index of packages", "不是软件包索引")


def index_updates(tree: Tree, names: AbstractSet[bytes]) -> Offers:
    """What the indexes have of the packages with one of the names; repositories that one must ask for by a tag do not count."""
    offered: list[Offered] = []
    sources: list[Source] = []
    gaps: list[Gap] = []
    tagged = _tagged(tree.read(_REPOSITORIES) or b"")
    seen: set[str] = set()
    room = Room()
    for folder in _FOLDERS:
        for name in tree.names(folder):
            match = _INDEX.match(name)
            if not match or match[1] in tagged or name in seen:
                continue
            seen.add(name)
            path = f"{folder}/{name}"
            data = tree.read(path)
            if data is None:
                continue
            try:
                offered += _offered(_member(room.unpacked(data)), names)
                checked(len(offered))
                sources.append(Source(path))
            except PackagesError as error:
                gaps.append(file_gap(GapReason.MALFORMED, path, error.message, error.hint or _AGAIN))
    return Offers(tuple(offered), tuple(sources), tuple(gaps))


def _tagged(repositories: bytes) -> frozenset[str]:
    """How the indexes of repositories with a tag are called: by the SHA-1 of their address."""
    lines = (line.split() for line in repositories.splitlines()[:1000] if line.startswith(b"@"))
    addresses = [parts[1] for parts in lines if len(parts) > 1]
    if not addresses:
        return frozenset()
    import hashlib  # noqa: PLC0415 - few have any

    return frozenset(hashlib.sha1(address, usedforsecurity=False).hexdigest()[:8] for address in addresses)


def _member(data: bytes) -> bytes:
    """`APKINDEX` of the tar file; a signature and a description stand before it."""
    at = 0
    while at + _BLOCK <= len(data):
        header = data[at : at + _BLOCK]
        if not header.strip(b"\0"):
            at += _BLOCK
            continue
        try:
            size = int(header[124:136].strip(b" \0") or b"0", 8)
        except ValueError:
            break
        if size < 0:
            break
        at += _BLOCK
        if header[:100].rstrip(b"\0") == b"APKINDEX":
            if at + size > len(data):
                break
            return data[at : at + size]
        at += -(-size // _BLOCK) * _BLOCK
    raise PackagesError(_BROKEN, hint=_AGAIN)


def _offered(data: bytes, names: AbstractSet[bytes]) -> Iterator[Offered]:
    padded = b"\n" + data
    found = (match for match in _PACKAGE.finditer(padded) if match[1] in names)
    for match in islice(found, MOST + 1):
        # the version and the architecture come after the name
        end = padded.find(b"\n\n", match.end(), match.end() + _STANZA)
        stanza = padded[match.start() : end if end >= 0 else match.end() + _STANZA]
        name = match[1].decode("utf-8", "replace")
        yield Offered(name, field_of(stanza, b"V:"), field_of(stanza, b"A:"), security=False)
