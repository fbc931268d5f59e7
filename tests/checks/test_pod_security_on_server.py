"""A real API server refuses exactly the pods that are predicted to violate the level that their namespace enforces."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cluster.api import Cluster

from fourc.checks.pod_security import Verdict, droppable, verdicts
from fourc.collect.limits import Options
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.whole_pods import Pod, whole_pod
from fourc.model.pod_security import PREFIX, Level
from fourc.model.version import KubeVersion

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures"
PSA = Path(os.environ.get("FOURC_PSA_FIXTURES", SHARED / "psa"))
GOAT = Path(os.environ.get("FOURC_GOAT", SHARED / "kubernetes-goat"))
REAL = Path(os.environ.get("FOURC_REAL", SHARED / "real"))
SHOP = Path(__file__).parents[2] / "examples" / "shop"
LEVELS = (Level.BASELINE, Level.RESTRICTED)


class Asking:
    """Pods and the server's word on them, in one namespace for each level and version."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._namespaces: dict[tuple[Level, str], str] = {}
        self.compared: list[str] = []
        self.invalid: dict[str, str] = {}
        self.different: dict[str, str] = {}

    def compare(self, name: str, judged: Verdict, pod: Pod, pin: str) -> None:
        """Ask for both levels."""
        for level in LEVELS:
            case = f"{name} {level.word}:{pin}"
            answer = self._cluster.create({**pod, "metadata": _named(pod)}, self._namespace(level, pin))
            refused = f'violates PodSecurity "{level.word}:{pin}"' in answer.message
            if not answer.accepted and not refused:
                self.invalid[case] = answer.message
                continue
            self.compared.append(case)
            expected = judged.against(level)
            dropped = answer.accepted and expected <= droppable(KubeVersion(self._cluster.minor))
            if refused != bool(expected) and not dropped:
                self.different[case] = f"{sorted(expected)}, but: {answer.message}"

    def _namespace(self, level: Level, pin: str) -> str:
        if (level, pin) not in self._namespaces:
            labels = {f"{PREFIX}enforce": level.word, f"{PREFIX}enforce-version": pin}
            self._namespaces[level, pin] = self._cluster.namespace(labels)
        return self._namespaces[level, pin]


def _named(pod: Pod) -> dict[str, object]:
    metadata = pod["metadata"]
    assert isinstance(metadata, dict)
    return {**metadata, "name": "p"}


def pods_below(folder: Path, minor: int) -> Iterator[tuple[str, Verdict, Pod]]:
    """Every pod that stands in a file below the folder, without the account that no namespace of ours has."""
    inventory = collect_manifests(folder, [folder], Options()).inventory
    for judged in verdicts(inventory, KubeVersion(minor)):
        meta = judged.workload.meta
        pod = whole_pod(judged.workload, lambda path: (folder / path).read_text())
        if pod is not None:
            spec = pod["spec"]
            assert isinstance(spec, dict)
            kept = {key: value for key, value in spec.items() if key not in {"serviceAccountName", "serviceAccount"}}
            yield f"{meta.origin.path}: {meta.ref}", judged, {**pod, "spec": kept}


def unmasked_without_own_users(minor: int) -> set[str]:
    """Pods that newer servers do not even judge: they find an unmasked /proc without `hostUsers: false` invalid."""
    if minor < 33:
        return set()
    return {f"{level}/v1.37/fail/procmount{n}.yaml" for level in ("baseline", "restricted") for n in (0, 1)}


@pytest.mark.skipif(not PSA.is_dir(), reason="no fixtures of pod-security-admission: FOURC_PSA_FIXTURES names them")
def test_upstreams_own_pods_are_refused_and_let_in_as_predicted(cluster: Cluster) -> None:
    asking = Asking(cluster)
    for file in sorted(PSA.glob("*/v1.*/*/*.yaml")):
        text = file.read_text()
        inventory = collect_stdin(text.encode()).inventory
        minor = int(file.parent.parent.name.removeprefix("v1."))
        for pin, judged_for in ((f"v1.{minor}", min(minor, cluster.minor)), ("latest", cluster.minor)):
            for judged in verdicts(inventory, KubeVersion(judged_for)):
                pod = whole_pod(judged.workload, {"-": text}.get)
                assert pod is not None, file
                asking.compare(str(file.relative_to(PSA)), judged, pod, pin)
    assert asking.different == {}
    assert {case.split(" ")[0] for case in asking.invalid} == unmasked_without_own_users(cluster.minor)
    assert {case.split(" ")[0] for case in asking.compared} >= {
        str(f.relative_to(PSA)) for f in PSA.glob("*/v1.*/*/*.yaml")
    } - unmasked_without_own_users(cluster.minor)


# What the server finds invalid before it asks for any level: a patch of an overlay, which names no image.
_PATCH = "argo-cd/manifests/base/application-controller-deployment/argocd-application-controller-statefulset.yaml"
INVALID = {"real": {f"{_PATCH}: default/argocd-application-controller": "spec.containers[0].image: Required value"}}


@pytest.mark.parametrize("folder", [REAL, GOAT, SHOP], ids=lambda folder: folder.name)
def test_pods_of_real_systems_are_refused_and_let_in_as_predicted(cluster: Cluster, folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not there; FOURC_REAL and FOURC_GOAT name the folders")
    asking = Asking(cluster)
    for name, judged, pod in pods_below(folder, cluster.minor):
        asking.compare(name, judged, pod, "latest")
    assert asking.different == {}
    invalid = {case.rpartition(" ")[0]: why.partition("invalid: ")[2] for case, why in asking.invalid.items()}
    assert invalid == INVALID.get(folder.name, {})
    assert {case.rpartition(" ")[2] for case in asking.compared} == {"baseline:latest", "restricted:latest"}
