r"""A file's bytes as text, and the text as documents, exactly where kubectl cuts.

kubectl does not look for YAML's document markers. Its reader (`YAMLOrJSONDecoder` in k8s.io/apimachinery
v0.32) takes a file that starts with `{` (white space aside) as a stream of JSON values. Any other file it
cuts at lines that start with `---` and hold nothing else but white space or a comment; any other text after
`---` (`----`, `--- a: 1`) is an error that also loses the document before it. An indented `---` cuts nothing.
Each piece is then read up to its own first
document: what follows `...` is never read, and a `%YAML` directive is cut off from its document.

Differences that are meant: kubectl reads some UTF-16BE files and replaces invalid UTF-8 in JSON; here both
are errors.
"""

import re
from collections.abc import Iterator

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import DEFAULT_LIMITS, Limits, YamlError
from fourc.patch.yaml.json_text import split_json
from fourc.patch.yaml.lines import position_in

# what Go's unicode.IsSpace holds
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SNIFFED = 4096  # bytes in which kubectl looks for the `{`
_SEPARATOR = re.compile(r"^---", re.MULTILINE)
_EMPTY = re.compile(
    r"\ufeff?(?:---(?=\s|\Z))?+(?: *+(?:#[^\n\r\x85\u2028\u2029]*+)?+(?:[\n\r\x85\u2028\u2029]|\Z))*+\Z"
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF8_HINT = "save the file as UTF-8, as kubectl needs it"


def decode(data: bytes) -> str:
    """The text of the bytes, every character kept (a byte order mark too): it encodes back to the same bytes.

    Raises:
        YamlError: not UTF-8, or a NUL.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = position_in(before, len(before))
        what = "UTF-16" if data.startswith(_UTF16) else f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise YamlError(what, line=line, column=column, hint=_UTF8_HINT) from error
    nul = text.find("\0")
    if nul >= 0:
        line, column = position_in(text, nul)
        raise YamlError("a NUL character", line=line, column=column, hint=_UTF8_HINT)
    return text


def split(text: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[RawDocument]:
    """The documents of a file's text that hold more than comments and white space, in order.

    Raises:
        YamlError: from here on kubectl reads nothing more of this file.
    """
    if _is_json(text):
        yield from split_json(RawDocument(text, 0, 1, 0, is_json=True), limits)
        return
    index = counted = 0
    line = 1
    for start, end in _yaml_spans(text):
        if not _EMPTY.match(text, start, end):
            line += text.count("\n", counted, start)
            counted = start
            yield RawDocument(text[start:end], start, line, index)
            index += 1


def _is_json(text: str) -> bool:
    rest = text.lstrip(_SPACE) if text[:1] in _SPACE else text
    skipped = len(text) - len(rest)
    return rest.startswith("{") and len(text[:skipped].encode()) < _SNIFFED


def _yaml_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SEPARATOR.finditer(text):
        end_of_line = text.find("\n", match.end())
        end_of_line = len(text) if end_of_line < 0 else end_of_line
        rest = text[match.end() : end_of_line].strip(_SPACE)
        if rest and not rest.startswith("#"):
            line, column = position_in(text, match.end())
            raise YamlError(f"`{rest[:40]}` after the document separator `---`", line=line, column=column)
        if match.start() > start:
            yield start, match.start()
            start = min(end_of_line + 1, len(text))
        # else the separator opens the document and belongs to it
    yield start, len(text)
