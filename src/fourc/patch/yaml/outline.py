"""A document's places without its tree: of JSON, from lines that can be read one by one, else from libyaml's nodes."""

from collections.abc import Iterable
from typing import Protocol

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.json_outline import JsonOutline
from fourc.patch.yaml.line_outline import line_outline
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.node_outline import node_outline
from fourc.patch.yaml.operations import Operation


class Outline(Protocol):
    """The places of a document; offsets count from the start of its file."""

    def span(self, path: Path) -> tuple[int, int] | None:
        """The characters that show the field, as `locate.span` finds them in the tree; None where only that can tell."""

    def fits(self, operations: Iterable[Operation]) -> bool:
        """Whether every path leads through collections as far as it exists, and on by keys: then the edit can be made."""


def outline(document: RawDocument) -> Outline | None:
    """The outline of a document that was read before without an error; None where only the tree tells the places."""
    if document.is_json:
        return JsonOutline(document)
    return line_outline(document) or node_outline(document)
