"""What is kept of a layer: its names, what hides what lies below, and the facts of the files that somebody wanted."""

from msgspec import Struct


class Kept(Struct, frozen=True, array_like=True, gc=False):
    """A wanted file and what its interest made of it."""

    path: bytes
    mode: int
    uid: int
    gid: int
    size: int
    facts: bytes


class Gathered(Struct, frozen=True, array_like=True):
    """What one interest keeps of a layer; `loose` are the hard links it wants whose bytes lie in a layer below (path, target)."""

    kept: tuple[Kept, ...] = ()
    loose: tuple[tuple[bytes, bytes], ...] = ()


class Privileged(Struct, frozen=True, array_like=True, gc=False):
    """A file that runs with its owner's or group's rights (setuid, setgid)."""

    path: bytes
    mode: int
    uid: int
    gid: int


class Unread(Struct, frozen=True, array_like=True, gc=False):
    """Something of the layer that was not read: the word for why (a gap's), and where."""

    reason: str
    path: str
    why: str


class Skeleton(Struct, frozen=True, array_like=True):
    """A layer without its contents; paths are bytes from the root, names are joined by NUL.

    `files` is everything but folders, `folders` what the layer names as one, `parents` every folder above anything.
    """

    unpacked: int
    files: bytes
    folders: bytes
    parents: bytes
    whiteouts: tuple[bytes, ...]
    opaques: tuple[bytes, ...]
    symlinks: tuple[tuple[bytes, bytes], ...]
    hard_links: tuple[tuple[bytes, bytes], ...]
    privileged: tuple[Privileged, ...]
    unread: tuple[Unread, ...]


def names(joined: bytes) -> set[bytes]:
    """The names that were joined."""
    return set(joined.split(b"\0")) if joined else set()


def shown(path: bytes) -> str:
    r"""The path as people and JSON can take it; bytes that are no UTF-8 as `\xff`."""
    return path.decode("utf-8", "backslashreplace")
