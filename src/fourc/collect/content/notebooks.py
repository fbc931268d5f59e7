"""The cells of a Jupyter notebook and what they printed, as the texts that a person sees, each line with its line in the file.

The format is https://nbformat.readthedocs.io/en/latest/format_description.html: a text is a string or a list of strings.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from fourc.collect.content.blob import Blob
from fourc.collect.content.inside import Allowance
from fourc.collect.gaps import file_gap
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_TOKEN = re.compile(r'[\[\]{},"]')  # what lies between (colons, numbers, words) does not matter here
_DECODER = json.JSONDecoder(strict=False)
_DEPTH = 60
_SHOWN = frozenset({"text", "evalue", "traceback"})
_PICTURE = re.compile(r"(?:image|audio|video|font)/(?!svg)|application/pdf$")
_BAD = Text("the notebook is no JSON; it was read as text", "该笔记本不是 JSON；已按文本读取")
_OPEN = Text("open and save it in Jupyter", "请在 Jupyter 中打开并保存")
_Step = str | int


class _String(Struct, frozen=True):
    """A string that is a value: the way to it, and where it stands with its quotes."""

    way: tuple[_Step, ...]
    value: str
    start: int
    end: int


def cells(shown: str, data: bytes, allowance: Allowance) -> Iterator[Blob | Gap]:
    """Every cell's source and outputs, and the file itself with blanks in place of these and of pictures."""
    try:
        text = data.decode()
        strings = list(_strings(text))
    except (ValueError, RecursionError):  # also what is not UTF-8
        yield Blob(shown, data)
        yield file_gap(GapReason.MALFORMED, shown, _BAD, _OPEN)
        return
    breaks = [match.start() for match in re.finditer("\n", text)]
    texts: dict[str, list[_String]] = {}
    blanked: list[_String] = []
    for string in strings:
        place = _place(string.way)
        if place is not None:
            texts.setdefault(place, []).append(string)
        if place is not None or any(isinstance(step, str) and _PICTURE.match(step) for step in string.way):
            blanked.append(string)
    for place, parts in texts.items():
        allowance.member()
        yield _blob(f"{shown}!{place}", parts, breaks)
    yield Blob(shown, _without(text, blanked).encode())


def _place(way: tuple[_Step, ...]) -> str | None:
    """What a person calls the text at the end of this way: `cell 3`, `cell 3 output 1`; None for anything else.

    Format 3 had its cells in `worksheets`, and called a code cell's source `input`.
    """
    if way[:1] == ("worksheets",):
        way = way[2:]
    match way:
        case ("cells", int(cell), "source" | "input") | ("cells", int(cell), "source" | "input", int()):
            return f"cell {cell + 1}"
        case ("cells", int(cell), "outputs", int(output), str(kind), *rest) if kind in _SHOWN and len(rest) < 2:
            return f"cell {cell + 1} output {output + 1}" + ("" if kind == "text" else f" {kind}")
        case ("cells", int(cell), "outputs", int(output), "data", str(kind)) | (
            "cells",
            int(cell),
            "outputs",
            int(output),
            "data",
            str(kind),
            int(),
        ) if not _PICTURE.match(kind):
            return f"cell {cell + 1} output {output + 1} {kind}"
    return None


def _blob(shown: str, parts: list[_String], breaks: list[int]) -> Blob:
    """The strings joined; a line of the text stands in the file where the first string of it does."""
    # of all lists of strings only a traceback's are lines without their ends
    between = "\n" if "traceback" in parts[0].way else ""
    lines: list[int] = []
    fresh, at = True, 1
    for part in parts:
        at = bisect_right(breaks, part.start) + 1
        text = part.value + between
        lines += [at] * (fresh + text.count("\n"))
        fresh = text.endswith("\n")
        if fresh:
            lines.pop()  # begun by the next string, if there is one
    if fresh:
        lines.append(at)
    data = between.join(part.value for part in parts).encode("utf-8", "replace")
    return Blob(shown, data, lines=tuple(lines))


def _without(text: str, strings: list[_String]) -> str:
    kept: list[str] = []
    at = 0
    for string in strings:
        kept += [text[at : string.start], '""', " " * (string.end - string.start - 2)]
        at = string.end
    return "".join([*kept, text[at:]])


def _strings(text: str) -> Iterator[_String]:
    """Every string of the JSON text that is no key, in order.

    Raises:
        ValueError: it is no JSON, as far as can be told without looking at numbers and words.
    """
    way: list[_Step | None] = []  # in each open list the index, in each open object the key, None before it
    closing: list[str] = []
    at = 0
    while (token := _TOKEN.search(text, at)) is not None:
        kind, at = token[0], token.end()
        if kind == '"':
            value, at = _DECODER.raw_decode(text, token.start())
            if way and way[-1] is None:
                way[-1] = value
            else:
                yield _String(tuple(step for step in way if step is not None), value, token.start(), at)
        elif kind in "[{":
            way.append(0 if kind == "[" else None)
            closing.append("]" if kind == "[" else "}")
            if len(way) > _DEPTH:
                raise ValueError
        elif kind == "," and way:
            last = way[-1]
            way[-1] = last + 1 if isinstance(last, int) else None
        elif not closing or kind != closing.pop():
            raise ValueError
        else:
            way.pop()
    if closing:
        raise ValueError
