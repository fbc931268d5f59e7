"""A fix for something rendered says where a new file belongs."""

import pytest

from fourc.fix.by_hand import told
from fourc.fix.recipes import remedy
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.location import Origin
from fourc.model.remedy import NewFile, NoFix
from fourc.model.subject import Ref
from fourc.model.text import same


@pytest.mark.parametrize(
    ("path", "tool", "says"),
    [
        ("chart/templates/web.yaml", "helm", "a new file chart/templates/web-pdb.yaml in the chart: kind: X"),
        ("chart/Chart.yaml", "helm", "a new object: kind: X"),
        (
            "over/kustomization.yaml",
            "kustomize",
            "a new file over/web-pdb.yaml, listed under `resources` in kustomization.yaml: kind: X",
        ),
    ],
)
def test_a_new_file_has_its_place_in_the_source(path: str, tool: str, says: str) -> None:
    subject = Ref("Deployment", "shop", "web")
    fix = remedy("restrict-network", subject, new_files=(NewFile("anywhere/web-pdb.yaml", "kind: X\n"),))
    origin = Origin(path, 0, 1, (), tool)
    finding = Finding(
        "rule", Layer.CLUSTER, Severity.LOW, Confidence.HIGH, same("m"), subject, origin, (), None, "", (), fix
    )
    hand = told(finding).fix
    assert isinstance(hand, NoFix)
    assert says in hand.why.en
