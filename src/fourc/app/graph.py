"""The attack graph of what was read, its likeliest paths, and where each step's evidence stands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from fourc.app.look import Progress, Seen, look
from fourc.app.plan import Planned, graph_of
from fourc.app.request import Request
from fourc.collect.locate import Locator
from fourc.errors import UsageError
from fourc.graph.network import UNENFORCED
from fourc.graph.paths import Paths, likeliest_paths
from fourc.model.attack import Attack
from fourc.model.gap import Gap, GapReason
from fourc.model.location import STDIN, Location
from fourc.model.step import AttackPath, Basis, Graph, Place
from fourc.model.text import Text
from fourc.rbac.builtin import BUILT_IN
from fourc.rbac.resolve import authorization

_IDLE = Text("{b} grants nothing: {why}", "{b} 没有授予任何权限：{why}")
_READ_TOO = Text(
    "read the role too, or delete the binding (fourc rbac unused)",
    "请一并读取该角色，或删除该绑定（fourc rbac unused）",
)
_ENFORCED = Text(
    "whether the cluster enforces network policies was not seen: what they deny stays an assumed step",
    "不清楚集群是否执行网络策略：被策略拒绝的连接仍算作假定步骤",
)
_ASK = Text(
    "kubectl -n kube-system get daemonset shows the network plug-in: Calico, Cilium and Terway enforce, Flannel alone does not",
    "kubectl -n kube-system get daemonset 可以看到网络插件：Calico、Cilium、Terway 会执行，单独的 Flannel 不会",
)
_CUT = Text(
    "too many pairs of workload and goal: each workload has its likeliest path for each kind of goal, not for each goal",
    "工作负载与目标的组合过多：每个工作负载只列出到每类目标的最可能路径",
)
_SMALLER = Text("name a smaller folder to get them all", "指定更小的文件夹即可全部列出")


class Attacks(Struct, frozen=True):
    """What was seen, with graph and paths."""

    seen: Seen
    graph: Graph
    found: Paths

    def report(self, *, places: bool = True) -> Attack:
        """The run for the reporters; `places` looks up the lines of the evidence."""
        located = _located(self.graph, self.seen) if places else {}
        name = self.seen.root.resolve().name if self.seen.request.stdin is None else STDIN
        return Attack(name, self.graph, self.found.paths, (*self.seen.gaps, *self._gaps()), located)

    def path(self, wanted: str) -> AttackPath | None:
        """The path with that id, or with an id that begins so."""
        hits = [p for p in self.found.paths if p.id.startswith(wanted)]
        return hits[0] if len(hits) == 1 else None

    def _gaps(self) -> tuple[Gap, ...]:
        gaps: list[Gap] = []
        for idle in authorization(self.seen.collected.inventory).idle:
            if not idle.refused:
                meta = idle.binding.meta
                said = _IDLE.of(b=f"{meta.kind} {meta.name}", why=idle.why)
                place = Location(meta.origin.path, meta.origin.line, 1, meta.origin.line, 1)
                gaps.append(Gap(GapReason.MISSING, said, _READ_TOO, place, meta.name, named=False))
        if any(s.target == UNENFORCED and s.basis is Basis.ASSUMED for s in self.graph.steps):
            gaps.append(Gap(GapReason.NO_DATA, _ENFORCED, _ASK, subject="NetworkPolicy", named=False))
        if not self.found.whole:
            gaps.append(Gap(GapReason.TOO_LARGE, _CUT, _SMALLER, subject="paths", named=False))
        return tuple(gaps)


def attacks_for(request: Request, progress: Progress = lambda _: None) -> Attacks:
    """Look, then build the graph and rank its paths."""
    seen = look(request, progress)
    progress(Text("looking for paths", "正在寻找路径"))
    graph = graph_of(seen)
    return Attacks(seen, graph, likeliest_paths(graph))


def attacks_of(planned: Planned) -> Attacks:
    """The paths over the graph of a plan."""
    return Attacks(planned.seen, planned.graph, likeliest_paths(planned.graph))


def closing_changes(planned: Planned) -> Mapping[str, Sequence[int]]:
    """By step the numbers of the changes that take it away by themselves."""
    closing: dict[str, list[int]] = defaultdict(list)
    mended = [planned.drafts[c.id].fingerprints for c in planned.plan.changes]
    by_finding: dict[str, list[int]] = defaultdict(list)
    for number, fingerprints in enumerate(mended, 1):
        for fingerprint in fingerprints:
            by_finding[fingerprint].append(number)
    for step in planned.graph.steps:
        for number in sorted({n for f in step.findings for n in by_finding.get(f, ())}):
            if step.findings <= mended[number - 1]:
                closing[step.id].append(number)
    return closing


def path_named(attacks: Attacks, wanted: str) -> AttackPath:
    """The path with that id.

    Raises:
        UsageError: there is none, or several begin so.
    """
    path = attacks.path(wanted)
    if path is None:
        raise UsageError(
            Text("no path has the id {id}", "没有 id 为 {id} 的路径").of(id=wanted),
            hint=Text("fourc graph lists the likeliest paths with their ids", "fourc graph 会列出最可能的路径及其 id"),
        )
    return path


def _located(graph: Graph, seen: Seen) -> Mapping[str, tuple[Location, ...]]:
    """Where the evidence of each step stands, file by file."""
    stdin = seen.request.stdin
    locator = Locator(Path(), stdin=stdin) if stdin is not None else Locator(seen.root)
    wanted = {p for s in graph.steps for p in s.places if p[0] != BUILT_IN}
    spots: dict[Place, Location] = {}
    for place in sorted(wanted, key=_order):
        spots[place] = locator.locate(*place)
    return {s.id: tuple(spots[p] for p in s.places if p in spots) for s in graph.steps if s.places}


def _order(place: Place) -> tuple[str, int, str, str]:
    origin, at = place
    return origin.path, origin.document, str(origin.item), str(at)
