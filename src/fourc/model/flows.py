"""Connections that must keep working, each with the reason why somebody believes so."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from fourc.model.location import Origin
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.node import Path


class PartyKind(StrEnum):
    """What stands at one end of a connection."""

    WORKLOAD = "workload"
    PODS = "pods"
    CLUSTER = "cluster"
    ANYWHERE = "anywhere"
    OUTSIDE = "outside"
    API_SERVER = "api-server"
    NODE = "node"
    DNS = "dns"
    HOST = "host"
    ADDRESS = "address"


class Party(Struct, frozen=True):
    """One end of a connection.

    WORKLOAD: `ref`. PODS: pods that were not read, in the namespace `name`, with `labels` (none: all of it). CLUSTER: every
    pod. ANYWHERE: whatever can send or take a packet. OUTSIDE: every address outside the cluster. NODE: the node of the pod
    itself. HOST: a DNS name outside the cluster.
    ADDRESS: a CIDR.
    """

    kind: PartyKind
    name: str = ""
    ref: Ref | None = None
    labels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """How reports name it; never translated."""
        if self.ref is not None:
            return f"{self.ref}[{self.ref.kind}]"
        labels = ",".join(f"{k}={v}" for k, v in self.labels)
        if self.kind is PartyKind.PODS:
            return f"{self.name}[{labels or 'all pods'}]"
        return self.name or self.kind.value


def workload_party(ref: Ref) -> Party:
    """A workload that was read."""
    return Party(PartyKind.WORKLOAD, ref=ref)


ANYWHERE, CLUSTER, OUTSIDE = Party(PartyKind.ANYWHERE), Party(PartyKind.CLUSTER), Party(PartyKind.OUTSIDE)
API_SERVER, NODE, DNS = Party(PartyKind.API_SERVER), Party(PartyKind.NODE), Party(PartyKind.DNS)


class FlowPort(Struct, frozen=True):
    """A port of the pod (a name where no container says its number) with its protocol."""

    port: int | str
    protocol: str = "TCP"

    def __str__(self) -> str:
        """`TCP 80`."""
        return f"{self.protocol} {self.port}"


class EvidenceKind(StrEnum):
    """Where it is written or seen that a connection is needed."""

    ENV = "env"
    ARGUMENT = "argument"
    CONFIG_MAP = "config-map"
    SECRET = "secret"  # noqa: S105 - a kind of source
    ENTRY = "entry"
    WEBHOOK = "webhook"
    PROBE = "probe"
    SCRAPE = "scrape"
    MONITOR = "monitor"
    DNS = "dns"
    TOKEN = "token"  # noqa: S105 - a kind of source
    PEERS = "own-peers"
    MESH = "mesh"
    POLICY = "policy"
    CLOUD = "cloud"
    PROGRAM = "program"
    CODE = "code"
    REGISTRY = "registry"
    OBSERVED = "observed"


class Evidence(Struct, frozen=True):
    """One reason: a field (`origin`, `at`) of an object, or a `place` (`file:line`) of something else that was read.

    `says` is the name that was found there; never a value that could be secret.
    """

    kind: EvidenceKind
    says: str
    subject: Ref | None = None
    origin: Origin | None = None
    at: Path = ()
    place: str = ""


class Flow(Struct, frozen=True):
    """A connection that must keep working; without `port` on every port."""

    source: Party
    target: Party
    port: FlowPort | None
    evidence: tuple[Evidence, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is sorted by."""
        return (
            str(self.source),
            str(self.target),
            "" if self.port is None else f"{self.port.protocol} {self.port.port!s:>5}",
        )


class Unknown(Struct, frozen=True):
    """Why nobody can say from what was read whom a workload talks to."""

    finder: str
    why: Text
    evidence: Evidence | None = None


class Dangling(Struct, frozen=True):
    """A name in a host's place behind which no Service was read."""

    source: Ref
    host: str
    evidence: Evidence


class Needed(Struct, frozen=True):
    """All flows, sorted; the workloads whose flows are unknown; names that lead nowhere; sightings that match nothing."""

    flows: tuple[Flow, ...] = ()
    unknown: Mapping[Ref, Unknown] = field(default_factory=dict)
    dangling: tuple[Dangling, ...] = ()
    unmatched: tuple["Sighting", ...] = ()


class Sighting(Struct, frozen=True):
    """A connection that somebody saw or a registry lists, before its ends are matched with what was read.

    An end is a name (`namespace/name`, a workload's or Service's or pod's), an address, or one of the reserved words of
    `PartyKind`. `place` is `file:line`.
    """

    source: str
    target: str
    port: int | None
    protocol: str
    place: str
    kind: EvidenceKind = EvidenceKind.OBSERVED


class CodeClient(Struct, frozen=True):
    """A source file that declares a client of a service found by name: the application that holds it, and the name."""

    application: str
    service: str
    place: str


class Code(Struct, frozen=True):
    """What the source files say: which applications were read, and whom they call."""

    applications: frozenset[str] = frozenset()
    clients: tuple[CodeClient, ...] = ()
