"""Text, JSON and TOML of package files, within bounds; and looks into plain data that never fail."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TypeVar

import msgspec

from fourc.collect.packages.form import Given, PackagesError
from fourc.text import Text

FILE_BYTES = 16 * 1024 * 1024  # real ones have at most a tenth of it; as objects it is thirty times as much
LINE_BYTES = 1024 * 1024
LINES = 500_000
KEYS = 300_000
TOML_BYTES = 1024 * 1024  # tomllib reads 1 MB a second; larger files have readers of lines

_MALFORMED = Text("{path} cannot be read: {what}", "无法读取 {path}：{what}")
_LARGE = Text("{path} has more than the {limit} MB that are read", "{path} 超过可读取的 {limit} MB")
_LONG = Text("{path} has a line of more than {limit} MB", "{path} 有一行超过 {limit} MB")
_LINES = Text("it has more than {limit} lines", "行数超过 {limit}")
_ENCODING = Text("its text is neither UTF-8 nor UTF-16", "文本既不是 UTF-8 也不是 UTF-16")
_JSON = Text("it is not the JSON of this format ({what})", "不是此格式的 JSON（{what}）")
_TOML = Text("it is not TOML ({what})", "不是 TOML（{what}）")
_AGAIN = Text(
    "let the package manager write the file again, or exclude it", "请用包管理器重新生成该文件，或将其排除在扫描之外"
)
_LEAVE = Text("exclude the file, or scan it in parts", "请排除该文件，或分开扫描")

T = TypeVar("T")


def malformed(given: Given, what: Text) -> PackagesError:
    """The error that `given` is not what its name says."""
    return PackagesError(_MALFORMED.of(path=given.path, what=what), hint=_AGAIN)


def within(given: Given, limit: int = FILE_BYTES) -> bytes:
    """The bytes of a file that is not larger than real ones are."""
    if len(given.data) > limit:
        raise PackagesError(_LARGE.of(path=given.path, limit=limit // (1024 * 1024)), hint=_LEAVE)
    return given.data


def utf8_of(given: Given) -> bytes:
    """The file's text as UTF-8 without a byte order mark (.NET's tools write one, and UTF-16)."""
    data = within(given)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            raise malformed(given, _ENCODING) from error
    return data.removeprefix(BOM_UTF8)


def text_of(given: Given) -> str:
    """The file's text."""
    try:
        return utf8_of(given).decode()
    except UnicodeDecodeError as error:
        raise malformed(given, _ENCODING) from error


def told_beside(given: Given, name: str, read: Callable[[Given], T]) -> T | None:
    """What a file near `given` tells; nothing where there is none, or it cannot be read, which is not this file's fault."""
    data = given.beside(name)
    try:
        return read(Given(name, data)) if data is not None else None
    except PackagesError:
        return None


def lines_of(given: Given) -> Iterator[tuple[int, str]]:
    """Each line with its number, without its end; what is not UTF-8 is replaced, for one strange byte hides no package."""
    for number, line in enumerate(BytesIO(utf8_of(given)), 1):
        if number > LINES:
            raise malformed(given, _LINES.of(limit=LINES))
        if len(line) > LINE_BYTES:
            raise PackagesError(_LONG.of(path=given.path, limit=LINE_BYTES // (1024 * 1024)), hint=_AGAIN)
        yield number, line.decode(errors="replace").rstrip("\r\n")


def json_of(given: Given, shape: type[T]) -> T:
    """The file's JSON in `shape`; keys that it does not have cost nothing."""
    try:
        return msgspec.json.decode(utf8_of(given), type=shape)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise malformed(given, _JSON.of(what=str(error)[:200])) from error


def toml_of(given: Given) -> dict[str, object]:
    """The tables of a small TOML file."""
    import tomllib  # noqa: PLC0415 - 4 ms, for few files

    within(given, TOML_BYTES)
    try:
        return tomllib.loads(text_of(given))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise malformed(given, _TOML.of(what=str(error)[:200])) from error


def mapping(value: object) -> dict[str, object]:
    """The value if it is a mapping, else none of it."""
    return {key: item for key, item in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def string(value: object) -> str:
    """The value without space around it if it is a string, else an empty one."""
    return value.strip() if isinstance(value, str) else ""


_KEY = re.compile(rb'^[ \t]*"([^"\\\n]{1,500})"[ \t]*:[ \t]*\{', re.MULTILINE)


def lines_of_keys(data: bytes) -> dict[str, int]:
    """For each key of an object that begins a line of pretty-printed JSON, the line on which it first stands."""
    return lines_of_matches(_KEY, data)


def lines_of_matches(pattern: re.Pattern[bytes], data: bytes) -> dict[str, int]:
    """For each text that the pattern's first group finds, the line on which it first stands; not of endlessly many."""
    lines: dict[str, int] = {}
    line = 1
    at = 0
    for match in pattern.finditer(data):
        line += data.count(b"\n", at, match.start(1))
        at = match.start(1)
        lines.setdefault(match[1].decode(errors="replace"), line)
        if len(lines) >= KEYS:
            break
    return lines
