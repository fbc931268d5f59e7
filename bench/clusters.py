"""Clusters of any size for measuring reachability, the same bytes for the same arguments.

    python bench/clusters.py OUT --pods 10000 --namespaces 300 --policies 500

Every pod is a Pod of its own with the labels that a Deployment's pods have: an application, a tier, a team, a release
and a hash that no two replica sets share. Policies are of the kinds that people write: default denies, clients by label
in the same namespace, clients by namespace, egress to an application with DNS, ranges with exceptions, named ports.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

TIERS = ("web", "api", "data", "jobs")
TEAMS = ("red", "green", "blue", "gold", "grey")
REPLICAS = 5
"""Pods that one application has in a namespace."""
DNS = """    - to:
        - namespaceSelector: {}
          podSelector:
            matchLabels: {k8s-app: kube-dns}
      ports:
        - {protocol: UDP, port: 53}
"""


def namespaces(count: int) -> Iterator[str]:
    """The namespaces' documents."""
    for number in range(count):
        team, stage = TEAMS[number % len(TEAMS)], "prod" if number % 3 else "test"
        yield f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n{number}\n  labels: {{team: {team}, stage: {stage}}}\n"


def pods(count: int, spaces: int) -> Iterator[str]:
    """The pods' documents, evenly over the namespaces."""
    for number in range(count):
        space, place = number % spaces, number // spaces
        app, tier = place // REPLICAS, TIERS[place // REPLICAS % len(TIERS)]
        yield (
            f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: app{app}-{place}\n  namespace: n{space}\n  labels:\n"
            f"    app: app{app}\n    tier: {tier}\n    release: r{app % 7}\n    pod-template-hash: h{space}x{app}\n"
            f"spec:\n  containers:\n    - name: main\n      image: registry.example.com/app{app}:1.0\n      ports:\n"
            f"        - {{name: http, containerPort: {8080 + app % 3}}}\n        - {{name: metrics, containerPort: 9090}}\n"
        )


def policies(count: int, spaces: int, apps: int, seed: int) -> Iterator[str]:
    """The policies' documents: a default deny for each fourth, the other kinds in turn."""
    dice = random.Random(seed)  # noqa: S311 - the same clusters every time
    for number in range(count):
        space, app, other = dice.randrange(spaces), dice.randrange(apps), dice.randrange(apps)
        one = f"  podSelector:\n    matchLabels: {{app: app{app}}}\n"
        head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        head += f"metadata:\n  name: p{number}\n  namespace: n{space}\nspec:\n"
        yield head + _spec(number, one, app, other, dice)


def _spec(number: int, one: str, app: int, other: int, dice: random.Random) -> str:
    clients = f"  ingress:\n    - from:\n        - podSelector:\n            matchLabels: {{app: app{other}}}\n"
    if number % 5 == 0:
        return "  podSelector: {}\n  policyTypes: [Ingress]\n"
    if number % 5 == 1:
        return one + clients + f"      ports:\n        - {{port: {8080 + app % 3}}}\n"
    if number % 5 == 2:
        team = dice.choice(TEAMS)
        spaces = f"  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels: {{team: {team}}}\n"
        return one + spaces + "      ports:\n        - {port: http}\n        - {port: metrics}\n"
    if number % 5 == 3:
        peer = f"    - to:\n        - podSelector:\n            matchLabels: {{app: app{other}}}\n"
        ports = "      ports:\n        - {port: 8080, endPort: 8090}\n"
        return one + "  policyTypes: [Egress]\n  egress:\n" + peer + ports + DNS
    block = f"10.{number % 16}"
    return (
        f"  podSelector:\n    matchLabels: {{tier: {dice.choice(TIERS)}}}\n  ingress:\n    - from:\n"
        f"        - ipBlock: {{cidr: {block}.0.0/16, except: [{block}.7.0/24]}}\n"
        "        - namespaceSelector:\n            matchExpressions: [{key: stage, operator: NotIn, values: [test]}]\n"
        f"          podSelector:\n            matchLabels: {{app: app{other}}}\n"
    )


def cluster(size: int, spaces: int, count: int, seed: int = 7) -> Iterator[str]:
    """Every document of a cluster."""
    yield from namespaces(spaces)
    yield from pods(size, spaces)
    yield from policies(count, spaces, max(1, size // spaces // REPLICAS), seed)


def write(folder: Path, size: int, spaces: int, count: int) -> None:
    """Write a cluster into a folder: one file for each 2,000 documents."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting: list[str] = []
    files = 0
    for document in cluster(size, spaces, count):
        waiting.append(document)
        if len(waiting) == 2000:
            (folder / f"part{files:04}.yaml").write_text("---\n".join(waiting), "utf-8")
            files, waiting = files + 1, []
    (folder / f"part{files:04}.yaml").write_text("---\n".join(waiting), "utf-8")


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description="write a cluster to measure with")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pods", type=int, default=10_000)
    parser.add_argument("--namespaces", type=int, default=300)
    parser.add_argument("--policies", type=int, default=500)
    options = parser.parse_args()
    write(options.folder, options.pods, options.namespaces, options.policies)


if __name__ == "__main__":
    main()
