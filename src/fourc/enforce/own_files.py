"""Files with checks that users wrote: `kind: Check`, `apiVersion: fourc.dev/v1` (docs/own-checks.md)."""

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from fourc.checks.registry import all_checks
from fourc.collect.locate import span
from fourc.enforce.cel import CelAbsentError, Wrong, compiled
from fourc.enforce.expressions.rule import KINDS
from fourc.enforce.own_check import Kind, OwnCheck, Validation
from fourc.errors import UsageError
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Json, Path
from fourc.patch.yaml.reader import RawDocument, YamlError, compose, decode, load, split

_MOST_BYTES = 1 << 20
API, KIND = "fourc.dev/v1", "Check"
PODS_WORD = "pods"
_ID = re.compile(r"[a-z]+(-[a-z0-9]+)*")
_SEVERITIES, _LAYERS = {s.word: s for s in Severity}, {x.value: x for x in Layer}
_TOP = ("apiVersion", "kind", "metadata", "spec")
_SPEC = ("severity", "layer", "title", "why", "references", "match", "variables", "validations")

_WRONG = Text("{file}, line {line}: {what}", "{file} 第 {line} 行：{what}")
_PAGE = Text("docs/own-checks.md shows a whole check", "docs/own-checks.md 有完整示例")
_MUST_BE = Text("{field} must be {wanted}", "{field} 应当是{wanted}")
_TEXT = Text("a text, or a mapping with `en` and `zh`", "文本，或含 `en` 与 `zh` 的映射")
_NAME = Text("lower-case words with `-` between them", "用 `-` 连接的小写单词")
_LIST = Text("a list", "列表")
_MAPPING = Text("a mapping", "映射")
_KIND_HINT = Text(
    "`pods`, `apiVersion/Kind` such as `apps/v1/Deployment`, or a mapping with apiVersion, kind and plural",
    "`pods`、`apiVersion/Kind`（例如 `apps/v1/Deployment`），或含 apiVersion、kind、plural 的映射",
)


class WrongFieldError(Exception):
    """A field of the file is wrong: where it stands and why."""

    def __init__(self, at: Path, what: Text, hint: Text = _PAGE) -> None:
        super().__init__(what.en)
        self.at, self.what, self.hint = at, what, hint


def read_checks(files: list[FilePath]) -> tuple[OwnCheck, ...]:
    """The checks of the files, in their order.

    Raises:
        UsageError: a file cannot be read, or a check in it cannot be understood.
    """
    found: dict[str, OwnCheck] = {}
    for file in files:
        for check in _of_file(file):
            if check.id in found:
                what = Text("the check {id} stands in {other} as well", "检查 {id} 在 {other} 中也有")
                raise UsageError(
                    _WRONG.of(file=str(file), line=1, what=what.of(id=check.id, other=found[check.id].file)), hint=_PAGE
                )
            found[check.id] = check
    return tuple(found.values())


def _bytes_of(file: FilePath) -> bytes:
    """The file's bytes; raises `OSError` for what is no regular file, or far too large for a check."""
    with open(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as opened:  # noqa: PTH123 - a Path cannot
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            raise OSError(errno.EINVAL, "no regular file, or larger than 1 MiB")
        return opened.read(_MOST_BYTES)


def _of_file(file: FilePath) -> Iterator[OwnCheck]:
    try:
        documents = list(split(decode(_bytes_of(file))))
    except OSError as error:
        what = Text("{file} cannot be read: {why}", "无法读取 {file}：{why}")
        raise UsageError(what.of(file=str(file), why=error.strerror or ""), hint=_PAGE) from error
    except YamlError as error:
        raise UsageError(_WRONG.of(file=str(file), line=error.line, what=error.message), hint=_PAGE) from error
    for document in documents:
        try:
            data = load(document)
            if data is not None:
                yield _check(data, str(file))
        except YamlError as error:
            raise UsageError(_WRONG.of(file=str(file), line=error.line, what=error.message), hint=_PAGE) from error
        except WrongFieldError as error:
            line = _line(document, error.at)
            raise UsageError(_WRONG.of(file=str(file), line=line, what=error.what), hint=error.hint) from error


def _line(document: RawDocument, at: Path) -> int:
    root = compose(document)
    return document.line if root is None else document.position(span(root, at)[0] - document.offset)[0]


def _check(data: Json, file: str) -> OwnCheck:
    top = _mapping(data, ())
    _only(top, _TOP, ())
    if top.get("apiVersion") != API or top.get("kind") != KIND:
        raise WrongFieldError(("kind",), _MUST_BE.of(field="apiVersion, kind", wanted=same(f"{API}, {KIND}")))
    name = _mapping(top.get("metadata"), ("metadata",)).get("name")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise WrongFieldError(("metadata", "name"), _MUST_BE.of(field="metadata.name", wanted=_NAME))
    if name in {check.id for check in all_checks()}:
        taken = Text("{id} is a check of fourc's own: choose another name", "{id} 是 fourc 自带的检查：请换一个名称")
        raise WrongFieldError(("metadata", "name"), taken.of(id=name))
    spec = _mapping(top.get("spec"), ("spec",))
    _only(spec, _SPEC, ("spec",))
    title = _text(spec.get("title"), ("spec", "title"))
    pods, kinds = _match(spec.get("match"))
    return OwnCheck(
        id=name,
        severity=_SEVERITIES[_word(spec, "severity", "medium", _SEVERITIES)],
        layer=_LAYERS[_word(spec, "layer", "cluster", _LAYERS)],
        title=title,
        why=_text(spec["why"], ("spec", "why")) if "why" in spec else title,
        references=tuple(_string(r, ("spec", "references", i)) for i, r in enumerate(_list(spec, "references"))),
        pods=pods,
        kinds=kinds,
        variables=tuple(_variable(v, ("spec", "variables", i)) for i, v in enumerate(_list(spec, "variables"))),
        validations=_validations(spec, title),
        file=file,
    )


def _validations(spec: Mapping[str, Json], title: Text) -> tuple[Validation, ...]:
    found = []
    for number, value in enumerate(_list(spec, "validations")):
        at: Path = ("spec", "validations", number)
        fields = _mapping(value, at)
        _only(fields, ("expression", "message", "path"), at)
        message = _text(fields["message"], (*at, "message")) if "message" in fields else title
        path = _path(fields.get("path", ""), (*at, "path"))
        found.append(Validation(_expression(fields, at), message, path))
    if not found:
        raise WrongFieldError(("spec", "validations"), _MUST_BE.of(field="spec.validations", wanted=_LIST))
    return tuple(found)


def _match(value: Json) -> tuple[bool, tuple[Kind, ...]]:
    if not isinstance(value, list) or not value:
        raise WrongFieldError(("spec", "match"), _MUST_BE.of(field="spec.match", wanted=_LIST), _KIND_HINT)
    kinds = [_kind(v, ("spec", "match", i)) for i, v in enumerate(value) if v != PODS_WORD]
    return PODS_WORD in value, tuple(kinds)


def _kind(value: Json, at: Path) -> Kind:
    if isinstance(value, dict):
        _only(value, ("apiVersion", "kind", "plural"), at)
        version, kind, plural = (_string(value.get(key), (*at, key)) for key in ("apiVersion", "kind", "plural"))
    elif isinstance(value, str) and "/" in value:
        version, _, kind = value.rpartition("/")
        plural = ""
    else:
        raise WrongFieldError(at, _MUST_BE.of(field=f"spec.match[{at[-1]}]", wanted=_KIND_HINT))
    group = version.rpartition("/")[0]
    known = (k.plural for kinds in KINDS.values() for k in kinds if (k.group, k.kind) == (group, kind))
    return Kind(group, version.rpartition("/")[2], plural or next(known, _plural(kind)), kind)


def _plural(kind: str) -> str:
    """As Kubernetes names its own resources."""
    word = kind.lower()
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word == "endpoints" else f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in set("aeiou") else f"{word}s"


def _variable(value: Json, at: Path) -> tuple[str, str]:
    fields = _mapping(value, at)
    _only(fields, ("name", "expression"), at)
    return _string(fields.get("name"), (*at, "name")), _expression(fields, at)


def _expression(fields: Mapping[str, Json], at: Path) -> str:
    text = _string(fields.get("expression"), (*at, "expression"))
    try:
        made = compiled(text)
    except CelAbsentError:  # said once, as a gap, where the checks would run
        return text
    if isinstance(made, Wrong):
        what = Text("the expression is no CEL: {why}", "表达式不是正确的 CEL：{why}")
        raise WrongFieldError((*at, "expression"), what.of(why=_first_line(made.why)))
    return text


def _first_line(why: str) -> str:
    return why.rsplit("ERROR: ", maxsplit=1)[-1].split("\n", maxsplit=1)[0].replace("<input>:", "") or why


def _path(value: Json, at: Path) -> Path:
    return tuple(int(p) if p.isdecimal() else p for p in _string(value, at).split(".") if p)


def _mapping(value: Json, at: Path) -> Mapping[str, Json]:
    if isinstance(value, dict):
        return value
    raise WrongFieldError(at, _MUST_BE.of(field=_shown(at), wanted=_MAPPING))


def _list(fields: Mapping[str, Json], key: str) -> list[Json]:
    value = fields.get(key, [])
    if isinstance(value, list):
        return value
    raise WrongFieldError(("spec", key), _MUST_BE.of(field=f"spec.{key}", wanted=_LIST))


def _string(value: Json, at: Path) -> str:
    if isinstance(value, str):
        return value
    raise WrongFieldError(at, _MUST_BE.of(field=_shown(at), wanted=Text("a text", "文本")))


def _text(value: Json, at: Path) -> Text:
    if isinstance(value, str) and value:
        return same(value)
    if isinstance(value, dict) and set(value) == {"en", "zh"}:
        return Text(_string(value["en"], (*at, "en")), _string(value["zh"], (*at, "zh")))
    raise WrongFieldError(at, _MUST_BE.of(field=_shown(at), wanted=_TEXT))


def _word(fields: Mapping[str, Json], key: str, default: str, known: Mapping[str, object]) -> str:
    value = fields.get(key, default)
    if isinstance(value, str) and value in known:
        return value
    wanted = Text("one of {words}", "以下之一：{words}").of(words=", ".join(known))
    raise WrongFieldError(("spec", key), _MUST_BE.of(field=f"spec.{key}", wanted=wanted))


def _only(fields: Mapping[str, Json], known: tuple[str, ...], at: Path) -> None:
    for key in fields:
        if key not in known:
            what = Text("there is no field {key}", "没有字段 {key}")
            hint = Text("here may stand {known}", "这里可以写 {known}")
            raise WrongFieldError((*at, key), what.of(key=key), hint.of(known=", ".join(known)))


def _shown(at: Path) -> str:
    return ".".join(str(part) for part in at) or KIND
