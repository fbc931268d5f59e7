"""A check's statement about one object."""

from enum import Enum, IntEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.live import Live
from fourc.model.location import Location, Origin
from fourc.model.remedy import ByHand, NoFix, Remedy
from fourc.model.subject import PackageId, Ref
from fourc.model.text import Text
from fourc.patch.yaml.node import Path


class Severity(IntEnum):
    """How bad it is where nothing else is known; the order counts."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word of the report's contract."""
        return self.name.lower()

    @property
    def label(self) -> Text:
        """The word as people read it."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Severity.INFO: Text("info", "提示"),
    Severity.LOW: Text("low", "低"),
    Severity.MEDIUM: Text("medium", "中"),
    Severity.HIGH: Text("high", "高"),
    Severity.CRITICAL: Text("critical", "严重"),
}


class Confidence(Enum):
    """How sure the statement is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Layer(Enum):
    """The four Cs."""

    CLOUD = "cloud"
    CLUSTER = "cluster"
    CONTAINER = "container"
    CODE = "code"


class Commit(Struct, frozen=True):
    """Where a commit of the git history has something: full id, path and line in it, and who wrote it when (ISO 8601)."""

    commit: str
    path: str
    line: int
    author: str
    time: str


class History(Struct, frozen=True):
    """The earliest and the latest commit that brought something; `gone` says that no file holds it any more."""

    first_seen: Commit
    last_seen: Commit
    gone: bool = False


class InLayer(Struct, frozen=True):
    """What brought something into an image: a layer (the digest of its unpacked tar), by which line of the build.

    `gone` says that a later layer deletes or replaces it; it stays in the image all the same.
    """

    diff_id: str
    step: str = ""
    gone: bool = False


class Finding(Struct, frozen=True):
    """What is wrong with `subject`, where, and what mends it.

    `detail` tells several findings of one rule in one container apart (a capability, a volume) and is part of the
    fingerprint; line numbers are not. Where `identity` is given it is the fingerprint: a secret is known by its value,
    wherever it stands.
    """

    rule: str
    layer: Layer
    severity: Severity
    confidence: Confidence
    message: Text
    subject: Ref
    origin: Origin
    at: Path
    container: str | None
    detail: str
    references: tuple[str, ...]
    fix: Remedy | NoFix
    location: Location | None = None
    places: tuple[Location, ...] = ()
    identity: str = ""
    history: History | None = None
    package: PackageId | None = None
    """Where the subject is a package: which one of that name."""
    live: Live | None = None
    """What the provider of a secret says; None where nobody was asked to ask."""

    image: str = ""
    """The image it was found in, where that is not a matter of course."""
    brought: InLayer | None = None

    @property
    def remedy(self) -> Remedy | None:
        """What mends it, whether we or a person make the edit; None where nothing is known to."""
        return self.fix if isinstance(self.fix, Remedy) else self.fix.remedy if isinstance(self.fix, ByHand) else None

    @property
    def fingerprint(self) -> str:
        """16 hex digits, stable under moved lines."""
        return self.identity or self._known_as(self.origin.path)

    def below(self, folder: str) -> "Finding":
        """The finding as it is known when the folder stands before its path: the same wherever below it a scan began."""
        return replace(self, identity=self._known_as(f"{folder}/{self.origin.path}"))

    def _known_as(self, path: str) -> str:
        subject = self.subject
        return _digest(
            self.rule,
            path,
            subject.kind,
            subject.namespace or "",
            subject.name,
            self.container or "",
            self.detail,
        )


@lru_cache(maxsize=100_000)  # asked for again and again, and no field of a slotted class could keep it
def _digest(*parts: str) -> str:
    import hashlib  # noqa: PLC0415 - brings OpenSSL, which a scan that finds nothing needs not

    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
