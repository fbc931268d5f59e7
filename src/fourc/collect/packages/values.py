"""Values of foreign data whose type nobody promises: what is of another type is taken for absent."""

from collections.abc import Mapping
from typing import TypeAlias

Table: TypeAlias = Mapping[str, object]


def table(value: object) -> Table:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def word(value: object) -> str:
    """The value where it is a string or a number, else an empty string."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def words(value: object) -> list[str]:
    """Those items of a list that are strings."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def texts(value: object) -> dict[str, str]:
    """Those entries of a mapping that are strings."""
    if not isinstance(value, dict):
        return {}
    return {key: each for key, each in value.items() if isinstance(key, str) and isinstance(each, str)}
