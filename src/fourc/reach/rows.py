"""What one end of a connection is allowed: for every other end the ports, as few blocks of bits.

A row maps a set of ports (bits of `PortAtoms`) to the ends that have just these; its blocks are disjoint.
"""

from collections.abc import Iterable

from fourc.model.kubernetes.admin_policy import Action

Row = dict[int, int]
Block = tuple[int, int]
"""Ends (bits), and the ports (bits) that are meant for all of them."""


def add(row: Row, ends: int, ports: int) -> None:
    """Add ports for some ends."""
    if not ends or not ports:
        return
    rest = ends
    for known, block in list(row.items()):
        hit = block & rest
        if not hit:
            continue
        rest ^= hit
        more = known | ports
        if more == known:
            continue
        if hit == block:
            del row[known]
        else:
            row[known] = block ^ hit
        row[more] = row.get(more, 0) | hit
        if not rest:
            return
    if rest:
        row[ports] = row.get(ports, 0) | rest


def meet(first: Row, second: Row) -> Row:
    """What both rows have."""
    row: Row = {}
    for ports, ends in first.items():
        for others, more in second.items():
            both, common = ends & more, ports & others
            if both and common:
                row[common] = row.get(common, 0) | both
    return row


class Decision:
    """Connections that the rules of a tier are asked about one after the other; the first that matches decides."""

    def __init__(self, open_: Row) -> None:
        self.open = open_
        self.allowed: Row = {}
        self.passed: Row = {}

    def ask(self, action: Action, blocks: Iterable[Block]) -> None:
        """One rule: what it matches is decided."""
        for ends, ports in blocks:
            for known, block in list(self.open.items()):
                hit, decided = block & ends, known & ports
                if not hit or not decided:
                    continue
                if hit == block:
                    del self.open[known]
                else:
                    self.open[known] = block ^ hit
                left = known & ~decided
                if left:
                    self.open[left] = self.open.get(left, 0) | hit
                if action is Action.ALLOW:
                    add(self.allowed, hit, decided)
                elif action is Action.PASS:
                    add(self.passed, hit, decided)

    def undecided(self) -> Row:
        """What is left for the next tier: untouched or passed on."""
        row = dict(self.open)
        for ports, ends in self.passed.items():
            add(row, ends, ports)
        return row
