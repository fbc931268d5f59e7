"""What is wrong with network policies, as text and as JSON."""

import json
from collections.abc import Sequence

from fourc import __version__
from fourc.model.gap import Gap
from fourc.model.policy_problem import PolicyProblem
from fourc.model.text import Lang, Text
from fourc.report.as_json import gap, location

_WRONG = Text("wrong", "错误")
_NOTE = Text("note", "提示")
_FINE = Text("nothing is wrong with the network policies", "网络策略没有问题")


def problems_text(problems: Sequence[PolicyProblem], lang: Lang) -> str:
    """A line for each problem: place, weight, kind, message."""
    if not problems:
        return _FINE.say(lang) + "\n"
    return "".join(
        f"{f'{p.location.path}:{p.location.line}: ' if p.location else ''}"
        f"{(_WRONG if p.wrong else _NOTE).say(lang)} {p.kind.value}: {p.message.say(lang)}\n"
        for p in problems
    )


def problems_json(problems: Sequence[PolicyProblem], gaps: Sequence[Gap], lang: Lang) -> str:
    """The same for machines."""
    data = {
        "schema": 1,
        "tool": {"name": "fourc", "version": __version__},
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
