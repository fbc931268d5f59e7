"""The unit of work: one reviewable diff with one owner."""

from msgspec import Struct

from fourc.model.remedy import ChangeKind, FixClass
from fourc.model.subject import Ref
from fourc.model.text import Text


class Range(Struct, frozen=True):
    """Three guesses of one quantity, `low <= likely <= high`."""

    low: float
    likely: float
    high: float

    def plus(self, other: "Range", times: float = 1.0) -> "Range":
        """The sum with `times` the other range."""
        return Range(self.low + times * other.low, self.likely + times * other.likely, self.high + times * other.high)

    def scaled(self, factor: float) -> "Range":
        """The range with every guess multiplied."""
        return Range(self.low * factor, self.likely * factor, self.high * factor)


class FileEdit(Struct, frozen=True):
    """What a change does to one file (unified diff), or the API patch for an object that stands in no file."""

    path: str
    fix_class: FixClass
    diff: str
    command: str = ""


class HandEdit(Struct, frozen=True):
    """What a person has to put into a file that no edit can reach, such as a chart's template."""

    path: str
    what: Text


class Breaks(Struct, frozen=True):
    """The chance that the change stops something, and what that would be."""

    probability: float
    what: Text


class Change(Struct, frozen=True):
    """One entry of the plan. `risk_removed` is a share of the whole, given the changes before it in the plan.

    `steps` are those that it removes at its place. `among_first` is the share of runs in which it is among the first three
    when our numbers vary within their spread; None where nobody asked.

    `places` are `path:line` of what is wrong, gravest first; `edits` and `proofs` (what was checked) are filled when the
    change is shown or reported in full.
    """

    id: str
    kind: ChangeKind
    owner: Ref
    title: Text
    story: Text
    hours: Range
    upkeep: float
    money: float
    risk_removed: Range
    restarts: tuple[Ref, ...]
    breaks: Breaks
    findings: tuple[str, ...]
    steps: tuple[str, ...]
    after: tuple[str, ...]
    cautions: tuple[Text, ...]
    fix_class: FixClass
    among_first: float | None = None
    places: tuple[str, ...] = ()
    edits: tuple[FileEdit, ...] = ()
    by_hand: tuple[HandEdit, ...] = ()
    proofs: tuple[Text, ...] = ()
