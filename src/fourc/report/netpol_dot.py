"""Connections as a graph for Graphviz: workloads framed by namespace."""

import json

from fourc.model.connectivity import End, EndKind, Listing

_COLORS = {EndKind.WORKLOAD: "blue", EndKind.CLASS: "blue", EndKind.EXTERNAL: "red2", EndKind.CONTROLLER: "purple"}


def listing_dot(listing: Listing) -> str:
    """What `netpol list -f dot` prints."""
    ends = {c.source.name: c.source for c in listing.connections} | {
        c.target.name: c.target for c in listing.connections
    }
    ends |= {end.name: end for end in listing.workloads}
    lines = ["digraph {"]
    for namespace in sorted({end.namespace for end in ends.values() if end.namespace}):
        inside = sorted((e for e in ends.values() if e.namespace == namespace), key=lambda e: e.name)
        lines += [f"\tsubgraph {_quoted(f'cluster_{namespace}')} {{", f"\t\tlabel={_quoted(namespace)}"]
        lines += [f"\t\t{_node(end)}" for end in inside]
        lines.append("\t}")
    lines += [f"\t{_node(end)}" for end in sorted(ends.values(), key=lambda e: e.name) if not end.namespace]
    lines += (
        f"\t{_quoted(c.source.name)} -> {_quoted(c.target.name)} [label={_quoted(str(c.ports))}]"
        for c in listing.connections
    )
    return "\n".join([*lines, "}"]) + "\n"


def _node(end: End) -> str:
    label = end.name.removeprefix(f"{end.namespace}/") if end.namespace else end.name
    color = _COLORS[end.kind]
    return f'{_quoted(end.name)} [label={_quoted(label)} color="{color}" fontcolor="{color}"]'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
