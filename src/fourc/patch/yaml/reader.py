r"""Kubernetes manifests as kubectl reads them: the public face of the YAML and JSON reader.

    text = decode(data)
    for document in split(text):
        data = load(document)          # or: tree = compose(document); to_json(tree) == data

Every function raises `YamlError` and nothing else for whatever text it is given. The rules are those of kubectl
1.32 (apimachinery v0.32, sigs.k8s.io/yaml v1.4), which does not look at a document again after it became JSON:
duplicate keys are no error and the last one counts, whatever `--validate` says.

Known differences, most of them where libyaml's scanner is newer than the one in go-yaml v2:

- `?` inside a plain scalar of a flow collection (`[http://a/?b]`) is read here, kubectl refuses it;
- `,`, `[` and `]` end a tag here, for kubectl they belong to it (`!a,b`);
- in double quotes `\'` is an error here and an apostrophe for kubectl, `\/` is a slash here and an error for kubectl;
- `{a:}` is an error here and has the key `a:` for kubectl;
- a byte order mark at the start of a later line is skipped here, for kubectl it is a character of the text;
- after a complete flow collection at the top of a document kubectl ignores the rest of it (`[] a: b`), here some
  such rests are errors;
- a value that JSON cannot hold (`.nan`) is an error here even where a later duplicate of its key hides it;
- keys that become equal only as strings (`1` and `"1"`): kubectl keeps one by chance, here the last one counts;
- bytes that are not UTF-8 are an error here, kubectl replaces them by U+FFFD;
- nesting is limited to `Limits.max_nesting`, for kubectl to 10,000.

Later kubectl versions take a stream that mixes JSON and YAML documents; 1.32 does not, and neither does this.
"""

from yaml import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from fourc.patch.yaml.by_lines import load_lines
from fourc.patch.yaml.compose import compose_yaml
from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import DEFAULT_LIMITS, Limits, YamlError
from fourc.patch.yaml.events import (
    DOCUMENT_END,
    MAPPING_END,
    MAPPING_START,
    SEQUENCE_END,
    SEQUENCE_START,
    STREAM_END,
    events,
    parse_all,
    source_text,
)
from fourc.patch.yaml.expansion import find, to_json
from fourc.patch.yaml.fast import NeedsTreeError, load_plain
from fourc.patch.yaml.json_text import check_json, compose_json, load_json
from fourc.patch.yaml.lines import BOM, LineIndex
from fourc.patch.yaml.node import Json, Node
from fourc.patch.yaml.reasons import MUCH_TOO_DEEP, NOT_UNICODE, NOT_YAML, TOO_DEEP, TOO_LONG, of_library
from fourc.patch.yaml.resolve import UnresolvableError
from fourc.patch.yaml.split import decode, encode, readable, split

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "LineIndex",
    "RawDocument",
    "YamlError",
    "check_syntax",
    "compose",
    "decode",
    "encode",
    "find",
    "load",
    "readable",
    "split",
    "to_json",
]

_HARMLESS_BRACKETS = 1000  # the time libyaml takes grows with the square of the levels of flow collections


def compose(document: RawDocument, limits: Limits = DEFAULT_LIMITS) -> Node | None:
    """The document's tree, every place an offset into the file; None if there is nothing but comments.

    Raises:
        YamlError: kubectl could not read it, or it is past the limits.
    """
    _check_size(document, limits)
    try:
        return compose_json(document, limits) if document.is_json else compose_yaml(document, limits)
    except (YAMLError, UnicodeError) as error:
        raise _placed(document, error) from error
    except RecursionError as error:
        raise document.error(0, MUCH_TOO_DEEP, "too-large") from error


def load(document: RawDocument, limits: Limits = DEFAULT_LIMITS) -> Json:
    """The data that kubectl sends for the document, None if it is empty.

    It equals `to_json(compose(document))` and comes several times faster.

    Raises:
        YamlError: as `compose`.
    """
    _check_size(document, limits)
    try:
        return load_json(document, limits) if document.is_json else _load_yaml(document, limits)
    except (NeedsTreeError, UnresolvableError, YAMLError, UnicodeError, RecursionError):
        tree = compose(document, limits)
        return None if tree is None else to_json(tree)


def _load_yaml(document: RawDocument, limits: Limits) -> Json:
    try:
        return load_lines(document, limits)
    except NeedsTreeError:
        return load_plain(document, limits)


def check_syntax(document: RawDocument, limits: Limits = DEFAULT_LIMITS) -> None:
    """Say whether the text is well formed, several times faster than reading it.

    What only shows when values are resolved (unknown anchors, keys that are collections, wrong tags) passes.

    Raises:
        YamlError: kubectl could not parse it, or it is longer than the limits allow.
    """
    _check_size(document, limits)
    if document.is_json:
        check_json(document, limits)
        return
    if document.text.count("[") + document.text.count("{") > _HARMLESS_BRACKETS:
        _check_first_document(document, limits)
        return
    try:
        parse_all(document)
    except (YAMLError, UnicodeError):
        _check_first_document(document, limits)


def _check_first_document(document: RawDocument, limits: Limits) -> None:
    """As kubectl does, look no further than the first YAML document of the text."""
    depth = 0
    try:
        following = events(document)
        while (kind := (event := following()).__class__) not in (DOCUMENT_END, STREAM_END):
            if kind in (MAPPING_START, SEQUENCE_START):
                depth += 1
                if depth > limits.max_nesting:
                    bom = 1 if document.text.startswith(BOM) else 0
                    message = TOO_DEEP.of(limit=limits.max_nesting)
                    raise document.error(event.start_mark.index + bom, message, "too-large")
            elif kind in (MAPPING_END, SEQUENCE_END):
                depth -= 1
    except (YAMLError, UnicodeError) as error:
        raise _placed(document, error) from error


def _check_size(document: RawDocument, limits: Limits) -> None:
    if len(document.text) > limits.max_document_chars:
        message = TOO_LONG.of(size=len(document.text), limit=limits.max_document_chars)
        raise document.error(0, message, "too-large")


def _placed(document: RawDocument, error: YAMLError | UnicodeError) -> YamlError:
    """The parser's error with its place in the file."""
    bom = 1 if document.text.startswith(BOM) else 0
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        why = of_library(error.problem) if error.problem else NOT_YAML
        return document.error(mark.index + bom if mark else 0, why)
    if isinstance(error, ReaderError):
        before = source_text(document).encode()[: error.position].decode(errors="ignore")
        return document.error(len(before), of_library(str(error.reason)))
    at = error.start if isinstance(error, UnicodeEncodeError) else 0
    return document.error(at, NOT_UNICODE)
