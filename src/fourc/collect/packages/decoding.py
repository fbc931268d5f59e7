"""The bytes of a file as lines, text, JSON or TOML; what is not that, or is too much of it, is one clear error."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from fourc.collect.packages.errors import malformed, nested, too_large
from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.limits import FILE_BYTES, FOLDERS_UP, LINE_BYTES, LINES, TOML_BYTES
from fourc.collect.packages.values import Table
from fourc.text import Text

_BYTES = Text("it has more than {limit} MB", "超过 {limit} MB")
_LINES = Text("it has more than {limit} lines", "超过 {limit} 行")
_LONG = Text("it has a line of more than {limit} MB", "有一行超过 {limit} MB")
_ENCODING = Text("its text is neither UTF-8 nor UTF-16", "文本既不是 UTF-8 也不是 UTF-16")
_JSON = Text("it is not the JSON of this format ({what})", "不是此格式的 JSON（{what}）")
_TOML = Text("it is not TOML ({what})", "不是 TOML（{what}）")
_DOTTED = re.compile(r"""(?<![\w.\-"'])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')\.){100}""")
"""A key of a hundred parts, for which the time of `tomllib` grows with their square."""
_SAID = 200
"""Characters of what a decoder says of its error."""

T = TypeVar("T")


def within(given: Given, limit: int = FILE_BYTES) -> bytes:
    """The bytes of a file that is not larger than real ones are."""
    if len(given.data) > limit:
        raise too_large(given.path, _BYTES.of(limit=limit >> 20))
    return given.data


def utf8_of(given: Given) -> bytes:
    """The file's text as UTF-8 without a byte order mark (.NET's tools and PowerShell write one, and UTF-16)."""
    data = within(given)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            raise malformed(given.path, _ENCODING) from error
    return data.removeprefix(BOM_UTF8)


def text_of(given: Given) -> str:
    """The file's text."""
    try:
        return utf8_of(given).decode()
    except UnicodeDecodeError as error:
        raise malformed(given.path, _ENCODING) from error


def lines_of(given: Given) -> Iterable[tuple[int, str]]:
    """Each line with its number, without its end; what is not UTF-8 is replaced, for one strange byte hides no package."""
    data = utf8_of(given)
    if data.count(b"\n") > LINES:
        raise too_large(given.path, _LINES.of(limit=LINES))
    lines = data.replace(b"\r\n", b"\n").decode(errors="replace").removesuffix("\n").split("\n")
    if len(data) > LINE_BYTES and max(map(len, lines)) > LINE_BYTES:
        raise too_large(given.path, _LONG.of(limit=LINE_BYTES >> 20))
    return enumerate(lines, 1)


def json_of(given: Given, shape: type[T]) -> T:
    """The file's JSON in `shape`; keys that it does not have cost nothing, values of other types than its are an error."""
    try:
        return msgspec.json.decode(utf8_of(given), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise malformed(given.path, _JSON.of(what=str(error)[:_SAID])) from error
    except RecursionError as error:
        raise nested(given.path) from error


def toml_of(given: Given) -> Table:
    """The tables of a TOML file."""
    import tomllib  # noqa: PLC0415 - most folders need no TOML

    within(given, TOML_BYTES)
    text = text_of(given)
    if _DOTTED.search(text.replace(" ", "").replace("\t", "")) is not None:
        raise nested(given.path)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise nested(given.path) from error
    except ValueError as error:  # also of dates that are none, and numbers with too many digits
        raise malformed(given.path, _TOML.of(what=str(error)[:_SAID])) from error


def told_beside(given: Given, path: str, read: Callable[[Given], T]) -> T | None:
    """What the file at `path` near `given` tells; None where there is none or it cannot be read: no fault of this file."""
    data = given.beside(path)
    try:
        return read(Given(path, data)) if data is not None else None
    except PackagesError:
        return None


def told_upwards(given: Given, name: str, read: Callable[[Given], T], *, start: int = 0) -> Iterator[T]:
    """What the files of that name tell in this folder (0) and above, nearest first; `start` is how far above."""
    for up in range(start, FOLDERS_UP):
        told = told_beside(given, "../" * up + name, read)
        if told is not None:
            yield told
