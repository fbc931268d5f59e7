"""The attack graph for drawing programs: Graphviz dot and GraphML (graphml.graphdrawing.org)."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from fourc.model.attack import Attack
from fourc.model.step import Basis
from fourc.model.text import Lang

_KEYS = (
    ("kind", "node"), ("name", "node"), ("namespace", "node"),
    ("step", "edge"), ("basis", "edge"), ("probability", "edge"), ("when", "edge"), ("references", "edge"),
    ("evidence", "edge"),
)  # fmt: skip


def dot(attack: Attack, lang: Lang) -> str:
    """A directed graph; assumed steps are dashed, goals are boxes."""
    return "\n".join(_dot(attack, lang)) + "\n"


def _dot(attack: Attack, lang: Lang) -> Iterator[str]:
    goals = {g.node for g in attack.graph.goals}
    yield "digraph attack {"
    yield "  rankdir=LR;"
    for node in sorted(attack.graph.nodes, key=lambda n: n.id):
        shape = "box" if node.id in goals else "ellipse"
        label = f"{node.kind}\n{node.namespace + '/' if node.namespace else ''}{node.name}"
        yield f"  {_quoted(node.id)} [label={_quoted(label)}, shape={shape}];"
    for step in sorted(attack.graph.steps, key=lambda s: s.id):
        style = "dashed" if step.basis is Basis.ASSUMED else "solid"
        about = f"label={_quoted(step.kind)}, style={style}, tooltip={_quoted(step.evidence.say(lang))}"
        yield f"  {_quoted(step.source)} -> {_quoted(step.target)} [{about}];"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def graphml(attack: Attack, lang: Lang) -> str:
    """GraphML with the step's facts as data of the edges."""
    return "\n".join(_graphml(attack, lang)) + "\n"


def _graphml(attack: Attack, lang: Lang) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for name, where in _KEYS:
        kind = "double" if name == "probability" else "string"
        yield f'  <key id="{name}" for="{where}" attr.name="{name}" attr.type="{kind}"/>'
    yield '  <graph id="attack" edgedefault="directed">'
    for node in sorted(attack.graph.nodes, key=lambda n: n.id):
        yield f"    <node id={_attribute(node.id)}>"
        yield _data("kind", node.kind) + _data("name", node.name) + _data("namespace", node.namespace or "")
        yield "    </node>"
    for step in sorted(attack.graph.steps, key=lambda s: s.id):
        ends = f"source={_attribute(step.source)} target={_attribute(step.target)}"
        yield f"    <edge id={_attribute(step.id)} {ends}>"
        yield "".join(
            (
                _data("step", step.kind),
                _data("basis", step.basis.value),
                _data("probability", f"{step.probability:g}"),
                _data("when", " ".join(step.when)),
                _data("references", " ".join(step.references)),
                _data("evidence", step.evidence.say(lang)),
            )
        )
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _data(key: str, text: str) -> str:
    return f'<data key="{key}">{escape(_clean(text))}</data>'


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return "".join(c if c in "\t\n" or " " <= c < "\ufffe" or c > "\uffff" else "\ufffd" for c in text)
