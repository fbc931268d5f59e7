"""What a caller wants of an image, said before its layers come by once."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct


class Layer(Struct, frozen=True):
    """A layer: its place from the bottom, the digest of what is stored, and the one of its unpacked tar."""

    place: int
    digest: str
    diff_id: str


def as_it_is(path: str, data: bytes) -> bytes:
    """The file's bytes, unchanged."""
    del path
    return data


class Interest(Struct, frozen=True):
    """Files of the final file system, and what is kept of each.

    `kind` names the interest and the version of what it keeps (`packages 3`): what is cached of a layer is found under it.
    `wants(path, size, head)` is asked for every file of every layer, with its first bytes (at most 64), and for every hard
    link with size 0 and no bytes. `facts(path, data)` is called once for each wanted file, also of those that a later layer
    hides; what it gives is kept. Both are called in threads, one for each layer that is read at the time.
    """

    kind: str
    wants: Callable[[str, int, bytes], bool]
    facts: Callable[[str, bytes], bytes] = as_it_is


class Listener(Protocol):
    """Gets a layer's files as they come by, those too that a later entry or layer hides or deletes."""

    def wants(self, path: str, size: int, head: bytes) -> bool:
        """Whether to be given the file."""

    def file(self, path: str, data: bytes) -> None:
        """A file that was wanted."""

    def end(self) -> bytes:
        """The layer is over: what to keep of it."""


class Search(Struct, frozen=True):
    """Something that is looked for in every layer by itself; `kind` is as in `Interest`, each layer has its own listener."""

    kind: str
    listener: Callable[[Layer], Listener]


class Wishes(Struct, frozen=True):
    """All that one walk does."""

    interests: tuple[Interest, ...] = ()
    searches: tuple[Search, ...] = ()
