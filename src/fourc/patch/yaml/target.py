"""What the data of a document must be after the operations."""

import math
from collections.abc import Callable, Iterable, Sequence

from .node import Json, Path
from .operations import Append, Operation, Remove, Set
from .refusal import EditRefused, shown


class Fields(dict[str, Json]):
    """A mapping that the document has; one that an operation brings is a plain `dict`."""


class Items(list[Json]):
    """A sequence that the document has; `origins` holds the old index of each item, None for an appended one."""

    def __init__(self, items: Iterable[Json]) -> None:
        super().__init__(items)
        self.origins: list[int | None] = list(range(len(self)))


def apply_operations(data: Json, operations: Sequence[Operation]) -> Json:
    """The data after the operations, in their order; the data given stays as it is.

    A parent mapping that is missing or null is made by `Set` and `Append`. `Remove` does nothing where the path is
    absent; a mapping key whose value becomes empty by it goes too, up to the next list item, which stays as `{}` or
    `[]`, and to the root, which stays as `{}`.

    Raises:
        EditRefused: a path leads through something that is not a mapping or sequence, to an item that is not there,
            or a value is not JSON.
    """
    return _plain(target(data, operations), ())


def target(data: Json, operations: Sequence[Operation]) -> Json:
    """As `apply_operations`, with what the document had before marked as `Fields` and `Items`."""
    wanted = _marked(data)
    for operation in operations:
        match operation:
            case Set(path=path, value=value):
                wanted = _put(wanted, path, 0, _replace_by(value, path))
            case Append(path=path, value=value):
                wanted = _put(wanted, path, 0, _append(value, path))
            case Remove(path=path):
                if not path:
                    raise EditRefused("the whole document cannot be removed", hint="delete the document by hand")
                _remove(wanted, path, 0)
    return wanted


def same(left: Json, right: Json) -> bool:
    """Whether an API server receives the same: the order of keys does not count, `true` is not 1, `1.0` is 1.

    An integer equals the float nearest to it, because YAML and JSON files say whole floats in both ways.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) and isinstance(right, int):
        return left == float(right)
    if isinstance(left, int) and isinstance(right, float):
        return float(left) == right
    return left == right


def _marked(data: Json) -> Json:
    if isinstance(data, dict):
        return Fields((key, _marked(value)) for key, value in data.items())
    if isinstance(data, list):
        return Items(map(_marked, data))
    return data


def _plain(data: Json, path: Path) -> Json:
    """A copy of the data, without marks."""
    if isinstance(data, dict):
        return {_key(key, path): _plain(value, (*path, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(item, (*path, index)) for index, item in enumerate(data)]
    if isinstance(data, float) and not math.isfinite(data):
        raise EditRefused(f"{shown(path)}: {data} is not a JSON number")
    if isinstance(data, int) and not -(2**63) <= data < 2**64:
        raise EditRefused(f"{shown(path)}: the number has more than 64 bits")
    return data


def _key(key: object, path: Path) -> str:
    if not isinstance(key, str):
        raise EditRefused(f"{shown(path)}: the key {key!r} is not a string")
    return key


def _replace_by(value: Json, path: Path) -> Callable[[Json], Json]:
    return lambda _: _plain(value, path)


def _append(value: Json, path: Path) -> Callable[[Json], Json]:
    def appended(items: Json) -> Json:
        if items is None:
            items = []
        if not isinstance(items, list):
            raise EditRefused(f"{shown(path)} is {_kind(items)}, not a sequence")
        if not any(same(item, value) for item in items):
            items.append(_plain(value, (*path, len(items))))
            if isinstance(items, Items):
                items.origins.append(None)
        return items

    return appended


def _put(data: Json, path: Path, depth: int, change: Callable[[Json], Json]) -> Json:
    """The data with the value at `path[depth:]` changed; a missing one is None to the change."""
    if depth == len(path):
        return change(data)
    element = path[depth]
    if isinstance(element, int):
        if not isinstance(data, list):
            raise EditRefused(f"{shown(path[:depth])} is {_kind(data)}, so it has no item {element}")
        if not 0 <= element < len(data):
            raise EditRefused(f"{shown(path[:depth])} has {len(data)} items, so there is no item {element}")
        data[element] = _put(data[element], path, depth + 1, change)
        return data
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise EditRefused(f"{shown(path[:depth])} is {_kind(data)}, so it cannot have the key `{element}`")
    data[element] = _put(data.get(element), path, depth + 1, change)
    return data


def _remove(data: Json, path: Path, depth: int) -> bool:
    """Remove what is at `path[depth:]` of the data; True if that left it empty."""
    element = path[depth]
    last = depth + 1 == len(path)
    if isinstance(data, list) and isinstance(element, int) and 0 <= element < len(data):
        if not last:
            _remove(data[element], path, depth + 1)
            return False
        del data[element]
        if isinstance(data, Items):
            del data.origins[element]
        return not data
    if not isinstance(data, dict) or not isinstance(element, str) or element not in data:
        return False
    if not last and not _remove(data[element], path, depth + 1):
        return False
    del data[element]
    return not data


def _kind(data: Json) -> str:
    match data:
        case dict():
            return "a mapping"
        case list():
            return "a sequence"
        case None:
            return "null or missing"
        case _:
            return f"`{str(data)[:40]}`"
