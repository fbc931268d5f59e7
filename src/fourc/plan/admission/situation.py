"""Where each namespace stands on the way to Pod Security: what runs there, which level it meets, what it is led to."""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct, field

from fourc.checks.pod_security import Verdict, level_met
from fourc.model.change import Range
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Workload
from fourc.model.location import Origin
from fourc.model.pod_security import PREFIX, SYSTEM_NAMESPACES, Level
from fourc.model.remedy import ChangeKind, FixClass
from fourc.model.text import Text
from fourc.model.version import KubeVersion
from fourc.plan import costs


class Agent(Struct, frozen=True):
    """A program that can never meet a level, and why."""

    workload: Workload
    why: Text


class Judged(Struct, frozen=True):
    """A workload as it is deployed, with its verdict; `source` is the object in a file that edits belong to, with its own."""

    verdict: Verdict
    source: Verdict | None

    @property
    def workload(self) -> Workload:
        """The workload as the cluster gets it."""
        return self.verdict.workload


class Situation(Struct, frozen=True):
    """Where a namespace stands: the level that its label enforces, the one that it meets, and the one that it is led to.

    `agents` are exempt: they are led out, or keep the namespace where it is if nothing else runs there. A namespace that
    stands in no file `is_new`: its `meta` is of the file that the first step makes, or None where none can be made.
    """

    name: str
    meta: Meta | None
    enforced: Level
    meets: Level
    goal: Level
    judged: tuple[Judged, ...] = ()
    agents: tuple[Agent, ...] = ()
    is_new: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do: the goal is enforced, and what runs there meets it, or is an agent among agents."""
        mixed = bool(self.agents and self.others)
        return self.enforced >= self.goal and not mixed and all(j.verdict.meets(self.goal) for j in self.others)

    @property
    def others(self) -> tuple[Judged, ...]:
        """The workloads that are no agents."""
        exempt = {id(a.workload) for a in self.agents}
        return tuple(j for j in self.judged if id(j.workload) not in exempt)


class Terms(Struct, frozen=True):
    """What the person wants: the goal, the version that the label pins, and until when an exemption holds (a date)."""

    goal: Level
    version: KubeVersion
    until: str
    taught: Mapping[ChangeKind, float] = field(default_factory=dict)
    own_hours: Mapping[str, float] = field(default_factory=dict)

    def hours(self, kind: ChangeKind, files: int, restarts: int, fix_class: FixClass) -> Range:
        """What a step takes, by the person's own numbers where there are any."""
        return costs.hours(kind, files, restarts, fix_class, self.own_hours).scaled(self.taught.get(kind, 1.0))


def situations(
    inventory: Inventory, judged: Sequence[Judged], agent_of: Callable[[Judged, Level], Agent | None], terms: Terms
) -> tuple[Situation, ...]:
    """Where each namespace stands that is an object here or in which something runs, by name; the system's own are left alone."""
    metas = {n.meta.name: n.meta for n in inventory.namespaces}
    homes: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        homes[each.workload.meta.namespace or "default"].append(each)
    found: list[Situation] = []
    facts = (inventory.workloads, inventory.services, inventory.data, inventory.namespaces, inventory.accounts)
    files = {fact.meta.origin.path for some in facts for fact in some}
    for name in sorted({*metas, *homes} - SYSTEM_NAMESPACES):
        meta, mine = metas.get(name), tuple(homes.get(name, ()))
        is_new = meta is None
        meta = meta or _to_be(name, mine, files)
        enforced = _enforced(meta)
        agents = tuple(a for j in mine if (a := agent_of(j, terms.goal)) is not None)
        only_agents = bool(agents) and len(agents) == len(mine)
        goal = max(terms.goal, enforced) if mine and not only_agents else enforced
        meets = level_met([j.verdict for j in mine])
        found.append(Situation(name, meta, enforced, meets, goal, mine, agents, is_new and meta is not None))
    return tuple(found)


def _enforced(meta: Meta | None) -> Level:
    """The level that the label asks for. One that is misspelt asks for nothing: the API server takes no such label."""
    word = meta.labels.get(f"{PREFIX}enforce") if meta else None
    return next((level for level in Level if level.word == word), Level.PRIVILEGED)


def _to_be(name: str, judged: Sequence[Judged], files: Collection[str]) -> Meta | None:
    """A namespace's object in a file of its own, beside what runs in it; None where there is no such place."""
    metas = [j.source.workload.meta for j in judged if j.source]
    beside = next((m.origin.path for m in metas if m.origin.editable and m.namespace_written), None)
    path = posixpath.join(posixpath.dirname(beside), f"{name}-namespace.yaml") if beside else ""
    if not path or path in files:
        return None
    return Meta("Namespace", "", name, None, False, Origin(path, 0, 1))
