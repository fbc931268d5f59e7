"""Kubernetes' own code on the exported policies: no warning of its type checker, and far below the server's budget."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from tests.cluster import binaries

from fourc.enforce.export import Asked
from fourc.enforce.expressions.rule import FIRST_MINOR, KINDS, Shape, used
from fourc.enforce.expressions.table import all_rules
from fourc.enforce.vap import exported, resource_rule, written_out
from fourc.model.version import NEWEST_MINOR, KubeVersion
from fourc.patch.yaml.node import Json

PER_CALL, PER_POLICY = 1_000_000, 10_000_000
"""What one expression and one policy may cost at run time (k8s.io/apiserver/pkg/apis/cel)."""


def told(policies: list[Json], thing: Mapping[str, Json] | None = None) -> Any:  # noqa: ANN401 - another program's JSON
    """What celcheck says of the policies."""
    try:
        program = binaries.celcheck()
    except binaries.UnavailableError as error:
        if binaries.demanded():
            pytest.fail(f"this machine must be able to check CEL: {error}")
        pytest.skip(f"no celcheck: {error}")
    asked = json.dumps({"policies": policies, **({"object": thing} if thing else {})})
    done = subprocess.run([program], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def written(asked: Asked) -> list[Any]:
    """The policies that are exported."""
    objects: list[Any] = [o for file in exported(asked).files for o in yaml.safe_load_all(file.text)]
    return [o for o in objects if o["kind"] == "ValidatingAdmissionPolicy"]


def inlined(version: KubeVersion) -> Iterator[Json]:
    """Every rule with its variables written out: the server's checker takes what stands behind a variable for anything."""
    for shape in Shape:
        rules = tuple(r for r in all_rules(version) if shape in r.shapes)
        named = used(shape, rules)
        for rule in rules:
            validation: dict[str, Json] = {"expression": written_out(rule.said.holds, named)}
            if rule.said.culprits:
                validation["messageExpression"] = written_out(f"({rule.said.culprits}).join(', ')", named)
            matched: list[Json] = [resource_rule(kind) for kind in KINDS[shape]]
            spec: Json = {"matchConstraints": {"resourceRules": matched}, "validations": [validation]}
            yield {"metadata": {"name": f"{rule.check}/{shape.value}"}, "spec": spec}


def test_the_type_checker_has_no_warning() -> None:
    assert told(written(Asked()))["warnings"] == []


def test_the_type_checker_has_no_warning_where_it_sees_behind_variables() -> None:
    distinct: dict[str, Json] = {}
    for minor in range(FIRST_MINOR, NEWEST_MINOR + 1):
        distinct |= {json.dumps(policy): policy for policy in inlined(KubeVersion(minor))}
    assert told([*distinct.values()])["warnings"] == []


def test_the_type_checker_would_see_a_field_that_does_not_exist() -> None:
    policies = [p for p in inlined(KubeVersion(NEWEST_MINOR)) if "host-path-volume/pods" in json.dumps(p)]
    wrong = json.loads(json.dumps(policies).replace("hostPath", "hostPat"))
    assert "undefined field 'hostPat'" in told(wrong)["warnings"][0]


def pod(containers: int, each: int) -> dict[str, Json]:
    """A pod with so many containers, a fifth as many init containers, and `each` of whatever a container or pod may list."""

    def container(name: str) -> dict[str, Json]:
        context: dict[str, Json] = {
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"] * min(each, 10)},
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
        }
        amounts: Json = {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"}
        return {
            "name": name,
            "image": f"registry.example.com/team/{name}:1.4",
            "securityContext": context,
            "resources": {"requests": amounts, "limits": amounts},
            "ports": [{"containerPort": 8000 + n} for n in range(each)],
            "volumeMounts": [{"name": f"v{n}", "mountPath": f"/m{n}", "subPath": f"d{n}"} for n in range(each)],
        }

    spec: dict[str, Json] = {
        "serviceAccountName": "web",
        "securityContext": {
            "seccompProfile": {"type": "RuntimeDefault"},
            "sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}] * each,
        },
        "containers": [container(f"c{n}") for n in range(containers)],
        "initContainers": [container(f"i{n}") for n in range(containers // 5)],
        "volumes": [{"name": f"v{n}", "hostPath": {"path": f"/srv/data/folder-{n}/deeper"}} for n in range(each)],
    }
    annotations: Json = {f"example.com/note-{n}": "x" * 20 for n in range(each)}
    metadata: Json = {"name": "web", "namespace": "shop", "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


@pytest.mark.parametrize(("containers", "each"), [(2, 3), (10, 10), (30, 30)])
def test_every_expression_stays_within_the_servers_budget(containers: int, each: int) -> None:
    policies = [p for p in written(Asked()) if p["metadata"]["name"].endswith("-pods")]
    costs = told(policies, pod(containers, each))["costs"]
    assert {name: cost for name, cost in costs.items() if not 0 <= cost < PER_CALL} == {}
    for policy in policies:
        name = policy["metadata"]["name"]
        assert sum(cost for key, cost in costs.items() if key.partition(" ")[0] == name) < PER_POLICY, name
