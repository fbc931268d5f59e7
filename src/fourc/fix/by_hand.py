"""The words for a fix whose origin is a template or an overlay: what to put where, since the rendered text cannot be edited."""

import json
from collections.abc import Iterable
from dataclasses import replace

from fourc.model.finding import Finding
from fourc.model.remedy import NoFix, Remedy
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
    what = list(_words(finding.fix.operations)) + [
        Text("a new object: {t}", "新增对象：{t}").of(t=n.text.replace("\n", " ⏎ ")) for n in finding.fix.new_files
    ]
    subject = finding.subject
    says = _SAYS.of(
        tool=tool, path=finding.origin.path, kind=subject.kind, name=subject.name, what=join(what, "; ", "；")
    )
    return replace(finding, fix=NoFix(says, finding.fix.kind))


def _words(operations: Iterable[Operation]) -> Iterable[Text]:
    for operation in operations:
        place = shown(operation.path)
        if isinstance(operation, Remove):
            yield Text("no {p}", "没有 {p}").of(p=place)
        elif isinstance(operation, Set | Append):
            value = json.dumps(operation.value, ensure_ascii=False)
            sign = "=" if isinstance(operation, Set) else "+="
            yield Text("{p} {s} {v}", "{p} {s} {v}").of(p=place, s=sign, v=value)
