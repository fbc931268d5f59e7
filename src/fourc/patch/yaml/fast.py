"""Plain data of a YAML document straight from the parser's events, without a tree.

Whatever is rare (aliases, merges, errors) is left to the tree, so that there is one place that decides it.
"""

from fourc.patch.yaml.compose import resolve_event
from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits
from fourc.patch.yaml.events import (
    DOCUMENT_START,
    MAPPING_END,
    MAPPING_START,
    SCALAR,
    SEQUENCE_END,
    SEQUENCE_START,
    NextEvent,
    events,
)
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.resolve import MAYBE_TYPED, json_value, key_text


class NeedsTreeError(Exception):
    """The document is not of the plain kind that is read here."""


def load_plain(document: RawDocument, limits: Limits) -> Json:
    """The document's data, None if it is empty.

    Raises:
        NeedsTreeError: it has an alias, a merge or too many levels.
        UnresolvableError: it has a scalar that kubectl refuses.
        YAMLError, UnicodeError: libyaml's.
    """
    following = events(document)
    following()
    if following().__class__ is not DOCUMENT_START:
        return None
    event = following()
    cls = event.__class__
    if cls is MAPPING_START:
        data: Json = _mapping(following, limits.max_nesting)
    elif cls is SEQUENCE_START:
        data = _sequence(following, limits.max_nesting)
    elif cls is SCALAR:
        data = json_value(resolve_event(event))
    else:
        raise NeedsTreeError
    following()
    return data


def _mapping(following: NextEvent, levels: int) -> dict[str, Json]:
    if levels <= 0:
        raise NeedsTreeError
    out: dict[str, Json] = {}
    typed = MAYBE_TYPED
    while True:
        event = following()
        if event.__class__ is MAPPING_END:
            return out
        if event.__class__ is not SCALAR or event.value == "<<":
            raise NeedsTreeError
        key = event.value
        if event.tag is not None or (not event.style and key[:1] in typed):
            key = key_text(resolve_event(event))
        event = following()
        cls = event.__class__
        if cls is SCALAR:
            value: Json = event.value
            if event.tag is not None or (not event.style and event.value[:1] in typed):
                value = json_value(resolve_event(event))
            out[key] = value
        elif cls is MAPPING_START:
            out[key] = _mapping(following, levels - 1)
        elif cls is SEQUENCE_START:
            out[key] = _sequence(following, levels - 1)
        else:
            raise NeedsTreeError


def _sequence(following: NextEvent, levels: int) -> list[Json]:
    if levels <= 0:
        raise NeedsTreeError
    out: list[Json] = []
    typed = MAYBE_TYPED
    while True:
        event = following()
        cls = event.__class__
        if cls is SCALAR:
            value: Json = event.value
            if event.tag is not None or (not event.style and event.value[:1] in typed):
                value = json_value(resolve_event(event))
            out.append(value)
        elif cls is MAPPING_START:
            out.append(_mapping(following, levels - 1))
        elif cls is SEQUENCE_START:
            out.append(_sequence(following, levels - 1))
        elif cls is SEQUENCE_END:
            return out
        else:
            raise NeedsTreeError
