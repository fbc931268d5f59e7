"""Everything that can stand at an end of a connection, as bits: pod classes, strangers, ranges of addresses."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.admin_policy import AdminPeer
from fourc.model.kubernetes.network import Peer, Selector
from fourc.reach.addresses import AddressSpace, Block, covers_a_version
from fourc.reach.bits import members
from fourc.reach.classes import (
    Grouped,
    NamedPort,
    Reading,
    Words,
    classify,
    namespace_labels,
    namespace_spans,
)
from fourc.reach.selectors import LabelIndex, SelectorKey, admits, selector_key

ANY = Selector({})


class Stranger(Struct, frozen=True):
    """Pods that were not read: some pod that `pods` chooses in some namespace that `namespaces` chooses.

    With `closed` they have no label but those that the selectors name.
    """

    namespaces: Selector
    pods: Selector
    closed: bool = False


class Space:
    """The ends of connections and which of them a policy's peers choose.

    Bits count pod classes first, then strangers, then ranges of addresses.
    """

    def __init__(
        self,
        inventory: Inventory,
        words: Words,
        blocks: Iterable[Block],
        strangers: Sequence[Stranger],
        reading: Reading,
    ) -> None:
        labels = namespace_labels(inventory)
        self._pods_have_addresses = reading is Reading.API
        self.namespaces: Mapping[str, Mapping[str, str]] = labels
        grouped: Grouped = classify(inventory, words, labels, reading)
        self.classes = grouped.classes
        self.strangers = tuple(strangers)
        self.addresses = AddressSpace(blocks)
        self.first_stranger = len(self.classes)
        self.first_range = self.first_stranger + len(self.strangers)
        self.everyone = (1 << self.first_range + len(self.addresses.ranges)) - 1
        self.outside = self.addresses.all << self.first_range
        self.pods = (1 << self.first_stranger) - 1
        self.unread = (1 << self.first_range) - 1 ^ self.pods
        self.hosts = sum(1 << c.index for c in self.classes if c.host)
        self._index = grouped.index
        self._names = tuple(labels)
        self._spans = namespace_spans([c.namespace for c in self.classes])
        self._namespace_index = LabelIndex([tuple(found.items()) for found in labels.values()])
        self._chosen: dict[SelectorKey, int] = {}
        self._of_namespaces: dict[SelectorKey, int] = {}
        self._strangers: dict[tuple[SelectorKey, SelectorKey], int] = {}
        self._named: dict[tuple[str, str], dict[tuple[str, int], int]] = {}
        for found in self.classes:
            for name, protocol, port in found.named:
                ports = self._named.setdefault((name, protocol), {})
                ports[protocol, port] = ports.get((protocol, port), 0) | 1 << found.index

    def choose(self, pods: Selector | None, namespaces: Selector | None, home: str = "") -> int:
        """The pods that the selectors choose; without `namespaces` those of the namespace `home`."""
        if namespaces is None:
            namespaces = Selector({"kubernetes.io/metadata.name": home})
            start, end = self._spans.get(home, (0, 0))
            bits = (1 << end) - (1 << start)
        else:
            bits = self._in_namespaces(namespaces)
        if pods is not None and not pods.empty:
            bits &= self._pods(pods)
        bits &= ~self.hosts
        return bits | self._matched_strangers(pods or ANY, namespaces) if self.strangers else bits

    def peer(self, peer: Peer, home: str) -> int:
        """Whom a peer of a NetworkPolicy in the namespace `home` chooses.

        A range chooses addresses outside the cluster; a pod's address is none (the API calls it ephemeral). A node's
        is not known here: pods on the host's network are chosen by a range of all addresses alone.
        """
        if peer.cidr is not None:
            block = (peer.cidr, peer.excluded)
            bits = self.addresses.bits(block) << self.first_range
            return bits | self.hosts if covers_a_version(block) else bits
        if peer.pods is None and peer.namespaces is None:
            return 0
        return self.choose(peer.pods, peer.namespaces, home)

    def admin_peer(self, peer: AdminPeer) -> int:
        """Whom a peer of an administrator's policy chooses; a range of all addresses holds pods and nodes too.

        Nodes are there as pods on the host's network: all of them, or with a selector (no node was read) none.
        """
        if peer.namespaces is not None:
            return self.choose(peer.pods, peer.namespaces)
        if peer.nodes is not None:
            return self.hosts if peer.nodes.empty else 0
        bits = 0
        for cidr in peer.networks:
            block: Block = (cidr, ())
            bits |= self.addresses.bits(block) << self.first_range
            if self._pods_have_addresses and covers_a_version(block):
                bits |= (1 << self.first_range) - 1
        return bits

    def named(self, name: str, protocol: str, bits: int) -> Iterable[tuple[str, int, int]]:
        """The ports of this name, each with the pods among `bits` that have it; `protocol` "" stands for every one."""
        protocols = (protocol,) if protocol else ("TCP", "UDP", "SCTP")
        for wanted in protocols:
            for (found, port), having in self._named.get((name, wanted), {}).items():
                if having & bits:
                    yield found, port, having & bits

    def named_spans(self) -> Iterable[tuple[str, int, int]]:
        """Every port that has a name, as a span."""
        return ((p, port, port) for ports in self._named.values() for p, port in ports)

    def namespace_names(self, selector: Selector) -> list[str]:
        """The namespaces that a selector chooses."""
        return [self._names[i] for i in members(self._namespace_index.chosen(selector))]

    def named_of(self, index: int) -> frozenset[NamedPort]:
        """The named ports of a pod class."""
        return self.classes[index].named

    def _pods(self, selector: Selector) -> int:
        key = selector_key(selector)
        if key not in self._chosen:
            self._chosen[key] = self._index.chosen(selector)
        return self._chosen[key]

    def _in_namespaces(self, selector: Selector) -> int:
        key = selector_key(selector)
        if key not in self._of_namespaces:
            bits = 0
            for name in self.namespace_names(selector):
                start, end = self._spans.get(name, (0, 0))
                bits |= (1 << end) - (1 << start)
            self._of_namespaces[key] = bits
        return self._of_namespaces[key]

    def _matched_strangers(self, pods: Selector, namespaces: Selector) -> int:
        key = (selector_key(pods), selector_key(namespaces))
        if key not in self._strangers:
            self._strangers[key] = sum(
                1 << self.first_stranger + i
                for i, s in enumerate(self.strangers)
                if admits(namespaces, s.namespaces, closed=s.closed) and admits(pods, s.pods, closed=s.closed)
            )
        return self._strangers[key]
