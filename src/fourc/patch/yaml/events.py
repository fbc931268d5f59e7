"""libyaml's parser, with types for what it reports."""

from collections.abc import Callable
from typing import Protocol, TypeAlias, cast

from yaml import events as kinds
from yaml._yaml import CParser

from fourc.patch.yaml.document import RawDocument


class Mark(Protocol):
    """A place in the parser's input, in characters, without a byte order mark that starts it."""

    @property
    def index(self) -> int: ...


class ParserEvent(Protocol):
    """Any event; each has the marks, the rest stands on those kinds that it makes sense for."""

    @property
    def start_mark(self) -> Mark: ...
    @property
    def end_mark(self) -> Mark: ...
    @property
    def anchor(self) -> str | None: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def value(self) -> str: ...
    @property
    def style(self) -> str | None: ...
    @property
    def flow_style(self) -> bool | None: ...
    @property
    def implicit(self) -> tuple[bool, bool]: ...


# What `event.__class__` is compared with, which is quicker than `isinstance`; libyaml's binding makes no
# subclasses.
DOCUMENT_START: type[object] = kinds.DocumentStartEvent
DOCUMENT_END: type[object] = kinds.DocumentEndEvent
STREAM_END: type[object] = kinds.StreamEndEvent
MAPPING_START: type[object] = kinds.MappingStartEvent
MAPPING_END: type[object] = kinds.MappingEndEvent
SEQUENCE_START: type[object] = kinds.SequenceStartEvent
SEQUENCE_END: type[object] = kinds.SequenceEndEvent
SCALAR: type[object] = kinds.ScalarEvent
ALIAS: type[object] = kinds.AliasEvent

NextEvent: TypeAlias = Callable[[], ParserEvent]


def events(document: RawDocument) -> NextEvent:
    """A function that returns the next event of the document at each call."""
    return cast("NextEvent", CParser(source_text(document)).get_event)


def parse_all(document: RawDocument) -> None:
    """Parse the document and everything after it without making Python objects."""
    CParser(source_text(document)).raw_parse()


def source_text(document: RawDocument) -> str:
    """The text that kubectl hands to its parser: every line of it ends with a line break."""
    return document.text if document.text.endswith("\n") else document.text + "\n"
