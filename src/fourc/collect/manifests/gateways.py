"""Gateways and routes: Gateway API, Istio, OpenShift."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import decode_selector
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Backend, Gateway, Listener, Route, Selector

MAX_HOSTS = 64
"""Hosts of one route for which its backends are listed; the Gateway API allows 16."""


def decode_gateway(fields: Fields, meta: Meta) -> Gateway:
    """A gateway.networking.k8s.io Gateway."""
    spec = fields.child("spec")
    listeners = tuple(
        Listener(
            path=listener.path,
            name=listener.text("name") or "",
            protocol=listener.text("protocol") or "",
            hostname=listener.text("hostname") or "",
            port=listener.integer("port") or 0,
            terminated=any(True for _ in listener.child("tls").children("certificateRefs")),
            admits=listener.child("allowedRoutes").child("namespaces").text("from") or "Same",
            selector=_selector_of(listener.child("allowedRoutes").child("namespaces")),
        )
        for listener in spec.children("listeners")
    )
    return Gateway(meta, spec.text("gatewayClassName") or "", listeners)


def _selector_of(namespaces: Fields) -> Selector | None:
    return decode_selector(namespaces.child("selector")) if "selector" in namespaces else None


def decode_istio_gateway(fields: Fields, meta: Meta) -> Gateway:
    """An Istio Gateway: one listener for each host of a server."""
    listeners: list[Listener] = []
    for server in fields.child("spec").children("servers"):
        port = server.child("port")
        tls = server.child("tls")
        listeners += (
            Listener(
                path=server.path,
                name=server.text("name") or port.text("name") or "",
                protocol=port.text("protocol") or "",
                hostname=host.rpartition("/")[2],
                port=port.integer("number") or 0,
                terminated=bool(tls.text("credentialName") or tls.text("serverCertificate")),
            )
            for host in server.strings("hosts") or ("",)
        )
    return Gateway(meta, "istio", tuple(listeners))


def decode_route(fields: Fields, meta: Meta) -> Route:
    """A route of the Gateway API; a backend is listed for every host, with the path of its rule's first match."""
    spec = fields.child("spec")
    home = meta.namespace or "default"
    references = [p for p in spec.children("parentRefs") if (p.text("kind") or "Gateway") == "Gateway"]
    parents = tuple((parent.text("namespace") or home, parent.text("name") or "") for parent in references)
    named = tuple(parent.text("sectionName") or "" for parent in references)
    hosts = spec.strings("hostnames")
    backends: list[Backend] = []
    for rule in spec.children("rules"):
        path = next((_path_of(match) for match in rule.children("matches")), "/")
        for reference in rule.children("backendRefs"):
            name = reference.text("name")
            if name and (reference.text("kind") or "Service") == "Service":
                namespace = reference.text("namespace") or home
                backend = Backend("", path, namespace, name, reference.integer("port"), reference.path)
                backends += _for_hosts(hosts, backend)
    return Route(meta, parents, tuple(backends), sections=named if any(named) else ())


def _path_of(match: Fields) -> str:
    if "method" in match and isinstance(match.value("method"), dict):  # GRPCRoute; HTTPRoute's is a verb
        method = match.child("method")
        return f"/{method.text('service') or '*'}/{method.text('method') or '*'}"
    return match.child("path").text("value") or "/" if "path" in match else "/"


def decode_openshift_route(fields: Fields, meta: Meta) -> Route:
    """A route.openshift.io Route."""
    spec = fields.child("spec")
    tls = spec.child("tls")
    port = spec.child("port").integer_or_text("targetPort")
    targets = [*([spec.child("to")] if "to" in spec else []), *spec.children("alternateBackends")]
    backends = tuple(
        Backend(spec.text("host") or "", spec.text("path") or "/", meta.namespace or "default", name, port, target.path)
        for target in targets
        if (target.text("kind") or "Service") == "Service" and (name := target.text("name"))
    )
    return Route(meta, (), backends, tls.text("termination"), tls.text("insecureEdgeTerminationPolicy"))


def decode_virtual_service(fields: Fields, meta: Meta) -> Route:
    """An Istio VirtualService; the word `mesh` names no gateway and is left out."""
    spec = fields.child("spec")
    home = meta.namespace or "default"
    gateways = []
    for written in spec.strings("gateways"):
        namespace, _, name = written.rpartition("/")
        if name != "mesh":
            gateways.append((namespace or home, name))
    hosts = spec.strings("hosts")
    backends: list[Backend] = []
    for key in ("http", "tls", "tcp"):
        for rule in spec.children(key):
            path = next((_uri(match) for match in rule.children("match")), "/") if key == "http" else "/"
            for target in rule.children("route"):
                destination = target.child("destination")
                name, _, rest = (destination.text("host") or "").partition(".")
                if name:
                    namespace = rest.partition(".")[0] or home
                    port = destination.child("port").integer("number")
                    backends += _for_hosts(hosts, Backend("", path, namespace, name, port, destination.path))
    return Route(meta, tuple(gateways), tuple(backends))


def _uri(match: Fields) -> str:
    uri = match.child("uri")
    return uri.text("prefix") or uri.text("exact") or uri.text("regex") or "/"


def _for_hosts(hosts: Sequence[str], backend: Backend) -> Iterator[Backend]:
    return (replace(backend, host=host) for host in hosts[:MAX_HOSTS] or ("",))
