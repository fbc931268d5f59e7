"""What trivy is told to pass over: `.trivyignore` and `.trivyignore.yaml` (https://trivy.dev/latest/docs/configuration/filtering/)."""

from datetime import date

import msgspec
import yaml
from msgspec import Struct

from fourc.errors import UsageError
from fourc.model.text import Text, same
from fourc.model.vex import VexStatement, VexStatus

MAX_BYTES = 1024 * 1024
_DEEPEST = 100
_EXPIRY = "exp:"


class Entry(Struct, frozen=True):
    """An id that is passed over, in these files and packages only, until a day."""

    id: str = ""
    paths: list[str] | None = None
    purls: list[str] | None = None
    expired_at: str | None = None
    statement: str | None = None


class Ignored(Struct, frozen=True):
    """The file; what it says of secrets, configuration and licences is read elsewhere."""

    vulnerabilities: list[Entry] | None = None


def trivyignore(path: str, text: str) -> tuple[VexStatement, ...]:
    """The ids of a `.trivyignore`, one a line, with `exp:YYYY-MM-DD` behind it where it ends; the line above is the reason.

    Raises:
        UsageError: a date is none.
    """
    made: list[VexStatement] = []
    reason = ""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            reason = line.strip().lstrip("#").strip()
            continue
        until = next((word.removeprefix(_EXPIRY) for word in words[1:] if word.startswith(_EXPIRY)), "")
        if until and _date(until) is None:
            raise UsageError(
                Text("{path}:{line}: {date} is no date", "{path}:{line}：{date} 不是日期").of(
                    path=path, line=number, date=until
                ),
                hint=Text("write it as exp:2027-01-31", "请写成 exp:2027-01-31"),
            )
        _, hash_, behind = line.partition(" #")
        made.append(_accepted(words[0], path, until, behind.strip() if hash_ else reason))
    return tuple(made)


def trivyignore_yaml(path: str, data: bytes) -> tuple[VexStatement, ...]:
    """The vulnerabilities of a `.trivyignore.yaml`.

    Raises:
        UsageError: it is no YAML, or not what trivy reads.
    """
    if len(data) > MAX_BYTES:
        raise _refused(path, Text("it is larger than 1 MiB", "它大于 1 MiB"))
    try:
        if _levels(data) > _DEEPEST:
            raise _refused(path, Text("it nests more than {n} deep", "嵌套超过 {n} 层").of(n=_DEEPEST))
        # every scalar as its text: a date is one only where trivy has it
        read = msgspec.convert(yaml.load(data, Loader=yaml.CBaseLoader) or {}, Ignored)  # noqa: S506 - it makes texts only
    except (yaml.YAMLError, msgspec.ValidationError, ValueError, RecursionError) as error:
        raise _refused(path, same(str(error))) from error
    made: list[VexStatement] = []
    for one in read.vulnerabilities or ():
        text = (one.expired_at or "")[:10]
        if text and _date(text) is None:
            raise _refused(path, Text("{date} is no date", "{date} 不是日期").of(date=text))
        if one.id:
            made.append(
                _accepted(one.id, path, text, one.statement or "", tuple(one.purls or ()), tuple(one.paths or ()))
            )
    return tuple(made)


def _levels(data: bytes) -> int:
    """How deep collections nest; counted on the events, since libyaml's composer calls itself for each level."""
    deepest = level = 0
    for event in yaml.parse(data, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
            deepest = max(deepest, level)
            if level > _DEEPEST:
                break
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
    return deepest


def _accepted(
    known: str, path: str, until: str, reason: str, purls: tuple[str, ...] = (), paths: tuple[str, ...] = ()
) -> VexStatement:
    return VexStatement(
        (known,),
        VexStatus.AFFECTED,
        purls,
        reason=reason,
        until=until,
        paths=paths,
        source=path,
        accepted=True,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _refused(path: str, why: Text) -> UsageError:
    return UsageError(
        Text("{path} cannot be read: {why}", "{path} 无法读取：{why}").of(path=path, why=why),
        hint=Text(
            "trivy's documentation shows what it may hold: a list `vulnerabilities` of `id`, `paths`, `purls`, `expired_at`",
            "请参考 trivy 文档：`vulnerabilities` 列表，含 `id`、`paths`、`purls`、`expired_at`",
        ),
    )
