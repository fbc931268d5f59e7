"""Labelled texts of other scanners, read where they are given: what is found of them, and what is cried wolf over."""

import json
from collections.abc import Iterator
from functools import cache

import pytest
from msgspec import Struct
from tests.secrets.peers import ABSENT, CASES

from fourc.secrets.reference import hits
from fourc.secrets.registry import text_rules

SOURCES = ("gitleaks", "betterleaks")
LEAST = {"gitleaks": 0.999, "betterleaks": 0.99}
MOST_FALSE = 0.005


class Case(Struct, frozen=True):
    """A text, whether it holds a secret, and the id that its scanner has for it."""

    expect: bool
    path: str
    rule: str
    src: str
    text: str


class Judged(Struct, frozen=True):
    """A case, the rules that fired, and every id that they are known by."""

    case: Case
    fired: tuple[str, ...]
    names: frozenset[str]

    @property
    def named(self) -> bool:
        """Whether the rule that the case is about fired."""
        return bool({self.case.rule, f"{self.case.src}:{self.case.rule}"} & self.names)

    def __str__(self) -> str:
        return (
            f"{self.case.src} {self.case.rule}: {self.case.text[:200]!r} {self.case.path} fired {', '.join(self.fired)}"
        )


def cases() -> Iterator[Case]:
    """The cases of the two scanners; what a generic rule must find is judged beside the generic rules."""
    for line in CASES.read_text("utf-8").splitlines():
        case = Case(**json.loads(line))
        if case.src in SOURCES and not (case.expect and case.rule == "generic-api-key"):
            yield case


@cache
def judged() -> tuple[Judged, ...]:
    rules = {rule.id: rule for rule in text_rules()}
    found = []
    for case in cases():
        fired = tuple(sorted({hit.rule for hit in hits(case.text.encode(), case.path, rules.values())}))
        found.append(Judged(case, fired, frozenset(fired).union(*(rules[rule].references for rule in fired))))
    return tuple(found)


def missed(src: str) -> list[Judged]:
    return [one for one in judged() if one.case.src == src and one.case.expect and not one.named]


def false(src: str) -> list[Judged]:
    """Decoys that the rule they are made for reports.

    Another rule may fire: many a decoy is another provider's secret (Cloudflare has three kinds of keys, Vercel six of
    tokens) or has the form of a generic one (`api_key=` and 32 hex digits is a decoy here and a secret in other suites).
    """
    return [one for one in judged() if one.case.src == src and not one.case.expect and one.named]


def number(src: str, *, expect: bool) -> int:
    return sum(one.case.src == src and one.case.expect is expect for one in judged())


@pytest.mark.skipif(not CASES.exists(), reason=ABSENT)
@pytest.mark.parametrize("src", SOURCES)
def test_secrets_that_a_peer_finds_are_found_under_its_name(src: str) -> None:
    misses = missed(src)
    recall = 1 - len(misses) / number(src, expect=True)
    assert recall >= LEAST[src], "\n".join([f"{recall:.4f}", *map(str, misses)])


@pytest.mark.skipif(not CASES.exists(), reason=ABSENT)
@pytest.mark.parametrize("src", SOURCES)
def test_decoys_of_a_peer_are_not_reported(src: str) -> None:
    alarms = false(src)
    share = len(alarms) / number(src, expect=False)
    assert share <= MOST_FALSE, "\n".join([f"{share:.4f}", *map(str, alarms)])
