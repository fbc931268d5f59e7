"""A real registry on loopback (docker-registry, of Debian's package of that name), and plain HTTP to fill it."""

import hashlib
import json
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

DATABASE = "application/vnd.fourc.vulnerabilities.v1+sqlite"
DELTA = "application/vnd.fourc.vulnerabilities.delta.v1"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """The registry's host and port, as long as the block lasts."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    config = folder / "registry.yml"
    storage = {"filesystem": {"rootdirectory": str(folder / "registry")}}
    config.write_text(json.dumps({"version": 0.1, "storage": storage, "http": {"addr": host}}))
    running = subprocess.Popen(
        [program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr is not None
        assert any("listening on" in line for line in running.stderr), "it did not start"
        yield host
    finally:
        running.terminate()
        running.communicate()


def push(host: str, name: str, tag: str, files: Mapping[str, tuple[bytes, str]]) -> None:
    """Push files with their types by their names, as `oras push HOST/NAME:TAG FILE:TYPE...` does."""
    config = _blob(host, name, b"{}")
    layers = [
        {**_blob(host, name, data), "mediaType": kind, "annotations": {"org.opencontainers.image.title": title}}
        for title, (data, kind) in files.items()
    ]
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": DATABASE,
        "config": {**config, "mediaType": "application/vnd.oci.empty.v1+json"},
        "layers": layers,
    }
    _put(f"http://{host}/v2/{name}/manifests/{tag}", json.dumps(manifest).encode(), _MANIFEST)


def _blob(host: str, name: str, data: bytes) -> dict[str, object]:
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    begin = urllib.request.Request(f"http://{host}/v2/{name}/blobs/uploads/", data=b"", method="POST")
    with _opener().open(begin) as answer:
        place = answer.headers["Location"]
    _put(f"{place}{'&' if '?' in place else '?'}digest={digest}", data, "application/octet-stream")
    return {"digest": digest, "size": len(data)}


def _put(url: str, data: bytes, kind: str) -> None:
    request = urllib.request.Request(url, data=data, method="PUT", headers={"Content-Type": kind})  # noqa: S310 - ours
    with _opener().open(request) as answer:
        assert answer.status == 201


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
