"""Whether a cluster would take edited objects."""

from collections.abc import Iterator, Mapping, Sequence

from fourc.app.consequences import Claim
from fourc.collect.api_server import Cluster, UnansweredError, api_server
from fourc.collect.dry_run import DryRun
from fourc.errors import FourcError
from fourc.fix.rewrite import Rewritten
from fourc.model.text import Text, join, same
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import load, readable

ACCEPTED = Text("the cluster would accept it", "集群会接受它")
_HOW = Text("--context NAME or --kubeconfig FILE asks yours", "--context 名称 或 --kubeconfig 文件 可让你的集群检查")
_NO_OBJECT = Text("no whole object was changed", "没有改动完整的对象")
_UNJUDGED = Text("{n} objects are accepted, {m} were not judged: {others}", "{n} 个对象被接受，{m} 个未判断：{others}")
_AS_BEFORE = Text("{what} (refused without the edit too: {why})", "{what}（不修改也会被拒绝：{why}）")
_WHY = Text("{what} ({why})", "{what}（{why}）")
_SHOWN = 5
_LOCAL = ("kustomize.config.k8s.io/",)
"""Kinds that tools read and no cluster ever gets."""


def acceptance(files: Sequence[Rewritten], cluster: Cluster | None) -> Claim:
    """Whether the API server takes each edited object in a dry run; asked only where the user names a cluster.

    What it refuses without the edit too, and kinds and namespaces that it does not have, it did not judge.
    """
    if cluster is None:
        return Claim(ACCEPTED, None, _HOW)
    edited = [*_edited(files)]
    if not edited:
        return Claim(ACCEPTED, None, _NO_OBJECT)
    accepted, refused, unjudged = 0, list[Text](), list[Text]()
    try:
        with api_server(cluster) as server:
            dry_run = DryRun(server)
            for before, after in edited:
                answer, what = dry_run.would_take(after), same(_name(after))
                if answer.accepted:
                    accepted += 1
                elif answer.accepted is None:
                    unjudged.append(_WHY.of(what=what, why=answer.said))
                elif before is not None and dry_run.would_take(before).accepted is False:
                    unjudged.append(_AS_BEFORE.of(what=what, why=answer.said))
                else:
                    refused.append(_WHY.of(what=what, why=answer.said))
    except UnansweredError as error:
        return Claim(ACCEPTED, None, error.message)
    if refused:
        return Claim(ACCEPTED, held=False, why=join(refused[:_SHOWN], "; ", "；"))
    if unjudged:
        return Claim(
            ACCEPTED, None, _UNJUDGED.of(n=accepted, m=len(unjudged), others=join(unjudged[:_SHOWN], "; ", "；"))
        )
    return Claim(ACCEPTED, held=True)


def _edited(files: Sequence[Rewritten]) -> Iterator[tuple[dict[str, Json] | None, dict[str, Json]]]:
    """Every object that the edits change or make, with what it was before."""
    for file in files:
        if not file.path.endswith((".yaml", ".yml", ".json")):
            continue
        known = [*objects_of(file.before or "")]
        by_name = {_name(thing): thing for thing in known}
        for thing in objects_of(file.after):
            if thing not in known and not str(thing.get("apiVersion")).startswith(_LOCAL):
                yield by_name.get(_name(thing)), thing


def objects_of(text: str) -> Iterator[dict[str, Json]]:
    """The objects of a file, those in lists too; documents that cannot be read are left out."""
    for document in readable(text):
        try:
            data = load(document)
        except FourcError:
            continue
        yield from _objects(data)


def _objects(data: Json) -> Iterator[dict[str, Json]]:
    if not isinstance(data, dict) or "kind" not in data:
        return
    items = data.get("items")
    if str(data["kind"]).endswith("List") and isinstance(items, list):
        for item in items:
            yield from _objects(item)
    else:
        yield data


def _name(thing: Mapping[str, Json]) -> str:
    metadata = thing.get("metadata")
    fields = metadata if isinstance(metadata, dict) else {}
    namespace = fields.get("namespace")
    return f"{thing.get('kind')} {f'{namespace}/' if namespace else ''}{fields.get('name')}"
