"""Whatever stands in an object, decoding it ends, and the other objects are read."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_stdin
from fourc.collect.manifests.objects import DECODERS
from fourc.model.location import Origin
from fourc.patch.yaml.node import Json

FIELDS = st.sampled_from(
    [
        "apiVersion",
        "kind",
        "metadata",
        "name",
        "namespace",
        "labels",
        "annotations",
        "ownerReferences",
        "controller",
        "spec",
        "template",
        "jobTemplate",
        "containers",
        "initContainers",
        "image",
        "env",
        "valueFrom",
        "secretKeyRef",
        "envFrom",
        "ports",
        "containerPort",
        "resources",
        "requests",
        "limits",
        "securityContext",
        "privileged",
        "capabilities",
        "add",
        "seLinuxOptions",
        "sysctls",
        "volumes",
        "hostPath",
        "projected",
        "sources",
        "emptyDir",
        "volumeMounts",
        "livenessProbe",
        "httpGet",
        "lifecycle",
        "preStop",
        "items",
        "selector",
        "matchLabels",
        "matchExpressions",
        "values",
        "rules",
        "http",
        "paths",
        "backend",
        "service",
        "servicePort",
        "tls",
        "hosts",
        "listeners",
        "servers",
        "port",
        "parentRefs",
        "backendRefs",
        "matches",
        "method",
        "path",
        "route",
        "destination",
        "match",
        "uri",
        "ingress",
        "egress",
        "from",
        "to",
        "ipBlock",
        "policyTypes",
        "data",
        "stringData",
        "webhooks",
        "roleRef",
        "subjects",
        "verbs",
        "replicas",
        "volumeClaimTemplates",
        "hard",
        "limits",
        "max",
        "default",
        "aggregationRule",
        "affinity",
        "podAntiAffinity",
        "status",
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=40,
)
KINDS = st.sampled_from(
    [*sorted(DECODERS), ("", "List"), ("", "PodList"), ("example.com", "Custom"), ("apps.kruise.io", "StatefulSet")]
)
GOOD: Json = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "good"}}


@given(KINDS, st.dictionaries(FIELDS, VALUES, max_size=6), VALUES, st.booleans())
@settings(deadline=None, max_examples=300)
def test_decoding_never_fails_and_every_place_is_found(
    kind: tuple[str, str], fields: dict[str, Json], spec: Json, named: bool
) -> None:
    group, name = kind
    odd: dict[str, Json] = {"spec": spec, "template": spec, "data": spec, "webhooks": spec, **fields}
    odd |= {"apiVersion": f"{group}/v1" if group else "v1", "kind": name}
    if named:
        odd["metadata"] = {"name": "odd"}
    data = json.dumps({"apiVersion": "v1", "kind": "List", "items": [odd, GOOD]}).encode()
    result = collect_stdin(data)
    assert "good" in [n.meta.name for n in result.inventory.namespaces]
    assert all(gap.location is not None and gap.location.path == "-" for gap in result.gaps)
    locator = Locator(Path(), stdin=data)
    for workload in result.inventory.workloads:
        for container in workload.pod.containers:
            place = locator.locate(workload.meta.origin, container.path)
            assert (place.line, place.column) < (place.end_line, place.end_column)


@given(st.binary(max_size=300) | st.text(alphabet="a:-[]{}&*!|>'\"#%@\n \t?,<", max_size=300).map(str.encode))
@settings(deadline=None, max_examples=500)
def test_any_bytes_give_facts_or_gaps(data: bytes) -> None:
    result = collect_stdin(data)
    assert all(gap.location is not None and gap.location.line >= 1 for gap in result.gaps)
    Locator(Path(), stdin=data).locate(Origin("-", 0, 1), ("a", 0, "b"))
