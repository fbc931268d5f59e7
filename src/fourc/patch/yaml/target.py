"""What the data of a document must be after the operations."""

import math
from collections.abc import Callable, Iterable, Sequence

from fourc.text import Text
from fourc.text import same as same_text

from .node import Json, Path
from .operations import Append, Operation, Remove, Set
from .refusal import EditRefused, shown

_WHOLE = Text("the whole document cannot be removed", "不能删除整个文档")
_BY_HAND = Text("delete the document by hand", "请手工删除该文档")
_NO_NUMBER = Text("{path}: {value} is not a JSON number", "{path}：{value} 不是 JSON 数字")
_TOO_BIG = Text("{path}: the number has more than 64 bits", "{path}：数字超过 64 位")
_NO_KEY = Text("{path}: the key {key} is not a string", "{path}：键 {key} 不是字符串")
_NO_SEQUENCE = Text("{path} is {kind}, not a sequence", "{path} 是{kind}，不是列表")
_NO_ITEMS = Text("{path} is {kind}, so it has no item {item}", "{path} 是{kind}，没有第 {item} 项（从 0 数）")
_FEWER_ITEMS = Text(
    "{path} has {count} items, so there is no item {item}", "{path} 有 {count} 项，没有第 {item} 项（从 0 数）"
)
_NO_KEYS = Text("{path} is {kind}, so it cannot have the key `{key}`", "{path} 是{kind}，不能有键 `{key}`")


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
            case Remove(path=path, having=having):
                if not path:
                    raise EditRefused(_WHOLE, hint=_BY_HAND)
                if _has(_at(wanted, path), having):
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
        raise EditRefused(_NO_NUMBER.of(path=shown(path), value=data))
    if isinstance(data, int) and not -(2**63) <= data < 2**64:
        raise EditRefused(_TOO_BIG.of(path=shown(path)))
    return data


def _key(key: object, path: Path) -> str:
    if not isinstance(key, str):
        raise EditRefused(_NO_KEY.of(path=shown(path), key=repr(key)))
    return key


def _replace_by(value: Json, path: Path) -> Callable[[Json], Json]:
    return lambda _: _plain(value, path)


def _append(value: Json, path: Path) -> Callable[[Json], Json]:
    def appended(items: Json) -> Json:
        if items is None:
            items = []
        if not isinstance(items, list):
            raise EditRefused(_NO_SEQUENCE.of(path=shown(path), kind=_kind(items)))
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
            raise EditRefused(_NO_ITEMS.of(path=shown(path[:depth]), kind=_kind(data), item=element))
        if not 0 <= element < len(data):
            raise EditRefused(_FEWER_ITEMS.of(path=shown(path[:depth]), count=len(data), item=element))
        data[element] = _put(data[element], path, depth + 1, change)
        return data
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise EditRefused(_NO_KEYS.of(path=shown(path[:depth]), kind=_kind(data), key=element))
    data[element] = _put(data.get(element), path, depth + 1, change)
    return data


def _at(data: Json, path: Path) -> Json:
    """What stands at the path, None where nothing does."""
    for element in path:
        if isinstance(data, list) and isinstance(element, int) and 0 <= element < len(data):
            data = data[element]
        elif isinstance(data, dict) and isinstance(element, str):
            data = data.get(element)
        else:
            return None
    return data


def _has(data: Json, having: Sequence[tuple[str, Json]]) -> bool:
    return not having or (isinstance(data, dict) and all(k in data and same(data[k], v) for k, v in having))


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


def _kind(data: Json) -> Text:
    match data:
        case dict():
            return Text("a mapping", "映射")
        case list():
            return Text("a sequence", "列表")
        case None:
            return Text("null or missing", "null 或缺失")
        case _:
            return same_text(f"`{str(data)[:40]}`")
