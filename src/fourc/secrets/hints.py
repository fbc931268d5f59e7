"""Where a text is worth a look, without vectorscan: the words that rules are known by, all in one RE2 set."""

from collections.abc import Sequence

import re2

from fourc.secrets.beginnings import Beginning
from fourc.secrets.database import Sought
from fourc.secrets.decoding import PATTERNS

_MEMORY = 64 << 20


class Hints:
    """A `Finder` that says which rules a text is worth a look for, not where; the engine then looks at all of the text."""

    def __init__(self, sought: Sequence[Sought]) -> None:
        self.beginnings: Sequence[Beginning | None] = [None] * len(sought)
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        self._words = re2.Set.SearchSet(options)
        self._of_word: list[list[int]] = []
        places: dict[str, int] = {}
        for number, one in enumerate(sought):
            for word in one.words:
                if word not in places:
                    places[word] = self._words.Add(word.encode())
                    self._of_word.append([])
                self._of_word[places[word]].append(number)
        self._words.Compile()
        options.encoding = re2.Options.Encoding.LATIN1  # these are over bytes

        self._encodings = [re2.compile(f"(?m){pattern}".encode(), options) for pattern in PATTERNS.values()]

    knows_where = False

    def sightings(self, text: bytes | memoryview) -> list[tuple[int, int]]:
        """Each rule of which a word stands in the text, at its end; what is encoded, where it is."""
        whole = bytes(text)
        found = {(len(whole), number) for word in self._words.Match(whole) or () for number in self._of_word[word]}
        for number, pattern in enumerate(self._encodings, len(self.beginnings)):
            found |= {(match.end(), number) for match in pattern.finditer(whole)}
        return sorted(found)
