"""Whoever may push to a registry may replace what is pulled from it."""

import pytest
from tests.graph.manifests import graph, pod, steps


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("app:1", "docker.io"),
        ("index.docker.io/app:1", "docker.io"),
        ("Registry.Example.Com:5000/app:1", "registry.example.com:5000"),
        ("m.daocloud.io/docker.io/library/redis:7", "m.daocloud.io"),
        ("docker.nju.edu.cn/redis:7", "docker.nju.edu.cn"),
    ],
)
def test_a_tag_is_pushed_over_in_the_registry_that_it_is_pulled_from(image: str, registry: str) -> None:
    found = steps(graph(pod().replace("app@sha256:00", image)), "take-over-registry")
    assert [step.target for step in found] == [f"registry:{registry}"]
