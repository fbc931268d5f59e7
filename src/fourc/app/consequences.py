"""What a proposal does beyond its findings: to connections and to attack steps."""

from collections import defaultdict

from msgspec import Struct

from fourc.app.deployed import deployed
from fourc.app.look import Seen
from fourc.app.plan import Planned, graph_of
from fourc.flows.needed import needed
from fourc.model.flows import Flow
from fourc.model.step import Step
from fourc.model.text import Text, join, same
from fourc.plan.netpol.allowed import Allowed, lost
from fourc.plan.order import removed_steps

FLOWS = Text("needed connections are still allowed", "必需的连接仍然放行")
PATHS = Text("the attack steps that it removes are gone", "它要消除的攻击步骤已消失")
_SHOWN = 3
_NOTHING = same("")


class Claim(Struct, frozen=True):
    """One thing that was asked: held, broken, or (None) not checked; `why` says how or what would check it."""

    what: Text
    held: bool | None
    why: Text = _NOTHING


def connections(before: Seen, after: Seen) -> Claim:
    """Whether every needed connection that was allowed stays allowed, by the exact engine on both states."""
    old, new = deployed(before.collected), deployed(after.collected)
    wanted = needed(old)
    policies = [*old.policies, *new.policies, *old.admin_policies, *new.admin_policies]
    if not policies:
        return Claim(FLOWS, held=True)
    broken = list(lost(Allowed(old, wanted.flows), Allowed(new, wanted.flows), wanted.flows))
    shown = [
        _CUT.of(f=_flow(w.flow), p=", ".join(w.policies[:_SHOWN]), w=w.flow.evidence[0].says) for w in broken[:_SHOWN]
    ]
    return Claim(FLOWS, not broken, join(shown, "; ", "；"))


_CUT = Text("{f} (needed for {w}) is denied by {p}", "{f}（{w} 需要）被 {p} 拒绝")


def _flow(flow: Flow) -> str:
    port = "" if flow.port is None else f" {flow.port}"
    return f"{flow.source} => {flow.target}{port}"


def attack_steps(planned: Planned, mended: frozenset[str], after: Seen) -> Claim:
    """Whether the steps whose every finding is mended are absent from the graph of the new state.

    A step is known by what it does (kind, source, target): its id may name findings that are left. Not claimed is what a
    policy that leaves other ports of the same pods open closes: such a step goes on through these.
    """
    partly = {f.fingerprint for f in planned.seen.findings if f.remedy is not None and f.remedy.leaves_open}
    removed = removed_steps(planned.graph, mended)
    gone = {s.id for s in planned.graph.steps if s.id in removed and not s.findings & partly}
    by_deed: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for step in planned.graph.steps:
        by_deed[_deed(step)].append(step.id)
    claimed = {deed for deed, ids in by_deed.items() if all(i in gone for i in ids)}
    rebuilt = graph_of(after)
    left = sorted({_deed(s) for s in rebuilt.steps} & claimed)
    shown = [same(f"{source} -> {target} ({kind})") for kind, source, target in left[:_SHOWN]]
    return Claim(PATHS, not left, join(shown))


def _deed(step: Step) -> tuple[str, str, str]:
    return step.kind, step.source, step.target
