"""The attack graph of one run, for the reporters."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.step import AttackPath, Graph


class Attack(Struct, frozen=True):
    """Graph, ranked paths, what was not seen, and by step the places of its evidence."""

    name: str
    graph: Graph
    paths: tuple[AttackPath, ...]
    gaps: tuple[Gap, ...]
    places: Mapping[str, tuple[Location, ...]]
