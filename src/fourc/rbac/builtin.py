"""The roles and bindings that every API server makes by itself; the table stands in `data/builtin_roles.json`."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pkgutil import get_data
from typing import TypedDict

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector
from fourc.model.kubernetes.rbac import Binding, PolicyRule, RbacSubject, Role
from fourc.model.location import Origin
from fourc.rbac.requests import RBAC_GROUP

BUILT_IN = Origin("kubernetes", 0, 0, rendered_by="kubernetes")
"""Where built-in objects come from: no file of the user's."""
_LABEL = "rbac.authorization.k8s.io/aggregate-to-"


class _Rule(TypedDict, total=False):
    verbs: list[str]
    groups: list[str]
    resources: list[str]
    names: list[str]
    urls: list[str]


class _Role(TypedDict, total=False):
    name: str
    namespace: str
    aggregate_to: list[str]
    aggregated: list[str]
    rules: list[_Rule]


class _Binding(TypedDict, total=False):
    name: str
    namespace: str
    role: list[str]
    subjects: list[list[str]]


class _Table(TypedDict):
    roles: list[_Role]
    bindings: list[_Binding]


@cache
def builtin_roles() -> Mapping[tuple[str, str | None, str], Role]:
    """The roles by kind, namespace and name."""
    roles = [_role(row) for row in _table()["roles"]]
    return {(r.meta.kind, r.meta.namespace, r.meta.name): r for r in roles}


@cache
def builtin_bindings() -> Sequence[Binding]:
    """The bindings."""
    return tuple(_binding(row) for row in _table()["bindings"])


@cache
def _table() -> _Table:
    table: _Table = json.loads(get_data("fourc", "data/builtin_roles.json") or b"")
    return table


def _meta(kind: str, name: str, namespace: str | None, labels: Mapping[str, str]) -> Meta:
    return Meta(kind, RBAC_GROUP, name, namespace, namespace is not None, BUILT_IN, labels)


def _role(row: _Role) -> Role:
    namespace = row.get("namespace")
    labels = {f"{_LABEL}{name}": "true" for name in row.get("aggregate_to", ())}
    rules = tuple(
        PolicyRule(
            index,
            tuple(rule["verbs"]),
            tuple(rule.get("groups", ())),
            tuple(rule.get("resources", ())),
            tuple(rule.get("names", ())),
            tuple(rule.get("urls", ())),
        )
        for index, rule in enumerate(row.get("rules", ()))
    )
    selectors = tuple(Selector({f"{_LABEL}{name}": "true"}) for name in row.get("aggregated", ()))
    kind = "ClusterRole" if namespace is None else "Role"
    return Role(_meta(kind, row["name"], namespace, labels), rules, bool(selectors), selectors)


def _binding(row: _Binding) -> Binding:
    namespace = row.get("namespace")
    subjects = tuple(
        RbacSubject(index, kind, place, name) for index, (kind, place, name) in enumerate(row.get("subjects", ()))
    )
    kind = "ClusterRoleBinding" if namespace is None else "RoleBinding"
    role_kind, role_name = row["role"]
    return Binding(_meta(kind, row["name"], namespace, {}), role_kind, role_name, subjects, RBAC_GROUP)
