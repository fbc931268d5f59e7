"""What is wrong with network policies, as text and as JSON."""

import json
from collections.abc import Sequence

from fourc import __version__
from fourc.model.gap import Gap
from fourc.model.policy_problem import PolicyProblem
from fourc.model.text import Lang, Text
from fourc.report.as_json import gap, location

_WRONG = Text("Wrong: {message}. [{kind}]", "错误：{message}。[{kind}]")
_NOTE = Text("Worth knowing: {message}. [{kind}]", "提示：{message}。[{kind}]")
_FINE = Text("nothing is wrong with the network policies", "网络策略没有问题")
_NONE = Text("there are no network policies", "没有网络策略")
_FOREIGN = Text(
    "there are no network policies but of kinds that fourc does not judge", "只有 fourc 不作判断的几种网络策略"
)


def problems_text(problems: Sequence[PolicyProblem], policies: int, foreign: int, lang: Lang) -> str:
    """A line for each problem: place, weight, message, kind; before them where no policy was there to judge.

    `policies` is how many were judged, `foreign` how many more there are, of other kinds.
    """
    lines = [
        f"{f'{p.location.path}:{p.location.line}: ' if p.location else ''}"
        f"{(_WRONG if p.wrong else _NOTE).of(message=p.message, kind=p.kind.value).say(lang)}"
        for p in problems
    ]
    if not policies:
        lines.insert(0, (_FOREIGN if foreign else _NONE).say(lang))
    return "\n".join(lines or [_FINE.say(lang)]) + "\n"


def problems_json(problems: Sequence[PolicyProblem], policies: int, gaps: Sequence[Gap], lang: Lang) -> str:
    """The same for machines."""
    data = {
        "schema": 1,
        "tool": {"name": "fourc", "version": __version__},
        "policies": policies,
        "problems": [
            {
                "kind": p.kind.value,
                "wrong": p.wrong,
                "object": p.object,
                "message": p.message.say(lang),
                "location": location(p.location) if p.location else None,
            }
            for p in problems
        ],
        "gaps": [gap(g, lang) for g in gaps],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
