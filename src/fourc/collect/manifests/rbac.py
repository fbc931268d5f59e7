"""Roles, bindings and service accounts (rbac.authorization.k8s.io/v1, core/v1)."""

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import decode_selector
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.rbac import Binding, PolicyRule, RbacSubject, Role, ServiceAccount


def decode_role(fields: Fields, meta: Meta) -> Role:
    """A Role or ClusterRole."""
    rules = tuple(
        PolicyRule(
            index=rule.index,
            verbs=rule.strings("verbs"),
            groups=rule.strings("apiGroups"),
            resources=rule.strings("resources"),
            names=rule.strings("resourceNames"),
            urls=rule.strings("nonResourceURLs"),
        )
        for rule in fields.children("rules")
    )
    selectors = fields.child("aggregationRule").children("clusterRoleSelectors")
    return Role(meta, rules, "aggregationRule" in fields, tuple(decode_selector(s) for s in selectors))


def decode_binding(fields: Fields, meta: Meta) -> Binding:
    """A RoleBinding or ClusterRoleBinding; a service account without a namespace is one of the binding's own."""
    role = fields.child("roleRef")
    subjects = []
    for subject in fields.children("subjects"):
        kind = subject.text("kind") or ""
        namespace = subject.text("namespace") or ""
        if kind == "ServiceAccount":
            namespace = namespace or meta.namespace or ""
        group = subject.text("apiGroup") or ""
        subjects.append(RbacSubject(subject.index, kind, namespace, subject.text("name") or "", group))
    return Binding(meta, role.text("kind") or "", role.text("name") or "", tuple(subjects), role.text("apiGroup") or "")


def decode_account(fields: Fields, meta: Meta) -> ServiceAccount:
    """A ServiceAccount."""
    return ServiceAccount(meta, fields.flag("automountServiceAccountToken"))
