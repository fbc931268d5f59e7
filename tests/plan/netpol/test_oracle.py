"""What the generated files allow, judged by the brute-force reading of the API, which shares no code with the generator."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any  # manifests as plain data

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.system import app, inventory_of
from tests.reach.oracle import Cluster, Host, connects

from fourc.flows.needed import needed
from fourc.model.text import Lang
from fourc.plan.netpol.draft import synthesise
from fourc.plan.netpol.files import texts_of

SHARED = Path(__file__).parents[4] / "shared" / "fixtures"
DEMO = Path(os.environ.get("FOURC_MICROSERVICES_DEMO", SHARED / "real" / "microservices-demo")) / "release"
Object = Mapping[str, Any]


def objects(text: str) -> list[dict[str, Any]]:
    """The objects of a text, with their namespaces written."""
    found = [o for o in yaml.safe_load_all(text) if o]
    for item in found:
        item["metadata"].setdefault("namespace", "default")
    return found


def pods(items: Sequence[Object]) -> Iterator[tuple[str, Object]]:
    """One pod for each workload, by the workload's name and namespace."""
    for item in items:
        if item["kind"] in {"Deployment", "StatefulSet", "DaemonSet"}:
            template, meta = item["spec"]["template"], item["metadata"]
            name = f"{meta['namespace']}/{meta['name']}"
            labels = template["metadata"].get("labels", {})
            yield (
                name,
                {
                    "metadata": {"name": meta["name"], "namespace": meta["namespace"], "labels": labels},
                    "spec": template["spec"],
                },
            )


def generated(text: str) -> list[Object]:
    """The policies of every file."""
    inventory = inventory_of(text)
    texts = texts_of(synthesise(inventory, needed(inventory), {}), "out", lambda evidence: evidence.says, Lang.EN)
    return [o for path, written in sorted(texts.items()) if path.endswith(".yaml") for o in objects(written)]


def allowed(text: str, ports: Sequence[int]) -> set[tuple[str, str]]:
    """The pairs of different pods of which the first may connect to the second on one of the ports."""
    known = dict(pods(objects(text)))
    cluster = Cluster([], list(known.values()), generated(text), [])
    return {
        (one, other)
        for one, source in known.items()
        for other, target in known.items()
        if one != other and any(connects(cluster, Host(pod=source), Host(pod=target), "TCP", p) for p in ports)
    }


def test_in_the_microservices_demo_nothing_but_the_call_graph_is_allowed() -> None:
    if not DEMO.is_dir():
        pytest.skip("microservices-demo is not there; FOURC_MICROSERVICES_DEMO names its folder")
    text = (DEMO / "kubernetes-manifests.yaml").read_text()
    ports = [3550, 5050, 6379, 7000, 7070, 8080, 9555, 50051, 80, 1, 65535]
    short = {(a.partition("/")[2], b.partition("/")[2]) for a, b in allowed(text, ports)}
    frontend = {"adservice", "cartservice", "checkoutservice", "currencyservice", "productcatalogservice",
                "recommendationservice", "shippingservice"}  # fmt: skip
    checkout = {
        "cartservice",
        "currencyservice",
        "emailservice",
        "paymentservice",
        "productcatalogservice",
        "shippingservice",
    }
    assert short == {
        *(("frontend", callee) for callee in frontend),
        *(("checkoutservice", callee) for callee in checkout),
        ("recommendationservice", "productcatalogservice"),
        ("cartservice", "redis-cart"),
        ("loadgenerator", "frontend"),
    }


Name = tuple[str, str]
NAMES = st.sampled_from([("a", "one"), ("b", "one"), ("c", "one"), ("a", "two"), ("d", "two")])


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3), min_size=2), st.integers(1, 65535))
def test_of_any_system_exactly_the_named_pairs_are_allowed(
    calls: dict[tuple[str, str], list[tuple[str, str]]], port: int
) -> None:
    text = ""
    for (name, namespace), callees in calls.items():
        env = ", ".join(f"{{name: U{i}, value: 'http://{n}.{ns}'}}" for i, (n, ns) in enumerate(callees))
        text += app(name, namespace, port=port, container=f"env: [{env}]")
    wanted = {
        (f"{ns}/{name}", f"{other_ns}/{other}")
        for (name, ns), callees in calls.items()
        for other, other_ns in callees
        if (other, other_ns) in calls and (other, other_ns) != (name, ns)
    }
    assert allowed(text, [port]) == wanted
    assert allowed(text, [p for p in (port - 1, port + 1) if 0 < p < 65536]) == set()
