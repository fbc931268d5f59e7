"""New values as the text of a block or flow collection."""

from msgspec.structs import replace

from .layout import FlowLayout, Layout
from .node import Json, Style
from .scalar import json_scalar, literal_lines, scalar_text


def entry_lines(key: str, value: Json, column: int, layout: Layout) -> list[str]:
    """The lines, without line breaks, of one entry of a block mapping whose keys stand at `column`."""
    head, body = value_lines(value, column, layout)
    return [" " * column + key_text(key, layout) + ":" + (f" {head}" if head else ""), *body]


def key_text(key: str, layout: Layout) -> str:
    return scalar_text(key, layout.quote)


def value_lines(value: Json, column: int, layout: Layout, style: Style | None = None) -> tuple[str, list[str]]:
    """What stands beside a key at `column` and the lines below it; a string keeps the quotes of `style`."""
    if isinstance(value, dict) and value:
        return "", collection_lines(value, column + layout.step, layout)
    if isinstance(value, list) and value:
        return "", collection_lines(value, column + layout.dash, layout)
    return _leaf_lines(value, column + layout.step, layout, style)


def item_lines(value: Json, column: int, layout: Layout, style: Style | None = None) -> list[str]:
    """The lines of one item of a block sequence whose dashes stand at `column`."""
    content = column + layout.pad
    if isinstance(value, dict | list) and value:
        lines = collection_lines(value, content, layout)
    else:
        head, body = _leaf_lines(value, content, layout, style)
        lines = [" " * content + head, *body]
    return [" " * column + "-" + lines[0][column + 1 :], *lines[1:]]


def collection_lines(value: Json, column: int, layout: Layout) -> list[str]:
    """The lines of a value whose keys or dashes stand at `column`, or the one line of a value that has none."""
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in entry_lines(key, item, column, layout)]
    if isinstance(value, list) and value:
        return [line for item in value for line in item_lines(item, column, layout)]
    head, _ = _leaf_lines(value, column, layout, Style.DOUBLE)
    return [" " * column + head]


def flow_text(value: Json, flow: FlowLayout, layout: Layout, lead: str = "", style: Style | None = None) -> str:
    """The value in flow style, on several lines if the layout has a unit; `lead` is the indentation of its line."""
    if isinstance(value, dict) and value:
        parts = [flow_entry(key, item, flow, layout, lead + (flow.unit or "")) for key, item in value.items()]
        return _enclosed("{", parts, "}", flow, lead)
    if isinstance(value, list) and value:
        parts = [flow_text(item, flow, layout, lead + (flow.unit or "")) for item in value]
        return _enclosed("[", parts, "]", flow, lead)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return json_scalar(value) if flow.json else scalar_text(value, layout.quote, style, flow=True)


def flow_entry(key: str, value: Json, flow: FlowLayout, layout: Layout, lead: str = "") -> str:
    name = json_scalar(key) if flow.json else scalar_text(key, layout.quote, flow=True)
    return name + flow.colon + flow_text(value, flow, layout, lead)


def on_one_line(flow: FlowLayout) -> FlowLayout:
    return replace(flow, unit=None)


def _enclosed(opening: str, parts: list[str], closing: str, flow: FlowLayout, lead: str) -> str:
    if flow.unit is None:
        return opening + flow.comma.join(parts) + closing
    inner = "\n" + lead + flow.unit
    return opening + inner + ("," + inner).join(parts) + "\n" + lead + closing


def _leaf_lines(value: Json, column: int, layout: Layout, style: Style | None) -> tuple[str, list[str]]:
    """A value without block collections, the lines of a block scalar at `column`."""
    if isinstance(value, dict | list):
        return ("{}" if isinstance(value, dict) else "[]"), []
    if isinstance(value, str) and style not in (Style.SINGLE, Style.DOUBLE):
        literal = literal_lines(value)
        if literal is not None:
            return literal[0], [" " * column + line if line else "" for line in literal[1]]
    return scalar_text(value, layout.quote, style), []
