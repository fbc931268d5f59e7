"""Who holds which role where, as the API server works it out from roles and bindings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.rbac import Binding, PolicyRule, Role
from fourc.model.location import Origin
from fourc.model.text import Text
from fourc.patch.yaml.node import Path
from fourc.rbac.builtin import BUILT_IN, builtin_bindings, builtin_roles
from fourc.rbac.identities import Identity, identity_of
from fourc.rbac.requests import RBAC_GROUP
from fourc.rbac.validity import refusal_of_binding, refusal_of_role

RoleKey = tuple[str, str | None, str]
_MISSING = Text("{k} {n} was not read and is not built in", "没有读到 {k} {n}，它也不是内置的")
_REFUSED_ROLE = Text("the API server refuses {k} {n}: {why}", "API 服务器会拒绝 {k} {n}：{why}")
_NOBODY = Text("it names no subject", "它没有写明任何主体")


class HeldRule(Struct, frozen=True):
    """One rule together with the role that it is written in: for an aggregated role that is another one."""

    rule: PolicyRule
    written_in: Meta

    @property
    def place(self) -> tuple[Origin, Path]:
        """Where the rule stands."""
        return self.written_in.origin, ("rules", self.rule.index)


class EffectiveRole(Struct, frozen=True):
    """A role with the rules that it really has."""

    meta: Meta
    rules: tuple[HeldRule, ...]

    @property
    def built_in(self) -> bool:
        """Whether Kubernetes brings it."""
        return self.meta.origin == BUILT_IN


class Bound(Struct, frozen=True):
    """A binding that the API server takes, with its role; `scope` is the namespace that it holds in, None for all."""

    binding: Binding
    role: EffectiveRole
    identities: tuple[Identity, ...]
    scope: str | None


class Grant(Struct, frozen=True):
    """One rule that one identity holds in `scope` (None: everywhere), with role and binding as evidence."""

    identity: Identity
    scope: str | None
    held: HeldRule
    role: EffectiveRole
    binding: Binding

    @property
    def places(self) -> tuple[tuple[Origin, Path], ...]:
        """Where the rule and the binding stand."""
        return self.held.place, (self.binding.meta.origin, ("roleRef", "name"))


class Idle(Struct, frozen=True):
    """A binding that grants nothing, and why; `refused` when the API server does not even take it."""

    binding: Binding
    why: Text
    refused: bool


class Authorization(Struct, frozen=True, dict=True):
    """Everything that roles and bindings grant; ask `grants` for the rules one by one."""

    bound: tuple[Bound, ...]
    idle: tuple[Idle, ...]
    roles: Mapping[RoleKey, EffectiveRole]

    def grants(self) -> Iterator[Grant]:
        """Every rule of every identity, in the order of the bindings."""
        for bound in self.bound:
            for identity in bound.identities:
                for held in bound.role.rules:
                    yield Grant(identity, bound.scope, held, bound.role, bound.binding)

    @cached_property
    def by_identity(self) -> Mapping[Identity, tuple[Bound, ...]]:
        """The bindings of each identity that is named in one."""
        found: dict[Identity, list[Bound]] = defaultdict(list)
        for bound in self.bound:
            for identity in bound.identities:
                found[identity].append(bound)
        return {identity: tuple(mine) for identity, mine in found.items()}


def authorization(inventory: Inventory, *, built_in: bool = False) -> Authorization:
    """What the inventory's roles and bindings grant; with `built_in` also what Kubernetes' own bindings do."""
    roles = _Roles(inventory)
    bindings: Sequence[Binding] = inventory.bindings
    if built_in:
        written = {(b.meta.kind, b.meta.namespace, b.meta.name) for b in bindings}
        own = builtin_bindings()
        bindings = (*bindings, *(b for b in own if (b.meta.kind, b.meta.namespace, b.meta.name) not in written))
    bound: list[Bound] = []
    idle: list[Idle] = []
    for binding in bindings:
        made = _resolved(binding, roles)
        if isinstance(made, Bound):
            bound.append(made)
        else:
            idle.append(made)
    for key in _bindable_by_name(bound):
        roles.get(key)
    return Authorization(tuple(bound), tuple(idle), roles.known)


def _bindable_by_name(bound: Iterable[Bound]) -> Iterator[RoleKey]:
    """The ClusterRoles that a rule with `resourceNames` lets its holders bind: built-in ones become known by it."""
    for rule in (held.rule for one in bound for held in one.role.rules):
        if rule.allows("bind", RBAC_GROUP, "clusterroles", named=True):
            yield from (("ClusterRole", None, name) for name in rule.names)


def _resolved(binding: Binding, roles: "_Roles") -> Bound | Idle:
    refusal = refusal_of_binding(binding)
    if refusal is not None:
        return Idle(binding, refusal, refused=True)
    namespace = None if binding.role_kind == "ClusterRole" else binding.meta.namespace
    role = roles.get((binding.role_kind, namespace, binding.role_name))
    if isinstance(role, Text):
        return Idle(binding, role, refused=False)
    if not binding.subjects:
        return Idle(binding, _NOBODY, refused=False)
    identities = tuple(dict.fromkeys(identity_of(s) for s in binding.subjects))
    return Bound(binding, role, identities, None if binding.cluster_wide else binding.meta.namespace or "default")


class _Roles:
    """Roles by name with their effective rules: those that were read, else the built-in ones."""

    def __init__(self, inventory: Inventory) -> None:
        self._read = inventory.roles_by_name
        self._cluster_roles = [r for r in self._read.values() if r.cluster_wide and refusal_of_role(r) is None]
        self.known: dict[RoleKey, EffectiveRole] = {}
        for key, role in self._read.items():
            if refusal_of_role(role) is None:
                self.known[key] = EffectiveRole(role.meta, tuple(self._rules(role)))

    def get(self, key: RoleKey) -> EffectiveRole | Text:
        """The role, or why there is none."""
        if key in self.known:
            return self.known[key]
        read = self._read.get(key)
        refusal = refusal_of_role(read) if read is not None else None
        if refusal is not None:
            return _REFUSED_ROLE.of(k=key[0], n=key[2], why=refusal)
        own = builtin_roles().get(key)
        if own is None:
            return _MISSING.of(k=key[0], n=key[2])
        self.known[key] = EffectiveRole(own.meta, tuple(self._rules(own)))
        return self.known[key]

    def _rules(self, role: Role) -> Iterator[HeldRule]:
        """Its own rules; of an aggregated role those of the selected ones, which replace whatever is written in it."""
        if not role.aggregated:
            yield from (HeldRule(rule, role.meta) for rule in role.rules)
            return
        for other in self._selected(role, frozenset({role.meta.name})):
            yield from (HeldRule(rule, other.meta) for rule in other.rules)

    def _selected(self, role: Role, seen: frozenset[str]) -> Iterator[Role]:
        """The roles whose labels are selected, and for an aggregated one those that it selects in turn."""
        own = [r for k, r in builtin_roles().items() if r.cluster_wide and k not in self._read]
        for other in (*self._cluster_roles, *own):
            if other.meta.name in seen or not any(s.matches(other.meta.labels) for s in role.selectors):
                continue
            if other.aggregated:
                yield from self._selected(other, seen | {other.meta.name})
            else:
                yield other
