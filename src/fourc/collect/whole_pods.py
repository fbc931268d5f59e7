"""The pods of a workload as they are written, with every field: what an API server is asked about."""

from collections.abc import Callable

from fourc.errors import FourcError
from fourc.model.kubernetes.pod import Workload
from fourc.patch.yaml.node import Json, Path
from fourc.patch.yaml.reader import load, split

Pod = dict[str, Json]


def whole_pod(workload: Workload, read: Callable[[str], str | None]) -> Pod | None:
    """A Pod with the template's spec, labels and annotations, without a name.

    None where the text cannot be had: what helm or kustomize renders stands in no file.
    """
    origin = workload.meta.origin
    text = None if origin.rendered_by else read(origin.path)
    if text is None:
        return None
    try:
        document = next((d for d in split(text) if d.index == origin.document), None)
        data = None if document is None else load(document)
    except FourcError:
        return None
    spec = _at(data, (*origin.item, *workload.pod.path))
    if not isinstance(spec, dict):
        return None
    metadata = _at(data, (*origin.item, *workload.pod.meta_path))
    written = metadata if isinstance(metadata, dict) else {}
    spec = _with_claims(spec, workload)
    kept: dict[str, Json] = {key: written[key] for key in ("labels", "annotations") if written.get(key)}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": kept, "spec": spec}


def _with_claims(spec: dict[str, Json], workload: Workload) -> dict[str, Json]:
    """The StatefulSet controller makes a volume of every claim template, in place of one with its name."""
    claims = workload.claim_templates
    if not claims:
        return spec
    written = spec.get("volumes")
    volumes: list[Json] = [
        v
        for v in (written if isinstance(written, list) else [])
        if not isinstance(v, dict) or v.get("name") not in claims
    ]
    name = workload.meta.name
    volumes += [{"name": c, "persistentVolumeClaim": {"claimName": f"{c}-{name}-0"}} for c in claims]
    return {**spec, "volumes": volumes}


def _at(data: Json, path: Path) -> Json:
    for key in path:
        if isinstance(data, dict) and isinstance(key, str):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data
