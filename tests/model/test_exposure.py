"""Who is reached from where, as the manifests and the providers' annotations say."""

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.exposure import Entry, Reach, entries, service_reach
from fourc.model.load_balancers import CLASSES, INGRESS_SIGNS, SERVICE_SIGNS, Sign, allowed

INTERNET, ASSUMED, INTERNAL = Reach.INTERNET, Reach.ASSUMED_INTERNET, Reach.INTERNAL
BETA = "service.beta.kubernetes.io/"
ACL = f"{BETA}alibaba-cloud-loadbalancer-acl"
POD = """
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: web, image: "registry.example.com/web:1"}]
"""
SERVICE = """
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
"""


def found(text: str) -> list[Entry]:
    return list(entries(collect_stdin(text.encode()).inventory))


def told(text: str) -> set[tuple[str, str, str, str | int | None, Reach, bool]]:
    """Entries as (workload, kind of the opening object, host, port, reach, encrypted)."""
    return {(e.workload.meta.name, e.via.kind, e.host, e.port, e.reach, e.encrypted) for e in found(text)}


def load_balancer(annotations: str = "", spec: str = "") -> Reach | None:
    text = f"""
apiVersion: v1
kind: Service
metadata: {{name: web, annotations: {{{annotations}}}}}
spec: {{type: LoadBalancer, selector: {{app: web}}, ports: [{{port: 80}}]{spec}}}
"""
    judged = service_reach(collect_stdin(text.encode()).inventory.services[0])
    return judged and judged[0]


def ingress(annotations: str = "", spec: str = "", host: str = "shop.example.com") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: shop, annotations: {{{annotations}}}}}
spec:
  rules:
    - host: "{host}"
      http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: web, port: {{name: http}}}}}}}}]}}
{spec}"""


@pytest.mark.parametrize(
    ("annotations", "reach"),
    [
        ("", INTERNET),
        (f"{BETA}alibaba-cloud-loadbalancer-address-type: intranet", INTERNAL),
        (f"{BETA}alicloud-loadbalancer-address-type: intranet", INTERNAL),
        (f"{BETA}alibaba-cloud-loadbalancer-address-type: internet", INTERNET),
        (f"{BETA}alibaba-cloud-loadbalancer-id: lb-1", ASSUMED),
        (f'{ACL}-status: "on", {ACL}-id: acl-1', ASSUMED),
        (
            f'{ACL}-status: "on", {ACL}-id: acl-1, {ACL}-type: black',
            INTERNET,
        ),
        (f'{BETA}aws-load-balancer-internal: "true"', INTERNAL),
        (f"{BETA}aws-load-balancer-internal: 0.0.0.0/0", INTERNAL),
        (f'{BETA}aws-load-balancer-internal: "false"', INTERNET),
        (f"{BETA}aws-load-balancer-scheme: internet-facing, {BETA}aws-load-balancer-type: external", INTERNET),
        (f"{BETA}aws-load-balancer-type: external", INTERNAL),
        ("networking.gke.io/load-balancer-type: Internal", INTERNAL),
        ("cloud.google.com/load-balancer-type: internal", INTERNAL),
        (f'{BETA}azure-load-balancer-internal: "true"', INTERNAL),
        ("service.kubernetes.io/qcloud-loadbalancer-internal-subnetid: subnet-1", INTERNAL),
        ("service.kubernetes.io/tke-existed-lbid: lb-1", ASSUMED),
        ("""kubernetes.io/elb.class: union, kubernetes.io/elb.autocreate: '{"type": "inner"}'""", INTERNAL),
        ("""kubernetes.io/elb.class: union, kubernetes.io/elb.autocreate: '{"type":"public"}'""", INTERNET),
        ("kubernetes.io/elb.class: union, kubernetes.io/elb.id: abc", ASSUMED),
        ("metallb.io/loadBalancerIPs: 192.168.1.20", INTERNAL),
        ("metallb.io/address-pool: front", ASSUMED),
    ],
)
def test_an_annotation_decides_who_reaches_a_load_balancer(annotations: str, reach: Reach) -> None:
    assert load_balancer(annotations) is reach


@pytest.mark.parametrize(
    ("spec", "reach"),
    [
        (", loadBalancerSourceRanges: [10.0.0.0/8]", INTERNAL),
        (", loadBalancerSourceRanges: [198.51.100.0/24, 10.0.0.0/8]", INTERNAL),
        (", loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]", INTERNET),
        (', loadBalancerSourceRanges: ["::/0"]', INTERNET),
        (", loadBalancerSourceRanges: [0.0.0.0/1, 128.0.0.0/1]", INTERNET),
        (", loadBalancerClass: alibabacloud.com/nlb", INTERNET),
        (", loadBalancerClass: service.k8s.aws/nlb", INTERNAL),
        (", loadBalancerClass: example.com/own", ASSUMED),
    ],
)
def test_source_ranges_and_class_decide_where_no_annotation_does(spec: str, reach: Reach) -> None:
    assert load_balancer("", spec) is reach


def test_a_class_that_is_public_by_default_follows_its_annotation() -> None:
    annotation = f"{BETA}alibaba-cloud-loadbalancer-address-type: intranet"
    assert load_balancer(annotation, ", loadBalancerClass: alibabacloud.com/nlb") is INTERNAL


def test_private_ranges_do_not_count_as_public_however_large() -> None:
    judged = allowed(["10.0.0.0/8", "100.64.0.0/10", "fd00::/8"])
    assert judged
    assert judged[0] is INTERNAL


def test_a_service_inside_the_cluster_is_no_entry() -> None:
    assert told(SERVICE + POD) == set()


def test_a_node_port_and_a_host_port_are_assumed() -> None:
    service = SERVICE.replace("spec: {", "spec: {type: NodePort, ")
    pod = POD.replace('web:1"', 'web:1", ports: [{containerPort: 9000, hostPort: 9000}]')
    assert told(service + pod) == {
        ("web", "Service", "", 8080, ASSUMED, False),
        ("web", "Pod", "", 9000, ASSUMED, False),
    }


def test_a_host_port_on_the_loopback_is_no_entry() -> None:
    pod = POD.replace('web:1"', 'web:1", ports: [{containerPort: 9, hostPort: 9, hostIP: 127.0.0.1}]')
    assert told(pod) == set()


def test_public_external_addresses_open_a_service() -> None:
    service = SERVICE.replace("spec: {", "spec: {externalIPs: [8.8.4.4], ")
    assert told(service + POD) == {("web", "Service", "", 8080, INTERNET, False)}


@pytest.mark.parametrize(
    ("annotations", "spec", "host", "reach"),
    [
        ("", "", "shop.example.com", INTERNET),
        ("", "", "shop.corp.internal", ASSUMED),
        ("", "  ingressClassName: nginx-internal\n", "shop.example.com", ASSUMED),
        ("", "  ingressClassName: alb\n", "shop.example.com", ASSUMED),
        ("", "  ingressClassName: mse\n", "shop.example.com", ASSUMED),
        ("alb.ingress.kubernetes.io/address-type: intranet", "", "shop.example.com", INTERNAL),
        ("alb.ingress.kubernetes.io/scheme: internal", "", "shop.example.com", INTERNAL),
        ("alb.ingress.kubernetes.io/scheme: internet-facing", "", "shop.example.com", INTERNET),
        ("alb.ingress.kubernetes.io/target-type: ip", "  ingressClassName: alb\n", "shop.example.com", INTERNAL),
        ("kubernetes.io/ingress.class: gce-internal", "", "shop.example.com", INTERNAL),
        ("nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8", "", "shop.example.com", INTERNAL),
        ("nginx.ingress.kubernetes.io/whitelist-source-range: 0.0.0.0/0", "", "shop.example.com", INTERNET),
    ],
)
def test_an_ingress_is_judged_by_annotation_class_and_host(
    annotations: str, spec: str, host: str, reach: Reach
) -> None:
    assert {e.reach for e in found(ingress(annotations, spec, host) + SERVICE + POD)} == {reach}


def test_an_ingress_leads_to_the_port_of_the_pod_and_says_whether_it_encrypts() -> None:
    plain = ingress() + SERVICE + POD
    tls = ingress(spec="  tls: [{hosts: [shop.example.com], secretName: shop}]\n") + SERVICE + POD
    assert told(plain) == {("web", "Ingress", "shop.example.com", 8080, INTERNET, False)}
    assert told(tls) == {("web", "Ingress", "shop.example.com", 8080, INTERNET, True)}


def test_an_ingress_is_internal_where_its_controllers_own_service_is() -> None:
    controller = f"""
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: ingress-nginx-controller, namespace: ingress-nginx}}
spec:
  selector: {{matchLabels: {{app: controller}}}}
  template:
    metadata: {{labels: {{app: controller}}}}
    spec:
      containers: [{{name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1"}}]
---
apiVersion: v1
kind: Service
metadata:
  name: ingress-nginx-controller
  namespace: ingress-nginx
  annotations: {{{BETA}alibaba-cloud-loadbalancer-address-type: intranet}}
spec: {{type: LoadBalancer, selector: {{app: controller}}, ports: [{{port: 443}}]}}
"""
    text = ingress(spec="  ingressClassName: nginx\n") + SERVICE + POD + controller
    assert {e.reach for e in found(text) if e.workload.meta.name == "web"} == {INTERNAL}


def test_a_route_follows_its_gateway() -> None:
    route = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: front}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""
    gateway = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front}
spec:
  gatewayClassName: gke-l7-rilb
  listeners: [{name: https, protocol: HTTPS, port: 443}]
"""
    assert told(route + SERVICE + POD) == {("web", "HTTPRoute", "shop.example.com", 8080, ASSUMED, False)}
    assert told(route + gateway + SERVICE + POD) == {("web", "HTTPRoute", "shop.example.com", 8080, INTERNAL, True)}


def test_an_istio_route_for_the_mesh_alone_is_no_entry() -> None:
    text = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  gateways: [mesh]
  hosts: [web]
  http: [{route: [{destination: {host: web}}]}]
"""
    assert told(text + SERVICE + POD) == set()


def test_an_openshift_route_is_public_unless_it_lists_addresses() -> None:
    route = """
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web%s}
spec: {host: web.apps.example.com, to: {kind: Service, name: web}, tls: {termination: edge}}
"""
    limited = ", annotations: {haproxy.router.openshift.io/ip_whitelist: 10.0.0.0/8}"
    host = "web.apps.example.com"
    assert told(route % "" + SERVICE + POD) == {("web", "Route", host, 8080, INTERNET, True)}
    assert told(route % limited + SERVICE + POD) == {("web", "Route", host, 8080, INTERNAL, True)}


def test_an_entry_points_to_the_line_that_opens_it_and_says_why() -> None:
    service = SERVICE.replace("spec: {", "spec: {type: LoadBalancer, ")
    (entry,) = found(service + POD)
    assert entry.at == ("spec", "ports", 0)
    assert entry.why.en == "type LoadBalancer gets a public address unless something says otherwise"


@pytest.mark.parametrize("sign", [*SERVICE_SIGNS, *INGRESS_SIGNS], ids=lambda sign: f"{sign.key}={sign.value}")
def test_every_sign_names_its_source(sign: Sign) -> None:
    assert sign.source.startswith("https://")
    assert CLASSES


GATEWAY_OF_INFRA = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: web, protocol: HTTP, port: 80%s}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {parentRefs: [{name: gw, namespace: infra}], rules: [{backendRefs: [{name: web, port: %s}]}]}
"""
LABELLED = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {team: %s}}\n"
BY_TEAM = ", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}"


@pytest.mark.parametrize(
    ("listener", "more", "reach"),
    [
        ("", "", None),  # `from` is Same where it is left out
        (", allowedRoutes: {namespaces: {from: Same}}", "", None),
        (", allowedRoutes: {namespaces: {from: None}}", "", None),
        (", allowedRoutes: {namespaces: {from: All}}", "", INTERNET),
        (BY_TEAM, LABELLED % "a", INTERNET),
        (BY_TEAM, LABELLED % "b", None),
        (BY_TEAM, "", ASSUMED),
    ],
)
def test_a_listener_takes_only_routes_of_the_namespaces_that_it_admits(
    listener: str, more: str, reach: Reach | None
) -> None:
    entries_of = found(GATEWAY_OF_INFRA % (listener, 80) + more + SERVICE + POD)
    assert [e.reach for e in entries_of] == ([] if reach is None else [reach])


def test_a_route_that_names_a_listener_is_taken_by_that_one_only() -> None:
    second = "}, {name: other, protocol: HTTP, port: 81, allowedRoutes: {namespaces: {from: All}}"
    text = GATEWAY_OF_INFRA % (second, 80) + SERVICE + POD
    assert len(found(text)) == 1
    assert found(text.replace("namespace: infra}], rules", "namespace: infra, sectionName: web}], rules")) == []


def test_a_port_that_the_service_does_not_have_opens_nothing() -> None:
    admits = ", allowedRoutes: {namespaces: {from: All}}"
    assert len(found(GATEWAY_OF_INFRA % (admits, 80) + SERVICE + POD)) == 1
    assert found(GATEWAY_OF_INFRA % (admits, 81) + SERVICE + POD) == []
    assert len(found(ingress() + SERVICE + POD)) == 1
    assert found(ingress().replace("name: http}", "number: 81}") + SERVICE + POD) == []


def test_a_target_port_name_that_no_container_has_opens_nothing() -> None:
    named = SERVICE.replace("targetPort: 8080", "targetPort: app")
    pod = POD.replace(':1"}', ':1", ports: [{name: %s, containerPort: 8080}]}')
    balanced = named.replace("{selector", "{type: LoadBalancer, selector")
    for text in (ingress() + named, balanced):
        assert len(found(text + pod % "app")) == 1
        assert found(text + pod % "web") == []


@pytest.mark.parametrize(
    ("address", "reach"),
    [("203.0.113.4", INTERNET), ("8.8.8.8", INTERNET), ("10.0.0.4", INTERNAL), ("192.168.1.1", INTERNAL)],
)
def test_an_external_address_opens_the_service_as_far_as_it_is_routed(address: str, reach: Reach) -> None:
    entries_of = found(SERVICE.replace("{selector", f"{{externalIPs: [{address}], selector") + POD)
    assert [e.reach for e in entries_of] == [reach]
    assert address in entries_of[0].why.en


def test_a_node_port_is_named() -> None:
    text = SERVICE.replace("{selector", "{type: NodePort, selector") + POD
    assert "nodePort 30007" in found(text.replace("port: 80,", "port: 80, nodePort: 30007,"))[0].why.en
    assert "nodePort)" in found(text)[0].why.en


@pytest.mark.parametrize(
    ("listener", "route", "count"),
    [
        ("shop.example.com", "shop.example.com", 1),
        ("*.example.com", "shop.example.com", 1),
        ("shop.example.com", "*.example.com", 1),
        ("other.example.com", "shop.example.com", 0),
        ("*.example.org", "shop.example.com", 0),
    ],
)
def test_a_route_for_a_host_that_no_listener_takes_opens_nothing(listener: str, route: str, count: int) -> None:
    text = GATEWAY_OF_INFRA % (f", hostname: '{listener}', allowedRoutes: {{namespaces: {{from: All}}}}", 80)
    text = text.replace("{parentRefs", f"{{hostnames: ['{route}'], parentRefs") + SERVICE + POD
    assert len(found(text)) == count
