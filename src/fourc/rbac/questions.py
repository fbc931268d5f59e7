"""Questions about permissions: who can do something, and which roles and bindings serve nobody."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.rbac import Role
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.rbac.identities import Identity
from fourc.rbac.requests import ANY_GROUP, Request, allows
from fourc.rbac.resolve import Authorization, Grant, Idle

# The API groups of resources that people name without one (kubernetes.io/docs/reference/kubernetes-api), and short names.
_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "bindings", "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes",
            "persistentvolumeclaims", "persistentvolumes", "pods", "podtemplates", "replicationcontrollers",
            "resourcequotas", "secrets", "serviceaccounts", "services", "users", "groups",
        ),
        "",
    ),
    **dict.fromkeys(("controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"), "apps"),
    **dict.fromkeys(("cronjobs", "jobs"), "batch"),
    **dict.fromkeys(("clusterrolebindings", "clusterroles", "rolebindings", "roles"), "rbac.authorization.k8s.io"),
    **dict.fromkeys(("ingressclasses", "ingresses", "networkpolicies"), "networking.k8s.io"),
    **dict.fromkeys(("certificatesigningrequests", "signers", "clustertrustbundles"), "certificates.k8s.io"),
    **dict.fromkeys(
        (
            "mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
        ),
        "admissionregistration.k8s.io",
    ),
    "poddisruptionbudgets": "policy",
    "horizontalpodautoscalers": "autoscaling",
    "endpointslices": "discovery.k8s.io",
    "leases": "coordination.k8s.io",
    "storageclasses": "storage.k8s.io",
    "customresourcedefinitions": "apiextensions.k8s.io",
    "priorityclasses": "scheduling.k8s.io",
}  # fmt: skip
_SHORT: Mapping[str, str] = {
    "cm": "configmaps", "crd": "customresourcedefinitions", "csr": "certificatesigningrequests", "deploy": "deployments",
    "ds": "daemonsets", "ep": "endpoints", "hpa": "horizontalpodautoscalers", "ing": "ingresses", "netpol": "networkpolicies",
    "no": "nodes", "ns": "namespaces", "pdb": "poddisruptionbudgets", "po": "pods", "pv": "persistentvolumes",
    "pvc": "persistentvolumeclaims", "quota": "resourcequotas", "rc": "replicationcontrollers", "rs": "replicasets",
    "sa": "serviceaccounts", "sts": "statefulsets", "svc": "services",
}  # fmt: skip

_UNBOUND = Text("no binding gives it to anyone", "没有绑定把它授予任何人")
_UNUSED_ACCOUNT = Text(
    "{b} gives it permissions, and no workload that was read runs under it",
    "{b} 授予它权限，但读到的工作负载都不使用它",
)


def request_for(verb: str, resource: str, name: str = "", namespace: str | None = None) -> Request:
    """The request that a person's words mean: `pods/exec`, `deploy`, `deployments.apps`, `Secret` or a URL path."""
    if resource.startswith("/"):
        return Request(verb.lower(), url=resource)
    head, slash, sub = resource.partition("/")
    plural, dot, group = head.lower().partition(".")
    plural = _SHORT.get(plural, plural)
    if plural not in _GROUPS:
        plural = next((p for p in (f"{plural}s", f"{plural}es", f"{plural[:-1]}ies") if p in _GROUPS), plural)
    return Request(
        verb.lower(), f"{plural}{slash}{sub}", group if dot else _GROUPS.get(plural, ANY_GROUP), name, namespace
    )


def who_can(found: Authorization, request: Request, *, anywhere: bool = False) -> tuple[Grant, ...]:
    """Every grant that allows the request; `anywhere` also counts those that hold in any one namespace."""
    inside = request.name if request.kind == "namespaces" and request.name else request.namespace
    return tuple(
        grant
        for grant in found.grants()
        if (grant.scope is None or (not request.of_no_namespace and (anywhere or grant.scope == inside)))
        and allows(grant.held.rule, request)
    )


class Unused(Struct, frozen=True):
    """What nobody needs: roles without a binding, accounts with permissions that no workload uses, idle bindings."""

    roles: tuple[Role, ...]
    accounts: tuple[tuple[Identity, Text], ...]
    bindings: tuple[Idle, ...]

    def rows(self) -> Iterator[tuple[Ref, Text]]:
        """Each object with the reason."""
        yield from ((idle.binding.meta.ref, idle.why) for idle in self.bindings)
        yield from ((role.meta.ref, _UNBOUND) for role in self.roles)
        yield from ((Ref(i.kind, i.namespace, i.name), why) for i, why in self.accounts)


def unused(inventory: Inventory, found: Authorization) -> Unused:
    """Roles, accounts and bindings that could go, as far as everything was read."""
    held = {
        (b.role_kind, None if b.role_kind == "ClusterRole" else b.meta.namespace, b.role_name)
        for b in inventory.bindings
    }
    used = {(w.meta.namespace or "default", w.pod.service_account) for w in inventory.workloads}
    roles = tuple(
        role
        for key, role in inventory.roles_by_name.items()
        if key not in held and not _lends_rules(role, inventory) and not role.meta.name.startswith("system:")
    )
    accounts = tuple(
        (identity, _UNUSED_ACCOUNT.of(b=f"{bound[0].binding.meta.kind} {bound[0].binding.meta.name}"))
        for identity, bound in sorted(found.by_identity.items())
        if identity.kind == "ServiceAccount" and (identity.namespace, identity.name) not in used
    )
    return Unused(roles, accounts, found.idle)


def _lends_rules(role: Role, inventory: Inventory) -> bool:
    """Whether an aggregated role takes its rules from it, Kubernetes' own ones included."""
    if any("rbac.authorization.k8s.io/aggregate-to-" in label for label in role.meta.labels):
        return True
    return any(s.matches(role.meta.labels) for other in inventory.roles for s in other.selectors)
