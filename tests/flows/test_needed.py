"""Every kind of reason for a connection, from manifests as people write them."""

import base64

import pytest
from tests.flows.system import app, edges, inventory_of, needed_of

from fourc.flows.operated import with_operated
from fourc.model.flows import EvidenceKind

CART, PAY = "shop/cart[Deployment]", "pay/pay[Deployment]"


@pytest.mark.parametrize(
    "container",
    [
        "env: [{name: PAY_URL, value: 'http://pay.pay.svc.cluster.local/x'}]",
        "env: [{name: PAY_HOST, value: pay.pay}]",
        "args: ['--pay=pay.pay:80']",
        "args: [--pay-host, pay.pay.svc]",
        "command: [sh, -c, 'exec app --to http://pay.pay']",
    ],
)
def test_a_name_in_a_container_is_a_flow_to_the_port_of_the_pod(container: str) -> None:
    assert (CART, PAY, "TCP 8080") in edges(needed_of(app("cart", container=container), app("pay", "pay")))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ConfigMap", "data: {app.yml: 'pay: {url: http://pay.pay/}'}"),
        ("Secret", "stringData: {url: 'http://pay.pay/'}"),
        ("Secret", f"data: {{url: {base64.b64encode(b'http://pay.pay/').decode()}}}"),
    ],
)
@pytest.mark.parametrize("use", ["envFrom", "volume", "projected", "key"])
def test_a_name_in_a_config_map_or_secret_counts_where_the_pod_uses_it(kind: str, data: str, use: str) -> None:
    other = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: conf, namespace: shop}}\n{data}\n"
    short = "configMap" if kind == "ConfigMap" else "secret"
    name = "name" if kind == "ConfigMap" else "secretName"
    key = "app.yml" if kind == "ConfigMap" else "url"
    extra = {
        "volume": f"volumes: [{{name: c, {short}: {{{name}: conf}}}}]",
        "projected": f"volumes: [{{name: c, projected: {{sources: [{{{short}: {{name: conf}}}}]}}}}]",
    }.get(use, "")
    container = {
        "envFrom": f"envFrom: [{{{short}Ref: {{name: conf}}}}]",
        "key": f"env: [{{name: X, valueFrom: {{{short}KeyRef: {{name: conf, key: {key}}}}}}}]",
    }.get(use, "")
    used = needed_of(app("cart", extra=extra, container=container), app("pay", "pay"), other)
    unused = needed_of(app("cart"), app("pay", "pay"), other)
    assert (CART, PAY, "TCP 8080") in edges(used)
    assert (CART, PAY, "TCP 8080") not in edges(unused)


def test_the_reason_names_the_object_and_the_field() -> None:
    found = needed_of(
        app("cart", container="env: [{name: A, value: b}, {name: PAY, value: 'pay.pay:80'}]"), app("pay", "pay")
    )
    (flow,) = [f for f in found.flows if str(f.target) == PAY and str(f.source) == CART]
    reason = flow.evidence[0]
    assert (reason.kind, reason.says) == (EvidenceKind.ENV, "pay.pay")
    assert reason.at == ("spec", "template", "spec", "containers", 0, "env", 1, "value")


def test_an_external_name_leads_to_what_it_stands_for() -> None:
    alias = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {type: ExternalName, externalName: %s}\n"
    cart = app("cart", container="env: [{name: DB, value: 'mysql://db:3306/x'}]")
    outside = edges(needed_of(cart, alias % "rm-1.mysql.rds.aliyuncs.com"))
    assert (CART, "rm-1.mysql.rds.aliyuncs.com", "TCP 3306") in outside
    inside = edges(needed_of(cart, alias % "pay.pay.svc.cluster.local", app("pay", "pay", port=3306)))
    assert any(e[:2] == (CART, PAY) for e in inside)


def test_a_stateful_pod_has_a_name_of_its_own_and_talks_to_its_peers() -> None:
    data = app("db", kind="StatefulSet").replace(
        "spec:\n  selector: {app", "spec:\n  clusterIP: None\n  selector: {app"
    )
    found = edges(needed_of(data, app("cart", container="env: [{name: DB, value: 'db-0.db.shop.svc:80'}]")))
    assert (CART, "shop/db[StatefulSet]", "TCP 8080") in found
    assert ("shop/db[StatefulSet]", "shop/db[StatefulSet]", "*") in found


def test_a_probe_comes_from_the_node_and_not_for_another_host() -> None:
    container = """readinessProbe: {httpGet: {port: http}}
          livenessProbe: {tcpSocket: {port: 9000, host: example.com}}"""
    assert {e for e in edges(needed_of(app("cart", container=container))) if e[0] == "node"} == {
        ("node", CART, "TCP 8080")
    }


def test_webhooks_and_aggregated_apis_are_called_by_the_api_server() -> None:
    hook = """apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: h}
webhooks: [{name: a.b.c, clientConfig: {service: {namespace: shop, name: cart, port: 80}}}]
"""
    api = """apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.metrics}
spec: {service: {namespace: pay, name: pay, port: 80}}
"""
    found = edges(needed_of(app("cart"), app("pay", "pay"), hook, api))
    assert {("api-server", CART, "TCP 8080"), ("api-server", PAY, "TCP 8080")} <= found


def test_an_ingress_is_entered_by_its_controller_where_that_was_read() -> None:
    ingress = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
    - host: a.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: cart, port: {number: 80}}}}]}
"""
    controller = app("ingress-nginx-controller", "ingress").replace(
        "registry.example.com/ingress-nginx-controller:1", "registry.k8s.io/ingress-nginx/controller:v1.10.0"
    )
    assert ("anywhere", CART, "TCP 8080") in edges(needed_of(app("cart"), ingress))
    read = edges(needed_of(app("cart"), ingress, controller))
    assert ("ingress/ingress-nginx-controller[Deployment]", CART, "TCP 8080") in read
    assert ("anywhere", CART, "TCP 8080") not in read


def test_scrapers_come_by_monitor_and_annotation() -> None:
    prometheus = """apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: mon}
spec: {alerting: {alertmanagers: [{name: am, namespace: mon, port: web}]}}
---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: mon}
spec: {}
---
apiVersion: v1
kind: Service
metadata: {name: am, namespace: mon}
spec:
  selector: {app.kubernetes.io/name: alertmanager, app.kubernetes.io/instance: main}
  ports: [{name: web, port: 9093, targetPort: web}]
"""
    monitor = """apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: m, namespace: mon}
spec: {namespaceSelector: {any: true}, selector: {matchLabels: {scrape: me}}, endpoints: [{port: web}]}
"""
    cart = app("cart").replace(
        "{name: cart, namespace: shop}\nspec:\n  selector: {app",
        "{name: cart, namespace: shop, labels: {scrape: me}}\nspec:\n  selector: {app",
    )
    pay = app("pay", "pay").replace(
        "labels: {app: pay}",
        "labels: {app: pay}, annotations: {prometheus.io/scrape: 'true', prometheus.io/port: '9102'}",
    )
    found = edges(needed_of(cart, pay, prometheus, monitor))
    assert ("mon/k8s[Prometheus]", CART, "TCP 8080") in found
    assert ("mon/k8s[Prometheus]", PAY, "TCP 9102") in found
    assert ("mon/k8s[Prometheus]", "mon/main[Alertmanager]", "TCP 9093") in found
    assert ("cluster", PAY, "TCP 9102") in edges(needed_of(pay))


BINDING = """apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: cart, namespace: shop}]
"""


@pytest.mark.parametrize(
    ("extra", "calls"),
    [
        ("serviceAccountName: cart", True),
        ("serviceAccountName: cart\n      automountServiceAccountToken: false", False),
        ("serviceAccountName: other", False),
    ],
)
def test_the_api_server_is_called_where_a_mounted_token_has_a_role(extra: str, calls: bool) -> None:
    found = edges(needed_of(app("cart", extra=extra), BINDING))
    assert ((CART, "api-server", "TCP 6443") in found) is calls


def test_everyone_looks_names_up() -> None:
    found = needed_of(app("cart"))
    assert {str(f.port) for f in found.flows if str(f.target) == "dns"} == {"UDP 53", "TCP 53"}


def test_alibabas_service_range_is_needed_where_the_provider_is_recognised() -> None:
    lb = """apiVersion: v1
kind: Service
metadata: {name: lb, namespace: shop, annotations: {service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet}}
spec: {type: LoadBalancer, selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
"""
    assert (CART, "100.64.0.0/10", "*") in edges(needed_of(app("cart"), lb))
    database = app("cart", container="env: [{name: DB, value: 'mysql://rm-1.mysql.rds.aliyuncs.com/x'}]")
    assert (CART, "100.64.0.0/10", "*") in edges(needed_of(database))
    assert (CART, "100.64.0.0/10", "*") not in edges(needed_of(app("cart")))


def test_a_client_of_nacos_also_needs_its_second_port_and_an_executor_is_called_back() -> None:
    nacos = app("nacos", "mw", port=8848).replace("registry.example.com/nacos:1", "nacos/nacos-server:v2.3.2")
    found = edges(needed_of(nacos, app("cart", container="env: [{name: NACOS_ADDR, value: 'nacos.mw:80'}]")))
    assert {(CART, "mw/nacos[Deployment]", "TCP 8848"), (CART, "mw/nacos[Deployment]", "TCP 9848")} <= found
    admin = app("job", "mw").replace("registry.example.com/job:1", "xuxueli/xxl-job-admin:2.4.0")
    back = edges(needed_of(admin, app("cart", container="env: [{name: XXL_JOB_ADMIN, value: 'http://job.mw/a'}]")))
    assert ("mw/job[Deployment]", CART, "TCP 9999") in back


def test_existing_policies_say_who_is_known() -> None:
    policy = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: pay}
spec:
  podSelector: {matchLabels: {app: pay}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: cart}}, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]
      ports: [{port: http}]
"""
    assert (CART, PAY, "TCP 8080") in edges(needed_of(app("cart"), app("pay", "pay"), policy))


def test_a_name_behind_which_nothing_was_read_is_told() -> None:
    found = needed_of(app("cart", container="env: [{name: GONE_ADDR, value: 'gone:80'}]"))
    assert [(str(d.source), d.host) for d in found.dangling] == [("shop/cart", "gone")]
    here = needed_of(app("cart", container="env: [{name: GONE, value: 'http://gone.shop.svc/'}]"))
    assert [d.host for d in here.dangling] == ["gone.shop.svc"]
    assert {e[1] for e in edges(here)} == set()
    far = edges(needed_of(app("cart", container="env: [{name: FAR, value: 'http://x.far.svc/'}]")))
    assert (CART, "far[all pods]", "*") in far


def test_a_secret_tells_no_word_of_itself() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {p: 'hunter:2345', q: 'x.yz:99'}\n"
    found = needed_of(app("cart", container="envFrom: [{secretRef: {name: s}}]"), text)
    told = {str(f.target) for f in found.flows} | {d.host for d in found.dangling}
    assert told.isdisjoint({"hunter", "x.yz"})


def test_a_service_without_selector_leads_to_its_endpoints() -> None:
    service = """apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {ports: [{port: 3306}]}
"""
    endpoints = """apiVersion: v1
kind: Endpoints
metadata: {name: mysql, namespace: shop}
subsets: [{addresses: [{ip: 10.1.2.3}], ports: [{port: 3307}]}]
"""
    sliced = """apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: mysql-x, namespace: shop, labels: {kubernetes.io/service-name: mysql}}
addressType: IPv4
endpoints: [{addresses: [10.1.2.3]}]
ports: [{name: "", port: 3307}]
"""
    cart = app("cart", container="env: [{name: DB, value: 'mysql://mysql/x'}]")
    for known in (endpoints, sliced):
        assert (CART, "10.1.2.3/32", "TCP 3307") in edges(needed_of(cart, service, known))
    assert (CART, "mysql.shop", "TCP 3306") in edges(needed_of(cart, service))


@pytest.mark.parametrize("account", ["", "eks.amazonaws.com/role-arn"])
def test_a_clouds_controller_without_an_identity_of_its_own_needs_the_nodes(account: str) -> None:
    text = app("dns", extra="serviceAccountName: dns").replace(
        "registry.example.com/dns:1", "registry.k8s.io/external-dns/external-dns:v0.14.0"
    )
    identity = f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: dns, namespace: shop, annotations: {{{account}: x}}}}\n"
    found = edges(needed_of(text, *([identity] if account else [])))
    assert (("shop/dns[Deployment]", "169.254.169.254/32", "TCP 80") in found) is (not account)


def test_the_api_servers_own_name_is_the_api_server() -> None:
    found = edges(needed_of(app("cart", container="env: [{name: API, value: 'https://kubernetes.default.svc'}]")))
    assert (CART, "api-server", "TCP 6443") in found


def test_what_an_operator_made_of_its_object_is_not_there_twice() -> None:
    made = app("prometheus-k8s", "mon", kind="StatefulSet").replace(
        "{name: prometheus-k8s, namespace: mon}",
        "{name: prometheus-k8s, namespace: mon, ownerReferences: "
        "[{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, name: k8s, controller: true, uid: u}]}",
        1,
    )
    own = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s, namespace: mon}\nspec: {}\n"
    names = {w.meta.name for w in with_operated(inventory_of(made, own)).workloads}
    assert names == {"prometheus-k8s"}
    assert {w.meta.name for w in with_operated(inventory_of(own)).workloads} == {"k8s"}


def test_a_pod_on_the_hosts_network_has_no_address_of_its_own() -> None:
    pod = """apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: shop}
spec: {hostNetwork: %s, containers: [{name: c, image: x}]}
status: {podIP: 10.0.0.%s}
"""
    found = inventory_of(pod % ("own", "false", "1"), pod % ("host", "true", "2"))
    assert {a: r.name for a, r in found.addresses.items()} == {"10.0.0.1": "own"}


FROM_SECRET = "env: [{name: NAME, valueFrom: {secretKeyRef: {name: conf, key: url}}}]"  # noqa: S105 - a manifest


@pytest.mark.parametrize("variable", ["PAY_URL", "PAY_HOST", "PAY_AMQP_ADDRESS"])
def test_an_address_in_a_secret_that_was_not_read_is_guessed_from_its_variable(variable: str) -> None:
    found = needed_of(app("cart", container=FROM_SECRET.replace("NAME", variable)), app("pay", "pay"))
    assert (CART, PAY, "TCP 8080") in edges(found)
    (flow,) = [f for f in found.flows if str(f.target) == PAY and str(f.source) == CART]
    assert [e.says for e in flow.evidence] == [variable]


@pytest.mark.parametrize("variable", ["PAY_PASSWORD", "PAYROLL_URL", "URL"])
def test_any_other_variable_from_a_secret_says_nothing(variable: str) -> None:
    found = needed_of(app("cart", container=FROM_SECRET.replace("NAME", variable)), app("pay", "pay"))
    assert (CART, PAY, "TCP 8080") not in edges(found)


def test_a_secret_that_was_read_is_believed_before_the_variable_is() -> None:
    other = "apiVersion: v1\nkind: Secret\nmetadata: {name: conf, namespace: shop}\nstringData: {url: 'http://example.com'}\n"
    found = needed_of(app("cart", container=FROM_SECRET.replace("NAME", "PAY_URL")), app("pay", "pay"), other)
    assert (CART, PAY, "TCP 8080") not in edges(found)
