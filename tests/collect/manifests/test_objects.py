"""Identity of objects, lists, and everything that makes no pods."""

from base64 import b64encode
from textwrap import dedent

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Backend, Listener, Peer, PolicyPort, Requirement, Selector, ServicePort
from fourc.model.kubernetes.rbac import PolicyRule, RbacSubject


def inventory(text: str) -> Inventory:
    """The facts of a text that must be free of gaps."""
    result = collect_stdin(dedent(text).encode())
    assert result.gaps == ()
    return result.inventory


def gaps(text: str) -> list[tuple[str, int, str]]:
    """Reason, line and English message of every gap."""
    return [(g.reason.value, g.location.line, g.message.en) for g in collect_stdin(text.encode()).gaps if g.location]


def test_the_items_of_a_list_have_their_own_origin_and_paths() -> None:
    read = inventory("""
    apiVersion: v1
    kind: List
    items:
      - {apiVersion: v1, kind: Namespace, metadata: {name: a}}
      - {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}
    """)
    assert read.namespaces[0].meta.origin.item == ("items", 0)
    (pod,) = read.workloads
    assert (pod.meta.origin.item, pod.pod.containers[0].path) == (("items", 1), ("spec", "containers", 0))


def test_a_typed_list_gives_its_items_the_kind_that_they_leave_out() -> None:
    read = inventory("""
    apiVersion: v1
    kind: ConfigMapList
    items: [{metadata: {name: a}, data: {k: v}}]
    """)
    assert [(d.meta.kind, d.meta.name, d.values) for d in read.data] == [("ConfigMap", "a", {"k": "v"})]


def test_what_is_not_an_object_is_no_gap() -> None:
    read = inventory("""
    services: {web: {image: nginx}}
    ---
    - just
    - a list
    ---
    kind: Pod
    Kind: Pod
    ---
    apiVersion: v2
    name: chart
    ---
    text
    """)
    assert (read.objects, read.workloads) == (0, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("apiVersion: v1\nkind: Pod\nmetadata: 5\n", "metadata must be a mapping, and here stands a number"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {}\n", "this Pod has no name (metadata.name)"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: [a]}\n", "name must be a text, and here stands a list"),
        ("apiVersion: 1\nkind: Pod\nmetadata: {name: a}\n", "kind and apiVersion must be texts"),
        ("apiVersion: v1\nkind: List\nitems: 5\n", "items must be a list"),
    ],
)
def test_an_object_with_broken_metadata_is_a_gap(text: str, message: str) -> None:
    found = gaps(text)
    assert ("malformed", f"{message}; the cluster refuses it") in [(reason, said) for reason, _, said in found]


def test_kinds_that_no_check_reads_are_counted() -> None:
    read = inventory("""
    apiVersion: storage.k8s.io/v1
    kind: StorageClass
    metadata: {name: fast}
    ---
    apiVersion: kind.x-k8s.io/v1alpha4
    kind: Cluster
    """)
    assert read.other_kinds == {"Cluster": 1, "StorageClass": 1}


def test_names_namespaces_and_owners() -> None:
    read = inventory("""
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: r, namespace: ignored}
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: a
      namespace: team
      labels: {x: "1"}
      ownerReferences:
        - {kind: Other, name: other}
        - {kind: Owner, name: owner, controller: true}
    automountServiceAccountToken: false
    """)
    assert (read.roles[0].meta.namespace, read.roles[0].meta.namespace_written) == (None, False)
    (account,) = read.accounts
    assert (account.meta.namespace, account.meta.namespace_written, account.automount_token) == ("team", True, False)
    owner = account.meta.owner
    assert owner is not None
    assert (owner.kind, owner.namespace, owner.name) == ("Owner", "team", "owner")


def test_services() -> None:
    (bare, full) = inventory("""
    apiVersion: v1
    kind: Service
    metadata: {name: bare}
    spec: {clusterIP: None, ports: [{port: 80}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: full}
    spec:
      type: LoadBalancer
      selector: {app: web}
      ports: [{name: http, port: 80, targetPort: web, nodePort: 30080, protocol: UDP}]
      externalIPs: [1.2.3.4]
      externalName: db.example.com
      loadBalancerSourceRanges: [10.0.0.0/8]
      loadBalancerClass: internal
    """).services
    assert (bare.type, bare.headless, bare.selector) == ("ClusterIP", True, {})
    assert bare.ports == (ServicePort(0, "", 80, 80, 0, "TCP"),)
    assert (full.type, full.headless, full.selector, full.load_balancer_class) == (
        "LoadBalancer",
        False,
        {"app": "web"},
        "internal",
    )
    assert full.ports == (ServicePort(0, "http", 80, "web", 30080, "UDP"),)
    assert (full.external_ips, full.external_name, full.source_ranges) == (
        ("1.2.3.4",),
        "db.example.com",
        ("10.0.0.0/8",),
    )


def test_a_service_of_another_group_is_no_service() -> None:
    read = inventory("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {}\n")
    assert (read.services, read.other_kinds) == ((), {"Service": 1})


def test_ingresses_of_every_version() -> None:
    new, old = inventory("""
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: new, namespace: team}
    spec:
      ingressClassName: nginx
      defaultBackend: {service: {name: fallback, port: {name: http}}}
      tls: [{hosts: [a.example.com]}, {secretName: s}]
      rules:
        - host: a.example.com
          http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
    ---
    apiVersion: extensions/v1beta1
    kind: Ingress
    metadata: {name: old, annotations: {kubernetes.io/ingress.class: alb}}
    spec: {rules: [{http: {paths: [{backend: {serviceName: web, servicePort: 8080}}]}}]}
    """).ingresses
    path = ("spec", "rules", 0, "http", "paths", 0, "backend")
    assert (new.class_name, new.tls_hosts) == ("nginx", (("a.example.com",), ()))
    assert new.rule_hosts == ((("spec", "rules", 0, "host"), "a.example.com"),)
    assert new.backends == (
        Backend("", "", "team", "fallback", "http", ("spec", "defaultBackend")),
        Backend("a.example.com", "/x", "team", "web", 80, path),
    )
    assert (old.class_name, old.rule_hosts) == ("alb", ((("spec", "rules", 0), ""),))
    assert old.backends == (Backend("", "/", "default", "web", 8080, path),)


def test_gateways_and_routes() -> None:
    read = inventory("""
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata: {name: gw}
    spec:
      gatewayClassName: istio
      listeners:
        - {name: https, protocol: HTTPS, port: 443, hostname: "*.example.com", tls: {certificateRefs: [{name: c}]}}
        - {name: http, protocol: HTTP, port: 80}
    ---
    apiVersion: networking.istio.io/v1
    kind: Gateway
    metadata: {name: ig}
    spec:
      servers:
        - port: {number: 443, name: https, protocol: HTTPS}
          hosts: [team/a.example.com]
          tls: {mode: SIMPLE, credentialName: c}
    ---
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: r, namespace: team}
    spec:
      parentRefs: [{name: gw, namespace: infra}, {kind: Service, name: mesh}]
      hostnames: [a.example.com]
      rules:
        - matches: [{path: {value: /api}, method: GET}]
          backendRefs: [{name: web, port: 80}, {kind: Bucket, name: b}]
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: vs, namespace: team}
    spec:
      gateways: [mesh, infra/ig, own]
      hosts: [a.example.com]
      http:
        - match: [{uri: {prefix: /v}}]
          route: [{destination: {host: web.other.svc.cluster.local, port: {number: 8}}}]
    ---
    apiVersion: route.openshift.io/v1
    kind: Route
    metadata: {name: os}
    spec:
      host: o.example.com
      to: {kind: Service, name: web}
      port: {targetPort: http}
      tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}
    """)
    gateway, istio = read.gateways
    assert (gateway.class_name, istio.class_name) == ("istio", "istio")
    assert gateway.listeners == (
        Listener(("spec", "listeners", 0), "https", "HTTPS", "*.example.com", 443, True, "Same"),
        Listener(("spec", "listeners", 1), "http", "HTTP", "", 80, False, "Same"),
    )
    assert istio.listeners == (Listener(("spec", "servers", 0), "https", "HTTPS", "a.example.com", 443, True),)
    http, virtual, openshift = read.routes
    assert http.gateways == (("infra", "gw"),)
    assert http.backends == (
        Backend("a.example.com", "/api", "team", "web", 80, ("spec", "rules", 0, "backendRefs", 0)),
    )
    assert virtual.gateways == (("infra", "ig"), ("team", "own"))
    destination = ("spec", "http", 0, "route", 0, "destination")
    assert virtual.backends == (Backend("a.example.com", "/v", "other", "web", 8, destination),)
    assert (openshift.tls, openshift.insecure_policy) == ("edge", "Allow")
    assert openshift.backends == (Backend("o.example.com", "/", "default", "web", "http", ("spec", "to")),)


def test_network_policies_get_the_default_of_policy_types() -> None:
    deny, both, egress = inventory("""
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: deny}
    spec: {podSelector: {}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: both}
    spec:
      podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a]}]}
      ingress: [{}]
      egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}, {namespaceSelector: {}, podSelector: {}}], ports: [{port: 53}]}]
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: egress}
    spec: {podSelector: {}, policyTypes: [Egress]}
    """).policies
    assert (deny.ingress, deny.egress, deny.types_written, deny.selector.empty) == ((), None, False, True)
    assert both.selector == Selector({"app": "web"}, (Requirement("tier", "In", ("a",)),))
    assert both.ingress is not None
    assert both.egress is not None
    assert both.ingress[0].peers == ()
    assert (both.egress[0].ports, both.egress[0].peers) == (
        (PolicyPort("TCP", 53),),
        (Peer(None, None, "10.0.0.0/8"), Peer(Selector({}), Selector({}), None)),
    )
    assert (egress.ingress, egress.egress, egress.types_written) == (None, (), True)


def test_secrets_are_read_through_base64_and_plain_text_wins() -> None:
    word, picture = b64encode("密码".encode()).decode(), b64encode(b"\xff\xfe\x00").decode()
    config, secret = inventory(f"""
    apiVersion: v1
    kind: ConfigMap
    metadata: {{name: c}}
    data: {{a: text}}
    binaryData: {{b: AAAA}}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {{name: s}}
    data: {{word: {word}, picture: {picture}, both: {word}}}
    stringData: {{both: plain}}
    """).data
    assert (config.values, config.encoded, config.secret) == ({"a": "text"}, frozenset(), False)
    assert (secret.type, secret.values) == ("Opaque", {"word": "密码", "both": "plain"})
    assert secret.encoded == {"word", "picture"}


def test_a_secret_that_is_not_base64_is_a_gap_and_keeps_its_other_keys() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  bad: not base64!\n  good: YQ==\n"
    result = collect_stdin(text.encode())
    assert [(g.location.line, g.location.column) for g in result.gaps if g.location] == [(5, 3)]
    assert result.inventory.data[0].values == {"good": "a"}


def test_budgets_bounds_and_autoscalers() -> None:
    read = inventory("""
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: b}
    spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: none}
    spec: {maxUnavailable: 1}
    ---
    apiVersion: v1
    kind: ResourceQuota
    metadata: {name: q}
    spec: {hard: {requests.cpu: 4, pods: "10"}}
    ---
    apiVersion: v1
    kind: LimitRange
    metadata: {name: l}
    spec:
      limits:
        - {type: Container, max: {cpu: 2}, min: {memory: 1Mi}}
        - {type: PersistentVolumeClaim, max: {storage: 1Gi}}
    ---
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: h}
    spec: {scaleTargetRef: {kind: Deployment, name: web}}
    """)
    some, nothing = read.budgets
    assert (some.min_available, some.max_unavailable, nothing.max_unavailable) == ("50%", None, 1)
    assert some.selector.matches({"app": "web"})
    assert not nothing.selector.matches({})
    quota, limits = read.bounds
    assert quota.resources == {"requests.cpu", "pods"}
    assert limits.resources == {"cpu", "memory", "storage"}
    assert limits.default_limits == {"cpu"}
    assert limits.default_requests == {"cpu", "memory"}
    (scaler,) = read.autoscalers
    assert (scaler.target_kind, scaler.target_name, scaler.min_replicas) == ("Deployment", "web", 1)


@pytest.mark.parametrize(("version", "policy", "timeout"), [("v1", "Fail", 10), ("v1beta1", "Ignore", 30)])
def test_webhooks_get_the_defaults_of_their_version(version: str, policy: str, timeout: int) -> None:
    (configuration,) = inventory(f"""
    apiVersion: admissionregistration.k8s.io/{version}
    kind: ValidatingWebhookConfiguration
    metadata: {{name: w}}
    webhooks:
      - name: a.example.com
        namespaceSelector: {{matchExpressions: [{{key: k, operator: DoesNotExist}}]}}
        rules: [{{resources: [pods]}}, {{resources: [services, pods/exec]}}]
    """).webhooks
    (webhook,) = configuration.webhooks
    assert (webhook.path, webhook.failure_policy, webhook.timeout) == (("webhooks", 0), policy, timeout)
    assert webhook.resources == ("pods", "services", "pods/exec")
    assert webhook.object_selector.empty
    assert not webhook.namespace_selector.matches({"k": "v"})


def test_roles_and_bindings() -> None:
    read = inventory("""
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: r}
    aggregationRule: {clusterRoleSelectors: []}
    rules:
      - {verbs: [get], apiGroups: [""], resources: [secrets], resourceNames: [s]}
      - {verbs: [get], nonResourceURLs: [/metrics]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: b, namespace: team}
    roleRef: {kind: ClusterRole, name: r}
    subjects: [{kind: ServiceAccount, name: a}, {kind: Group, name: g}]
    """)
    (role,) = read.roles
    assert role.aggregated
    assert role.rules == (
        PolicyRule(0, ("get",), ("",), ("secrets",), ("s",), ()),
        PolicyRule(1, ("get",), (), (), (), ("/metrics",)),
    )
    (binding,) = read.bindings
    assert (binding.role_kind, binding.role_name, binding.cluster_wide) == ("ClusterRole", "r", False)
    assert binding.subjects == (RbacSubject(0, "ServiceAccount", "team", "a"), RbacSubject(1, "Group", "", "g"))
