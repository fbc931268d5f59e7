"""Who may connect to whom, as reports show it: names, ports and the reasons; made from the reachability of one state."""

from enum import Enum

from msgspec import Struct

from fourc.model.location import Origin
from fourc.model.ports import PortSet
from fourc.model.subject import Ref
from fourc.patch.yaml.node import Path


class Direction(Enum):
    """The side of a connection at which a policy stands."""

    INGRESS = "Ingress"
    EGRESS = "Egress"


class EndKind(Enum):
    """What stands at an end of a connection."""

    WORKLOAD = "workload"
    EXTERNAL = "external"
    CONTROLLER = "ingress-controller"
    CLASS = "class"


class End(Struct, frozen=True):
    """One end of a connection by its name; `namespace` is "" outside the cluster."""

    name: str
    kind: EndKind
    namespace: str = ""


class Verb(Enum):
    """What a policy does to a connection, or why it does nothing for it."""

    ALLOWS = "allows"
    DENIES = "denies"
    PASSES = "passes"
    NO_RULE = "no rule admits the other end"
    NO_RULES = "it has no rules"
    OTHER_PORTS = "the rules that admit the other end are for other ports"
    NO_SUCH_NAME = "the rules that admit the other end name a port that the destination does not have"
    LEADS = "leads there"
    LEADS_ELSEWHERE = "leads to other ports"


class Reason(Struct, frozen=True):
    """One policy's (or Ingress's) part in a verdict: `rules` are the rules' names, `at` the first one's field."""

    verb: Verb
    direction: Direction
    ref: Ref
    origin: Origin
    at: Path
    rules: tuple[str, ...] = ()
    service: str = ""


class Side(Struct, frozen=True):
    """The verdict at one end; without reasons it is the default, which allows."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()


class Part(Struct, frozen=True):
    """Ports of a connection with the same reasons."""

    ports: PortSet
    egress: Side
    ingress: Side

    @property
    def allowed(self) -> bool:
        """Whether both ends allow it."""
        return self.egress.allowed and self.ingress.allowed

    @property
    def by_default(self) -> bool:
        """Whether no policy had a say."""
        return self.allowed and not self.egress.reasons and not self.ingress.reasons


class Explained(Struct, frozen=True):
    """One pair of ends with the reasons for everything that is allowed or denied between them."""

    source: End
    target: End
    parts: tuple[Part, ...]

    @property
    def by_default(self) -> bool:
        """Whether no policy had a say about any port."""
        return all(part.by_default for part in self.parts)


class Connection(Struct, frozen=True):
    """Ports on which `source` may connect to `target`."""

    source: End
    target: End
    ports: PortSet
    why: tuple[Part, ...] = ()


class Exposure(Struct, frozen=True):
    """Ports on which a workload is open, in a direction, to `peer`: pods that were not read, or addresses outside."""

    workload: End
    direction: Direction
    peer: str
    ports: str


class Exposed(Struct, frozen=True):
    """The exposure of workloads, and those that no policy selects, by direction."""

    exposures: tuple[Exposure, ...]
    unprotected: tuple[tuple[End, Direction], ...]


class Listing(Struct, frozen=True):
    """What `netpol list` shows; `on` is the one protocol and port that was asked about."""

    connections: tuple[Connection, ...]
    workloads: tuple[End, ...]
    exposed: Exposed | None = None
    explained: tuple[Explained, ...] | None = None
    on: tuple[str, int] | None = None


class Changed(Struct, frozen=True):
    """A difference of two states; no ports on a side means that the connection was not allowed there."""

    source: End
    target: End
    before: PortSet
    after: PortSet
    note: str = ""

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"
