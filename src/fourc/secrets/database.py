"""All that is looked for, as one vectorscan database: one pass over a text says where anything may be.

A database is for one kind of processor and one version of the library; `name_of` tells it apart. It is compiled once (seconds)
and then kept as bytes, which load in a few milliseconds: what the rules begin with, then what the library makes of it.
"""

import re
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import accumulate, pairwise

from msgspec import Struct, json, msgpack

from fourc.errors import FourcError
from fourc.secrets.beginnings import Beginning, beginning
from fourc.secrets.decoding import PATTERNS
from fourc.secrets.syntax import UnsupportedError, parse, written
from fourc.text import Text


class DatabaseError(FourcError):
    """The patterns, or the bytes, make no database here."""


_REFUSED = Text("vectorscan cannot compile the rules: {why}", "vectorscan 无法编译规则：{why}")
_FOREIGN = Text("the bytes are no pattern database of this machine", "这些字节不是本机的模式数据库")
_SLOWER = Text("the scan goes on without it, only slower", "扫描会在没有它的情况下继续，只是更慢")
_WORDLESS = frozenset({"base64", "hex"})
_FORMAT = 14
"""Higher with every change of what is made of the patterns, so that what was kept before is not used."""


_Head = tuple[list[Beginning | None], list[int]]


class Sought(Struct, frozen=True):
    """A rule's pattern, and what shows that a text is worth a look: one of `words` (patterns) or of `keywords`.

    Those are in lower case; ASCII letters of any case count. Without either any text is. What is `common` begins with words
    that most texts hold.
    """

    pattern: str
    words: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    common: bool = False


def is_available() -> bool:
    """Whether vectorscan is installed; without it everything is found too, only slower."""
    return find_spec("hyperscan") is not None


def name_of(sought: Sequence[Sought]) -> str:
    """What tells the compiled database from every other."""
    import hashlib  # noqa: PLC0415 - little input needs no database: nothing is loaded for one
    import platform  # noqa: PLC0415 - the same

    import hyperscan  # noqa: PLC0415 - not on every platform either

    told = (
        hyperscan.__version__,
        sys.platform,
        platform.machine(),
        _FORMAT,
        sought,
        PATTERNS,
    )
    return hashlib.sha256(msgpack.encode(told)).hexdigest()[:32]


def compiled(sought: Sequence[Sought]) -> bytes:
    """The database.

    Raises:
        DatabaseError: this processor is too old for the library.
    """
    import hyperscan  # noqa: PLC0415 - as above

    begins = [beginning(one.pattern) for one in sought]
    try:
        made = _made(sought, begins)
    except hyperscan.error:  # a user's pattern may be too large
        begins = [its if its and _is_fine(its.pattern) else None for its in begins]
        try:
            made = _made(sought, begins)
        except hyperscan.error as error:
            raise DatabaseError(_REFUSED.of(why=str(error)), hint=_SLOWER) from error
    return json.encode((begins, [*map(len, made)])) + b"\n" + b"".join(made)


def _made(sought: Sequence[Sought], begins: Sequence[Beginning | None]) -> list[bytes]:
    """Three: what is rare, what is common, what has no word in it. Each kind made the others slower that it was among."""
    rare: list[tuple[int, str]] = []
    common: list[tuple[int, str]] = []
    wordless: list[tuple[int, str]] = []
    for number, (one, its) in enumerate(zip(sought, begins, strict=True)):
        part = common if one.common else rare
        part += [(number, its.pattern)] if its else [(number, word) for word in over_bytes(one)]
    for number, (name, pattern) in enumerate(PATTERNS.items(), len(sought)):
        part = wordless if name in _WORDLESS else rare
        part.append((number, pattern))
    parts = (rare, common, wordless)
    return [
        _dumped([pattern for _, pattern in part], [number for number, _ in part]) if part else b"" for part in parts
    ]


def _dumped(patterns: Sequence[str], numbers: Sequence[int]) -> bytes:
    import hyperscan  # noqa: PLC0415 - as above

    database = hyperscan.Database()
    database.compile(
        expressions=[pattern.encode() for pattern in patterns],
        ids=numbers,
        flags=[hyperscan.HS_FLAG_MULTILINE] * len(patterns),
    )
    return hyperscan.dumpb(database)


def over_bytes(one: Sought) -> list[str]:
    """The patterns of its words; none if one of them is not understood: the rule is then looked for in any text."""
    try:
        return [written(parse(word)) for word in (*(f"(?i:{re.escape(k)})" for k in one.keywords), *one.words)]
    except UnsupportedError:
        return []


def _is_fine(pattern: str) -> bool:
    import hyperscan  # noqa: PLC0415 - as above

    try:
        _dumped([pattern], [0])
    except hyperscan.error:
        return False
    return True


class Database:
    """A loaded database. It keeps its scratch space, so one thread uses it at a time; a forked process may use its copy."""

    def __init__(self, data: bytes) -> None:
        """Load what `compiled` made.

        Raises:
            DatabaseError: it is broken, or was made for another machine or library.
        """
        import hyperscan  # noqa: PLC0415 - as above

        try:
            start = data.index(b"\n")
            self.beginnings, sizes = json.decode(memoryview(data)[:start], type=_Head)
            ends = accumulate(sizes, initial=start + 1)
            kinds = [hyperscan.loadb(data[a:b], hyperscan.HS_MODE_BLOCK) if a < b else None for a, b in pairwise(ends)]
            self._parts = [part for part in kinds if part]
            self._rare = [part for part in kinds[:1] if part]
            for part in self._parts:
                part.scratch = hyperscan.Scratch(part)
        except (hyperscan.error, ValueError, TypeError) as error:
            raise DatabaseError(_FOREIGN, hint=_SLOWER) from error

    knows_where = True

    def sightings(self, text: bytes | memoryview, *, rare: bool = False) -> list[tuple[int, int]]:
        """Where something may be: the offset at which a beginning ends, and the rule's number, by offset.

        The numbers after the rules' are the encodings' in their order. `rare` leaves out what is common, and may leave out
        encodings.
        """
        found: list[tuple[int, int]] = []
        append = found.append

        def saw(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            append((end, number))

        for part in self._rare if rare else self._parts:
            part.scan(text, match_event_handler=saw)
        found.sort()
        return found
