"""All secrets of a text: one pass says where any may be, then each place is looked at.

It finds what `reference` finds, and what is encoded in the text or stands in it by the format of its file besides.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from time import thread_time
from typing import Protocol, assert_never

import re2
from msgspec import Struct
from msgspec.structs import replace

from fourc.secrets.beginnings import Beginning
from fourc.secrets.confirm import EndlessError, Pattern, any_of, compiled
from fourc.secrets.database import Sought, over_bytes
from fourc.secrets.decoding import PATTERNS, encoded_around
from fourc.secrets.hit import DeepError, Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Assigned, Rule, Shape, Structure, Token
from fourc.secrets.texts import Content, content_of

_DEPTH = 3
"""So often something may be encoded in what was decoded."""
_KEPT = 50_000
_ENCODINGS = tuple(PATTERNS)
_ENDS_OF_TEXT = late(r"\\[AzZ]|\(\?\w*-")
"""What means the ends of a text even where those of its lines are meant, or may take that meaning back."""

_LARGE = 1 << 20
_WHOLE, _SLICE = 16 << 20, 4 << 20
"""Bytes of a text that is read by its format in one go, and of the slices that a longer one is read in."""
_SECONDS = 5.0
"""Of a processor's time that a large file is read by its format: no longer, however it was made."""


class Cut(Enum):
    """Why the rest of a file was not read by its format."""

    DEEP = "deep"
    LONG = "long"


Ends = Mapping[int, Sequence[int]]
"""For the number of a rule the offsets at which something ends that its matches hold."""


class Finder(Protocol):
    """Says where a text is worth a look: a `Database`, or `Hints` where there is no vectorscan."""

    @property
    def beginnings(self) -> Sequence[Beginning | None]:
        """What each rule's matches begin with, where sightings are of that."""

    @property
    def knows_where(self) -> bool:
        """Whether it says where in a text, not only whether."""

    def sightings(self, text: bytes | memoryview, *, rare: bool = False) -> list[tuple[int, int]]:
        """Offsets in their order, each with the number of what is sighted; after the rules come the encodings.

        `rare` says that of what is common, and of encodings, nothing will be asked.
        """


class Meaning(Struct, frozen=True):
    """What the rules mean.

    The pattern of a shape, whether a value that a rule found in a file is a secret, and what stands in a file by its format.
    """

    expression: Callable[[Shape], str]
    is_secret: Callable[[Rule, str, str], bool]
    entries: Callable[[str, bytes], Iterable[Hit]] | None = None


def searched(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that are looked for in texts; others are about a file's name or format."""
    return [r for r in rules if isinstance(r.shape, Assigned) or (isinstance(r.shape, Token) and r.shape.pattern)]


def sought_of(rules: Iterable[Rule], expression: Callable[[Shape], str]) -> list[Sought]:
    """What is to be found for each of the rules that are looked for in texts."""
    return [replace(_sought(rule.shape, expression), common=rule.generic) for rule in searched(rules)]


def _sought(shape: Shape, expression: Callable[[Shape], str]) -> Sought:
    match shape:
        case Structure():
            return Sought(expression(shape))  # nothing in a text tells it
        case Token(keywords=told):
            keywords = [word for word in told if word.isascii()]
            words = [re2.escape(word) for word in told if not word.isascii()]
        case Assigned(words=told):
            keywords = [word.lower() for word in told if _is_plain(word)]
            words = [word for word in told if not _is_plain(word)]
        case _:
            assert_never(shape)
    return Sought(expression(shape), tuple([f"(?i:{word})" for word in words]), tuple(keywords))


def _is_plain(word: str) -> bool:
    return word.isascii() and word.replace("_", "").isalnum()


class Engine:
    """The rules, ready to be looked for: `finder` finds what is `sought` for them."""

    def __init__(self, rules: Sequence[Rule], sought: Sequence[Sought], meaning: Meaning, finder: Finder) -> None:
        self._rules = searched(rules)
        self._finder = finder
        self._sought = sought
        self._patterns: dict[int, Pattern] = {}
        self._anywhere = [n for n, one in enumerate(sought) if finder.beginnings[n] is None and self._is_anywhere(one)]
        self._is_secret = lru_cache(_KEPT)(meaning.is_secret)
        self._entries = meaning.entries
        self._cut: dict[tuple[str, str | Cut], None] = {}
        self._spent = 0.0
        self._own_look = [isinstance(rule.shape, Token) and not rule.generic for rule in self._rules]
        self._paths = [cache(_path_test(rule.path)) if rule.path else None for rule in self._rules]
        self._names = [rule for rule in rules if isinstance(rule.shape, Token) and not rule.shape.pattern and rule.path]
        self._names_by_path: re2.Set | None = None
        self._any_name = _any_line(rule.path or "" for rule in self._names) if self._names else None

    def _is_anywhere(self, one: Sought) -> bool:
        """Whether no sighting of its words tells where it is to be looked for."""
        return not over_bytes(one) if self._finder.knows_where else not (one.words or one.keywords)

    def _pattern(self, number: int) -> Pattern:
        """A rule's pattern; few are ever sighted."""
        if number not in self._patterns:
            self._patterns[number] = Pattern(self._sought[number].pattern, self._finder.beginnings[number])
        return self._patterns[number]

    def hits(self, data: bytes, path: str = "", *, more: bool = False) -> list[Hit]:
        """The secrets in a file's bytes by place and rule; offsets are of the bytes as given.

        `more` says that they follow those that were asked for last: together they may take no longer than one file.
        """
        self._spent = self._spent if more else 0.0
        return self._in_order([*self._of_content(content_of(data), path), *self._of_name(path)])

    def cut(self) -> list[tuple[str, str | Cut]]:
        """The files, each with what was not looked for to the end of it since this was last asked: a rule, or its format."""
        cut = [*self._cut]
        self._cut.clear()
        return cut

    def hits_of_pile(
        self, pile: bytes | memoryview, ends: Sequence[int], paths: Sequence[str]
    ) -> Iterator[tuple[int, bytes, list[Hit]]]:
        """The secrets of many small files that lie one after the other, each behind a line break: place, bytes, hits.

        `ends` are the offsets of the line breaks; the first file begins at 0. Files without any secret are left out.
        """
        found = self._sighted_in_files(pile, ends) if self._finder.knows_where else {}
        whole = bytes(pile)
        plain = self._finder.knows_where and whole.isascii() and b"\0" not in whole
        named = bool(self._names) and (self._any_name is None or self._any_name("\n".join(paths)))
        start = 0
        for place, (end, path) in enumerate(zip(ends, paths, strict=True)):
            hits = self._of_name(path) if named else []
            if place in found or not plain or self._entries or self._anywhere:
                data = whole[start:end]
                content = None if plain else content_of(data)
                if self._finder.knows_where and (content is None or content.encoding is None):
                    ends_in_it = found.get(place, {})
                    binary = content is not None and content.binary
                    hits += self._confirmed(data, path, self._worth(ends_in_it) if binary else ends_in_it)
                else:
                    hits += self._of_content(content or content_of(data), path)
            if hits:
                yield place, whole[start:end], self._in_order(hits)
            start = end + 1

    def _sighted_in_files(self, pile: bytes | memoryview, ends: Sequence[int]) -> Mapping[int, Ends]:
        found: defaultdict[int, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for end, number in self._finder.sightings(pile):
            place = bisect_left(ends, end)
            if place < len(ends):
                found[place][number].append(end - (ends[place - 1] + 1 if place else 0))
        return found

    def _of_name(self, path: str) -> list[Hit]:
        if not self._names:
            return []
        if self._names_by_path is None:
            self._names_by_path = any_of(rule.path or "" for rule in self._names)
        numbers = self._names_by_path.Match(path.encode("utf-8", "surrogateescape")) or ()
        named = (self._names[number] for number in sorted(numbers))
        return [Hit(rule.id, 0, 0, path) for rule in named if self._is_secret(rule, path, path)]

    def _of_content(self, content: Content, path: str) -> list[Hit]:
        hits = self._confirmed(content.text, path, self._sighted(content.text, binary=content.binary))
        if content.encoding is None:
            return hits
        return [
            replace(hit, start=content.original(hit.start), end=content.original(hit.end), via=(*content.via, *hit.via))
            for hit in hits
        ]

    def _sighted(self, text: bytes, *, binary: bool = False) -> Ends:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for end, number in self._finder.sightings(text, rare=binary):
            found[number].append(end)
        return self._worth(found) if binary else found

    def _worth(self, found: Ends) -> Ends:
        """The sightings in what is no text: there only what has a look of its own is no chance."""
        return {n: ends for n, ends in found.items() if n < len(self._rules) and self._own_look[n]}

    def _confirmed(self, text: bytes, path: str, found: Ends) -> list[Hit]:
        """What a whole text holds, its file's format counted."""
        hits = self._matches(text, path, found, _DEPTH) if found or self._anywhere else []
        return [*hits, *self._of_format(text, path)] if self._entries else hits

    def _of_format(self, text: bytes, path: str) -> list[Hit]:
        if self._entries is None:
            return []
        if len(text) < _LARGE:
            return self._entries_of(self._entries, text, path)
        hits: list[Hit] = []
        for start, end in _slices(text):
            began = thread_time()
            if self._spent > _SECONDS:
                self._cut[path, Cut.LONG] = None
                break
            found = self._entries_of(self._entries, text[start:end], path)
            hits += (replace(hit, start=start + hit.start, end=start + hit.end) for hit in found)
            self._spent += thread_time() - began
        return hits

    def _entries_of(self, entries: Callable[[str, bytes], Iterable[Hit]], text: bytes, path: str) -> list[Hit]:
        hits: list[Hit] = []
        try:
            for hit in entries(path, text):
                hits.append(hit)  # noqa: PERF402 - what came before the error counts
        except DeepError:
            self._cut[path, Cut.DEEP] = None
        return hits

    def _matches(self, text: bytes, path: str, found: Ends, depth: int) -> list[Hit]:
        hits: list[Hit] = []
        for number in dict.fromkeys((*found, *self._anywhere)):
            if number >= len(self._rules) or ((test := self._paths[number]) and not test(path)):
                continue
            rule = self._rules[number]
            try:
                for start, end in self._pattern(number).spans(text, found.get(number, ())):
                    value = text[start:end].decode("utf-8", "replace")
                    if self._is_secret(rule, value, path):
                        hits.append(Hit(rule.id, start, end, value))
            except EndlessError:
                self._cut[path, rule.id] = None
        if depth:
            for number, name in enumerate(_ENCODINGS, len(self._rules)):
                if number in found:
                    hits += self._decoded(text, path, name, found[number], depth, hits)
        return hits

    def _decoded(
        self, text: bytes, path: str, name: str, ends: Sequence[int], depth: int, known: Sequence[Hit]
    ) -> Iterator[Hit]:
        """What is found in what is encoded, but not without decoding; its place is that of all that is encoded there."""
        behind = 0
        for end in ends:
            encoded = encoded_around(name, text, end) if end > behind else None
            if encoded is None:
                continue
            behind = encoded.end
            for hit in self._matches(encoded.decoded, path, self._sighted(encoded.decoded), depth - 1):
                if not any(h.value == hit.value and encoded.start <= h.start < behind for h in known):
                    yield replace(hit, start=encoded.start, end=behind, via=(name, *hit.via))

    @staticmethod
    def _in_order(hits: Iterable[Hit]) -> list[Hit]:
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule, hit.value))


def _slices(text: bytes) -> Iterator[tuple[int, int]]:
    """All of it, or parts that end where a line does."""
    start = 0
    while len(text) > _WHOLE and len(text) - start > _SLICE:
        end = text.rfind(b"\n", start, start + _SLICE) + 1 or start + _SLICE
        yield start, end
        start = end
    yield start, len(text)


def _any_line(patterns: Iterable[str]) -> Callable[[str], bool] | None:
    """Tells whether any line may hold any of the patterns, which are about single lines; None where it cannot."""
    either = "|".join(f"(?:{pattern})" for pattern in patterns)
    return None if _ENDS_OF_TEXT.search(either) else _path_test(f"(?m){either}")


@cache
def _path_test(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is in a path; compiled when it is first asked."""
    known: list[re2._Regexp] = []

    def test(path: str) -> bool:
        if not known:
            known.append(compiled(pattern))
        return known[0].search(path.encode("utf-8", "surrogateescape")) is not None

    return test
