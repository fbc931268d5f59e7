"""What an upgrade is: packages that go to another version together, and the edit or command that does it."""

from enum import IntEnum

from msgspec import Struct

from fourc.model.package import Package
from fourc.model.remedy import Bump, FixClass
from fourc.model.text import Text
from fourc.model.vulnerability import Match
from fourc.patch.text import TextEdit


class Jump(IntEnum):
    """How far apart two versions are, by what semantic versioning promises (https://semver.org/)."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


class Move(Struct, frozen=True):
    """One package goes from `old` to `new`.

    `clears` are the matches that end with it, `leaves` those of the old version that the new one still has (no fix, or
    none within reach), `brings` the ids that only the new version has. `via` leads from what the project itself asks for
    down to the package; () where it asks for the package itself, or nothing tells.
    """

    ecosystem: str
    name: str
    old: str
    new: str
    jump: Jump
    clears: tuple[Match, ...]
    leaves: tuple[Match, ...] = ()
    brings: tuple[str, ...] = ()
    via: tuple[Package, ...] = ()
    dev: bool = False


class FileEdits(Struct, frozen=True):
    """Edits of one file, and what they write, so that they can be made again on another text of it."""

    path: str
    edits: tuple[TextEdit, ...]
    bumps: tuple[Bump, ...]


class Upgrade(Struct, frozen=True):
    """What a team does in one go to end vulnerabilities of packages.

    `kind` is `dependency`, `toolchain` (what a language itself brings), `shared` (one property or catalogue entry that
    several packages take their version from), `distribution` (an operating system's packages). `listings` are the paths of
    the files that told of the packages, `manifest` is the file to change or to run the command beside. `moves` begin with
    the one that the change is named after.

    `edits` are made first, then `command` is run in `folder`; either may be empty. Where both are, `refused` says why and
    `hint` what to do. `certain` is False where another package may hold a version back; the command then says so.
    `exact` is False where the command takes the newest versions that are allowed, not the ones named.
    """

    kind: str
    listings: tuple[str, ...]
    form: str
    manifest: str
    moves: tuple[Move, ...]
    edits: tuple[FileEdits, ...] = ()
    command: str = ""
    folder: str = ""
    certain: bool = True
    exact: bool = True
    refused: Text | None = None
    hint: Text | None = None

    @property
    def ecosystem(self) -> str:
        """The ecosystem of the package that the change is named after."""
        return self.moves[0].ecosystem

    @property
    def name(self) -> str:
        """The package that the change is named after."""
        return self.moves[0].name

    @property
    def old(self) -> str:
        """Its version in use."""
        return self.moves[0].old

    @property
    def new(self) -> str:
        """Its version afterwards."""
        return self.moves[0].new

    @property
    def clears(self) -> tuple[Match, ...]:
        """All matches that end."""
        return tuple(match for move in self.moves for match in move.clears)

    @property
    def leaves(self) -> tuple[Match, ...]:
        """The matches of the moved packages that stay."""
        return tuple(match for move in self.moves for match in move.leaves)

    @property
    def jump(self) -> Jump:
        """The widest one: it says how likely something breaks."""
        return max(move.jump for move in self.moves)

    @property
    def fix_class(self) -> FixClass:
        """`safe` where nothing but patch releases within the same minor version come, else `try-first`."""
        return FixClass.SAFE if self.jump is Jump.PATCH and self.exact else FixClass.TRY_FIRST
