"""What is wrong, or worth knowing, about network policies."""

from enum import Enum

from msgspec import Struct

from fourc.model.location import Location
from fourc.model.text import Text


class ProblemKind(Enum):
    """The kinds of problems, by the word that reports use."""

    SELECTS_NOTHING = "selects-nothing"
    MATCHES_NOTHING = "matches-nothing"
    NAMES_NO_PORT = "names-no-port"
    REDUNDANT = "redundant"
    SHADOWED = "shadowed"
    ENTRY_BLOCKED = "entry-blocked"
    ENTRY_TO_NOTHING = "entry-to-nothing"
    NO_DNS = "no-dns"
    HOST_NETWORK = "host-network"
    NOT_ENFORCED = "not-enforced"


class PolicyProblem(Struct, frozen=True):
    """One statement; `wrong` makes the check fail, others are for information."""

    kind: ProblemKind
    wrong: bool
    object: str
    message: Text
    location: Location | None
