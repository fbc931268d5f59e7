"""Pods in equivalence classes: those of one namespace that no policy can tell apart."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.admin_policy import AdminPeer, AdminPolicy
from fourc.model.kubernetes.network import NetworkPolicy, Selector
from fourc.model.kubernetes.pod import Workload
from fourc.reach.bits import members
from fourc.reach.selectors import LabelIndex, SelectorKey, Vocabulary, learn, projected, selector_key

NAME_LABEL = "kubernetes.io/metadata.name"
NamedPort = tuple[str, str, int]
"""Name, protocol and number of a container port."""


class Reading(Enum):
    """How to read what the API leaves to plug-ins, or says in a note.

    API: no policy holds for pods on the host's network and no selector chooses them, as with most plug-ins; an
    administrator's rule about every address is about pods too.
    NP_GUARD: such pods are like others, which the API leaves open, and rules about addresses are about no pod.
    """

    API = "api"
    NP_GUARD = "np-guard"


class PodClass(Struct, frozen=True):
    """Pods that no policy tells apart; `pods` counts replicas, `host` says that no policy is about them."""

    index: int
    namespace: str
    workloads: tuple[Workload, ...]
    pods: int
    named: frozenset[NamedPort]
    host: bool


def namespace_labels(inventory: Inventory) -> dict[str, Mapping[str, str]]:
    """The labels of every namespace that has pods or was read; its name is always one of them."""
    read = {n.meta.name: n.meta.labels for n in reversed(inventory.namespaces)}
    names = sorted({*read, *(w.meta.namespace or "default" for w in inventory.workloads)})
    return {name: {**read.get(name, {}), NAME_LABEL: name} for name in names}


class Words(Struct):
    """What the policies can tell apart: labels in all namespaces, labels in one, and names of ports."""

    everywhere: Vocabulary
    within: dict[str, Vocabulary]
    ports: set[str]
    selectors: dict[tuple[str | None, SelectorKey], Selector]

    def pods(self, selector: Selector, namespace: str | None) -> None:
        """Note a selector of pods, of one namespace or (None) of any."""
        key = (namespace, selector_key(selector))
        if key not in self.selectors:
            self.selectors[key] = selector
            learn(self.everywhere if namespace is None else self.within.setdefault(namespace, {}), selector)


def words_of(policies: Sequence[NetworkPolicy], admin: Sequence[AdminPolicy]) -> Words:
    """Everything that the policies' selectors and rules name."""
    words = Words({}, {}, set(), {})
    for policy in policies:
        home = policy.meta.namespace or "default"
        words.pods(policy.selector, home)
        for part in (*(policy.ingress or ()), *(policy.egress or ())):
            words.ports |= {p.port for p in part.ports if isinstance(p.port, str)}
            for peer in part.peers:
                if peer.pods is not None and peer.cidr is None:
                    words.pods(peer.pods, home if peer.namespaces is None else None)
    for admin_policy in admin:
        _admin_words(words, AdminPeer(admin_policy.namespaces, admin_policy.pods))
        for rule in (*admin_policy.ingress, *admin_policy.egress):
            words.ports |= {p.name for p in rule.ports or () if p.name}
            for admin_peer in rule.peers:
                _admin_words(words, admin_peer)
    return words


def _admin_words(words: Words, peer: AdminPeer) -> None:
    if peer.pods is not None:
        words.pods(peer.pods, None)


Labels = tuple[tuple[str, str], ...]
_Kind = tuple[str, Labels, frozenset[NamedPort], bool]


class Grouped(Struct, frozen=True):
    """The classes in the order of their namespaces, by the labels of their pods as the policies see them."""

    classes: tuple[PodClass, ...]
    index: LabelIndex


def classify(inventory: Inventory, words: Words, namespaces: Iterable[str], reading: Reading) -> Grouped:
    """The pods of the inventory in classes."""
    vocabulary = {name: _together(words.everywhere, words.within.get(name)) for name in namespaces}
    kinds: dict[_Kind, list[Workload]] = {}
    no_ports: frozenset[NamedPort] = frozenset()
    for workload in inventory.workloads:
        name = workload.meta.namespace or "default"
        pod = workload.pod
        kind = (
            name,
            projected(pod.labels, vocabulary[name]),
            _named(workload, words.ports) if words.ports else no_ports,
            pod.host_network and reading is Reading.API,
        )
        kinds.setdefault(kind, []).append(workload)
    ordered = sorted(kinds, key=lambda kind: kind[0])
    index = LabelIndex([kind[1] for kind in ordered])
    merged: dict[tuple[object, ...], list[_Kind]] = {}
    for kind, signature in zip(ordered, _signatures(ordered, index, words), strict=True):
        merged.setdefault((kind[0], signature, kind[2], kind[3]), []).append(kind)
    classes: list[PodClass] = []
    labels: list[Labels] = []
    for alike in merged.values():
        found = [w for kind in alike for w in kinds[kind]]
        first = alike[0]
        classes.append(PodClass(len(classes), first[0], tuple(found), sum(map(_pods, found)), first[2], first[3]))
        labels.append(first[1])
    return Grouped(tuple(classes), index if len(labels) == len(ordered) else LabelIndex(labels))


def _pods(workload: Workload) -> int:
    if workload.meta.kind == "PodTemplate":
        return 0  # nothing makes pods from it by itself
    return 1 if workload.replicas is None else workload.replicas


def _together(everywhere: Vocabulary, within: Vocabulary | None) -> Vocabulary:
    if not within:
        return everywhere
    both = {key: values | within.get(key, set()) for key, values in everywhere.items()}
    return both | {key: values for key, values in within.items() if key not in both}


def _named(workload: Workload, names: set[str]) -> frozenset[NamedPort]:
    return frozenset(
        (p.name, p.protocol, p.container_port)
        for c in workload.pod.containers
        if c.runs_on
        for p in c.ports
        if p.name in names
    )


def _signatures(kinds: Sequence[_Kind], index: LabelIndex, words: Words) -> list[tuple[int, ...]]:
    """For each kind of pod the selectors that choose it: kinds with the same ones are alike."""
    spans = namespace_spans([kind[0] for kind in kinds])
    chosen: list[list[int]] = [[] for _ in kinds]
    for number, ((namespace, _), selector) in enumerate(words.selectors.items()):
        if selector.empty:
            continue
        bits, start = index.chosen(selector), 0
        if namespace is not None:
            start, end = spans.get(namespace, (0, 0))
            bits = bits >> start & (1 << end - start) - 1
        for member in members(bits):
            chosen[start + member].append(number)
    return [tuple(found) for found in chosen]


def namespace_spans(names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """For each name of a sorted sequence where it starts and ends."""
    spans: dict[str, tuple[int, int]] = {}
    for number, name in enumerate(names):
        spans[name] = (spans.get(name, (number, 0))[0], number + 1)
    return spans
