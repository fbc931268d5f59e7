"""Generated network policies, and what was proven about them."""

import re
from collections.abc import Callable, Mapping
from enum import IntEnum

from msgspec import Struct, field

from fourc.model.flows import Evidence, Flow, Needed
from fourc.model.gap import Gap
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.network_plugin import Plugin
from fourc.model.subject import Ref
from fourc.model.text import Text


def file_name(name: str) -> str:
    """The name as one part of a path: manifests may hold names that no cluster takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip(".")[:200] or "unnamed"


class Stage(IntEnum):
    """The order of the roll-out: each stage is applied when the one before has run for a while."""

    INCOMING = 1
    OUTGOING = 2
    DEFAULT_DENY = 3

    @property
    def folder(self) -> str:
        """`1-incoming`."""
        return f"{self.value}-{self.name.lower().replace('_', '-')}"


class Drafted(Struct, frozen=True):
    """One generated policy; `reasons[i]` are the flows for which rule `i` is there, `fill_in` what a person has to confirm."""

    policy: NetworkPolicy
    stage: Stage
    workloads: tuple[Ref, ...]
    reasons: tuple[tuple[Flow, ...], ...]
    notes: tuple[Text, ...] = ()
    fill_in: tuple[Text, ...] = ()

    @property
    def namespace(self) -> str:
        """The namespace, `default` where none is written."""
        return self.policy.meta.namespace or "default"

    @property
    def path(self) -> str:
        """The file below the output folder, whatever the names hold."""
        return f"{self.stage.folder}/{file_name(self.namespace)}/{file_name(self.policy.meta.name)}.yaml"


class Withheld(Struct, frozen=True):
    """Workloads for which no policy is offered, and why; with `no_default_deny` their namespace gets none either."""

    namespace: str
    workloads: tuple[Ref, ...]
    why: Text
    no_default_deny: bool


class Synthesis(Struct, frozen=True):
    """The policies in the order of their roll-out, and what was left out."""

    drafted: tuple[Drafted, ...]
    withheld: tuple[Withheld, ...] = ()


class Witness(Struct, frozen=True):
    """A needed flow that the policies do not allow: which side denies it, and by which policies.

    `before` when those that were read already deny it, without the generated ones.
    """

    flow: Flow
    side: str
    policies: tuple[str, ...]
    before: bool = False


class Pair(Struct, frozen=True):
    """Two workloads with the ports that are allowed from the first to the second."""

    source: str
    target: str
    ports: str


class Proof(Struct, frozen=True):
    """What was worked out over everything that was read plus the generated policies, read back from their files.

    Pairs are ordered pairs of different workloads; `other_pairs` are those that nothing needs, `excess_pairs` how many
    of them stay allowed (`excess` lists the first): `excess_by_read` by policies that were read, `excess_by_host` since no
    policy holds for pods on the host's network. `wider` are needed pairs that are open on more ports than needed.
    """

    flows: int
    broken: tuple[Witness, ...]
    unchecked: tuple[Flow, ...]
    pairs: int
    needed_pairs: int
    other_pairs: int
    excess_pairs: int
    excess_by_read: int
    excess_by_host: int
    excess: tuple[Pair, ...]
    wider: tuple[Pair, ...]
    denied: Mapping[str, bool] = field(default_factory=dict)
    without_evidence: tuple[Ref, ...] = ()

    @property
    def closed(self) -> float:
        """The share of the other pairs that is closed, 0 to 1."""
        return 1.0 if not self.other_pairs else 1 - self.excess_pairs / self.other_pairs

    @property
    def holds(self) -> bool:
        """Whether the generated policies deny no needed flow."""
        return all(w.before for w in self.broken)


class SynthReport(Struct, frozen=True):
    """One run of `netpol synth` for the reporters: `files` are paths below `out`, `place` says where a reason stands.

    `plugin` says whether policies have any effect in this cluster.
    """

    name: str
    out: str
    needed: Needed
    synthesis: Synthesis
    proof: Proof
    files: tuple[str, ...]
    gaps: tuple[Gap, ...]
    plugin: Plugin
    place: Callable[[Evidence], str]
