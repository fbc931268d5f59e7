"""What the use-case joins: overlays, broken checks, platform programs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourc.app import look as looking
from fourc.app.look import look
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.checks.api import Check, Found, Judge, once
from fourc.checks.registry import all_checks
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.remedy import NoFix
from fourc.model.text import Text

BASE = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
"""
OVERLAY = """resources: [../base]
patches:
  - patch: |
      - op: add
        path: /spec/template/spec/containers/0/securityContext
        value: {privileged: true}
    target: {kind: Deployment, name: web}
"""


def tree(folder: Path) -> Path:
    """A base and an overlay that makes its container privileged."""
    for name, text in {"base/d.yaml": BASE, "base/kustomization.yaml": "resources: [d.yaml]\n"}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "prod").mkdir()
    (folder / "prod" / "kustomization.yaml").write_text(OVERLAY)
    return folder


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_what_only_an_overlay_breaks_is_found_there_with_the_words_to_put_in_place(tmp_path: Path) -> None:
    seen = look(Request((str(tree(tmp_path)),)))
    (found,) = [f for f in seen.findings if f.rule == "privileged-container"]
    assert found.location is not None
    assert found.location.path == "prod/kustomization.yaml"
    assert isinstance(found.fix, NoFix)
    assert "spec.template.spec.containers[0].securityContext.privileged" in found.fix.why.en


def test_a_check_that_fails_is_a_gap_and_hides_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_subject: Inventory, _judge: Judge) -> Iterator[Found]:
        raise ValueError("no luck")
        yield

    bad = Check("broken", Layer.CODE, Severity.LOW, (), Text("Broken.", "坏的。"), once, broken)
    checks = all_checks()
    monkeypatch.setattr(looking, "all_checks", lambda: (bad, *checks))
    (tmp_path / "d.yaml").write_text(BASE)
    seen = look(Request((str(tmp_path),)))
    assert [g.subject for g in seen.gaps] == ["broken"]
    assert "may-run-as-root" in {f.rule for f in seen.findings}


def test_the_same_tree_gives_the_same_plan_twice(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text(BASE)
    first, second = plan_for(Request((str(tmp_path),))), plan_for(Request((str(tmp_path),)))
    assert first.plan == second.plan


def test_a_finding_has_one_fingerprint_whichever_folder_of_the_repository_is_scanned(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "apps" / "web").mkdir(parents=True)
    (tmp_path / "apps" / "web" / "d.yaml").write_text(BASE)
    whole, part = ({f.fingerprint for f in look(Request((str(p),))).findings} for p in (tmp_path, tmp_path / "apps"))
    assert whole == part != set()


def test_the_same_file_in_two_folders_gives_two_fingerprints(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    known = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "d.yaml").write_text(BASE)
        known.append({f.fingerprint for f in look(Request((str(tmp_path / name),))).findings})
    assert not known[0] & known[1]
