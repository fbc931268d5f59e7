"""YAML of lock files as plain data, straight from libyaml's events: every scalar is the text that stands there.

A version `1.10` stays what it is. An alias is the thing itself, not a copy, so that a bomb of them weighs nothing; levels and
nodes are bounded.
"""

from collections.abc import Iterator
from typing import TypeAlias

from fourc.collect.packages.decoding import text_of
from fourc.collect.packages.errors import malformed, nested, too_large
from fourc.collect.packages.form import Given
from fourc.collect.packages.limits import LEVELS, NODES
from fourc.collect.packages.values import Table
from fourc.text import Text

Node: TypeAlias = "str | dict[str, Node] | list[Node]"
_YAML = Text("it is not YAML ({what})", "不是 YAML（{what}）")
_MANY = Text("it has more than {limit} values", "超过 {limit} 个值")


def yaml_of(given: Given) -> list[Table]:
    """Its documents that are mappings.

    Raises:
        PackagesError: it is no YAML, or has more levels or nodes than any real file.
    """
    import yaml  # noqa: PLC0415 - 20 ms, for few files

    try:
        return [each for each in _documents(given) if isinstance(each, dict)]
    except yaml.YAMLError as error:
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise malformed(given.path, _YAML.of(what=str(what)[:200])) from error


def _documents(given: Given) -> Iterator[Node]:  # noqa: C901, PLR0912 - one loop over all events
    import yaml  # noqa: PLC0415 - as above
    from yaml import events  # noqa: PLC0415 - as above

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    anchors: dict[str, Node] = {}
    above: list[tuple[Node, str | None]] = []
    inner: Node = []
    key: str | None = None
    nodes = 0
    for event in yaml.parse(text_of(given), Loader=loader):
        value: Node
        if isinstance(event, events.ScalarEvent):
            value = event.value
        elif isinstance(event, events.MappingStartEvent):
            value = {}
        elif isinstance(event, events.SequenceStartEvent):
            value = []
        elif isinstance(event, events.AliasEvent):
            value = anchors.get(event.anchor or "", "")
        else:
            if isinstance(event, events.CollectionEndEvent):
                inner, key = above.pop()
            elif isinstance(event, events.DocumentStartEvent):
                anchors, above, inner, key = {}, [], [], None
            elif isinstance(event, events.DocumentEndEvent) and isinstance(inner, list) and inner:
                yield inner[0]
            continue
        nodes += 1
        if nodes > NODES:
            raise too_large(given.path, _MANY.of(limit=NODES))
        if len(above) > LEVELS:
            raise nested(given.path)
        if isinstance(inner, list):
            inner.append(value)
        elif isinstance(inner, dict):
            if key is None:
                # a key that is a collection or an alias names nothing that is asked for
                key = value if isinstance(value, str) else ""
                if isinstance(value, str):
                    continue
            else:
                inner[key] = value
                key = None
        if event.anchor is not None and not isinstance(event, events.AliasEvent):
            anchors[event.anchor] = value
        if isinstance(event, events.CollectionStartEvent):
            above.append((inner, key))
            inner, key = value, None
