"""What mends a finding, before it becomes part of a change."""

from enum import IntEnum, StrEnum

from msgspec import Struct

from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.operations import Operation


class FixClass(IntEnum):
    """How far an edit can be trusted: the order is the one of `--upto`."""

    SAFE = 0
    TRY_FIRST = 1
    DECISION = 2

    @property
    def word(self) -> str:
        """The word of the report's contract."""
        return self.name.lower().replace("_", "-")

    @property
    def label(self) -> Text:
        """The word as people read it."""
        return _LABELS[self]


_LABELS = {
    FixClass.SAFE: Text("safe", "安全"),
    FixClass.TRY_FIRST: Text("try-first", "先试"),
    FixClass.DECISION: Text("decision", "需决定"),
}


class ChangeKind(StrEnum):
    """The kinds of work; findings with the same kind and owner land in one change."""

    ISOLATE_FROM_HOST = "isolate-from-host"
    HARDEN = "harden-container"
    DROP_TOKEN = "drop-token"  # noqa: S105 - a kind of change
    NARROW_PERMISSIONS = "narrow-permissions"
    CLOSE_EXPOSURE = "close-exposure"
    RESTRICT_NETWORK = "restrict-network"
    ENCRYPT = "encrypt-traffic"
    SIZE_RESOURCES = "size-resources"
    KEEP_AVAILABLE = "keep-available"
    MOVE_SECRETS = "move-secrets"
    GUARD_ADMISSION = "guard-admission"
    MEET_BASELINE = "meet-baseline"
    MEET_RESTRICTED = "meet-restricted"
    MOVE_AGENT = "move-agent"
    ENFORCE_ADMISSION = "enforce-admission"
    PIN_IMAGE = "pin-image"
    UPGRADE = "upgrade"
    UPDATE_NODE = "update-node"
    REBOOT = "reboot-node"


class NewFile(Struct, frozen=True):
    """A file that a fix adds beside the object's own."""

    path: str
    text: str


class Bump(Struct, frozen=True):
    """A version that is written in a file: `form` is the id of the file's format, `name` the package as the file calls it."""

    path: str
    form: str
    name: str
    old: str
    new: str


class Reading(Struct, frozen=True):
    """A quoted text in a program that is to be read from the environment variable `name`.

    What stands between its quotes are these characters of a line, from 1, the end behind the last.
    """

    path: str
    line: int
    column: int
    end_column: int
    name: str


class Remedy(Struct, frozen=True):
    """Field operations on the subject's object (paths from the object's root), with their class and what to try first.

    `owner` is whose change it belongs to: the workload, namespace or role that a reviewer thinks in. `leaves_open` are the
    ports of a pod that a policy goes on admitting everyone to, `admits_neighbours` when it admits all pods of its namespace.
    """

    recipe: str
    kind: ChangeKind
    owner: Ref
    operations: tuple[Operation, ...]
    fix_class: FixClass
    caution: Text | None = None
    new_files: tuple[NewFile, ...] = ()
    leaves_open: frozenset[int] = frozenset()
    admits_neighbours: bool = False
    bumps: tuple[Bump, ...] = ()
    """Versions of packages to write; they may stand in several files."""
    readings: tuple[Reading, ...] = ()
    last: Text | None = None
    """What is left to do when all else is done."""
    title: Text | None = None
    """What the change is called, and the sentence about it, where its kind and owner do not say enough."""
    story: Text | None = None

    @property
    def more_paths(self) -> frozenset[str]:
        """The files that it touches besides its object's own."""
        parts = (self.new_files, self.bumps, self.readings)
        return frozenset(part.path for each in parts for part in each)

    @property
    def edits_files(self) -> bool:
        """Whether it changes or adds files by itself."""
        return bool(self.operations or self.new_files or self.bumps or self.readings)


class NoFix(Struct, frozen=True):
    """Why there is no edit, and what a person can do instead."""

    why: Text
    kind: ChangeKind | None = None


class ByHand(NoFix, frozen=True, kw_only=True):
    """An edit that only a person can make: `why` holds the exact text to put in place, `remedy` what it comes to."""

    remedy: Remedy
