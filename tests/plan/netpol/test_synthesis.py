"""Policies from needed flows: what they look like, and that they keep what must talk."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.flows.system import app, inventory_of

from fourc.app.synth import read_back
from fourc.flows.needed import needed
from fourc.model.flows import Needed
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.netpol import Proof, Stage, Synthesis
from fourc.model.subject import Ref
from fourc.model.text import Lang
from fourc.plan.netpol.draft import synthesise
from fourc.plan.netpol.files import texts_of
from fourc.plan.netpol.proof import prove
from fourc.plan.netpol.selectors import selectors

PAY = "env: [{name: PAY, value: 'http://pay.pay'}]"


def made(
    inventory: Inventory, found: Needed | None = None, **addresses: str
) -> tuple[Synthesis, Mapping[str, str], Proof]:
    """The synthesis, its files, and the proof over what is read back from them."""
    found = found or needed(inventory)
    synthesis = synthesise(inventory, found, {k.replace("_", "."): (v,) for k, v in addresses.items()})
    texts = texts_of(synthesis, "out", lambda evidence: evidence.says, Lang.EN)
    return synthesis, texts, prove(inventory, read_back(texts), found)


def test_needed_is_allowed_and_everything_else_closed() -> None:
    inventory = inventory_of(app("cart", container=PAY), app("pay", "pay"), app("web", "pay"))
    synthesis, texts, proof = made(inventory)
    assert (proof.holds, proof.closed, proof.denied) == (True, 1.0, {"pay": True, "shop": True})
    assert proof.needed_pairs == 1
    assert [d.stage for d in synthesis.drafted] == sorted(d.stage for d in synthesis.drafted)
    assert set(texts) >= {"3-default-deny/pay/default-deny.yaml", "ROLLOUT.md", "rollback.sh"}


def test_the_reason_stands_above_the_rule() -> None:
    _, texts, _ = made(inventory_of(app("cart", container=PAY), app("pay", "pay")))
    assert (
        texts["1-incoming/pay/pay-incoming.yaml"]
        == """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: pay-incoming
  namespace: pay
spec:
  podSelector:
    matchLabels:
      app: pay
  policyTypes:
    - Ingress
  ingress:
    # shop/cart[Deployment] TCP 8080: env pay.pay
    - from:
        - podSelector:
            matchLabels:
              app: cart
          namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: shop
      ports:
        - protocol: TCP
          port: 8080
"""
    )


def test_workloads_that_behave_alike_share_a_policy() -> None:
    synthesis, _, _ = made(inventory_of(app("a"), app("b"), app("c", container=PAY), app("pay", "pay")))
    (shared,) = [d for d in synthesis.drafted if d.stage is Stage.OUTGOING and len(d.workloads) > 1]
    assert [r.name for r in shared.workloads] == ["a", "b"]
    assert shared.policy.meta.name == "a-and-1-more-outgoing"
    assert shared.policy.selector.matches({"app": "b"})
    assert not shared.policy.selector.matches({"app": "c"})


def test_workloads_of_one_release_share_a_policy_by_the_label_that_differs() -> None:
    texts = [
        app(name).replace(
            f"labels: {{app: {name}}}", f"labels: {{app.kubernetes.io/instance: r, app.kubernetes.io/name: {name}}}"
        )
        for name in ("a", "b")
    ]
    synthesis, _, proof = made(inventory_of(*texts))
    (shared,) = [d for d in synthesis.drafted if d.stage is Stage.OUTGOING]
    assert shared.policy.selector.labels == {"app.kubernetes.io/instance": "r"}
    assert [(e.key, e.values) for e in shared.policy.selector.expressions] == [("app.kubernetes.io/name", ("a", "b"))]
    assert proof.holds


def test_what_must_be_filled_in_for_one_host_is_not_shared_with_another() -> None:
    texts = [app(n, container=f"env: [{{name: DB, value: 'mysql://{n}.example.com/x'}}]") for n in ("a", "b")]
    synthesis, _, _ = made(inventory_of(*texts))
    assert len({d.policy.meta.name for d in synthesis.drafted if d.stage is Stage.OUTGOING}) == 2


def test_labels_that_change_with_a_release_select_nothing() -> None:
    text = app("cart").replace(
        "labels: {app: cart}", "labels: {app: cart, version: v1, pod-template-hash: abc, helm.sh/chart: c-1}"
    )
    assert selectors(inventory_of(text)) == {Ref("Deployment", "shop", "cart"): {"app": "cart"}}


def test_labels_tell_neighbours_apart() -> None:
    both = [
        app(name).replace(f"labels: {{app: {name}}}", f"labels: {{app: web, tier: {name}}}")
        for name in ("front", "back")
    ]
    assert selectors(inventory_of(*both)) == {
        Ref("Deployment", "shop", name): {"app": "web", "tier": name} for name in ("front", "back")
    }


def test_an_unconfirmed_host_stays_open_on_its_port_and_says_so() -> None:
    inventory = inventory_of(app("cart", container="env: [{name: DB, value: 'mysql://db.example.com/x'}]"))
    synthesis, texts, proof = made(inventory)
    text = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert "# TO CONFIRM: db.example.com is a name" in text
    assert 'cidr: "0.0.0.0/0"' in text
    assert '- "169.254.169.254/32"' in text
    assert "port: 3306" in text
    assert proof.holds
    assert [d.fill_in for d in synthesis.drafted if d.fill_in]


def test_a_confirmed_host_is_an_address() -> None:
    inventory = inventory_of(app("cart", container="env: [{name: DB, value: 'mysql://db.example.com/x'}]"))
    synthesis, texts, proof = made(inventory, db_example_com="10.0.0.7/32")
    text = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert 'cidr: "10.0.0.7/32"' in text
    assert "0.0.0.0/0" not in text
    assert proof.holds
    assert not any(d.fill_in for d in synthesis.drafted)


def test_dns_keeps_the_node_local_cache_and_nothing_reaches_the_metadata_service() -> None:
    _, texts, _ = made(inventory_of(app("cart")))
    text = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert "k8s-app: kube-dns" in text
    assert 'cidr: "169.254.20.10/32"' in text
    assert "169.254.169.254" not in text


def test_openshifts_dns_listens_elsewhere() -> None:
    route = """apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: r, namespace: shop}
spec: {to: {kind: Service, name: cart}}
"""
    _, texts, proof = made(inventory_of(app("cart"), route))
    text = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert "kubernetes.io/metadata.name: openshift-dns" in text
    assert "port: 5353" in text
    assert proof.holds


def test_a_target_on_the_hosts_network_is_reached_by_the_nodes_addresses_and_its_own_port_only() -> None:
    inventory = inventory_of(
        app("cart", container="env: [{name: A, value: 'http://agent.mon'}]"),
        app("agent", "mon", extra="hostNetwork: true"),
    )
    _, texts, proof = made(inventory)
    text = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert (
        'cidr: "0.0.0.0/0"\n        - ipBlock:\n            cidr: "::/0"\n      ports:\n        - protocol: TCP' in text
    )
    assert proof.broken == ()


def test_alibabas_range_is_open_but_for_its_metadata_address() -> None:
    text = app("cart").replace("labels: {app: cart}", "labels: {app: cart, alibabacloud.com/eci: 'true'}")
    _, texts, proof = made(inventory_of(text))
    out = texts["2-outgoing/shop/cart-outgoing.yaml"]
    assert 'cidr: "100.64.0.0/10"\n            except:\n              - "100.100.100.200/32"' in out
    assert proof.holds


@pytest.mark.parametrize("text", ["env: [{name: NACOS_ADDR, value: 'n:8848'}]"])
def test_an_unknown_caller_keeps_its_namespace_and_what_it_calls_open(text: str) -> None:
    inventory = inventory_of(
        app("order", container=text), app("near"), app("gate", "edge", container="env: [{name: A, value: 'far.else:80'}]"),
        app("far", "else"),
    )  # fmt: skip
    synthesis, _, proof = made(inventory)
    assert {d.namespace for d in synthesis.drafted} == {"edge", "else"}
    assert {w.namespace: w.no_default_deny for w in synthesis.withheld} == {"shop": True}
    assert "through Nacos" in synthesis.withheld[0].why.en
    assert proof.denied["shop"] is False


def test_the_clusters_own_namespace_and_host_network_pods_get_no_policy() -> None:
    inventory = inventory_of(
        app("dns", "kube-system"), app("agent", "mon", extra="hostNetwork: true"), app("web", "mon")
    )
    synthesis, _, _ = made(inventory)
    assert {r.name for d in synthesis.drafted for r in d.workloads} == {"web"}
    assert {w.namespace for w in synthesis.withheld} == {"kube-system", "mon"}


def test_a_served_workload_without_known_caller_admits_its_namespace_and_is_told() -> None:
    synthesis, texts, proof = made(inventory_of(app("lonely")))
    assert "# no manifest names who calls lonely" in texts["1-incoming/shop/lonely-incoming.yaml"]
    assert [str(r) for r in proof.without_evidence] == ["shop/lonely"]
    assert [d.notes for d in synthesis.drafted if d.notes]


def test_a_missing_rule_is_found_with_a_witness() -> None:
    inventory = inventory_of(app("cart", container=PAY), app("pay", "pay"))
    found = needed(inventory)
    policies = read_back(made(inventory)[1])
    for gone in ("pay-incoming", "cart-outgoing"):
        cut = tuple(
            replace(p, ingress=() if p.ingress else p.ingress, egress=()) if p.meta.name == gone else p
            for p in policies
        )
        proof = prove(inventory, cut, found)
        assert not proof.holds
        witness = next(w for w in proof.broken if str(w.flow.target) == "pay/pay[Deployment]")
        assert any(gone in name for name in witness.policies)
        assert witness.side == ("ingress" if gone == "pay-incoming" else "egress")


def test_what_a_policy_that_was_read_denies_is_not_laid_on_the_new_ones() -> None:
    deny = """apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: fence}
spec:
  priority: 1
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: pay}}}
  ingress: [{name: nobody, action: Deny, from: [{namespaces: {}}]}]
"""
    _, _, proof = made(inventory_of(app("cart", container=PAY), app("pay", "pay"), deny))
    assert proof.holds
    assert [(str(w.flow.target), w.before) for w in proof.broken] == [("pay/pay[Deployment]", True)]


def test_the_rollback_takes_default_deny_out_first() -> None:
    synthesis, texts, _ = made(inventory_of(app("cart", container=PAY), app("pay", "pay")))
    lines = [line for line in texts["rollback.sh"].splitlines() if line.startswith("kubectl")]
    assert "default-deny" in lines[0]
    assert "incoming" in lines[-1]
    for drafted in synthesis.drafted:
        assert any(f"-n {drafted.namespace} " in line and drafted.policy.meta.name in line for line in lines)


NAMES = st.sampled_from(["a", "b", "c", "d"])
NAMESPACES = st.sampled_from(["one", "two"])


@st.composite
def systems(draw: st.DrawFn) -> str:
    """A few workloads that name each other, with Services of other ports, on the host's network, exposed, or with a token."""
    found = draw(st.sets(st.tuples(NAMES, NAMESPACES), min_size=1, max_size=6))
    texts = []
    for name, namespace in sorted(found):
        called = draw(st.lists(st.sampled_from(sorted(found)), max_size=3))
        env = ", ".join(f"{{name: U{i}, value: 'http://{n}.{ns}'}}" for i, (n, ns) in enumerate(called))
        extra = draw(st.sampled_from(["", "", "", "hostNetwork: true"]))
        text = app(name, namespace, port=draw(st.integers(1, 65535)), container=f"env: [{env}]", extra=extra)
        if draw(st.booleans()):
            text = text.replace("spec:\n  selector: {app:", "spec:\n  type: LoadBalancer\n  selector: {app:")
        texts.append(text)
    return "\n".join(texts)


@settings(max_examples=25, deadline=None)
@given(systems())
def test_any_system_keeps_what_it_needs_and_opens_only_to_hosts_and_outsiders(text: str) -> None:
    inventory = inventory_of(text)
    _, texts, proof = made(inventory)
    assert proof.holds
    assert proof.broken == ()
    on_host = {f"{w.meta.ref}[{w.meta.kind}]" for w in inventory.workloads if w.pod.host_network}
    assert {p for p in proof.excess if p.source not in on_host and p.target not in on_host} == set()
    assert made(inventory)[1] == texts


def policies_of(inventory: Inventory) -> tuple[NetworkPolicy, ...]:
    """The generated policies."""
    return read_back(made(inventory)[1])


@settings(max_examples=15, deadline=None)
@given(systems())
def test_every_flow_between_workloads_depends_on_its_rules(text: str) -> None:
    """With all rules taken out, each flow to a pod that policies can hold is told with a witness."""
    inventory = inventory_of(text)
    found = needed(inventory)
    shut = tuple(
        replace(p, ingress=None if p.ingress is None else (), egress=None if p.egress is None else ())
        for p in policies_of(inventory)
    )
    broken = {(str(w.flow.source), str(w.flow.target)) for w in prove(inventory, shut, found).broken}
    on_host = {w.meta.ref for w in inventory.workloads if w.pod.host_network}
    for flow in found.flows:
        held = [p.ref for p in (flow.source, flow.target) if p.ref is not None and p.ref not in on_host]
        if held and "node" not in {str(flow.source), str(flow.target)}:
            assert (str(flow.source), str(flow.target)) in broken
