"""Kubernetes Goat's documented attacks, as far as manifests show them, and how soon the plan breaks them.

The scenarios are those of the project's own guide (https://madhuakula.com/kubernetes-goat). An attack is broken when every
step that it needs is gone from the attack graph: the steps are named here by kind and place, not by our plan.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.graph.network import UNENFORCED
from fourc.model.step import Basis, Step
from fourc.plan.order import removed_steps

HERE = Path(__file__)
GOAT = Path(os.environ.get("FOURC_GOAT", HERE.parents[3] / "shared" / "fixtures" / "kubernetes-goat"))

Needs = Callable[[Step], bool]


def escape(workload: str) -> Needs:
    """A real way out of the container onto the node, lucky kernel holes aside."""
    return lambda s: workload in s.source and s.target == "node" and s.basis is not Basis.ASSUMED


def entering(workload: str, kind: str) -> Needs:
    """A way in; past a policy, where nobody knows whether policies are enforced, is only an assumption."""
    return lambda s: workload in s.target and s.kind.startswith(kind) and s.source != UNENFORCED


ATTACKS: Mapping[str, Needs] = {
    "S2 the docker socket of health-check": escape("health-check"),
    "S3 internal-proxy is made to call internal services": entering("internal-proxy", "enter-over-network"),
    "S4 system-monitor leads to the node": escape("system-monitor"),
    "S7 the registry answers everyone": entering("poor-registry", "enter-over-network"),
    "S8 a NodePort opens internal-proxy": entering("internal-proxy", "enter-through-service"),
    "S11 the cache of another namespace answers": entering("cache-store", "enter-over-network"),
    # Whoever is inside the pod reads its environment, wherever the value comes from: only keeping him out helps.
    "S12 the environment of system-monitor tells its secrets": (
        lambda s: s.target.endswith("system-monitor-deployment") and s.source in {"internet", "network"}
    ),
    "S13 hunger-check eats the node's memory": lambda s: "hunger-check" in s.source and s.kind == "exhaust-node",
    "S16 hunger-check's role reads every secret": (
        lambda s: "big-monolith" in s.source and s.kind.startswith("rbac") and s.target.startswith("secrets")
    ),
}


@pytest.fixture(scope="module")
def planned() -> Planned:
    if not GOAT.is_dir():
        pytest.skip("kubernetes-goat is not there; FOURC_GOAT names its folder")
    return plan_for(Request((str(GOAT),)))


def broken_by(planned: Planned, count: int) -> set[str]:
    """The attacks whose every step the first `count` changes remove."""
    first = planned.plan.changes[:count]
    mended = frozenset(f for c in first for f in planned.drafts[c.id].fingerprints)
    gone = removed_steps(planned.graph, mended)
    broken = set()
    for attack, needs in ATTACKS.items():
        steps = [s.id for s in planned.graph.steps if needs(s)]
        if steps and all(s in gone for s in steps):
            broken.add(attack.split()[0])
    return broken


def test_the_first_three_changes_break_five_attacks(planned: Planned) -> None:
    assert broken_by(planned, 3) >= {"S2", "S3", "S4", "S7", "S11"}


def test_the_first_eight_changes_break_eight_attacks(planned: Planned) -> None:
    assert broken_by(planned, 8) >= {"S2", "S3", "S4", "S7", "S8", "S11", "S13", "S16"}


def test_nothing_is_broken_before_anything_is_done(planned: Planned) -> None:
    assert broken_by(planned, 0) == set()
