"""Attack paths in plain words: the likeliest ones on a screen, and one in full."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from fourc.model.attack import Attack
from fourc.model.step import AttackPath, Basis, GoalKind, Step
from fourc.model.text import Lang, Text
from fourc.report.graph_json import evidence
from fourc.report.text import WIDTH, clip, width, wrap

LINES = 24
_GOALS: Mapping[GoalKind, Text] = {
    GoalKind.CLUSTER_ADMIN: Text("the whole cluster", "整个集群"),
    GoalKind.NODE_ROOT: Text("root on a node", "节点的 root 权限"),
    GoalKind.CLOUD_ADMIN: Text("the cloud account", "云账号"),
    GoalKind.SECRETS: Text("the Secrets of {n}", "{n} 的 Secret"),
    GoalKind.DATA: Text("the data of {n}", "{n} 的数据"),
    GoalKind.OUTAGE: Text("an outage", "服务中断"),
}
_BASIS: Mapping[Basis, Text] = {
    Basis.OBSERVED: Text("observed", "已观察到"),
    Basis.INFERRED: Text("follows from the manifests", "由清单推出"),
    Basis.ASSUMED: Text("rests on an assumption", "含有假定"),
}
_ALL = Text("the cluster", "集群")


def goal_text(path: AttackPath, attack: Attack) -> Text:
    """What the path leads to, as a person says it."""
    goal = next(g for g in attack.graph.goals if g.node == path.goal)
    node = next(n for n in attack.graph.nodes if n.id == path.goal)
    return _GOALS[goal.kind].of(n=node.name if node.id != node.name else _ALL)


def screen(attack: Attack, lang: Lang) -> Iterator[str]:
    """The likeliest paths, each in full and together at most a screen, if the first alone is not longer."""
    graph = attack.graph
    head = Text(
        "{n} · attack graph: {a} things, {s} steps, {p} paths", "{n} · 攻击图：{a} 个节点，{s} 个步骤，{p} 条路径"
    )
    yield clip(
        f"fourc · {head.of(n=attack.name, a=len(graph.nodes), s=len(graph.steps), p=len(attack.paths)).say(lang)}",
        WIDTH,
    )
    certain = [p for p in attack.paths if p.basis is not Basis.ASSUMED]
    yield _opening(len(certain), len(attack.paths), lang)
    yield ""
    steps = {s.id: s for s in graph.steps}
    left = LINES - 5
    for path in _different(certain or attack.paths, steps):
        lines = list(_told(path, attack, steps, lang))
        if len(lines) > left and left < LINES - 5:  # the first one is told however long it is
            break
        left -= len(lines)
        yield from lines
    foot = Text(
        "More: fourc why ID tells a path in full; fourc graph -f html shows all",
        "更多：fourc why ID 讲述一条路径；fourc graph -f html 查看全部",
    )
    if attack.paths:
        yield foot.say(lang)


def _opening(certain: int, all_: int, lang: Lang) -> str:
    if certain:
        text = Text(
            "{n} paths follow from what was read alone; the likeliest to do harm:",
            "有 {n} 条路径完全由读到的内容推出；其中危害最可能发生的是：",
        )
        return text.of(n=certain).say(lang)
    if all_:
        text = Text(
            "No path follows from what was read alone: each of these rests on an assumption.",
            "没有完全由读到的内容推出的路径：下面每条都含有假定。",
        )
        return text.say(lang)
    return Text("No path leads to a goal in what was read.", "读到的内容中没有通往目标的路径。").say(lang)


def _different(paths: Sequence[AttackPath], steps: Mapping[str, Step]) -> Iterator[AttackPath]:
    """Paths that differ in more than the goal: of those with the same way in and the same goal the likeliest."""
    seen: set[tuple[str, str]] = set()
    last: set[str] = set()
    for path in paths:
        entered = steps[path.steps[0]].target
        if (entered, path.goal) in seen or path.steps[-1] in last:
            continue
        seen.add((entered, path.goal))
        last.add(path.steps[-1])
        yield path


def _told(path: AttackPath, attack: Attack, steps: Mapping[str, Step], lang: Lang) -> Iterator[str]:
    head = Text("To {g}: {c}% a year, {b}", "目标：{g}，每年 {c}%，{b}")
    line = head.of(g=goal_text(path, attack), c=_percent(path.probability), b=_BASIS[path.basis]).say(lang)
    yield from _hanging(" ", f"{line}   {path.id}")
    for step in (steps[name] for name in path.steps):
        yield from _hanging(f"   {'?' if step.basis is Basis.ASSUMED else '-'} ", step.evidence.say(lang))
    yield ""


def _hanging(head: str, text: str) -> Iterator[str]:
    """The whole text behind its head, in as many lines as it takes; what has no break is broken anywhere."""
    columns = WIDTH - len(head)
    for line in wrap(text, columns):
        rest = line
        while rest:
            piece = next(rest[:end] for end in range(len(rest), 0, -1) if width(rest[:end]) <= columns)
            yield head + piece
            rest = rest[len(piece) :]
            head = " " * len(head)


def story(path: AttackPath, attack: Attack, changes: Mapping[str, Sequence[int]], lang: Lang) -> Iterator[str]:
    """A path in full; `changes` are the numbers of the changes that take a step away, by the step's id."""
    steps = {s.id: s for s in attack.graph.steps}
    nodes = {n.id: n for n in attack.graph.nodes}
    head = Text("How an attacker gets to {g}", "攻击者如何得手：{g}")
    yield head.of(g=goal_text(path, attack)).say(lang)
    odds = Text(
        "{c}% a year; {b}. Probabilities are estimates: read them beside each other.",
        "每年 {c}%；{b}。概率是估计值，只适合互相比较。",
    )
    yield odds.of(c=_percent(path.probability), b=_BASIS[path.basis]).say(lang)
    yield ""
    for number, step in enumerate((steps[name] for name in path.steps), 1):
        yield f"{number}. {evidence(step, attack, lang)}"
        facts = Text("   works {c} times in 100; {b}", "   每 100 次成功 {c} 次；{b}")
        refs = f"   {' '.join(step.references)}" if step.references else ""
        yield facts.of(c=_percent(step.probability), b=_BASIS[step.basis]).say(lang) + refs
        for wanted in step.when:
            also = Text("   also needs: {k} {n}", "   还需要：{k} {n}")
            yield also.of(k=nodes[wanted].kind, n=nodes[wanted].name).say(lang)
        closing = changes.get(step.id, ())
        if closing:
            shown = ", ".join(str(n) for n in islice(closing, 3))
            away = Text(
                "   change {n} takes this away: `fourc show {first}`",
                "   改动 {n} 可以消除这一步：`fourc show {first}`",
            )
            yield away.of(n=shown, first=next(iter(closing))).say(lang)
    yield ""
    if any(changes.get(name) for name in path.steps):
        yield Text("One of these changes is enough to break the path.", "做其中一项改动就能切断这条路径。").say(lang)
    else:
        yield Text("No change of the plan breaks this path.", "计划中没有能切断这条路径的改动。").say(lang)


def _percent(probability: float) -> str:
    value = 100 * probability
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else "<0.1"
