"""One allowlist of a gitleaks configuration: what it lets stand."""

from enum import StrEnum

from msgspec import Struct

from fourc.secrets.ignoring.go_patterns import compiled
from fourc.secrets.ignoring.sight import Sight


class Target(StrEnum):
    """What an allowlist's `regexes` are searched in."""

    SECRET = "secret"  # noqa: S105 - a word of the format
    MATCH = "match"
    LINE = "line"


class Allowlist(Struct, frozen=True):
    """Lets a sight stand where any of its conditions holds, with `every` only where all that it has do.

    Commits and stopwords are lower case; a stopword is looked for in the secret.
    """

    every: bool = False
    commits: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    target: Target = Target.SECRET
    stopwords: tuple[str, ...] = ()

    def allows(self, sight: Sight) -> bool:
        """Whether the sight is let stand."""
        held: list[bool] = []
        if self.commits:
            held.append(sight.commit is not None and sight.commit.lower() in self.commits)
        if self.paths:
            held.append(_found(self.paths, sight.path))
        if self.regexes:
            where = {Target.SECRET: sight.value, Target.MATCH: sight.match, Target.LINE: sight.text}
            held.append(_found(self.regexes, where[self.target]))
        if self.stopwords:
            value = sight.value.lower()
            held.append(any(word in value for word in self.stopwords))
        return all(held) if self.every else any(held)


def _found(patterns: tuple[str, ...], text: str) -> bool:
    data = text.encode()
    return any(compiled(pattern).search(data) for pattern in patterns)
