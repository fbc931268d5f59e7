"""XML read for its texts and attributes; broken XML gives what can be read of it."""

from collections.abc import Iterator

from fourc.secrets.files.leaf import MAX_DEPTH, Leaf, plain
from fourc.secrets.late import late

_TOKEN = late(
    rb"""(?sx)
      <!--.*?(?:-->|\Z) | <!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z) | <[!?][^<>]*+>?
    | </(?P<close>[\w:.-]++)\s*+> | <(?P<open>[\w:.-]++)(?P<attributes>(?:[^<>"']++|"[^"]{0,20000}+"|'[^']{0,20000}+')*+)>
    | (?P<text>[^<]++) | <
    """
)
_ATTRIBUTE = late(rb"""(?s)(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LABELS = ("key", "name", "id", "property", "connectionname")
_VALUES = ("value", "val", "connectionstring")


def leaves(text: bytes) -> Iterator[Leaf]:
    """Texts named by their elements, attributes by element and attribute.

    An element that names itself (`<add key="Password" value="…"/>`, `<property name="password">…</property>`) goes by that name.
    """
    from html import unescape  # noqa: PLC0415 - two thousand names, and few commits have XML

    names: list[str] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "close":
            if names:
                names.pop()
        elif kind == "attributes":
            attributes = [
                (plain(found[1]), *found.span(found.lastindex or 2))
                for found in _ATTRIBUTE.finditer(text, *match.span(kind))
            ]
            label = next((plain(text[a:b]) for key, a, b in attributes if key.lower() in _LABELS), "") or plain(
                match["open"]
            )
            names.append(label)
            if len(names) <= MAX_DEPTH:
                for key, start, end in attributes:
                    path = tuple(names) if key.lower() in _VALUES else (*names, key)
                    yield Leaf(path, start, end, unescape(plain(text[start:end])))
            if match["attributes"].endswith(b"/"):
                names.pop()
        elif kind in {"text", "cdata"} and len(names) <= MAX_DEPTH:
            raw = match[kind]
            value = plain(raw).strip()
            if value:
                start = match.start(kind) + len(raw) - len(raw.lstrip())
                yield Leaf(tuple(names), start, start + len(raw.strip()), value if kind == "cdata" else unescape(value))
