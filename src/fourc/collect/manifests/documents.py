"""The documents of one file, each read alone, so that a broken one costs nothing but itself."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from fourc.collect.gaps import EXCLUDE, file_gap
from fourc.collect.limits import Limits
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import RawDocument, YamlError, check_syntax, decode, load, split

_TEMPLATE = "{{"
_TOP_LINE = re.compile(r"^[^\s#][^\n]*", re.MULTILINE)
_PLAIN_LINE = re.compile(r"(?:(apiVersion|kind|metadata|spec|status): *([\w./-]*) *(?:#.*)?\r?|---\s*)\Z")
_DEFINITION = "CustomResourceDefinition"

_BROKEN = Text("cannot be read: {why}", "无法读取：{why}")
_CORRECT = Text(
    "kubectl refuses this text too: correct it here, or leave the file out with .gitignore if it is no manifest",
    "kubectl 也会拒绝这段文本：请在此处修正；如果它不是清单文件，请用 .gitignore 排除它",
)
_LARGE = Text("too large to be read: {why}", "太大，无法读取：{why}")
_SPLIT = Text(
    "split the document into smaller ones, or leave the file out with .gitignore",
    "请把文档拆小，或用 .gitignore 排除该文件",
)
_NODES = Text("the document holds more than {limit} values", "文档包含超过 {limit} 个值")
_IS_TEMPLATE = Text("a template, not yet a manifest: it holds two braces", "这是模板，还不是清单：其中含有双花括号")
_RENDER = Text(
    "fill it in with the tool that it is written for, and pipe the result in: ... | fourc -",
    "请用它所属的工具渲染，再通过管道传入结果：... | fourc -",
)
_LATE = Text(
    "the time of {seconds} s was over; from here on nothing was read", "已超过 {seconds} 秒的时限；从这里开始没有读取"
)
_NARROW = Text("scan its parts one after the other", "请分部分扫描")


class Document(Struct, frozen=True):
    """A document and its data; of a definition of custom resources, which is only checked, no more than its kind."""

    raw: RawDocument
    data: Json


def read_documents(
    data: bytes, shown: str, limits: Limits, is_late: Callable[[], bool] = lambda: False
) -> Iterator[Document | Gap]:
    """The documents of a file's bytes in their order, and a gap for each that cannot be read."""
    text = ""
    try:
        text = decode(data)
        if text.lstrip().startswith("{") and _values(text) > limits.nodes:  # cutting JSON means reading it
            yield _too_many(shown, limits, 1)
            return
        for raw in split(text, limits.document):
            if is_late():
                yield late_gap(shown, limits, raw.line)
                return
            yield _read(raw, shown, limits)
    except YamlError as error:
        yield _gap(error, shown, text)


def _read(raw: RawDocument, shown: str, limits: Limits) -> Document | Gap:
    if _nodes(raw) > limits.nodes:
        return _too_many(shown, limits, raw.line)
    try:
        if _is_definition(raw):
            check_syntax(raw, limits.document)
            return Document(raw, {"apiVersion": "apiextensions.k8s.io/v1", "kind": _DEFINITION})
        return Document(raw, load(raw, limits.document))
    except YamlError as error:
        return _gap(error, shown, raw.text)


def _nodes(raw: RawDocument) -> int:
    """How many values the text can hold at most, apart from aliases."""
    count = _values(raw.text)
    return count if raw.is_json else count + raw.text.count("\n") + raw.text.count("- ")


def _values(text: str) -> int:
    return text.count(",") + text.count("{") + text.count("[")


def _too_many(shown: str, limits: Limits, line: int) -> Gap:
    why = _NODES.of(limit=limits.nodes)
    return file_gap(GapReason.TOO_LARGE, shown, _LARGE.of(why=why), _SPLIT, line=line)


def _is_definition(raw: RawDocument) -> bool:
    """Whether it is surely a CustomResourceDefinition: no other, unusually written top-level field could say else."""
    if raw.is_json or _DEFINITION not in raw.text[:4096]:
        return False
    fields: dict[str, str] = {}
    for line in _TOP_LINE.finditer(raw.text):
        match = _PLAIN_LINE.match(line[0])
        if match is None or match[1] in fields:
            return False
        if match[1]:
            fields[match[1]] = match[2]
    return fields.get("kind") == _DEFINITION


def late_gap(shown: str, limits: Limits, line: int = 1) -> Gap:
    """The gap at the place where the time was over."""
    return file_gap(GapReason.TIMED_OUT, shown, _LATE.of(seconds=int(limits.seconds)), _NARROW, line=line)


def _gap(error: YamlError, shown: str, text: str) -> Gap:
    reason, message, remedy = GapReason.MALFORMED, _BROKEN, _CORRECT if text else EXCLUDE
    if error.reason == "too-large":
        reason, message, remedy = GapReason.TOO_LARGE, _LARGE, _SPLIT
    elif _TEMPLATE in text:
        reason, message, remedy = GapReason.UNSUPPORTED, _IS_TEMPLATE, _RENDER
    why = message.of(why=error.message) if message.fields() else message
    return file_gap(reason, shown, why, remedy, line=error.line, column=error.column)
