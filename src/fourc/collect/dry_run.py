"""Whether a cluster would take objects, asked one by one; nothing is changed there."""

from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct

from fourc.collect.api_server import ApiServer, Reply
from fourc.patch.yaml.node import Json

_SAID = 300


class Answer(Struct, frozen=True):
    """What the API server said of an object; `accepted` is None where it did not judge it."""

    accepted: bool | None
    said: str = ""


class DryRun:
    """Asks one server; what it serves is looked up once for each API version."""

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._served: dict[str, Reply] = {}

    def would_take(self, thing: Mapping[str, Json]) -> Answer:
        """Whether the object could be created or, where there is one of its name, changed to this."""
        version, kind = str(thing.get("apiVersion") or ""), str(thing.get("kind"))
        metadata = thing.get("metadata")
        fields = metadata if isinstance(metadata, dict) else {}
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if version not in self._served:
            self._served[version] = self._server.read(root)
        resource = _resource(self._served[version], kind)
        if resource is None:
            return Answer(None, f"the cluster does not serve {version} {kind}")
        namespace = f"namespaces/{quote(str(fields.get('namespace') or 'default'))}/" if resource[1] else ""
        path = f"{root}/{namespace}{resource[0]}"
        reply = self._server.would_create(path, thing, strict=True)
        if reply.status == 409:  # it is there, and everything that is asked before that is passed
            place = f"{path}/{quote(str(fields.get('name')))}"
            reply = self._server.would_patch(place, thing, "strategic-merge-patch")
            if reply.status == 415:  # a custom resource
                reply = self._server.would_patch(place, thing)
        # 500 and above: something on the way failed, a webhook for one
        judged = None if reply.refusal is not None or reply.status >= 500 else reply.accepted
        return Answer(judged, " ".join(reply.message.split())[:_SAID])


def _resource(served: Reply, kind: str) -> tuple[str, bool] | None:
    """The plural of the kind, and whether it stands in namespaces."""
    listed = served.data.get("resources") if served.accepted and isinstance(served.data, dict) else None
    for resource in listed if isinstance(listed, list) else ():
        if isinstance(resource, dict) and resource.get("kind") == kind and "/" not in str(resource.get("name")):
            return str(resource.get("name")), resource.get("namespaced") is True
    return None
