"""What could not be looked at, why, and what would make it visible."""

from enum import Enum

from msgspec import Struct

from fourc.model.location import Location
from fourc.model.subject import Ref
from fourc.model.text import Text


class GapReason(Enum):
    """The fixed words of the report's contract."""

    DENIED = "denied"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    NO_DATA = "no-data"
    TIMED_OUT = "timed-out"


class Gap(Struct, frozen=True):
    """Something unseen; `named` says that the user asked for it by name, so the run is incomplete (exit code 3).

    `subject` is the object, or the id of the check, that it is about.
    """

    reason: GapReason
    message: Text
    remedy: Text
    location: Location | None = None
    subject: Ref | str | None = None
    named: bool = True
