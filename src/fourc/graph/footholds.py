"""Known vulnerabilities as a way in: the seam between what is found in images and the attack graph."""

from msgspec import Struct

from fourc.graph.odds import ODDS, Odds
from fourc.model.finding import Finding
from fourc.model.subject import Ref
from fourc.model.text import Text


class Foothold(Struct, frozen=True):
    """Vulnerabilities by which a workload can be entered over the network; mending all the findings ends it."""

    workload: Ref
    reference: str
    said: Text
    chance: Odds = ODDS["exploit-known-vulnerability"]
    findings: tuple[Finding, ...] = ()
