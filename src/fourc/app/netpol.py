"""Read manifests and say who may connect to whom: the use-cases behind `fourc netpol`."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.uncollected import uncollected
from fourc.collect.limits import MIB, Limits, Options
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.errors import UsageError
from fourc.model.connectivity import (
    Changed,
    Connection,
    Direction,
    End,
    EndKind,
    Explained,
    Exposed,
    Exposure,
    Listing,
    Part,
    Reason,
)
from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.location import Location, Origin
from fourc.model.network_plugin import NOBODY, Enforcement, network_plugin
from fourc.model.policy_problem import PolicyProblem, ProblemKind
from fourc.model.ports import PROTOCOLS, PortSet
from fourc.model.text import Text
from fourc.patch.yaml.node import Path as FieldPath
from fourc.reach.audit import CONTROLLERS, DNS, problems
from fourc.reach.classes import Reading
from fourc.reach.connections import (
    CONTROLLER,
    connections,
    controller,
    controller_connections,
    entries_by_target,
    sources_of,
    targets_of,
)
from fourc.reach.difference import differences
from fourc.reach.engine import Reach, reachability
from fourc.reach.explain import Explainer
from fourc.reach.exposure import exposures, strangers_of, unprotected
from fourc.reach.peers import NamedEnd, means, named_classes, named_workloads, owner_name
from fourc.reach.unmodelled import unmodelled

MOST_WORKLOADS = 1000
"""Up to so many workloads a listing names pairs of workloads, above that pairs of classes."""


class Focus(Struct, frozen=True):
    """What the person wants to see: connections of workloads, in a direction, with peers, on one port."""

    workloads: tuple[str, ...] = ()
    direction: Direction | None = None
    peers: tuple[str, ...] = ()
    on: tuple[str, int] | None = None

    @property
    def everything(self) -> bool:
        """Whether no connection is left out."""
        return not self.workloads and not self.peers and self.on is None

    def shows(self, source: str, target: str) -> bool:
        """Whether a connection is asked for."""
        into = self.direction is not Direction.EGRESS and self._pair(target, source)
        return into or (self.direction is not Direction.INGRESS and self._pair(source, target))

    def _pair(self, mine: str, other: str) -> bool:
        return _any(self.workloads, mine) and _any(self.peers, other)

    def about(self, workload: str) -> bool:
        """Whether a workload's exposure is asked for."""
        return _any(self.workloads, workload)


def _any(words: Sequence[str], name: str) -> bool:
    return not words or any(means(word, name) for word in words)


def port_of(word: str) -> tuple[str, int]:
    """`tcp-80` as protocol and port."""
    protocol, _, number = word.partition("-")
    if protocol.upper() not in PROTOCOLS or not number.isdecimal() or not 1 <= int(number) <= 65535:
        raise UsageError(
            Text("{word} is no port", "{word} 不是端口").of(word=word),
            hint=Text("write protocol and number, such as tcp-80 or udp-53", "请写协议和端口号，例如 tcp-80 或 udp-53"),
        )
    return protocol.upper(), int(number)


class State(Struct, frozen=True, dict=True):
    """What was read in one place."""

    inventory: Inventory
    gaps: tuple[Gap, ...]
    locator: Locator
    reading: Reading = Reading.NP_GUARD
    declared: bool | None = None

    @cached_property
    def reach(self) -> Reach:
        """Who may connect to whom, the ingress controller that was not read included."""
        with uncollected():
            return reachability(self.inventory, reading=self.reading, strangers=(CONTROLLER,))

    @cached_property
    def _places(self) -> dict[tuple[Origin, FieldPath], Location]:
        return {}

    def place_of(self, reason: Reason) -> Location:
        """Where the rule stands that is the reason, else its policy."""
        key = (reason.origin, reason.at)
        if key not in self._places:
            self._places[key] = self.locator.locate(*key)
        return self._places[key]


LIMITS = Limits(seconds=120.0, objects=1_000_000, object_chars=512 * MIB)
"""More than a scan reads: who may connect to whom is one question to the whole cluster."""


@uncollected()
def read_state(
    path: str,
    reading: Reading,
    *,
    declared: bool | None = None,
    read_ignored: bool = False,
    stdin: bytes | None = None,
) -> State:
    """Read a folder, a file or (with `stdin`) what was piped in.

    `declared` is what the configuration says of the network plug-in: whether it enforces policies.
    """
    if stdin is not None:
        collected = collect_stdin(stdin, Options(limits=LIMITS))
        locator = Locator(Path(), stdin=stdin)
    else:
        root = Path(path)
        if not root.exists() and not root.is_symlink():
            raise UsageError(
                Text("{path} does not exist", "{path} 不存在").of(path=path),
                hint=Text("name a folder or file that holds manifests", "请指定含清单的目录或文件"),
            )
        base = root if root.is_dir() else root.parent
        collected = collect_manifests(base, [root], Options(read_ignored=read_ignored, limits=LIMITS))
        locator = Locator(base)
    inventory = collected.inventory
    # whoever asks for connections has asked for all that changes them
    gaps = (*collected.gaps, *(replace(g, named=True) for g in unmodelled(inventory, locator.locate)))
    if inventory.policies or inventory.admin_policies:
        unseen = network_plugin(inventory, declared).enforcement is Enforcement.NOT_SEEN
        gaps = (*gaps, *([not_seen()] if unseen else []))
    return State(inventory, gaps, locator, reading, declared)


@uncollected()
def summary(state: State) -> tuple[int, int]:
    """How many pods there are, and how many ordered pairs of different pods with any port allowed."""
    return state.reach.pods(), state.reach.pairs()


@uncollected()
def listing(
    state: State,
    focus: Focus,
    *,
    expand: bool = False,
    exposed: bool = False,
    explained: bool = False,
    why: bool = False,
) -> Listing:
    """The connections and what else is asked for."""
    reach = state.reach
    workloads = named_workloads(reach)
    if len(workloads) > MOST_WORKLOADS and not expand:
        workloads = named_classes(reach)
    explainer = Explainer(reach)
    return Listing(
        connections=tuple(_connections(state, focus, workloads, explainer if why else None)),
        workloads=tuple(_end(n) for n in workloads),
        exposed=_exposed(state, focus, expand=expand) if exposed else None,
        explained=tuple(_explained(state, focus, workloads, explainer)) if explained else None,
        on=focus.on,
    )


def _connections(
    state: State, focus: Focus, workloads: Sequence[NamedEnd], explainer: Explainer | None
) -> Iterator[Connection]:
    """The connections that are asked for; there may be a million, so each end is made once."""
    reach = state.reach
    ends: dict[str, End] = {}
    asked = None if focus.everything else focus
    for pairs in (connections(reach, workloads), controller_connections(reach, state.inventory, workloads)):
        for pair in pairs:
            source, target, ports = pair.source, pair.target, pair.ports
            if asked and not (asked.shows(source.name, target.name) and _on(ports, asked)):
                continue
            first = ends.get(source.name) or ends.setdefault(source.name, _end(source))
            second = ends.get(target.name) or ends.setdefault(target.name, _end(target))
            parts = explainer.parts(source.end, target.end) if explainer else ()
            yield Connection(first, second, ports, tuple(p for p in parts if p.allowed))


def _on(ports: PortSet, focus: Focus) -> bool:
    return focus.on is None or ports.contains(*focus.on)


def _end(named: NamedEnd) -> End:
    if named.external:
        return End(named.name, EndKind.EXTERNAL)
    if not named.workloads:
        return End(named.name, EndKind.CONTROLLER)
    kind = EndKind.CLASS if named.several else EndKind.WORKLOAD
    return End(named.name, kind, named.workloads[0].meta.namespace or "default")


def _exposed(state: State, focus: Focus, *, expand: bool) -> Exposed:
    reach = reachability(state.inventory, reading=state.reading, strangers=strangers_of(state.inventory))
    workloads = named_workloads(reach)
    if len(workloads) > MOST_WORKLOADS and not expand:
        workloads = named_classes(reach)
    workloads = tuple(n for n in workloads if focus.about(n.name))
    directions = [d for d in Direction if focus.direction in {None, d}]
    found = tuple(
        Exposure(_end(e.workload), e.direction, e.peer, e.text)
        for e in exposures(reach, workloads)
        if e.direction in directions and _on(e.ports, focus) and (focus.on is None or not e.like_any(focus.on))
    )
    bare = tuple((_end(n), d) for n, d in unprotected(reach, workloads) if d in directions)
    return Exposed(found, () if focus.on else bare)


def _explained(state: State, focus: Focus, workloads: Sequence[NamedEnd], explainer: Explainer) -> Iterator[Explained]:
    reach = state.reach
    targets = targets_of(reach, workloads)
    for source in sources_of(reach, workloads):
        for target in targets:
            apart = source.name != target.name and not (source.external and target.external)
            if apart and focus.shows(source.name, target.name):
                parts = _focused(explainer.parts(source.end, target.end), focus)
                if parts:
                    yield Explained(_end(source), _end(target), parts)
    from_ = controller(reach)
    for target, entries in entries_by_target(reach, state.inventory, workloads):
        if focus.shows(from_.name, target.name):
            parts = _focused(explainer.entry_parts(from_.end, target.end, entries), focus)
            if parts:
                yield Explained(_end(from_), _end(target), parts)


def _focused(parts: tuple[Part, ...], focus: Focus) -> tuple[Part, ...]:
    if focus.on is None:
        return parts
    protocol, port = focus.on
    only = PortSet.of([(protocol, port, port)])
    return tuple(Part(only, p.egress, p.ingress) for p in parts if p.ports.contains(protocol, port))


def compare(before: State, after: State) -> tuple[Changed, ...]:
    """What differs: changed connections, then added ones, then removed ones."""
    found = differences((before.reach, before.inventory), (after.reach, after.inventory))
    changes = [
        Changed(
            _named(d.source),
            _named(d.target),
            d.before,
            d.after,
            _note(d.added, "added") or _note(d.removed, "removed"),
        )
        for d in found
    ]
    order = ("changed", "added", "removed")
    return tuple(sorted(changes, key=lambda c: (order.index(c.kind), c.source.name, c.target.name)))


def _named(name: str) -> End:
    if name.endswith("[External]"):
        return End(name, EndKind.EXTERNAL)
    if name.startswith("{"):
        return End(name, EndKind.CONTROLLER)
    return End(name, EndKind.WORKLOAD, name.partition("/")[0])


def _note(names: Sequence[str], word: str) -> str:
    return f"workload{'s' if len(names) > 1 else ''} {' and '.join(names)} {word}" if names else ""


def inspect(state: State) -> tuple[PolicyProblem, ...]:
    """What is wrong with the policies; without policies nobody asks whether they are enforced."""
    reach = reachability(state.inventory, reading=state.reading, strangers=(*CONTROLLERS, DNS))
    found = [
        PolicyProblem(p.kind, p.wrong, _object(p.meta), p.message, state.locator.locate(p.meta.origin, p.at))
        for p in problems(reach, state.inventory)
    ]
    plugin = network_plugin(state.inventory, state.declared)
    if reach.resolved and plugin.enforcement is Enforcement.NOT_ENFORCED:
        place = None if plugin.meta is None else state.locator.locate(plugin.meta.origin, plugin.at)
        name = "" if plugin.meta is None else _object(plugin.meta)
        found.insert(0, PolicyProblem(ProblemKind.NOT_ENFORCED, True, name, plugin.why, place))
    return tuple(found)


def notes(state: State) -> Iterator[Text]:
    """What somebody who reads the result has to know."""
    plugin = network_plugin(state.inventory, state.declared)
    if state.reach.resolved and plugin.enforcement is Enforcement.NOT_ENFORCED:
        yield _IN_VAIN.of(why=plugin.why)
    if state.reading is Reading.NP_GUARD:
        selected = 0
        for resolved in state.reach.resolved:
            selected |= resolved.subject
        ends = state.reach.members(selected)
        names = {owner_name(w) for e in ends for w in state.reach.classes[e].workloads if w.pod.host_network}
        if names:
            yield _ON_HOSTS.of(count=len(names), example=min(names))


_IN_VAIN = Text("{why}; the result is what it would be if they had", "{why}；结果是假设策略生效时的情况")
_ON_HOSTS = Text(
    "policies select {count} workloads on the host's network ({example}); most plug-ins enforce none for them: see --reading api",
    "策略选中了 {count} 个使用主机网络的工作负载（{example}）；多数插件对其不生效：参见 --reading api",
)


def not_seen() -> Gap:
    """Nobody knows whether policies have any effect; with the one command that answers it."""
    return Gap(GapReason.NO_DATA, NOBODY, _LOOK, subject="network-policies-enforced", named=False)


_LOOK = Text(
    "kubectl get daemonsets,configmaps -A -o yaml | fourc netpol check -    (or network-policies-enforced in fourc.toml)",
    "kubectl get daemonsets,configmaps -A -o yaml | fourc netpol check -    （或在 fourc.toml 中写明 network-policies-enforced）",
)


def _object(meta: Meta) -> str:
    return f"{meta.kind} {meta.ref}"
