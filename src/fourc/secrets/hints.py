"""Where a text is worth a look, without a database: the words that rules are known by, in two RE2 sets."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import re2

from fourc.secrets.beginnings import Beginning
from fourc.secrets.database import Sought
from fourc.secrets.decoding import PATTERNS

_MEMORY = 64 << 20
_SO_MANY = re.compile(r"(\[\\w\.\\- \])\{0,\d+\}\??")
"""Up to so many characters of a name: they cost a set much, and for a hint any number will do."""


class _Words:
    """Words in one set, each with the numbers of the rules that are known by it; made when first asked."""

    def __init__(self, options: re2.Options) -> None:
        self._options = options
        self._rules: dict[str, list[int]] = {}

    def add(self, word: str, rule: int) -> None:
        self._rules.setdefault(word, []).append(rule)

    @cached_property
    def _set(self) -> re2.Set:
        made = re2.Set.SearchSet(self._options)
        for word in self._rules:
            made.Add(word.encode())
        made.Compile()
        return made

    def rules_in(self, text: bytes) -> Iterator[int]:
        if self._rules:
            known = [*self._rules.values()]
            for place in self._set.Match(text) or ():
                yield from known[place]


class Hints:
    """A `Finder` that says which rules a text is worth a look for, not where; the engine then looks at all of the text."""

    def __init__(self, sought: Sequence[Sought]) -> None:
        self.beginnings: Sequence[Beginning | None] = [None] * len(sought)
        self._words, self._keywords = _Words(_options()), _Words(_options(literal=True))
        for number, one in enumerate(sought):
            for word in one.words:
                self._words.add(_SO_MANY.sub(r"\1*", word), number)
            for word in one.keywords:
                self._keywords.add(word, number)

    knows_where = False

    @cached_property
    def _encodings(self) -> list[re2._Regexp]:
        options = _options()
        options.encoding = re2.Options.Encoding.LATIN1  # these are over bytes
        return [re2.compile(f"(?m){pattern}".encode(), options) for pattern in PATTERNS.values()]

    def sightings(self, text: bytes | memoryview, *, rare: bool = False) -> list[tuple[int, int]]:
        """Each rule of which a word stands in the text, at its end; what is encoded, where it is, but for `rare`."""
        whole = bytes(text)
        rules = {*self._words.rules_in(whole), *self._keywords.rules_in(whole.lower())}
        found = {(len(whole), number) for number in rules}
        for number, pattern in enumerate(() if rare else self._encodings, len(self.beginnings)):
            found |= {(match.end(), number) for match in pattern.finditer(whole)}
        return sorted(found)


def _options(*, literal: bool = False) -> re2.Options:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.literal = literal
    return options
