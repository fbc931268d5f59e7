"""The machine's attack graph (schema in `data/graph.schema.json`): sorted, no time stamps, the same bytes for the same input."""

import json
from collections.abc import Mapping

from fourc import __version__
from fourc.model.attack import Attack
from fourc.model.step import AttackPath, Goal, Node, Step
from fourc.model.text import Lang
from fourc.report.as_json import gap


def render(attack: Attack, lang: Lang) -> str:
    """The whole graph as JSON text, one object a line."""
    parts: list[tuple[str, list[str]]] = [
        ("nodes", [_line(_node(n)) for n in sorted(attack.graph.nodes, key=lambda n: n.id)]),
        ("steps", [_line(_step(s, attack, lang)) for s in sorted(attack.graph.steps, key=lambda s: s.id)]),
        ("goals", [_line(_goal(g)) for g in sorted(attack.graph.goals, key=lambda g: g.node)]),
        ("paths", [_line(_path(p)) for p in attack.paths]),
        ("gaps", [_line(gap(g, lang)) for g in attack.gaps]),
    ]
    head = f'{{\n "schema": 1,\n "tool": {_line({"name": "fourc", "version": __version__})},\n'
    body = [
        f' "{name}": [' + ",".join(f"\n  {line}" for line in lines) + ("\n ]" if lines else "]")
        for name, lines in parts
    ]
    return head + ",\n".join(body) + "\n}\n"


def evidence(step: Step, attack: Attack, lang: Lang) -> str:
    """What shows the step, with `path:line` of each place."""
    places = ", ".join(dict.fromkeys(f"{p.path}:{p.line}" for p in attack.places.get(step.id, ())))
    return f"{step.evidence.say(lang)} ({places})" if places else step.evidence.say(lang)


def _node(node: Node) -> Mapping[str, object]:
    return {"id": node.id, "kind": node.kind, "name": node.name, "namespace": node.namespace}


def _step(step: Step, attack: Attack, lang: Lang) -> Mapping[str, object]:
    return {
        "id": step.id,
        "kind": step.kind,
        "from": step.source,
        "to": step.target,
        "when": list(step.when),
        "probability": round(step.probability, 6),
        "basis": step.basis.value,
        "references": list(step.references),
        "evidence": evidence(step, attack, lang),
        "places": [{"path": p.path, "line": p.line} for p in attack.places.get(step.id, ())],
        "findings": sorted(step.findings),
    }


def _goal(goal: Goal) -> Mapping[str, object]:
    return {"id": goal.node, "kind": goal.kind.value, "impact": goal.impact}


def _path(path: AttackPath) -> Mapping[str, object]:
    return {
        "id": path.id,
        "goal": path.goal,
        "steps": list(path.steps),
        "probability": path.probability,
        "basis": path.basis.value,
    }


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
