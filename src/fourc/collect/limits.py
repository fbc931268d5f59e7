"""How much of a folder is read, and how long that may take."""

import time
from pathlib import Path

from msgspec import Struct, field

from fourc.patch.yaml.errors import Limits as DocumentLimits

MIB = 1024 * 1024


class Limits(Struct, frozen=True):
    """Past a limit, what is left is a gap; what was read before it counts.

    file_bytes: one file. total_bytes: all files of a run. seconds: until no further document is begun.
    entries: files, folders and links looked at. nodes: scalars and collections of one document, by a quick estimate.
    findings: after so many of a run no further check is asked.
    objects, object_chars: how many objects a run keeps, and of how much text.
    problems: wrong fields told for one document. gaps: told for one file.
    render_seconds: one call of `helm` or `kubectl`. all_render_seconds: all calls. render_bytes: what one call prints.
    """

    file_bytes: int = 50 * MIB
    total_bytes: int = 600 * MIB
    seconds: float = 15.0
    entries: int = 1_000_000
    nodes: int = 1_500_000
    objects: int = 100_000
    findings: int = 60_000
    object_chars: int = 128 * MIB
    problems: int = 20
    gaps: int = 200
    render_seconds: float = 20.0
    all_render_seconds: float = 60.0
    render_bytes: int = 32 * MIB
    document: DocumentLimits = field(default_factory=DocumentLimits)


class Options(Struct, frozen=True):
    """What a caller may choose. `read_ignored` reads what git ignores too; `render` calls `helm` and `kubectl`.

    `tools` is where these two are looked for: a PATH, None for the environment's own. `keep` keeps the objects' plain data
    beside the facts, for checks that users wrote.
    """

    read_ignored: bool = False
    render: bool = True
    tools: str | None = None
    keep: bool = False
    limits: Limits = field(default_factory=Limits)


class Budget:
    """What is left of a run's bytes and seconds; `overdrawn` once a file had more bytes than were left."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bytes = limits.total_bytes
        self.overdrawn = False
        self._deadline = time.monotonic() + limits.seconds

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._deadline

    def allows(self, size: int) -> bool:
        """Whether so many more bytes may be read; once not, the budget is `overdrawn`."""
        self.overdrawn = self.overdrawn or size > self._bytes
        return not self.overdrawn

    def spend(self, size: int) -> None:
        """Count bytes that were read."""
        self._bytes -= size


class SourceFile(Struct, frozen=True):
    """A file to read: where it is, what reports call it, and whether the user named it itself."""

    path: Path
    shown: str
    named: bool = False
