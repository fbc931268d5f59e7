"""Objects as YAML, with comments above them."""

from collections.abc import Iterable

from fourc.patch.yaml.emit import collection_lines
from fourc.patch.yaml.layout import FlowLayout, Layout
from fourc.patch.yaml.node import Json

_LAYOUT = Layout(2, 2, 2, '"', FlowLayout(json=False, colon=": ", comma=", ", unit=None))


def document(value: dict[str, Json], comments: Iterable[str] = ()) -> str:
    """The object as a YAML document, each of the comments on a line of its own above it."""
    lines = [f"# {_printable(comment)}" for comment in comments]
    return "\n".join([*lines, *collection_lines(value, 0, _LAYOUT)]) + "\n"


def _printable(text: str) -> str:
    """One line, whatever the names in it hold."""
    return "".join(c if c.isprintable() else " " for c in text)
