"""All facts of the sources, before anything is joined."""

from collections.abc import Iterable

from msgspec import Struct

from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location
from fourc.model.text import Text, same
from fourc.vulns.advisories.read import read
from fourc.vulns.advisories.record import Advisory, Exploited, Fact, Index, Problem, Scores, Suite

_MALFORMED = Text("part of the advisories was left out: {why}", "部分公告被跳过：{why}")
_MEND = Text(
    "correct the file or fetch it again; all others are in the database", "请修正该文件或重新获取；其余内容已在数据库中"
)


class Gathered(Struct):
    """The facts by kind. `scores` are by year and number of the CVE, `scored` are their newest date and its model."""

    advisories: list[Advisory] = []
    scores: dict[tuple[int, int], int] = {}
    scored: tuple[str, str] = ("", "")
    exploited: dict[str, str] = {}
    exploited_date: str = ""
    suites: list[Suite] = []
    indexes: list[Index] = []
    gaps: list[Gap] = []

    def add(self, fact: Fact) -> None:
        """Keep a fact."""
        match fact:
            case Advisory():
                self.advisories.append(fact)
            case Scores():
                self._score(fact)
            case Exploited():
                for name, day in fact.added:
                    self.exploited[name] = min(day, self.exploited.get(name, day))
                self.exploited_date = max(self.exploited_date, fact.date)
            case Suite():
                self.suites.append(fact)
            case Index():
                self.indexes.append(fact)
            case Problem():
                self.gaps.append(left_out(fact.path, same(fact.why)))

    def _score(self, fact: Scores) -> None:
        """The newest scores win; files of one date (one for each year) are one list."""
        said = (fact.date, fact.model)
        newer = said >= self.scored
        for year, number, score in fact.rows:
            if newer or (year, number) not in self.scores:
                self.scores[year, number] = score
        self.scored = max(self.scored, said)


def left_out(path: str, why: Text) -> Gap:
    """The gap of a file that is not, or not all, in the database."""
    return Gap(GapReason.MALFORMED, _MALFORMED.of(why=why), _MEND, Location(path, 1, 1, 1, 1))


def gather(files: Iterable[tuple[str, bytes] | Gap]) -> Gathered:
    """What the files say; what cannot be read is a gap, and the rest counts."""
    found = Gathered()
    for file in files:
        if isinstance(file, Gap):
            found.gaps.append(file)
            continue
        for fact in read(*file):
            found.add(fact)
    return found
