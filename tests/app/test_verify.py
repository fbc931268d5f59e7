"""What `fix --verify` says about the Kubernetes schema."""

import pytest

from fourc.app import verify
from fourc.fix.rewrite import Rewritten
from fourc.model.remedy import FixClass

pytest.importorskip("kubernetes_validate")

WHOLE = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "a:1"}]}
"""
PATCH = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: main, image: "a:2"}]}}}
"""


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        (WHOLE, WHOLE.replace("a:1", "a:2"), True),
        (WHOLE, WHOLE.replace('image: "a:1"', "image: 1"), False),
        (PATCH, PATCH.replace("a:2", "a:3"), True),  # an overlay's patch is no whole object
        (PATCH, PATCH + "---\n" + PATCH, False),  # one more is news
        (None, PATCH, False),
    ],
)
def test_only_what_the_edit_made_invalid_counts(before: str | None, after: str, held: bool) -> None:
    edited = Rewritten("web.yaml", before, after, FixClass.SAFE)
    assert verify._valid([edited]).held is held
