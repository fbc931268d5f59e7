"""Measuring and breaking what stands on a terminal. Wide characters count as two columns, nothing is wider than 100."""

import unicodedata
from collections.abc import Iterator

from fourc.model.change import Range
from fourc.model.text import Lang

WIDTH = 100
_OPENING = ("Ps", "Pi")
"""Categories of brackets and quotation marks that open: no line ends behind one."""


def width(text: str) -> int:
    """Columns on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def clip(text: str, columns: int) -> str:
    """The text cut to so many columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def pad(text: str, columns: int) -> str:
    """The text, cut or filled to exactly so many columns."""
    text = clip(text, columns)
    return text + " " * (columns - width(text))


def span(hours: Range, lang: Lang) -> str:
    """A range of hours as people say it: `30-60 min`, `1-2 h`."""
    unit = {Lang.EN: (" min", " h", " days"), Lang.ZH: (" 分钟", " 小时", " 天")}[lang]
    if hours.high <= 1.51:
        minutes = [str(max(5, 5 * round(h * 12))) for h in (hours.low, hours.high)]
        return "-".join(dict.fromkeys(minutes)) + unit[0]
    if hours.high <= 16:
        return (
            "-".join(f"{max(0.5, round(2 * h) / 2):.1f}".removesuffix(".0") for h in (hours.low, hours.high)) + unit[1]
        )
    return f"{hours.low / 8:.0f}-{hours.high / 8:.0f}{unit[2]}"


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns; Chinese breaks anywhere but before its punctuation and behind brackets."""
    if width(text) <= columns:
        return [text.strip()]
    lines = [""]
    for word in _words(text):
        if width(lines[-1] + word.rstrip()) > columns and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += word.lstrip() if not lines[-1] else word
    return [line.rstrip() for line in lines]


def _words(text: str) -> Iterator[str]:
    """What must not be broken: words with the space behind, Chinese characters with brackets before and punctuation behind."""
    if text.isascii():
        *words, last = text.split(" ")
        yield from (f"{word} " for word in words)
        if last:
            yield last
        return
    word = ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        kind = unicodedata.category(character)
        closes = kind == "Pf" or (wide and kind.startswith("P") and kind not in _OPENING)
        ended = word.endswith(" ") or (word and unicodedata.east_asian_width(word[-1]) in "WF")
        held = word and unicodedata.category(word[-1]) in _OPENING
        if word and not held and not closes and (wide or ended):
            yield word
            word = ""
        word += character
    if word:
        yield word


def tail_of(path: str, columns: int) -> str:
    """A path in so many columns: of a longer one its end, which tells most."""
    parts = path.split("/")
    while width(path) > columns and len(parts) > 1:
        parts = parts[1:]
        path = "…/" + "/".join(parts)
    return clip(path, columns)
