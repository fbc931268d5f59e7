"""Programs that make or serve others: ingress controllers with their classes, operators that make pods."""

from collections.abc import Container, Iterable

from fourc.model.kubernetes.pod import Workload

# Images of ingress controllers, by a word of the classes that they serve.
_CONTROLLERS = (
    ("nginx", "ingress-nginx/controller"),
    ("nginx", "nginx-ingress"),
    ("traefik", "/traefik"),
    ("haproxy", "haproxy-ingress"),
    ("haproxy", "kubernetes-ingress"),
    ("kong", "/kong"),
    ("apisix", "/apisix"),
    ("higress", "higress"),
    ("contour", "/contour"),
    ("istio", "istio/proxyv2"),
    ("ambassador", "emissary"),
)
FAMILIES = frozenset(word for word, _ in _CONTROLLERS)
"""The words that `controller_class` answers with where a controller names no class."""

_FLAGS = (
    "--ingress-class=",
    "--ingress-class-name=",
    "--controller-class=",
    "--providers.kubernetesingress.ingressclass=",
)


def controller_class(workload: Workload) -> str | None:
    """The class that an ingress controller serves, or the word of its family; None for anything else."""
    for container in workload.pod.containers:
        image = f"/{container.image}"
        family = next((word for word, part in _CONTROLLERS if part in image), None)
        if family is None or (family == "istio" and "gateway" not in workload.meta.name):
            continue
        for argument in (*container.command, *container.args):
            flag = next((f for f in _FLAGS if argument.startswith(f)), None)
            if flag:
                return argument.removeprefix(flag).rpartition("/")[2]
        return family
    return None


# Pods that an operator makes from its own kinds, which hold no pod template.
OPERATED = frozenset({"app.kubernetes.io/managed-by", "strimzi.io/cluster", "cnpg.io/cluster"})
POD_MAKERS = frozenset(
    {
        "Prometheus",
        "Alertmanager",
        "ThanosRuler",
        "Kafka",
        "Elasticsearch",
        "Kibana",
        "Cluster",
        "PostgresCluster",
        "RabbitmqCluster",
        "RedisCluster",
        "MongoDBCommunity",
        "InnoDBCluster",
        "Tenant",
        "VMCluster",
        "Jaeger",
    }
)


def made_by_operators(labels: Iterable[str], kinds: Container[str]) -> bool:
    """Whether pods with these label keys may be made by an operator, of which the kinds that were read may tell."""
    return any(label in OPERATED for label in labels) or any(kind in kinds for kind in POD_MAKERS)
