"""Advisories in YAML as plain lists, mappings and strings: every scalar is text, and what could explode is refused."""

from typing import Any

import yaml

_MAX_DEPTH = 32
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class YamlError(ValueError):
    """A document that is no YAML, or more than an advisory needs: anchors, deep nesting, keys that are no text."""


def load(data: bytes) -> Any:  # noqa: ANN401 - decoded into typed shapes by each reader
    """The one document of a file; plain nulls are None, all other scalars are strings."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack: list[tuple[Any, list[str]]] = []
    result: Any = None
    documents = 0
    try:
        for event in yaml.parse(data, Loader=loader):
            match event:
                case yaml.ScalarEvent():
                    plain = not event.style and event.value in _NULLS
                    result = _placed(stack, None if plain else event.value)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    if len(stack) == _MAX_DEPTH:
                        raise YamlError("nested too deep")
                    stack.append(({} if isinstance(event, yaml.MappingStartEvent) else [], []))
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    result = _placed(stack, stack.pop()[0])
                case yaml.AliasEvent():
                    raise YamlError("anchors are not read")
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise YamlError("more than one document")
                case _:
                    pass  # ends, and the stream itself
    except (yaml.YAMLError, UnicodeError) as error:
        raise YamlError(" ".join(str(error).split())[:200]) from error
    return result


def _placed(stack: list[tuple[Any, list[str]]], value: Any) -> Any:  # noqa: ANN401 - as above
    """Put a value where it belongs; the value itself where nothing is open."""
    if not stack:
        return value
    holder, keys = stack[-1]
    if isinstance(holder, list):
        holder.append(value)
    elif keys:
        holder[keys.pop()] = value
    elif value is None or isinstance(value, str):
        keys.append(value or "")
    else:
        raise YamlError("a key that is no text")
    return None
