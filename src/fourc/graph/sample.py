"""Sampled worlds as the bits of one integer: in bit i of a step's mask stands whether the step works in world i.

A step of probability p works in exactly `p * worlds` worlds (the fraction left over is decided by its seed), so that two
steps of one probability weigh the same and only how they meet is left to chance.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator

from fourc.model.step import Step

LEVELS = 12
EXACT = 2048  # with fewer worlds than that, the number of them is left to chance: large graphs have steps enough
FEW = 40  # so many worlds are named one by one, more are drawn for all worlds at once and then mended

_PAIRS = struct.Struct(">83H")

Sampler = Callable[[Step], int]


_COUNTS = ((1_000, 8192), (5_000, 4096), (50_000, 2048), (200_000, 1024))


def worlds_for(steps: int) -> int:
    """How many worlds a graph of so many steps is judged in: fewer where every one of them costs a lot."""
    return next((worlds for most, worlds in _COUNTS if steps <= most), 512)


def worlds_where(seed: str, probability: float, worlds: int) -> int:
    """A mask that depends on the seed alone; `worlds` is a multiple of eight and at most 65,536."""
    if probability > 0.5:  # the few worlds in which it fails are found sooner
        return (1 << worlds) - 1 ^ worlds_where(seed, 1 - probability, worlds)
    if worlds < EXACT:
        return _rough(seed, max(0.0, probability) * worlds, worlds)
    places = _places(seed, worlds)
    count = _rounded(max(0.0, probability) * worlds, next(places) / worlds)
    return _grown(_rough(seed, count, worlds) if count > FEW else 0, count, places)


def nested(seed: str, probabilities: list[float], worlds: int) -> list[int]:
    """One mask for each probability; a world of a smaller one is a world of every larger one."""
    places = _places(seed, worlds)
    fraction = next(places) / worlds
    counts = [worlds if p >= 1 else _rounded(max(0.0, p) * worlds, fraction) for p in probabilities]
    made: dict[int, int] = {}
    mask = _rough(seed, min(counts), worlds) if min(counts) > FEW else 0
    for count in sorted(set(counts)):
        mask = made[count] = (1 << worlds) - 1 if count == worlds else _grown(mask, count, places)
    return [made[count] for count in counts]


def plain(worlds: int) -> Sampler:
    """Every step by its own probability; steps of the same id work together."""
    return lambda step: worlds_where(step.id, step.probability, worlds)


def _rounded(number: float, fraction: float) -> int:
    whole = int(number)
    return whole + (fraction < number - whole)


def _places(seed: str, worlds: int) -> Iterator[int]:
    """Worlds, drawn again and again."""
    block = 0
    while True:
        data = hashlib.shake_128(b"%d\0%b" % (block, seed.encode())).digest(166)
        for place in _PAIRS.unpack(data):
            yield place % worlds
        block += 1


def _rough(seed: str, count: float, worlds: int) -> int:
    """About so many worlds: each binary place of a uniform number in every world halves what is undecided."""
    size = worlds // 8
    share = round(count / worlds * (1 << LEVELS))
    if share <= 0:
        return 0
    lowest = (share & -share).bit_length() - 1
    data = hashlib.shake_128(seed.encode()).digest(size * (LEVELS - lowest))
    mask = 0
    for place in range(lowest, LEVELS):
        bits = int.from_bytes(data[size * (LEVELS - 1 - place) : size * (LEVELS - place)])
        mask = (mask | bits) if share >> place & 1 else (mask & bits)
    return mask


def _grown(mask: int, count: int, places: Iterator[int]) -> int:
    """The mask with worlds added or taken away until it has so many."""
    have = mask.bit_count()
    while have != count:
        bit = 1 << next(places)
        if have < count:
            have += not mask & bit
            mask |= bit
        elif mask & bit:
            have -= 1
            mask ^= bit
    return mask
