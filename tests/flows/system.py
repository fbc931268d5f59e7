"""Small systems in YAML for the tests of flows and policies."""

from fourc.collect.manifests.collect import collect_stdin
from fourc.flows.needed import needed
from fourc.model.flows import Flow, Needed
from fourc.model.inventory import Inventory


def app(
    name: str,
    namespace: str = "shop",
    *,
    port: int = 8080,
    extra: str = "",
    container: str = "",
    kind: str = "Deployment",
) -> str:
    """A workload with a container port and a Service of its name on port 80."""
    return f"""apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      {extra or "terminationGracePeriodSeconds: 30"}
      containers:
        - name: main
          image: registry.example.com/{name}:1
          ports: [{{name: http, containerPort: {port}}}]
          {container}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {name}}}
  ports: [{{name: web, port: 80, targetPort: http}}]
---
"""


def inventory_of(*texts: str) -> Inventory:
    """The inventory of manifests."""
    return collect_stdin("\n---\n".join(texts).encode()).inventory


def needed_of(*texts: str) -> Needed:
    """The needed flows of manifests."""
    return needed(inventory_of(*texts))


def edges(found: Needed) -> set[tuple[str, str, str]]:
    """Every flow but DNS as `(source, target, port)`."""
    return {edge(f) for f in found.flows if str(f.target) != "dns"}


def edge(flow: Flow) -> tuple[str, str, str]:
    """One flow as texts."""
    return str(flow.source), str(flow.target), "*" if flow.port is None else str(flow.port)
