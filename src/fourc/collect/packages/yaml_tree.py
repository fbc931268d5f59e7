"""YAML of lock files as plain data: the reader of manifests, whose limits hold against bombs, read for its values only."""

from typing import TypeAlias

from fourc.collect.packages.decoding import malformed
from fourc.collect.packages.form import Given
from fourc.patch.yaml.errors import Limits, YamlError
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import decode, load, split

Table: TypeAlias = dict[str, Json]
_LIMITS = Limits(max_document_chars=64 * 1024 * 1024)


def yaml_of(given: Given, form: str) -> list[Table]:
    """Its documents that are mappings."""
    try:
        loaded = [load(document, _LIMITS) for document in split(decode(given.data), _LIMITS)]
    except YamlError as error:
        raise malformed(given, form, error.message) from error
    return [each for each in loaded if isinstance(each, dict)]


def table(value: Json) -> Table:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def word(value: Json) -> str:
    """The value where it is a string or a number, else an empty string."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
