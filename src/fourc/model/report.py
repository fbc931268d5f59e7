"""Everything that one run has to say, for the reporters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourc.model.change import Change
from fourc.model.finding import Finding
from fourc.model.gap import Gap
from fourc.model.text import Text


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that nobody named and that was not looked at, with the way to have it looked at."""

    what: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at."""

    files: int = 0
    documents: int = 0
    objects: int = 0
    applications: int = 0
    unseen: tuple[Unseen, ...] = ()
    kinds_not_modelled: Mapping[str, int] = field(default_factory=dict)
    platform: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `ways` is how many ways lead to a goal before any change, `ways_left[i]` how many after change `i`."""

    name: str
    kubernetes_version: str
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    coverage: Coverage
    changes: tuple[Change, ...] = ()
    stop: int = 0
    ways: int = 0
    ways_left: tuple[int, ...] = ()
    change_of: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, Text] = field(default_factory=dict)
    taught: bool = False
