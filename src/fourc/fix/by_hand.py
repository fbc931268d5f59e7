"""The words for a fix whose origin is a template or an overlay: what to put where, since the rendered text cannot be edited."""

import json
import posixpath
from collections.abc import Iterable
from dataclasses import replace

from fourc.model.finding import Finding
from fourc.model.location import Origin
from fourc.model.remedy import NewFile, NoFix, Remedy
from fourc.model.text import Text, join
from fourc.patch.yaml.operations import Append, Operation, Remove, Set
from fourc.patch.yaml.refusal import shown

_SAYS = Text(
    "this comes out of {tool}; change it in {path}, so that the rendered {kind} {name} has: {what}",
    "它由 {tool} 渲染得到；请修改 {path}，使渲染出的 {kind} {name} 满足：{what}",
)


def told(finding: Finding) -> Finding:
    """The finding with the exact text to put in place, if its object was rendered; any other as it is."""
    tool = finding.origin.rendered_by
    if tool is None or not isinstance(finding.fix, Remedy):
        return finding
    what = list(_words(finding.fix.operations)) + [_new_file(n, finding.origin) for n in finding.fix.new_files]
    subject = finding.subject
    says = _SAYS.of(
        tool=tool, path=finding.origin.path, kind=subject.kind, name=subject.name, what=join(what, "; ", "；")
    )
    return replace(finding, fix=NoFix(says, finding.fix.kind))


def _new_file(new: NewFile, origin: Origin) -> Text:
    """Where a new object belongs: beside the template, or listed by the overlay; a chart in an archive has no place."""
    folder, file = posixpath.split(origin.path)
    text, path = new.text.replace("\n", " ⏎ "), posixpath.join(folder, posixpath.basename(new.path))
    if origin.rendered_by == "kustomize":
        listed = Text(
            "a new file {p}, listed under `resources` in {k}: {t}", "新文件 {p}，并列入 {k} 的 `resources`：{t}"
        )
        return listed.of(p=path, k=file, t=text)
    if file == "Chart.yaml":
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
