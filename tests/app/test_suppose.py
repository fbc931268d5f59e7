"""What if: a pod is broken into, a change is never done, the user's own numbers count."""

import json
from pathlib import Path

import pytest

from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.app.suppose import Suppose, compromised, supposed
from fourc.cli.main import main
from fourc.errors import UsageError
from fourc.graph.solve import START
from fourc.model.remedy import ChangeKind
from fourc.model.settings import Settings
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.text import same
from fourc.plan.order import Terms

SHOP = str(Path(__file__).parents[2] / "examples" / "shop")


def test_a_pod_that_is_already_broken_into_raises_the_risk_and_what_protects_it_comes_first() -> None:
    usual = plan_for(Request((SHOP,)))
    worse = plan_for(Request((SHOP,), suppose=Suppose(("default/uploads",))))
    assert worse.plan.risk > usual.plan.risk
    assert worse.plan.changes[0].owner.name == "uploads"


def test_a_pods_own_name_names_its_workload() -> None:
    nodes = tuple(Node(f"Deployment/shop/{n}", "Deployment", n, "shop") for n in ("web", "web-api"))
    steps = tuple(Step(n.id, "k", START, n.id, 0.5, Basis.INFERRED, (), same("")) for n in nodes)
    graph = Graph(nodes, steps, (Goal(nodes[0].id, GoalKind.DATA, 1.0),))
    assert compromised(graph, ["shop/web-5d9c7b6f4-x2x7k"]) == {"Deployment/shop/web"}
    assert compromised(graph, ["shop/web-api-5d9c7b6f4-x2x7k"]) == {"Deployment/shop/web-api"}
    with pytest.raises(UsageError, match="no workload shop/wbe"):
        compromised(graph, ["shop/wbe"])


def test_a_change_that_is_never_done_leaves_its_risk_and_is_not_in_the_plan() -> None:
    usual = plan_for(Request((SHOP,)))
    first = usual.plan.changes[0]
    without = plan_for(Request((SHOP,), suppose=Suppose(without=("1",))))
    by_id = plan_for(Request((SHOP,), suppose=Suppose(without=(first.id,))))
    assert first.id not in {c.id for c in without.plan.changes}
    assert [c.id for c in by_id.plan.changes] == [c.id for c in without.plan.changes]
    assert without.what_if is not None
    assert without.what_if.left > without.what_if.left_with


@pytest.mark.parametrize("words", [["web"], ["compromised=web"], ["compromised=shop/"], ["stolen=shop/web"]])
def test_what_cannot_be_assumed_is_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        supposed(words, [])


def test_the_users_own_numbers_count() -> None:
    usual = plan_for(Request((SHOP,)))
    first = usual.plan.changes[0]
    slow = plan_for(Request((SHOP,), settings=Settings(hours={first.kind.value: 100.0})))
    assert slow.plan.changes[0].kind is not first.kind
    rare = plan_for(Request((SHOP,), settings=Settings(odds={"mount-host-disk": 0.0001})))
    assert rare.plan.risk != usual.plan.risk
    dear = plan_for(Request((SHOP,), settings=Settings(impact={"data": 1000.0})))
    assert dear.plan.risk > usual.plan.risk


def test_the_configurations_tables_reach_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "fourc.toml"
    own.write_text("[hours]\nisolate-from-host = 50\n[impact]\ndata = 31\n[odds]\nenter-through = 0.2\n")
    assert main(["plan", SHOP, "-f", "json", "--config", str(own)]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert min(c["hours"]["likely"] for c in changes if c["kind"] == "isolate-from-host") >= 50
    for wrong in ("[hours]\nnope = 1\n", "[odds]\nenter-through = 2\n", "impact = 3\n", "[impact]\ndata = -1\n"):
        own.write_text(wrong)
        assert main(["plan", SHOP, "--config", str(own)]) == 2
        assert "fourc.toml" in capsys.readouterr().err


def test_a_budget_is_kept_and_buys_at_least_what_the_first_changes_of_the_plan_do() -> None:
    usual = plan_for(Request((SHOP,))).plan
    for budget in (1.5, 4.0, 8.0):
        plan = plan_for(Request((SHOP,), terms=Terms(budget=budget))).plan
        assert sum(c.hours.likely for c in plan.changes) <= budget + 1e-9
        bought = spent = 0.0
        for change in usual.changes:
            spent += change.hours.likely
            if spent > budget:
                break
            bought += change.risk_removed.likely
        assert sum(c.risk_removed.likely for c in plan.changes) >= bought - 1e-9
        assert plan.optimum is not None
        assert plan.optimum.best >= plan.optimum.removed - 1e-9


def test_a_policy_is_worth_less_where_nobody_knows_that_it_is_enforced_and_least_where_it_is_not() -> None:
    def worth(enforced: bool | None) -> float:
        plan = plan_for(Request((SHOP,), settings=Settings(network_policies_enforced=enforced))).plan
        return sum(c.risk_removed.likely for c in plan.changes if c.kind is ChangeKind.RESTRICT_NETWORK)

    assert worth(enforced=True) > worth(enforced=None) > 2 * worth(enforced=False)
