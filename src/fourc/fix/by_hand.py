"""The words for a fix that only a person can make: its origin is a template or overlay, or the editor refuses the edit."""

import json
import posixpath
from collections.abc import Iterable
from dataclasses import replace

from fourc.model.finding import Finding
from fourc.model.location import Origin
from fourc.model.remedy import ByHand, NewFile, Remedy
from fourc.model.text import Text, join, same
from fourc.patch.yaml.operations import Append, Operation, Remove, Set
from fourc.patch.yaml.refusal import shown

_RENDERED = Text(
    "this comes out of {tool}; change it in {path}, so that the rendered {kind} {name} has: {what}",
    "它由 {tool} 渲染得到；请修改 {path}，使渲染出的 {kind} {name} 满足：{what}",
)
_REFUSED = Text(
    "change {path} by hand, so that {kind} {name} has: {what} ({why})",
    "请手动修改 {path}，使 {kind} {name} 满足：{what}（{why}）",
)


def told(finding: Finding) -> Finding:
    """The finding with the exact text to put in place, if its object was rendered; any other as it is."""
    tool = finding.origin.rendered_by
    if tool is None or not isinstance(finding.fix, Remedy):
        return finding
    return _by_hand(finding, finding.fix, _RENDERED, tool=same(tool))


def refused(finding: Finding, why: Text) -> Finding:
    """The finding with the exact text to put in place, since the editor refused the edit and said why."""
    return _by_hand(finding, finding.fix, _REFUSED, why=why) if isinstance(finding.fix, Remedy) else finding


def _by_hand(finding: Finding, remedy: Remedy, says: Text, **more: Text) -> Finding:
    what = [*_words(remedy.operations), *(_new_file(n, finding.origin) for n in remedy.new_files)]
    subject = finding.subject
    why = says.of(path=finding.origin.path, kind=subject.kind, name=subject.name, what=join(what, "; ", "；"), **more)
    return replace(finding, fix=ByHand(why, remedy.kind, remedy=remedy))


def _new_file(new: NewFile, origin: Origin) -> Text:
    """A new object and where it belongs: beside the template, or listed by the overlay; a chart in an archive has no place."""
    folder, file = posixpath.split(origin.path)
    text, path = new.text.replace("\n", " ⏎ "), posixpath.join(folder, posixpath.basename(new.path))
    if origin.rendered_by == "kustomize":
        listed = Text(
            "a new file {p}, listed under `resources` in {k}: {t}", "新文件 {p}，并列入 {k} 的 `resources`：{t}"
        )
        return listed.of(p=path, k=file, t=text)
    if origin.rendered_by is None or file == "Chart.yaml":
        return Text("a new object: {t}", "新增对象：{t}").of(t=text)
    return Text("a new file {p} in the chart: {t}", "chart 中的新文件 {p}：{t}").of(p=path, t=text)


def _words(operations: Iterable[Operation]) -> Iterable[Text]:
    for operation in operations:
        place = shown(operation.path)
        if isinstance(operation, Remove):
            yield Text("no {p}", "没有 {p}").of(p=place)
        elif isinstance(operation, Set | Append):
            value = json.dumps(operation.value, ensure_ascii=False)
            sign = "=" if isinstance(operation, Set) else "+="
            yield Text("{p} {s} {v}", "{p} {s} {v}").of(p=place, s=sign, v=value)
