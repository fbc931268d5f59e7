"""Roles, bindings and service accounts (rbac.authorization.k8s.io/v1, core/v1)."""

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import decode_selector
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.rbac import Binding, PolicyRule, RbacSubject, Role, ServiceAccount


def decode_role(fields: Fields, meta: Meta) -> Role:
    """A Role or ClusterRole; a rule and a selector that the API would refuse are left out: they grant nothing."""
    rules = tuple(rule for entry in fields.children("rules") if (rule := _rule(entry)))
    chosen = [(decode_selector(s), s.refused) for s in fields.child("aggregationRule").entries("clusterRoleSelectors")]
    selectors = tuple(selector for selector, refused in chosen if not refused)
    return Role(meta, rules, "aggregationRule" in fields, selectors)


def _rule(fields: Fields) -> PolicyRule | None:
    rule = PolicyRule(
        index=fields.index,
        verbs=fields.strings("verbs"),
        groups=fields.strings("apiGroups"),
        resources=fields.strings("resources"),
        names=fields.strings("resourceNames"),
        urls=fields.strings("nonResourceURLs"),
    )
    return None if fields.refused else rule


def decode_binding(fields: Fields, meta: Meta) -> Binding:
    """A RoleBinding or ClusterRoleBinding; a service account without a namespace is one of the binding's own.

    A subject that the API would refuse is left out.
    """
    role = fields.child("roleRef")
    subjects: list[RbacSubject] = []
    for subject in fields.children("subjects"):
        kind = subject.text("kind") or ""
        namespace = subject.text("namespace") or ""
        if kind == "ServiceAccount":
            namespace = namespace or meta.namespace or ""
        group = subject.text("apiGroup") or ""
        named = RbacSubject(subject.index, kind, namespace, subject.text("name") or "", group)
        subjects += [] if subject.refused else [named]
    return Binding(meta, role.text("kind") or "", role.text("name") or "", tuple(subjects), role.text("apiGroup") or "")


def decode_account(fields: Fields, meta: Meta) -> ServiceAccount:
    """A ServiceAccount."""
    return ServiceAccount(meta, fields.flag("automountServiceAccountToken"))
