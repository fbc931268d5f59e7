"""Plain data of a block document as people write it, from its lines, several times faster than from events.

Whatever is not surely what libyaml reads (see `line`) is left to it. Indentation is all that joins lines: an entry stands
in the column of its mapping, an item's dash in that of its sequence, which may be the column of the key above.
"""

from typing import TypeAlias

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits
from fourc.patch.yaml.fast import NeedsTreeError
from fourc.patch.yaml.line import BELOW, BLOCK, MAX_FLOW_NESTING, line_of, read_alone
from fourc.patch.yaml.node import Json

Marks: TypeAlias = dict[int, list[int]]
"""By the `id` of a block collection the lines of its entries or items, in their order, from 0."""

_MAX_NESTING = 60
_OPENINGS = (["---"], ["---\r"])


def load_lines(  # noqa: C901, PLR0912, PLR0915 - one loop over all lines: calls in it would double the time
    document: RawDocument, limits: Limits, marks: Marks | None = None
) -> dict[str, Json]:
    """The document's data; its root is a block mapping. `marks` are filled in, and then no key may stand twice.

    Raises:
        NeedsTreeError: it is not surely read here.
    """
    if limits.max_nesting < _MAX_NESTING + MAX_FLOW_NESTING:
        raise NeedsTreeError
    lines = lines_of(document)
    root: dict[str, Json] = {}
    # the innermost open collection, which is a mapping where `items` is None; its column; and those around it
    entries = root
    items: list[Json] | None = None
    at = 0
    above: list[tuple[dict[str, Json], list[Json] | None, int]] = []
    last: str | None = None  # the key whose value may follow; of an item it is empty
    if marks is not None:
        marks[id(root)] = []
    number, count = int(lines[:1] in _OPENINGS), len(lines)
    while number < count:
        said = line_of(lines[number])
        number += 1
        if said is None:
            continue
        first, column, key, value, kind = said
        if last is not None:
            if first > at or (first == at and column > first and items is None):
                above.append((entries, items, at))
                at = first
                child: dict[str, Json] | list[Json] = [] if column > first else {}
                if items is None:
                    entries[last] = child
                else:
                    items[-1] = child
                if isinstance(child, dict):
                    entries, items = child, None
                else:
                    items = child
                if marks is not None:
                    marks[id(child)] = []
            last = None
        while at > first:
            entries, items, at = above.pop()
        if items is not None and column == first:  # it stood in the column of its mapping's keys
            entries, items, at = above.pop()
        if at != first:
            raise NeedsTreeError
        if marks is not None:
            marks[id(entries if items is None else items)].append(number - 1)
        if column > first:
            if items is None:
                raise NeedsTreeError
            if key is not None:
                above.append((entries, items, at))
                entries, at = {}, column
                items.append(entries)
                items = None
                if marks is not None:
                    marks[id(entries)] = [number - 1]
        if kind:
            if len(above) > _MAX_NESTING:
                raise NeedsTreeError
            if kind == BELOW:
                last = key or ""
            elif kind == BLOCK:
                start, number = number, block_end(lines, number, at)
                value = read_alone("\n".join([str(value), *lines[start:number]]))
            else:
                value = _copied(value)
        if items is None:
            if key is None or (marks is not None and key in entries):
                raise NeedsTreeError
            entries[key] = value
        else:
            items.append(value)
    if not root:
        raise NeedsTreeError
    return root


def lines_of(document: RawDocument) -> list[str]:
    """The document's lines; a line break at its end begins none."""
    lines = document.text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def block_end(lines: list[str], number: int, at: int) -> int:
    """The number of the line after a block scalar that starts at a line, in a collection at the column `at`."""
    deeper = " " * (at + 1)
    while number < len(lines) and (lines[number].startswith(deeper) or not lines[number].strip(" \r")):
        number += 1
    return number


def _copied(value: Json) -> Json:
    """A flow collection of its own: what a line says is kept for the next one like it."""
    if isinstance(value, dict):
        return {key: _copied(child) for key, child in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
