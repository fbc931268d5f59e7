"""Steps of the attack graph and what they lead to."""

from enum import StrEnum

from msgspec import Struct

from fourc.model.location import Origin
from fourc.model.text import Text
from fourc.patch.yaml.node import Path

Place = tuple[Origin, Path]
"""Where something stands: the object and the field in it."""


class Basis(StrEnum):
    """How a step is known."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    ASSUMED = "assumed"


class GoalKind(StrEnum):
    """What must not be reached."""

    CLUSTER_ADMIN = "cluster-admin"
    NODE_ROOT = "node-root"
    CLOUD_ADMIN = "cloud-admin"
    SECRETS = "secrets"
    DATA = "data"
    OUTAGE = "outage"


class Node(Struct, frozen=True):
    """Something that an attacker can hold; `internet` is held from the start."""

    id: str
    kind: str
    name: str
    namespace: str | None = None


class Step(Struct, frozen=True):
    """What an attacker who holds `source` can do to hold `target`, with the yearly probability that it works.

    An AND step asks that the nodes of `when` are held as well. Fixing every one of `findings` (fingerprints) removes it; a
    step without findings has no known fix. `places` are the fields that the evidence speaks of, `row` is the row of the
    table of odds that the probability comes from (empty: that of its kind).
    """

    id: str
    kind: str
    source: str
    target: str
    probability: float
    basis: Basis
    references: tuple[str, ...]
    evidence: Text
    findings: frozenset[str] = frozenset()
    when: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    row: str = ""


class Goal(Struct, frozen=True):
    """A node that must not be reached, with its impact weight."""

    node: str
    kind: GoalKind
    impact: float


class Graph(Struct, frozen=True):
    """Nodes, steps and goals of one run."""

    nodes: tuple[Node, ...]
    steps: tuple[Step, ...]
    goals: tuple[Goal, ...]


class AttackPath(Struct, frozen=True):
    """One way from `internet` to a goal: the ids of its steps in order, each beginning where the one before ended.

    `probability` is the product over its steps and over what they ask for besides, `basis` the weakest of its steps.
    """

    id: str
    goal: str
    steps: tuple[str, ...]
    probability: float
    basis: Basis
