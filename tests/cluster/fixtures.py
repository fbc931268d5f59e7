"""The fixtures `cluster`, `newest_cluster` and `lone_cluster`; what they are is said in the package."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cluster import binaries
from tests.cluster.api import Cluster
from tests.cluster.server import joined


@pytest.fixture(scope="session", params=range(len(binaries.VERSIONS)), ids=["newest", "older"])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running API server, of each version in turn."""
    yield from _running(request.param, tmp_path_factory)


@pytest.fixture(scope="session")
def newest_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running API server of the newest version."""
    yield from _running(0, tmp_path_factory)


@pytest.fixture(scope="module")
def lone_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One of the newest version that only this module's tests use."""
    yield from _running(0, tmp_path_factory, tmp_path_factory.mktemp("lone"))


def _running(number: int, folders: pytest.TempPathFactory, folder: Path | None = None) -> Iterator[Cluster]:
    try:
        version = binaries.versions()[number]
        binaries.etcd(), binaries.kube_apiserver(version)
    except binaries.UnavailableError as error:
        if binaries.demanded():
            pytest.fail(f"this machine must have a test cluster: {error}")
        pytest.skip(f"no test cluster: {error}")
    folder = folder or _shared(folders) / f"cluster-{version}"
    with joined(version, folder) as server, closing(Cluster(server, folders.mktemp("kubeconfigs"))) as running:
        running.apply([_DEFAULT], "default")
        running.apply([_ACCOUNT], "default")
        yield running


# What controllers make in every cluster; the server makes the namespace itself, but not at once.
_DEFAULT = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}}
_ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}


def _shared(folders: pytest.TempPathFactory) -> Path:
    """The folder of this run of pytest that all its processes see."""
    base = folders.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
