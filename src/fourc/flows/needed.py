"""All connections that must keep working, joined from everything that speaks for one."""

from collections.abc import Iterable, Iterator, Sequence

from fourc.flows.callers import alerting, among_replicas, entering, from_api_server, probing, scraping
from fourc.flows.discovery import finders_of
from fourc.flows.followed import followed
from fourc.flows.hidden import hidden
from fourc.flows.learned import Learned, learned
from fourc.flows.operated import with_operated
from fourc.flows.policies import written
from fourc.flows.references import Texts, references
from fourc.flows.surroundings import Surroundings
from fourc.flows.targets import Names
from fourc.model.flows import Code, Dangling, Flow, Needed, PartyKind, Sighting
from fourc.model.inventory import Inventory
from fourc.model.subject import Ref

_MOST_EVIDENCE = 5


def needed(inventory: Inventory, sightings: Sequence[Sighting] = (), code: Code | None = None) -> Needed:
    """The flows of an inventory, with what was seen on the wire, in a registry and in source code."""
    inventory = with_operated(inventory)
    names, texts = Names(inventory), Texts(inventory)
    flows: list[Flow] = [*entering(inventory), *from_api_server(names), *alerting(names), *written(inventory)]
    dangling: list[Dangling] = []
    for workload in inventory.workloads:
        for found in references(names, texts, workload):
            if isinstance(found, Flow):
                flows.append(found)
            else:
                dangling.append(found)
        flows += [*hidden(names, workload), *probing(workload), *among_replicas(inventory, workload)]
    around = Surroundings(inventory, {f.target.name for f in flows if f.target.kind is PartyKind.HOST})
    flows += scraping(inventory, around.scrapers)
    for workload in inventory.workloads:
        flows += around.of(workload)
    flows += followed(inventory, tuple(flows))
    more: Learned = learned(names, texts, sightings, code or Code())
    by_source: dict[Ref, list[Flow]] = {}
    for flow in flows:
        if flow.source.ref is not None:
            by_source.setdefault(flow.source.ref, []).append(flow)
    unknown = {
        w.meta.ref: why for w, why in finders_of(inventory, texts, by_source) if w.meta.ref not in more.witnessed
    }
    gone = {(d.source, d.host): d for d in reversed(dangling)}
    ordered = tuple(gone[key] for key in sorted(gone, key=str))
    return Needed(tuple(merged([*flows, *more.flows])), unknown, ordered, more.unmatched)


def merged(flows: Iterable[Flow]) -> Iterator[Flow]:
    """Each connection once, sorted, with its reasons; a flow on every port takes in those on single ones."""
    joined: dict[tuple[str, str, str], Flow] = {}
    for flow in flows:
        known = joined.get(flow.key)
        reasons = (*(known.evidence if known else ()), *flow.evidence)
        joined[flow.key] = Flow(flow.source, flow.target, flow.port, tuple(dict.fromkeys(reasons))[:_MOST_EVIDENCE])
    return (joined[key] for key in sorted(joined))


def between_workloads(flows: Iterable[Flow]) -> Iterator[Flow]:
    """The flows from one workload to a different one."""
    inside = PartyKind.WORKLOAD
    return (f for f in flows if f.source.kind is inside and f.target.kind is inside and f.source != f.target)
