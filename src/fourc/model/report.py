"""Everything that one run has to say, for the reporters."""

from collections.abc import Mapping

from msgspec import Struct, field

from fourc.model.change import Change
from fourc.model.finding import Finding
from fourc.model.gap import Gap
from fourc.model.image_facts import ImageFacts
from fourc.model.supply import Supply
from fourc.model.text import Text


class Unseen(Struct, frozen=True):
    """Something that nobody named and that was not looked at, with the way to have it looked at."""

    what: Text
    remedy: Text


class Coverage(Struct, frozen=True):
    """How much was looked at; `extras` would do more if they were installed."""

    files: int = 0
    documents: int = 0
    objects: int = 0
    applications: int = 0
    unseen: tuple[Unseen, ...] = ()
    extras: tuple[Unseen, ...] = ()
    kinds_not_modelled: Mapping[str, int] = field(default_factory=dict)
    platform: tuple[str, ...] = ()


class Optimum(Struct, frozen=True):
    """How good the beginning of a plan is: its first `count` changes against every set of changes of the same cost.

    The first changes remove `removed` of the risk, and no set of changes that costs at most as much together (that fits into
    the same budget, where there is one) removes more than `best`. Both are shares of the whole risk, in the sampled worlds
    and with our numbers for it; the cost is that of the objective: hours of a year, or one for each change.
    """

    count: int
    removed: float
    best: float

    @property
    def within(self) -> float:
        """How far from the best possible the beginning is at most, as a share of the best possible."""
        return max(0.0, 1 - self.removed / self.best) if self.best > 0 else 0.0


class WhatIf(Struct, frozen=True):
    """What the plan was asked to suppose: nodes that are held from the start, or a change that is never done.

    `left` is the share of the risk that is left when the change is never done and everything else is.
    """

    compromised: tuple[str, ...] = ()
    without: Text | None = None
    left: float = 0.0
    left_with: float = 0.0


class StaleIgnore(Struct, frozen=True):
    """An entry of the ignore file that hides nothing: its finding, its reason as it was given, and why."""

    fingerprint: str
    rule: str
    reason: str
    why: Text

    def told(self) -> Text:
        """The sentence about it."""
        said = Text(
            "ignore {id} ({rule}) is stale: {why}. Its reason: {reason}",
            "忽略条目 {id}（{rule}）已失效：{why}。其理由：{reason}",
        )
        return said.of(id=self.fingerprint, rule=self.rule or "*", why=self.why, reason=self.reason)


class Withheld(Struct, frozen=True):
    """What a baseline held back: its file, and how many findings; 0 where the list of another scanner was not counted."""

    file: str
    findings: int = 0

    def told(self) -> Text:
        """The sentence about it."""
        if not self.findings:
            return Text("What {file} lists is not told again.", "{file} 中列出的内容不再报告。").of(file=self.file)
        one = Text("1 known finding of {file} is not told again.", "{file} 中的 1 个已知问题不再报告。")
        many = Text("{n} known findings of {file} are not told again.", "{file} 中的 {n} 个已知问题不再报告。")
        return (one if self.findings == 1 else many).of(n=self.findings, file=self.file)


class Report(Struct, frozen=True):
    """One run. `ways` is how many ways lead to a goal before any change, `ways_left[i]` how many after the leading change `i`.

    `left` is the share of the risk behind the stop line, `idle` the findings that lie on no path, `budget` the hours that
    the plan had to fit into. `numbered` says whether the numbers are those that `fix` and `show` take. `stale` are the
    entries of the ignore file that hide nothing, `withheld` is what baselines held back, `pages` what is to be
    said of rules that are no checks, by their id.
    """

    name: str
    kubernetes_version: str
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    coverage: Coverage
    changes: tuple[Change, ...] = ()
    stop: int = 0
    ways: int = 0
    ways_left: tuple[int, ...] = ()
    change_of: Mapping[str, str] = field(default_factory=dict)
    taught: bool = False
    optimum: Optimum | None = None
    left: float = 1.0
    idle: frozenset[str] = frozenset()
    budget: float | None = None
    what_if: WhatIf | None = None
    numbered: bool = True
    stale: tuple[StaleIgnore, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    pages: Mapping[str, Text] = field(default_factory=dict)
    supply: Supply | None = None
    exploited: frozenset[str] = frozenset()
    """The findings whose vulnerabilities attackers are known to use (KEV)."""
    image: ImageFacts | None = None
    images: tuple[ImageFacts, ...] = ()

    @property
    def left_out(self) -> list[Text]:
        """What there is to say of baselines and ignores: what they held back, and what of them is stale."""
        return [*(one.told() for one in self.withheld), *(entry.told() for entry in self.stale)]
