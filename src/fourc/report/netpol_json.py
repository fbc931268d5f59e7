"""Connections as JSON: `connections [{from, to, ports, why}]`, with the gaps beside them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from fourc import __version__
from fourc.model.connectivity import Changed, Connection, Direction, Explained, Listing, Part, Reason
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.text import Lang
from fourc.report.as_json import Value, gap

Place = Callable[[Reason], Location]


def listing_json(listing: Listing, gaps: Sequence[Gap], place: Place, lang: Lang) -> str:
    """What `netpol list -f json` prints."""
    data = _head()
    data["connections"] = [_connection(c, place) for c in listing.connections]
    if listing.exposed is not None:
        data["exposures"] = [
            {"workload": e.workload.name, "direction": e.direction.value.lower(), "peer": e.peer, "ports": e.ports}
            for e in listing.exposed.exposures
        ]
        bare = listing.exposed.unprotected
        data["unprotected"] = [{"workload": end.name, "direction": d.value.lower()} for end, d in bare]
    if listing.explained is not None:
        data["explained"] = [_explained(e, place) for e in listing.explained]
    data["gaps"] = [gap(g, lang) for g in gaps]
    return _text(data)


def summary_json(pods: int, pairs: int) -> str:
    """What `netpol list --summary -f json` prints."""
    return json.dumps({"summary": {"pods": pods, "pairs": pairs}}) + "\n"


def difference_json(changes: Iterable[Changed], gaps: Sequence[Gap], lang: Lang) -> str:
    """What `netpol diff -f json` prints."""
    data = _head()
    data["changes"] = [
        {
            "type": c.kind,
            "from": c.source.name,
            "to": c.target.name,
            "before": str(c.before),
            "after": str(c.after),
            **({"note": c.note} if c.note else {}),
        }
        for c in changes
    ]
    data["gaps"] = [gap(g, lang) for g in gaps]
    return _text(data)


def _head() -> dict[str, Value]:
    return {"schema": 1, "tool": {"name": "fourc", "version": __version__}}


def _text(data: Mapping[str, Value]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _connection(found: Connection, place: Place) -> Mapping[str, Value]:
    return {
        "from": found.source.name,
        "to": found.target.name,
        "ports": str(found.ports),
        "why": [why for part in found.why for why in _why(part, place)],
    }


def _explained(found: Explained, place: Place) -> Mapping[str, Value]:
    parts = [{"ports": str(p.ports), "allowed": p.allowed, "why": _why(p, place)} for p in found.parts]
    return {"from": found.source.name, "to": found.target.name, "parts": parts}


def _why(part: Part, place: Place) -> list[Mapping[str, Value]]:
    """Each end's word on these ports; the default where no policy has one."""
    found: list[Mapping[str, Value]] = []
    for direction, side in ((Direction.EGRESS, part.egress), (Direction.INGRESS, part.ingress)):
        start = {"direction": direction.value.lower(), "ports": str(part.ports), "allowed": side.allowed}
        if not side.reasons:
            found.append({**start, "policy": None, "verdict": "default"})
        for reason in side.reasons:
            where, ref = place(reason), reason.ref
            found.append(
                {
                    **start,
                    "policy": {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name},
                    "rules": list(reason.rules),
                    "verdict": reason.verb.value,
                    "path": where.path,
                    "line": where.line,
                }
            )
    return found
