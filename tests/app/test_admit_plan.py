"""The way to Pod Security, followed literally: the first step is written, then the plan is made anew, until none is left."""

import atexit
import json
import os
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path

import pytest
from msgspec import Struct
from tests.cluster.api import Cluster, soon

from fourc.app.admit_plan import AdmitPlan, apply_step, plan_admission, taken, taken_now
from fourc.app.deployed import homes
from fourc.app.look import look, read_manifests
from fourc.app.request import Request
from fourc.cli.admit_plan import report_of
from fourc.collect.whole_pods import Pod, whole_pod
from fourc.errors import UsageError
from fourc.model.pod_security import PREFIX, Level
from fourc.model.rollout import RolloutStep
from fourc.model.text import Lang
from fourc.plan.admission.switch import RULE
from fourc.report.admission import NamespaceRow, render

SYSTEMS = Path(__file__).parents[1] / "fixtures" / "admission"
SHOP = Path(__file__).parents[2] / "examples" / "shop"
SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures"
GOAT = Path(os.environ.get("FOURC_GOAT", SHARED / "kubernetes-goat"))
pytestmark = pytest.mark.xdist_group("admission")  # the ways are followed once
SYSTEM_FOLDERS = [SHOP, *sorted(path for path in SYSTEMS.iterdir() if path.is_dir())]
GROUP = re.compile(r"(?P<name>[\w.-]+)(?: \(and (?P<more>\d+) other pods?\))?: ")
PRIVILEGED: Pod = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "privileged"},
    "spec": {"containers": [{"name": "c", "image": "busybox", "securityContext": {"privileged": True}}]},
}


EXEMPT = {"node-agents", "nodecare"}  # where only node agents run

# What a person does where a step says so: the overlay puts back the node's folder that the base has lost, and a YAML anchor
# is shared with another container.
BY_HAND = {
    "scan-inbox": (
        "scan-inbox/overlays/north/kustomization.yaml",
        """            volumes:
              - name: inbox
                hostPath:
                  path: /srv/scans/north
                  type: DirectoryOrCreate
""",
        "",
    ),
    "document-store": (
        "records.yaml",
        "securityContext: &tight\n",
        "securityContext: &tight\n            runAsNonRoot: true\n",
    ),
}


def plan_of(folder: Path, goal: Level = Level.RESTRICTED) -> AdmitPlan:
    return plan_admission(Request((str(folder),)), goal)


def steps_of(folder: Path, goal: Level = Level.RESTRICTED) -> Iterator[RolloutStep]:
    """Each step that was number 1, after it was written."""
    for _ in range(100):
        plan = plan_of(folder, goal)
        if not plan.rollout.steps:
            return
        step = plan.rollout.steps[0]
        by_hand = taken_now(plan, step).by_hand
        done = apply_step(plan, step, force=False)
        if by_hand:
            path, old, new = BY_HAND[step.restarts[0].name]
            text = (folder / path).read_text()
            assert old in text, step.title
            (folder / path).write_text(text.replace(old, new))
        else:
            assert done, step.title
        yield step
    pytest.fail("the way never ends")


def copy_of(system: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(system, tmp_path / system.name))


class Walk(Struct, frozen=True):
    """A way that was followed to its end: each step with the files after it; `begin` has those before the first."""

    begin: Path
    taken: tuple[tuple[RolloutStep, Path], ...]

    @property
    def end(self) -> Path:
        return self.taken[-1][1]


@cache
def walked(system: Path, *goals: Level) -> Walk:
    """The way to the last goal, which begins where the way to the goals before it has ended."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    begin = walked(system, *goals[:-1]).end if goals[1:] else system
    folder = place / "now" / system.name
    shutil.copytree(begin, folder)
    found = [
        (step, Path(shutil.copytree(folder, place / str(number) / system.name)))
        for number, step in enumerate(steps_of(folder, goals[-1]))
    ]
    return Walk(begin, tuple(found))


@pytest.mark.parametrize("system", SYSTEM_FOLDERS, ids=lambda path: path.name)
def test_who_writes_the_first_step_again_and_again_arrives_where_every_namespace_refuses(system: Path) -> None:
    left = plan_of(walked(system, Level.RESTRICTED).end)
    assert [s.name for s in left.rollout.situations if not s.is_done] == []
    assert {s.name for s in left.rollout.situations if s.enforced is not Level.RESTRICTED} <= EXEMPT


@pytest.mark.parametrize("system", SYSTEM_FOLDERS, ids=lambda path: path.name)
def test_the_diffs_of_all_steps_in_their_order_make_the_same_files_as_step_after_step(
    system: Path, tmp_path: Path
) -> None:
    at_once = copy_of(system, tmp_path)
    report = json.loads(render(report_of(plan_of(at_once), edits=True), Lang.EN))
    diffs = [edit["diff"] for change in report["changes"] for edit in change["edits"] if "diff" in edit]
    subprocess.run(["git", "init", "-q", "."], cwd=at_once, check=True)
    for diff in diffs:
        subprocess.run(["git", "apply", "-"], cwd=at_once, input=diff.encode(), check=True)
    a, b = files_below(at_once), files_below(walked(system, Level.RESTRICTED).end)
    assert {path for path in a if a[path] != b[path]} <= {path for path, _, _ in BY_HAND.values()}
    assert a.keys() == b.keys()


def files_below(folder: Path) -> dict[str, str]:
    found = (p for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts)
    return {str(p.relative_to(folder)): p.read_text() for p in found}


def test_the_label_that_refuses_comes_after_all_that_it_would_refuse_and_after_the_warning() -> None:
    plan = plan_of(SHOP)
    places = {step.id: number for number, step in enumerate(plan.rollout.steps)}
    for step in plan.rollout.steps:
        assert all(places[earlier] < places[step.id] for earlier in step.after), step.title
    refusing = next(s for s in plan.rollout.steps if s.title.en == "Let ci refuse what baseline forbids")
    assert [plan.step(earlier).title.en for earlier in refusing.after] == [
        "Warn about unsafe pods in ci, monitoring, shop, shop-data",
        "Let ci-runner meet the level baseline",
    ]


def test_only_the_node_agent_is_exempt_and_leaves_with_its_service() -> None:
    plan = plan_of(SHOP)
    exempt = [(s.name, a.workload.meta.name) for s in plan.rollout.situations for a in s.agents]
    moving = next(t for t in taken(plan) if t.step.title.en == "Give node-exporter a namespace of its own")
    assert exempt == [("monitoring", "node-exporter")]
    assert [file.path for file in moving.files] == ["monitoring/node-agents.yaml", "monitoring/node-exporter.yaml"]
    assert moving.files[1].after.count("namespace: node-agents") == 2
    assert "fourc.dev/exempt-until" in moving.files[0].after
    assert any("node-exporter.node-agents" in caution.en for caution in moving.cautions)


def test_a_step_is_not_written_before_those_that_must_come_first(tmp_path: Path) -> None:
    plan = plan_of(copy_of(SHOP, tmp_path))
    refusing = next(s for s in plan.rollout.steps if s.title.en == "Let ci refuse what baseline forbids")
    with pytest.raises(UsageError, match="first: Warn about unsafe pods"):
        apply_step(plan, refusing, force=False)
    assert apply_step(plan, refusing, force=True) == ["namespaces.yaml"]


def test_baseline_can_be_the_goal() -> None:
    walk = walked(SHOP, Level.BASELINE)
    assert walk.taken[0][0].title.en == "Warn about unsafe pods in ci, monitoring, shop, shop-data"
    assert not any("restricted" in step.title.en for step, _ in walk.taken)
    assert plan_of(walk.end, Level.BASELINE).rollout.steps == ()


BARE = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: team}\nspec:\n  containers: [{name: c, image: a}]\n"


def test_a_namespace_in_no_file_gets_one_beside_what_runs_in_it(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pod.yaml").write_text(BARE)
    titles = [step.title.en for step in steps_of(tmp_path)]
    assert titles == [
        "Warn about unsafe pods in team",
        "Let team refuse what baseline forbids",
        "Let p meet the level restricted",
        "Let team refuse what restricted forbids",
    ]
    assert (tmp_path / "app" / "team-namespace.yaml").read_text() == (
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels:\n"
        f"    {PREFIX}warn: restricted\n    {PREFIX}audit: restricted\n"
        f"    {PREFIX}enforce: restricted\n    {PREFIX}enforce-version: v1.37\n"
    )


def test_what_is_piped_in_gets_commands() -> None:
    plan = plan_admission(Request(("-",), stdin=BARE.encode()), Level.RESTRICTED)
    assert [(t.step.commands, len(t.patches)) for t in taken(plan)] == [
        ((f"kubectl label --overwrite namespace team {PREFIX}warn=restricted {PREFIX}audit=restricted",), 0),
        ((f"kubectl label --overwrite namespace team {PREFIX}enforce=baseline {PREFIX}enforce-version=v1.37",), 0),
        ((), 1),
        ((f"kubectl label --overwrite namespace team {PREFIX}enforce=restricted {PREFIX}enforce-version=v1.37",), 0),
    ]


def test_commands_can_be_pasted_whatever_stands_in_the_files(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BARE.replace("team", '"a;rm -rf ~"').replace("name: p,", '"name": "p;x",'))
    plan = plan_of(tmp_path)
    told = [
        command for step in plan.rollout.steps for command in (*step.commands, *step.rollback, step.check) if command
    ]
    assert any("'a;rm -rf ~'" in command for command in told)
    for command in told:
        assert ";" not in " ".join(word for word in re.split(r"'[^']*'", command))


def test_a_misspelt_level_is_put_right_and_a_namespace_without_workloads_is_not_led_anywhere(tmp_path: Path) -> None:
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels:\n    {PREFIX}enforce: resticted\n"
    (tmp_path / "namespace.yaml").write_text(namespace)
    assert [(s.judged, s.is_done) for s in plan_of(tmp_path).rollout.situations] == [((), True)]
    (tmp_path / "pod.yaml").write_text(BARE)
    for _ in steps_of(tmp_path):
        pass
    assert f"{PREFIX}enforce: restricted" in (tmp_path / "namespace.yaml").read_text()


NODE_AGENT = """\
apiVersion: v1
kind: Namespace
metadata:
  name: team
  labels: {pod-security.kubernetes.io/enforce: baseline}
  annotations: {fourc.dev/exempt-until: "2020-01-31"}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: team}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostPID: true, containers: [{name: c, image: example.com/agent}]}
---
"""


def test_an_agent_among_applications_is_led_out_also_where_the_goal_is_enforced_already(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(NODE_AGENT + BARE)
    plan = plan_of(tmp_path, Level.BASELINE)
    assert "Give agent a namespace of its own" in [step.title.en for step in plan.rollout.steps]
    (row,) = report_of(plan, edits=False).namespaces
    assert (row.done, [e.until for e in row.exempt]) == (False, ["2020-01-31"])


def test_the_plan_lets_no_namespace_refuse_in_which_no_workload_was_seen(tmp_path: Path) -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n---\n"
    (tmp_path / "all.yaml").write_text(namespace % "team" + namespace % "unseen" + BARE)
    switches = {f.subject.name: f.remedy for f in look(Request((str(tmp_path),))).findings if f.rule == RULE}
    assert switches["unseen"] is None
    assert switches["team"] is not None


@pytest.mark.skipif(not GOAT.is_dir(), reason=f"{GOAT} is absent")
def test_a_vulnerable_cluster_has_a_way_too() -> None:
    plan = plan_of(GOAT)
    assert {s.name for s in plan.rollout.situations} >= {"default", "big-monolith", "secure-middleware"}
    assert all(step.rollback for step in plan.rollout.steps)


class Running:
    """A system in the API server, in namespaces of its own: what its files say, pods that run, labels as they are written."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._names: dict[str, str] = {}
        self._suffix = uuid.uuid4().hex[:6]
        self._running: dict[tuple[str, str], Pod] = {}
        self._refused_before: set[tuple[str, str]] = set()

    def namespace(self, name: str) -> str:
        """Its name in the server; it is made when it is first asked for."""
        if name not in self._names:
            self._names[name] = self._cluster.namespace({}, f"{name}-{self._suffix}")
        return self._names[name]

    def start(self, folder: Path) -> None:
        """Start every pod, then label the namespaces: one may run that the labels of the first day refuse already."""
        labels, pods = self._read(folder)
        for (home, name), pod in pods.items():
            started = self._cluster.create(pod, self.namespace(home), dry_run=False)
            assert started.accepted, f"{home}/{name}: {started.message}"
        self._running = pods
        self._label(labels)
        self._refused_before = {key for key, pod in pods.items() if self.refuses(pod, key[0])}

    def follow(self, folder: Path) -> None:
        """Label the namespaces as the files say, and start every pod anew whose manifest has changed; none may be refused."""
        labels, pods = self._read(folder)
        self._label(labels)
        for key in self._running.keys() - pods.keys():
            self._cluster.delete(self._running.pop(key), self.namespace(key[0]))
        for (home, name), pod in pods.items():
            old = self._running.get((home, name))
            if old == pod:
                assert not self.refuses(pod, home) or (home, name) in self._refused_before, f"{home}/{name}"
                continue
            if old is not None:
                self._cluster.delete(old, self.namespace(home))
            started = self._cluster.create(pod, self.namespace(home), dry_run=False)
            assert started.accepted, f"{home}/{name}: {started.message}"
            self._running[home, name] = pod

    def _label(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        for name, wanted in labels.items():
            assert self._cluster.label(self.namespace(name), dict(wanted)).accepted

    @staticmethod
    def _read(folder: Path) -> tuple[dict[str, Mapping[str, str]], dict[tuple[str, str], Pod]]:
        """The labels of every namespace, and the pods of every workload by namespace and name."""
        _, collected, _, _ = read_manifests(Request((str(folder),)))
        moved = homes(collected)
        pods: dict[tuple[str, str], Pod] = {}
        for workload in collected.inventory.workloads:
            pod = whole_pod(workload, lambda path: (folder / path).read_text())
            assert pod is not None, workload.meta.ref
            home = moved.get(workload.meta.ref, workload.meta.namespace or "default")
            pods[home, workload.meta.name] = alone(pod, workload.meta.name)
        return {n.meta.name: n.meta.labels for n in collected.inventory.namespaces}, pods

    def would_refuse(self, name: str, level: str) -> tuple[str, ...]:
        """What the server warns of when the label is tried: pods that run and violate the level."""
        return self._cluster.label(self.namespace(name), {f"{PREFIX}enforce": level}, dry_run=True).warnings

    def lets_run(self, name: str, level: str) -> bool:
        """Whether the label would be set without a word."""
        return not self.would_refuse(name, level)

    def refuses(self, pod: Pod, name: str) -> bool:
        """Whether the server refuses the pod there."""
        return "violates PodSecurity" in self._cluster.create(pod, self.namespace(name)).message


def alone(pod: Pod, name: str) -> Pod:
    """The pod without what no namespace of a test has."""
    spec = pod["spec"]
    assert isinstance(spec, dict)
    kept = {k: v for k, v in spec.items() if k not in {"serviceAccountName", "serviceAccount", "priorityClassName"}}
    return {**pod, "metadata": {"name": name}, "spec": kept}


@pytest.mark.parametrize("system", SYSTEM_FOLDERS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "goals", [(Level.RESTRICTED,), (Level.BASELINE, Level.RESTRICTED)], ids=["nothing", "baseline"]
)
def test_a_real_server_refuses_no_pod_that_ran_before_at_any_step_and_a_privileged_one_at_the_end(
    newest_cluster: Cluster, system: Path, goals: tuple[Level, ...]
) -> None:
    walk = walked(system, *goals)
    running = Running(newest_cluster)
    running.start(walk.begin)
    for step, folder in walk.taken:
        if step.check:
            level = step.check.split(f"{PREFIX}enforce=")[1].split()[0]
            assert soon(partial(running.lets_run, step.namespaces[0], level)), step.title
        running.follow(folder)
    names = {s.name for s in plan_of(walk.end).rollout.situations} - EXEMPT
    assert {name: running.refuses(PRIVILEGED, name) for name in names} == dict.fromkeys(names, True)


def test_what_a_real_server_says_of_labels_is_the_list_of_workloads_in_the_way(newest_cluster: Cluster) -> None:
    running = Running(newest_cluster)
    running.start(SHOP)
    for row in report_of(plan_of(SHOP), edits=False).namespaces:
        expected = {b.ref.name: b.controls for b in row.between}
        expected |= dict.fromkeys({e.ref.name for e in row.exempt}, ())
        assert soon(partial(is_told, running, row, expected)), (row.name, running.would_refuse(row.name, row.goal))


def is_told(running: "Running", row: NamespaceRow, expected: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the server names these workloads and no others, or counts them beside one that violates the same controls."""
    groups = [GROUP.match(w) for w in running.would_refuse(row.name, row.goal)[1:]]
    told = {group["name"]: 1 + int(group["more"] or 0) for group in groups if group}
    alike = {
        name: sum(controls == expected[name] for controls in expected.values()) for name in told if name in expected
    }
    return told == alike and sum(told.values()) == len(expected)
