"""Which findings open a step, so that mending them closes it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from fourc.model.finding import Finding
from fourc.model.remedy import Remedy
from fourc.model.subject import Ref


class Cause(Struct, frozen=True):
    """A finding to look for: a rule, in a container where one is given, with a detail where one is given."""

    rule: str
    container: str | None = None
    detail: str | None = None

    def is_(self, finding: Finding) -> bool:
        """Whether the finding is the one."""
        return (
            finding.rule == self.rule
            and (self.container is None or finding.container == self.container)
            and (self.detail is None or finding.detail == self.detail)
        )


class Mending:
    """The findings of a run by their subjects; `explained` ones are what platform programs need."""

    def __init__(self, findings: Sequence[Finding], explained: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        self._kept: dict[Ref, list[Finding]] = defaultdict(list)
        self._explained: dict[Ref, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._kept[finding.subject].append(finding)
        for finding in explained:
            self._explained[finding.subject].append(finding)

    def of(self, ref: Ref) -> Sequence[Finding]:
        """The findings about an object."""
        return self._kept.get(ref, ())

    def explained_of(self, ref: Ref) -> Sequence[Finding]:
        """What an object may do by the documentation of its program."""
        return self._explained.get(ref, ())

    def any_of(self, ref: Ref, causes: Iterable[Cause]) -> tuple[Finding, ...]:
        """The finding whose mending alone is enough: of several the first that has an edit, else the first of all."""
        found = [f for cause in causes for f in self.of(ref) if cause.is_(f)]
        with_edit = [f for f in found if isinstance(f.fix, Remedy)]
        return tuple((with_edit or found)[:1])

    def all_of(self, ref: Ref, causes: Iterable[Cause]) -> tuple[Finding, ...]:
        """Every finding of these causes: all must be mended."""
        wanted = tuple(causes)
        return tuple(f for f in self.of(ref) if any(cause.is_(f) for cause in wanted))

    def explains(self, ref: Ref, causes: Iterable[Cause]) -> bool:
        """Whether the documentation of a platform program asks for one of these."""
        return any(cause.is_(f) for cause in causes for f in self._explained.get(ref, ()))
