"""From the roles that identities hold to what they lead to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from fourc.graph.accounts import Accounts, where
from fourc.graph.builder import Builder, workload_id
from fourc.graph.mending import Cause
from fourc.graph.needs import Bindable, Held, Hit, bindable, first, meets
from fourc.graph.powers import POWERS, Need, Power
from fourc.graph.scopes import SYSTEM, Area, Scopes, forbids_privileged
from fourc.model.finding import Finding
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.model.text import Text
from fourc.rbac.builtin import builtin_bindings
from fourc.rbac.identities import Identity, identity_of
from fourc.rbac.resolve import Bound, EffectiveRole, HeldRule

_WHOLE = POWERS[0]
_BINDING = next(p for p in POWERS if p.kind == "rbac-bind-role")
_MAY = Text("{r} ({p}) lets its holders {may}, {where}", "{r}（{p}）允许持有者{may}（{where}）")
_TOGETHER = Text(
    "{r} together let holders such as {i} {may}, {where}", "{r} 合在一起，让 {i} 这样的持有者可以{may}（{where}）"
)
_NAMED = Text("{r} ({p}) reaches {n} by its name, {where}", "{r}（{p}）按名称授予对 {n} 的权限（{where}）")
_BIND = Text(
    "{r} ({p}) lets its holders bind {b} to themselves, {where}", "{r}（{p}）允许持有者把 {b} 绑定给自己（{where}）"
)
_USE = Text("once bound, {r} of namespace {n} can be used", "绑定之后就可以使用命名空间 {n} 的 {r}")
_KINDS = {
    "deployments": "Deployment", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet", "replicasets": "ReplicaSet",
    "jobs": "Job", "cronjobs": "CronJob",
}  # fmt: skip


class Permissions:
    """The steps that permissions open."""

    def __init__(self, builder: Builder, accounts: Accounts, scopes: Scopes) -> None:
        self.builder, self.accounts, self.scopes = builder, accounts, scopes
        self._rules: dict[tuple[PolicyRule, ...], Mapping[int, tuple[tuple[int, str], ...]]] = {}
        self._done: set[str] = set()

    def steps(self) -> None:
        """From every identity that a binding names to every power that it has."""
        for bound in self.builder.authorization.bound:
            identities = [i for i in bound.identities if not self._is_kubernetes_own(bound, i)]
            if not identities or not self._leads_on(bound.role, bound.scope):
                continue
            self._role(bound.role, bound.scope)
            for identity in identities:
                self.accounts.discover(identity, bound)
        for identity in sorted(self.builder.authorization.by_identity):
            self._combined(identity)
        for namespace in self.scopes.made(Area.ROLES):
            self._bindable(namespace)

    @cached_property
    def _own(self) -> frozenset[tuple[str, Identity]]:
        return frozenset((b.meta.name, identity_of(s)) for b in builtin_bindings() for s in b.subjects)

    def _is_kubernetes_own(self, bound: Bound, identity: Identity) -> bool:
        return (bound.binding.meta.name, identity) in self._own

    # --- one role -----------------------------------------------------------------------------------------------------

    def _hits(self, role: EffectiveRole) -> Mapping[int, tuple[Hit, ...]]:
        """By the number of a power: for each of its needs the rule that meets it; powers without a missing need only."""
        found = self._partly(role)
        return {
            number: tuple(h for h in hits if h is not None)
            for number, hits in found.items()
            if all(h is not None for h in hits)
        }

    def _partly(self, role: EffectiveRole) -> Mapping[int, tuple[Hit | None, ...]]:
        """As `_hits`, with None for a need that is not met; powers of which no need is met are left out."""
        rules = tuple(h.rule for h in role.rules)
        if rules not in self._rules:
            self._rules[rules] = dict(_powers_of(rules))
        made: dict[int, tuple[Hit | None, ...]] = {}
        for number, places in self._rules[rules].items():
            made[number] = tuple(None if at < 0 else Hit(role.rules[at], said) for at, said in places)
        return made

    def _leads_on(self, role: EffectiveRole, scope: str | None) -> bool:
        if any(self._counts(POWERS[number], scope) for number in self._partly(role)):
            return True
        return any(True for _ in _named(role))

    def _counts(self, power: Power, scope: str | None) -> bool:
        """Whether the power means something where it is held."""
        if power.cluster and scope is not None:
            return False
        if power.namespaced_only and scope is None:
            return False
        if power.inside and scope not in {None, power.inside}:
            return False
        if power.kind == "rbac-relabel-namespace" and scope is not None:
            return forbids_privileged(self.builder.inventory, scope)
        return True

    def _role(self, role: EffectiveRole, scope: str | None) -> None:
        node = self.builder.permission(role, scope)
        if node in self._done:
            return
        self._done.add(node)
        hits = self._hits(role)
        everything = 0 in hits and scope is None
        for number, met in hits.items():
            power = POWERS[number]
            if not self._counts(power, scope) or (everything and power is not _WHOLE):
                continue
            said = _MAY.of(
                r=_shown(role), p=", ".join(dict.fromkeys(h.said for h in met)), may=power.may, where=where(scope)
            )
            self._power(node, power, scope, said, met)
        if not everything:
            self._by_name(node, role, scope)
            for found in bindable((Held(role, scope),), self.scopes.namespaces):
                self._bind(node, found, _shown(role))

    def _power(
        self, source: str, power: Power, scope: str | None, said: Text, met: Sequence[Hit], when: Sequence[str] = ()
    ) -> None:
        holding = (power.holding,) if power.holding else ()
        assumed = power.kind == "rbac-update-aws-auth" and not self._on_eks
        self.builder.step(
            power.kind,
            source,
            self._target(power, scope),
            said,
            findings=self._findings(power, met),
            places=[h.held.place for h in met],
            when=(*when, *holding),
            known_as=f"{power.kind}-assumed" if assumed else "",
        )

    def _target(self, power: Power, scope: str | None) -> str:
        if isinstance(power.leads, Area):
            return self.scopes.at(power.leads, None if power.inside else scope)
        return power.leads

    def _findings(self, power: Power, met: Sequence[Hit]) -> tuple[Finding, ...]:
        """One finding whose mending takes one of the needs away."""
        causes = [Cause(rule) for rule in (*power.rules, "rbac-wildcard")]
        for hit in met:
            found = self.builder.mending.any_of(hit.held.written_in.ref, causes)
            if found:
                return found
        return ()

    @cached_property
    def _on_eks(self) -> bool:
        """Whether something that was read belongs to Amazon's managed Kubernetes."""
        inventory = self.builder.inventory
        return (
            any(d.meta.name == "aws-auth" and d.meta.namespace == SYSTEM for d in inventory.data)
            or any("eks.amazonaws.com/role-arn" in a.meta.annotations for a in inventory.accounts)
            or any(".dkr.ecr." in c.image for w in inventory.workloads for c in w.pod.containers)
        )

    def _by_name(self, node: str, role: EffectiveRole, scope: str | None) -> None:
        """Objects that rules with `resourceNames` reach, as far as they lead on."""
        for held, verb, resource in _named(role):
            for namespace in self.scopes.namespaces if scope is None else (scope,):
                for name in held.rule.names:
                    target = self._object(resource, namespace, name, sure=scope is not None)
                    if target is None:
                        continue
                    kind, end = target
                    said = _NAMED.of(r=_shown(role), p=f"{verb} {resource}", n=name, where=where(scope))
                    self.builder.step(kind, node, end, said, places=[held.place])

    def _object(self, resource: str, namespace: str, name: str, *, sure: bool) -> tuple[str, str] | None:
        """The step and the node for an object by its name; not `sure` that it is there, it counts only where it was seen."""
        inventory = self.builder.inventory
        if resource == "secrets":
            if not sure and f"secret:{namespace}/{name}" not in self.builder.nodes:
                return None
            return "rbac-get-named-secret", self.builder.secret(namespace, name)
        identity = Identity("ServiceAccount", namespace, name)
        if resource in {"serviceaccounts", "serviceaccounts/token"}:
            known = identity in self.builder.authorization.by_identity
            kind = "rbac-request-token" if "/" in resource else "rbac-impersonate-account"
            return (kind, self.builder.identity(identity)) if known else None
        found = next((w for w in inventory.in_namespace(namespace) if w.meta.name == name), None)
        if found is None or found.meta.kind != _KINDS.get(resource):
            return None
        return "rbac-change-workload", workload_id(found.meta.ref)

    # --- several roles of one identity --------------------------------------------------------------------------------

    def _combined(self, identity: Identity) -> None:
        """Powers whose needs the identity holds in several roles; the step asks for all of them."""
        bounds = [b for b in self.accounts.bounds_of(identity) if not self._is_kubernetes_own(b, identity)]
        if len(bounds) < 2:
            return
        self._combined_binds(identity, bounds)
        partly = [(b, self._partly(b.role)) for b in bounds]
        whole = {n for b, p in partly for n, hits in p.items() if None not in hits and self._counts(POWERS[n], b.scope)}
        scopes = dict.fromkeys(b.scope for b in bounds)
        for number, power in enumerate(POWERS):
            if len(power.needs) < 2 or number in whole:
                continue
            for scope in scopes:
                if self._counts(power, scope) and self._combine(identity, power, number, scope, partly):
                    break

    def _combine(
        self,
        identity: Identity,
        power: Power,
        number: int,
        scope: str | None,
        partly: Iterable[tuple[Bound, Mapping[int, tuple[Hit | None, ...]]]],
    ) -> bool:
        chosen: dict[int, tuple[Bound, Hit]] = {}
        for bound, hits in partly:
            if bound.scope in {None, scope}:
                for at, hit in enumerate(hits.get(number, ())):
                    if hit is not None:
                        chosen.setdefault(at, (bound, hit))
        if len(chosen) < len(power.needs):
            return False
        used = {id(b): b for b, _ in chosen.values()}
        for bound in used.values():
            self.accounts.discover(identity, bound)
        nodes = tuple(sorted({self.builder.permission(b.role, b.scope) for b in used.values()}))
        roles = " + ".join(sorted({_shown(b.role) for b in used.values()}))
        said = _TOGETHER.of(i=str(identity), r=roles, may=power.may, where=where(scope))
        self._power(self.builder.identity(identity), power, scope, said, [h for _, h in chosen.values()], nodes)
        return True

    def _combined_binds(self, identity: Identity, bounds: Sequence[Bound]) -> None:
        for found in bindable([Held(b.role, b.scope) for b in bounds], self.scopes.namespaces):
            used = [bounds[number] for number in sorted(set(found.by))]
            if len(used) > 1:
                for bound in used:
                    self.accounts.discover(identity, bound)
                roles = " + ".join(sorted({_shown(b.role) for b in used}))
                nodes = tuple(sorted({self.builder.permission(b.role, b.scope) for b in used}))
                self._bind(self.builder.identity(identity), found, roles, nodes)

    # --- Roles that can be bound --------------------------------------------------------------------------------------

    def _bind(self, source: str, found: Bindable, roles: str, when: Sequence[str] = ()) -> None:
        """To what a role gives that may be bound by its name."""
        namespace = found.scope if found.kind == "Role" else None
        role = self.builder.authorization.roles.get((found.kind, namespace, found.name))
        if role is None or not self._leads_on(role, found.scope):
            return
        self._role(role, found.scope)
        said = _BIND.of(r=roles, p=", ".join(h.said for h in found.hits), b=_shown(role), where=where(found.scope))
        self.builder.step(
            "rbac-bind-role",
            source,
            self.builder.permission(role, found.scope),
            said,
            findings=self._findings(_BINDING, found.hits),
            places=[h.held.place for h in found.hits],
            when=when,
        )

    def _bindable(self, namespace: str) -> None:
        position = self.scopes.at(Area.ROLES, namespace)
        for (kind, place, _), role in sorted(self.builder.authorization.roles.items(), key=lambda r: str(r[0])):
            if kind == "Role" and place == namespace and self._leads_on(role, namespace):
                self._role(role, namespace)
                said = _USE.of(r=_shown(role), n=namespace)
                self.builder.step("use-bound-role", position, self.builder.permission(role, namespace), said)


def _shown(role: EffectiveRole) -> str:
    return f"{role.meta.kind} {role.meta.name}"


def _powers_of(rules: Sequence[PolicyRule]) -> Iterator[tuple[int, tuple[tuple[int, str], ...]]]:
    """By power: for each need the number of the first rule that meets it and what it says, or -1."""
    for number, power in enumerate(POWERS):
        places = tuple(first(rules, need) for need in power.needs)
        if any(at >= 0 for at, _ in places):
            yield number, places


_NAMED_NEEDS: tuple[tuple[str, Need], ...] = (
    ("secrets", Need(("get", "list", "watch"), (("", "secrets"),))),  # a list may select by metadata.name
    ("serviceaccounts/token", Need(("create",), (("", "serviceaccounts/token"),))),
    ("serviceaccounts", Need(("impersonate",), (("", "serviceaccounts"),))),
    *((kind, Need(("update", "patch"), (("apps", kind), ("batch", kind)))) for kind in _KINDS),
)


def _named(role: EffectiveRole) -> Iterator[tuple[HeldRule, str, str]]:
    """Rules that reach single objects by name: the rule, the verb and the resource."""
    for held in role.rules:
        rule = held.rule
        if not rule.names or rule.urls:
            continue
        for resource, need in _NAMED_NEEDS:
            said = meets(rule, Need(need.verbs, need.resources, rule.names))
            if said:
                yield held, said.partition(" ")[0], resource
