"""Where nodes, steps and goals are put together; the ideas that yield them stand in files of their own."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from fourc.graph import odds
from fourc.graph.kinds import REFERENCES
from fourc.graph.mending import Mending
from fourc.graph.odds import ODDS, Odds
from fourc.graph.solve import START
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Place, Step
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.rbac.identities import Identity
from fourc.rbac.resolve import Authorization, EffectiveRole

NODE, ADMIN, OUTAGE, NETWORK, SECRETS, CLOUD = "node", "cluster-admin", "outage", "network", "secrets", "cloud-admin"


def workload_id(ref: Ref) -> str:
    """The graph's name for a workload."""
    return f"{ref.kind}/{ref.namespace or 'default'}/{ref.name}"


def identity_id(identity: Identity) -> str:
    """The graph's name for an identity."""
    if identity.kind == "ServiceAccount":
        return f"identity:{identity.namespace}/{identity.name}"
    return f"identity:{identity.kind}/{identity.name}"


def shown(ref: Ref) -> str:
    """An object as evidence names it: `Deployment shop/web`."""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"


def permission_id(role: EffectiveRole, scope: str | None) -> str:
    """The graph's name for what a role allows where it is held."""
    meta = role.meta
    if meta.kind == "Role":
        return f"permission:Role/{meta.namespace}/{meta.name}"
    return f"permission:ClusterRole/{meta.name}" + ("" if scope is None else f"/{scope}")


class Builder:
    """The graph so far, and what every idea asks of the run."""

    def __init__(self, inventory: Inventory, mending: Mending, found: Authorization) -> None:
        self.inventory = inventory
        self.mending = mending
        self.authorization = found
        self.steps: dict[str, Step] = {}
        self.nodes: dict[str, Node] = {START: Node(START, START, START)}
        self.goals: dict[str, Goal] = {}

    def graph(self) -> Graph:
        """What was put together."""
        return Graph(tuple(self.nodes.values()), tuple(self.steps.values()), tuple(self.goals.values()))

    def node(self, name: str, kind: str, said: str, namespace: str | None = None) -> str:
        """A node, made once; returns its id."""
        if name not in self.nodes:
            self.nodes[name] = Node(name, kind, said, namespace)
        return name

    def goal(
        self, name: str, kind: GoalKind, said: str, namespace: str | None = None, impact: float | None = None
    ) -> str:
        """A node that must not be reached; returns its id."""
        self.node(name, "goal", said, namespace)
        if name not in self.goals:
            self.goals[name] = Goal(name, kind, odds.IMPACT[kind] if impact is None else impact)
        return name

    def step(
        self,
        kind: str,
        source: str,
        target: str,
        evidence: Text,
        *,
        findings: Iterable[Finding] = (),
        places: Iterable[Place] = (),
        when: Sequence[str] = (),
        chance: Odds | None = None,
        references: tuple[str, ...] | None = None,
        tail: str = "",
        assumed: bool = False,
        known_as: str = "",
    ) -> None:
        """A step; of several with the same id the first counts.

        `known_as` is a row of the odds that differs from the kind; `assumed` makes it a step of which nobody is sure, such
        as one that the documented need of a platform program opens.
        """
        row = known_as or kind
        chance = ODDS[row] if chance is None else chance
        if assumed:
            chance = replace(chance, basis=Basis.ASSUMED)
        name = ":".join(p for p in (kind, source, target, tail) if p)
        if name in self.steps or source == target:
            return
        self.steps[name] = Step(
            name,
            kind,
            source,
            target,
            chance.probability,
            chance.basis,
            REFERENCES[kind] if references is None else references,
            evidence,
            frozenset(f.fingerprint for f in findings),
            tuple(when),
            tuple(places),
            "" if row == kind else row,
        )

    # --- nodes that several ideas share -------------------------------------------------------------------------------

    def workload(self, workload: Workload) -> str:
        """The node of a workload."""
        ref = workload.meta.ref
        return self.node(workload_id(ref), ref.kind, ref.name, ref.namespace)

    def identity(self, identity: Identity) -> str:
        """The node of an identity."""
        return self.node(identity_id(identity), "identity", identity.name, identity.namespace or None)

    def permission(self, role: EffectiveRole, scope: str | None) -> str:
        """The node of a role where it is held."""
        return self.node(permission_id(role, scope), "permission", role.meta.name, scope)

    def secret(self, namespace: str, name: str) -> str:
        """The node of one Secret."""
        return self.node(f"secret:{namespace}/{name}", "secret", name, namespace)
