"""Three words, each with the one reason that decided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.model.finding import Severity
from fourc.model.package import Package
from fourc.model.supply import When
from fourc.model.text import Lang
from fourc.model.vulnerability import Match, Vulnerability
from fourc.vulns.urgency import Context, urgency

OPEN = Context(exposed=True, runs=True)
INSIDE = Context(exposed=False, runs=True)
UNKNOWN = Context()


def match(
    *,
    kev: str = "",
    epss: float | None = None,
    severity: Severity = Severity.HIGH,
    dev: bool = False,
    fixed: bool = True,
) -> Match:
    vulnerability = Vulnerability("CVE-1", severity=severity, kev=kev, epss=epss)
    return Match(Package("npm", "a", "1.0.0", dev=dev), vulnerability, ("1.0.1",) if fixed else ())


CASES = {
    "exploited": (match(kev="2024-01-02"), INSIDE, When.NOW, "attackers already exploit it (CISA, 2024-01-02)"),
    "exploited, but nothing runs it": (
        match(kev="2024-01-02"),
        Context(runs=False),
        When.CAN_WAIT,
        "nothing runs it",
    ),
    "exploited, in a tool": (
        match(kev="2024-01-02", dev=True),
        OPEN,
        When.THIS_SPRINT,
        "attackers already exploit it (CISA, 2024-01-02), but the package only builds or tests",
    ),
    "likely and open": (
        match(epss=0.5),
        OPEN,
        When.NOW,
        "it is exploited within 30 days with a chance of 50 %, and the Internet may reach it",
    ),
    "likely, reach unknown": (
        match(epss=0.5),
        UNKNOWN,
        When.NOW,
        "it is exploited within 30 days with a chance of 50 %, and the Internet may reach it",
    ),
    "likely inside": (
        match(epss=0.5),
        INSIDE,
        When.THIS_SPRINT,
        "it is exploited within 30 days with a chance of 50 %",
    ),
    "likely inside with power": (
        match(epss=0.5),
        Context(exposed=False, privileged=True),
        When.NOW,
        "it is exploited within 30 days with a chance of 50 %, and who takes it over holds more than this workload",
    ),
    "possible": (match(epss=0.02), OPEN, When.THIS_SPRINT, "it is exploited within 30 days with a chance of 2 %"),
    "critical, open, chance unknown": (
        match(severity=Severity.CRITICAL),
        OPEN,
        When.NOW,
        "it is critical and the Internet reaches it",
    ),
    "high, unknown": (match(), UNKNOWN, When.THIS_SPRINT, "its severity is high and the Internet may reach it"),
    "high inside": (match(), INSIDE, When.CAN_WAIT, "the Internet does not reach it"),
    "unlikely": (
        match(epss=0.0004, severity=Severity.MEDIUM),
        OPEN,
        When.CAN_WAIT,
        "it is unlikely to be exploited (0.04 % within 30 days)",
    ),
    "mild": (match(severity=Severity.LOW), UNKNOWN, When.CAN_WAIT, "its severity is low"),
    "no fix": (match(severity=Severity.LOW, fixed=False), UNKNOWN, When.CAN_WAIT, "nobody has mended it yet"),
    "only builds": (match(epss=0.9, dev=True), OPEN, When.CAN_WAIT, "the package only builds or tests"),
    "not loaded": (match(epss=0.9), Context(loaded=False), When.CAN_WAIT, "what runs does not use the package"),
}


@pytest.mark.parametrize(("found", "context", "word", "reason"), CASES.values(), ids=CASES)
def test_the_word_and_its_reason(found: Match, context: Context, word: When, reason: str) -> None:
    judgement = urgency(found, context)
    assert (judgement.when, judgement.why.en) == (word, reason)
    assert not judgement.why.fields()


ORDER = [When.CAN_WAIT, When.THIS_SPRINT, When.NOW]
matches = st.builds(
    match,
    kev=st.sampled_from(("", "2024-01-02")),
    epss=st.none() | st.floats(0, 1),
    severity=st.sampled_from(Severity),
    dev=st.booleans(),
)
maybe = st.sampled_from((None, True, False))


@given(matches, maybe, maybe, maybe)
def test_what_is_not_known_never_makes_wait_what_would_not_wait_if_known(
    found: Match, privileged: bool | None, runs: bool | None, loaded: bool | None
) -> None:
    words = {
        exposed: ORDER.index(urgency(found, Context(exposed, privileged, runs, loaded)).when)
        for exposed in (None, True, False)
    }
    assert words[False] <= words[True]
    assert words[None] >= words[False]


@pytest.mark.parametrize("word", When)
def test_every_word_has_both_languages(word: When) -> None:
    assert word.label.say(Lang.ZH) != word.label.say(Lang.EN)
