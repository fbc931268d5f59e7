"""A new file is entered where a kustomization lists the file beside it, and the overlay then still builds."""

import shutil
import subprocess
from pathlib import Path

import pytest

from fourc.app.look import look
from fourc.app.request import Request
from fourc.cli.main import main
from fourc.fix.rewrite import propose
from fourc.model.remedy import ByHand

APP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
          envFrom: [{configMapRef: {name: settings}}]
          ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""
BASE = """\
# 商店
resources: # what runs
  # the shop itself
  - {}web.yaml # three of them
  # nothing else

namePrefix: a- # for the tests
configMapGenerator:
  - name: settings
    files: [settings.properties]
"""


def tree(root: Path, kustomization: str = BASE.format(""), name: str = "kustomization.yaml") -> Path:
    base, over = root / "base", root / "over"
    base.mkdir(parents=True)
    over.mkdir()
    (base / "web.yaml").write_text(APP, "utf-8")
    (base / name).write_text(kustomization, "utf-8")
    (base / "settings.properties").write_text("a=1\n", "utf-8")
    (over / "kustomization.yaml").write_text("resources: [../base]\n", "utf-8")
    return root


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
@pytest.mark.parametrize("written", ["", "./"])
def test_new_files_are_listed_below_the_others_and_nothing_else_changes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, written: str
) -> None:
    root = tree(tmp_path, BASE.format(written), name)
    listed = root / "base" / name
    before = listed.read_text("utf-8")
    assert run(capsys, "fix", "all", str(root), "--upto", "decision", "--apply")[0] == 0
    new = sorted(p.name for p in (root / "base").glob("*.yaml") if p.name not in {"web.yaml", name})
    assert "web-network-policy.yaml" in new
    assert "web-pdb.yaml" in new
    after = listed.read_text("utf-8")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert sorted(added) == sorted(f"  - {written}{n}" for n in new)
    assert [line for line in after.splitlines() if line not in added] == before.splitlines()
    once = {p: p.read_bytes() for p in (root / "base").iterdir()}
    assert run(capsys, "fix", "all", str(root), "--upto", "decision", "--apply")[0] == 0
    assert {p: p.read_bytes() for p in (root / "base").iterdir()} == once


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_verify_proves_that_the_overlay_builds_with_the_new_objects(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tree(tmp_path)
    code, _, proof = run(capsys, "fix", "all", str(root), "--upto", "decision", "--verify", "--apply")
    assert code == 0, proof
    assert [line.split()[0] for line in proof.splitlines() if "overlays still build" in line] == ["yes"]
    command = ["kubectl", "kustomize", str(root / "over")]
    built = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "kind: NetworkPolicy" in built
    assert "kind: PodDisruptionBudget" in built


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_verify_says_so_where_an_overlay_stops_building(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    root = tree(tmp_path)
    taken = root / "base" / "taken"
    taken.mkdir()
    # the new policy is there already under another file's name: kustomize refuses two of one id
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web-clients, namespace: other}\n"
    (taken / "kustomization.yaml").write_text("namespace: shop\nresources: [policy.yaml]\n")
    (taken / "policy.yaml").write_text(policy + "spec: {podSelector: {matchLabels: {x: y}}}\n")
    listed = root / "base" / "kustomization.yaml"
    listed.write_text(listed.read_text().replace("  # nothing else", "  - taken"))
    code, _, proof = run(capsys, "fix", "all", str(root), "--upto", "decision", "--verify", "--diff")
    assert [line.split()[0] for line in proof.splitlines() if "overlays still build" in line] == ["NO"]
    assert code == 1


def test_a_kustomization_above_lists_the_new_file_by_its_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "web.yaml").write_text(APP, "utf-8")
    listed = tmp_path / "kustomization.yaml"
    listed.write_text("resources:\n- deploy/web.yaml\n")
    assert run(capsys, "fix", "all", str(tmp_path), "--upto", "decision", "--apply")[0] == 0
    assert "- deploy/web-network-policy.yaml\n" in listed.read_text()


def test_a_kustomization_that_does_not_apply_the_file_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "web.yaml").write_text(APP, "utf-8")
    listed = tmp_path / "kustomization.yaml"
    listed.write_text("resources: []\npatches: [{path: other.yaml}]\n")
    (tmp_path / "other.yaml").write_text("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: other}\n")
    before = listed.read_bytes()
    assert run(capsys, "fix", "all", str(tmp_path), "--upto", "decision", "--apply")[0] == 0
    assert (tmp_path / "web-network-policy.yaml").is_file()
    assert listed.read_bytes() == before


def test_where_the_list_cannot_be_edited_the_finding_says_what_to_write(tmp_path: Path) -> None:
    shared = "x: &x\n  - web.yaml\nresources: *x\n"
    root = tree(tmp_path, shared)
    seen = look(Request((str(root),)))
    left = {f.rule: f.fix.why.en for f in seen.findings if isinstance(f.fix, ByHand)}
    said = left["workload-without-policy"]
    assert "base/kustomization.yaml must list `- web-network-policy.yaml`" in said
    assert "kind: NetworkPolicy" in said
    again = propose(seen.findings, seen.read)
    assert again.refused == ()
    assert [f.path for f in again.files if f.path != "base/web.yaml"] == []
