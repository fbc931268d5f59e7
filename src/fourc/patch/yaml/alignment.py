"""Which item of a list each item of another is, so that what stands beside an item stays with it or goes with it."""

from collections.abc import Sequence

from .node import Json
from .target import same

_MOST = 10_000  # pairs that are compared; longer lists are taken item by item
_REPLACED = 0.001  # what an item is worth that becomes another one: less than any likeness


def aligned(old: Sequence[Json], new: Sequence[Json]) -> list[int | None]:
    """For each new item the index of the old one that it is or becomes, None for one that is added; indexes ascend.

    As much as possible stays: equal items first, then mappings by the share of their keys that are equal. The first new
    item always has an old one.
    """
    if not old or not new:
        return [None] * len(new)
    if len(old) * len(new) > _MOST:
        return [index if index < len(old) else None for index in range(len(new))]
    # best[i][j]: the worth of the old items from i on and the new ones from j on
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = [[_likeness(a, b) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            added = best[i][j + 1] if j else -1.0
            best[i][j] = max(likeness[i][j] + best[i + 1][j + 1], best[i + 1][j], added)
    found: list[int | None] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found.append(i)
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            found.append(None)
            j += 1
    return found + [None] * (len(new) - j)


def _likeness(old: Json, new: Json) -> float:
    """1 for equal items, less for mappings that share keys, least for anything else."""
    if same(old, new):
        return 1.0
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        shared = sum(key in old and same(old[key], value) for key, value in new.items())
        return _REPLACED + 0.9 * shared / max(len(old), len(new))
    return _REPLACED
