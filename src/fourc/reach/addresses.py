"""Addresses outside the cluster, cut at the borders of the policies' ranges."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

Block = tuple[str, tuple[str, ...]]
"""A range in CIDR notation and the ranges inside that it leaves out."""
_BITS = {4: 32, 6: 128}


class AddressRange(Struct, frozen=True):
    """Addresses `first` to `last` (as numbers) of an IP version that no policy tells apart."""

    version: int
    first: int
    last: int

    def __str__(self) -> str:
        """`first-last`."""
        make = ipaddress.IPv4Address if self.version == 4 else ipaddress.IPv6Address
        return f"{make(self.first)}-{make(self.last)}"

    @property
    def whole(self) -> bool:
        """Whether it is every address of its version."""
        return self.first == 0 and self.last == (1 << _BITS[self.version]) - 1


class AddressSpace:
    """The ranges in their order, and for each block the bits of those that it holds; `spoken` are the IP versions named."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        wanted = dict.fromkeys(blocks)
        spans = {block: _spans(block) for block in wanted}
        self.spoken = {4, *(v for found in spans.values() for v, _, _ in found)}
        self.ranges: tuple[AddressRange, ...] = tuple(r for v in _BITS for r in _ranges(v, spans))
        starts = {(r.version, r.first): i for i, r in enumerate(self.ranges)}
        ends = {(r.version, r.last): i for i, r in enumerate(self.ranges)}
        self._bits: Mapping[Block, int] = {
            block: sum((1 << ends[v, last] + 1) - (1 << starts[v, first]) for v, first, last in found)
            for block, found in spans.items()
        }

    def bits(self, block: Block) -> int:
        """The ranges inside a block that was among those given, as bits."""
        return self._bits[block]

    def apart(self, blocks: Iterable[Block]) -> tuple[tuple[int, AddressRange], ...]:
        """The ranges joined where none of these blocks tells them apart, each with the index of its first part.

        IPv6 is left out where no block speaks of it.
        """
        cuts = {(v, at) for block in blocks for v, first, last in _spans(block) for at in (first, last + 1)}
        starts = [i for i, r in enumerate(self.ranges) if r.first == 0 or (r.version, r.first) in cuts]
        ends = [*(i - 1 for i in starts[1:]), len(self.ranges) - 1]
        joined = ((i, self.ranges[i], self.ranges[j]) for i, j in zip(starts, ends, strict=True))
        return tuple((i, AddressRange(a.version, a.first, b.last)) for i, a, b in joined if a.version in self.spoken)

    @property
    def all(self) -> int:
        """Every range."""
        return (1 << len(self.ranges)) - 1


def covers_a_version(block: Block) -> bool:
    """Whether the block is every address of IPv4 or of IPv6."""
    return not block[1] and ipaddress.ip_network(block[0], strict=False).prefixlen == 0


def _spans(block: Block) -> tuple[tuple[int, int, int], ...]:
    """What the block holds, as disjoint `(version, first, last)`."""
    outer = ipaddress.ip_network(block[0], strict=False)
    holes = sorted(
        (int(hole.network_address), int(hole.broadcast_address))
        for hole in (ipaddress.ip_network(text, strict=False) for text in block[1])
        if hole.version == outer.version
    )
    found: list[tuple[int, int, int]] = []
    start, end = int(outer.network_address), int(outer.broadcast_address)
    for first, last in holes:
        if first > start:
            found.append((outer.version, start, min(first - 1, end)))
        start = max(start, last + 1)
    if start <= end:
        found.append((outer.version, start, end))
    return tuple(span for span in found if span[1] <= span[2])


def _ranges(version: int, spans: Mapping[Block, Sequence[tuple[int, int, int]]]) -> Iterable[AddressRange]:
    """The longest runs of addresses that no block tells apart."""
    size = 1 << _BITS[version]
    cuts = {0, size}
    for found in spans.values():
        for v, first, last in found:
            if v == version:
                cuts |= {first, last + 1}
    ordered = sorted(cuts)
    yield from (AddressRange(version, first, after - 1) for first, after in pairwise(ordered))
