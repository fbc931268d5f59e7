"""Lines that give a name a value: environment files, properties, INI and TOML, and files that only put a space between."""

from collections.abc import Iterator

from fourc.secrets.files.flow_text import unescape
from fourc.secrets.files.leaf import Leaf, Reader, plain
from fourc.secrets.late import late

_LINE = (
    rb"""(?smx) ^(?:\xef\xbb\xbf)?[ \t]*+ (?: \[\[?+(?P<section>[^\]\r\n]*+)\] | (?:(?:SHELL)[ \t]++|\$env:)?
    ["']?(?P<name>[^\s=:"'\#;!\[<({][^\s=:"'\[]*+(?:\[[^\]\n]{0,80}\][^\s=:"']*+)?)["']? [ \t]*+ (?:SEPARATOR) [ \t]*+
    (?: \"{3}(?P<long>.*?)(?:\"{3}|\Z) | "(?P<double>(?:[^"\\]++|\\.)*+)"(?=[^\w"]|\Z) | '(?P<single>[^']*+)'(?=[^\w']|\Z)
    | (?P<bare>[^\r\n]*+) ) )"""
).replace(b"SHELL", rb"export|set|setx|setenv|declare[ ]-x|SetEnv|fastcgi_param|variable")
_INLINE_COMMENT = late(rb"(?<![ \t])[ \t]++(?:[#;]|//|--[ ])")
_UNICODE = late(r"\\u([0-9a-fA-F]{4})")
_PROPERTY_ESCAPE = late(r"\\([:=#! \\])")


def pairs(separator: str, *, comments: bool = True) -> Reader:
    r"""A reader of `name separator value` lines (`separator` in RE syntax); `comments` may end a value."""
    line = late(_LINE.replace(b"SEPARATOR", separator.encode()))

    def read(text: bytes) -> Iterator[Leaf]:
        section: tuple[str, ...] = ()
        for match in line.finditer(text):
            if match["section"] is not None:
                section = (plain(match["section"]).strip("\"' "),)
                continue
            kind = match.lastgroup or "bare"
            start, end = match.span(kind)
            if kind == "bare":
                cut = _INLINE_COMMENT.search(text, start, end) if comments else None
                end = start + len(text[start : cut.start() if cut else end].rstrip(b"; ,\t" if comments else b" \t"))
            raw = text[start:end]
            value = unescape(raw) if kind == "double" else plain(raw)
            yield Leaf((*section, plain(match["name"])), start, end, value if comments else _unescaped(value))

    return read


def _unescaped(value: str) -> str:
    r"""A value of Java's properties, where `\u4f60` is a character and `\:` a colon."""
    if "\\" not in value:
        return value
    value = _UNICODE.sub(lambda match: chr(int(match[1], 16)) if match[1][0] not in "dD" else match[0], value)
    return _PROPERTY_ESCAPE.sub(r"\1", value)


ASSIGNED = pairs(r"=")
"""`NAME=value`, as in environment files, INI and TOML."""

PROPERTIES = pairs(r"[=:]|(?<=[ \t])", comments=False)
"""Java's properties (`java.util.Properties.load`): `name=value`, `name: value`, `name value`; only the line ends a value."""

INI = pairs(r"[=:]")

SPACED = pairs(r"(?<=[ \t])=?")
"""`name value`, as in the configuration of Redis, msmtp or OpenLDAP."""
