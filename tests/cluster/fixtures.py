"""The fixtures `cluster` and `newest_cluster`; what they are is said in the package."""

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


def _running(number: int, folders: pytest.TempPathFactory) -> Iterator[Cluster]:
    try:
        version = binaries.versions()[number]
        binaries.etcd(), binaries.kube_apiserver(version)
    except binaries.UnavailableError as error:
        if binaries.demanded():
            pytest.fail(f"this machine must have a test cluster: {error}")
        pytest.skip(f"no test cluster: {error}")
    folder = _shared(folders) / f"cluster-{version}"
    with joined(version, folder) as server, closing(Cluster(server, folders.mktemp("kubeconfigs"))) as running:
        yield running


def _shared(folders: pytest.TempPathFactory) -> Path:
    """The folder of this run of pytest that all its processes see."""
    base = folders.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
