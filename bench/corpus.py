"""Write a folder of manifests as charts render them: many workloads with what belongs to them, the same on every run.

    python bench/corpus.py FOLDER [--charts 100]

Real charts cannot be shipped here; these objects have the fields, comments, labels and mistakes that rendered charts
have: 20 objects and 40 KB a chart. They are input for time and memory, not for verdicts.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

NAMES = (
    "gateway",
    "checkout",
    "catalog",
    "search",
    "payments",
    "ledger",
    "orders",
    "carts",
    "users",
    "sessions",
    "mailer",
)
IMAGES = (
    ("docker.io/bitnami/nginx:1.27.3-debian-12-r0", 8080),
    ("ghcr.io/example/api:2.14.1", 8080),
    ("registry.example.com/team/worker@sha256:" + "5f3c" * 16, 9090),
    ("redis:7", 6379),
    ("postgres:16-alpine", 5432),
    ("quay.io/example/exporter", 9187),
)
HARDENED = (
    "securityContext:\n  allowPrivilegeEscalation: false\n  readOnlyRootFilesystem: true\n  capabilities:\n    drop:\n"
    "    - ALL\n  seccompProfile:\n    type: RuntimeDefault\n"
)
SETTINGS = ("LOG_LEVEL", "CACHE_TTL", "HTTP_TIMEOUT", "FEATURE_FLAGS", "WORKERS", "REGION", "QUEUE", "BUCKET", "TZ")


def chart(number: int, chance: random.Random) -> str:
    """One release's objects, in the order in which helm prints kinds."""
    name = f"{NAMES[number % len(NAMES)]}-{number}"
    space = f"team-{number % 12}"
    objects = [*_policies(name, space), *_accounts(name, space), *_data(name, space, chance), *_services(name, space)]
    objects += [_workload(name, space, kind, chance) for kind in _kinds(number)]
    objects += [_cron_job(name, space, chance), _autoscaler(name, space), _ingress(name, space), _monitor(name, space)]
    return "".join(f"---\n# Source: {name}/templates/{i:02}.yaml\n{text}" for i, text in enumerate(objects))


def _kinds(number: int) -> tuple[str, ...]:
    return ("Deployment", "Deployment", "StatefulSet" if number % 3 else "DaemonSet", "Deployment")


def _head(version: str, kind: str, name: str, space: str | None, *more: str) -> str:
    where = f"\n  namespace: {space}" if space else ""
    labels = _labels(name.partition("/")[0])
    lines = "".join(f"\n  {line}" for line in more)
    named = name.replace("/", "-")
    return f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {named}{where}\n  labels:\n{indent(labels, '    ')}{lines}\n"


def _labels(name: str) -> str:
    return (
        f"app.kubernetes.io/name: {name}\napp.kubernetes.io/instance: {name}\nhelm.sh/chart: {name}-4.2.0\n"
        'app.kubernetes.io/version: "2.14.1"\napp.kubernetes.io/managed-by: Helm'
    )


def _policies(name: str, space: str) -> Iterator[str]:
    yield (
        _head("networking.k8s.io/v1", "NetworkPolicy", name, space)
        + f"spec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n  policyTypes:\n    - Ingress\n"
        "  ingress:\n    - ports:\n        - port: 8080\n      from:\n        - namespaceSelector: {}\n"
    )
    yield (
        _head("policy/v1", "PodDisruptionBudget", name, space)
        + f"spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n"
    )


def _accounts(name: str, space: str) -> Iterator[str]:
    rbac = "rbac.authorization.k8s.io"
    yield _head("v1", "ServiceAccount", name, space) + "automountServiceAccountToken: true\n"
    rules = (
        'rules:\n  - apiGroups: [""]\n    resources: ["pods", "services", "endpoints", "configmaps"]\n'
        '    verbs: ["get", "list", "watch"]\n'
        "  - apiGroups:\n      - apps\n    resources:\n      - deployments\n      - replicasets\n    verbs:\n"
        '      - get\n      - list\n      - watch\n      - patch\n  - apiGroups: [""]\n    resources: ["secrets"]\n'
        '    verbs: ["get"]\n'
    )
    for kind, where in (("Role", space), ("ClusterRole", None)):
        yield _head(f"{rbac}/v1", kind, name, where) + rules
        yield (
            _head(f"{rbac}/v1", f"{kind}Binding", name, where)
            + f"roleRef:\n  apiGroup: {rbac}\n  kind: {kind}\n  name: {name}\n"
            f"subjects:\n  - kind: ServiceAccount\n    name: {name}\n    namespace: {space}\n"
        )


def _data(name: str, space: str, chance: random.Random) -> Iterator[str]:
    lines = [
        f"server.{word.lower()}.{i} = {chance.randrange(10**6)}"
        for i in range(24)
        for word in chance.sample(SETTINGS, 3)
    ]
    yield (
        _head("v1", "ConfigMap", name, space)
        + "data:\n  server.properties: |-\n"
        + indent("\n".join(lines), "    ")
        + "\n"
    )
    blocks = "\n".join(
        f"location /{chance.randrange(999)} {{\n  proxy_pass http://{name}:8080;\n  proxy_set_header Host $host;\n}}"
        for _ in range(30)
    )
    yield _head("v1", "ConfigMap", f"{name}/proxy", space) + "data:\n  nginx.conf: |\n" + indent(blocks, "    ") + "\n"
    yield (
        _head("v1", "Secret", f"{name}/login", space)
        + 'type: Opaque\ndata:\n  username: "YWRtaW4="\n  password: "cGxhY2Vob2xkZXI="\n'
    )


def _services(name: str, space: str) -> Iterator[str]:
    for suffix, extra in (("", "type: ClusterIP"), ("/headless", "clusterIP: None\n  publishNotReadyAddresses: true")):
        yield (
            _head("v1", "Service", name + suffix, space)
            + f"spec:\n  {extra}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n      protocol: TCP\n"
            f"    - name: metrics\n      port: 9102\n      targetPort: metrics\n"
            f"  selector:\n    app.kubernetes.io/name: {name}\n    app.kubernetes.io/instance: {name}\n"
        )


def _workload(name: str, space: str, kind: str, chance: random.Random) -> str:
    part = f"{name}/{kind.lower()}{chance.randrange(1000)}"
    replicas = "" if kind == "DaemonSet" else f"  replicas: {chance.randrange(1, 4)}\n"
    own = "  serviceName: " + name + "-headless\n" if kind == "StatefulSet" else ""
    pod = _pod(name, chance, restart="Always")
    head = _head("apps/v1", kind, part, space, "annotations:", f'  checksum/config: "{chance.getrandbits(128):032x}"')
    selector = f"  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n      app.kubernetes.io/instance: {name}\n"
    return f"{head}spec:\n{replicas}{own}  revisionHistoryLimit: 10\n{selector}  template:\n{indent(pod, '    ')}"


def _cron_job(name: str, space: str, chance: random.Random) -> str:
    pod = _pod(name, chance, restart="OnFailure")
    head = _head("batch/v1", "CronJob", f"{name}/cleanup", space)
    return f'{head}spec:\n  schedule: "*/15 * * * *"\n  jobTemplate:\n    spec:\n      template:\n{indent(pod, "        ")}'


def _pod(name: str, chance: random.Random, restart: str) -> str:
    containers = "".join(_container(f"{name}-{i}", chance) for i in range(chance.choice((1, 1, 2, 3))))
    init = _container("migrate", chance) if chance.random() < 0.4 else ""
    security = chance.choice(
        ("", "  securityContext:\n    fsGroup: 1001\n    runAsNonRoot: true\n    runAsUser: 1001\n")
    )
    host = (
        "    - name: host\n      hostPath:\n        path: /var/log\n        type: Directory\n"
        if chance.random() < 0.1
        else ""
    )
    return (
        f'metadata:\n  labels:\n{indent(_labels(name), "    ")}\n  annotations:\n    prometheus.io/scrape: "true"\n'
        f'    prometheus.io/port: "9102"\nspec:\n  serviceAccountName: {name}\n  restartPolicy: {restart}\n{security}'
        "  affinity:\n    podAntiAffinity:\n      preferredDuringSchedulingIgnoredDuringExecution:\n"
        "        - weight: 1\n          podAffinityTerm:\n            topologyKey: kubernetes.io/hostname\n"
        f"            labelSelector:\n              matchLabels:\n                app.kubernetes.io/name: {name}\n"
        + (f"  initContainers:\n{indent(init, '    ')}" if init else "")
        + f"  containers:\n{indent(containers, '    ')}"
        f"  volumes:\n    - name: config\n      configMap:\n        name: {name}\n    - name: tmp\n      emptyDir: {{}}\n{host}"
    )


def _container(name: str, chance: random.Random) -> str:
    image, port = chance.choice(IMAGES)
    settings = "".join(
        f'  - name: {setting}\n    value: "{chance.randrange(1000)}"\n' for setting in chance.sample(SETTINGS, 6)
    )
    limits = chance.choice(("", "  limits:\n    cpu: 500m\n    memory: 512Mi\n"))
    security = chance.choice(
        (
            "",
            HARDENED,
            "securityContext: {}\n",
        )
    )
    probes = "".join(
        f"{probe}:\n  httpGet:\n    path: /healthz\n    port: http\n  initialDelaySeconds: 30\n  timeoutSeconds: 5\n"
        "  periodSeconds: 10\n  successThreshold: 1\n  failureThreshold: 6\n"
        for probe in chance.choice((("livenessProbe", "readinessProbe"), ("readinessProbe",), ()))
    )
    body = (
        f'name: {name}\nimage: "{image}"\nimagePullPolicy: IfNotPresent\nargs:\n  - --config=/etc/{name}/server.properties\n'
        f"  - --listen=:{port}\n{security}env:\n  - name: POD_NAME\n    valueFrom:\n      fieldRef:\n"
        f"        fieldPath: metadata.name\n{settings}  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n"
        f"        name: {name}-login\n        key: password\nports:\n  - name: http\n    containerPort: {port}\n"
        f"    protocol: TCP\n  - name: metrics\n    containerPort: 9102\n{probes}resources:\n{limits}  requests:\n"
        f"    cpu: 100m\n    memory: 128Mi\nvolumeMounts:\n  - name: config\n    mountPath: /etc/{name}\n"
        "    readOnly: true\n  - name: tmp\n    mountPath: /tmp\n"
    )
    return "- " + indent(body, "  ")[2:]


def _autoscaler(name: str, space: str) -> str:
    return (
        _head("autoscaling/v2", "HorizontalPodAutoscaler", name, space)
        + f"spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: {name}\n  minReplicas: 2\n"
        "  maxReplicas: 6\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n"
        "          type: Utilization\n          averageUtilization: 75\n"
    )


def _ingress(name: str, space: str) -> str:
    return (
        _head(
            "networking.k8s.io/v1", "Ingress", name, space,
            "annotations:", '  nginx.ingress.kubernetes.io/proxy-body-size: "8m"',
        )
        + f'spec:\n  ingressClassName: nginx\n  rules:\n    - host: "{name}.example.com"\n      http:\n        paths:\n'
        "          - path: /\n            pathType: Prefix\n            backend:\n              service:\n"
        f"                name: {name}\n                port:\n                  name: http\n"
    )  # fmt: skip


def _monitor(name: str, space: str) -> str:
    return (
        _head("monitoring.coreos.com/v1", "ServiceMonitor", name, space)
        + f"spec:\n  endpoints:\n    - port: metrics\n      interval: 30s\n      scrapeTimeout: 10s\n"
        f"  namespaceSelector:\n    matchNames:\n      - {space}\n  selector:\n    matchLabels:\n"
        f"      app.kubernetes.io/name: {name}\n"
    )


def write(folder: Path, charts: int) -> int:
    """The corpus as one file for each chart; returns how many objects it has."""
    folder.mkdir(parents=True, exist_ok=True)
    objects = 0
    for number in range(charts):
        text = chart(number, random.Random(number))  # noqa: S311 - the same numbers every time are what is wanted
        objects += text.count("---\n# Source:")
        (folder / f"{number:03}.yaml").write_text(text, "utf-8")
    return objects


def main() -> None:
    """Write the folder that was named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--charts", type=int, default=100)
    options = parser.parse_args()
    print(f"{write(options.folder, options.charts)} objects")


if __name__ == "__main__":
    main()
