"""What every match of a pattern begins with: short, rare enough to be looked for everywhere, and ending where it says."""

import re
from collections.abc import Iterable
from itertools import dropwhile, takewhile

from msgspec import Struct

from fourc.secrets.syntax import Atom, Choice, Edge, Node, Repeat, Sequence, UnsupportedError, longest, parse, written

_TELLING = 3
"""So many fixed characters in a row make a beginning rare enough."""
_OPTION = 2
"""So many fixed characters are worth a look for them where a match may hold them far from its beginning."""
_NAME = 4
"""And so many, the name of a provider."""
_WAYS = 150
"""A choice of so many characters goes on in many ways."""
_NARROW = 8
"""So many characters that are not just any make it rare enough, too."""
_LARGEST = 2000
"""What has more characters may take the database minutes to compile: a mistake, or a trap."""
_SHORT = 8
"""So much may stand before the first letter."""
_COUNTED = 4
"""A repeat that may have so many more than its least is taken for one without an upper bound."""
_COMMON = ("[^", r"\W", r"\D", r"\S", r"[\x00", r"[\x80")
_CODE = re.compile(r"[0-9A-Za-z]|\\x[0-7][0-9a-f]")
_LINES = 4
"""To look at so many lines before what was sighted is less than to look at all of a file."""
_NOT_BLANK = bytes(code for code in range(256) if not bytes([code]).isspace())
_FAR = 1024
"""What may be longer than this ends a beginning that is rare enough already."""


class Beginning(Struct, frozen=True, array_like=True):
    """A pattern over bytes such that every match holds a match of it that ends at most `reach` bytes after the match's start.

    `reach` is None where it cannot be told; then at most `breaks` lines that are not blank end between them, if that can.
    No match of the whole is longer than `longest`, if that can be told. Each begins with the characters of `opening`, and
    holds at its start a match of `probe`, which takes `probed` bytes at most. At most `within` bytes behind what is sighted
    each holds one of the texts in `later`, if there are any.
    """

    pattern: str
    reach: int | None
    longest: int | None
    opening: str = ""
    probe: str = ""
    probed: int = 0
    later: tuple[str, ...] = ()
    within: int = 0
    breaks: int | None = None


def beginning(pattern: str) -> Beginning | None:
    """The beginning of a pattern's matches; None where it is too common to be looked for, or the pattern is not understood."""
    try:
        tree = parse(pattern)
    except UnsupportedError:
        return None
    items = _parts(tree)
    kept = _cut(items)
    reach = longest(Sequence(tuple(kept)))
    trimmed = _from_letters(_trimmed(kept))
    last = len(trimmed) - 1
    shown = Sequence(
        tuple(
            _loosened(_one_byte(item) if place in {0, last} else item, place == 0, place == last)
            for place, item in enumerate(trimmed)
        )
    )
    if not _is_rare(shown) or _size(shown) > _LARGEST:
        return None
    probe = _bounded(items)
    probed = longest(probe) or 0
    if probed > _FAR:  # it would take as long as the whole
        probe, probed = Sequence(()), 0
    later, within = _later(items, kept)
    breaks = _breaks(Sequence(tuple(kept)))
    return Beginning(
        written(shown),
        reach,
        longest(tree),
        _opening(items),
        written(probe),
        probed,
        later,
        within,
        breaks if breaks is not None and breaks <= _LINES else None,
    )


def _bounded(items: list[Node]) -> Sequence:
    """The items up to the first that may go on for ever, this with its least number."""
    for place, item in enumerate(items):
        if longest(item) is None:
            shortened = _least(item)
            bounded = [shortened] if shortened and longest(shortened) is not None else []
            return Sequence((*items[:place], *bounded))
    return Sequence(())  # all of it has an end


def _breaks(node: Node) -> int | None:
    """The most gaps with line breaks in what the node matches, blank but for them; None where other lines may lie in it."""
    match node:
        case Atom(pattern=pattern):
            return _breaks_of(pattern)
        case Edge():
            return 0
        case Repeat(item=inner, most=most):
            each = _breaks(inner)
            if not each or isinstance(inner, Atom):
                return each  # blanks in a row are one gap
            return None if most is None else each * most
        case Sequence(items=parts) | Choice(branches=parts):
            known = [each for each in map(_breaks, parts) if each is not None]
            if len(known) < len(parts):
                return None
            return sum(known) if isinstance(node, Sequence) else max(known, default=0)


def _breaks_of(character: str) -> int | None:
    try:
        matches = re.compile(character.encode(), re.DOTALL).fullmatch
    except re.error:  # another syntax than Python's
        return None
    if not matches(b"\n"):
        return 0
    return None if any(matches(bytes([code])) for code in _NOT_BLANK) else 1


def _parts(node: Node) -> list[Node]:
    return [*node.items] if isinstance(node, Sequence) else [node]


def _opening(items: list[Node]) -> str:
    """The characters that a match begins with, as far as there is no choice, and enough of them to be worth a look."""
    text = _fixed(dropwhile(lambda item: isinstance(item, Edge), items))
    return text if len(text) >= _TELLING else ""


def _fixed(items: Iterable[Node]) -> str:
    """The characters that the items begin with, as far as there is no choice."""
    fixed = takewhile(_CODE.fullmatch, (item.pattern if isinstance(item, Atom) else "" for item in items))
    return "".join(code if len(code) == 1 else bytes.fromhex(code[2:]).decode() for code in fixed)


def _later(items: list[Node], kept: list[Node]) -> tuple[tuple[str, ...], int]:
    """The first choice among fixed texts behind what is kept, such as a command's options, and how far it may end from there."""
    seen = len(kept) - (kept[-1:] != items[len(kept) - 1 : len(kept)])  # of the last item there may be more
    for place in range(len(kept), len(items)):
        item, before = items[place], longest(Sequence(tuple(items[seen:place])))
        if isinstance(item, Choice) and before is not None:
            texts = tuple(_fixed(_parts(branch)) for branch in item.branches)
            if all(len(text) >= _OPTION for text in texts):
                return texts, before + max(map(len, texts))
    return (), 0


def _cut(items: list[Node]) -> list[Node]:
    """The items up to where it is rare enough and anything may follow for long, or to the last that must be there.

    Up to many ways to go on, too, where a name comes before them: they take long to compile, and the name tells enough.
    """
    for place, item in enumerate(items):
        most = longest(item)
        if isinstance(item, Choice) and _size(item) >= _WAYS and _telling(Sequence(tuple(items[:place]))) >= _NAME:
            return _ended(items[:place])
        if (most is None or most > _FAR) and _anything(item) and _telling(Sequence(tuple(items[:place]))) >= _TELLING:
            return _ended(items[:place])
    return _ended(items)


def _ended(items: list[Node]) -> list[Node]:
    """The items without what comes after the last that has a fixed number, this with its least number."""
    for place in range(len(items) - 1, -1, -1):
        shortened = _least(items[place])
        if shortened is not None:
            # what may only be the end of a text or one of some characters still tells much
            behind = takewhile(lambda item: not isinstance(item, Repeat), items[place + 1 :])
            return [*items[:place], shortened, *(behind if shortened == items[place] else ())]
    return []


def _loosened(item: Node, first: bool, last: bool) -> Node:
    """The item without what costs the database much: upper bounds of repeats, and ends of lines where more follows."""
    match item:
        case Repeat(item=inner, least=least, most=most):
            counted = most is None or most - least < _COUNTED
            return Repeat(_loosened(inner, False, False), least, most if counted else None)
        case Sequence(items=items):
            end = len(items) - 1
            parts = (_loosened(i, first and at == 0, last and at == end) for at, i in enumerate(items))
            return Sequence(tuple(parts))
        case Choice(branches=branches):
            return Choice(tuple(_loosened(branch, first, last) for branch in branches))
        case Edge(pattern="^" | "$"):
            return item if (first if item.pattern == "^" else last) else Sequence(())
        case _:
            return item


def _least(item: Node) -> Node | None:
    """What every match of the item begins with; None where that is nothing."""
    match item:
        case Atom(pattern=pattern, literal=literal):
            return Atom(pattern, literal=literal)  # of a wide one its first byte
        case Edge() | Repeat(least=0):
            return None
        case Repeat(item=Atom(pattern=pattern, wide=True), least=least):
            return Repeat(Atom(pattern), least, least)  # so many characters have at least so many bytes
        case Repeat(item=inner, least=least, most=most):
            return item if least == most else Repeat(inner, least, least)
        case Sequence(items=items):
            kept = _ended(list(items))
            return Sequence(tuple(kept)) if kept else None
        case Choice(branches=branches):
            shortened = [_least(branch) for branch in branches]
            known = tuple(branch for branch in shortened if branch is not None)
            # a branch that may be nothing, or an edge, says only that the rest need not be there
            return (item if known == branches else Choice(known)) if len(known) == len(branches) else None


def _trimmed(items: list[Node]) -> list[Node]:
    """The items without what may be missing at the front; a repeat there in its least number."""
    for place, item in enumerate(items):
        if isinstance(item, Repeat) and item.least != item.most:
            if item.least == 0:
                continue
            return [Repeat(item.item, item.least, item.least), *items[place + 1 :]]
        if isinstance(item, Edge) and place + 1 < len(items) and not _stands(items[place + 1]):
            continue
        if longest(item) == 0 and not isinstance(item, Edge):
            continue
        return items[place:]
    return []


def _from_letters(items: list[Node]) -> list[Node]:
    """The items from the first letters on, where what may stand before them is long: it would be looked for everywhere.

    Where the first item is a choice, each of its branches so.
    """
    for least in (_TELLING, 1):
        for place in range(len(items)):
            if _telling(Sequence(tuple(items[place : place + least]))) >= least:
                before, rest = longest(Sequence(tuple(items[:place]))), items[place:]
                if least < _TELLING:
                    rest = [*_last_of(items[:place]), *rest]
                far = before is None or before > _SHORT
                kept = rest if far and _is_rare(Sequence(tuple(rest))) else items
                return [*_from_letters_of_choice(kept[0]), *kept[1:]]
    return items


def _last_of(items: list[Node]) -> list[Node]:
    """Some of the characters that end the items, where they are of one kind and so many: a dot alone is everywhere."""
    match items[-1:]:
        case [Repeat(item=Atom(wide=False) as atom, least=least, most=most)] if least == most and least >= _COUNTED:
            return [Repeat(atom, _COUNTED, _COUNTED)]
        case _:
            return []


def _from_letters_of_choice(item: Node) -> list[Node]:
    if not isinstance(item, Choice):
        return [item]
    parts = map(_parts, item.branches)
    return [Choice(tuple(Sequence(tuple(_from_letters(part))) for part in parts))]


def _one_byte(item: Node) -> Node:
    """Of a character at either end one byte, the nearer one, is enough."""
    match item:
        case Atom(pattern=pattern, literal=literal):
            return Atom(pattern, literal=literal)
        case Choice(branches=branches):
            return Choice(tuple(map(_one_byte, branches)))
        case _:
            return item


def _size(node: Node) -> int:
    """How many characters it has when its repeats are written out."""
    match node:
        case Repeat(item=item, least=least, most=most):
            return _size(item) * max(1, least, most or 0)
        case Sequence(items=parts) | Choice(branches=parts):
            return sum(map(_size, parts))
        case _:
            return 1


def _is_rare(node: Node) -> bool:
    return _telling(node) >= _TELLING or _narrow(node) >= _NARROW


def _anything(item: Node) -> bool:
    """Whether nearly any character is repeated in it."""
    match item:
        case Repeat(item=Atom(wide=wide)):
            return wide
        case Repeat(item=inner):
            return _anything(inner)
        case Sequence(items=parts) | Choice(branches=parts):
            return any(map(_anything, parts))
        case _:
            return False


def _stands(item: Node) -> bool:
    return not isinstance(item, Repeat) or item.least > 0


def _telling(node: Node) -> int:
    """The most fixed characters in a row that are in every match."""
    return _run(node)[0]


def _run(node: Node) -> tuple[int, bool]:
    """The longest row of fixed characters, and whether the node is nothing else."""
    match node:
        case Atom(literal=literal):
            return (1, True) if literal else (0, False)
        case Edge():
            return 0, True
        case Repeat(item=inner, least=least, most=most):
            length, whole = _run(inner)
            return (length * least, least == most) if whole else (length if least else 0, False)
        case Choice(branches=branches):
            runs = [_run(branch) for branch in branches]
            return min(length for length, _ in runs), all(whole for _, whole in runs)
        case Sequence(items=items):
            best = current = 0
            whole = True
            for item in items:
                length, only = _run(item)
                if only:
                    current += length
                else:
                    whole = False
                    best, current = max(best, current, length), 0
            return max(best, current), whole


def _narrow(node: Node) -> int:
    """How many characters of every match are not just any."""
    match node:
        case Atom(pattern=pattern, wide=wide):
            return 0 if wide or pattern.startswith(_COMMON) else 1
        case Edge():
            return 0
        case Repeat(item=item, least=least):
            return _narrow(item) * least
        case Sequence(items=items):
            return sum(map(_narrow, items))
        case Choice(branches=branches):
            return min(map(_narrow, branches))
