"""What a run says of packages as a whole: how many there are, and how well the database knows their kinds."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from fourc.model.text import Text
from fourc.model.vulnerability import Match


class When(StrEnum):
    """When something is to be mended; the words are never translated in reports."""

    NOW = "now"
    THIS_SPRINT = "this sprint"
    CAN_WAIT = "can wait"

    @property
    def label(self) -> Text:
        """The word as people read it."""
        return _LABELS[self]


_LABELS = {
    When.NOW: Text("now", "立即"),
    When.THIS_SPRINT: Text("this sprint", "本迭代"),
    When.CAN_WAIT: Text("can wait", "可以等"),
}


class Urgency(Struct, frozen=True):
    """When to mend a finding, and the one reason that decided; `kind` is it without figures, by which findings are counted."""

    when: When
    why: Text
    kind: Text


class Known(Struct, frozen=True):
    """Packages of one ecosystem that were seen, and what the database holds of it: records, and the newest one's date."""

    ecosystem: str
    packages: int
    advisories: int = 0
    newest: str = ""


class Supply(Struct, frozen=True):
    """The packages of a run. `database` is the date of what it knows, empty where there was none to ask.

    `urgency` and `matches` are by the findings' fingerprints; `cleared` counts what statements say there is nothing to do about.
    """

    packages: int
    files: int
    database: str = ""
    known: tuple[Known, ...] = ()
    urgency: Mapping[str, Urgency] = field(default_factory=dict)
    matches: Mapping[str, Match] = field(default_factory=dict)
    cleared: int = 0
