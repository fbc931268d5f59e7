"""What is written for Kyverno and Gatekeeper is what their published schemas allow."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.enforce.engines import GATEKEEPER, KYVERNO, module, published

from fourc.checks.registry import all_checks
from fourc.enforce import ack, gatekeeper, kyverno
from fourc.enforce.export import Asked, Exporter, Stage
from fourc.model.text import Lang

EVERYTHING = frozenset(c.id for c in all_checks())


ASKED = (
    Asked(EVERYTHING, Stage.DENY),
    Asked(EVERYTHING, Stage.DENY, frozenset({"shop"}), lang=Lang.ZH),
    Asked(frozenset({"privileged-container"}), Stage.AUDIT),
    Asked(frozenset({"privileged-container"}), Stage.WARN),
)


def written(exporter: Exporter, *asked: Asked) -> Iterator[Any]:
    """The objects of all files: for every check, the stricter ones too, in every stage and both languages."""
    return (o for each in asked or ASKED for file in exporter(each).files for o in yaml.safe_load_all(file.text))


def test_kyverno_knows_every_field_of_the_policies() -> None:
    file = "config/crds/policies.kyverno.io/policies.kyverno.io_validatingpolicies.yaml"
    schema = published(KYVERNO, file, "v1")
    policies = list(written(kyverno.exported))
    assert {(p["metadata"]["name"], e.message) for p in policies for e in schema.iter_errors(p)} == set()
    policies[0]["spec"]["validations"][0]["messages"] = "misspelt"
    assert [e.json_path for e in schema.iter_errors(policies[0])] == ["$.spec.validations[0]"]


def test_gatekeeper_knows_every_field_of_the_templates() -> None:
    schema = published(GATEKEEPER, "charts/gatekeeper/crds/constrainttemplate-customresourcedefinition.yaml", "v1")
    templates = [each for each in written(gatekeeper.exported) if each["kind"] == "ConstraintTemplate"]
    assert {(t["metadata"]["name"], e.message) for t in templates for e in schema.iter_errors(t)} == set()
    kinds = {t["spec"]["crd"]["spec"]["names"]["kind"]: t["metadata"]["name"] for t in templates}
    assert {kind: name for kind, name in kinds.items() if kind.lower() != name} == {}
    templates[0]["spec"]["targets"][0]["codes"] = []
    assert [e.json_path for e in schema.iter_errors(templates[0])] == ["$.spec.targets[0]"]


@pytest.mark.parametrize("exporter", [gatekeeper.exported, ack.exported], ids=["gatekeeper", "ack"])
@pytest.mark.parametrize(
    ("asked", "scope"), [(ASKED[0], "excludedNamespaces"), (ASKED[1], "namespaces")], ids=["all", "one"]
)
def test_gatekeeper_knows_every_field_that_a_constraint_matches_by(
    exporter: Exporter, asked: Asked, scope: str
) -> None:
    text = (module(GATEKEEPER) / "config/crd/bases/match.gatekeeper.sh_matchcrd.yaml").read_text("utf-8")
    (version,) = yaml.safe_load(text)["spec"]["versions"]
    known = version["schema"]["openAPIV3Schema"]["properties"]["embeddedMatch"]["properties"]
    constraints = [c for c in written(exporter, asked) if c["kind"] != "ConstraintTemplate"]
    assert {field for c in constraints for field in c["spec"]} <= {"enforcementAction", "match", "parameters"}
    assert {field for c in constraints for field in c["spec"]["match"]} == {"kinds", scope}
    assert {"kinds", scope} <= known.keys()
