"""Connections as lines of text, in the form in which np-guard writes them; names and words are not translated."""

from collections.abc import Callable, Iterable, Sequence

from fourc.model.connectivity import (
    Changed,
    Connection,
    Direction,
    Explained,
    Exposed,
    Listing,
    Part,
    Reason,
    Side,
    Verb,
)
from fourc.model.location import Location
from fourc.model.ports import PortSet, spans_text

DEFAULT = "due to the system default (Allow all)"
_RULE = "-" * 160
_ARROWS = {Direction.EGRESS: "=>", Direction.INGRESS: "<="}


def listing_text(listing: Listing) -> str:
    """What `netpol list` prints."""
    if listing.explained is not None:
        blocks = [explained_text(listing.explained)]
    else:
        blocks = ["\n".join(connection_lines(listing.connections, listing.on))]
    if listing.exposed is not None:
        blocks.append("\n".join(exposure_lines(listing.exposed, listing.on)))
    return "\n\n".join(block.removesuffix("\n") for block in blocks if block) + "\n" if any(blocks) else ""


def connection_lines(connections: Sequence[Connection], on: tuple[str, int] | None) -> list[str]:
    """`source => target : ports`, without the ports where one was asked about."""
    if on is None:
        texts: dict[int, str] = {}  # a million connections share few sets of ports
        return [
            f"{c.source.name} => {c.target.name} : {texts.get(id(c.ports)) or texts.setdefault(id(c.ports), str(c.ports))}"
            for c in connections
        ]
    lines = [f"{c.source.name} => {c.target.name}" for c in connections]
    return [f"Permitted connections on {on[0]} {on[1]}:", *lines]


def exposure_lines(exposed: Exposed, on: tuple[str, int] | None) -> list[str]:
    """The sections of the exposure."""
    lines = [f"Exposure Analysis Result{f' On {on[0]} {on[1]}' if on else ''}:"]
    width = max((len(e.workload.name) for e in exposed.exposures), default=0)
    sections: list[list[str]] = []
    for direction in (Direction.EGRESS, Direction.INGRESS):
        found = sorted(
            f"{e.workload.name:<{width}} \t{_ARROWS[direction]} \t{e.peer}" + ("" if on else f" : {e.ports}")
            for e in exposed.exposures
            if e.direction is direction
        )
        if found:
            sections.append([f"{direction.value} Exposure:", *found])
    bare = sorted(f"{end.name} is not protected on {direction.value}" for end, direction in exposed.unprotected)
    if bare:
        sections.append(["Workloads not protected by network policies:", *bare])
    for number, section in enumerate(sections):
        lines += [*([""] if number else []), *section]
    return lines


def explained_text(explained: Sequence[Explained]) -> str:
    """The reasons for each pair that some policy has a say about, then the pairs that none has."""
    specific = [e for e in explained if not e.by_default]
    default = [e for e in explained if e.by_default]
    text = ""
    if specific:
        text += _heading("Specific connections and their reasons")
        text += "\n".join(_pair_text(e) for e in specific) + "\n"
    if default:
        text += _heading(f"All Connections {DEFAULT}")
        text += "\n".join(f"{e.source.name} => {e.target.name}" for e in default)
    return text


def _heading(words: str) -> str:
    rule = "#" * (len(words) + 4)
    return f"\n{rule}\n# {words} #\n{rule}\n"


def _pair_text(explained: Explained) -> str:
    text = f"{_RULE}\nConnections between {explained.source.name} => {explained.target.name}:\n"
    for word, allowed in (("Allowed", True), ("Denied", False)):
        parts = sorted((p for p in explained.parts if p.allowed is allowed), key=lambda p: _ports(p.ports))
        if parts:
            text += f"\n{word} connections:\n" + "\n".join(_part_text(p, word, explained) for p in parts)
    return text


def _part_text(part: Part, word: str, pair: Explained) -> str:
    if part.by_default:
        return f"\t{word} {_ports(part.ports)} {DEFAULT}\n"
    text = f"\t{word} {_ports(part.ports)} due to the following policies and rules:\n"
    text += _side_text(part.egress, Direction.EGRESS, pair)
    return text + _side_text(part.ingress, Direction.INGRESS, pair)


def _side_text(side: Side, direction: Direction, pair: Explained) -> str:
    if not side.reasons:
        return f"\t\t{direction.value} (Allowed) {DEFAULT}\n"
    text = f"\t\t{direction.value} ({'Allowed' if side.allowed else 'Denied'})\n"
    mine, other = pair.source.name, pair.target.name
    if direction is Direction.INGRESS:
        mine, other = other, mine
    own = sorted((r for r in side.reasons if r.ref.kind == "NetworkPolicy"), key=lambda r: str(r.ref))
    for reason in side.reasons:
        if reason not in own or len(own) == 1:
            text += f"\t\t\t{reason_text(reason, mine, other)}\n"
        elif reason is next(r for r in side.reasons if r in own):
            text += "\t\t\tNetworkPolicy list:\n"
            text += "".join(f"\t\t\t\t- {reason_text(r, mine, other)}\n" for r in own) + "\n"
    if side.allowed and side.reasons[-1].verb is Verb.PASSES:
        text += f"\t\t\t{DEFAULT.removeprefix('due to ')}\n"
    return text


def reason_text(reason: Reason, mine: str, other: str) -> str:
    """One policy's part in the verdict about connections of `mine` with `other`."""
    ref, side = reason.ref, reason.direction.value
    who = f"{ref.kind} '{ref}'"
    rules = ", ".join(reason.rules)
    which = f"{side} rule {rules}" if len(reason.rules) == 1 else f"{side} rules {rules}"
    chosen = f"{which} {'selects' if len(reason.rules) == 1 else 'select'} {other}"
    texts = {
        Verb.ALLOWS: f"{who} allows connections by {which}",
        Verb.DENIES: f"{who} denies connections by {which}",
        Verb.PASSES: f"{who} passes connections by {which}",
        Verb.NO_RULE: f"{who} selects {mine}, but {other} is not allowed by any {side} rule",
        Verb.NO_RULES: f"{who} selects {mine}, but {other} is not allowed by any {side} rule (no rules defined)",
        Verb.OTHER_PORTS: f"{who} selects {mine}, and {chosen}, but the protocols and ports do not match",
        Verb.NO_SUCH_NAME: f"{who} selects {mine}, and {chosen}, but named ports of the rule have no match in the"
        " configuration of the destination peer",
        Verb.LEADS: f"{who} allows ingress connections through service {reason.service}",
        Verb.LEADS_ELSEWHERE: f"{who} allows ingress to service {reason.service}, but the protocols and ports do not match",
    }
    return texts[reason.verb]


def rule_places(explained: Iterable[Explained], place: Callable[[Reason], Location]) -> str:
    """A line for each policy and rule that has a say: file, line, name."""
    sides = (side for e in explained for part in e.parts for side in (part.egress, part.ingress))
    lines: dict[str, None] = {}
    for reason in dict.fromkeys(reason for side in sides for reason in side.reasons):
        where = place(reason)
        rules = f" {reason.direction.value} rule {', '.join(reason.rules)}" if reason.rules else ""
        lines[f"{where.path}:{where.line}: {reason.ref.kind} '{reason.ref}'{rules}\n"] = None
    return "".join(sorted(lines))


def _ports(ports: PortSet) -> str:
    """`TCP:[80,443], UDP`: the protocols in the usual order, whole ones without ports."""
    texts = []
    for protocol in ("TCP", "UDP", "SCTP"):
        spans = ports.intervals.get(protocol)
        if spans:
            texts.append(protocol if spans == ((1, 65535),) else f"{protocol}:[{spans_text(spans)}]")
    return ", ".join(texts)


def difference_text(changes: Iterable[Changed], first: str, second: str) -> str:
    """What `netpol diff` prints: nothing where nothing differs."""
    lines = [
        f"diff-type: {c.kind}, source: {c.source.name}, destination: {c.target.name}, {first}: {c.before}, "
        f"{second}: {c.after}" + (f", workloads-diff-info: {c.note}" if c.note else "")
        for c in changes
    ]
    return "\n".join(["Connectivity diff:", *lines]) + "\n" if lines else ""
