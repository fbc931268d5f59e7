"""The page of attack steps is the tables of the code; `python tests/docs/test_attack_steps.py` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

from fourc.graph.kinds import REFERENCES
from fourc.graph.odds import ESCAPE_BY_SEVERITY, IMPACT, ODDS
from fourc.graph.paths import PAIRS
from fourc.graph.rules import ROWS
from fourc.model.finding import Severity

PAGE = Path(__file__).parents[2] / "docs" / "attack-steps.md"
HEAD = f"""# Attack steps

`fourc graph` joins these steps to paths. A probability is for one year and one attacker who already holds what the step
starts from and whatever it asks for besides. *Inferred* follows from what was read, *assumed* does not: a path is assumed
when one of its steps is. Every number is a guess unless its source says otherwise, and only their order means something.

Up to {PAIRS:,} pairs of workload and goal every pair has its likeliest path in the report; above, every workload has one
for each kind of goal, and every goal has its likeliest path.

| kind | probability | basis | source of the number | references |
|---|---|---|---|---|
"""
FINDINGS = """
Steps that a finding opens by itself are called after its rule:

| rule | from and to | probability | basis | references |
|---|---|---|---|---|
"""
GRADED = """
`write-host` and `read-host` are graded by the severity of the folder (guesses): {graded}.
"""
GOALS = """
How much each kind of goal weighs (guesses, relative to each other):

| goal | impact |
|---|---|
"""


def page() -> str:
    """The page as the tables have it."""
    goals = [f"| `{kind.value}` | {impact:g} |" for kind, impact in IMPACT.items()]
    graded = ", ".join(f"{s.word} {o.probability:g} ({o.basis.value})" for s, o in ESCAPE_BY_SEVERITY.items())
    parts = (*_steps(), GRADED.format(graded=graded) + FINDINGS + "\n".join(_rules()), GOALS + "\n".join(goals), "")
    return HEAD + "\n".join(parts)


def _steps() -> Iterator[str]:
    for kind, odds in ODDS.items():
        references = " ".join(REFERENCES.get(kind, ()))
        yield f"| `{kind}` | {odds.probability:g} | {odds.basis.value} | {odds.source} | {references} |"


def _rules() -> Iterator[str]:
    for rule, row in ROWS.items():
        odds = row.odds_of(Severity.HIGH)
        way = f"{row.leads.value} | {odds.probability:g} | {odds.basis.value}"
        yield f"| `{rule}` | {way} | {' '.join(row.references)} |"


def test_the_page_says_what_the_tables_say() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
