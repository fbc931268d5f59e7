"""Cut a graph down to what can matter: the steps on some way from the start to a goal, and the worlds in which they are."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

from fourc.graph.sample import Sampler
from fourc.model.step import Step


def between(steps: Collection[Step], starts: Collection[str], ends: Collection[str]) -> tuple[Step, ...]:
    """The steps on some way from the starts to an end, with all that an AND step asks for; their order is kept."""
    reached = reached_by(steps, starts)
    backward: dict[str, list[Step]] = {}
    for step in steps:
        backward.setdefault(step.target, []).append(step)
    useful = {e for e in ends if e in reached}
    todo = list(useful)
    while todo:
        for step in backward.get(todo.pop(), ()):
            more = {n for n in (step.source, *step.when) if n in reached} - useful
            useful |= more
            todo += more
    return tuple(
        s
        for s in steps
        if s.target in useful and s.target not in starts and s.source in reached and all(w in reached for w in s.when)
    )


def reached_by(steps: Collection[Step], starts: Collection[str]) -> set[str]:
    """Every node that can be held when all steps work."""
    forward: dict[str, list[Step]] = {}
    missing: dict[str, int] = {}
    for step in steps:
        needs = {step.source, *step.when} if step.when else (step.source,)
        missing[step.id] = len(needs)
        for need in needs:
            forward.setdefault(need, []).append(step)
    reached, todo = set(starts), list(starts)
    while todo:
        for step in forward.get(todo.pop(), ()):
            missing[step.id] -= 1
            if not missing[step.id] and step.target not in reached:
                reached.add(step.target)
                todo.append(step.target)
    return reached


def sampled_between(
    steps: Sequence[Step], starts: Collection[str], ends: Iterable[str], sampler: Sampler, every: int
) -> list[tuple[Step, int]]:
    """The steps that can matter, each with the worlds in which it works, can be taken and leads to an end.

    A step is sampled only once somebody can come as far as that.
    """
    works: list[int | None] = [None] * len(steps)
    hold = _walked(steps, works, starts, sampler, every)
    backward: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        mask = works[number]
        if mask and step.target not in starts:
            mask &= _able(step, hold)
            if mask:
                backward.setdefault(step.target, []).append(number)
            works[number] = mask
    return [(steps[n], mask) for n, mask in sorted(_leading(steps, works, backward, ends, every).items())]


def _able(step: Step, hold: Mapping[str, int]) -> int:
    """The worlds in which all that the step asks for is held."""
    mask = hold.get(step.source, 0)
    for need in step.when:
        mask &= hold.get(need, 0)
    return mask


def _walked(
    steps: Sequence[Step], works: list[int | None], starts: Collection[str], sampler: Sampler, every: int
) -> Mapping[str, int]:
    """By node the worlds in which it can be held; `works` is filled with the samples of the steps that were tried."""
    outs: dict[str, list[int]] = {}
    for number, step in enumerate(steps):
        outs.setdefault(step.source, []).append(number)
        for need in step.when:
            outs.setdefault(need, []).append(number)
    hold = dict.fromkeys(starts, every)
    queue = deque(sorted(hold))
    waiting = set(queue)
    while queue:
        node = queue.popleft()
        waiting.discard(node)
        here = hold[node]
        for number in outs.get(node, ()):
            step = steps[number]
            mask = works[number]
            if mask is None:
                mask = works[number] = sampler(step)
            mask &= _able(step, hold) if step.when else here
            before = hold.get(step.target, 0)
            after = before | mask
            if after != before:
                hold[step.target] = after
                if step.target not in waiting:
                    waiting.add(step.target)
                    queue.append(step.target)
    return hold


def _leading(
    steps: Sequence[Step],
    works: Sequence[int | None],
    backward: Mapping[str, Sequence[int]],
    ends: Iterable[str],
    every: int,
) -> dict[int, int]:
    """By step the worlds in which it works and may lead to an end, if whatever else is asked for is held."""
    useful = dict.fromkeys(ends, every)
    leading: dict[int, int] = {}
    queue = deque(useful)
    waiting = set(queue)
    while queue:
        node = queue.popleft()
        waiting.discard(node)
        here = useful[node]
        for number in backward.get(node, ()):
            mask = (works[number] or 0) & here
            if not mask or leading.get(number) == mask:
                continue
            leading[number] = mask
            step = steps[number]
            for need in (step.source, *step.when):
                before = useful.get(need, 0)
                after = before | mask
                if after != before:
                    useful[need] = after
                    if need not in waiting:
                        waiting.add(need)
                        queue.append(need)
    return leading
