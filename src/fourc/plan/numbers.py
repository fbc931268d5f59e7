"""The page of every number that the plan rests on, made from the tables themselves (`make numbers` writes it)."""

from collections.abc import Iterator

from fourc.graph import odds
from fourc.model.change import Range
from fourc.model.remedy import FixClass
from fourc.plan import costs
from fourc.plan.assumptions import odds_rows
from fourc.plan.spread import DESIGNED, GUESSED

PAGE = "docs/numbers.md"


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join((*_head(), *_odds(), *_impact(), *_hours(), *_upkeep())) + "\n"


def _head() -> Iterator[str]:
    yield "# The numbers behind the plan"
    yield ""
    yield "Written by `make numbers` from the tables in `graph/odds.py`, `graph/rules.py` and `plan/costs.py`; `make check` fails"
    yield "when it has drifted. Every number can be replaced in `fourc.toml`:"
    yield ""
    yield "```toml"
    yield "hourly-rate = 80"
    yield "[odds]      # by kind of step, more than 0 and at most 1: the chance in a year that it works for who is that far"
    yield "enter-through = 0.3"
    yield "[impact]    # by kind of goal: how bad it is, relative to the others"
    yield "data = 100"
    yield "[hours]     # by kind of work: the likely hours of it alone; review is for one file, restart for one workload"
    yield "harden-container = 0.3"
    yield "review = 0.1"
    yield "```"
    yield ""
    yield f"When the plan says how sure it is, a guess is right within a factor of {GUESSED:g}, what Kubernetes allows by"
    yield f"design within {DESIGNED:g}."
    yield ""


def _odds() -> Iterator[str]:
    yield "## Odds"
    yield ""
    yield "| kind of step | chance in a year | basis | source |"
    yield "|---|---|---|---|"
    for name, each in odds_rows():
        yield f"| `{name}` | {each.probability:g} | {each.basis.value} | {each.source} |"
    yield ""


def _impact() -> Iterator[str]:
    yield "## Impact"
    yield ""
    yield "| kind of goal | weight | source |"
    yield "|---|---|---|"
    for kind, weight in odds.IMPACT.items():
        yield f"| `{kind.value}` | {weight:g} | guess |"
    yield ""
    yield f"The data of an application without a data store weighs {odds.IMPACT_OF_AN_APPLICATION:g} (guess)."
    yield f"Single Secrets that workloads hold for themselves weigh {odds.IMPACT_OF_OWN_SECRETS:g} for each namespace (guess)."
    yield ""


def _hours() -> Iterator[str]:
    yield "## Hours"
    yield ""
    yield "`hours = base + further · (findings - 1) + review · files + restart · workloads + P(break) · incident`, low to high."
    yield "All are guesses until `fourc done` has taught better. Most kinds mend all findings of a change in one go."
    yield ""
    yield "| kind of work | hours | each further finding | P(break) | upkeep, hours a month |"
    yield "|---|---|---|---|---|"
    for kind, work in costs.WORK.items():
        further = _range(work.further) if work.further else ""
        yield f"| `{kind.value}` | {_range(work.base)} | {further} | {work.breaks:g} | {work.upkeep:g} |"
    yield f"| `review` | {_range(costs.REVIEW)} | | | |"
    yield f"| `restart` | {_range(costs.RESTART)} | | | |"
    yield f"| `incident` | {costs.INCIDENT_HOURS:g} | | | |"
    yield ""
    factors = ", ".join(f"{c.word} {costs.RISKY[c]:g}" for c in FixClass)
    yield f"P(break) is multiplied by the class of the riskiest edit: {factors} (guess)."
    yield ""


def _upkeep() -> Iterator[str]:
    yield "## Cost"
    yield ""
    yield "`cost = hours + 12 · upkeep + 12 · money / hourly rate`, in hours of a year; the hourly rate is"
    yield f"{costs.HOURLY_RATE:g} unless `hourly-rate` says otherwise."


def _range(hours: Range) -> str:
    return f"{hours.low:g}, {hours.likely:g}, {hours.high:g}"
