"""ValidatingAdmissionPolicies: the checks in the API server itself (admissionregistration.k8s.io/v1, since 1.30).

One policy for each family of checks and shape of object, so that its rules share variables and each still has its own
message; one policy for each check where checks were asked for by name, so that each can go its own way. A binding says how
far it goes and where.

Exemptions stand in the policy itself, not in a ConfigMap as its parameter: once the last policy with such a parameter is
deleted, API servers (1.31 to 1.37, tried) stop watching ConfigMaps, and judge later policies by what they saw last.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.enforce.export import Asked, Exported, Fit, LeftOut, PolicyFile, Stage
from fourc.enforce.expressions.rule import FIRST_MINOR, KINDS, PODS, Rule, Shape, needed, quoted, variables, words
from fourc.enforce.expressions.table import all_rules, left_out
from fourc.enforce.own_check import Kind, OwnCheck
from fourc.enforce.own_rules import own_rules
from fourc.enforce.written import documents
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

EVERYTHING = "*"
GROUP = "admissionregistration.k8s.io"
SYSTEM = tuple(sorted(SYSTEM_NAMESPACES))
ACTIONS: Mapping[Stage, tuple[Json, ...]] = {
    Stage.AUDIT: ("Audit",),
    Stage.WARN: ("Warn", "Audit"),
    Stage.DENY: ("Deny",),
}
SAFE_WITH_VARIABLES = 36
"""Older API servers end with `concurrent map read and map write` when they compile a policy that has variables while another
is evaluated (https://github.com/kubernetes/kubernetes/issues/135757; 1.31.14 did so in our tests, mended for 1.36)."""
_EXPRESSIONS = ("expression", "messageExpression")
MANAGED: Mapping[str, Json] = {"app.kubernetes.io/managed-by": "fourc"}
_CLUSTER_SCOPED = frozenset({"ClusterRole", "ClusterRoleBinding", "Namespace"}) | {
    kind.kind for shape in (Shape.VALIDATING_WEBHOOK, Shape.MUTATING_WEBHOOK) for kind in KINDS[shape]
}

_TOO_OLD = Text(
    "ValidatingAdmissionPolicy is stable from Kubernetes 1.30 on",
    "ValidatingAdmissionPolicy 从 Kubernetes 1.30 起才稳定",
)
_NO_NAMESPACE = Text(
    "it is about objects of the whole cluster, which no namespace selector picks: export it without -n",
    "它针对整个集群的对象，命名空间选择器选不中：请去掉 -n 再导出",
)
READS: Mapping[Shape, str] = {
    Shape.POD: "spec",
    Shape.TEMPLATE: "spec.template",
    Shape.CRON_JOB: "spec.jobTemplate",
    Shape.NAMESPACE: "metadata.?labels",
    Shape.ROLE: "?rules",
    Shape.CLUSTER_ROLE: "?rules",
    Shape.BINDING: "?subjects",
    Shape.VALIDATING_WEBHOOK: "?webhooks",
    Shape.MUTATING_WEBHOOK: "?webhooks",
}
"""What a rule of the shape reads: an update that leaves it alone is not judged, so that what runs can go on."""


class Policy(Struct, frozen=True):
    """Rules about kinds of objects: the variables that they may use, and what of the object they read (see `READS`)."""

    name: str
    file: str
    kinds: tuple[Kind, ...]
    variables: dict[str, str]
    read: str
    rules: tuple[Rule, ...]
    made: bool = False
    """Whether controllers make such objects, and name them after their own."""


def exported(asked: Asked) -> Exported:
    """A file for each shape."""
    missing = tuple(x for x in left_out(asked.version) if not asked.checks or x.check in asked.checks)
    if asked.version.minor < FIRST_MINOR:
        wanted = asked.checks or {c.id for c in all_checks()} | {c.id for c in asked.own}
        return Exported((), tuple(LeftOut(check, Fit.NOT_EXPRESSIBLE, _TOO_OLD) for check in sorted(wanted)))
    made = tuple(policies(asked))
    files: list[PolicyFile] = []
    for name in dict.fromkeys(policy.file for policy in made):
        of_file = [o for p in made if p.file == name for o in (policy_of(p, asked), binding_of(p, asked))]
        files.append(PolicyFile(f"{name}.yaml", documents(of_file)))
    said = {rule.check for policy in made for rule in policy.rules}
    unsaid = {r.check for r in all_rules(asked.version) if not asked.checks or r.check in asked.checks} - said
    apart = tuple(LeftOut(check, Fit.NOT_EXPRESSIBLE, _NO_NAMESPACE) for check in sorted(unsaid))
    return Exported(tuple(files), tuple(x for x in missing if x.check not in unsaid) + apart)


def policies(asked: Asked) -> Iterator[Policy]:
    """The policies to write, by shape and then by name."""
    for shape in Shape:
        if not kinds_of(shape, asked):
            continue
        groups: dict[str, list[Rule]] = {}
        for rule in all_rules(asked.version):
            if shape in rule.shapes and (not asked.checks or rule.check in asked.checks):
                groups.setdefault(rule.check if asked.checks else _family(rule.check), []).append(rule)
        yield from (_of_shape(name, shape, tuple(rules), asked) for name, rules in sorted(groups.items()))
    for check in asked.own:
        if not asked.checks or check.id in asked.checks:
            yield from _own(check, asked)


def _of_shape(name: str, shape: Shape, rules: tuple[Rule, ...], asked: Asked) -> Policy:
    return Policy(
        name=f"fourc-{name}-{shape.value}",
        file=shape.value,
        kinds=kinds_of(shape, asked),
        variables=variables(shape),
        read=READS.get(shape, ""),
        rules=rules,
        made=shape in {Shape.POD, Shape.TEMPLATE},
    )


def _own(check: OwnCheck, asked: Asked) -> Iterator[Policy]:
    """The policies of a check that users wrote: one for each shape of pods, one for all other kinds."""
    rules = own_rules(check)
    if check.pods:
        yield from (_of_shape(check.id, shape, rules, asked) for shape in PODS)
    kinds = tuple(k for k in check.kinds if not asked.namespaces or k.kind not in _CLUSTER_SCOPED)
    if kinds:
        yield Policy(f"fourc-{check.id}", "own-checks", kinds, {}, EVERYTHING, rules)


def policy_of(policy: Policy, asked: Asked) -> dict[str, Json]:
    """The ValidatingAdmissionPolicy."""
    named = needed(policy.variables, policy.rules)
    if any(exempted_from(rule, asked) for rule in policy.rules):
        named |= names_of(made=policy.made)
    made = [_validation(rule, asked) for rule in policy.rules]
    old = asked.version.minor < SAFE_WITH_VARIABLES
    spec: dict[str, Json] = {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [resource_rule(kind) for kind in policy.kinds]},
        "validations": [_without_variables(each, named) if old else each for each in made],
    }
    if named and not old:
        spec["variables"] = [{"name": name, "expression": text} for name, text in named.items()]
    if policy.read != EVERYTHING:
        spec["matchConditions"] = [{"name": "changed", "expression": changed(policy.read)}]
    checks = ",".join(rule.check for rule in policy.rules)
    metadata: dict[str, Json] = {
        "name": policy.name,
        "labels": dict(MANAGED),
        "annotations": {"fourc.dev/checks": checks},
    }
    return {"apiVersion": f"{GROUP}/v1", "kind": "ValidatingAdmissionPolicy", "metadata": metadata, "spec": spec}


def binding_of(policy: Policy, asked: Asked) -> dict[str, Json]:
    """The binding: how far it goes, and in which namespaces."""
    spec: dict[str, Json] = {
        "policyName": policy.name,
        "validationActions": list(ACTIONS[asked.stage]),
        "matchResources": {"namespaceSelector": namespaces_of(asked)},
    }
    metadata: dict[str, Json] = {"name": policy.name, "labels": dict(MANAGED)}
    return {"apiVersion": f"{GROUP}/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": metadata, "spec": spec}


def namespaces_of(asked: Asked) -> dict[str, Json]:
    """The namespaces that were asked for, or all but the cluster's own."""
    operator, values = ("In", sorted(asked.namespaces)) if asked.namespaces else ("NotIn", list(SYSTEM))
    return {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": operator, "values": [*values]}]}


def _family(check: str) -> str:
    """`baseline` or `restricted` for controls of the Pod Security Standards, else the first word of the layer's name."""
    return _families().get(check, "other")


def _families() -> dict[str, str]:
    found = dict[str, str]()
    for check in all_checks():
        controls = {r.removeprefix("pss:") for r in check.references if r.startswith("pss:")}
        level = "restricted" if controls & RESTRICTED else "baseline" if controls else ""
        found[check.id] = level or check.layer.value
    return found | {"proc-mount-unmasked": "baseline"}


RESTRICTED = frozenset(
    (
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "runAsUser",
        "seccompProfile_restricted",
    )
)
"""The controls that only *restricted* has."""


def kinds_of(shape: Shape, asked: Asked) -> tuple[Kind, ...]:
    """The kinds of the shape that may be in the namespaces that were asked for."""
    return tuple(
        k for k in KINDS[shape] if not asked.namespaces or k.kind not in _CLUSTER_SCOPED or k.kind == "Namespace"
    )


def resource_rule(kind: Kind, operations: tuple[str, ...] = ("CREATE", "UPDATE")) -> dict[str, Json]:
    """The rule that matches objects of the kind; containers that are added to a running pod later belong to it."""
    later = kind.kind == "Pod" and "UPDATE" in operations
    resources: list[Json] = [kind.plural, "pods/ephemeralcontainers"] if later else [kind.plural]
    return {
        "apiGroups": [kind.group],
        "apiVersions": [kind.version],
        "operations": list(operations),
        "resources": resources,
    }


def changed(read: str) -> str:
    """True of what is new, and of an update that changes what the rules read (see `READS`)."""
    if not read:
        spec, annotations = (
            "object.spec != oldObject.spec",
            "object.metadata.?annotations != oldObject.metadata.?annotations",
        )
        return f"oldObject == null || {spec} || {annotations}"
    return f"oldObject == null || object.{read} != oldObject.{read}"


def exempted_from(rule: Rule, asked: Asked) -> tuple[str, ...]:
    """What the rule leaves alone, as NAMESPACE/NAME."""
    return tuple(f"{x.namespace}/{x.name}" for x in sorted(asked.exempt) if x.check == rule.check)


def names_of(*, made: bool) -> dict[str, str]:
    """The names under which the object may be exempted: its own, and that of the controller that made it."""
    place = "object.metadata.?namespace.orValue('')"
    names = {"names": f"[{place} + '/' + object.metadata.?name.orValue('')]"}
    if not made:
        return names
    owners = "object.metadata.?ownerReferences.orValue([]).filter(o, o.?controller.orValue(false))"
    # what a Deployment makes is named after it with a hash behind, what a CronJob makes with a number
    hashed = "o.kind == 'ReplicaSet' || (o.kind == 'Job' && o.name.matches('-[0-9]+$'))"
    cut = f"({hashed}) && o.name.contains('-') ? o.name.substring(0, o.name.lastIndexOf('-')) : o.name"
    return {
        "owners": owners,
        "names": f"{names['names']} + variables.owners.map(o, {place} + '/' + o.name) + "
        f"variables.owners.map(o, {place} + '/' + ({cut}))",
    }


def _validation(rule: Rule, asked: Asked) -> dict[str, Json]:
    exempted = exempted_from(rule, asked)
    spared = f"({rule.said.holds}) || variables.names.exists(n, n in {words(exempted)})" if exempted else ""
    message = f"{rule.check}: {rule.message.say(asked.lang)}"
    made: dict[str, Json] = {
        "expression": spared or rule.said.holds,
        "message": message,
    }
    if rule.said.culprits:
        made["messageExpression"] = f"{quoted(message + ' [')} + ({rule.said.culprits}).join(', ') + ']'"
    return made


def _without_variables(validation: Mapping[str, Json], named: Mapping[str, str]) -> dict[str, Json]:
    spelled = {key: written_out(str(validation[key]), named) for key in _EXPRESSIONS if key in validation}
    return {**validation, **spelled}


def written_out(expression: str, named: Mapping[str, str]) -> str:
    """The expression with what its variables stand for: conditions are asked before variables exist."""
    for name, text in reversed(list(named.items())):
        expression = f"({text})".join(re.split(rf"\bvariables\.{name}\b", expression))
    return expression
