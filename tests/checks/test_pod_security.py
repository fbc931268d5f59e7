"""The level of a pod is what the API server's own admission says of it, and so is what a namespace's labels ask for."""

import json

import pytest
from tests.checks import test_pss

from fourc.checks.pod_security import BASELINE, RESTRICTED, controls, level_met, verdicts
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.pod_security import Level, LevelVersion, PodSecurityPolicy, policy_of
from fourc.model.version import KubeVersion
from fourc.patch.yaml.node import Json

NEW, OLD = KubeVersion(37), KubeVersion(31)


def inventory(*objects: dict[str, Json]) -> Inventory:
    return collect_stdin(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}).encode()).inventory


def pod(name: str, spec: dict[str, Json], security: dict[str, Json]) -> dict[str, Json]:
    container: Json = {"name": "main", "image": "example.com/a:1", "securityContext": security}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


GOOD: dict[str, Json] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def test_each_workload_has_its_own_verdict_and_all_of_them_the_level_that_the_weakest_meets() -> None:
    judged = verdicts(inventory(pod("a", {}, GOOD), pod("b", {}, {}), pod("c", {"hostPID": True}, GOOD)), NEW)
    assert {v.workload.meta.name: v.level for v in judged} == {
        "a": Level.RESTRICTED,
        "b": Level.BASELINE,
        "c": Level.PRIVILEGED,
    }
    assert [level_met(judged[:n]) for n in range(4)] == [
        Level.RESTRICTED,
        Level.RESTRICTED,
        Level.BASELINE,
        Level.PRIVILEGED,
    ]
    assert judged[2].against(Level.RESTRICTED) == {"hostNamespaces"}
    assert [f.rule for f in judged[2].findings(Level.BASELINE)] == ["host-namespace"]


def test_a_windows_pod_may_meet_restricted_and_not_baseline() -> None:
    windows: dict[str, Json] = {"runAsNonRoot": True, "seccompProfile": {"type": "Unconfined"}}
    (judged,) = verdicts(inventory(pod("w", {"os": {"name": "windows"}}, windows)), NEW)
    assert judged.against(Level.BASELINE) == {"seccompProfile_baseline"}
    assert judged.meets(Level.RESTRICTED)


def test_the_version_that_is_pinned_decides() -> None:
    own_users = {**GOOD, "procMount": "Unmasked"}
    pods = inventory(pod("u", {"hostUsers": False}, own_users))
    assert [v.against(Level.BASELINE) for v in (*verdicts(pods, OLD), *verdicts(pods, NEW))] == [{"procMount"}, set()]
    assert [v.against(Level.RESTRICTED) for v in (*verdicts(pods, OLD), *verdicts(pods, NEW))] == [
        {"procMount"},
        {"procMount_restricted"},
    ]


def test_the_controls_are_those_of_the_table_that_holds_the_rules_of_every_minor() -> None:
    assert (BASELINE, RESTRICTED) == (test_pss.BASELINE, test_pss.RESTRICTED)
    assert controls(Level.RESTRICTED, NEW) == RESTRICTED | BASELINE - {
        *("capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline")
    }


ENFORCE, WARN = "pod-security.kubernetes.io/enforce", "pod-security.kubernetes.io/warn"


@pytest.mark.parametrize(
    ("labels", "enforce", "warn"),
    [
        ({}, (Level.PRIVILEGED, 37), (Level.PRIVILEGED, 37)),
        ({ENFORCE: "baseline", f"{ENFORCE}-version": "v1.25"}, (Level.BASELINE, 25), (Level.BASELINE, 25)),
        ({ENFORCE: "baseline", WARN: "restricted"}, (Level.BASELINE, 37), (Level.RESTRICTED, 37)),
        ({ENFORCE: "restricted", WARN: "privileged"}, (Level.RESTRICTED, 37), (Level.PRIVILEGED, 37)),
        ({ENFORCE: "Baseline"}, (Level.RESTRICTED, 37), (Level.PRIVILEGED, 37)),
        ({WARN: "all"}, (Level.PRIVILEGED, 37), (Level.PRIVILEGED, 37)),
        ({ENFORCE: "baseline", f"{ENFORCE}-version": "1.25"}, (Level.BASELINE, 37), (Level.BASELINE, 37)),
        ({ENFORCE: "baseline", f"{ENFORCE}-version": "v1.99"}, (Level.BASELINE, 37), (Level.BASELINE, 37)),
        (
            {ENFORCE: "baseline", f"{ENFORCE}-version": "v1.25", f"{WARN}-version": "v1.30"},
            (Level.BASELINE, 25),
            (Level.BASELINE, 30),
        ),
    ],
)
def test_labels_mean_what_they_mean_to_the_server(
    labels: dict[str, str], enforce: tuple[Level, int], warn: tuple[Level, int]
) -> None:
    wanted = [LevelVersion(level, KubeVersion(minor)) for level, minor in (enforce, warn)]
    assert policy_of(labels) == PodSecurityPolicy(*wanted)
