"""How much the first three changes depend on our guesses: every probability, impact and hour varied, many times.

    python bench/sensitivity.py FOLDER...

Each run draws one factor between two thirds and one and a half for every kind of step, goal and change, and plans anew;
beside it stands what the plan says about itself (`plan/spread.py`).
"""

import random
import sys
from collections import Counter
from pathlib import Path

from msgspec.structs import replace

from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.model.remedy import ChangeKind
from fourc.model.step import Graph
from fourc.plan.changes import drafts
from fourc.plan.order import Terms, order
from fourc.plan.spread import GUESSED

RUNS = 40
FIRST = 3


def varied(graph: Graph, rng: random.Random) -> Graph:
    """The graph with one factor for every kind of step and goal; probabilities stay below one."""
    by_kind = {kind: GUESSED ** rng.uniform(-1, 1) for kind in sorted({s.kind for s in graph.steps})}
    by_goal = {kind: GUESSED ** rng.uniform(-1, 1) for kind in sorted({g.kind for g in graph.goals})}
    steps = tuple(replace(s, probability=min(1.0, s.probability * by_kind[s.kind])) for s in graph.steps)
    return Graph(graph.nodes, steps, tuple(replace(g, impact=g.impact * by_goal[g.kind]) for g in graph.goals))


def main() -> None:
    """Print, for each folder, how often each change stood among the first three."""
    lines = [
        "# How the first three changes depend on the guesses",
        "",
        f"{RUNS} runs; every probability, impact and hour between two thirds and one and a half of the guess, by kind.",
    ]
    for folder in sys.argv[1:]:
        planned = plan_for(Request((folder,)))
        made = drafts(planned.seen.collected.inventory, planned.seen.findings)
        seen: Counter[str] = Counter()
        for run in range(RUNS):
            rng = random.Random(run)  # noqa: S311 - a repeatable draw, no secrecy
            hours = {kind: GUESSED ** rng.uniform(-1, 1) for kind in ChangeKind}
            plan = order(varied(planned.graph, rng), made, Terms(taught=hours))
            seen.update(c.id for c in plan.changes[:FIRST])
        lines += [
            "",
            f"## {Path(folder).resolve().name}",
            "",
            "| change | default place | among the first three | the plan's own word |",
            "|---|---|---|---|",
        ]
        places = {c.id: n for n, c in enumerate(planned.plan.changes, 1)}
        own = {c.id: "-" if c.among_first is None else f"{100 * c.among_first:.0f} %" for c in planned.plan.changes}
        lines += [
            f"| {name} | {places[name]} | {100 * count // RUNS} % | {own[name]} |"
            for name, count in seen.most_common(6)
        ]
    (Path(__file__).parent / "SENSITIVITY.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
