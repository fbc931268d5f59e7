"""Measure `admit plan` and what the exported policies add to a pod's creation, and write bench/ADMISSION.md.

    python bench/admission.py [--workloads 1000] [--pods 1000] [--rounds 3]

The API server is the tests' own (`tests/cluster`): etcd and kube-apiserver of the newest version on loopback. Pods are created
by dry run, which runs through all of admission. With and without policies take turns, pod by pod, so that both meet the same
noise. Machines are noisy: the differences of one run count, not the milliseconds.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import yaml  # noqa: E402 - after the path
from tests.cluster import binaries  # noqa: E402
from tests.cluster.api import Cluster  # noqa: E402
from tests.cluster.server import joined  # noqa: E402

from fourc.enforce.export import Asked, Stage  # noqa: E402
from fourc.enforce.formats import exported  # noqa: E402

OURS = (sys.executable, "-m", "fourc", "admit", "plan")
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: app{n}, namespace: team{team}}}
spec:
  selector: {{matchLabels: {{app: app{n}}}}}
  template:
    metadata: {{labels: {{app: app{n}}}}}
    spec:
      containers:
        - name: main
          image: registry.example.com/app{n}:1.0
          env: [{{name: MODE, value: plain}}]
          ports: [{{containerPort: 8080}}]
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {{name: team{team}}}\n"
GOOD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "good"},
    "spec": {
        "automountServiceAccountToken": False,
        "serviceAccountName": "own",
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": name,
                "image": "registry.example.com/app@sha256:" + "0" * 64,
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "resources": {
                    kind: {"cpu": "100m", "memory": "64Mi", "ephemeral-storage": "64Mi"}
                    for kind in ("requests", "limits")
                },
            }
            for name in ("main", "sidecar")
        ],
    },
}


def write_workloads(folder: Path, count: int, per_file: int) -> None:
    """So many Deployments in twenty namespaces, none of which asks for anything."""
    folder.mkdir()
    for team in range(20):
        mine = [WORKLOAD.format(n=n, team=team) for n in range(team, count, 20)]
        (folder / f"team{team}.yaml").write_text(NAMESPACE.format(team=team))
        for first in range(0, len(mine), per_file):
            (folder / f"team{team}-{first}.yaml").write_text("---\n".join(mine[first : first + per_file]))


def plans(count: int, rounds: int) -> list[str]:
    """Rows for the plan as text and as JSON, with few large and many small files."""
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for said, per_file in (("a file each", 1), ("50 to a file", 50)):
            folder = Path(made, str(per_file))
            write_workloads(folder, count, per_file)
            for form in ("text", "json"):
                walls, cpus, peak = [], [], 0
                for _ in range(rounds):
                    began = time.perf_counter()
                    process = subprocess.Popen([*OURS, "-f", form, str(folder)], stdout=subprocess.DEVNULL)
                    _, status, used = os.wait4(process.pid, 0)
                    process.returncode = os.waitstatus_to_exitcode(status)
                    walls.append(time.perf_counter() - began)
                    cpus.append(used.ru_utime + used.ru_stime)
                    peak = max(peak, used.ru_maxrss // 1024)
                wall, cpu = statistics.median(walls), statistics.median(cpus)
                rows.append(f"| {count:,} Deployments, {said} | {form} | {wall:.2f} s | {cpu:.2f} s | {peak} MB |")
    return rows


def latencies(pods: int) -> list[str]:
    """Rows for the creation of a pod that meets every policy, without policies and with all that look at pods."""
    version = binaries.versions()[0]
    files = [o for f in exported("vap", Asked(stage=Stage.DENY)).files for o in yaml.safe_load_all(f.text)]
    with (
        tempfile.TemporaryDirectory() as made,
        joined(version, Path(made, "cluster")) as server,
        closing(Cluster(server, Path(made))) as cluster,
    ):
        free, bound = cluster.namespace(), cluster.namespace()
        for each in (free, bound):
            account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "own"}}
            cluster.create(account, each, dry_run=False)
        for thing in files:
            if thing["kind"] == "ValidatingAdmissionPolicyBinding":
                thing["spec"]["matchResources"] = {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": bound}}
                }
            cluster.must("POST", f"/apis/{thing['apiVersion']}/{_plural(thing['kind'])}", thing)
        bad = {**GOOD, "spec": {"hostNetwork": True, "containers": [{"name": "c", "image": "a"}]}}
        while cluster.create(bad, bound).accepted:
            time.sleep(0.2)
        time.sleep(3)
        answer = cluster.create(GOOD, bound)
        if not answer.accepted:
            raise SystemExit(answer.message)
        taken: dict[str, list[float]] = {free: [], bound: []}
        for number in range(2 * pods):
            where = (free, bound)[number % 2]
            began = time.perf_counter()
            cluster.create(GOOD, where)
            taken[where].append(1000 * (time.perf_counter() - began))
    rows = []
    policies = sum(thing["kind"] == "ValidatingAdmissionPolicy" for thing in files)
    for said, times in (("none", taken[free]), (f"all {policies} (those that match pods are evaluated)", taken[bound])):
        cuts = statistics.quantiles(times, n=100)
        rows.append(f"| {said} | {cuts[49]:.2f} ms | {cuts[98]:.2f} ms |")
    a, b = (statistics.quantiles(times, n=100) for times in (taken[free], taken[bound]))
    return [*rows, f"| added | {b[49] - a[49]:.2f} ms | {b[98] - a[98]:.2f} ms |"]


def _plural(kind: str) -> str:
    return f"{kind.lower()[:-1]}ies" if kind.endswith("y") else f"{kind.lower()}s"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workloads", type=int, default=1000)
    parser.add_argument("--pods", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    page = PAGE.format(
        python=platform.python_version(),
        cores=len(os.sched_getaffinity(0)),
        version=binaries.versions()[0],
        pods=options.pods,
        plans="\n".join(plans(options.workloads, options.rounds)),
        latencies="\n".join(latencies(options.pods)),
        load=os.getloadavg()[0],
    )
    (HERE / "ADMISSION.md").write_text(page, "utf-8")
    print(page)


PAGE = """\
# Admission

Python {python}, {cores} cores, load {load:.1f} at the end. Made by `python bench/admission.py`.

## fourc admit plan

Wall and CPU time are medians of whole processes, memory is that of the largest. JSON holds every step's diff.

| workloads | form | wall | CPU | memory |
|---|---|---|---|---|
{plans}

## What the exported ValidatingAdmissionPolicies add

A pod with two containers that meets every policy, created {pods:,} times by dry run in kube-apiserver {version}, in turn in a
namespace without and with the policies bound (`Deny`).

| policies | p50 | p99 |
|---|---|---|
{latencies}
"""

if __name__ == "__main__":
    main()
