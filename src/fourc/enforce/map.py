"""MutatingAdmissionPolicies: defaults that the API server fills into pods and namespaces which say nothing themselves.

Alpha in 1.32, beta in 1.34, stable and on by itself from 1.36. Without `--check` only what our fixes call safe is written;
what may stop a program (`try-first` among the fixes) is written where its check is asked for by name. What an object says is
never changed, and a second run changes nothing.
"""

from collections.abc import Mapping

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.enforce.export import Asked, Exported, Fit, LeftOut, PolicyFile
from fourc.enforce.expressions.rule import Rule, Shape, needed, quoted, variables, whole, words
from fourc.enforce.own_check import Kind
from fourc.enforce.vap import (
    GROUP,
    MANAGED,
    SAFE_WITH_VARIABLES,
    kinds_of,
    names_of,
    namespaces_of,
    resource_rule,
    written_out,
)
from fourc.enforce.written import documents
from fourc.fix.recipes import RECIPES, SAFE
from fourc.model.pod_security import PREFIX
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

_FIRST, _BETA, _STABLE = 32, 34, 36
_LISTS = ("containers", "initContainers")

_TOO_OLD = Text(
    "MutatingAdmissionPolicy exists from Kubernetes 1.32 on (alpha; stable from 1.36)",
    "MutatingAdmissionPolicy 从 Kubernetes 1.32 起才有（alpha；1.36 起稳定）",
)
_BY_NAME = Text(
    "its default may stop a program that needs what it takes away: ask for it by name (--check {check}) and try it in one "
    "namespace first (-n)",
    "这个默认值可能让依赖它的程序停止：请用 --check {check} 单独导出，并先用 -n 在一个命名空间试用",
)
_NO_DEFAULT = Text(
    "no value is right for every object, so there is no default to fill in: `fourc fix` finds it for each",
    "没有适合所有对象的值，因此没有可填的默认值：`fourc fix` 会逐个给出",
)
_IN_PODS_ALREADY = Text(
    "the API server writes the request into every pod by itself", "API 服务器会自行在每个 Pod 里补上申请量"
)
_TOKEN_IS_THERE = Text(
    "the API server has put the token into the pod before policies see it",
    "在策略看到 Pod 之前，API 服务器已经把令牌放进去了",
)
_IMAGE_BY_IMAGE = Text(
    "which rights a program needs depends on its image, and apply configurations cannot set the list: `fourc fix` does it image "
    "by image",
    "程序需要哪些权限取决于镜像，而 ApplyConfiguration 也不能设置这个列表：`fourc fix` 会逐个镜像处理",
)
_WHY_NOT = {
    "capabilities-not-dropped": _IMAGE_BY_IMAGE,
    "limit-without-request": _IN_PODS_ALREADY,
    "default-service-account": _TOKEN_IS_THERE,
    "token-not-needed": _TOKEN_IS_THERE,
}


class Default(Struct, frozen=True):
    """What is filled in for a check: `when` holds only where the object says nothing, `recipe` is the fix that does the same."""

    recipe: str
    shape: Shape
    when: str
    patch_type: str
    expression: str


def _of_containers(test: str, value: str) -> str:
    """An apply configuration with `value` (the fields of a security context) for every container `c` of which `test` holds."""
    parts = []
    for name in _LISTS:
        item = f"Object.spec.{name}"
        context = f"{item}.securityContext{{{value}}}"
        made = f"{item}{{name: c.name, securityContext: {context}}}"
        parts.append(f"{name}: variables.{name}.filter(c, {test}).map(c, {made})")
    lists = ", ".join(parts)
    return f"Object{{spec: Object.spec{{{lists}}}}}"


def _some(test: str) -> str:
    return "(" + " || ".join(f"variables.{name}.exists(c, {test})" for name in _LISTS) + ")"


def _pod(fields: str) -> str:
    return f"Object{{spec: Object.spec{{securityContext: Object.spec.securityContext{{{fields}}}}}}}"


_SECURITY, _OF_POD = "c.?securityContext", "variables.pod.?securityContext"
_MAY_RAISE = (
    f"!{_SECURITY}.?allowPrivilegeEscalation.hasValue() && !{_SECURITY}.?privileged.orValue(false) && "
    f"!{_SECURITY}.?capabilities.?add.orValue([]).exists(a, a in ['SYS_ADMIN', 'CAP_SYS_ADMIN'])"
)
_NO_USER = f"!{_OF_POD}.?runAsNonRoot.hasValue() && {_OF_POD}.?runAsUser.orValue(1) != 0 && " + " && ".join(
    f"variables.{name}.all(c, !{_SECURITY}.?runAsNonRoot.hasValue() && {_SECURITY}.?runAsUser.orValue(1) != 0)"
    for name in (*_LISTS, "ephemeralContainers")
)


def _labels() -> str:
    """JSON patches for the labels that are absent; a namespace always has labels, its name is one."""
    have = "object.metadata.?labels.orValue({})"
    parts = [
        f"(!({quoted(PREFIX + mode)} in {have}) ? [JSONPatch{{op: 'add', path: '/metadata/labels/' + "
        f"jsonpatch.escapeKey({quoted(PREFIX + mode)}), value: 'restricted'}}] : [])"
        for mode in ("warn", "audit")
    ]
    return " + ".join(parts)


DEFAULTS: Mapping[str, Default] = {
    "namespace-without-pod-security": Default(
        "warn-about-pods",
        Shape.NAMESPACE,
        f"object.metadata.?labels.orValue({{}})[?{quoted(PREFIX + 'enforce')}].orValue('privileged') == 'privileged' && "
        "has(object.metadata.labels)",
        "JSONPatch",
        _labels(),
    ),
    "seccomp-not-set": Default(
        "filter-system-calls",
        Shape.POD,
        f"!variables.windows && !{_OF_POD}.?seccompProfile.hasValue()",
        "ApplyConfiguration",
        _pod("seccompProfile: Object.spec.securityContext.seccompProfile{type: 'RuntimeDefault'}"),
    ),
    "privilege-escalation-allowed": Default(
        "forbid-escalation",
        Shape.POD,
        f"!variables.windows && {_some(_MAY_RAISE)}",
        "ApplyConfiguration",
        _of_containers(_MAY_RAISE, "allowPrivilegeEscalation: false"),
    ),
    "may-run-as-root": Default(
        "require-non-root",
        Shape.POD,
        f"!variables.windows && {_NO_USER}",
        "ApplyConfiguration",
        _pod("runAsNonRoot: true"),
    ),
}


def exported(asked: Asked) -> Exported:
    """A file with the policies, and the checks for which nothing is filled in."""
    wanted = asked.checks or {check.id for check in all_checks()} | {check.id for check in asked.own}
    old = asked.version.minor < _FIRST
    chosen = [] if old else [check for check in DEFAULTS if check in wanted and (asked.checks or _is_safe(check))]
    objects = [o for check in chosen for o in (_policy(check, asked), _binding(check, asked))]
    left_out = tuple(
        LeftOut(check, Fit.NOT_EXPRESSIBLE, _TOO_OLD if old else _why_not(check))
        for check in sorted(wanted)
        if check not in chosen
    )
    files = (PolicyFile("defaults.yaml", documents(objects)),) if objects else ()
    return Exported(files, left_out)


def _is_safe(check: str) -> bool:
    return RECIPES[DEFAULTS[check].recipe].fix_class is SAFE


def _why_not(check: str) -> Text:
    return _BY_NAME.of(check=check) if check in DEFAULTS else _WHY_NOT.get(check, _NO_DEFAULT)


def _api(asked: Asked) -> str:
    minor = asked.version.minor
    return f"{GROUP}/{'v1' if minor >= _STABLE else 'v1beta1' if minor >= _BETA else 'v1alpha1'}"


def _policy(check: str, asked: Asked) -> dict[str, Json]:
    default = DEFAULTS[check]
    kinds: tuple[Kind, ...] = kinds_of(default.shape, asked)
    exempt = tuple(f"{x.namespace}/{x.name}" for x in sorted(asked.exempt) if x.check == check)
    available = variables(default.shape)
    said = Rule(check, whole(default.expression), Text("", ""))
    named = needed(available, (said,))
    when: list[Json] = [{"name": "says-nothing", "expression": written_out(default.when, available)}]
    if exempt:
        own = names_of(made=default.shape is Shape.POD)
        spared = f"!(variables.names.exists(n, n in {words(exempt)}))"
        when.append({"name": "not-exempt", "expression": written_out(spared, own)})
    key = {"JSONPatch": "jsonPatch", "ApplyConfiguration": "applyConfiguration"}[default.patch_type]
    mutation: dict[str, Json] = {"patchType": default.patch_type, key: {"expression": default.expression}}
    spec: dict[str, Json] = {
        "failurePolicy": "Ignore",
        "reinvocationPolicy": "IfNeeded",
        "matchConstraints": {"resourceRules": [resource_rule(kind, ("CREATE",)) for kind in kinds]},
        "matchConditions": when,
    }
    if asked.version.minor < SAFE_WITH_VARIABLES:
        mutation[key] = {"expression": written_out(default.expression, named)}
    elif named:
        spec["variables"] = [{"name": name, "expression": text} for name, text in named.items()]
    spec["mutations"] = [mutation]
    metadata: dict[str, Json] = {
        "name": f"fourc-{check}",
        "labels": dict(MANAGED),
        "annotations": {"fourc.dev/checks": check},
    }
    return {"apiVersion": _api(asked), "kind": "MutatingAdmissionPolicy", "metadata": metadata, "spec": spec}


def _binding(check: str, asked: Asked) -> dict[str, Json]:
    spec: dict[str, Json] = {
        "policyName": f"fourc-{check}",
        "matchResources": {"namespaceSelector": namespaces_of(asked)},
    }
    metadata: dict[str, Json] = {"name": f"fourc-{check}", "labels": dict(MANAGED)}
    return {"apiVersion": _api(asked), "kind": "MutatingAdmissionPolicyBinding", "metadata": metadata, "spec": spec}
