"""`fourc admit verify` against real API servers: it agrees with them, changes nothing there, and says what it could not ask."""

import json
import select
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.cluster.api import Cluster

from fourc.app.admit_verify import verify
from fourc.app.request import Request
from fourc.cli.main import main
from fourc.collect.api_server import Cluster as Named
from fourc.model.gap import GapReason
from fourc.model.pod_security import PREFIX, Level
from fourc.model.text import Text
from fourc.model.verified import Verified
from fourc.model.version import KubeVersion

SHOP = Path(__file__).parents[2] / "examples" / "shop"
ENFORCE, WARN = f"{PREFIX}enforce", f"{PREFIX}warn"
ON_THE_NODE = {"name": "main", "image": "registry.example.com/secret-project:1", "env": [{"name": "A", "value": "hunter2"}],
               "command": ["run", "--password=hunter2"]}  # fmt: skip


def pod(name: str, namespace: str, **spec: object) -> dict[str, object]:
    """A pod that meets baseline, unless the fields of its spec say otherwise."""
    body = {"containers": [ON_THE_NODE], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}, "spec": body}


def written(folder: Path, *objects: dict[str, object]) -> Request:
    """A folder with the objects."""
    (folder / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    return Request((str(folder),))


def asked(cluster: Cluster, request: Request, to: Level = Level.RESTRICTED, token: str = "", url: str = "") -> Verified:
    """What comes of asking."""
    return verify(request, to, Named(str(cluster.kubeconfig(token, url))))


def state(cluster: Cluster, names: Iterable[str]) -> object:
    """Everything that a change would show in: the versions of namespaces, and of the pods and accounts in them."""
    paths = [f"/api/v1/namespaces/{n}{below}" for n in sorted(names) for below in ("", "/pods", "/serviceaccounts")]
    bodies = [cluster.must("GET", path) for path in paths]
    things = [thing for body in bodies for thing in body.get("items", [body])]
    return [(t["metadata"]["uid"], t["metadata"]["resourceVersion"]) for t in things]


@pytest.mark.parametrize("to", [Level.BASELINE, Level.RESTRICTED])
def test_the_example_system_is_judged_by_the_server_as_predicted_and_nothing_is_changed(
    cluster: Cluster, tmp_path: Path, to: Level
) -> None:
    text = "\n---\n".join(
        f.read_text() for f in sorted(SHOP.rglob("*.yaml")) if "kind: Kustomization" not in f.read_text()
    )
    names = [s.namespace for s in verify(Request((str(SHOP),)), to, None).standings]
    renamed = {
        name: cluster.namespace(name=f"{name}-{to.word}-{tmp_path.name[-8:]}".replace("_", "-").lower())
        for name in names
    }
    probe = cluster.namespace({ENFORCE: to.word})
    for name, new in renamed.items():
        text = text.replace(f"namespace: {name}\n", f"namespace: {new}\n")
    (tmp_path / "shop.yaml").write_text(text)
    before = state(cluster, [*renamed.values(), probe])
    verified = asked(cluster, Request((str(tmp_path),)), to)
    assert (verified.differences, verified.gaps, verified.notes) == ((), (), ())
    # what an overlay puts into a namespace stands in no file under its name
    assert {s.namespace for s in verified.standings} == {*renamed.values(), "default"}
    assert verified.agreed > len(names)
    assert state(cluster, [*renamed.values(), probe]) == before


def test_what_runs_is_compared_with_what_the_server_says_of_it(cluster: Cluster, tmp_path: Path) -> None:
    home = cluster.namespace()
    cluster.apply([pod("plain", home), pod("node", home, hostPID=True), pod("agent", home, hostPID=True)])
    verified = asked(cluster, written(tmp_path, pod("plain", home)), Level.BASELINE)
    assert (verified.differences, verified.gaps) == ((), ())
    assert verified.running == 3


def test_a_namespace_that_only_warns_is_enough_to_ask(lone_cluster: Cluster, tmp_path: Path) -> None:
    home = lone_cluster.namespace()
    request = written(tmp_path, pod("plain", home), pod("node", home, hostPID=True))
    (note,) = asked(lone_cluster, request).notes
    assert "kubectl create namespace fourc-verify && kubectl label namespace fourc-verify" in note.en
    warning = lone_cluster.namespace({WARN: "restricted", f"{WARN}-version": "v1.20"})
    verified = asked(lone_cluster, request)
    assert (verified.differences, verified.gaps, verified.notes) == ((), (), ())
    lone_cluster.delete_namespace(warning)


def test_what_the_cluster_lacks_for_the_pod_keeps_nobody_from_asking(newest_cluster: Cluster, tmp_path: Path) -> None:
    home = newest_cluster.namespace({ENFORCE: "baseline"})
    needs: dict[str, object] = {"priorityClassName": "none-such", "serviceAccountName": "none-such"}
    request = written(tmp_path, pod("plain", home, **needs), pod("node", home, **needs, hostNetwork=True))
    verified = asked(newest_cluster, request, Level.BASELINE)
    assert (verified.differences, verified.gaps) == ((), ())


def test_a_difference_is_a_report_to_send_without_values_commands_and_images(
    lone_cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = lone_cluster.namespace({ENFORCE: "baseline"})
    written(tmp_path, pod("node", home, hostPID=True))
    with mutated(lone_cluster, home):
        config = str(lone_cluster.kubeconfig())
        assert main(["admit", "verify", str(tmp_path), "--to", "baseline", "--kubeconfig", config]) == 1
        shown = capsys.readouterr().out
        main(["admit", "verify", str(tmp_path), "--to", "baseline", "--kubeconfig", config, "-f", "json"])
        (difference,) = json.loads(capsys.readouterr().out)["differences"]
    report = shown.partition("---- 8< ----")[2]
    assert "asked: baseline, rules of 1.37\npredicted: hostNamespaces\nsaid: let in\n" in report
    assert json.loads(report.partition("said: let in\n")[2].partition("----")[0])["spec"]["hostPID"] is True
    assert difference["subject"]["name"] == "node"
    for private in ("hunter2", "secret-project", "run"):
        assert private not in report + difference["pod"]


@contextmanager
def mutated(cluster: Cluster, namespace: str) -> Iterator[None]:
    """A policy of the cluster's own that takes the node's processes away from pods, before Pod Security sees them."""
    group = {"apiVersion": "admissionregistration.k8s.io/v1"}
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    patch = '[JSONPatch{op: "remove", path: "/spec/hostPID"}]'
    spec = {
        "matchConstraints": {"resourceRules": [rule]},
        "matchConditions": [{"name": "node", "expression": "has(object.spec.hostPID) && object.spec.hostPID"}],
        "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": patch}}],
        "reinvocationPolicy": "Never",
    }
    where = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}
    policy = {**group, "kind": "MutatingAdmissionPolicy", "metadata": {"name": "mend"}, "spec": spec}
    binding = {**group, "kind": "MutatingAdmissionPolicyBinding", "metadata": {"name": "mend"},
               "spec": {"policyName": "mend", "matchResources": where}}  # fmt: skip
    cluster.apply([policy, binding])
    for _ in range(600):  # the server reads its policies anew every second
        if not cluster.create(pod("p", namespace, hostPID=True), namespace).accepted:
            threading.Event().wait(0.1)
    try:
        yield
    finally:
        cluster.delete(binding)
        cluster.delete(policy)


def test_without_a_kubeconfig_the_prediction_stands_alone_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admit", "verify", str(SHOP)]) == 0
    said = capsys.readouterr().out
    assert "  payments: every workload meets restricted\n" in said
    assert "  shop: meets no level; in the way of restricted:\n    Deployment admin: " in said
    assert "No API server was asked" in said
    assert main(["admit", "verify", str(SHOP), "--lang", "zh-CN"]) == 0
    assert "没有询问 API 服务器" in capsys.readouterr().out


def test_a_kubeconfig_that_runs_a_program_to_log_in_works_as_with_kubectl(
    newest_cluster: Cluster, tmp_path: Path
) -> None:
    home = newest_cluster.namespace({ENFORCE: "baseline"})
    config = json.loads(newest_cluster.kubeconfig().read_text())
    token = config["users"][0]["user"].pop("token")
    api = "client.authentication.k8s.io/v1"
    credential = json.dumps({"apiVersion": api, "kind": "ExecCredential", "status": {"token": token}})
    exec_ = {"apiVersion": api, "command": "echo", "args": [credential], "interactiveMode": "Never"}
    config["users"][0]["user"]["exec"] = exec_
    file = tmp_path / "config"
    file.write_text(json.dumps(config))
    (tmp_path / "files").mkdir()
    request = written(tmp_path / "files", pod("plain", home))
    verified = verify(request, Level.BASELINE, Named(str(file)))
    assert (verified.agreed, verified.differences, verified.gaps) == (2, (), ())


def test_a_user_without_rights_is_told_which_are_missing(cluster: Cluster, tmp_path: Path) -> None:
    home = cluster.namespace()
    verified = asked(cluster, written(tmp_path, pod("plain", home)), token=cluster.server.stranger)
    assert [(g.reason, g.message.en.partition(":")[0]) for g in verified.gaps] == [
        (GapReason.DENIED, f"not allowed to get namespace {home}")
    ]
    assert verified.standings[0].level is Level.BASELINE


def test_a_user_who_may_only_create_pods_is_asked_about_them_alone(cluster: Cluster, tmp_path: Path) -> None:
    home = cluster.namespace({ENFORCE: "baseline"})
    group = "rbac.authorization.k8s.io"
    rules = [
        {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["create"]},
    ]
    role = {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": {"name": "r"}, "rules": rules}
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "r"},
        "roleRef": {"apiGroup": group, "kind": "Role", "name": "r"},
        "subjects": [{"apiGroup": group, "kind": "User", "name": "stranger"}],
    }
    cluster.apply([role, binding], home)
    request = written(tmp_path, pod("plain", home), pod("node", home, hostPID=True))
    verified = asked(cluster, request, Level.BASELINE, token=cluster.server.stranger)
    assert verified.agreed == 2
    assert [(g.reason, g.message.en.partition(":")[0]) for g in verified.gaps] == [
        (GapReason.DENIED, f"not allowed to list pods in {home}")
    ]


def test_a_namespace_that_is_not_there_or_vanishes_meanwhile_is_a_gap_and_the_others_are_asked(
    cluster: Cluster, tmp_path: Path
) -> None:
    vanishing, staying = cluster.namespace(name=f"a{cluster.namespace()}"), cluster.namespace({ENFORCE: "baseline"})
    request = written(tmp_path, pod("a", "none-such"), pod("b", vanishing), pod("c", staying, hostIPC=True))

    def progress(said: Text | None) -> None:
        if said is not None and said.en == f"asking about {vanishing}":
            cluster.delete_namespace(vanishing)

    verified = verify(request, Level.BASELINE, Named(str(cluster.kubeconfig())), progress)
    missing = [
        g.subject.name for g in verified.gaps if g.reason is GapReason.MISSING and not isinstance(g.subject, str | None)
    ]
    assert (missing[:2], set(missing)) == (["none-such", vanishing], {"none-such", vanishing})
    assert verified.differences == ()
    assert verified.agreed >= 2


def test_a_server_that_is_gone_in_the_middle_ends_the_questions_and_keeps_the_answers(
    cluster: Cluster, tmp_path: Path
) -> None:
    first, second = sorted([cluster.namespace({ENFORCE: "baseline"}), cluster.namespace({ENFORCE: "baseline"})])
    request = written(tmp_path, pod("a", first), pod("b", second))
    with relay(int(cluster.server.url.rpartition(":")[2])) as (port, cut):

        def progress(said: Text | None) -> None:
            if said is not None and said.en == f"asking about {second}":
                cut.set()

        config = cluster.kubeconfig(url=f"https://127.0.0.1:{port}")
        verified = verify(request, Level.BASELINE, Named(str(config)), progress)
    assert verified.agreed == 1
    (gap,) = verified.gaps
    assert gap.reason is GapReason.UNREADABLE
    assert gap.message.en.startswith("the API server cannot be reached: ")


@contextmanager
def relay(target: int) -> Iterator[tuple[int, "_Cut"]]:
    """A port that leads to the target until it is cut."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        cut = _Cut(listening)
        thread = threading.Thread(target=cut.carry, args=(target,))
        thread.start()
        try:
            yield listening.getsockname()[1], cut
        finally:
            cut.set()
            thread.join()


class _Cut:
    """Carries bytes both ways for all connections, in one thread, until it is told to stop."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._told, self._telling = socket.socketpair()
        self._over = threading.Event()

    def set(self) -> None:
        """Cut every connection and take no more, before this returns."""
        with suppress(OSError):
            self._telling.send(b"x")
        self._over.wait(10)

    def carry(self, target: int) -> None:
        """Until told."""
        other: dict[socket.socket, socket.socket] = {}
        while True:
            ready, _, _ = select.select([self._listening, self._told, *other], [], [])
            if self._told in ready:
                break
            for one in ready:
                if one is self._listening:
                    near, far = one.accept()[0], socket.create_connection(("127.0.0.1", target))
                    other |= {near: far, far: near}
                elif one in other:
                    data = one.recv(65536)
                    if data:
                        other[one].sendall(data)
                    else:
                        for end in (other.pop(one), one):
                            other.pop(end, None)
                            end.close()
        for open_one in (*other, self._listening, self._told, self._telling):
            open_one.close()
        self._over.set()


def test_a_server_from_before_pod_security_is_told_so(newest_cluster: Cluster, tmp_path: Path) -> None:
    class Old(BaseHTTPRequestHandler):
        """Says its version as every API server does, and knows nothing else."""

        def do_GET(self) -> None:
            body = json.dumps({"major": "1", "minor": "21+", "gitVersion": "v1.21.9"}).encode()
            self.send_response(200 if self.path == "/version" else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Old) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        verified = asked(newest_cluster, written(tmp_path, pod("a", "x")), url=url)
        server.shutdown()
        thread.join()
    assert [(g.reason, g.message.en) for g in verified.gaps] == [
        (GapReason.UNSUPPORTED, "Kubernetes 1.21 has no Pod Security admission")
    ]


@pytest.mark.parametrize(
    ("kubeconfig", "context", "why"),
    [("none-such", None, "no such file or directory"), (None, "none-such", 'context "none-such" does not exist')],
)
def test_a_cluster_that_kubectl_does_not_know_is_a_gap_and_exit_3(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kubeconfig: str | None,
    context: str | None,
    why: str,
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "empty"))
    (tmp_path / "empty").write_text("apiVersion: v1\nkind: Config\n")
    named = [*(["--kubeconfig", kubeconfig] if kubeconfig else []), *(["--context", context] if context else [])]
    assert main(["admit", "verify", str(SHOP), *named]) == 3
    said = capsys.readouterr().out
    assert "  missing: kubectl could not read how to reach the cluster: " in said
    assert why in said
    assert "  payments: every workload meets restricted\n" in said


def test_what_no_file_holds_is_said_with_the_way_to_ask_it(newest_cluster: Cluster, tmp_path: Path) -> None:
    home = newest_cluster.namespace()
    (tmp_path / "kustomization.yaml").write_text(f"resources: [base]\nnamespace: {home}\n")
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: [all.json]\n")
    written(tmp_path / "base", pod("a", "elsewhere"))
    verified = asked(newest_cluster, Request((str(tmp_path),)))
    assert any("kustomize build DIR | fourc admit verify -" in n.en for n in verified.notes)
    assert verified.server == KubeVersion(37)
