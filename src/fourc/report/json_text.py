"""JSON for machines that people also look at: one value a line."""

import json
from collections.abc import Iterator, Mapping

import msgspec


def json_text(value: object) -> str:
    """What `json.dumps(value, ensure_ascii=False, indent=1)` gives, but for how floats are written; twenty times faster.

    An iterator is a list.
    """
    try:
        return msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=1).decode()
    except UnicodeEncodeError:  # half a character, which only some other program's file can hold
        return json.dumps(_whole(value), ensure_ascii=True, indent=1)


def _plain(value: object) -> object:
    if isinstance(value, Iterator):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} is no JSON")


def _whole(value: object) -> object:
    """The same with plain lists and dictionaries alone."""
    if isinstance(value, Mapping):
        return {key: _whole(child) for key, child in value.items()}
    return [_whole(child) for child in value] if isinstance(value, list | tuple | Iterator) else value
