"""The page of attack steps is the tables of the code; `python tests/docs/test_attack_steps.py` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

from fourc.graph.kinds import REFERENCES
from fourc.graph.paths import PAIRS
from fourc.graph.rules import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "attack-steps.md"
HEAD = f"""# Attack steps

`fourc graph` joins these steps to paths. *Inferred* steps follow from what was read, *assumed* ones do not: a path is assumed
when one of its steps is. How likely each is, and why, stands on the [page of numbers](numbers.md).

Up to {PAIRS:,} pairs of workload and goal every pair has its likeliest path in the report; above, every workload has one
for each kind of goal, and every goal has its likeliest path.

| kind | references |
|---|---|
"""
FINDINGS = """
Steps that a finding opens by itself are called after its rule:

| rule | from and to | references |
|---|---|---|
"""


def page() -> str:
    """The page as the tables have it."""
    return HEAD + "\n".join((*_steps(), FINDINGS + "\n".join(_rules()), ""))


def _steps() -> Iterator[str]:
    return (f"| `{kind}` | {' '.join(references)} |" for kind, references in REFERENCES.items())


def _rules() -> Iterator[str]:
    return (f"| `{rule}` | {row.leads.value} | {' '.join(row.references)} |" for rule, row in ROWS.items())


def test_the_page_says_what_the_tables_say() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
