"""How many known attacks are broken after N changes: by this plan, by severity order, by random order.

    python bench/attacks.py KUBERNETES_GOAT

The attacks and what breaks each are those of tests/app/test_kubernetes_goat.py. The severity order takes the changes with the
gravest finding first, then those with most findings; random is the mean of 200 orders. Writes bench/ATTACKS.md.
"""

import random
import sys
from collections.abc import Sequence
from pathlib import Path

from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.plan.changes import Draft
from fourc.plan.order import Objective, Terms, removed_steps

ROOT = Path(__file__).parents[1]
COUNTS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30)
ORDERS = 200


def broken(planned: Planned, done: Sequence[Draft]) -> int:
    """How many attacks these changes break."""
    sys.path.insert(0, str(ROOT / "tests" / "app"))
    from test_kubernetes_goat import ATTACKS  # noqa: PLC0415 - the tests are no package

    gone = removed_steps(planned.graph, frozenset(f for d in done for f in d.fingerprints))
    needed = [[s.id for s in planned.graph.steps if needs(s)] for needs in ATTACKS.values()]
    return sum(bool(steps) and gone.issuperset(steps) for steps in needed)


def by_severity(draft: Draft) -> tuple[int, int, str]:
    """The gravest finding first, then the most findings."""
    return (-max(f.severity for f in draft.findings), -len(draft.findings), draft.id)


def main() -> None:
    """Print and write the table."""
    folder = sys.argv[1]
    plans = {
        "this plan (hours)": plan_for(Request((folder,))),
        "this plan (changes)": plan_for(Request((folder,), terms=Terms(Objective.CHANGES))),
    }
    planned = plans["this plan (hours)"]
    drafts = planned.drafts
    orders = {name: [p.drafts[c.id] for c in p.plan.changes] for name, p in plans.items()}
    orders["severity order"] = sorted(drafts.values(), key=by_severity)
    rng = random.Random(0)  # noqa: S311 - a repeatable draw, no secrecy
    shuffled = [rng.sample(sorted(drafts.values(), key=lambda d: d.id), len(drafts)) for _ in range(ORDERS)]
    rows = {name: [f"{broken(planned, order[:n])}" for n in COUNTS] for name, order in orders.items()}
    means = [sum(broken(planned, order[:n]) for order in shuffled) / ORDERS for n in COUNTS]
    rows["random order (mean)"] = [f"{mean:.1f}" for mean in means]
    lines = [
        "# Attacks broken after N changes",
        "",
        f"{Path(folder).resolve().name}, {len(drafts)} changes, nine attacks that its manifests show.",
        "",
        "| order | " + " | ".join(map(str, COUNTS)) + " |",
        "|---|" + "---|" * len(COUNTS),
        *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()),
    ]
    (ROOT / "bench" / "ATTACKS.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
