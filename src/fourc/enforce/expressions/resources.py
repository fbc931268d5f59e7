"""Requests and limits in CEL.

The server's type checker leaves quantities out of its types (they are a number or a string), so resources are asked as `dyn`.
"""

from collections.abc import Iterator

from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import Rule, Shape, running
from fourc.model.text import Text

_BELOW = (Shape.TEMPLATE, Shape.CRON_JOB)
_LIMIT_RANGE = Text(
    "refuses a template also in a namespace whose LimitRange would fill the value in, which stands in another object; pods are "
    "judged after that, exactly",
    "即使命名空间的 LimitRange 会补上该值（那是另一个对象），也会拒绝模板；Pod 在补全之后判断，结果完全一致",
)
_FILLED_IN = Text(
    "looks at templates only: in a pod the API server has already filled the request in from the limit",
    "只看模板：API 服务器在 Pod 里已经用上限补全了申请量",
)
_NAMES = {
    "cpu": Text("CPU", "CPU"),
    "memory": Text("memory", "内存"),
    "ephemeral-storage": Text("ephemeral storage", "临时存储"),
}


def rules() -> Iterator[Rule]:
    """The rules, which are the same in every version."""
    limits = {
        "cpu": "missing-cpu-limit",
        "memory": "missing-memory-limit",
        "ephemeral-storage": "missing-ephemeral-storage-limit",
    }
    for resource, check in limits.items():
        yield from _written(check, resource, ("limits",), Text("a limit of {n}", "{n}上限"))
    for resource, check in {"cpu": "missing-cpu-request", "memory": "missing-memory-request"}.items():
        yield from _written(check, resource, ("requests", "limits"), Text("a request of {n}", "{n}申请量"))
    both = " && ".join(f"({_has('requests', r)} || !{_has('limits', r)})" for r in _NAMES)
    yield Rule(
        "limit-without-request",
        running(both),
        Text(
            "a container with a limit needs a request as well, or it reserves all of the limit: set it in resources.requests",
            "写了上限的容器也要写申请量，否则会预留整个上限：请在 resources.requests 中写明",
        ),
        _BELOW,
        Fit.NARROWER,
        _FILLED_IN,
    )


def _has(side: str, resource: str) -> str:
    return f"dyn(c).?resources.?{side}[?'{resource}'].hasValue()"


def _written(check: str, resource: str, sides: tuple[str, ...], what: Text) -> Iterator[Rule]:
    named = what.of(n=_NAMES[resource])
    message = Text("a container needs {what}: set {field}", "容器需要写明{what}：请设置 {field}").of(
        what=named, field=f"resources.{sides[0]}.{resource}"
    )
    said = running(" || ".join(_has(side, resource) for side in sides))
    yield Rule(check, said, message, (Shape.POD,))
    yield Rule(check, said, message, _BELOW, Fit.STRICTER, _LIMIT_RANGE)
