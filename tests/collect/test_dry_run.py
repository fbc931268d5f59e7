"""A dry run asks the cluster through the user's own kubectl: here one that speaks the API's protocol and nothing more."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fourc.collect.dry_run import Cluster, server_dry_run

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")

MANIFEST = """apiVersion: v1
kind: ConfigMap
metadata: {name: %s, namespace: default}
data: {a: b}
"""


# kubectl asks whether the server knows these two parameters before it uses them.
PARAMETERS = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("dryRun", "fieldValidation")]
KIND = {"group": "", "version": "v1", "kind": "ConfigMap"}
PATHS = {
    "/api/v1/namespaces/{namespace}/configmaps/{name}": {
        "patch": {"parameters": PARAMETERS, "x-kubernetes-group-version-kind": KIND, "responses": {}}
    }
}


class Api(BaseHTTPRequestHandler):
    """Discovery of ConfigMaps, none of which exists; one named `bad` is refused, and only dry runs are answered."""

    writes: list[str]

    def do_GET(self) -> None:
        """Discovery, and 404 for every object."""
        path = self.path.partition("?")[0]
        answers: dict[str, dict[str, object]] = {
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
            "/api/v1": {
                "kind": "APIResourceList",
                "groupVersion": "v1",
                "resources": [
                    {"name": "configmaps", "singularName": "", "namespaced": True, "kind": "ConfigMap",
                     "verbs": ["get", "create", "patch"]}
                ],
            },
            "/openapi/v3": {"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1"}}},
            "/openapi/v3/api/v1": {"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": PATHS},
            "/version": {"major": "1", "minor": "32", "gitVersion": "v1.32.0"},
        }  # fmt: skip
        if path in answers:
            self.answer(200, answers[path])
        else:
            self.answer(
                404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            )

    def do_POST(self) -> None:
        """A create."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).writes.append(self.path)
        if "dryRun=All" not in self.path:
            self.answer(500, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 500})
        elif body["metadata"]["name"] == "bad":
            message = 'admission webhook "policy.example.com" denied the request: no'
            self.answer(403, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden",
                              "message": message, "code": 403})  # fmt: skip
        else:
            self.answer(201, body)

    def answer(self, code: int, data: dict[str, object]) -> None:
        """JSON."""
        text = json.dumps(data).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A kubeconfig for the server."""
    Api.writes = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file = tmp_path / "config"
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "c",
                "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_address[1]}"}}],
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
                "users": [{"name": "u", "user": {}}],
            }
        )
    )
    yield Cluster(str(file), "c")
    server.shutdown()
    server.server_close()


def test_what_the_cluster_takes_is_accepted_and_only_asked_as_a_dry_run(cluster: Cluster) -> None:
    answer = server_dry_run(MANIFEST % "good", cluster)
    assert answer.accepted is True, answer.said
    assert Api.writes
    assert all("dryRun=All" in path for path in Api.writes)


def test_what_it_refuses_is_told_in_its_own_words(cluster: Cluster) -> None:
    answer = server_dry_run(MANIFEST % "bad", cluster)
    assert answer.accepted is False
    assert "denied the request" in answer.said


@pytest.mark.parametrize("context", ["nope", None])
def test_a_cluster_that_cannot_be_asked_is_no_refusal(tmp_path: Path, cluster: Cluster, context: str | None) -> None:
    gone = Cluster(cluster.kubeconfig, context) if context else Cluster(str(tmp_path / "none"))
    answer = server_dry_run(MANIFEST % "good", gone)
    assert answer.accepted is None
    assert answer.said
