"""From no admission control to Pod Security enforced, namespace by namespace: what stands in the way, and the steps in order.

Labels that warn come first and refuse nothing; then the manifests that a level would refuse; then the label that refuses,
pinned to a version, so that an upgrade of the cluster changes nothing by itself
(https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/, pod-security-admission labels).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.pod_security import SYSTEM_NAMESPACES, Level
from fourc.model.rollout import RolloutStep
from fourc.model.subject import Ref
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation
from fourc.plan.admission.situation import Judged, Situation, Terms
from fourc.plan.admission.steps import (
    between,
    enforcing,
    exempting,
    meeting,
    moving,
    operations_of,
    takes_item,
    warning,
)


class Rollout(Struct, frozen=True):
    """Every namespace, and the steps in order."""

    situations: tuple[Situation, ...]
    steps: tuple[RolloutStep, ...]
    left_alone: tuple[str, ...] = ()


def rollout(inventory: Inventory, found: Sequence[Situation], terms: Terms) -> Rollout:
    """The steps that lead every namespace to its goal, the cheapest namespace first."""
    open_ = [s for s in found if not s.is_done]
    warn = warning(open_, terms)
    chains = [tuple(_chain(inventory, s, warn.id if warn else "", terms)) for s in open_]
    chains.sort(key=lambda chain: (sum(step.hours.likely for step in chain), chain[-1].id if chain else ""))
    noted = [step for s in found if (step := exempting(s, terms))]
    steps = [*([warn] if warn else []), *noted, *(step for chain in chains for step in chain)]
    alone = tuple(sorted({n.meta.name for n in inventory.namespaces} & SYSTEM_NAMESPACES))
    return Rollout(tuple(found), tuple(steps), alone)


def _chain(inventory: Inventory, situation: Situation, warn: str, terms: Terms) -> Iterator[RolloutStep]:
    """The steps of one namespace after its warning."""
    before = [warn] if warn and situation.name else []
    for agent in situation.agents:
        step = moving(inventory, agent, terms)
        before.append(step.id)
        yield step
    enforced = situation.enforced
    earlier: dict[Ref, tuple[str, ...]] = {}
    for level in (Level.BASELINE, Level.RESTRICTED):
        if level > situation.goal:
            continue
        mended = [
            meeting(j, level, situation.name, terms)
            for j in situation.others
            if not j.verdict.meets(level) and not (level is Level.RESTRICTED and _met_at_baseline(j))
        ]
        mended = [replace(step, after=earlier.get(step.restarts[0], ())) for step in mended]
        earlier |= {step.restarts[0]: (step.id,) for step in mended}
        yield from mended
        before += [step.id for step in mended]
        last = level is situation.goal or any(_remain(j, level) for j in situation.others)
        if last and enforced < level:
            step = enforcing(situation, level, enforced, before, terms)
            yield step
            enforced, before = level, [step.id]


def _met_at_baseline(judged: Judged) -> bool:
    """Whether what *restricted* asks for beyond *baseline* is met, so that the step for *baseline* was enough."""
    return not between(judged, Level.RESTRICTED)


def _remain(judged: Judged, level: Level) -> bool:
    """Whether something stands between the workload and the next level once this one is met."""
    return level is Level.BASELINE and bool(between(judged, Level.RESTRICTED))


def in_sequence(steps: Sequence[RolloutStep]) -> Iterator[RolloutStep]:
    """The steps as they are when those before them are done: paths count on what went out of lists of the same object."""
    removed: dict[tuple[str, int, Path], list[Path]] = defaultdict(list)
    for step in steps:
        kept: list[Finding] = []
        for finding in step.findings:
            fix = finding.remedy
            if fix is None:
                continue
            key = (finding.origin.path, finding.origin.document, finding.origin.item)
            operations = tuple(o for each in fix.operations if (o := _shifted(each, removed[key])) is not None)
            if operations or fix.new_files:
                kept.append(replace(finding, fix=replace(fix, operations=operations)))
        for finding in step.findings:
            for operation in operations_of(finding):
                if takes_item(operation):
                    paths = removed[finding.origin.path, finding.origin.document, finding.origin.item]
                    if operation.path not in paths:
                        paths.append(operation.path)
        yield replace(step, findings=tuple(kept))


def _shifted(operation: Operation, removed: Sequence[Path]) -> Operation | None:
    """The operation after list items went that stood before its own; None if it was about one of these."""
    path = operation.path
    for place, index in enumerate(path):
        before = [gone[place] for gone in removed if len(gone) == place + 1 and gone[:place] == operation.path[:place]]
        if index in before:
            return None
        if isinstance(index, int):
            path = (*path[:place], index - sum(isinstance(g, int) and g < index for g in before), *path[place + 1 :])
    return replace(operation, path=path)
