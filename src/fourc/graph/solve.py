"""Which nodes an attacker can hold, in many sampled worlds at once.

A world is one bit: in bit i of a step's mask stands whether the step works in world i. The set of worlds in which a node is
held is then one integer, a step is an AND and a join is an OR, and ten thousand worlds cost as much as one. Steps that
share a seed work together in a world, runs repeat exactly.
"""

import hashlib
import random
from collections import defaultdict, deque
from collections.abc import Container, Iterable, Mapping

from fourc.model.step import Goal, Step

WORLDS = 2048
EVERY_WORLD = (1 << WORLDS) - 1
START = "internet"


def worlds_where(seed: str, probability: float) -> int:
    """A mask of about `probability * WORLDS` bits that depends on the seed alone (probability resolved to 1/1024)."""
    if probability >= 1:
        return EVERY_WORLD
    rng = random.Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]))  # noqa: S311 - sampling, no secrecy
    mask = 0
    share = round(probability * 1024)
    for bit in range(10):
        draw = rng.getrandbits(WORLDS)
        mask = (mask | draw) if share >> bit & 1 else (mask & draw)
    return mask


class Worlds:
    """The sampled worlds of one graph; `held` can be asked again and again with steps taken away."""

    def __init__(self, steps: Iterable[Step], goals: Iterable[Goal]) -> None:
        """Sample every step once."""
        self.goals = tuple(goals)
        self._out: Mapping[str, list[tuple[str, int, str]]] = defaultdict(list)
        for step in steps:
            self._out[step.source].append((step.target, worlds_where(step.id, step.probability), step.id))

    def held(self, removed: Container[str] = ()) -> dict[str, int]:
        """For every node that can be held: the mask of the worlds in which it is, without the removed steps."""
        held: dict[str, int] = {START: EVERY_WORLD}
        queue = deque([START])
        waiting = {START}
        while queue:
            node = queue.popleft()
            waiting.discard(node)
            mask = held[node]
            for target, works, step in self._out.get(node, ()):
                if step in removed:
                    continue
                before = held.get(target, 0)
                after = before | (mask & works)
                if after != before:
                    held[target] = after
                    if target not in waiting:
                        waiting.add(target)
                        queue.append(target)
        return held

    def risk(self, removed: Container[str] = ()) -> float:
        """`sum of impact(goal) * P(goal reachable)` without the removed steps."""
        held = self.held(removed)
        return sum(goal.impact * held.get(goal.node, 0).bit_count() for goal in self.goals) / WORLDS
