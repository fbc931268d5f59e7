"""The entries of a tar, read as it comes by: contents that nobody wants are stepped over, never copied.

What an entry is follows Go's archive/tar, with which Docker, containerd and Podman unpack layers: links, folders and
devices have no content whatever their size says, and global extended headers change nothing.
Source: https://www.gnu.org/software/tar/manual/html_node/Standard.html, POSIX pax (ustar, extended header).
"""

import io
import zlib
from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from fourc.collect.image import sparse
from fourc.collect.image.limits import Limits

BLOCK = 512
HEAD_BYTES = 64
_AHEAD = BLOCK + HEAD_BYTES
_ZEROS = bytes(BLOCK)
_ADLER = 65521
_RIGHTS = 4096
_MOST_HOLES = 1_000_000


class Kind(Enum):
    """What an entry is."""

    FILE = "file"
    HARD_LINK = "hard link"
    SYMLINK = "symlink"
    FOLDER = "folder"
    DEVICE = "device"


class Entry(Struct, gc=False):
    """One entry: its cleaned path, what it is, its bytes, and where a link leads (a hard link's target is cleaned too)."""

    path: bytes
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    target: bytes


class TarError(Exception):
    """The tar is broken."""


class TooLargeError(Exception):
    """A header is longer than is read."""


Take = Callable[[bytes], None]
Begin = Callable[[Entry, bytes], Take | None]
"""Asked at each entry, with the first bytes of a file; the answer gets all its bytes at once, or is None."""

_KINDS = {
    ord("0"): Kind.FILE, 0: Kind.FILE, ord("7"): Kind.FILE, ord("S"): Kind.FILE, ord("1"): Kind.HARD_LINK,
    ord("2"): Kind.SYMLINK, ord("3"): Kind.DEVICE, ord("4"): Kind.DEVICE, ord("5"): Kind.FOLDER, ord("6"): Kind.DEVICE,
}  # fmt: skip
_LONG_NAME, _LONG_LINK, _EXTENDED, _GLOBAL, _SPARSE = b"LKxgS"


class TarReader:
    """Takes the bytes of a tar in pieces of any size and tells of its entries."""

    def __init__(self, begin: Begin, limits: Limits) -> None:
        self._begin = begin
        self._limits = limits
        self._rest = b""  # the beginning of a header whose end has not come
        self._skip = 0  # bytes of content and padding that are still to come
        self._wanted = 0  # how many of them somebody wants
        self._pieces: io.BytesIO | None = None
        self._take: Take | None = None
        self._next: dict[str, bytes] = {}  # what extended headers say of the next entry
        self._rights: dict[
            bytes, tuple[int, int, int]
        ] = {}  # mode, owner and group by how they are written: few differ
        self._done = False

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            TarError: this is no tar.
            TooLargeError: it holds a header longer than is read.
        """
        if self._done:
            return
        at = 0
        end = len(data)
        at = self._contents(data, 0, end)
        if self._rest:
            data = self._rest + data[at:]
            self._rest = b""
            at, end = 0, len(data)
        while end - at >= _AHEAD:
            at = self._contents(data, self._header(data, at), end)
            if self._done:
                return
        if not self._skip:
            self._rest = data[at:]

    def end(self) -> None:
        """There are no more bytes.

        Raises:
            TarError: an entry is cut off.
        """
        data = self._rest
        while len(data) >= BLOCK and not self._done:
            at = self._header(data, 0)
            data = data[self._contents(data, at, len(data)) :]
        if not self._is_over(data):
            raise TarError("it ends too early")

    def _is_over(self, rest: bytes) -> bool:
        """Whether nothing is cut off where only `rest` was left."""
        if self._done:
            return True
        return not (self._wanted or self._skip >= BLOCK or self._next or rest.strip(b"\0"))

    def step(self, data: bytes) -> tuple[int, int] | None:
        """One header, for who can seek: how far its content reaches, and how much of it this reader wants of `give`.

        None is the end.
        """
        if len(data) < BLOCK:
            return None
        self._header(data, 0)
        step, self._skip = self._skip, 0
        return None if self._done else (step, self._wanted)

    def give(self, data: bytes) -> None:
        """What `step` wanted."""
        take, self._take, self._wanted = self._take, None, 0
        if take is not None:
            take(data)

    def _contents(self, data: bytes, at: int, end: int) -> int:
        while self._skip and at < end:
            at = self._content(data, at, end)
        return at

    def _content(self, data: bytes, at: int, end: int) -> int:
        """Step over content, or keep what is wanted of it; where it ends."""
        step = min(self._skip, end - at)
        self._skip -= step
        take = self._take
        if take is not None:
            wanted = min(self._wanted, step)
            self._wanted -= wanted
            piece = data[at : at + wanted]
            if self._wanted or self._pieces is not None:
                self._pieces = self._pieces or io.BytesIO()
                self._pieces.write(piece)
            if not self._wanted:
                if self._pieces is not None:
                    piece, self._pieces = self._pieces.getvalue(), None  # which copies nothing
                self._take = None
                take(piece)
        return at + step

    def _header(self, data: bytes, at: int) -> int:
        """Read the header there; where it ends."""
        block = data[at : at + BLOCK]
        if block == _ZEROS:
            self._done = True
            return at + BLOCK
        _check(block)
        flag = block[156]
        size = _usual(block[124:135], block[124:136])
        if flag in b"LKxg":
            self._extended(flag, size)
            return at + BLOCK
        kind = _KINDS.get(flag)
        said, self._next = self._next, {}
        name = block[:100].partition(b"\0")[0]
        target = b""
        if block[257:263] == b"ustar\0" and block[345]:
            name = block[345:500].partition(b"\0")[0] + b"/" + name
        if kind is Kind.HARD_LINK or kind is Kind.SYMLINK:
            target = block[157:257].partition(b"\0")[0]
        rights = block[100:124]
        known = self._rights.get(rights)
        if known is None:
            known = (_number(rights[:8]), _number(rights[8:16]), _number(rights[16:]))
            if len(self._rights) < _RIGHTS:
                self._rights[rights] = known
        mode, uid, gid = known
        if said:
            name = said.get("path", name)
            target = said.get("linkpath", target) if target or "linkpath" in said else target
            uid = _decimal(said["uid"]) if "uid" in said else uid
            gid = _decimal(said["gid"]) if "gid" in said else gid
            size = _decimal(said["size"]) if "size" in said else size
        if kind is Kind.FILE and name[-1:] == b"/":
            kind = Kind.FOLDER
        if kind is not Kind.FILE and kind is not None:
            entry = Entry(cleaned(name), kind, mode, uid, gid, 0, cleaned(target) if kind is Kind.HARD_LINK else target)
            self._begin(entry, b"")
            return at + BLOCK
        return self._file(data, at, block, said, Entry(cleaned(name), Kind.FILE, mode, uid, gid, size, b""), kind)

    def _file(self, data: bytes, at: int, block: bytes, said: dict[str, bytes], entry: Entry, kind: Kind | None) -> int:
        at += BLOCK
        size = entry.size
        self._skip = (size + BLOCK - 1) & -BLOCK
        if kind is None:  # not of this world: its content is stepped over
            return at
        if block[156] == _SPARSE or (said and _is_sparse(said)):
            return self._sparse(data, at, block, said, entry)
        take = self._begin(entry, data[at : at + min(size, HEAD_BYTES)])
        if take is not None:
            if size:
                self._take, self._wanted = take, size
            else:
                take(b"")
        return at

    def _sparse(self, data: bytes, at: int, block: bytes, said: dict[str, bytes], entry: Entry) -> int:
        """A file with holes; https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html."""
        if block[156] == _SPARSE:
            stored = entry.size
            entry.size = _number(block[483:495])
            return self._old_sparse(at, stored, entry, sparse.old_map(block[386:482]), more=block[482] == 1)
        holes = sparse.said_map(said)
        stored = entry.size
        entry.size = _decimal(said.get("GNU.sparse.realsize") or said.get("GNU.sparse.size") or b"0")
        if said.get("GNU.sparse.name"):
            entry.path = cleaned(said["GNU.sparse.name"])
        head = data[at : at + HEAD_BYTES] if holes and holes[0][0] == 0 else b""
        self._filled(entry, stored, holes, head[: entry.size])
        return at

    def _old_sparse(self, at: int, stored: int, entry: Entry, holes: sparse.Holes, *, more: bool) -> int:
        """GNU's own form: where the map has no room in the header, blocks with the rest stand before the content."""

        def block(data: bytes) -> None:
            holes.extend(sparse.old_map(data[:504]))
            if len(holes) > _MOST_HOLES:
                raise TooLargeError
            self._old_sparse(0, stored, entry, holes, more=data[504] == 1)

        if more:
            self._skip = self._wanted = BLOCK
            self._take = block
        else:
            self._skip = (stored + BLOCK - 1) & -BLOCK
            self._filled(entry, stored, holes, b"")
        return at

    def _filled(self, entry: Entry, stored: int, holes: sparse.Holes | None, head: bytes) -> None:
        """Give the whole file to whoever wants it."""
        take = self._begin(entry, head)
        if take is None:
            return
        if max(entry.size, stored) > self._limits.file_bytes:
            raise TooLargeError
        self._take, self._wanted = sparse.filling(take, holes, entry.size), stored
        if not stored:
            given, self._take = self._take, None
            given(b"")

    def _extended(self, flag: int, size: int) -> None:
        if size > self._limits.header_bytes:
            raise TooLargeError
        self._skip = (size + BLOCK - 1) & -BLOCK
        if flag == _GLOBAL or not size:
            return
        self._wanted = size
        if flag == _EXTENDED:
            self._take = self._records
        else:
            self._take = self._long_name if flag == _LONG_NAME else self._long_link

    def _long_name(self, data: bytes) -> None:
        self._next["path"] = data.partition(b"\0")[0]

    def _long_link(self, data: bytes) -> None:
        self._next["linkpath"] = data.partition(b"\0")[0]

    def _records(self, data: bytes) -> None:
        """`length key=value` lines; the length counts itself (POSIX pax, extended header)."""
        offsets: list[bytes] = []
        while data:
            length, space, _ = data[:20].partition(b" ")
            if not space or not length.isdigit():
                raise TarError("an extended header is broken")
            end = int(length)
            key, is_there, value = data[len(length) + 1 : end - 1].partition(b"=")
            if not is_there or end <= len(length) + 1 or end > len(data):
                raise TarError("an extended header is broken")
            name = key.decode("utf-8", "replace")
            if name in {"GNU.sparse.offset", "GNU.sparse.numbytes"}:
                offsets.append(value)
            elif value:
                self._next[name] = value
            else:
                self._next.pop(name, None)
            data = data[end:]
        if offsets:
            self._next["GNU.sparse.map"] = b",".join(offsets)


def _is_sparse(said: dict[str, bytes]) -> bool:
    return "GNU.sparse.major" in said or "GNU.sparse.map" in said


def _check(block: bytes) -> None:
    """The sum of all bytes, the field of the sum counted as spaces; Adler's lower half is that sum and 1, modulo a prime."""
    said = _usual(block[148:154], block[148:156])
    field = sum(block[148:156])
    if (zlib.adler32(block) & 0xFFFF) == (said + field - 255) % _ADLER:
        return
    signed = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 256
    if signed != said:  # old tars of some systems count bytes as signed
        raise TarError("a header's checksum is wrong")


def _usual(digits: bytes, field: bytes) -> int:
    """The number of a field that nearly always is these digits and an end."""
    try:
        return int(digits, 8) if digits.isdigit() else _number(field)
    except ValueError:
        raise TarError("a number is broken") from None


def _number(field: bytes) -> int:
    """Octal digits, or a binary number where the first bit is set."""
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise TarError("a negative number")
        return int.from_bytes(bytes((field[0] & 0x7F,)) + field[1:], "big")
    digits = field.partition(b"\0")[0].strip(b" ") or field.strip(b" \0")
    if not digits:
        return 0
    try:
        if digits.isdigit():  # `int` would take a sign and underlines too
            return int(digits, 8)
    except ValueError:
        raise TarError("a number is broken") from None
    raise TarError("a number is broken")


def _decimal(value: bytes) -> int:
    if not value.isdigit() or len(value) > 20:
        raise TarError("a number is broken")
    return int(value)


def cleaned(name: bytes) -> bytes:
    """The path below the root, as a process with that root would name it: `..` does not lead out; empty is the root."""
    if name[:2] == b"./":
        name = name[2:]
    name = name.strip(b"/")
    if b"/." not in name and b"//" not in name and name[:1] != b".":
        return name
    parts: list[bytes] = []
    for part in name.split(b"/"):
        if part == b"..":
            del parts[-1:]
        elif part and part != b".":
            parts.append(part)
    return b"/".join(parts)
