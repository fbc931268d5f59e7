"""What tests ask a real API server, in its own words over HTTPS; needs no kubectl."""

import http.client
import json
import ssl
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from msgspec import Struct
from tests.cluster.server import Server

_PATIENCE = 10.0
Object = Mapping[str, Any]
Json: TypeAlias = Any  # what a test sends and gets is the server's business


class Answer(Struct, frozen=True):
    """What the server said: `body` is the object or, where it refused, the Status."""

    status: int
    body: Any
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether it did what it was asked."""
        return self.status < 300

    @property
    def message(self) -> str:
        """Why it refused; empty if it did not."""
        return "" if self.accepted else str(self.body.get("message", self.body))


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it holds within seconds: what a server judges by, such as the pods of a namespace, it reads behind the writes."""
    until = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


class RefusedError(Exception):
    """The server did not do what a test needs."""


class Cluster:
    """A running API server; `folder` is the test process' own, for its kubeconfig files."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.version = server.version
        self._folder = folder
        self._trusted = ssl.create_default_context(cafile=server.ca)
        self._connection: http.client.HTTPSConnection | None = None
        self._resources: dict[str, dict[str, tuple[str, bool]]] = {}

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def minor(self) -> int:
        """31 for 1.31.14."""
        return int(self.version.split(".")[1])

    def kubeconfig(self, token: str = "", url: str = "") -> Path:
        """A kubeconfig file for the administrator, or for who holds `token`; `url` where a test stands in between."""
        cluster = {"server": url or self.server.url, "certificate-authority": self.server.ca}
        context = {"cluster": "test", "user": "test"}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": cluster}],
            "users": [{"name": "test", "user": {"token": token or self.server.admin}}],
            "contexts": [{"name": "test", "context": context}],
        }
        file = self._folder / f"{uuid.uuid4().hex}.kubeconfig"
        file.write_text(json.dumps(config))
        return file

    def ask(self, method: str, path: str, body: Json = None, kind: str = "application/json", **query: str) -> Answer:
        """One request as the administrator; refusals are answers."""
        target = f"{path}?{urlencode(query)}" if query else path
        headers = {"Authorization": f"Bearer {self.server.admin}", "Content-Type": kind}
        data = None if body is None else json.dumps(body)
        try:
            answer, said = self._exchange(method, target, data, headers)
        except (http.client.HTTPException, ConnectionError, ssl.SSLError):
            # servers hang up on who was silent for long, and on one in a thousand to spread their clients
            self.close()
            answer, said = self._exchange(method, target, data, headers)
        plain = "json" in (answer.headers.get("Content-Type") or "")
        warnings = tuple(_warning(w) for w in answer.headers.get_all("Warning") or ())
        return Answer(answer.status, json.loads(said) if plain else said.decode(), warnings)

    def _exchange(
        self, method: str, target: str, data: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._connection is None:
            place = urlsplit(self.server.url)
            self._connection = http.client.HTTPSConnection(
                place.hostname or "", place.port, context=self._trusted, timeout=60
            )
        self._connection.request(method, target, data, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()

    def must(self, method: str, path: str, body: Json = None, kind: str = "application/json", **query: str) -> Json:
        """The same where only one answer will do."""
        answer = self.ask(method, path, body, kind, **query)
        if not answer.accepted:
            raise RefusedError(f"{method} {path}: {answer.message}")
        return answer.body

    def namespace(self, labels: Mapping[str, str] | None = None, name: str = "") -> str:
        """Make a namespace, with the account `default` in it that pods need and no controller makes here."""
        name = name or f"t-{uuid.uuid4().hex[:12]}"
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(labels or {})}}
        self.must("POST", "/api/v1/namespaces", body)
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        self.must("POST", f"/api/v1/namespaces/{name}/serviceaccounts", account)
        return name

    def label(self, namespace: str, labels: Mapping[str, str | None], *, dry_run: bool = False) -> Answer:
        """Change labels of a namespace; None takes one away."""
        query = {"dryRun": "All"} if dry_run else {}
        body = {"metadata": {"labels": labels}}
        return self.ask("PATCH", f"/api/v1/namespaces/{namespace}", body, "application/merge-patch+json", **query)

    def delete_namespace(self, name: str) -> None:
        """Take the namespace away at once; what is in it stays behind unseen, because no controller clears it."""
        self.must("DELETE", f"/api/v1/namespaces/{name}")
        body = self.must("GET", f"/api/v1/namespaces/{name}")
        body["spec"]["finalizers"] = []
        self.must("PUT", f"/api/v1/namespaces/{name}/finalize", body)

    def create(self, thing: Object, namespace: str | None = None, *, dry_run: bool = True) -> Answer:
        """Create the object, in `namespace` whatever it says itself; by default the server only says what it would do."""
        query = {"dryRun": "All"} if dry_run else {}
        path, _ = self._path(thing, namespace)
        return self.ask("POST", path, _moved(thing, namespace), **query)

    def apply(self, things: Iterable[Object], namespace: str | None = None) -> None:
        """Server-side apply, one after the other; the first refusal is an error."""
        for thing in things:
            path, _ = self._path(thing, namespace)
            kind = "application/apply-patch+yaml"
            query = {"fieldManager": "tests", "force": "true"}
            self.must("PATCH", f"{path}/{thing['metadata']['name']}", _moved(thing, namespace), kind, **query)

    def delete(self, thing: Object, namespace: str | None = None) -> None:
        """Delete it at once."""
        path, _ = self._path(thing, namespace)
        self.must("DELETE", f"{path}/{thing['metadata']['name']}", gracePeriodSeconds="0")

    def serves(self, thing: Object) -> bool:
        """Whether the server knows the object's kind in its version."""
        return thing["kind"] in self._kinds(thing["apiVersion"])

    def _path(self, thing: Object, namespace: str | None) -> tuple[str, bool]:
        found = self._kinds(thing["apiVersion"]).get(thing["kind"])
        if found is None:
            raise RefusedError(f"{thing['apiVersion']} {thing['kind']} is not served")
        plural, namespaced = found
        inside = namespace or thing["metadata"].get("namespace") or "default"
        scope = f"namespaces/{inside}/" if namespaced else ""
        return f"{_root(thing['apiVersion'])}/{scope}{plural}", namespaced

    def _kinds(self, version: str) -> dict[str, tuple[str, bool]]:
        """Plural and scope of the kinds of an API version; empty where it is not served."""
        if version not in self._resources:
            answer = self.ask("GET", _root(version))
            served = answer.body["resources"] if answer.accepted else []
            kinds = {r["kind"]: (r["name"], r["namespaced"]) for r in served if "/" not in r["name"]}
            if not kinds:
                return {}  # a CustomResourceDefinition may bring it
            self._resources[version] = kinds
        return self._resources[version]


def _root(version: str) -> str:
    return f"/apis/{version}" if "/" in version else f"/api/{version}"


def _moved(thing: Object, namespace: str | None) -> Object:
    if namespace is None:
        return thing
    metadata = {key: value for key, value in thing["metadata"].items() if key != "namespace"}
    return {**thing, "metadata": metadata}


def _warning(header: str) -> str:
    """The text of `299 - "text"` (RFC 7234, section 5.5)."""
    quoted = header.split(" ", 2)[2].strip()
    return quoted[1:-1].replace('\\"', '"').replace("\\\\", "\\")
