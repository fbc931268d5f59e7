"""The configuration: `fourc.toml` or `[tool.fourc]` in `pyproject.toml`, overruled by `FOURC_*` variables.

A key is one row of `KEYS` and one field of `model.settings.Settings`; the variable of the key `hourly-rate` is
`FOURC_HOURLY_RATE`. What stands in a table of its own (`[hours]`) is a row of `TABLES`; it has no variable.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.model.text import Lang, Text, same
from fourc.model.version import KubeVersion

FILE, PROJECT = "fourc.toml", "pyproject.toml"
PREFIX = "FOURC_"
_LARGEST = 1024 * 1024  # bytes of a configuration; a file of the scanned folder may be anything


class WrongValueError(ValueError):
    """A key's value is of the wrong kind; `wanted` says which is right."""

    def __init__(self, wanted: Text) -> None:
        super().__init__(wanted.en)
        self.wanted = wanted


def words(value: object, known: Mapping[str, object]) -> str:
    """A value that is one of the words; raises `WrongValueError`."""
    if isinstance(value, str) and value in known:
        return value
    raise WrongValueError(Text("one of {words}", "以下之一：{words}").of(words=", ".join(known)))


def number(value: object) -> float:
    """A number above 0, from a variable too; raises `WrongValueError`."""
    wanted = Text("a number above 0", "大于 0 的数字")
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
    except ValueError as error:
        raise WrongValueError(wanted) from error
    if not 0 < found < float("inf"):
        raise WrongValueError(wanted)
    return found


def _near(word: str, known: Iterable[str], most: int, alike: float) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - most runs have nothing to mend

    return get_close_matches(word, sorted(known), most, alike)


def numbers(value: object, known: Collection[str], most: float = float("inf")) -> Mapping[str, float]:
    """A table of numbers above 0 by known words; raises `WrongValueError`."""
    if not isinstance(value, dict):
        raise WrongValueError(Text("a table of numbers", "由数字组成的表"))
    for word in value:
        if word not in known:
            near = _near(str(word), known, 3, 0.4) or ["docs/numbers.md"]
            wanted = Text(
                "a table with words such as {words} (docs/numbers.md)", "包含如下名称的表：{words}（docs/numbers.md）"
            )
            raise WrongValueError(wanted.of(words=", ".join(near)))
    made = {str(word): number(each) for word, each in value.items()}
    if any(each > most for each in made.values()):
        raise WrongValueError(Text("numbers above 0, at most {most}", "大于 0 且不超过 {most} 的数字").of(most=most))
    return made


def yes_or_no(value: object) -> bool:
    """A boolean, from a variable too; raises `WrongValueError`."""
    if isinstance(value, bool):
        return value
    return words(value, {"true": True, "false": False}) == "true"


def paths(value: object) -> tuple[str, ...]:
    """A path or a list of them, from a variable divided as PATH is; raises `WrongValueError`."""
    if isinstance(value, str):
        return tuple(part for part in value.split(os.pathsep) if part)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise WrongValueError(Text("a path or a list of paths", "路径或路径列表"))


def places(value: object) -> tuple[str, ...]:
    """Files, URLs and artifacts: one, several with spaces in between, or a list; raises `WrongValueError`."""
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return tuple(value)
    raise WrongValueError(
        Text(
            "a file, a URL, oci://REGISTRY/NAME:TAG or a list of them", "文件、URL、oci://仓库/名称:标签，或它们的列表"
        )
    )


def path(value: object) -> str:
    """One path; raises `WrongValueError`."""
    if isinstance(value, str) and value:
        return value
    raise WrongValueError(Text("a path", "路径"))


def version(value: object) -> KubeVersion:
    """A Kubernetes version, in quotes: as a number 1.30 would be 1.3; raises `WrongValueError`."""
    wanted = Text('a version in quotes, such as "1.31"', '带引号的版本，例如 "1.31"')
    if not isinstance(value, str):
        raise WrongValueError(wanted)
    try:
        return KubeVersion.parse(value)
    except UsageError as error:
        raise WrongValueError(wanted) from error


_LANGS = {lang.value: lang for lang in Lang}
_SEVERITIES = {severity.word: severity for severity in Severity}

KEYS: Mapping[str, Callable[[Settings, object], Settings]] = {
    "lang": lambda settings, value: replace(settings, lang=_LANGS[words(value, _LANGS)]),
    "kubernetes-version": lambda settings, value: replace(settings, kubernetes_version=version(value)),
    "severity": lambda settings, value: replace(settings, severity=_SEVERITIES[words(value, _SEVERITIES)]),
    "hourly-rate": lambda settings, value: replace(settings, hourly_rate=number(value)),
    "own-checks": lambda settings, value: replace(settings, own_checks=paths(value)),
    "db": lambda settings, value: replace(settings, database=path(value)),
    "db-key": lambda settings, value: replace(settings, database_key=path(value)),
    "db-source": lambda settings, value: replace(settings, database_source=places(value)),
    "network-policies-enforced": lambda settings, value: replace(settings, network_policies_enforced=yes_or_no(value)),
}


def _odds(settings: Settings, value: object) -> Settings:
    from fourc.plan.assumptions import odds_names  # noqa: PLC0415 - the tables of the graph, where a file names one

    return replace(settings, odds=numbers(value, odds_names(), most=1.0))


def _impact(settings: Settings, value: object) -> Settings:
    from fourc.plan.assumptions import impact_names  # noqa: PLC0415 - the same

    return replace(settings, impact=numbers(value, impact_names()))


def _hours(settings: Settings, value: object) -> Settings:
    from fourc.plan.assumptions import hours_names  # noqa: PLC0415 - the same

    return replace(settings, hours=numbers(value, hours_names()))


TABLES: Mapping[str, Callable[[Settings, object], Settings]] = {"odds": _odds, "impact": _impact, "hours": _hours}


def settings_for(start: Path, named: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of the file that is named, else of the nearest one in `start` or above, then the variables'.

    Raises:
        UsageError: a file cannot be read, a key is not known or a value is of the wrong kind.
    """
    settings = NO_SETTINGS
    file = named or nearest(start)
    if file is not None:
        for key, value in _table(file, named=named is not None).items():
            settings = _with(settings, key, value, str(file), key, {**KEYS, **TABLES})
        settings = replace(
            settings,
            own_checks=tuple(str(file.parent / each) for each in settings.own_checks),
            database=settings.database and str(file.parent / settings.database),
            database_key=settings.database_key and str(file.parent / settings.database_key),
            database_source=tuple(
                each if "://" in each else str(file.parent / each) for each in settings.database_source
            ),
        )
    for variable in sorted(environment):
        key = variable.removeprefix(PREFIX).lower().replace("_", "-")
        # other programs may have variables of this prefix: only what must be meant for us is refused
        if variable.startswith(PREFIX) and _near(key, KEYS, 1, 0.8):
            settings = _with(settings, key, environment[variable], _ENVIRONMENT, variable, KEYS)
    return settings


def nearest(start: Path) -> Path | None:
    """The configuration file that counts for a file or folder, None where there is none up to the root."""
    top = Path(os.path.realpath(start))  # unlike `resolve`, it takes a link that leads in a circle as it is
    for folder in (top, *top.parents):
        if (folder / FILE).is_file():
            return folder / FILE
        if (folder / PROJECT).is_file() and _section(_parsed(folder / PROJECT, lenient=True)) is not None:
            return folder / PROJECT
    return None


def _table(file: Path, *, named: bool) -> Mapping[str, object]:
    data = _parsed(file)
    if file.name != PROJECT:
        return data
    section = _section(data)
    if section is None and named:
        raise UsageError(
            Text("{file} has no table [tool.fourc]", "{file} 中没有 [tool.fourc] 表").of(file=str(file)),
            hint=Text("add it, or name a fourc.toml", "请添加该表，或指定一个 fourc.toml"),
        )
    return section or {}


def _section(data: Mapping[str, object]) -> Mapping[str, object] | None:
    tool = data.get("tool")
    section = tool.get("fourc") if isinstance(tool, dict) else None
    return section if isinstance(section, dict) else None


def _parsed(file: Path, *, lenient: bool = False) -> Mapping[str, object]:
    """The file's data; `lenient` for another tool's file, which is passed over where it is broken."""
    import tomllib  # noqa: PLC0415 - most folders have no configuration

    try:
        if not file.is_file() and file.exists():
            why = Text("it is no file", "它不是普通文件")
        elif file.stat().st_size > _LARGEST:
            why = Text("it has more than {limit} bytes", "它超过 {limit} 字节").of(limit=_LARGEST)
        else:
            return tomllib.loads(file.read_bytes().decode())
    except OSError as error:
        why = same(error.strerror or type(error).__name__)
    except (ValueError, RecursionError) as error:  # TOML's and the decoder's errors
        why = same(str(error))
    if lenient:
        return {}
    raise UsageError(
        Text("{file} cannot be read: {why}", "无法读取 {file}：{why}").of(file=str(file), why=why),
        hint=Text("correct it, or name another file with --config", "请修正它，或用 --config 指定另一个文件"),
    )


_ENVIRONMENT = Text("the environment", "环境变量")


def _with(
    settings: Settings,
    key: str,
    value: object,
    where: "str | Text",
    shown: str,
    keys: Mapping[str, Callable[[Settings, object], Settings]],
) -> Settings:
    """The settings with one more key."""
    if key not in keys:
        near = _near(key, keys, 1, 0.6)
        hint = (
            Text("did you mean {key}?", "是否想写 {key}？").of(key=near[0]) if near else _KNOWN.of(keys=", ".join(keys))
        )
        raise UsageError(_UNKNOWN.of(where=where, key=shown), hint=hint)
    try:
        return keys[key](settings, value)
    except WrongValueError as error:
        raise UsageError(
            _WRONG.of(where=where, key=shown, value=str(value)),
            hint=Text("it must be {wanted}", "应当是{wanted}").of(wanted=error.wanted),
        ) from error


_UNKNOWN = Text("{where}: there is no setting {key}", "{where}：没有设置项 {key}")
_KNOWN = Text("the settings are {keys}", "设置项有：{keys}")
_WRONG = Text("{where}: {key} cannot be {value}", "{where}：{key} 不能是 {value}")
