"""Whether rules of a role meet what a power needs, and which roles may be bound by their names."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from fourc.graph.powers import BINDS, WRITES_BINDINGS, WRITES_CLUSTER_BINDINGS, Need
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.rbac.resolve import EffectiveRole, HeldRule

_EVERYTHING = "cluster-admin"  # has a power of its own


class Hit(Struct, frozen=True):
    """A need that a rule of a role meets: the verb and resource as evidence names them."""

    held: HeldRule
    said: str


class Held(Struct, frozen=True):
    """A role where it is held; `scope` None is everywhere."""

    role: EffectiveRole
    scope: str | None


class Bindable(Struct, frozen=True):
    """A role (kind, name) that may be bound in `scope`, by two rules `hits`; `by` are the numbers of their roles."""

    kind: str
    name: str
    scope: str | None
    by: tuple[int, int]
    hits: tuple[Hit, Hit]


def first(rules: Sequence[PolicyRule], need: Need) -> tuple[int, str]:
    """The number of the first rule that meets the need and what it says, or -1."""
    for number, rule in enumerate(rules):
        said = meets(rule, need)
        if said:
            return number, said
    return -1, ""


def meets(rule: PolicyRule, need: Need) -> str:
    """The verb and resource by which the rule meets the need; empty where it does not."""
    said = _meets_itself(rule, need)
    return said or next((said for other in need.others if (said := meets(rule, other))), "")


def _meets_itself(rule: PolicyRule, need: Need) -> str:
    if rule.urls or (rule.names and not set(rule.names) & set(need.names)):
        return ""
    verbs = need.verbs if "*" in rule.verbs else [v for v in need.verbs if v in rule.verbs]
    # A rule that names objects never allows creating one: it has no name yet.
    creating = [v for v in verbs if v != "create"] if rule.names else verbs
    for group, resource in need.resources:
        names = creating if "/" not in resource else verbs
        if names and _has(rule, group, resource):
            return f"{','.join(names)} {resource}"
    return ""


def _has(rule: PolicyRule, group: str, resource: str) -> bool:
    if "*" not in rule.groups and group not in rule.groups:
        return False
    sub = resource.partition("/")[2]
    return "*" in rule.resources or resource in rule.resources or bool(sub and f"*/{sub}" in rule.resources)


def bindable(mine: Iterable[Held], namespaces: Sequence[str]) -> Iterator[Bindable]:
    """The roles that `bind` with `resourceNames` allows, where bindings may be written too; the widest scope first.

    The API server asks for `bind` where the binding stands: a ClusterRoleBinding wants it in the whole cluster.
    """
    held = tuple(mine)
    seen: set[tuple[str, str, str | None]] = set()
    for need, inside in ((WRITES_CLUSTER_BINDINGS, False), (WRITES_BINDINGS, True)):
        writers = [(n, Hit(r, said)) for n, h in enumerate(held) for r in h.role.rules if (said := meets(r.rule, need))]
        for binder, hit, kind, name in _binders(held):
            for writer, written in writers:
                one, other = held[binder].scope, held[writer].scope
                for scope in _common(one, other, namespaces) if inside else _whole(kind, one, other):
                    if not {(kind, name, scope), (kind, name, None)} & seen:
                        seen.add((kind, name, scope))
                        yield Bindable(kind, name, scope, (binder, writer), (hit, written))


def _binders(held: Sequence[Held]) -> Iterator[tuple[int, Hit, str, str]]:
    for number, one in enumerate(held):
        for rule in one.role.rules:
            for kind, resources in BINDS.items():
                said = meets(rule.rule, Need(("bind",), resources, rule.rule.names)) if rule.rule.names else ""
                if said:
                    for name in rule.rule.names:
                        if (kind, name) != ("ClusterRole", _EVERYTHING):
                            yield number, Hit(rule, f"{said} {name}"), kind, name


def _whole(kind: str, one: str | None, other: str | None) -> tuple[None, ...]:
    return (None,) if kind == "ClusterRole" and one is None and other is None else ()


def _common(one: str | None, other: str | None, namespaces: Sequence[str]) -> Sequence[str]:
    if one is None or other is None:
        scope = one or other
        return namespaces if scope is None else (scope,)
    return (one,) if one == other else ()
