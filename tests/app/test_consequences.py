"""What `fix --verify` says about connections and attack steps, and that it can say no."""

from pathlib import Path

import pytest
from tests.flows.system import app

from fourc.app.consequences import attack_steps, connections
from fourc.app.look import Seen, look
from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.cli.main import main

PAY = "env: [{name: PAY, value: 'http://pay.pay'}]"
PRIVILEGED = "securityContext: {privileged: true}"
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: fence, namespace: pay}
spec:
  podSelector: {matchLabels: {app: pay}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: %s}}%s}]}]
"""
SHOP = ", namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}"


def request(folder: Path, *texts: str) -> Request:
    """A tree with these manifests."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.yaml").write_text("---\n".join(texts))
    return Request((str(folder),))


def seen(folder: Path, *texts: str) -> Seen:
    """What is seen in a tree with these manifests."""
    return look(request(folder, *texts))


def test_a_policy_that_cuts_a_needed_connection_is_named_with_it(tmp_path: Path) -> None:
    system = (app("cart", container=PAY), app("pay", "pay"))
    before = seen(tmp_path / "a", *system)
    found = connections(before, seen(tmp_path / "b", *system, POLICY % ("web", SHOP)))
    assert found.held is False
    assert "shop/cart[Deployment] => pay/pay[Deployment] TCP 8080" in found.why.en
    assert "pay/fence (all.yaml:" in found.why.en


@pytest.mark.parametrize("policy", [POLICY % ("cart", SHOP), ""])
def test_a_policy_that_admits_the_client_keeps_the_connection(tmp_path: Path, policy: str) -> None:
    system = (app("cart", container=PAY), app("pay", "pay"))
    assert connections(seen(tmp_path / "a", *system), seen(tmp_path / "b", *system, policy)).held is True


def test_a_connection_that_was_denied_before_is_nobodys_fault(tmp_path: Path) -> None:
    system = (app("cart", container=PAY), app("pay", "pay"), POLICY % ("web", SHOP))
    assert connections(seen(tmp_path / "a", *system), seen(tmp_path / "b", *system)).held is True


def mended(planned: Planned) -> frozenset[str]:
    """The fingerprints of the privileged container's finding."""
    return frozenset(f.fingerprint for f in planned.seen.findings if f.rule == "privileged-container")


def test_a_step_that_is_still_there_is_named(tmp_path: Path) -> None:
    wanted = request(tmp_path / "a" / "t", app("cart", container=PRIVILEGED))
    planned = plan_for(wanted)
    assert mended(planned)
    found = attack_steps(planned, mended(planned), seen(tmp_path / "b" / "t", app("cart", container=PRIVILEGED)))
    assert found.held is False
    assert "privileged-container" in found.why.en or "cart" in found.why.en


def test_a_step_that_is_gone_holds(tmp_path: Path) -> None:
    planned = plan_for(request(tmp_path / "a" / "t", app("cart", container=PRIVILEGED)))
    assert attack_steps(planned, mended(planned), seen(tmp_path / "b" / "t", app("cart"))).held is True


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("needed connections are still allowed", "attack steps")), ("zh-CN", ("必需的连接仍然放行", "攻击步骤"))],
)
def test_verify_says_it_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: tuple[str, ...]
) -> None:
    request(tmp_path / "t", app("cart", container=PRIVILEGED))
    assert main(["fix", "1", str(tmp_path / "t"), "--verify", "--lang", lang]) == 0
    said = capsys.readouterr().err
    assert all(word in said for word in words)
    assert "--context" in said


PUBLIC = "spec:\n  type: LoadBalancer\n  selector: {app"
ADMIN_PORT = "ports: [{name: http, containerPort: 8080}, {name: admin, containerPort: 9090}]"


def closing(folder: Path, *texts: str) -> set[str]:
    """The rules whose mending takes away the connection from any pod to `pay`."""
    planned = plan_for(request(folder, *texts))
    fingerprints = {
        f
        for s in planned.graph.steps
        if (s.kind, s.source, s.target) == ("enter-over-network", "network", "Deployment/pay/pay")
        for f in s.findings
    }
    return {f.rule for f in planned.seen.findings if f.fingerprint in fingerprints}


def test_a_policy_for_known_clients_closes_a_workload(tmp_path: Path) -> None:
    assert closing(tmp_path, app("cart", container=PAY), app("pay", "pay")) == {"workload-without-policy"}


EVERYONE = (POLICY % ("web", "")).partition("  ingress:")[0] + "  ingress: [{}]\n"


def test_a_policy_that_keeps_every_port_open_to_everyone_does_not(tmp_path: Path) -> None:
    pay = app("pay", "pay").replace("spec:\n  selector: {app", PUBLIC)
    assert closing(tmp_path, app("cart"), pay, EVERYONE) == set()


def test_a_policy_that_keeps_one_port_open_closes_the_others_and_claims_no_more(tmp_path: Path) -> None:
    pay = app("pay", "pay").replace("ports: [{name: http, containerPort: 8080}]", ADMIN_PORT)
    pay = pay.replace("spec:\n  selector: {app", PUBLIC)
    assert closing(tmp_path, app("cart"), pay) == {"workload-without-policy"}
    planned = plan_for(Request((str(tmp_path),)))
    found = (f for f in planned.seen.findings if f.subject.name == "pay")
    mended = frozenset(f.fingerprint for f in found if f.rule == "workload-without-policy")
    ports = EVERYONE.partition("ingress:")[0] + "ingress: [{ports: [{port: 8080}]}]\n"
    assert attack_steps(planned, mended, seen(tmp_path / "after", app("cart"), pay, ports)).held is True


@pytest.mark.parametrize(("other", "closed"), [("pay", set()), ("shop", {"workload-without-policy"})])
def test_a_policy_that_admits_its_namespace_closes_it_only_to_others(
    tmp_path: Path, other: str, closed: set[str]
) -> None:
    assert closing(tmp_path, app("cart", other), app("pay", "pay")) == closed


@pytest.mark.parametrize(("other", "closed"), [("pay", set()), ("shop", {"policy-allows-everything"})])
def test_so_does_a_policy_that_is_narrowed_to_its_namespace(tmp_path: Path, other: str, closed: set[str]) -> None:
    assert closing(tmp_path, app("cart", other), app("pay", "pay"), EVERYONE) == closed
