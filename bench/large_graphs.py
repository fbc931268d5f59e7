"""Plan random attack graphs of growing size: how long it takes, and how far the order is from the best possible.

    python bench/large_graphs.py [NODES...]

Ten steps a node; a tenth of the steps ask for a second node (AND), three in ten can be removed, a fifth of these only by
two changes together; one change for twenty nodes, so that edits are shared; one goal for two hundred nodes.
Writes bench/LARGE_GRAPHS.md.
"""

import os
import platform
import random
import resource
import sys
import time
from pathlib import Path

from fourc.graph.solve import START
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.text import same
from fourc.plan.bound import most_removed
from fourc.plan.greedy import Greedy
from fourc.plan.problem import Option, Problem

SIZES = (1_000, 10_000, 100_000)
STEPS_OF_A_NODE = 10
COUNTS = (1, 3, 10, 30, 100, 300)
NOTHING = same("")


def random_graph(nodes: int, rng: random.Random) -> tuple[Graph, list[Option]]:
    """A graph whose nodes lie in depths: steps lead mostly deeper, some sideways or back, the deepest nodes are goals."""
    names = [f"n{i}" for i in range(nodes)]
    changes = max(10, nodes // 20)
    mends: list[set[str]] = [set() for _ in range(changes)]
    steps: list[Step] = []
    goals = max(5, nodes // 200)
    entries = max(10, nodes // 50)
    for i in range(nodes * STEPS_OF_A_NODE):
        if i < entries:
            source, target = START, names[rng.randrange(nodes // 4)]
            chance = rng.choice((0.01, 0.04, 0.12, 0.2))
        else:
            at = rng.randrange(nodes - goals)
            reach = max(2, nodes // 8)
            to = min(nodes - 1, max(0, at + rng.randrange(-reach // 3, reach)))
            source, target = names[at], names[to]
            chance = rng.choice((0.005, 0.02, 0.05, 0.1, 0.3))
        found: frozenset[str] = frozenset()
        if rng.random() < 0.3:
            first = rng.randrange(changes)
            # Findings near each other are mended by the same changes, as those of one workload or template are.
            found = frozenset({f"f{i}", f"g{i}"}) if rng.random() < 0.2 else frozenset({f"f{i}"})
            mends[first].add(f"f{i}")
            if len(found) == 2:
                mends[(first + 1) % changes].add(f"g{i}")
            if rng.random() < 0.1:
                mends[(first + 2) % changes].add(f"f{i}")
        when = (names[rng.randrange(nodes)],) if rng.random() < 0.1 and i >= entries else ()
        steps.append(Step(f"s{i}", "random", source, target, chance, Basis.INFERRED, (), NOTHING, found, when))
    ends = tuple(Goal(n, GoalKind.DATA, rng.choice((4.0, 30.0, 60.0, 100.0))) for n in names[-goals:])
    options = [Option(f"c{n:06}", h := rng.uniform(0.2, 4.0), h, frozenset(m)) for n, m in enumerate(mends) if m]
    return Graph(tuple(Node(n, "random", n) for n in names), tuple(steps), ends), options


def measured(nodes: int) -> str:
    """One row of the table."""
    graph, options = random_graph(nodes, random.Random(nodes))  # noqa: S311 - a repeatable draw, no secrecy
    began = time.process_time()
    problem = Problem(graph, options)
    sampled = time.process_time()
    greedy = Greedy(problem)
    whole = greedy.whole
    picks = list(greedy.picks())
    chosen = time.process_time()
    costs = [o.cost for o in problem.options]
    ratios: list[str] = []
    for count in COUNTS:
        some = picks[:count]
        removed = sum(p.gain for p in some)
        best = most_removed(problem, greedy.attacks.cuts, problem.cost(p.option for p in some), costs, removed)
        ratios.append(f"{best / removed:.3f} ({removed / whole:.0%})" if removed else "-")
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {nodes:,} | {len(graph.steps):,} | {len(problem.worlds.steps):,} | {len(options):,} | {problem.worlds.count} "
        f"| {sampled - began:.1f} s | {chosen - sampled:.1f} s | {done - chosen:.1f} s | {done - began:.1f} s "
        f"| {peak:.0f} MB | {' | '.join(ratios)} |"
    )


def main() -> None:
    """Measure every size and write the table."""
    lines = [
        "# Large graphs",
        "",
        f"Random graphs, {os.cpu_count()} cores (one is used), Python {platform.python_version()}, no optional package.",
        "Relevant steps are those that work in some world and lie between the start and a goal there. Seconds of CPU.",
        "",
        "The last columns: what the best set of the same cost removes at most, as a multiple of what the first N changes of the",
        "greedy order remove (and which share of the risk that is).",
        "",
        "| nodes | steps | relevant | changes | worlds | sample | order | bound | all | memory | "
        + " | ".join(f"first {n}" for n in COUNTS)
        + " |",
        "|" + "---|" * (10 + len(COUNTS)),
    ]
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        lines.append(measured(size))
        print(lines[-1], flush=True)
    (Path(__file__).parent / "LARGE_GRAPHS.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
