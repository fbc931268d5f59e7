"""Programs that make or serve others: ingress controllers with their classes, operators that make pods."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import zip_longest

from fourc.model.kubernetes.config import DataObject
from fourc.model.kubernetes.pod import Container, Workload

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


_IDENTIFIERS = (
    ("ingress-nginx/controller", "k8s.io/ingress-nginx"),
    ("nginx-ingress-controller", "k8s.io/ingress-nginx"),
    ("nginx/nginx-ingress", "nginx.org/ingress-controller"),
    ("/traefik", "traefik.io/ingress-controller"),
    ("haproxy-ingress", "haproxy-ingress.github.io/controller"),
    ("haproxytech/kubernetes-ingress", "haproxy.org/ingress-controller/haproxy"),
    ("/kong", "ingress-controllers.konghq.com/kong"),
    ("/apisix", "apisix.apache.org/apisix-ingress"),
    ("higress", "higress.io/higress-controller"),
)


def controller_class(workload: Workload) -> str | None:
    """The class that an ingress controller serves, or the word of its family; None for anything else."""
    found = _container(workload)
    if found is None:
        return None
    container, family = found
    for argument, after in _words(container):
        flag = next((f for f in _FLAGS if argument.startswith(f)), None)
        if flag:
            return argument.removeprefix(flag).rpartition("/")[2]
        if f"{argument}=" in _FLAGS:
            return after.rpartition("/")[2]
    return family


def controller_identifier(workload: Workload) -> str:
    """What `spec.controller` of an IngressClass must say for this controller to serve it, `""` where that is not known."""
    found = _container(workload)
    if found is None:
        return ""
    container, _ = found
    default = next((name for part, name in _IDENTIFIERS if part in f"/{container.image}"), "")
    return _flag(container, "--controller-class") or default


def nginx_settings(workload: Workload, config_maps: Mapping[tuple[str, str], DataObject]) -> Mapping[str, str]:
    """The ConfigMap that an ingress-nginx controller reads, empty where it is not seen.

    https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/
    """
    found = _container(workload)
    if found is None or found[1] != "nginx":
        return {}
    own = workload.meta.namespace or "default"
    value = _flag(found[0], "--configmap").replace("$(POD_NAMESPACE)", own)
    namespace, _, name = value.rpartition("/")
    data = config_maps.get((namespace or own, name))
    return data.values if data else {}


def _words(container: Container) -> Iterator[tuple[str, str]]:
    """Each word of its command line with the next one."""
    words = (*container.command, *container.args)
    return zip_longest(words, words[1:], fillvalue="")


def _flag(container: Container, name: str) -> str:
    for word, after in _words(container):
        if word.startswith(f"{name}="):
            return word.removeprefix(f"{name}=")
        if word == name:
            return after
    return ""


def _container(workload: Workload) -> tuple[Container, str] | None:
    """The container that is an ingress controller, with the word of its family."""
    for container in workload.pod.containers:
        image = f"/{container.image}"
        family = next((word for word, part in _CONTROLLERS if part in image), None)
        if family is not None and (family != "istio" or "gateway" in workload.meta.name):
            return container, family
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


def made_by_operators(labels: Iterable[str], kinds: Collection[str]) -> bool:
    """Whether pods with these label keys may be made by an operator, of which the kinds that were read may tell."""
    return any(label in OPERATED for label in labels) or any(kind in kinds for kind in POD_MAKERS)
