"""Reading plain data by field, with the API's types: what has another type is said once and counts as absent."""

import marshal
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from fourc.model.text import Text
from fourc.patch.yaml.node import Json, Path

MAX_PROBLEMS = 100
"""Wrong fields that are noted for one object."""
EMPTY: Mapping[str, Json] = {}
_REMEMBERED, _SHORT = 1024, 8192
_NO_REFERENCES = 2  # of marshal: later versions write what stands in memory once in another way

_TEXT = Text("a text", "文本")
_FLAG = Text("true or false", "true 或 false")
_INTEGER = Text("a whole number", "整数")
_NUMBER_OR_TEXT = Text("a whole number or a text", "整数或文本")
_QUANTITY = Text("a quantity such as 100m or 1Gi", "数量（例如 100m 或 1Gi）")
_MAPPING = Text("a mapping", "映射（键值对）")
_LIST = Text("a list", "列表")
_KINDS: dict[type, Text] = {
    str: _TEXT,
    bool: Text("a true or false", "true 或 false"),
    int: Text("a number", "数字"),
    float: Text("a number", "数字"),
    dict: _MAPPING,
    list: _LIST,
}
_WRONG = Text(
    "{field} must be {wanted}, and here stands {found}; the cluster refuses it",
    "{field} 必须是{wanted}，这里却是{found}；集群会拒绝它",
)


class Problem(Struct, frozen=True):
    """A field that the API would refuse: its path from the object's root, and why."""

    path: Path
    message: Text


class Fields:
    """A mapping of the object with its path; every reader returns None or an empty value for what is absent or null.

    Names are case-sensitive, as in the API.
    """

    __slots__ = ("_data", "_problems", "path")

    def __init__(self, data: Mapping[str, Json], path: Path, problems: list[Problem]) -> None:
        self._data = data
        self._problems = problems
        self.path = path

    @property
    def index(self) -> int:
        """The place in the list of which it is an item."""
        last = self.path[-1] if self.path else 0
        return last if isinstance(last, int) else 0

    @property
    def problems(self) -> int:
        """How many wrong fields the object has so far."""
        return len(self._problems)

    def content(self) -> bytes:
        """The mapping as bytes, which are equal for those alone that are written equally."""
        return marshal.dumps({**self._data}, _NO_REFERENCES)

    @property
    def refused(self) -> bool:
        """Whether the API would refuse it for what was read of it so far: itself or something in it.

        Where so much was wrong already that no more is noted, the answer is yes.
        """
        depth = len(self.path)
        return len(self._problems) >= MAX_PROBLEMS or any(p.path[:depth] == self.path for p in self._problems)

    def __contains__(self, key: str) -> bool:
        """Whether the field is written and not null."""
        return self._data.get(key) is not None

    def keys(self) -> tuple[str, ...]:
        """The fields that are not null, in their order."""
        return tuple(key for key, value in self._data.items() if value is not None)

    def value(self, key: str) -> Json:
        """The field as it stands."""
        return self._data.get(key)

    def text(self, key: str) -> str | None:
        """A string."""
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value
        self._wrong(_TEXT, value, key)
        return None

    def flag(self, key: str) -> bool | None:
        """A boolean."""
        value = self._data.get(key)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(_FLAG, value, key)
        return None

    def integer(self, key: str) -> int | None:
        """A whole number; `1.0` is one, as it is in JSON."""
        value = self._data.get(key)
        if value is None:
            return None
        number = _whole(value)
        if number is None:
            self._wrong(_INTEGER, value, key)
        return number

    def integer_or_text(self, key: str) -> int | str | None:
        """An `IntOrString`."""
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value
        number = _whole(value)
        if number is None:
            self._wrong(_NUMBER_OR_TEXT, value, key)
        return number

    def child(self, key: str) -> "Fields":
        """A mapping; an empty one when absent."""
        value = self._data.get(key)
        path = (*self.path, key)
        if isinstance(value, dict):
            return Fields(value, path, self._problems)
        if value is not None:
            self._wrong(_MAPPING, value, key)
        return Fields(EMPTY, path, self._problems)

    def children(self, key: str) -> Iterator["Fields"]:
        """The items of a list of mappings; the last element of an item's path is its place in the list."""
        for index, item in self._items(key):
            if isinstance(item, dict):
                yield Fields(item, (*self.path, key, index), self._problems)
            else:
                self._wrong(_MAPPING, item, key, index)

    def entries(self, key: str) -> Iterator["Fields"]:
        """The items as of `children`, and one that is null as an empty mapping, which is what the API makes of it."""
        value = self._data.get(key)
        for index, item in enumerate(value) if isinstance(value, list) else ():
            if item is None:
                yield Fields(EMPTY, (*self.path, key, index), self._problems)
            elif isinstance(item, dict):
                yield Fields(item, (*self.path, key, index), self._problems)
            else:
                self._wrong(_MAPPING, item, key, index)
        if value is not None and not isinstance(value, list):
            self._wrong(_LIST, value, key)

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        if key not in self._data:
            return ()
        found: list[str] = []
        for index, item in self._items(key):
            if isinstance(item, str):
                found.append(item)
            else:
                self._wrong(_TEXT, item, key, index)
        return tuple(found)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        found: list[int] = []
        for index, item in self._items(key):
            number = _whole(item)
            if number is None:
                self._wrong(_INTEGER, item, key, index)
            else:
                found.append(number)
        return tuple(found)

    def string_map(self, key: str) -> dict[str, str]:
        """A mapping of strings to strings."""
        if (texts := _texts(self._data.get(key))) is not None:
            return texts
        child = self.child(key)
        return {name: text for name in child.keys() if (text := child.text(name)) is not None}  # noqa: SIM118

    def labels(self, key: str) -> dict[str, str]:
        """A mapping of strings to strings, in which null stands for the empty string, as the API reads it."""
        if (texts := _texts(self._data.get(key))) is not None:
            return texts
        child, written = self.child(key), self._data.get(key)
        names = written if isinstance(written, dict) else ()
        found = ((name, child.text(name) if name in child else "") for name in names)
        return {name: text for name, text in found if text is not None}

    def quantities(self, key: str) -> dict[str, str]:
        """A mapping of names to quantities, as written; numbers become their text."""
        if (texts := _texts(self._data.get(key))) is not None:
            return texts
        child = self.child(key)
        return {name: text for name in child.keys() if (text := child.quantity(name)) is not None}  # noqa: SIM118

    def quantity(self, key: str) -> str | None:
        """A quantity as written; a number becomes its text."""
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._wrong(_QUANTITY, value, key)
        return None

    def refuse(self, message: Text, *below: str | int) -> None:
        """Note that the API would refuse the field at `below`."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(Problem((*self.path, *below), message))

    def _items(self, key: str) -> Iterator[tuple[int, Json]]:
        value = self._data.get(key)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is not None:
                    yield index, item
        elif value is not None:
            self._wrong(_LIST, value, key)

    def _wrong(self, wanted: Text, found: Json, *below: str | int) -> None:
        if len(self._problems) >= MAX_PROBLEMS:
            return
        field = ".".join(str(part) for part in below)
        self.refuse(_WRONG.of(field=field, wanted=wanted, found=_KINDS[type(found)]), *below)


Fact = TypeVar("Fact")


class Repeated(Generic[Fact]):
    """A decoder that remembers what it made of mappings, each at its path: many pods have equal specs.

    What is wrong in a mapping is said each time, so of such a one nothing is remembered.
    """

    def __init__(self, decode: Callable[[Fields], Fact]) -> None:
        self._decode = decode
        self._known: dict[tuple[Path, bytes], Fact] = {}

    def of(self, fields: Fields) -> Fact:
        """What the mapping is decoded to."""
        key = (fields.path, fields.content())
        fact = self._known.get(key)
        if fact is None:
            before = fields.problems
            fact = self._decode(fields)
            if fields.problems == before and len(key[1]) <= _SHORT:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[key] = fact
        return fact


def _texts(value: Json) -> dict[str, str] | None:
    """A copy of a mapping that is absent or holds texts alone; None of any other."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return None
    found = {name: text for name, text in value.items() if isinstance(text, str)}
    return found if len(found) == len(value) else None


def _whole(value: Json) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None
