"""Every probability and impact of the attack graph in one place, each with its source or the word "guess".

Probabilities are for one year and one attacker who already holds the step's source.
"""

from dataclasses import dataclass
from typing import Final

from fourc.model.finding import Severity
from fourc.model.step import Basis, GoalKind

GUESS: Final = "guess"


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a kind of step works; `source` says where the number comes from."""

    probability: float
    basis: Basis
    source: str = GUESS


ENTRY_INTERNET = Odds(0.20, Basis.INFERRED)
ENTRY_ASSUMED_INTERNET = Odds(0.12, Basis.ASSUMED)
ENTRY_BROKEN_IN = Odds(0.04, Basis.ASSUMED)
ENTRY_SUPPLY_CHAIN = Odds(0.01, Basis.ASSUMED)  # listens on no port: only its image or libraries can turn on it
ENTRY_GIT_READER = Odds(0.05, Basis.ASSUMED)
TOKEN_READ = Odds(0.95, Basis.INFERRED)
REACH_NETWORK = Odds(1.0, Basis.INFERRED)
ENTER_WITHOUT_PASSWORD = Odds(0.70, Basis.INFERRED)
ENTER_STORE = Odds(0.15, Basis.ASSUMED)
ENTER_OTHER = Odds(0.05, Basis.ASSUMED)
READ_OWN_DATA = Odds(0.80, Basis.INFERRED)
BEFORE_START = Odds(0.02, Basis.ASSUMED)  # an init container has ended before anyone can break in over the network
NODE_TO_TOKENS = Odds(0.50, Basis.ASSUMED)
NODE_TO_SECRETS = Odds(0.60, Basis.INFERRED)
ADMIN_TO_EVERYTHING = Odds(0.95, Basis.INFERRED)
SECRETS_TO_ADMIN = Odds(0.30, Basis.ASSUMED)

# Where a finding opens a step, its severity grades it.
ESCAPE_BY_SEVERITY = {
    Severity.CRITICAL: Odds(0.90, Basis.INFERRED),
    Severity.HIGH: Odds(0.45, Basis.INFERRED),
    Severity.MEDIUM: Odds(0.10, Basis.ASSUMED),
    Severity.LOW: Odds(0.02, Basis.ASSUMED),
    Severity.INFO: Odds(0.005, Basis.ASSUMED),
}
PERMISSION_BY_SEVERITY = {
    Severity.CRITICAL: Odds(0.95, Basis.INFERRED),
    Severity.HIGH: Odds(0.70, Basis.INFERRED),
    Severity.MEDIUM: Odds(0.40, Basis.INFERRED),
    Severity.LOW: Odds(0.05, Basis.ASSUMED),
    Severity.INFO: Odds(0.01, Basis.ASSUMED),
}

IMPACT = {
    GoalKind.CLUSTER_ADMIN: 100.0,
    GoalKind.NODE_ROOT: 60.0,
    GoalKind.CLOUD_ADMIN: 100.0,
    GoalKind.SECRETS: 25.0,
    GoalKind.DATA: 30.0,
    GoalKind.OUTAGE: 15.0,
}
IMPACT_OF_AN_APPLICATION = 4.0  # what an application without a data store knows: its users' sessions and requests
COUNTED_IMPACT = 10.0  # goals below it weigh in the risk, but nobody counts the ways to them
