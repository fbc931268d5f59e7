"""Graph and ranked paths of a large cluster, from a dump: 2,500 workloads of ten pods each in 300 namespaces.

    python bench/graph.py [--workloads 2500] [--namespaces 300] [--pods] [--keep FILE]

With --pods the dump also lists every single pod, as `kubectl get pods -A` does. The cluster is made up from a fixed seed:
a third of the namespaces denies by default, every tenth workload is reached from outside, every eighth keeps data, every
twentieth holds a permission that leads on, every fortieth a right over its node.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

SEED = 4
REPLICAS = 10
DIGEST = "@sha256:" + "ab" * 32
Thing = Mapping[str, object]


def cluster(workloads: int, namespaces: int, *, pods: bool) -> Iterator[Thing]:
    """The objects of the dump."""
    rng = random.Random(SEED)  # noqa: S311 - test data
    for number in range(namespaces):
        yield from _namespace(f"team-{number}", closed=number % 3 == 0)
    for number in range(workloads):
        namespace = f"team-{number % namespaces}"
        yield from _application(number, namespace, rng, closed=number % namespaces % 3 == 0, pods=pods)


def _object(kind: str, version: str, name: str, namespace: str | None, **rest: object) -> Thing:
    meta: dict[str, object] = {"name": name}
    if namespace:
        meta["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": meta, **rest}


def _namespace(name: str, *, closed: bool) -> Iterator[Thing]:
    yield _object("Namespace", "v1", name, None)
    if closed:
        spec = {"podSelector": {}, "policyTypes": ["Ingress"]}
        yield _object("NetworkPolicy", "networking.k8s.io/v1", "default-deny", name, spec=spec)
        inside: Thing = {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}
        yield _object("NetworkPolicy", "networking.k8s.io/v1", "inside", name, spec=inside)


def _application(number: int, namespace: str, rng: random.Random, *, closed: bool, pods: bool) -> Iterator[Thing]:
    name = f"app-{number}"
    store = number % 8 == 0
    port = 6379 if number % 16 == 0 else 3306 if store else 8080
    container: dict[str, object] = {
        "name": "main",
        "image": f"registry.example.com/team/{name}:1.{rng.randrange(20)}" + (DIGEST if number % 2 else ""),
        "ports": [{"containerPort": port}],
        "env": [{"name": "DB", "valueFrom": {"secretKeyRef": {"name": f"db-{number // 8}", "key": "password"}}}],
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
    }
    if number % 40 == 0:
        container["securityContext"] = {"privileged": True}
    pod = {"serviceAccountName": name if number % 5 == 0 else "default", "containers": [container]}
    labels = {"app": name}
    spec = {
        "replicas": REPLICAS,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    yield _object("Deployment", "apps/v1", name, namespace, spec=spec)
    kind = "LoadBalancer" if number % 10 == 0 else "ClusterIP"
    yield _object("Service", "v1", name, namespace, spec={"type": kind, "selector": labels, "ports": [{"port": port}]})
    if number % 5 == 0:
        yield _object("ServiceAccount", "v1", name, namespace)
    if number % 20 == 0:
        yield from _permission(number, name, namespace)
    if closed and number % 7 == 0:
        spec = {"podSelector": {"matchLabels": labels}, "ingress": [{"from": [{"namespaceSelector": {}}]}]}
        yield _object("NetworkPolicy", "networking.k8s.io/v1", name, namespace, spec=spec)
    for replica in range(REPLICAS if pods else 0):
        owner = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "name": f"{name}-7d4b9c",
            "uid": "1",
            "controller": True,
        }
        meta = {
            "name": f"{name}-7d4b9c-{replica:05}",
            "namespace": namespace,
            "labels": labels,
            "ownerReferences": [owner],
        }
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": pod}


def _permission(number: int, name: str, namespace: str) -> Iterator[Thing]:
    wide = number % 200 == 0
    rules = [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"]},
    ][number // 20 % 3 :]
    prefix = "Cluster" if wide else ""
    where = None if wide else namespace
    api = "rbac.authorization.k8s.io"
    yield _object(f"{prefix}Role", f"{api}/v1", name, where, rules=rules)
    yield _object(
        f"{prefix}RoleBinding",
        f"{api}/v1",
        name,
        where,
        roleRef={"apiGroup": api, "kind": f"{prefix}Role", "name": name},
        subjects=[{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    )


def main() -> None:
    """Write the dump, run `fourc graph` on it and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workloads", type=int, default=2500)
    parser.add_argument("--namespaces", type=int, default=300)
    parser.add_argument("--pods", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        dump = options.keep or Path(scratch) / "dump.json"
        items = list(cluster(options.workloads, options.namespaces, pods=options.pods))
        dump.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
        out = Path(scratch) / "graph.json"
        began = time.perf_counter()
        command = [sys.executable, "-m", "fourc", "graph", "-", "-f", "json", "-o", str(out)]
        with dump.open("rb") as source:
            process = subprocess.Popen(command, stdin=source)
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
        took = time.perf_counter() - began
        found = json.loads(out.read_text())
        peak = used.ru_maxrss / (1 if sys.platform == "darwin" else 1024)
        lines = (
            f"{len(items)} objects, {dump.stat().st_size / 1e6:.1f} MB, {options.workloads * REPLICAS} pods",
            f"{len(found['nodes'])} nodes, {len(found['steps'])} steps, {len(found['paths'])} paths",
            f"{took:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s CPU, {peak:.0f} MB",
        )
        print("\n".join(lines))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
