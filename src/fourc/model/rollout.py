"""A step of the way to Pod Security."""

from msgspec import Struct

from fourc.model.change import Breaks, Range
from fourc.model.finding import Finding
from fourc.model.remedy import ChangeKind, FixClass
from fourc.model.subject import Ref
from fourc.model.text import Text


class RolloutStep(Struct, frozen=True):
    """One step: what is edited or typed, what must come first (`after`), what may break, and the way back.

    `findings` carry the edits of files; `commands` are for namespaces that stand in no file. `check` is a command that shows,
    without changing anything, whether the step may be taken.
    """

    id: str
    kind: ChangeKind
    title: Text
    story: Text
    namespaces: tuple[str, ...]
    hours: Range
    breaks: Breaks
    fix_class: FixClass
    findings: tuple[Finding, ...]
    commands: tuple[str, ...] = ()
    by_hand: tuple[Text, ...] = ()
    cautions: tuple[Text, ...] = ()
    restarts: tuple[Ref, ...] = ()
    after: tuple[str, ...] = ()
    check: str = ""
    rollback: tuple[str, ...] = ()
