"""Every fix of every system at hand is accepted by a real API server; what it cannot judge is told, not taken for a pass."""

import os
import re
import shutil
from pathlib import Path

import pytest
from tests.cluster.api import Cluster

from fourc.app.acceptance import acceptance
from fourc.app.fix import choose
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.cli.main import main
from fourc.collect.api_server import Cluster as Named
from fourc.fix.rewrite import Rewritten
from fourc.model.remedy import FixClass

SHOP = Path(__file__).parents[2] / "examples" / "shop"
SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures"
GOAT = Path(os.environ.get("FOURC_GOAT", SHARED / "kubernetes-goat"))
REAL = Path(os.environ.get("FOURC_REAL", SHARED / "real"))
NAMESPACE = re.compile(r"^ +namespace: ([a-z0-9-]+)$", re.MULTILINE)
_UNSERVED = "the cluster does not serve "
_PARTIAL = "refused without the edit too: "

# What the server cannot judge: a patch of an overlay that is no whole object, and kinds that are somebody's own.
UNJUDGED = {
    "real": {
        "StatefulSet argocd-application-controller": _PARTIAL,
        "Gateway frontend-gateway": _UNSERVED + "networking.istio.io/v1alpha3 Gateway",
        "Gateway istio-gateway": _UNSERVED + "gateway.networking.k8s.io/v1beta1 Gateway",
    }
}


def with_namespaces(cluster: Cluster, folder: Path) -> None:
    """Make every namespace that a file of the folder names."""
    texts = (f.read_text(errors="replace") for f in folder.rglob("*.y*ml"))
    for name in sorted({name for text in texts for name in NAMESPACE.findall(text)}):
        cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])
        cluster.apply([{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}], name)


@pytest.mark.parametrize("folder", [SHOP, GOAT, REAL], ids=lambda folder: folder.name)
def test_every_fix_of_every_system_is_accepted(cluster: Cluster, folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not there; FOURC_REAL and FOURC_GOAT name the folders")
    with_namespaces(cluster, folder)
    files = choose(plan_for(Request((str(folder),))), ["all"], FixClass.DECISION).proposal.files
    claim = acceptance(files, Named(str(cluster.kubeconfig())))
    assert claim.held is not False, claim.why.en
    told = claim.why.en.partition(" not judged: ")[2]
    for what, why in UNJUDGED.get(folder.name, {}).items():
        assert f"{what} ({why}" in told
    assert bool(told) == (folder.name in UNJUDGED), told


def test_the_command_asks_the_cluster_and_says_so(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Path(shutil.copytree(SHOP, tmp_path / "shop"))
    with_namespaces(cluster, shop)
    config = str(cluster.kubeconfig())
    assert main(["fix", "all", "--apply", "--verify", "--kubeconfig", config, str(shop)]) == 0
    assert "  yes          the cluster would accept it\n" in capsys.readouterr().err


POD = """apiVersion: v1
kind: Pod
metadata: {{name: p, namespace: {namespace}}}
spec:
  hostPID: {pid}
  containers: [{{name: c, image: {image}}}]
"""


def asked(cluster: Cluster, before: str | None, after: str) -> tuple[bool | None, str]:
    """The claim about one edited file."""
    edited = Rewritten("all.yaml", before, after, FixClass.SAFE)
    claim = acceptance([edited], Named(str(cluster.kubeconfig())))
    return claim.held, claim.why.en


def test_what_only_the_edit_makes_wrong_is_refused_and_the_rest_is_not_its_fault(cluster: Cluster) -> None:
    strict = cluster.namespace({"pod-security.kubernetes.io/enforce": "baseline"})
    good = POD.format(namespace=strict, pid="false", image="a:1")
    bad = POD.format(namespace=strict, pid="true", image="a:1")
    held, why = asked(cluster, good, bad)
    assert held is False
    assert why.startswith(
        f'Pod {strict}/p (pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces'
    )
    held, why = asked(cluster, bad, bad.replace("a:1", "a:2"))
    assert held is None
    assert why.startswith(f"0 objects are accepted, 1 were not judged: Pod {strict}/p (refused without the edit too: ")
    assert asked(cluster, None, bad)[0] is False
    assert asked(cluster, bad, good) == (True, "")


def test_an_object_that_is_there_is_judged_as_a_change_of_it(cluster: Cluster) -> None:
    namespace = cluster.namespace()
    pod = POD.format(namespace=namespace, pid="false", image="a:1")
    thing = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "a:1"}]},
    }
    cluster.apply([thing], namespace)
    assert asked(cluster, pod, pod.replace("a:1", "a:2")) == (True, "")
    held, why = asked(cluster, pod, pod.replace("hostPID: false", "hostPID: true"))
    assert (held, why.partition(":")[0]) == (False, f'Pod {namespace}/p (Pod "p" is invalid')


def test_a_namespace_or_kind_that_the_cluster_lacks_and_a_right_that_is_lacking_are_no_refusal(
    cluster: Cluster,
) -> None:
    pod = POD.format(namespace="none-such", pid="false", image="a:1")
    assert asked(cluster, None, pod)[0] is None
    custom = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n"
    assert asked(cluster, None, custom) == (
        None,
        "0 objects are accepted, 1 were not judged: Widget w (the cluster does not serve example.com/v1 Widget)",
    )
    edited = Rewritten("a.yaml", None, POD.format(namespace="default", pid="false", image="a:1"), FixClass.SAFE)
    claim = acceptance([edited], Named(str(cluster.kubeconfig(cluster.server.stranger))))
    assert claim.held is None
    assert 'pods is forbidden: User "stranger" cannot create resource "pods"' in claim.why.en


def test_a_server_that_cannot_be_asked_is_no_refusal(newest_cluster: Cluster) -> None:
    pod = POD.format(namespace="default", pid="false", image="a:1")
    edited = Rewritten("a.yaml", None, pod, FixClass.SAFE)
    claim = acceptance([edited], Named(str(newest_cluster.kubeconfig(url="https://127.0.0.1:1"))))
    assert claim.held is None
    assert "connection refused" in claim.why.en


def test_nothing_is_changed_by_asking(cluster: Cluster) -> None:
    namespace = cluster.namespace()
    assert asked(cluster, None, POD.format(namespace=namespace, pid="false", image="a:1"))[0] is True
    assert cluster.must("GET", f"/api/v1/namespaces/{namespace}/pods")["items"] == []
