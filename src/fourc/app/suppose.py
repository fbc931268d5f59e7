"""What a plan is asked to suppose: a pod that is already broken into, a change that is never done, the user's own numbers."""

from collections.abc import Sequence
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from fourc.errors import UsageError
from fourc.model.report import WhatIf
from fourc.model.settings import Settings
from fourc.model.step import Graph
from fourc.model.text import Text, join
from fourc.plan.assumptions import Assumptions
from fourc.plan.changes import Draft
from fourc.plan.order import Plan, Terms, order

POD = "compromised"


class Suppose(Struct, frozen=True):
    """`compromised` are workloads as `namespace/name`, `without` numbers or ids of the plan's changes."""

    compromised: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


NOTHING = Suppose()


def supposed(words: Sequence[str], without: Sequence[str]) -> Suppose:
    """What the flags say: `compromised=NAMESPACE/POD` each.

    Raises:
        UsageError: a word has another form.
    """
    pods: list[str] = []
    for word in words:
        key, _, value = word.partition("=")
        if key != POD or not all(value.partition("/")):
            raise UsageError(
                Text("{word} cannot be assumed", "无法假设 {word}").of(word=word),
                hint=Text(
                    "write it as compromised=NAMESPACE/POD, such as compromised=shop/web",
                    "请写成 compromised=命名空间/Pod，例如 compromised=shop/web",
                ),
            )
        pods.append(value)
    return Suppose(tuple(dict.fromkeys(pods)), tuple(dict.fromkeys(without)))


def compromised(graph: Graph, pods: Sequence[str]) -> frozenset[str]:
    """The nodes of the workloads named `namespace/name`; a pod's own name (`web-5d9c7b6f4-x2x7k`) names its workload.

    Raises:
        UsageError: no such workload was read.
    """
    sources = {s.source for s in graph.steps} | {s.target for s in graph.steps}
    known: dict[str, list[str]] = {}
    for node in graph.nodes:
        if node.id == f"{node.kind}/{node.namespace or 'default'}/{node.name}" and node.id in sources:
            known.setdefault(f"{node.namespace or 'default'}/{node.name}", []).append(node.id)
    held: list[str] = []
    for pod in pods:
        names = [name for name in known if pod == name or _is_pod_of(pod, name)]
        if not names:
            near = get_close_matches(pod, sorted(known), 3, 0.5) or sorted(known)[:5]
            raise UsageError(
                Text("no workload {pod} was read", "读到的内容中没有工作负载 {pod}").of(pod=pod),
                hint=Text("there are {names}", "现有 {names}").of(names=", ".join(near) or "-"),
            )
        held += known[max(names, key=len)]
    return frozenset(held)


def _is_pod_of(pod: str, workload: str) -> bool:
    """Whether a pod's name is the workload's with what its controller appends: a hash and five letters, or a number."""
    tail = pod.removeprefix(f"{workload}-").split("-") if pod.startswith(f"{workload}-") else []
    return 1 <= len(tail) <= 2 and all(part.isalnum() and part == part.lower() for part in tail)


def never_done(graph: Graph, drafts: Sequence[Draft], plan: Plan, terms: Terms, suppose: Suppose) -> WhatIf:
    """What is left when everything is done but these changes, beside what is left when they are done too."""
    everything = order(graph, drafts, replace(terms, budget=None, without=frozenset()))
    rest = plan if terms.budget is None else order(graph, drafts, replace(terms, budget=None))
    titles = join([c.title for c in everything.changes if c.id in terms.without])
    return WhatIf(suppose.compromised, titles, _left_of(rest), _left_of(everything))


def _left_of(plan: Plan) -> float:
    return max(0.0, 1 - sum(c.risk_removed.likely for c in plan.changes))


def assumptions_of(settings: Settings) -> Assumptions:
    """The user's own numbers for the plan."""
    return Assumptions(settings.odds, settings.impact, settings.hours, settings.hourly_rate)
