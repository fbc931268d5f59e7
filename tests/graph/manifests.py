"""Small manifests for tests of the graph, and the graph of a text."""

from fourc.collect.manifests.collect import collect_stdin
from fourc.graph.build import build
from fourc.model.inventory import Inventory
from fourc.model.step import Graph, Step

QUIET = "containers: [{name: c, image: app@sha256:00}]"


def pod(
    spec: str = "", *, name: str = "p", namespace: str = "default", container: str = "", labels: str = "{app: p}"
) -> str:
    """A pod: more fields of its spec and of its one container, both as flow mappings' inner text or lines."""
    inner = f"{{name: c, image: 'app@sha256:00'{', ' + container if container else ''}}}"
    more = "".join(f"  {line}\n" for line in spec.splitlines())
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}\n"
        f"spec:\n{more}  containers: [{inner}]\n"
    )


def host_path(path: str, *, read_only: bool = False, spec: str = "") -> str:
    """A pod that mounts a folder of its node."""
    mount = f"volumeMounts: [{{name: v, mountPath: /v, readOnly: {str(read_only).lower()}}}]"
    return pod(f"volumes: [{{name: v, hostPath: {{path: {path}}}}}]\n{spec}", container=mount)


def held(
    rules: str,
    *,
    cluster: bool = False,
    subject: str = "{kind: ServiceAccount, name: a, namespace: default}",
    name: str = "r",
) -> str:
    """A role of these rules (flow sequence), bound to a subject in `default` or everywhere."""
    prefix, where = ("Cluster", "") if cluster else ("", ", namespace: default")
    return (
        f"apiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}Role\nmetadata: {{name: {name}{where}}}\nrules: {rules}\n"
        f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {prefix}RoleBinding\nmetadata: {{name: {name}{where}}}\n"
        f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {prefix}Role, name: {name}}}\nsubjects: [{subject}]\n"
    )


def rule(verbs: str, resources: str, group: str = '""', names: str = "") -> str:
    """One rule as a flow mapping."""
    named = f", resourceNames: [{names}]" if names else ""
    return f"{{apiGroups: [{group}], resources: [{resources}], verbs: [{verbs}]{named}}}"


def service(
    name: str = "p", *, kind: str = "ClusterIP", port: int = 80, target: int = 8080, namespace: str = "default"
) -> str:
    """A Service before the pods labelled `app: <name>`."""
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{type: {kind}, selector: {{app: {name}}}, ports: [{{port: {port}, targetPort: {target}}}]}}\n"
    )


def namespace(name: str = "default", level: str = "") -> str:
    """A Namespace, with a Pod Security level where one is given."""
    labels = f", labels: {{pod-security.kubernetes.io/enforce: {level}}}" if level else ""
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}{labels}}}\n"


def inventory(*texts: str) -> Inventory:
    """The facts of these documents; every one of them must be readable."""
    collected = collect_stdin("---\n".join(texts).encode())
    assert [g.message.en for g in collected.gaps] == []
    return collected.inventory


def graph(*texts: str) -> Graph:
    """The graph of these documents, without findings."""
    return build(inventory(*texts), ())


def steps(found: Graph, kind: str) -> list[Step]:
    """The steps of one kind."""
    return [s for s in found.steps if s.kind == kind]
