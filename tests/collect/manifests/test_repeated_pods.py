"""Equal pod specs are decoded once, and what is wrong in one is told of every object that has it."""

import pytest

from fourc.collect.manifests.collect import collect_stdin

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s, labels: {app: %s}}\nspec: {containers: [{name: c, image: %s}]}\n---\n"


def test_equal_specs_keep_their_own_labels_and_objects() -> None:
    found = collect_stdin(
        (POD % ("a", "web", "i") + POD % ("b", "api", "i") + POD % ("c", "web", "j")).encode()
    ).inventory
    told = [(w.meta.name, w.pod.labels["app"], w.pod.containers[0].image) for w in found.workloads]
    assert told == [("a", "web", "i"), ("b", "api", "i"), ("c", "web", "j")]
    first, second, third = found.workloads
    assert first.pod.containers is second.pod.containers
    assert first.pod.meta_path == ("metadata",)
    assert third.pod.containers is not first.pod.containers


@pytest.mark.parametrize("wrong", ["{image: 1}", "7"])
def test_a_wrong_field_is_told_of_each_object_that_has_it(wrong: str) -> None:
    text = "".join((POD % (name, name, "i")).replace("{name: c, image: i}", wrong) for name in "ab")
    assert [g.location.line for g in collect_stdin(text.encode()).gaps if g.location] == [4, 9]
