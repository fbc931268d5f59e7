r"""A file's bytes as text, and the text as documents, exactly where kubectl cuts.

kubectl does not look for YAML's document markers. Its reader (`YAMLOrJSONDecoder` in k8s.io/apimachinery
v0.32) takes a file that starts with `{` (white space aside) as a stream of JSON values. Any other file it
cuts at lines that start with `---` and hold nothing else but white space or a comment; any other text after
`---` (`----`, `--- a: 1`) is an error that also loses the document before it. An indented `---` cuts nothing.
Each piece is then read up to its own first
document: what follows `...` is never read, and a `%YAML` directive is cut off from its document.

One difference is meant: kubectl replaces bytes that are no text by U+FFFD; here they are an error.
"""

import re
from collections.abc import Iterator

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import DEFAULT_LIMITS, Limits, YamlError
from fourc.patch.yaml.json_text import split_json
from fourc.patch.yaml.lines import BOM, position_in
from fourc.patch.yaml.reasons import AFTER_SEPARATOR, NUL, SAVE_AS_UTF8, WRONG_BYTE

# what Go's unicode.IsSpace holds
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SNIFFED = 4096  # bytes in which kubectl looks for the `{`
_SEPARATOR = re.compile(r"^---", re.MULTILINE)
_EMPTY = re.compile(
    r"\ufeff?(?:---(?=\s|\Z))?+(?: *+(?:#[^\n\r\x85\u2028\u2029]*+)?+(?:[\n\r\x85\u2028\u2029]|\Z))*+\Z"
)
_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes) -> str:
    """The text of the bytes: UTF-8, or UTF-16 that starts with a byte order mark, as kubectl takes them.

    Every character is kept, a byte order mark too, so that `encode` gives the same bytes back.

    Raises:
        YamlError: in neither encoding, or with a NUL.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding)
        line, column = position_in(before, len(before))
        what = WRONG_BYTE.of(byte=f"{data[error.start]:02x}", encoding=encoding.upper())
        raise YamlError(what, line=line, column=column, hint=SAVE_AS_UTF8) from error
    nul = text.find("\0")
    if nul >= 0:
        line, column = position_in(text, nul)
        raise YamlError(NUL, line=line, column=column, hint=SAVE_AS_UTF8)
    return text


def encode(text: str, original: bytes) -> bytes:
    """The bytes of an edited text, in the encoding of the file that it was decoded from."""
    return text.encode(_encoding(original))


def split(text: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[RawDocument]:
    """The documents of a file's text that hold more than comments and white space, in order.

    Raises:
        YamlError: from here on kubectl reads nothing more of this file.
    """
    body = text.removeprefix(BOM)
    shift = len(text) - len(body)
    if _is_json(body):
        yield from split_json(RawDocument(body, shift, 1, 0, is_json=True), limits)
        return
    index = counted = 0
    line = 1
    for start, end in _yaml_spans(body):
        if not _EMPTY.match(body, start, end):
            line += body.count("\n", counted, start)
            counted = start
            yield RawDocument(body[start:end], shift + start, line, index)
            index += 1


def readable(text: str) -> Iterator[RawDocument]:
    """The documents of a text up to the place, if any, from which on it cannot be cut into documents."""
    try:
        yield from split(text)
    except YamlError:
        return  # whoever collected the file has told of it as a gap; what stands before it counts


def _encoding(data: bytes) -> str:
    return next((name for mark, name in _UTF16 if data.startswith(mark)), "utf-8")


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
            raise YamlError(AFTER_SEPARATOR.of(text=rest[:40]), line=line, column=column)
        if match.start() > start:
            yield start, match.start()
            start = min(end_of_line + 1, len(text))
        # else the separator opens the document and belongs to it
    yield start, len(text)
