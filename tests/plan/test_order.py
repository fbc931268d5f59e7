"""The order takes what removes most risk for its cost first, and says where one may stop."""

from fourc.graph.solve import START
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.location import Origin
from fourc.model.remedy import ChangeKind, FixClass, Remedy
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.subject import Ref
from fourc.model.text import same
from fourc.patch.yaml.operations import Remove
from fourc.plan.changes import change_id, drafts
from fourc.plan.order import Terms, order
from fourc.plan.ways import ways


def finding(name: str, kind: ChangeKind = ChangeKind.ISOLATE_FROM_HOST) -> Finding:
    owner = Ref("Deployment", "shop", name)
    fix = Remedy("stop-privileged", kind, owner, (Remove(("spec",)),), FixClass.TRY_FIRST)
    return Finding(
        "privileged-container", Layer.CONTAINER, Severity.HIGH, Confidence.HIGH, same(name), owner,
        Origin(f"{name}.yaml", 0, 1), ("spec",), None, "", (), fix,
    )  # fmt: skip


def graph_of(*risky: tuple[Finding, float]) -> Graph:
    steps: list[Step] = []
    for found, chance in risky:
        name = found.subject.name
        steps.append(Step(f"in-{name}", "in", START, name, 0.5, Basis.ASSUMED, (), same("")))
        steps.append(
            Step(
                f"out-{name}", "out", name, "node", chance, Basis.INFERRED, (), same(""), frozenset({found.fingerprint})
            )
        )
    return Graph((Node("node", "node", "node"),), tuple(steps), (Goal("node", GoalKind.NODE_ROOT, 60),))


def test_the_change_that_removes_most_risk_for_the_same_cost_comes_first() -> None:
    small, big = finding("small"), finding("big")
    plan = order(graph_of((small, 0.1), (big, 0.9)), drafts(Inventory(), [small, big]))
    assert [c.owner.name for c in plan.changes] == ["big", "small"]
    assert plan.changes[0].risk_removed.likely > plan.changes[1].risk_removed.likely


def test_a_change_that_removes_no_risk_stands_behind_the_stop_line() -> None:
    useful, idle = finding("useful"), finding("idle")
    plan = order(graph_of((useful, 0.9)), drafts(Inventory(), [useful, idle]))
    assert [c.owner.name for c in plan.changes[: plan.stop]] == ["useful"]


def test_ways_are_the_last_steps_and_a_change_closes_its_own() -> None:
    one, two = finding("one"), finding("two")
    graph = graph_of((one, 0.9), (two, 0.9))
    assert {w.source for w in ways(graph)} == {"one", "two"}
    plan = order(graph, drafts(Inventory(), [one, two]))
    assert [len(w) for w in plan.ways_after] == [1, 0]


def test_what_was_taught_changes_the_hours_and_the_order() -> None:
    host, net = finding("host"), finding("net", ChangeKind.DROP_TOKEN)
    graph = graph_of((host, 0.5), (net, 0.5))
    made = drafts(Inventory(), [host, net])
    assert order(graph, made).changes[0].owner.name == "net"
    slow = order(graph, made, Terms(taught={ChangeKind.DROP_TOKEN: 20.0}))
    assert slow.changes[0].owner.name == "host"


def test_ids_depend_on_kind_and_owner_alone() -> None:
    ref = Ref("Deployment", "shop", "web")
    assert change_id(ChangeKind.HARDEN, ref) == change_id(ChangeKind.HARDEN, ref)
    assert change_id(ChangeKind.HARDEN, ref) != change_id(ChangeKind.HARDEN, Ref("Deployment", "other", "web"))
