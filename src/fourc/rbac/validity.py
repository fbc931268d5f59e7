"""Which roles and bindings the API server would refuse, and why.

Source: kubernetes/kubernetes v1.37.2, pkg/apis/rbac/validation/validation.go; defaults: pkg/apis/rbac/v1/defaults.go.
"""

from collections.abc import Mapping

from fourc.model.kubernetes.rbac import Binding, PolicyRule, RbacSubject, Role
from fourc.model.text import Text
from fourc.rbac.requests import RBAC_GROUP

_ROLE_GROUP = Text("roleRef.apiGroup must be {g}, not {a}", "roleRef.apiGroup 必须是 {g}，而不是 {a}")
_ROLE_KIND = Text("roleRef.kind {k} cannot be bound by a {b}", "{b} 不能绑定 roleRef.kind {k}")
_ROLE_NAME = Text("roleRef.name is missing", "缺少 roleRef.name")
_SUBJECT_KIND = Text("subjects[{i}].kind {k} is unknown", "subjects[{i}].kind {k} 未知")
_SUBJECT_NAME = Text("subjects[{i}].name is missing", "缺少 subjects[{i}].name")
_SUBJECT_GROUP = Text(
    "subjects[{i}].apiGroup of a {k} must be {g}, not {a}", "{k} 的 subjects[{i}].apiGroup 必须是 {g}，而不是 {a}"
)
_SUBJECT_NAMESPACE = Text(
    "subjects[{i}] of a ClusterRoleBinding is a ServiceAccount without a namespace",
    "ClusterRoleBinding 的 subjects[{i}] 是没有命名空间的 ServiceAccount",
)
_NO_VERBS = Text("rules[{i}].verbs is empty", "rules[{i}].verbs 为空")
_NO_GROUPS = Text("rules[{i}].apiGroups is empty", "rules[{i}].apiGroups 为空")
_NO_RESOURCES = Text("rules[{i}].resources is empty", "rules[{i}].resources 为空")
_URLS = Text("rules[{i}].nonResourceURLs has no place in a Role", "Role 的 rules[{i}] 中不能有 nonResourceURLs")
_BOTH = Text(
    "rules[{i}] names resources and nonResourceURLs at once", "rules[{i}] 同时写了 resources 和 nonResourceURLs"
)
_SUBJECT_GROUPS: Mapping[str, str] = {"ServiceAccount": "", "User": RBAC_GROUP, "Group": RBAC_GROUP}


def refusal_of_binding(binding: Binding) -> Text | None:
    """Why the API server refuses the binding; None where it takes it."""
    if binding.role_group not in {"", RBAC_GROUP}:
        return _ROLE_GROUP.of(g=RBAC_GROUP, a=binding.role_group)
    kinds = {"ClusterRole"} if binding.cluster_wide else {"ClusterRole", "Role"}
    if binding.role_kind not in kinds:
        return _ROLE_KIND.of(k=binding.role_kind or "-", b=binding.meta.kind)
    if not binding.role_name:
        return _ROLE_NAME
    return next((why for s in binding.subjects if (why := _refusal_of_subject(binding, s)) is not None), None)


def _refusal_of_subject(binding: Binding, subject: RbacSubject) -> Text | None:
    if not subject.name:
        return _SUBJECT_NAME.of(i=subject.index)
    if subject.kind not in _SUBJECT_GROUPS:
        return _SUBJECT_KIND.of(i=subject.index, k=subject.kind or "-")
    wanted = _SUBJECT_GROUPS[subject.kind]
    if subject.group not in {"", wanted}:
        return _SUBJECT_GROUP.of(i=subject.index, k=subject.kind, g=wanted or '""', a=subject.group)
    if subject.kind == "ServiceAccount" and binding.cluster_wide and not subject.namespace:
        return _SUBJECT_NAMESPACE.of(i=subject.index)
    return None


def refusal_of_role(role: Role) -> Text | None:
    """Why the API server refuses the role; None where it takes it."""
    return next((why for rule in role.rules if (why := _refusal_of_rule(role, rule)) is not None), None)


def _refusal_of_rule(role: Role, rule: PolicyRule) -> Text | None:
    if not rule.verbs:
        return _NO_VERBS.of(i=rule.index)
    if rule.urls:
        if not role.cluster_wide:
            return _URLS.of(i=rule.index)
        return _BOTH.of(i=rule.index) if rule.groups or rule.resources or rule.names else None
    if not rule.groups:
        return _NO_GROUPS.of(i=rule.index)
    return None if rule.resources else _NO_RESOURCES.of(i=rule.index)
