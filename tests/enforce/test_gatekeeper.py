"""Gatekeeper, asked itself, comes to the verdicts of the checks."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.enforce.engines import gator
from tests.enforce.specs import Case, own, upstream

from fourc.enforce import gatekeeper
from fourc.enforce.cel import as_stored
from fourc.enforce.export import Asked, Exemption, Exporter, Stage
from fourc.enforce.expressions.table import all_rules
from fourc.enforce.judged import shape_of
from fourc.enforce.own_check import Kind, OwnCheck, Validation
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.model.version import KubeVersion


def by_version() -> Mapping[KubeVersion, list[Case]]:
    """Every object of our specs and of upstream's fixtures, by the version that it is judged for."""
    found: dict[KubeVersion, list[Case]] = defaultdict(list)
    for case in (*own(), *upstream()):
        found[case.version].append(case)
    return found


Name = tuple[str, str, str]


def named(cases: Iterable[Case]) -> dict[Name, dict[str, Any]]:
    """The objects as the API server stores them, outside the system's namespaces, each with a name of its own."""
    objects: dict[Name, dict[str, Any]] = {}
    for index, case in enumerate(cases):
        thing: Any = as_stored(dict(case.manifest))
        metadata = dict(thing["metadata"])
        if metadata.get("namespace", "").startswith("kube-"):
            del metadata["namespace"]
        if name_of({**thing, "metadata": metadata}) in objects:
            metadata["name"] = f"case-{index}"
        made = {**thing, "metadata": metadata}
        objects[name_of(made)] = made
    return objects


def name_of(thing: Mapping[str, Any]) -> Name:
    """By what reports call an object."""
    metadata = thing["metadata"]
    return thing["kind"], metadata.get("namespace") or "default", metadata["name"]


def write(folder: Path, exporter: Exporter, version: KubeVersion, objects: Iterable[Mapping[str, Any]]) -> None:
    """The policies and the objects as files."""
    (folder / "policies").mkdir()
    for file in exporter(Asked(stage=Stage.DENY, version=version)).files:
        (folder / "policies" / file.name).write_text(file.text, "utf-8")
    (folder / "objects.yaml").write_text(yaml.safe_dump_all(objects), "utf-8")


def disagreements(
    cases: Iterable[Case], names: Iterable[Name], refused: Mapping[Name, set[str]], version: KubeVersion
) -> list[tuple[str, str, bool]]:
    """Where the engine's verdict is not that of the check."""
    rules = {(shape, r.check): r for r in all_rules(version) for shape in r.shapes}
    return [
        (case.name, check, check in refused.get(name, ()))
        for case, name in zip(cases, names, strict=True)
        for (shape, check), rule in rules.items()
        if shape is shape_of(case.manifest) and case.disagrees(rule, refused=check in refused.get(name, ()))
    ]


@pytest.mark.parametrize("version", sorted(by_version()), ids=str)
def test_gatekeeper_refuses_exactly_what_the_checks_find(version: KubeVersion, tmp_path: Path) -> None:
    cases = by_version()[version]
    objects = named(cases)
    write(tmp_path, gatekeeper.exported, version, objects.values())
    command = [gator(), "test", "-f", str(tmp_path), "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    refused: dict[Name, set[str]] = defaultdict(set)
    for violation in json.loads(done.stdout):
        check = violation["constraint"]["metadata"]["name"].removeprefix("fourc-")
        assert violation["msg"].startswith(f"{check}: ")
        refused[name_of(violation["violatingObject"])].add(check)
    assert refused.keys() <= objects.keys()
    assert disagreements(cases, objects, refused, version) == []


OWNER = """
  ownerReferences: [{{apiVersion: apps/v1, kind: {kind}, name: {name}, controller: true, uid: u}}]"""
POD = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: {namespace}{owner}
spec: {{containers: [{{name: a, image: b, securityContext: {{privileged: true}}}}]}}
"""


def test_an_exempted_workload_and_its_pods_are_left_alone_and_nothing_else(tmp_path: Path) -> None:
    exempt = frozenset({Exemption("privileged-container", "node", "agent")})
    for file in gatekeeper.exported(Asked(frozenset({"privileged-container"}), Stage.DENY, exempt=exempt)).files:
        (tmp_path / file.name).write_text(file.text, "utf-8")
    owner = OWNER.format(kind="DaemonSet", name="agent")
    pods = [
        POD.format(name="agent-x1", namespace="node", owner=owner),
        POD.format(name="agent-x1", namespace="shop", owner=owner),
        POD.format(name="agent", namespace="node", owner=""),
        POD.format(name="agents", namespace="node", owner=""),
    ]
    (tmp_path / "pods.yaml").write_text("---\n".join(pods), "utf-8")
    command = [gator(), "test", "-f", str(tmp_path), "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    refused = {name_of(violation["violatingObject"])[1:] for violation in json.loads(done.stdout)}
    assert refused == {("shop", "agent-x1"), ("node", "agents")}


def update(before: str, after: str) -> str:
    """The question whether a pod may change from one text to the other."""
    pod = {"group": "", "version": "v1", "kind": "Pod"}
    request = {
        "uid": "u",
        "kind": pod,
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "UPDATE",
        "namespace": "shop",
        "name": "a",
        "userInfo": {"username": "someone"},
        "oldObject": yaml.safe_load(before),
        "object": yaml.safe_load(after),
    }
    return yaml.safe_dump({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request})


SUITE = """
apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
tests:
  - name: updates
    template: templates.yaml
    constraint: constraints.yaml
    cases:
      - {name: labelled, object: labelled.yaml, assertions: [{violations: no}]}
      - {name: another image, object: changed.yaml, assertions: [{violations: 1}]}
"""


def test_an_update_is_judged_only_where_it_changes_what_the_check_reads(tmp_path: Path) -> None:
    for file in gatekeeper.exported(Asked(frozenset({"privileged-container"}), Stage.DENY)).files:
        (tmp_path / file.name).write_text(file.text, "utf-8")
    pod = POD.format(name="a", namespace="shop", owner="")
    (tmp_path / "labelled.yaml").write_text(
        update(pod, pod.replace("name: a\n", "name: a\n  labels: {b: c}\n")), "utf-8"
    )
    (tmp_path / "changed.yaml").write_text(update(pod, pod.replace("image: b", "image: c")), "utf-8")
    (tmp_path / "suite.yaml").write_text(SUITE, "utf-8")
    done = subprocess.run([gator(), "verify", str(tmp_path)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout


OWN = OwnCheck(
    id="no-shop-secrets",
    severity=Severity.LOW,
    layer=Layer.CLUSTER,
    title=Text("Nothing is called after a secret.", "不得以 secret 命名。"),
    why=Text("", ""),
    references=(),
    pods=True,
    kinds=(Kind("", "v1", "configmaps", "ConfigMap"),),
    variables=(("name", "object.metadata.name"),),
    validations=(
        Validation("!variables.name.startsWith('secret')", Text("choose another name", "请换一个名称")),
        Validation("object.kind == 'ConfigMap' || has(variables.pod.nodeName)", Text("say the node", "请写明节点")),
    ),
    file="checks.yaml",
)
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}\n"


def test_a_check_that_users_wrote_is_asked_of_pods_and_of_its_own_kinds(tmp_path: Path) -> None:
    for file in gatekeeper.exported(Asked(frozenset({OWN.id}), Stage.DENY, own=(OWN,))).files:
        (tmp_path / file.name).write_text(file.text, "utf-8")
    pod = POD.format(name="secret-pod", namespace="shop", owner="")
    objects = [pod, CONFIG_MAP.format(name="secret-map"), CONFIG_MAP.format(name="map")]
    (tmp_path / "objects.yaml").write_text("---\n".join(objects), "utf-8")
    command = [gator(), "test", "-f", str(tmp_path), "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    said = {(name_of(v["violatingObject"])[2], v["msg"]) for v in json.loads(done.stdout)}
    assert said == {
        ("secret-pod", "no-shop-secrets: choose another name"),
        ("secret-pod", "no-shop-secrets: say the node"),
        ("secret-map", "no-shop-secrets: choose another name"),
    }


def test_a_template_and_its_constraint_are_written_apart_because_one_makes_the_kind_of_the_other() -> None:
    templates, constraints = gatekeeper.exported(Asked(frozenset({"host-port"}), Stage.WARN)).files
    template, constraint = yaml.safe_load(templates.text), yaml.safe_load(constraints.text)
    assert (templates.name, constraints.name) == ("templates.yaml", "constraints.yaml")
    assert template["spec"]["crd"]["spec"]["names"]["kind"] == constraint["kind"] == "FourcHostPort"
    assert constraint["spec"]["enforcementAction"] == "warn"


def test_without_a_policy_nothing_is_written_or_told() -> None:
    result = gatekeeper.exported(Asked(frozenset({"credential-in-env"})))
    assert (result.files, result.told) == ((), ())
    assert [out.check for out in result.left_out] == ["credential-in-env"]
