"""What may be open to the internet and cannot be decided from what was read: one gap for each object."""

from collections.abc import Iterator

from fourc.model.exposure import entries
from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.load_balancers import Judged, Reach
from fourc.model.location import Location
from fourc.model.reaches import gateway_reach, ingress_reach, service_reach
from fourc.model.subject import Ref
from fourc.model.text import Text

_MAYBE = Text("{kind} {name} may be open to the internet: {why}", "{kind} {name} 可能对互联网开放：{why}")
_SEE_ADDRESS = Text(
    "kubectl get {command} shows its address: a private one means the private network only",
    "kubectl get {command} 会显示它的地址：如果是内网地址，就只在内网可达",
)


def assumed_entries(inventory: Inventory) -> tuple[Gap, ...]:
    """A gap for each load balancer, Ingress, gateway, route and pod on the nodes' addresses that is only assumed to be open.

    Nobody named them: a run with such gaps is complete.
    """
    found: dict[Ref, Gap] = {}
    for meta, judged in _assumed(inventory):
        if meta.ref not in found:
            found[meta.ref] = _gap(meta, judged)
    return tuple(found.values())


def _assumed(inventory: Inventory) -> Iterator[tuple[Meta, Judged]]:
    judged: list[tuple[Meta, Judged | None]] = [(s.meta, service_reach(s)) for s in inventory.services]
    judged += [(i.meta, ingress_reach(i, inventory)) for i in inventory.ingresses]
    judged += [(g.meta, gateway_reach(g, inventory)) for g in inventory.gateways]
    # Routes, Ingresses whose host decides, and pods that listen on the nodes.
    judged += [(e.via, Judged(e.reach, e.why, e.remedy)) for e in entries(inventory)]
    for meta, one in judged:
        if one is not None and one.reach is Reach.ASSUMED_INTERNET:
            yield meta, one


def _gap(meta: Meta, judged: Judged) -> Gap:
    origin = meta.origin
    command = f"{meta.kind.lower()} {meta.name}" + (f" -n {meta.namespace}" if meta.namespace else "")
    return Gap(
        GapReason.NO_DATA,
        _MAYBE.of(kind=meta.kind, name=str(meta.ref), why=judged.why),
        judged.remedy or _SEE_ADDRESS.of(command=command),
        Location(origin.path, origin.line, 1, origin.line, 1),
        meta.ref,
        named=False,
    )
