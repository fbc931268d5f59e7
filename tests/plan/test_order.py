"""The order takes what removes most risk for its cost first, and says where one may stop."""

import pytest
from msgspec.structs import replace

from fourc.graph.solve import START
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.location import Origin
from fourc.model.remedy import ChangeKind, FixClass, Remedy
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.subject import Ref
from fourc.model.text import same
from fourc.patch.yaml.operations import Remove, Set
from fourc.plan import costs
from fourc.plan.changes import change_id, drafts
from fourc.plan.order import Terms, on_paths, order
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


def test_only_secrets_are_more_work_the_more_there_are() -> None:
    """Other kinds mend all findings of a change in one go; the user's own hours for one finding scale the further ones."""
    moved, hardened = (
        [costs.hours(kind, 1, 0, FixClass.SAFE, findings=number).likely for number in (1, 12)]
        for kind in (ChangeKind.MOVE_SECRETS, ChangeKind.HARDEN)
    )
    assert moved[1] - moved[0] == pytest.approx(11 * 0.25)
    assert hardened[0] == hardened[1]
    own = {ChangeKind.MOVE_SECRETS.value: 2.0}
    twice = [costs.hours(ChangeKind.MOVE_SECRETS, 1, 0, FixClass.SAFE, own, findings=n).likely for n in (1, 12)]
    assert twice[1] - twice[0] == pytest.approx(2 * 11 * 0.25)


def test_ids_depend_on_kind_and_owner_alone() -> None:
    ref = Ref("Deployment", "shop", "web")
    assert change_id(ChangeKind.HARDEN, ref) == change_id(ChangeKind.HARDEN, ref)
    assert change_id(ChangeKind.HARDEN, ref) != change_id(ChangeKind.HARDEN, Ref("Deployment", "other", "web"))


def test_an_interval_holds_the_likely_share_and_places_among_the_first_are_shares() -> None:
    found = [finding(n) for n in ("a", "b", "c", "d", "e")]
    graph = graph_of(*((f, 0.2 + 0.1 * i) for i, f in enumerate(found)))
    plan = order(graph, drafts(Inventory(), found))
    for change in plan.changes:
        assert change.risk_removed.low <= change.risk_removed.likely <= change.risk_removed.high
    assert plan.changes[0].risk_removed.low < plan.changes[0].risk_removed.high
    often = [c.among_first for c in plan.changes if c.among_first is not None]
    assert sum(often) == pytest.approx(3.0)
    assert often[0] > often[-1]


def test_three_equal_changes_that_are_all_there_are_always_among_the_first_three() -> None:
    found = [finding(n) for n in ("a", "b", "c")]
    plan = order(graph_of(*((f, 0.5) for f in found)), drafts(Inventory(), found))
    assert [c.among_first for c in plan.changes] == [1.0, 1.0, 1.0]


def test_the_first_changes_are_compared_with_every_set_of_their_cost() -> None:
    found = [finding(n) for n in ("a", "b", "c", "d")]
    plan = order(graph_of(*((f, 0.2 + 0.1 * i) for i, f in enumerate(found))), drafts(Inventory(), found))
    assert plan.optimum is not None
    assert plan.optimum.count == 3
    assert plan.optimum.removed == pytest.approx(sum(c.risk_removed.likely for c in plan.changes[:3]))
    assert plan.optimum.within < 0.05


def refusing(name: str) -> Finding:
    """A namespace that shall refuse pods."""
    namespace = Ref("Namespace", None, name)
    label = Set(("metadata", "labels", "pod-security.kubernetes.io/enforce"), "restricted")
    fix = Remedy("enforce", ChangeKind.GUARD_ADMISSION, namespace, (label,), FixClass.TRY_FIRST)
    return Finding(
        "namespace-enforces-nothing", Layer.CLUSTER, Severity.HIGH, Confidence.HIGH, same(name), namespace,
        Origin("ns.yaml", 0, 1), ("metadata",), None, "", (), fix,
    )  # fmt: skip


def test_a_namespace_refuses_pods_only_after_the_manifests_that_it_would_refuse() -> None:
    pod = replace(finding("web"), references=("pss:privileged",))
    plain, other = finding("plain"), replace(finding("far"), references=("pss:privileged",))
    other = replace(other, subject=Ref("Deployment", "elsewhere", "far"))
    flip = refusing("shop")
    made = {d.owner.name: d for d in drafts(Inventory(), [pod, plain, other, flip])}
    assert made["shop"].after == (made["web"].id,)
    steps = (
        Step("flip", "k", START, "node", 0.9, Basis.INFERRED, (), same(""), frozenset({flip.fingerprint})),
        Step("pod", "k", START, "other", 0.001, Basis.INFERRED, (), same(""), frozenset({pod.fingerprint})),
    )
    graph = Graph((), steps, (Goal("node", GoalKind.NODE_ROOT, 60), Goal("other", GoalKind.DATA, 1)))
    plan = order(graph, list(made.values()))
    assert [c.owner.name for c in plan.changes][:2] == ["web", "shop"]
    assert plan.changes[1].after == (made["web"].id,)
    assert order(graph, list(made.values()), Terms(without=frozenset({made["web"].id}))).changes[0].owner.name != "shop"


def test_a_finding_on_no_way_to_a_goal_is_on_no_path() -> None:
    used, idle = finding("used"), finding("idle")
    graph = graph_of((used, 0.5))
    loose = Step("x", "k", "nowhere", "node", 0.5, Basis.INFERRED, (), same(""), frozenset({idle.fingerprint}))
    assert on_paths(replace(graph, steps=(*graph.steps, loose))) == {used.fingerprint}
