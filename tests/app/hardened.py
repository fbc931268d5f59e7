"""A cluster as it should be, written out as manifests: a dozen applications, and single holes to plant into it."""

from collections.abc import Callable, Mapping
from pathlib import Path

DIGEST = "@sha256:" + "0123456789abcdef" * 4
NAMESPACES = ("shop", "data", "jobs")
_LABELS = "".join(f"\n    pod-security.kubernetes.io/{mode}: restricted" for mode in ("enforce", "warn", "audit"))

NAMESPACE = """apiVersion: v1
kind: Namespace
metadata:
  name: {ns}
  labels:{labels}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: quota
  namespace: {ns}
spec:
  hard: {{requests.cpu: "8", requests.memory: 16Gi, limits.cpu: "16", limits.memory: 32Gi, pods: "50"}}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: {ns}
spec:
  limits:
    - type: Container
      default: {{cpu: 500m, memory: 256Mi, ephemeral-storage: 1Gi}}
      defaultRequest: {{cpu: 100m, memory: 256Mi, ephemeral-storage: 100Mi}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: {ns}
spec:
  podSelector: {{}}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: {ns}
spec:
  podSelector: {{}}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: kube-system}}}}
      ports: [{{protocol: UDP, port: 53}}, {{protocol: TCP, port: 53}}]
"""

APPLICATION = """apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {ns}
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  namespace: {ns}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      serviceAccountName: {name}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        fsGroup: 10001
        seccompProfile: {{type: RuntimeDefault}}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {{matchLabels: {{app: {name}}}}}
      containers:
        - name: {name}
          image: registry.example.com/{image}{digest}
          ports: [{{containerPort: {port}}}]
          env:{env}
          resources:
            requests: {{cpu: 100m, memory: 256Mi, ephemeral-storage: 100Mi}}
            limits: {{cpu: 500m, memory: 256Mi, ephemeral-storage: 1Gi}}
          readinessProbe: {{tcpSocket: {{port: {port}}}}}
          livenessProbe: {{tcpSocket: {{port: {port}}}, initialDelaySeconds: 30}}
          startupProbe: {{tcpSocket: {{port: {port}}}, failureThreshold: 30}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          volumeMounts:
            - {{name: tmp, mountPath: /tmp}}
      volumes:
        - name: tmp
          emptyDir: {{sizeLimit: 100Mi}}
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {ns}
spec:
  selector: {{app: {name}}}
  ports: [{{port: {port}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {name}
  namespace: {ns}
spec:
  maxUnavailable: 1
  selector: {{matchLabels: {{app: {name}}}}}
"""

ALLOW = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
  namespace: {ns}
spec:
  podSelector: {{matchLabels: {{app: {name}}}}}
  policyTypes: [Ingress, Egress]
  ingress:{ingress}
  egress:{egress}
"""

INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/force-ssl-redirect: "true"
spec:
  ingressClassName: nginx
  tls: [{hosts: [www.shop.example.com], secretName: web-tls}]
  rules:
    - host: www.shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web, port: {number: 8080}}}
"""

# Name: namespace, image, port, whom it calls, variables.
APPLICATIONS: Mapping[str, tuple[str, str, int, tuple[str, ...], str]] = {
    "web": ("shop", "shop/web:4.2.0", 8080, ("api", "search"), ""),
    "api": ("shop", "shop/api:4.2.0", 8080, ("cart", "orders", "catalog", "report"), ""),
    "cart": ("shop", "shop/cart:2.1.0", 8080, ("redis",), "REDIS_PASSWORD"),
    "orders": ("shop", "shop/orders:3.0.1", 8080, ("mysql", "payment", "mail"), "DB_PASSWORD"),
    "catalog": ("shop", "shop/catalog:1.9.0", 8080, ("mysql",), "DB_PASSWORD"),
    "search": ("shop", "shop/search:1.3.2", 8080, ("catalog",), ""),
    "payment": ("shop", "shop/payment:5.5.0", 8080, (), ""),
    "mail": ("jobs", "shop/mail:1.0.4", 8080, (), ""),
    "report": ("jobs", "shop/report:2.0.0", 8080, ("mysql", "import"), "DB_PASSWORD"),
    "import": ("jobs", "shop/import:2.2.0", 8080, ("catalog",), ""),
    "mysql": ("data", "mirror/mysql:8.4.3", 3306, (), "MYSQL_ROOT_PASSWORD"),
    "redis": ("data", "mirror/redis:7.4.1", 6379, (), "REDIS_PASSWORD"),
}


def _env(name: str, variable: str) -> str:
    entries = [] if not variable else [(variable, "redis" if "REDIS" in variable else "mysql")]
    lines = [
        f"\n            - name: {v}\n              valueFrom: {{secretKeyRef: {{name: {s}, key: password}}}}"
        for v, s in entries
    ]
    return "".join(lines) or f"\n            - {{name: SERVICE_NAME, value: {name}}}"


def _peer(name: str) -> str:
    namespace = APPLICATIONS[name][0]
    return (
        f"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}, "
        f"podSelector: {{matchLabels: {{app: {name}}}}}}}"
    )


def _rules(direction: str, others: tuple[str, ...], port: int | None) -> str:
    if not others:
        return " []"
    ports = [port if port is not None else APPLICATIONS[o][2] for o in others]
    return "".join(
        f"\n    - {direction}: [{_peer(o)}]\n      ports: [{{protocol: TCP, port: {p}}}]"
        for o, p in zip(others, ports, strict=True)
    )


def files() -> dict[str, str]:
    """The cluster's manifests by path."""
    made = {f"namespaces/{ns}.yaml": NAMESPACE.format(ns=ns, labels=_LABELS) for ns in NAMESPACES}
    made["shop/ingress.yaml"] = INGRESS
    for name, (ns, image, port, calls, variable) in APPLICATIONS.items():
        made[f"{ns}/{name}.yaml"] = APPLICATION.format(
            name=name, ns=ns, kind="Deployment", image=image, digest=DIGEST, port=port, env=_env(name, variable)
        )
        clients = tuple(o for o, row in APPLICATIONS.items() if name in row[3])
        ingress = _rules("from", clients, port)
        if name == "web":
            ingress = (
                "\n    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]"
                "\n      ports: [{protocol: TCP, port: 8080}]"
            )
        made[f"{ns}/{name}-policy.yaml"] = ALLOW.format(
            name=name, ns=ns, ingress=ingress, egress=_rules("to", calls, None)
        )
    return made


def write(folder: Path, made: Mapping[str, str]) -> Path:
    """The manifests as files below the folder."""
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _insert(made: dict[str, str], path: str, before: str, text: str) -> None:
    assert before in made[path]
    made[path] = made[path].replace(before, text + before, 1)


def _token(made: dict[str, str], path: str) -> None:
    """The application gets its account's token."""
    made[path] = made[path].replace("automountServiceAccountToken: false", "automountServiceAccountToken: true")


def _role(name: str, namespace: str, rules: str) -> str:
    return f"""apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {name}
rules:
  - {rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {name}
subjects:
  - kind: ServiceAccount
    name: {name}
    namespace: {namespace}
"""


_HOST_DAEMON = """apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: inspector
  namespace: data
spec:
  selector: {{matchLabels: {{app: inspector}}}}
  template:
    metadata:
      labels: {{app: inspector}}
    spec:
      automountServiceAccountToken: false
      serviceAccountName: redis
      hostPID: true
      hostNetwork: true
      securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: inspector
          image: registry.example.com/tools/inspector:1.0.0{digest}
          resources:
            requests: {{cpu: 100m, memory: 256Mi, ephemeral-storage: 100Mi}}
            limits: {{cpu: 500m, memory: 256Mi, ephemeral-storage: 1Gi}}
          readinessProbe: {{exec: {{command: [/ready]}}}}
          livenessProbe: {{exec: {{command: [/ready]}}}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
"""


def _privileged(made: dict[str, str]) -> None:
    made["shop/api.yaml"] = made["shop/api.yaml"].replace(
        "            allowPrivilegeEscalation: false", "            privileged: true"
    )


def _wildcard(made: dict[str, str]) -> None:
    _token(made, "shop/web.yaml")
    made["shop/web-role.yaml"] = _role("web", "shop", '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')


def _mount(path: str) -> Callable[[dict[str, str]], None]:
    def plant(made: dict[str, str]) -> None:
        _insert(
            made,
            "shop/api.yaml",
            "            - {name: tmp, mountPath: /tmp}",
            "            - {name: host, mountPath: /host}\n",
        )
        _insert(
            made,
            "shop/api.yaml",
            "        - name: tmp\n",
            f"        - name: host\n          hostPath: {{path: {path}}}\n",
        )

    return plant


def _secret_reader(made: dict[str, str]) -> None:
    _token(made, "shop/api.yaml")
    made["shop/api-role.yaml"] = _role(
        "api", "shop", '{apiGroups: [""], resources: [secrets], verbs: [get, list, watch]}'
    )


def _no_default_deny(made: dict[str, str]) -> None:
    parts = made["namespaces/data.yaml"].split("---\n")
    made["namespaces/data.yaml"] = "---\n".join(p for p in parts if "name: default-deny" not in p)


def _open_namespace(made: dict[str, str]) -> None:
    _no_default_deny(made)
    del made["data/redis-policy.yaml"]
    made["data/redis.yaml"] = made["data/redis.yaml"].replace("REDIS_PASSWORD", "REDIS_DATABASE_SIZE")


def _host_daemon(made: dict[str, str]) -> None:
    made["data/inspector.yaml"] = _HOST_DAEMON.format(digest=DIGEST)


def _anonymous(made: dict[str, str]) -> None:
    text = _role("dashboard", "shop", '{apiGroups: [""], resources: [secrets, pods], verbs: [get, list]}')
    head, _, _ = text.partition("  - kind: ServiceAccount")
    made["shop/dashboard.yaml"] = (
        head + "  - kind: Group\n    apiGroup: rbac.authorization.k8s.io\n    name: system:unauthenticated\n"
    )


HOLES: Mapping[str, Callable[[dict[str, str]], None]] = {
    "privileged pod": _privileged,
    "wildcard role on an exposed identity": _wildcard,
    "runtime socket": _mount("/run/containerd/containerd.sock"),
    "host path": _mount("/etc"),
    "cluster-wide secret reader": _secret_reader,
    "missing default deny": _no_default_deny,
    "open data store": _open_namespace,
    "host daemon": _host_daemon,
    "anonymous binding": _anonymous,
}
"""Single holes, each planted into a copy of the files."""
