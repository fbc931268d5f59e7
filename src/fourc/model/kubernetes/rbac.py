"""Roles and who holds them (rbac.authorization.k8s.io/v1)."""

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector


class PolicyRule(Struct, frozen=True):
    """One rule of a role; `index` is its place in `rules`."""

    index: int
    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...]
    urls: tuple[str, ...]

    def allows(self, verb: str, group: str, resource: str, *, named: bool = False) -> bool:
        """Whether it allows the verb on every object of the resource (`named`: or on some named ones).

        Matching follows the API server: `*`, `*/sub` for any resource's subresource, and exact names.
        """
        if self.names and not named:
            return False
        sub = resource.partition("/")[2]
        return (
            ("*" in self.verbs or verb in self.verbs)
            and ("*" in self.groups or group in self.groups)
            and ("*" in self.resources or resource in self.resources or bool(sub and f"*/{sub}" in self.resources))
        )


class Role(Struct, frozen=True):
    """A Role or ClusterRole; `aggregated` when its rules come from the ClusterRoles that one of `selectors` selects."""

    meta: Meta
    rules: tuple[PolicyRule, ...]
    aggregated: bool = False
    selectors: tuple[Selector, ...] = ()

    @property
    def cluster_wide(self) -> bool:
        """Whether it is a ClusterRole."""
        return self.meta.kind == "ClusterRole"


class RbacSubject(Struct, frozen=True, order=True):
    """A ServiceAccount, User or Group that a binding names; `group` is its `apiGroup` as written."""

    index: int
    kind: str
    namespace: str
    name: str
    group: str = ""


class Binding(Struct, frozen=True):
    """A RoleBinding or ClusterRoleBinding; `role_group` is the `apiGroup` of its `roleRef` as written."""

    meta: Meta
    role_kind: str
    role_name: str
    subjects: tuple[RbacSubject, ...]
    role_group: str = ""

    @property
    def cluster_wide(self) -> bool:
        """Whether what it grants holds in every namespace."""
        return self.meta.kind == "ClusterRoleBinding"


class ServiceAccount(Struct, frozen=True):
    """An identity for pods; `automount_token` None means not set."""

    meta: Meta
    automount_token: bool | None
