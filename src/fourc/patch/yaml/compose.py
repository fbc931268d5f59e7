"""One YAML document as a tree, from the events of libyaml's parser.

libyaml only tokenises and parses here; what scalars mean, what may be a key, a merge or an alias is decided
as sigs.k8s.io/yaml decides it. PyYAML's own composer is not used: it refuses an anchor that is defined twice,
which kubectl reads, and it recurses in C without a limit.
"""

import re
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits, YamlError
from fourc.patch.yaml.events import (
    ALIAS,
    DOCUMENT_START,
    MAPPING_END,
    MAPPING_START,
    SCALAR,
    SEQUENCE_END,
    ParserEvent,
    events,
)
from fourc.patch.yaml.expansion import check_expansion
from fourc.patch.yaml.lines import BOM, before_blank_lines
from fourc.patch.yaml.node import Alias, Entry, Mapping, Node, Scalar, Sequence, Style
from fourc.patch.yaml.reasons import ANCHOR_IN_ITSELF, KEY_NOT_SCALAR, MERGE_VALUE, NO_ANCHOR, TOO_DEEP
from fourc.patch.yaml.resolve import (
    MERGE_TAG,
    Resolved,
    UnresolvableError,
    json_value,
    key_text,
    resolve_plain,
    resolve_tagged,
)
from fourc.text import Text

_PROPERTIES = re.compile(r"(?:(?:&[A-Za-z0-9_-]+|!<[^>\s]*>|![^\s,\[\]{}]*)\s*(?:(?<=\s)#[^\n]*\s*)*)+")
_STYLES = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}


class _Open(Struct, frozen=True):
    """What an anchor stands for while its node is not complete."""

    name: str


class _Leaf(Struct, frozen=True):
    """An anchored scalar, with what it is as a key."""

    node: Scalar
    resolved: Resolved


_Anchored: TypeAlias = "_Open | _Leaf | Mapping | Sequence"


def compose_yaml(document: RawDocument, limits: Limits) -> Node | None:
    """The tree of the document, None if it holds no node.

    Raises:
        YamlError: see `reader.compose`.
        YAMLError, UnicodeError: libyaml's, not yet placed in the file.
    """
    return _Composer(document, limits).compose()


class _Composer:
    def __init__(self, document: RawDocument, limits: Limits) -> None:
        self._document = document
        self._limits = limits
        self._text = document.text
        # libyaml does not count a byte order mark that starts its input
        self._bom = 1 if document.text.startswith(BOM) else 0
        self._shift = document.offset + self._bom
        self._next = events(document)
        self._anchors: dict[str, _Anchored] = {}
        self._aliases = 0

    def compose(self) -> Node | None:
        self._next()
        if self._next().__class__ is not DOCUMENT_START:
            return None
        root = self._node(self._next(), 0)
        self._next()
        if self._aliases:
            check_expansion(root, self._document, self._limits)
        return root

    def _node(self, event: ParserEvent, depth: int) -> Node:
        if event.__class__ is SCALAR:
            return self._scalar(event)
        if event.__class__ is ALIAS:
            return self._alias(event)
        if depth >= self._limits.max_nesting:
            message = TOO_DEEP.of(limit=self._limits.max_nesting)
            raise self._error(event, message, too_large=True)
        opened = self._open(event)
        if event.__class__ is MAPPING_START:
            return self._close(opened, self._mapping(event, depth))
        return self._close(opened, self._sequence(event, depth))

    def _mapping(self, event: ParserEvent, depth: int) -> Mapping:
        entries: list[Entry] = []
        while (key_event := self._next()).__class__ is not MAPPING_END:
            key, merges = self._key(key_event)
            value = self._node(self._next(), depth + 1)
            if merges and not _can_merge(value):
                raise self._document.error(value.start - self._document.offset, MERGE_VALUE)
            if value.start == value.end and isinstance(value, Scalar):
                value = self._beside_key(key, value)
            entries.append(Entry(key, value, merges))
        start = self._content_start(event)
        closed = bool(event.flow_style) and self._text[start - self._document.offset] == "{"
        empty_or_closed = closed or not entries
        last = 0 if empty_or_closed else max(entries[-1].key.end, entries[-1].value.end)
        end = key_event.end_mark.index + self._shift if empty_or_closed else last
        return Mapping(start, end, tuple(entries), _collection_style(event), event.anchor)

    def _sequence(self, event: ParserEvent, depth: int) -> Sequence:
        items: list[Node] = []
        while (item := self._next()).__class__ is not SEQUENCE_END:
            items.append(self._node(item, depth + 1))
        end = item.end_mark.index + self._shift if event.flow_style or not items else items[-1].end
        return Sequence(self._content_start(event), end, tuple(items), _collection_style(event), event.anchor)

    def _scalar(self, event: ParserEvent) -> Scalar:
        try:
            resolved = resolve_event(event)
            value = json_value(resolved)
        except UnresolvableError as error:
            raise self._error(event, error.why) from error
        start, end = self._scalar_span(event)
        node = Scalar(start, end, value, _STYLES.get(event.style or "", Style.PLAIN), event.anchor, event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Leaf(node, resolved)
        return node

    def _beside_key(self, key: Scalar, value: Scalar) -> Scalar:
        """An empty value that has no colon is reported where the next thing starts: it belongs to its key."""
        between = self._text[key.end - self._document.offset : value.start - self._document.offset]
        return value if ":" in between else replace(value, start=key.end, end=key.end)

    def _key(self, event: ParserEvent) -> tuple[Scalar, bool]:
        """The key and whether it merges."""
        if event.__class__ is ALIAS:
            start, end = event.start_mark.index + self._shift, event.end_mark.index + self._shift
            target = self._target(event)
            if isinstance(target, _Leaf):
                return Scalar(start, end, self._key_text(event, target.resolved), Style.PLAIN), False
        if event.__class__ is not SCALAR:
            raise self._error(event, KEY_NOT_SCALAR)
        if event.anchor is not None:
            self._scalar(event)
        try:
            resolved = resolve_event(event)
        except UnresolvableError as error:
            raise self._error(event, error.why) from error
        merges = event.value == "<<" and (event.implicit[0] or event.tag == MERGE_TAG)
        start, end = self._scalar_span(event)
        text = self._key_text(event, resolved)
        style = _STYLES.get(event.style or "", Style.PLAIN)
        return Scalar(start, end, text, style, event.anchor, event.tag), merges

    def _key_text(self, event: ParserEvent, resolved: Resolved) -> str:
        try:
            return key_text(resolved)
        except UnresolvableError as error:
            raise self._error(event, error.why) from error

    def _alias(self, event: ParserEvent) -> Alias:
        target = self._target(event)
        node = target.node if isinstance(target, _Leaf) else target
        self._aliases += 1
        return Alias(event.start_mark.index + self._shift, event.end_mark.index + self._shift, node)

    def _target(self, event: ParserEvent) -> _Leaf | Mapping | Sequence:
        target = self._anchors.get(event.anchor or "")
        if target is None:
            raise self._error(event, NO_ANCHOR.of(name=event.anchor or ""))
        if isinstance(target, _Open):
            raise self._error(event, ANCHOR_IN_ITSELF.of(name=event.anchor or ""))
        return target

    def _open(self, event: ParserEvent) -> _Open | None:
        if event.anchor is None:
            return None
        opened = _Open(event.anchor)
        self._anchors[event.anchor] = opened
        return opened

    def _close(self, opened: _Open | None, node: Mapping | Sequence) -> Mapping | Sequence:
        # not if the anchor was defined again inside the node: the later definition stays
        if opened is not None and self._anchors[opened.name] is opened:
            self._anchors[opened.name] = node
        return node

    def _content_start(self, event: ParserEvent) -> int:
        """Where the node starts in the file, its anchor, tag and the comments between skipped."""
        start = event.start_mark.index + self._bom
        # an empty node can have an anchor or a tag alone, which then ends it
        if self._text[start : start + 1] in ("&", "!"):
            match = _PROPERTIES.match(self._text, start)
            start = match.end() if match is not None else start
        return start + self._document.offset

    def _scalar_span(self, event: ParserEvent) -> tuple[int, int]:
        # an empty scalar at the end can stand behind the line break that only the parser sees
        last = self._document.offset + len(self._text)
        start = min(event.start_mark.index + self._shift, last)
        end = min(event.end_mark.index + self._shift, last)
        if event.anchor is not None or event.tag is not None:
            start = min(self._content_start(event), end)
        if event.style in ("|", ">"):
            end = before_blank_lines(self._text, start - self._document.offset, end - self._document.offset)
            end += self._document.offset
        return start, end

    def _error(self, event: ParserEvent, message: Text, *, too_large: bool = False) -> YamlError:
        at = event.start_mark.index + self._bom
        return self._document.error(at, message, "too-large" if too_large else "malformed")


def resolve_event(event: ParserEvent) -> Resolved:
    """The value of a scalar that the parser reports.

    Raises:
        UnresolvableError: kubectl refuses it.
    """
    if event.tag is not None:
        return resolve_tagged(event.tag, event.value)
    return event.value if event.style else resolve_plain(event.value)


def _collection_style(event: ParserEvent) -> Style:
    return Style.FLOW if event.flow_style else Style.BLOCK


def _can_merge(node: Node) -> bool:
    if isinstance(node, Sequence):
        return all(_is_mapping(item) for item in node.items)
    return _is_mapping(node)


def _is_mapping(node: Node) -> bool:
    return isinstance(node.target if isinstance(node, Alias) else node, Mapping)
