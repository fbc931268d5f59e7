"""Which formats a file may have, by its name and by how it begins: asked for every file, so it must cost next to nothing."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from functools import cache, lru_cache

import re2
from msgspec import Struct

from fourc.secrets.files import (
    automation,
    clients,
    clouds,
    databases,
    docker,
    frameworks,
    kubernetes,
    packages,
    private_keys,
    servers,
    shell,
)
from fourc.secrets.files.format import Format
from fourc.secrets.files.nesting import is_too_deep
from fourc.secrets.hit import DeepError, Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Rule

# Of formats that name the same value, the first is told: what is known exactly before what only sounds like a secret.
FORMATS: tuple[Format, ...] = (
    *docker.FORMATS,
    *private_keys.FORMATS,
    *kubernetes.FORMATS,
    *databases.FORMATS,
    *packages.FORMATS,
    *clouds.FORMATS,
    *clients.FORMATS,
    *servers.FORMATS,
    *automation.FORMATS,
    *frameworks.FORMATS,
    *shell.FORMATS,
)

# Their rows stand in `rules/`, where the same secrets are known by their look in any file.
_KNOWN_ELSEWHERE = frozenset({"kubernetes-secret-yaml", "nuget-config-password", "pkcs12-file", "private-key"})

RULES: tuple[Rule, ...] = tuple(
    {row.id: row for format_ in FORMATS for row in format_.rules if row.id not in _KNOWN_ELSEWHERE}.values()
)

_WILD = late(r"[*?\[]")
# Sources and pictures: what no format but those found by the whole name or the ending is for.
_SOURCES = """
    .go .c .h .cc .cpp .hpp .cs .rs .java .kt .scala .swift .m .ts .tsx .jsx .mjs .vue .rb .pl .lua .erl .ex .hs .ml
    .md .rst .adoc .html .css .scss .less .svg .png .jpg .jpeg .gif .ico .woff .woff2 .ttf .map .proto .sum .mod
    .lock .snap .po .csv .parquet .so .o .a .class .jar .whl .zip .gz .pdf .ipynb .patch .diff .d.ts
"""
_OTHER = frozenset(_SOURCES.split())
_KEY_BEGINNINGS = frozenset(
    {b"-", b"P", b"<", b"{", b"\xef", b"\xfe", b"\xce", b"\x05", b"\x94", b"\x95", b"\x97", b"\xc5", b"0"}
)
_KEY_HEAD = late(
    rb"(?:\xef\xbb\xbf)?(?:-{4}|PuTTY-User-Key-File-|<RSAKeyValue>|\{\s{0,100}\"(?:kty|keys|k|d|n)\")"
    rb"|\xfe\xed\xfe\xed|\xce\xce\xce\xce|\x05\x02\0\0|[\x94\x95\x97\xc5].{1,5}?[\4\5\6]|\x30[\x10-\x84].{0,4}?[\x02\x30]",
    re.DOTALL,
)


_KEPT = 4096
"""Paths of which the formats are kept: those of a history come again and again."""


class _Wild(Struct, frozen=True):
    """A name with a wildcard, and its longest text, which is in the paths that it is for."""

    name: str
    text: str
    format: Format

    def is_for(self, path: str, base: str) -> bool:
        """Whether the file has the name."""
        return self.text in path and _pattern(self.name).match(path if "/" in self.name else base) is not None


def _index() -> tuple[dict[str, list[Format]], dict[str, list[_Wild]], list[_Wild]]:
    """Formats by a whole name or an ending; names that say more by the part that they tell whole; those that tell none.

    The last are for nothing that is a source or a picture.
    """
    by_part: dict[str, list[Format]] = {}
    more: dict[str, list[_Wild]] = {}
    inner: list[_Wild] = []
    for format_ in FORMATS:
        for name in format_.names:
            base = name.rpartition("/")[2]
            part = next((part for part in (base, *_parts(base)) if not _WILD.search(part) and (part or not name)), None)
            if part is not None and name in {part, f"*{part}"}:
                by_part.setdefault(part, []).append(format_)
            else:
                text = max((text for text in _WILD.split(name) if text != part), key=len)
                (inner if part is None else more.setdefault(part, [])).append(_Wild(name, text, format_))
    return by_part, more, inner


def _parts(base: str) -> tuple[str, str]:
    """The ending, and the beginning up to a dot inside: `.env` of `.env.production.local`."""
    dot = base.find(".", 1)
    return base[base.rfind(".") :] if "." in base else "", base[:dot] if dot > 0 else base


_BY_PART, _MORE, _INNER = _index()


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(translate(name))


@cache
def _texts() -> re2.Set:
    """Tells which of the names that tell no part whole a path may have: few paths have any."""
    texts = re2.Set.SearchSet()
    for wild in _INNER:
        texts.Add(re.escape(wild.text).encode())
    texts.Compile()
    return texts


@cache
def _every(part: str) -> list[Format]:
    """The formats of every file with this name or ending."""
    return sorted(_BY_PART.get(part, ()), key=_ORDER.__getitem__)


@lru_cache(_KEPT)
def formats(path: str) -> Sequence[Format]:
    """The formats that a file may have by its name, the exactest first; whether it has one, its content says."""
    path = f"/{path.lower()}"
    base = path[path.rfind("/") + 1 :]
    ending, beginning = _parts(base)
    found = _every(ending)
    if base in _BY_PART:
        found = [*found, *_every(base)]
    wild = [*_MORE.get(ending, ()), *_MORE.get(beginning, ()), *_MORE.get(base, ())]
    if ending not in _OTHER:
        wild += [_INNER[number] for number in _texts().Match(path.encode("utf-8", "replace")) or ()]
    named = [one.format for one in wild if one.is_for(path, base)] if wild else []
    return sorted({*found, *named}, key=_ORDER.__getitem__) if named or len(found) > 1 else found


_ORDER = {format_: number for number, format_ in enumerate(FORMATS)}


def _has_any(text: bytes, parts: Sequence[bytes]) -> bool:
    """Asked for nearly every file: a loop is half the price of `any`."""
    for part in parts:  # noqa: SIM110
        if part in text:
            return True
    return False


def entries(path: str, text: bytes) -> Iterator[Hit]:
    """The secrets that stand in a file because of what file it is, as far as its values are followed."""
    try:
        yield from entries_or_deep(path, text)
    except DeepError:
        return


def entries_or_deep(path: str, text: bytes) -> Iterator[Hit]:
    """The secrets that stand in a file because of what file it is; each place is told by one format.

    A place may hold several: one encoded text the passwords of two registries.

    Raises:
        DeepError: all that could be told has been, and some of the file nests too deep for that.
    """
    found = formats(path)
    if text[:1] in _KEY_BEGINNINGS and _KEY_HEAD.match(text) and private_keys.FORMATS[0] not in found:
        found = (*private_keys.FORMATS, *found)
    seen: set[int] = set()
    read = False
    for format_ in found:
        if format_.holds and not _has_any(text, format_.holds):
            continue
        if format_.lacks and _has_any(text, format_.lacks):
            continue
        read = read or format_.find is not private_keys.FORMATS[0].find
        told = {(hit.start, hit.value, hit.rule): hit for hit in format_.find(text) if hit.start not in seen}
        yield from told.values()
        seen.update(start for start, *_ in told)
    if read and is_too_deep(text):
        raise DeepError
