"""The label that refuses unsafe pods, as a change of the plan: where every manifest that it would refuse can be mended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from fourc.checks.pod_security import controls
from fourc.fix.recipes import TRY_FIRST, remedy
from fourc.model.finding import Finding
from fourc.model.pod_security import PREFIX, Level
from fourc.model.remedy import Remedy
from fourc.model.subject import Ref
from fourc.model.version import KubeVersion
from fourc.patch.yaml.operations import Set

RULE = "pod-security-not-enforced"


def with_switch(
    findings: Sequence[Finding],
    explained: Iterable[Finding],
    used: Collection[str],
    homes: Mapping[Ref, str],
    version: KubeVersion,
) -> list[Finding]:
    """The findings, where a namespace can be led to a level by other changes of the plan with its label as the remedy.

    Only in the `used` namespaces, where workloads were seen: what else runs in another nobody knows.
    What platform programs need (`explained`) is refused as well, and mended by nobody. `homes` are the namespaces into which
    an overlay moves workloads: which change mends these cannot be told from the namespace's name, so it gets no remedy.
    """
    if not any(f.rule == RULE for f in findings):
        return list(findings)
    blocking: dict[str, list[Finding]] = defaultdict(list)
    stuck: dict[str, list[Finding]] = defaultdict(list)
    for finding in (*findings, *explained):
        if any(r.startswith("pss:") for r in finding.references):
            blocking[finding.subject.namespace or "default"].append(finding)
            if finding.subject in homes:
                stuck[homes[finding.subject]].append(finding)
    untouchable = {f.fingerprint for f in explained}
    made: list[Finding] = []
    for finding in findings:
        if finding.rule == RULE and finding.subject.name in used:
            mine = blocking[finding.subject.name]
            fix = _switch(finding, mine, stuck[finding.subject.name], untouchable, version)
            made.append(replace(finding, fix=fix) if fix else finding)
        else:
            made.append(finding)
    return made


def _switch(
    finding: Finding,
    mine: Sequence[Finding],
    stuck: Sequence[Finding],
    untouchable: Collection[str],
    version: KubeVersion,
) -> Remedy | None:
    for level in (Level.RESTRICTED, Level.BASELINE):
        asked = controls(level, version)
        if any(_violates(f, asked) for f in stuck):
            continue
        first = [f for f in mine if _violates(f, asked)]
        if any(not isinstance(f.fix, Remedy) or f.fingerprint in untouchable for f in first):
            continue
        worst = max((f.fix.fix_class for f in first if isinstance(f.fix, Remedy)), default=TRY_FIRST)
        labels = {f"{PREFIX}enforce": level.word, f"{PREFIX}enforce-version": f"v1.{version.minor}"}
        operations = [Set(("metadata", "labels", key), value) for key, value in labels.items()]
        return remedy("enforce-level", finding.subject, *operations, fix_class=max(worst, TRY_FIRST))
    return None


def _violates(finding: Finding, asked: frozenset[str]) -> bool:
    return any(r.removeprefix("pss:") in asked for r in finding.references if r.startswith("pss:"))
