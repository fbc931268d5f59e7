"""What a reader of a package format is: a row that names its files and reads one."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.gap import GapReason
from fourc.model.package import Listing
from fourc.text import Text


class PackagesError(FourcError):
    """A file that should tell of packages cannot be understood; `reason` is the word of the gap that it makes."""

    def __init__(self, message: Text, *, hint: Text | None = None, reason: GapReason = GapReason.MALFORMED) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class Given(Struct, frozen=True):
    """One file: its path (relative, with `/`), its bytes, and the way to files near it.

    `beside("../Directory.Packages.props")` gives the bytes of the file at that path relative to this file's folder, None
    where there is none (or it may not be read).
    """

    path: str
    data: bytes
    beside: Callable[[str], bytes | None] = lambda _: None


Reader: TypeAlias = Callable[[Given], Listing]


class Form(Struct, frozen=True):
    """A format: files called `names`, or with one of the `endings`, are read by `read`, which raises `PackagesError`.

    A regular expression, `pattern`, must be found in the paths with such an ending too, where there is one, for names of which
    the beginning is free (`requirements-dev.txt`); `forms.forms_of` asks all three.

    In a folder where it is read, the manifests of the forms `instead_of` tell nothing of their own. `installed` marks what
    is found in images and installations only (`dist-info`), not in a checkout. `head` are the bytes with which a binary
    must begin to be asked, where names do not tell.
    """

    id: str
    read: Reader
    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    pattern: str = ""
    instead_of: tuple[str, ...] = ()
    installed: bool = False
    head: tuple[bytes, ...] = ()
