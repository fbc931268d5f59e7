"""The plan's policies: known clients, their class, and when there is none."""

import shutil
from pathlib import Path

import pytest
from tests.flows.system import app

from fourc.app.look import look
from fourc.app.request import Request
from fourc.model.finding import Finding
from fourc.model.remedy import FixClass, NoFix, Remedy

PAY = "env: [{name: PAY, value: 'http://pay.pay'}]"


def finding(tmp_path: Path, name: str, *texts: str) -> Finding:
    """The finding about a workload that no policy selects."""
    (tmp_path / "all.yaml").write_text("---\n".join(texts))
    found = look(Request((str(tmp_path),))).findings
    return next(f for f in found if f.rule == "workload-without-policy" and f.subject.name == name)


def policy(found: Finding) -> str:
    """The policy that mends it."""
    assert isinstance(found.fix, Remedy)
    (new,) = found.fix.new_files
    return new.text


def test_known_clients_are_admitted_and_tried_first(tmp_path: Path) -> None:
    found = finding(tmp_path, "pay", app("cart", container=PAY), app("pay", "pay"))
    assert isinstance(found.fix, Remedy)
    assert found.fix.fix_class is FixClass.TRY_FIRST
    assert "# shop/cart[Deployment] TCP 8080: env all.yaml (pay.pay)" in policy(found)
    assert "kubernetes.io/metadata.name: shop" in policy(found)


def test_without_a_known_client_its_namespace_stays_and_it_is_a_decision(tmp_path: Path) -> None:
    found = finding(tmp_path, "pay", app("pay", "pay"))
    assert isinstance(found.fix, Remedy)
    assert found.fix.fix_class is FixClass.DECISION
    assert "- podSelector: {}" in policy(found)


@pytest.mark.parametrize("name", ["order", "pay"])
def test_who_a_registry_may_lead_to_gets_none(tmp_path: Path, name: str) -> None:
    order = app("order", container="env: [{name: NACOS_ADDR, value: 'n:8848'}, {name: PAY, value: 'http://pay.pay'}]")
    found = finding(tmp_path, name, order, app("pay", "pay"))
    assert isinstance(found.fix, NoFix)
    assert "Nacos" in found.fix.why.en


def test_the_default_deny_of_such_a_namespace_waits_too(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(app("order", container="env: [{name: NACOS_ADDR, value: 'n:8848'}]"))
    found = look(Request((str(tmp_path),))).findings
    (deny,) = [f for f in found if f.rule == "namespace-without-default-deny"]
    assert isinstance(deny.fix, NoFix)
    assert "Nacos" in deny.fix.why.en


def test_what_is_open_to_all_anyway_gets_none(tmp_path: Path) -> None:
    public = app("pay", "pay").replace("spec:\n  selector: {app", "spec:\n  type: LoadBalancer\n  selector: {app")
    assert isinstance(finding(tmp_path, "pay", public).fix, NoFix)


def deny_of(tmp_path: Path, namespace: str) -> Finding:
    """The finding about a namespace's default deny."""
    found = look(Request((str(tmp_path),))).findings
    return next(f for f in found if f.rule == "namespace-without-default-deny" and f.detail == namespace)


@pytest.mark.parametrize("registry", [True, False])
def test_where_policies_select_every_pod_a_registry_does_not_hold_the_default_deny_up(
    tmp_path: Path, registry: bool
) -> None:
    variable = "env: [{name: NACOS_ADDR, value: 'n:8848'}]" if registry else ""
    policy = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: order, namespace: shop}
spec: {podSelector: {matchLabels: {app: order}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
"""
    (tmp_path / "all.yaml").write_text(app("order", container=variable) + policy)
    assert isinstance(deny_of(tmp_path, "shop").fix, Remedy)


@pytest.mark.parametrize("tools", [True, False])
@pytest.mark.parametrize("overlay", [True, False])
def test_a_base_that_an_overlay_moves_gets_no_default_deny(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overlay: bool, tools: bool
) -> None:
    """In the other namespace it would close what the base knows nothing of."""
    if tools and shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    base, prod = tmp_path / "base", tmp_path / "prod"
    base.mkdir()
    (base / "all.yaml").write_text(app("pay").replace(", namespace: shop", ""))
    if overlay:
        prod.mkdir()
        (base / "kustomization.yaml").write_text("resources: [all.yaml]\n")
        (prod / "kustomization.yaml").write_text("namespace: shop\nresources: [../base]\n")
    if not tools:
        monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(deny_of(tmp_path, "default").fix, NoFix if overlay else Remedy)
