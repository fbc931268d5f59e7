"""What a cluster prints for one workload counts once."""

import json

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.patch.yaml.node import Json

SPEC: Json = {"containers": [{"name": "c", "image": "i"}]}


def thing(kind: str, name: str, owner: tuple[str, str] | None = None, *, version: str = "apps/v1") -> dict[str, Json]:
    """An object as a cluster prints it."""
    metadata: dict[str, Json] = {"name": name, "namespace": "team", "uid": f"{kind}-{name}", "managedFields": []}
    if owner:
        metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True}]
    spec: Json = SPEC if kind == "Pod" else {"template": {"spec": SPEC}}
    if kind == "CronJob":
        spec = {"jobTemplate": {"spec": {"template": {"spec": SPEC}}}}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec, "status": {}}


def read(*items: Json) -> Inventory:
    """The inventory of the objects as `kubectl get -o json` lists them."""
    return collect_stdin(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)}).encode()).inventory


def names(inventory: Inventory) -> list[str]:
    """Kinds and names of the workloads."""
    return [f"{w.meta.kind}/{w.meta.name}" for w in inventory.workloads]


def test_pods_and_replica_sets_fold_into_their_deployment() -> None:
    inventory = read(
        thing("Pod", "web-1-a", ("ReplicaSet", "web-1"), version="v1"),
        thing("ReplicaSet", "web-1", ("Deployment", "web")),
        thing("Deployment", "web"),
    )
    assert names(inventory) == ["Deployment/web"]


def test_they_fold_also_where_what_stands_between_was_not_asked_for() -> None:
    inventory = read(
        thing("Pod", "web-6d4f9c-a", ("ReplicaSet", "web-6d4f9c"), version="v1"),
        thing("Deployment", "web"),
        thing("Pod", "report-28-x", ("Job", "report-28"), version="v1"),
        thing("CronJob", "report", version="batch/v1"),
    )
    assert names(inventory) == ["Deployment/web", "CronJob/report"]


def test_what_has_no_owner_in_the_input_stays() -> None:
    inventory = read(
        thing("Pod", "api-1-a", ("ReplicaSet", "api-1"), version="v1"),
        thing("Job", "once", version="batch/v1"),
        thing("Deployment", "web"),
    )
    assert names(inventory) == ["Pod/api-1-a", "Job/once", "Deployment/web"]


def test_owners_in_a_circle_do_no_harm() -> None:
    inventory = read(thing("Pod", "a", ("Pod", "a"), version="v1"))
    assert names(inventory) == ["Pod/a"]


def test_an_object_that_comes_twice_counts_once_whatever_its_status() -> None:
    again = thing("Deployment", "web") | {"status": {"replicas": 3}}
    assert names(read(thing("Deployment", "web"), again)) == ["Deployment/web"]


def test_an_autoscaler_marks_its_target_of_the_same_namespace() -> None:
    scaler: dict[str, Json] = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "h", "namespace": "team"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "web"}},
    }
    inventory = read(thing("Deployment", "web"), thing("Deployment", "api"), scaler)
    assert [(w.meta.name, w.autoscaled) for w in inventory.workloads] == [("web", True), ("api", False)]
