"""The attack graph as one self-contained page: a drawing of the likeliest paths, and every path with its evidence."""

import html
from collections.abc import Iterator, Mapping, Sequence

from fourc.model.attack import Attack
from fourc.model.step import AttackPath, Basis, Node, Step
from fourc.model.text import Lang, Text
from fourc.report.graph_json import evidence
from fourc.report.graph_text import goal_text

DRAWN, LISTED = 40, 500
_WIDTH, _HEIGHT, _GAP_X, _GAP_Y = 190, 34, 70, 14
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1200px;padding:0 1em;color:#1a1a1a;background:#fff}
svg{border:1px solid #ccc;background:#fafafa;max-width:100%;height:auto}
svg text{font:12px system-ui,sans-serif} .scroll{overflow:auto}
rect{fill:#fff;stroke:#555} .goal rect{fill:#fde8e8;stroke:#b00020;stroke-width:2} .start rect{fill:#e8f0fe}
path{fill:none;stroke:#555} path.assumed{stroke-dasharray:5 4;stroke:#999}
details{border-bottom:1px solid #ddd;padding:.4em 0} summary{cursor:pointer} code{color:#555}
li.assumed{color:#666} small{color:#666} input{font:inherit;padding:.3em;width:100%;max-width:30em}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}svg{background:#222}rect{fill:#333;stroke:#999}
svg text{fill:#eee}path{stroke:#aaa}.goal rect{fill:#4a1c1c}.start rect{fill:#1c2c4a}}
"""
_SCRIPT = """
document.getElementById('find').addEventListener('input',function(e){var w=e.target.value.toLowerCase();
document.querySelectorAll('details').forEach(function(d){d.hidden=w&&d.textContent.toLowerCase().indexOf(w)<0})});
"""
_TITLE = Text("{n}: how an attacker gets on", "{n}：攻击者如何前进")
_ABOUT = Text(
    "{p} paths over {s} steps. Solid lines follow from what was read, dashed ones are assumptions. "
    "Probabilities are estimates for one year: read them beside each other.",
    "{p} 条路径，{s} 个步骤。实线由读到的内容推出，虚线是假定。概率是一年的估计值，只适合互相比较。",
)
_FIND = Text("Find a workload, a goal, a file", "查找工作负载、目标或文件")
_MORE = Text("{n} more paths: fourc graph -f json lists them all", "还有 {n} 条路径：fourc graph -f json 会全部列出")
_NOT_SEEN = Text("Not seen", "没有看到")


def render(attack: Attack, lang: Lang) -> str:
    """The page; it loads nothing."""
    title = html.escape(_TITLE.of(n=attack.name).say(lang))
    about = html.escape(_ABOUT.of(p=len(attack.paths), s=len(attack.graph.steps)).say(lang))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{lang.value}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{about}</p>",
        *_drawing(attack, lang),
        f'<p><input id="find" type="search" placeholder="{html.escape(_FIND.say(lang))}"></p>',
        *_list(attack, lang),
        *_gaps(attack, lang),
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _list(attack: Attack, lang: Lang) -> Iterator[str]:
    steps = {s.id: s for s in attack.graph.steps}
    for path in attack.paths[:LISTED]:
        head = f"{goal_text(path, attack).say(lang)} · {100 * path.probability:.2g}% · {path.basis.value}"
        yield f"<details><summary>{html.escape(head)} <code>{path.id}</code></summary>\n<ol>"
        for step in (steps[name] for name in path.steps):
            mark = ' class="assumed"' if step.basis is Basis.ASSUMED else ""
            refs = html.escape(" ".join(step.references))
            yield f"<li{mark}>{html.escape(evidence(step, attack, lang))} <small>{step.probability:.2g} {refs}</small></li>"
        yield "</ol></details>"
    left = len(attack.paths) - LISTED
    if left > 0:
        yield f"<p>{html.escape(_MORE.of(n=left).say(lang))}</p>"


def _gaps(attack: Attack, lang: Lang) -> Iterator[str]:
    if attack.gaps:
        yield f"<h2>{html.escape(_NOT_SEEN.say(lang))}</h2>\n<ul>"
        for gap in attack.gaps:
            yield f"<li>{html.escape(gap.message.say(lang))}. <small>{html.escape(gap.remedy.say(lang))}</small></li>"
        yield "</ul>"


def _drawing(attack: Attack, lang: Lang) -> Iterator[str]:
    """The first paths, one column for each step from the left; the position of a node is its longest way from the start."""
    steps = {s.id: s for s in attack.graph.steps}
    nodes = {n.id: n for n in attack.graph.nodes}
    shown = attack.paths[:DRAWN]
    spots = _spots(shown, steps)
    if not spots:
        return
    width = (max(x for x, _ in spots.values()) + 1) * (_WIDTH + _GAP_X)
    height = (max(y for _, y in spots.values()) + 1) * (_HEIGHT + _GAP_Y) + _GAP_Y
    yield f'<div class="scroll"><svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
    for step in sorted({steps[name] for p in shown for name in p.steps}, key=lambda s: s.id):
        yield _curve(step, spots, lang)
    goals = {g.node for g in attack.graph.goals}
    for name, spot in sorted(spots.items()):
        yield _box(nodes[name], spot, goal=name in goals)
    yield "</svg></div>"


def _spots(paths: Sequence[AttackPath], steps: Mapping[str, Step]) -> Mapping[str, tuple[int, int]]:
    column: dict[str, int] = {}
    for path in paths:
        for at, name in enumerate(path.steps):
            step = steps[name]
            column.setdefault(step.source, at)
            column[step.target] = max(column.get(step.target, 0), at + 1)
    rows: dict[int, int] = {}
    spots: dict[str, tuple[int, int]] = {}
    for node, x in column.items():
        spots[node] = (x, rows.get(x, 0))
        rows[x] = rows.get(x, 0) + 1
    return spots


def _box(node: Node, spot: tuple[int, int], *, goal: bool) -> str:
    x, y = spot[0] * (_WIDTH + _GAP_X) + 5, spot[1] * (_HEIGHT + _GAP_Y) + _GAP_Y
    kind = "goal" if goal else "start" if node.id == "internet" else "thing"
    name = node.name if len(node.name) <= 26 else f"{node.name[:25]}…"
    full = html.escape(f"{node.kind} {node.namespace + '/' if node.namespace else ''}{node.name}")
    return (
        f'<g class="{kind}"><title>{full}</title><rect x="{x}" y="{y}" rx="4" width="{_WIDTH}" height="{_HEIGHT}"/>'
        f'<text x="{x + 8}" y="{y + 14}" opacity=".7">{html.escape(node.kind)}</text>'
        f'<text x="{x + 8}" y="{y + 28}">{html.escape(name)}</text></g>'
    )


def _curve(step: Step, spots: Mapping[str, tuple[int, int]], lang: Lang) -> str:
    (x1, y1), (x2, y2) = spots[step.source], spots[step.target]
    left, right = x1 * (_WIDTH + _GAP_X) + 5 + _WIDTH, x2 * (_WIDTH + _GAP_X) + 5
    top, bottom = (y * (_HEIGHT + _GAP_Y) + _GAP_Y + _HEIGHT // 2 for y in (y1, y2))
    bend = max(30, abs(right - left) // 2)
    mark = ' class="assumed"' if step.basis is Basis.ASSUMED else ""
    line = f"M{left} {top} C{left + bend} {top} {right - bend} {bottom} {right} {bottom}"
    return f'<path{mark} d="{line}"><title>{html.escape(step.evidence.say(lang))}</title></path>'
