"""The bytes of a file as text, JSON or TOML of an expected shape; whatever is not that is one clear error."""

import re
from typing import TypeVar

import msgspec

from fourc.collect.packages.form import Given, PackagesError
from fourc.text import Text, same

T = TypeVar("T")

_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LARGEST = 16 << 20
"""Bytes of a file that are read: the largest lock files have half of it, and as objects it is thirty times as much."""
_LARGEST_TOML = 4 << 20
"""Bytes of TOML that `tomllib` is asked to read, a second for each MB."""
_MALFORMED = Text("{path} cannot be read as {form}: {why}.", "无法将 {path} 作为 {form} 读取：{why}。")
_DOTTED = re.compile(r"""(?<![\w.\-"'])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')\.){100}""")
"""A key of a hundred parts, for which the time of `tomllib` grows with their square."""
_LARGE = Text("{path} has more than the {limit} MB that are read.", "{path} 超过可读取的 {limit} MB。")
_LARGE_HINT = Text("Leave the file out, or scan it in parts.", "请排除该文件，或分开扫描。")
_HINT = Text(
    "Check the file; if a tool writes it, let the tool write it again.",
    "请检查该文件；如果它由工具生成，请重新生成。",
)


def within(given: Given, data: bytes, largest: int = LARGEST) -> bytes:
    """The bytes, if they are not more than any real file has.

    Raises:
        PackagesError: they are.
    """
    if len(data) > largest:
        raise PackagesError(_LARGE.of(path=given.path, limit=largest >> 20), hint=_LARGE_HINT)
    return data


def malformed(given: Given, form: str, why: str | Text) -> PackagesError:
    """The error that says that a file is not what its name promises."""
    reason = same(why) if isinstance(why, str) else why
    return PackagesError(_MALFORMED.of(path=given.path, form=form, why=reason), hint=_HINT)


def text_of(given: Given, form: str, data: bytes | None = None) -> str:
    """The file as text: UTF-8, or what its byte order mark says (PowerShell writes UTF-16)."""
    content = within(given, given.data if data is None else data)
    encoding = next((name for mark, name in _ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise malformed(given, form, Text("it is no UTF-8 text", "它不是 UTF-8 文本")) from error


def lenient_text(given: Given, data: bytes | None = None) -> str:
    """Text of a file in which only some lines matter, whatever stands in the others."""
    data = within(given, given.data if data is None else data)
    encoding = next((name for mark, name in _ENCODINGS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, errors="replace")


def json_of(given: Given, form: str, shape: type[T], data: bytes | None = None) -> T:
    """The file's JSON as `shape`; a value of another type anywhere in what the shape names is an error."""
    content = within(given, given.data if data is None else data)
    try:
        return msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise malformed(given, form, str(error)) from error
    except RecursionError as error:
        raise malformed(given, form, _nested()) from error


def json_beside(given: Given, path: str, shape: type[T]) -> T | None:
    """The JSON of a file near this one, None where it is absent or something else."""
    data = given.beside(path)
    if data is None:
        return None
    try:
        return json_of(given, path, shape, data)
    except PackagesError:
        return None


def toml_of(given: Given, form: str, shape: type[T], data: bytes | None = None) -> T:
    """The file's TOML as `shape`."""
    import tomllib  # noqa: PLC0415 - most folders need no TOML

    content = within(given, given.data if data is None else data, _LARGEST_TOML)
    try:
        text = text_of(given, form, content)
        if _DOTTED.search(text.replace(" ", "").replace("\t", "")) is not None:
            raise malformed(given, form, _nested())
        table = tomllib.loads(text)
        return msgspec.convert(table, type=shape)
    except RecursionError as error:
        raise malformed(given, form, _nested()) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise malformed(given, form, str(error)) from error


def toml_beside(given: Given, path: str, shape: type[T]) -> T | None:
    """The TOML of a file near this one, None where it is absent or something else."""
    data = given.beside(path)
    if data is None:
        return None
    try:
        return toml_of(given, path, shape, data)
    except PackagesError:
        return None


def _nested() -> Text:
    return Text("it is nested too deeply", "嵌套过深")
