"""How likely a known vulnerability is used here within a year."""

from collections.abc import Iterable

from fourc.graph import odds
from fourc.graph.odds import ODDS, Odds
from fourc.model.step import Basis
from fourc.model.vulnerability import Vulnerability

STEP = "exploit-known-vulnerability"
_MONTHS = 12


def chance_of(vulnerabilities: Iterable[tuple[Vulnerability, bool]]) -> Odds:
    """How likely one of them is used within a year against what can be reached; each with whether it only builds or tests.

    EPSS is the chance of an attack anywhere within 30 days (https://www.first.org/epss/model); what is listed in KEV has
    been attacked. What reaches this very program of that is a guess.
    """
    spared, known = 1.0, False
    for vulnerability, only_develops in vulnerabilities:
        spared *= 1 - _chance(vulnerability) * (odds.ONLY_IN_DEVELOPMENT if only_develops else 1.0)
        known = known or bool(vulnerability.kev)
    listed = ODDS[STEP]
    return Odds(min(listed.probability, 1 - spared), listed.basis if known else Basis.ASSUMED, listed.source)


def _chance(vulnerability: Vulnerability) -> float:
    if vulnerability.kev:
        return ODDS[STEP].probability
    if vulnerability.epss is None:
        anywhere = ODDS[f"attack-severity-{vulnerability.severity.word}"].probability
    else:
        anywhere = 1 - (1 - vulnerability.epss) ** _MONTHS
    remote = not vulnerability.cvss or any(part in vulnerability.cvss for part in ("AV:N", "AV:A"))
    return anywhere * odds.ATTACKED_HERE * (1.0 if remote else odds.NOT_OVER_THE_NETWORK)
