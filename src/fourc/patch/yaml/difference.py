"""Which parts of a collection stay, change, go and come, and which must not be touched."""

from collections.abc import Iterable
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from fourc.text import Text

from .alignment import aligned
from .expansion import to_json
from .layout import walk
from .node import Alias, Entry, Json, Mapping, Node, Scalar, Sequence, Style
from .refusal import EditRefused
from .source import Source
from .target import Fields, Items, same

_SHARED = Text(
    "the value on line {line} is also used on line {use}, through `*{anchor}`",
    "第 {line} 行的值也通过 `*{anchor}` 用在第 {use} 行",
)
_ALIAS = Text(
    "line {line} takes the value of `{name}`, which line {target} holds for every place that uses it",
    "第 {line} 行使用 `{name}` 的值，该值写在第 {target} 行，供所有引用处共用",
)
_OVERRIDDEN = Text("the key `{key}` on line {line}: {why}", "第 {line} 行的键 `{key}`：{why}")
_BY_MERGE = Text("a merge `<<` below it overrides it", "它被下方的合并 `<<` 覆盖")
_TWICE = Text("it is written twice", "它写了两次")
_ALSO_MERGED = Text(
    "the key `{key}` also comes from the merge `<<` on line {line}", "键 `{key}` 也来自第 {line} 行的合并 `<<`"
)
_ALL_MERGED = Text("`{key}` comes whole from the merge `<<` on line {line}", "`{key}` 整个来自第 {line} 行的合并 `<<`")
_KEY_TWICE = Text(
    "the key `{key}` on line {line} is written twice in its mapping", "第 {line} 行的键 `{key}` 在同一映射中写了两次"
)
_KEY_WITH_MARK = Text("the key `{key}` on line {line} is written with `?`", "第 {line} 行的键 `{key}` 用 `?` 写成")


class Fate(Enum):
    """What happens to a part that does not get a value."""

    KEPT = "kept"
    GONE = "gone"


PartFate: TypeAlias = "Json | Fate"


class Difference(Struct, frozen=True):
    """What each entry or item as written becomes, and what is added at the end (keys None in a sequence).

    `between` are items that are added after the item with their index, which stays.
    """

    parts: tuple[PartFate, ...]
    added: tuple[tuple[str | None, Json], ...]
    between: tuple[tuple[int, Json], ...] = ()


class Sharing(Struct, frozen=True):
    """The anchors and aliases of a document: what stands at an anchor is read at each of its aliases too."""

    source: Source
    aliases: tuple[Alias, ...]
    key_aliases: tuple[Scalar, ...]

    def check_change(self, node: Node) -> None:
        """Refuse to change what is inside the node if it is read elsewhere too."""
        if not isinstance(node, Alias) and node.anchor is not None:
            self._check_anchor(node, node.anchor, node.start, node.start)

    def check_loss(self, nodes: Iterable[Node], start: int, end: int) -> None:
        """Refuse to take the text of the nodes away if an alias outside of it needs one of them."""
        for root in nodes:
            for node in walk(root):
                if not isinstance(node, Alias) and node.anchor is not None:
                    self._check_anchor(node, node.anchor, start, end)

    def _check_anchor(self, node: Node, anchor: str, start: int, end: int) -> None:
        uses = [alias.start for alias in self.aliases if alias.target.start == node.start and _anchor(alias) == anchor]
        text = self.source.text
        uses += [key.start for key in self.key_aliases if text[key.start + 1 : key.end] == anchor]
        outside = [use for use in uses if not start <= use < end]
        if outside:
            line, use = self.source.line(node.start), self.source.line(outside[0])
            raise EditRefused(_SHARED.of(line=line, use=use, anchor=anchor))


def _anchor(alias: Alias) -> str | None:
    return None if isinstance(alias.target, Alias) else alias.target.anchor


def sharing_of(source: Source, root: Node) -> Sharing:
    """The aliases of the document, those that stand as keys too."""
    aliases: list[Alias] = []
    keys: list[Scalar] = []
    for node in walk(root):
        if isinstance(node, Alias):
            aliases.append(node)
        elif isinstance(node, Scalar) and node.style is Style.PLAIN and source.text[node.start : node.end][:1] == "*":
            keys.append(node)
    return Sharing(source, tuple(aliases), tuple(keys))


def difference(source: Source, node: Node, wanted: Json) -> Difference | None:
    """How the node's parts lead to the data; None where the node can only be replaced as a whole.

    Raises:
        EditRefused: an alias, a merge or a key that is written twice or with `?` is in the way.
    """
    if isinstance(node, Mapping) and isinstance(wanted, dict):
        found = _mapping(source, node, wanted)
    elif isinstance(node, Sequence) and isinstance(wanted, list):
        found = _sequence(node, wanted)
    else:
        if isinstance(node, Alias) and isinstance(wanted, Fields | Items):
            name = source.text[node.start : node.end]
            raise EditRefused(_ALIAS.of(line=source.line(node.start), name=name, target=source.line(node.target.start)))
        return None
    return None if not wanted or all(part is Fate.GONE for part in found.parts) else found


def _mapping(source: Source, node: Mapping, wanted: dict[str, Json]) -> Difference:
    local = {str(entry.key.value): entry for entry in node.entries if not entry.merge}
    merged = _Merged(source, node, local)
    parts: list[PartFate] = []
    for entry in node.entries:
        key = str(entry.key.value)
        if entry.merge:
            parts.append(Fate.KEPT)
        elif local[key] is not entry or key in merged.after:
            # an earlier one of two equal keys, or one that a later merge overrides: it does not count
            parts.append(_overridden(source, local[key], entry, wanted, merged))
        elif key in wanted:
            changes = not same(to_json(entry.value), wanted[key])
            if changes:
                _check_key(source, node, entry)
            parts.append(wanted[key] if changes else Fate.KEPT)
        else:
            _check_key(source, node, entry)
            merged.check_absent(key)
            parts.append(Fate.GONE)
    return Difference(tuple(parts), tuple(merged.additions(wanted)))


def _overridden(source: Source, last: Entry, entry: Entry, wanted: dict[str, Json], merged: "_Merged") -> Fate:
    key = str(entry.key.value)
    value = merged.data[key] if key in merged.after else to_json(last.value)
    if key not in wanted or not same(wanted[key], value):
        why = _BY_MERGE if key in merged.after else _TWICE
        raise EditRefused(_OVERRIDDEN.of(key=key, line=source.line(entry.key.start), why=why))
    return Fate.KEPT


class _Merged:
    """What the `<<` entries of a mapping bring into it."""

    def __init__(self, source: Source, node: Mapping, local: dict[str, Entry]) -> None:
        merges = tuple(entry for entry in node.entries if entry.merge)
        self._source = source
        self._local = local
        self._line = source.line(merges[0].key.start) if merges else 0
        data = to_json(Mapping(node.start, node.end, merges, node.style)) if merges else None
        self.data: dict[str, Json] = data if isinstance(data, dict) else {}
        self.after = {
            key
            for key in self.data.keys() & local.keys()
            if any(m.key.start > local[key].key.start and key in _keys(m) for m in merges)
        }

    def check_absent(self, key: str) -> None:
        if key in self.data:
            raise EditRefused(_ALSO_MERGED.of(key=key, line=self._line))

    def additions(self, wanted: dict[str, Json]) -> list[tuple[str, Json]]:
        """The keys to write here because neither the mapping nor a merge gives them their value."""
        for key in self.data.keys() - self._local.keys() - wanted.keys():
            self.check_absent(key)
        added: list[tuple[str, Json]] = []
        for key, value in wanted.items():
            if key in self._local or (key in self.data and same(self.data[key], value)):
                continue
            if key in self.data and isinstance(value, Fields | Items):
                raise EditRefused(_ALL_MERGED.of(key=key, line=self._line))
            added.append((key, value))
        return added


def _keys(merge: Entry) -> set[str]:
    data = to_json(Mapping(0, 0, (merge,), Style.BLOCK))
    return set(data) if isinstance(data, dict) else set()


def _check_key(source: Source, node: Mapping, entry: Entry) -> None:
    line, key = source.line(entry.key.start), entry.key.value
    if sum(other.key.value == key and not other.merge for other in node.entries) > 1:
        raise EditRefused(_KEY_TWICE.of(key=str(key), line=line))
    if source.text[source.entry_start(entry)] == "?":
        raise EditRefused(_KEY_WITH_MARK.of(key=str(key), line=line))


def _sequence(node: Sequence, wanted: list[Json]) -> Difference:
    origins = wanted.origins if isinstance(wanted, Items) else aligned([to_json(item) for item in node.items], wanted)
    values = {origin: value for origin, value in zip(origins, wanted, strict=True) if origin is not None}
    parts: list[PartFate] = []
    for index, item in enumerate(node.items):
        if index not in values:
            parts.append(Fate.GONE)
        else:
            parts.append(Fate.KEPT if same(to_json(item), values[index]) else values[index])
    placed = max((place for place, origin in enumerate(origins) if origin is not None), default=-1)
    added = [(None, value) for value in wanted[placed + 1 :]]
    between: list[tuple[int, Json]] = []
    after = 0
    for origin, value in zip(origins[: placed + 1], wanted, strict=False):
        if origin is None:
            between.append((after, value))
        else:
            after = origin
    return Difference(tuple(parts), tuple(added), tuple(between))
