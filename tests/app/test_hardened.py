"""A cluster as it should be gives nothing to do; each hole planted into it is the first change, and that change closes it."""

from pathlib import Path

import pytest
from tests.app.hardened import HOLES, files, write

from fourc.app.fix import apply, choose
from fourc.app.graph import attacks_of
from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.model.finding import Severity
from fourc.model.step import Basis

GRAVE = Severity.MEDIUM


def certain_paths(planned: Planned) -> set[str]:
    """The paths without an assumed step."""
    return {p.id for p in attacks_of(planned).found.paths if p.basis is not Basis.ASSUMED}


def grave_rules(planned: Planned) -> set[str]:
    return {f.rule for f in planned.seen.findings if f.severity >= GRAVE}


def test_a_hardened_cluster_has_no_path_that_is_more_than_assumed_and_no_grave_change(tmp_path: Path) -> None:
    planned = plan_for(Request((str(write(tmp_path, files())),)))
    assert planned.seen.gaps == ()
    assert certain_paths(planned) == set()
    assert grave_rules(planned) == set()
    worst = [f.severity for d in planned.drafts.values() for f in d.findings]
    assert max(worst, default=Severity.INFO) <= Severity.LOW
    assert attacks_of(planned).found.paths  # every workload has its assumed entry


# Hole: the rule that the first change must mend, whether it makes a path that is more than assumed, and the step that it is.
FIRST: dict[str, tuple[str, bool, str]] = {
    "privileged pod": ("privileged-container", False, "mount-host-disk:Deployment/shop/api:node"),
    "wildcard role on an exposed identity": ("rbac-wildcard", True, "rbac-everything:"),
    "runtime socket": ("sensitive-host-path", False, "use-runtime-socket:Deployment/shop/api:node"),
    "host path": ("sensitive-host-path", False, "write-host:volume:Deployment/shop/api/host:node"),
    "cluster-wide secret reader": ("rbac-secrets-access", False, "rbac-list-secrets:"),
    "missing default deny": ("namespace-without-default-deny", False, ""),
    "open data store": ("workload-without-policy", False, "read-open-store:network"),
    "host daemon": ("host-namespace", False, "see-host-processes:DaemonSet/data/inspector:node"),
    "anonymous binding": ("binding-to-everyone", True, "call-api-anonymously:"),
}


def stands(planned: Planned, step: str) -> bool:
    """Whether such a step is there that a change could take away (nobody can take the API server's door away)."""
    return any(s.id.startswith(step) and (s.findings or s.source == "internet") for s in planned.graph.steps)


@pytest.mark.parametrize("hole", HOLES)
def test_a_single_hole_is_the_first_change_and_that_change_alone_closes_it(tmp_path: Path, hole: str) -> None:
    rule, exposed, step = FIRST[hole]
    made = files()
    HOLES[hole](made)
    folder = write(tmp_path, made)
    planned = plan_for(Request((str(folder),)))
    assert not step or stands(planned, step)
    assert rule in {f.rule for f in planned.drafts[planned.plan.changes[0].id].findings}
    assert bool(certain_paths(planned)) is exposed
    apply(choose(planned, ["1"], None), force=True)
    after = plan_for(Request((str(folder),)))
    assert not step or not stands(after, step)
    assert rule not in grave_rules(after)
    assert certain_paths(after) == set()
