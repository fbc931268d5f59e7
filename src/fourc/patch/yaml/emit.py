"""Data written as a careful human would write it into an existing file."""

import json
import re
from dataclasses import dataclass

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import YamlError
from fourc.patch.yaml.node import Entry, Json, Mapping, Node, Sequence, Style
from fourc.patch.yaml.reader import load

_PLAIN = re.compile(r"[A-Za-z_/.][A-Za-z0-9_./@$+ -]*(?:[:,][A-Za-z0-9_./@$+-]+)*")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written: indentation step, whether sequences are indented below their key, line ending."""

    step: int
    indented_lists: bool
    newline: str


def scalar(value: Json) -> str:
    """A scalar so that kubectl reads it back as this value; strings plain where that is safe, else in double quotes."""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if _PLAIN.fullmatch(value) and value == value.strip() and _reads_back(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _reads_back(value: str) -> bool:
    text = f"k: {value}\n"
    try:
        return load(RawDocument(text=text, offset=0, line=1, index=0, is_json=False)) == {"k": value}
    except YamlError:
        return False


def flow(value: Json, *, quoted: bool) -> str:
    """The value on one line; `quoted` as JSON writes it."""
    if quoted or not isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False) if quoted else scalar(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{scalar(k)}: {flow(v, quoted=False)}" for k, v in value.items())
        return "{" + inner + "}"
    return "[" + ", ".join(flow(v, quoted=False) for v in value) + "]"


def block(value: Json, indent: int, layout: Layout) -> list[str]:
    """The lines of a non-empty collection, each indented by at least `indent` blanks."""
    pad = " " * indent
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += entry(key, item, indent, layout)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)) and item:
                inner = block(item, indent + 2, layout)
                lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
            else:
                lines.append(f"{pad}- {flow(item, quoted=False)}")
    return lines


def entry(key: str, value: Json, indent: int, layout: Layout) -> list[str]:
    """The lines of `key: value` at `indent`."""
    head = f"{' ' * indent}{scalar(key)}:"
    if isinstance(value, dict) and value:
        return [head, *block(value, indent + layout.step, layout)]
    if isinstance(value, list) and value:
        return [head, *block(value, indent + (layout.step if layout.indented_lists else 0), layout)]
    return [f"{head} {flow(value, quoted=False)}"]


def column(text: str, offset: int) -> int:
    """How many characters stand before `offset` in its line."""
    return offset - (text.rfind("\n", 0, offset) + 1)


def layout_of(text: str, root: Node) -> Layout:
    """The file's own way of writing, by its first nested block collections; two blanks and indented lists by default."""
    newline = "\r\n" if "\r\n" in text else "\n"
    steps: list[int] = []
    lists: list[int] = []
    stack: list[Node] = [root]
    while stack and (not steps or not lists):
        node = stack.pop()
        if isinstance(node, Mapping):
            for item in reversed(node.entries):
                _measure(text, item, steps, lists)
                stack.append(item.value)
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.items))
    step = steps[0] if steps and 0 < steps[0] <= 8 else 2
    return Layout(step, bool(lists and lists[0] > 0) if lists else True, newline)


def _measure(text: str, item: Entry, steps: list[int], lists: list[int]) -> None:
    value = item.value
    if getattr(value, "style", None) is not Style.BLOCK:
        return
    key = column(text, item.key.start)
    if isinstance(value, Mapping) and value.entries:
        steps.append(column(text, value.entries[0].key.start) - key)
    elif isinstance(value, Sequence) and value.items:
        lists.append(column(text, value.start) - key)
