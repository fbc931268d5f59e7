"""Vulnerable packages in the plan: ways into what runs them."""

import json
from pathlib import Path

import pytest
from tests.app.advised import Json, advisory, database, put, said, told, vulnerable

MANIFESTS = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "registry.example.com/shop/web:1", ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: billing, namespace: shop}
spec:
  selector: {matchLabels: {app: billing}}
  template:
    metadata: {labels: {app: billing}}
    spec:
      containers: [{name: billing, image: "registry.example.com/shop/billing:1", ports: [{containerPort: 80}]}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: nightly, image: "registry.example.com/shop/nightly:1"}]
"""
PACKAGES = {"web": "one-pad", "billing": "two-pad", "nightly": "three-pad"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An exposed workload, an internal one and a job, each with a vulnerable package of its own that is alike otherwise."""
    files: dict[str, str | bytes] = {
        f"{name}/requirements.txt": f"{package}==1.0.0\n" for name, package in PACKAGES.items()
    }
    return put(tmp_path / "shop", {"deploy/all.yaml": MANIFESTS, **files})


@pytest.fixture
def db(tmp_path: Path) -> str:
    """A vulnerability of each, equally grave."""
    score = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    rows = [
        advisory("PyPI", package, identifier=f"GHSA-{number}", severity=score)
        for number, package in enumerate([*PACKAGES.values(), "loose-pad"])
    ]
    return database(tmp_path, *rows)


def worth(report: Json) -> dict[str, float]:
    """What the upgrade of each package removes, by the package."""
    return {
        change["title"].split()[1]: change["risk_removed"]["likely"]
        for change in report["changes"]
        if change["title"].startswith("Upgrade")
    }


def test_a_way_into_what_is_exposed_weighs_more_than_an_internal_one_and_that_more_than_a_job(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    risk = worth(told(capsys, "plan", str(shop), "--db", db, "--lang", "en"))
    assert risk["one-pad"] > risk["two-pad"] >= risk["three-pad"]
    assert risk["one-pad"] > 0


def test_the_way_leads_into_the_workload_whose_folder_holds_the_package(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = json.loads(said(capsys, "graph", str(shop), "--db", db, "-f", "json"))
    ways = {(s["from"], s["to"]) for s in graph["steps"] if s["kind"] == "exploit-known-vulnerability"}
    assert ("internet", "Deployment/shop/web") in ways
    assert ("internet", "Deployment/shop/billing") not in ways


def test_code_that_no_workload_is_known_to_run_is_a_program_of_its_own(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(shop, {"tools/requirements.txt": "loose-pad==1.0.0\n"})
    graph = json.loads(said(capsys, "graph", str(shop), "--db", db, "-f", "json"))
    ways = [(s["from"], s["to"], s["basis"]) for s in graph["steps"] if s["to"].startswith("program:")]
    assert ways == [("internet", "program:tools", "assumed")]


def test_without_a_database_the_plan_is_that_of_the_manifests_alone(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    with_packages = said(capsys, "plan", str(shop), "-f", "json")
    alone = put(tmp_path / "alone" / "shop", {"deploy/all.yaml": MANIFESTS})
    assert with_packages == said(capsys, "plan", str(alone), "-f", "json")


def test_two_runs_print_the_same_bytes(shop: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "plan", str(shop), "--db", db, "-f", "json")
    assert first == said(capsys, "plan", str(shop), "--db", db, "-f", "json")
    assert len(vulnerable(json.loads(first))) == len(PACKAGES)
