"""What was found of the repositories that a node uses."""

from collections.abc import Callable

from msgspec import Struct

from fourc.model.gap import Gap
from fourc.model.update import Offered

Newer = Callable[[str, str, str], bool]
"""Whether a name, version and architecture would be an update of something that is installed."""


class Source(Struct, frozen=True, order=True):
    """Metadata that was read: where it lies, and the day that its makers put on it (ISO 8601, empty where they put none)."""

    path: str
    date: str = ""


class Offers(Struct, frozen=True):
    """All updates that the sources tell of, and what of them could not be read."""

    offered: tuple[Offered, ...] = ()
    sources: tuple[Source, ...] = ()
    gaps: tuple[Gap, ...] = ()
