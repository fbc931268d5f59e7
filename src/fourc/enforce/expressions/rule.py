"""What a check is in CEL: an expression that holds exactly when the check finds nothing, and on which objects.

CEL as the API server has it since 1.30 (ValidatingAdmissionPolicy v1): optional fields (`.?`), the string extensions,
no function that only newer servers have. Every expression passes the server's type checker for each of its kinds, so the
three lists of containers, which have three types, are visited one by one.
"""

import re
from enum import Enum

from msgspec import Struct

from fourc.enforce.export import Fit
from fourc.enforce.own_check import Kind
from fourc.model.text import Text

FIRST_MINOR = 30


class Shape(Enum):
    """Kinds that hold what is judged at the same path. The value is the word for it in the names of policies."""

    POD = "pods"
    TEMPLATE = "templates"
    CRON_JOB = "cron-jobs"
    SERVICE = "services"
    INGRESS = "ingresses"
    ROUTE = "routes"
    NETWORK_POLICY = "network-policies"
    BUDGET = "disruption-budgets"
    NAMESPACE = "namespaces"
    ROLE = "roles"
    CLUSTER_ROLE = "cluster-roles"
    BINDING = "role-bindings"
    VALIDATING_WEBHOOK = "validating-webhooks"
    MUTATING_WEBHOOK = "mutating-webhooks"


PODS = (Shape.POD, Shape.TEMPLATE, Shape.CRON_JOB)
ROLES = (Shape.ROLE, Shape.CLUSTER_ROLE)
WEBHOOKS = (Shape.VALIDATING_WEBHOOK, Shape.MUTATING_WEBHOOK)

_RBAC, _ADMISSION = "rbac.authorization.k8s.io", "admissionregistration.k8s.io"
KINDS: dict[Shape, tuple[Kind, ...]] = {
    Shape.POD: (Kind("", "v1", "pods", "Pod"),),
    Shape.TEMPLATE: (
        Kind("", "v1", "replicationcontrollers", "ReplicationController"),
        Kind("apps", "v1", "daemonsets", "DaemonSet"),
        Kind("apps", "v1", "deployments", "Deployment"),
        Kind("apps", "v1", "replicasets", "ReplicaSet"),
        Kind("apps", "v1", "statefulsets", "StatefulSet"),
        Kind("batch", "v1", "jobs", "Job"),
    ),
    Shape.CRON_JOB: (Kind("batch", "v1", "cronjobs", "CronJob"),),
    Shape.SERVICE: (Kind("", "v1", "services", "Service"),),
    Shape.INGRESS: (Kind("networking.k8s.io", "v1", "ingresses", "Ingress"),),
    Shape.ROUTE: (Kind("route.openshift.io", "v1", "routes", "Route"),),
    Shape.NETWORK_POLICY: (Kind("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),),
    Shape.BUDGET: (Kind("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget"),),
    Shape.NAMESPACE: (Kind("", "v1", "namespaces", "Namespace"),),
    Shape.ROLE: (Kind(_RBAC, "v1", "roles", "Role"),),
    Shape.CLUSTER_ROLE: (Kind(_RBAC, "v1", "clusterroles", "ClusterRole"),),
    Shape.BINDING: (
        Kind(_RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding"),
        Kind(_RBAC, "v1", "rolebindings", "RoleBinding"),
    ),
    Shape.VALIDATING_WEBHOOK: (
        Kind(_ADMISSION, "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
    ),
    Shape.MUTATING_WEBHOOK: (Kind(_ADMISSION, "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),),
}
"""The kinds of each shape, in the version that the API server converts to before it judges."""


class Said(Struct, frozen=True):
    """An expression, and one that lists the names of those who break it (`""`: it has no such list)."""

    holds: str
    culprits: str = ""


class Rule(Struct, frozen=True):
    """A check in CEL for some shapes: `said.holds` is true exactly when the check finds nothing, unless `how` tells more.

    The expression reads `object`, the `variables` of the shape and its own. The message is for whoever is refused.
    """

    check: str
    said: Said
    message: Text
    shapes: tuple[Shape, ...] = PODS
    fit: Fit = Fit.EXACT
    how: Text | None = None
    own_variables: tuple[tuple[str, str], ...] = ()


_POD_AT = {
    Shape.POD: ("object.spec", "object.metadata"),
    Shape.TEMPLATE: ("object.spec.template.spec", "object.spec.template.?metadata"),
    Shape.CRON_JOB: ("object.spec.jobTemplate.spec.template.spec", "object.spec.jobTemplate.spec.template.?metadata"),
}
_OF_POD = {
    "containers": "variables.pod.?containers.orValue([])",
    "initContainers": "variables.pod.?initContainers.orValue([])",
    "ephemeralContainers": "variables.pod.?ephemeralContainers.orValue([])",
    "volumes": "variables.pod.?volumes.orValue([])",
    "hostNetwork": "variables.pod.?hostNetwork.orValue(false)",
    "windows": "variables.pod.?os.?name.orValue('') == 'windows'",
    "ownUsers": "!variables.pod.?hostUsers.orValue(true)",
}


def variables(shape: Shape) -> dict[str, str]:
    """What the expressions of the shape may name, in order: each uses only those above it."""
    annotations = "object.metadata.?annotations.orValue({})"
    if shape not in _POD_AT:
        return {"annotations": annotations}
    spec, metadata = _POD_AT[shape]
    return {"pod": spec, "annotations": f"{metadata}.?annotations.orValue({{}})", **_OF_POD}


def used(shape: Shape, rules: tuple[Rule, ...]) -> dict[str, str]:
    """The variables that the rules need, with those that these need in turn: each uses only those above it."""
    return needed(variables(shape), rules)


def needed(available: dict[str, str], rules: tuple[Rule, ...]) -> dict[str, str]:
    """Those of the variables, and of the rules' own, that the rules need; each uses only those above it."""
    all_of_them = dict(available)
    for rule in rules:
        all_of_them.update(rule.own_variables)
    kept = dict[str, str]()
    for name in reversed(all_of_them):
        texts = (*(text for r in rules for text in (r.said.holds, r.said.culprits)), *kept.values())
        if any(re.search(rf"\bvariables\.{name}\b", text) for text in texts):
            kept[name] = all_of_them[name]
    return dict(reversed(kept.items()))


def whole(expression: str) -> Said:
    """An expression about the object as a whole."""
    return Said(expression)


def each(holds: str, *, ephemeral: bool = True) -> Said:
    """`holds` is true of every container `c`: regular, init, and ephemeral unless told otherwise."""
    lists = ("containers", "initContainers", "ephemeralContainers")[: 3 if ephemeral else 2]
    return _visited(dict.fromkeys(lists, holds))


def running(holds: str) -> Said:
    """`holds` is true of every container `c` that runs for as long as the pod does: regular ones and sidecars."""
    return _visited(
        {"containers": holds, "initContainers": f"c.?restartPolicy.orValue('') != 'Always' || {_closed(holds)}"}
    )


def unless(condition: str, said: Said) -> Said:
    """What is said holds where the condition does not."""
    return Said(f"{condition} || {_closed(said.holds)}", said.culprits)


def also(pod: str, said: Said) -> Said:
    """What is said holds, and so does `pod`, about the pod itself, which is then named among the culprits."""
    return Said(f"{_closed(pod)} && {said.holds}", f"({_closed(pod)} ? [] : ['(pod)']) + {said.culprits}")


def words(values: tuple[str, ...] | frozenset[str]) -> str:
    """A list of strings in CEL, in a fixed order."""
    return f"[{', '.join(quoted(v) for v in (sorted(values) if isinstance(values, frozenset) else values))}]"


def quoted(text: str) -> str:
    """A string in CEL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _visited(lists: dict[str, str]) -> Said:
    holds = " && ".join(f"variables.{name}.all(c, {test})" for name, test in lists.items())
    culprits = " + ".join(
        f"variables.{name}.filter(c, !{_closed(test)}).map(c, c.name)" for name, test in lists.items()
    )
    return Said(holds, culprits)


def _closed(expression: str) -> str:
    return expression if expression.replace("_", "").isalnum() else f"({expression})"
