"""Who reaches a Service, an Ingress or a Gateway: its own words, its class, the settings of the class, its controller."""

from collections.abc import Iterable, Mapping, Sequence

from fourc.model.controllers import FAMILIES, controller_identifier, nginx_settings
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import BalancerSettings, Gateway, Ingress, IngressClass, Service
from fourc.model.kubernetes.pod import Workload
from fourc.model.load_balancers import (
    ADDRESS_LISTS,
    INGRESS_SIGNS,
    SERVICE_SIGNS,
    Judged,
    Reach,
    access_listed,
    addressed,
    allowed,
    classed,
    listed_elsewhere,
    only_private,
    signed,
)
from fourc.model.text import Text

SEE_NODES = Text(
    "kubectl get nodes -o wide shows whether the nodes have an EXTERNAL-IP; the firewall before them decides the rest",
    "kubectl get nodes -o wide 可看到节点是否有 EXTERNAL-IP；其余由节点前的防火墙（安全组）决定",
)
SCAN_TOO = Text("scan the folder that holds {what} together with this one", "请把存放 {what} 的目录一起扫描")
ON_NODES = Text(
    "it listens on the nodes; whether they have public addresses is not seen here",
    "它在节点上监听；这里看不到节点是否有公网地址",
)


# --- Services ---------------------------------------------------------------------------------------------------------


def service_reach(service: Service) -> Judged | None:
    """Who reaches the Service from outside, and by which word of it; None when it is for the cluster only."""
    judged = _by_type(service)
    if not service.external_ips or service.type == "ExternalName":
        return judged
    shown = ", ".join(service.external_ips)
    if only_private(service.external_ips):
        private = Text(f"its external address {shown} is a private one", f"其外部地址 {shown} 是内网地址")
        return judged or Judged(Reach.INTERNAL, private)
    public = Text(f"it answers on the public address {shown}", f"它在公网地址 {shown} 上应答")
    return judged if judged and judged.reach is Reach.INTERNET else Judged(Reach.INTERNET, public)


_NODE_PORT = Text(
    "every node opens its port (nodePort {p}); whether the nodes have public addresses is not seen here",
    "每个节点都会开放该端口（nodePort {p}）；这里看不到节点是否有公网地址",
)
_SOME_NODE_PORT = Text(
    "every node opens a port of the cluster's choice for it (nodePort); whether the nodes have public addresses is not "
    "seen here",
    "每个节点都会为它开放一个由集群选定的端口（nodePort）；这里看不到节点是否有公网地址",
)


def _by_type(service: Service) -> Judged | None:
    if service.type == "NodePort":
        numbers = ", ".join(str(p.node_port) for p in service.ports if p.node_port)
        return Judged(Reach.ASSUMED_INTERNET, _NODE_PORT.of(p=numbers) if numbers else _SOME_NODE_PORT, SEE_NODES)
    return _load_balancer(service) if service.type == "LoadBalancer" else None


def _load_balancer(service: Service) -> Judged:
    annotations, name = service.meta.annotations, service.load_balancer_class
    limited = allowed((*service.source_ranges, *address_list(annotations)))
    own = signed(SERVICE_SIGNS, annotations) or addressed(annotations) or (classed(name) if name else None)
    # What keeps it inside counts first, then who may connect, then what is not seen, then what opens it.
    for judged in (own, limited):
        if judged and judged.reach is Reach.INTERNAL:
            return judged
    for judged in (access_listed(annotations), own):
        if judged and judged.reach is Reach.ASSUMED_INTERNET:
            return judged
    if own or limited:
        return own or limited or _PUBLIC_BY_DEFAULT
    if name:
        why = Text(
            f"what load balancers of the class {name} are reached by is not known",
            f"不清楚 {name} 类型的负载均衡能被谁访问",
        )
        return Judged(Reach.ASSUMED_INTERNET, why)
    return _PUBLIC_BY_DEFAULT


_PUBLIC_BY_DEFAULT = Judged(
    Reach.INTERNET,
    Text(
        "type LoadBalancer gets a public address unless something says otherwise",
        "LoadBalancer 类型默认会得到公网地址，除非另有说明",
    ),
)


def address_list(annotations: Mapping[str, str]) -> Sequence[str]:
    """The addresses that annotations of the object let in."""
    return _parts(annotations.get(key, "") for key in ADDRESS_LISTS)


def _parts(values: Iterable[str]) -> Sequence[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


# --- Ingresses --------------------------------------------------------------------------------------------------------

_AWS = ("ingress.k8s.aws/alb", "eks.amazonaws.com/alb")
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/
_AWS_DEFAULT = Judged(
    Reach.INTERNAL,
    Text(
        "the AWS controller of its class makes internal load balancers unless a scheme says otherwise",
        "其类型由 AWS 控制器负责，除非 scheme 另有说明，负载均衡只在内网",
    ),
)
# https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/alb-ingress-configuration-dictionary
_PROVIDERS = frozenset({"alibabacloud.com", "mse.alibabacloud.com", "elbv2.k8s.aws", "eks.amazonaws.com"})
_NOT_READ = Text(
    "{kind} {name} of its class decides, and it is not read here", "由其类型的 {kind} {name} 决定，这里没有读到它"
)
_READ_IT = Text(
    "kubectl get {kind} {name} -o yaml says it, or scan the folder that holds it together with this one",
    "kubectl get {kind} {name} -o yaml 会给出答案，或把存放它的目录一起扫描",
)


# The class that ACK's controller makes by itself, with an AlbConfig of the same name; the class is then in no file.
_MADE_BY_ACK = {"alb": ("alibabacloud.com", "AlbConfig", "alb")}
_NOBODY = ("", "", "")


def ingress_reach(ingress: Ingress, inventory: Inventory) -> Judged:
    """Who reaches the Ingress: its annotations, its class, its controller's own Service, else what is usual."""
    annotations = ingress.meta.annotations
    known = inventory.ingress_class_by_name.get(ingress.class_name)
    name = known.meta.name if known else ingress.class_name
    settings = inventory.balancer_by_name.get((known.parameters if known else None) or _MADE_BY_ACK.get(name, _NOBODY))
    listed = address_list(annotations) or _listed_by_controller(inventory, name)
    limited = allowed(listed)
    if limited and limited.reach is Reach.INTERNAL:
        return limited
    overrules = settings if settings and settings.meta.kind == "IngressClassParams" else None
    return (
        (_by_settings(overrules) if overrules else None)
        or signed(INGRESS_SIGNS, annotations)
        or (_by_class(known, settings) if known else settings and _by_settings(settings))
        or _controller_reach(inventory, name or "nginx")
        or classed(name)
        or _by_class_name(name)
    )


def _by_class(known: IngressClass, settings: BalancerSettings | None) -> Judged | None:
    """What the class and its settings say, where a provider's controller serves it."""
    if settings:
        judged = _by_settings(settings)
        if judged:
            return judged
    elif known.parameters and known.parameters[0] in _PROVIDERS:
        _, kind, name = known.parameters
        return Judged(
            Reach.ASSUMED_INTERNET, _NOT_READ.of(kind=kind, name=name), _READ_IT.of(kind=kind.lower(), name=name)
        )
    return _AWS_DEFAULT if known.controller in _AWS else None


def _by_settings(settings: BalancerSettings) -> Judged | None:
    """What AlbConfig (public where it does not say) or IngressClassParams (None where it does not say) decide."""
    word, meta = settings.address.lower(), settings.meta
    said = f"{meta.kind} {meta.name}: {settings.address or settings.reused}".removesuffix(": ")
    if word in {"intranet", "internal"}:
        return Judged(
            Reach.INTERNAL, Text(f"`{said}` keeps it inside the private network", f"`{said}` 使其只在内网可达")
        )
    limited = allowed(settings.ranges)
    if limited and limited.reach is Reach.INTERNAL:
        return limited
    if settings.lists:
        return listed_elsewhere(", ".join(settings.lists))
    if settings.reused and not word:
        return Judged(
            Reach.ASSUMED_INTERNET,
            Text(
                f"`{said}` names a load balancer whose address and filters are not seen here",
                f"`{said}` 指向一个负载均衡，这里看不到它的地址和过滤规则",
            ),
        )
    if word or meta.kind == "AlbConfig":
        return Judged(Reach.INTERNET, Text(f"`{said}` gives it a public address", f"`{said}` 为其分配公网地址"))
    return None


def _listed_by_controller(inventory: Inventory, class_name: str) -> Sequence[str]:
    """The addresses that the ConfigMap of its ingress-nginx controller lets in where the Ingress says nothing."""
    found = [nginx_settings(w, inventory.config_map_by_name) for w in controllers(inventory, class_name or "nginx")]
    lists = [_parts((s.get("whitelist-source-range", ""), s.get("allowlist-source-range", ""))) for s in found]
    return [part for listed in lists for part in listed] if all(lists) else []


def _by_class_name(name: str) -> Judged:
    if any(word in name.lower() for word in ("internal", "intranet", "private", "inner")):
        why = Text(
            f"the class {name} sounds internal, but its controller is not seen here",
            f"类型 {name} 听起来是内网的，但这里看不到它的控制器",
        )
        return Judged(Reach.ASSUMED_INTERNET, why)
    why = Text(
        "it publishes the workload, and nothing keeps its controller inside",
        "它对外发布该工作负载，且没有任何内容把它的控制器限制在内网",
    )
    return Judged(Reach.INTERNET, why)


def controllers(inventory: Inventory, class_name: str) -> tuple[Workload, ...]:
    """The controllers that serve a class: those that its IngressClass or they themselves name, else its family's."""
    known = inventory.ingress_class_by_name.get(class_name)
    named = tuple(w for w, _ in inventory.controllers if known and controller_identifier(w) == known.controller)
    exact = named or tuple(w for w, c in inventory.controllers if c == class_name)
    return exact or tuple(w for w, c in inventory.controllers if c in FAMILIES and c in class_name)


def services_before(inventory: Inventory, workloads: Sequence[Workload]) -> tuple[Service, ...]:
    """The Services that select one of the workloads."""
    found = (s for w in workloads for s in inventory.services_by_workload.get(id(w), ()))
    return tuple({id(s): s for s in found}.values())


def _controller_reach(inventory: Inventory, class_name: str) -> Judged | None:
    """The widest reach of the Services before the controllers of a class, None where none was read."""
    chosen = controllers(inventory, class_name)
    found: list[Judged] = []
    for service in services_before(inventory, chosen):
        judged = service_reach(service)
        if judged:
            why = Text(
                f"its controller's Service {service.meta.name}: {judged.why.en}",
                f"其控制器的 Service {service.meta.name}：{judged.why.zh}",
            )
            found.append(Judged(judged.reach, why, judged.remedy))
    found += [Judged(Reach.ASSUMED_INTERNET, ON_NODES, SEE_NODES) for w in chosen if w.pod.host_network]
    return min(found, key=lambda judged: list(Reach).index(judged.reach), default=None)


_INSIDE_NAMES = (
    ".local",
    ".internal",
    ".lan",
    ".intranet",
    ".corp",
    ".home",
    ".svc",
    ".test",
    ".localhost",
    ".private",
)


def judged_by_host(judged: Judged, host: str) -> Judged:
    """An entry for a name that no public DNS serves (RFC 6761, RFC 6762, ICANN's `.internal`) is at most assumed."""
    if judged.reach is Reach.INTERNET and (host == "localhost" or host.endswith(_INSIDE_NAMES)):
        why = Text(
            f"the host {host} is not a public name, though the address may be",
            f"{host} 不是公网域名，但地址可能是公网的",
        )
        return Judged(Reach.ASSUMED_INTERNET, why)
    return judged


PUBLISHED = _by_class_name("")
"""What is usual for an object that publishes a workload and names no class."""


# --- Gateways ---------------------------------------------------------------------------------------------------------


def gateway_reach(gateway: Gateway, inventory: Inventory) -> Judged | None:
    """Who reaches a Gateway; None when it is for the cluster only (Istio's `service-type: ClusterIP`)."""
    annotations = gateway.meta.annotations
    if annotations.get("networking.istio.io/service-type") == "ClusterIP":
        return None
    return (
        signed(SERVICE_SIGNS, annotations)
        or classed(gateway.class_name)
        or _controller_reach(inventory, gateway.class_name)
        or _by_class_name(gateway.class_name)
    )
