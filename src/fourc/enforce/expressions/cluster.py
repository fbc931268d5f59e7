"""Namespaces, webhooks and disruption budgets in CEL."""

from collections.abc import Iterator

from fourc.checks.cluster.webhook_covers_kube_system import VITAL
from fourc.checks.cluster.webhook_fails_open import GUARD, WATCHED
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import WEBHOOKS, Rule, Shape, quoted, whole, words
from fourc.model.pod_security import PREFIX, SYSTEM_NAMESPACES
from fourc.model.text import Text

_NAME, _SYSTEM = "kubernetes.io/metadata.name", "kube-system"
_OTHERPREFIXS = Text(
    "knows one label of kube-system, its name: a selector on other labels counts as one that does not match it",
    "只知道 kube-system 的名称标签：按其他标签选择的，视为没有选中它",
)
_COPIES = Text(
    "does not see how many copies run: a minAvailable written as a number, or a share that rounds up to all, passes",
    "看不到运行的副本数：以数字写的 minAvailable，或取整后等于全部副本的比例，会放行",
)


def rules() -> Iterator[Rule]:
    """The rules, which are the same in every version."""
    level = "object.metadata.?labels.orValue({})[?{label}].orValue('privileged') != 'privileged'"
    enforce, warn, audit = (level.replace("{label}", quoted(PREFIX + mode)) for mode in ("enforce", "warn", "audit"))
    yield Rule(
        "namespace-without-pod-security",
        whole(f"object.metadata.name in {words(SYSTEM_NAMESPACES)} || {enforce} || ({warn} && {audit})"),
        Text(
            "a namespace must ask for the Pod Security Standards: set the labels pod-security.kubernetes.io/warn and "
            "pod-security.kubernetes.io/audit to restricted",
            "命名空间必须启用 Pod 安全标准：请把标签 pod-security.kubernetes.io/warn 和 "
            "pod-security.kubernetes.io/audit 设为 restricted",
        ),
        (Shape.NAMESPACE,),
    )
    yield Rule(
        "pod-security-not-enforced",
        whole(f"object.metadata.name in {words(SYSTEM_NAMESPACES)} || {enforce}"),
        Text(
            "a namespace must refuse dangerous pods: set the label pod-security.kubernetes.io/enforce to baseline or restricted",
            "命名空间必须拒绝危险的 Pod：请把标签 pod-security.kubernetes.io/enforce 设为 baseline 或 restricted",
        ),
        (Shape.NAMESPACE,),
    )
    yield from _webhooks()
    # The type checker leaves `number or string` out of its types, so the spec is asked as `dyn`.
    most, least = "dyn(object.spec).?maxUnavailable", "dyn(object.spec).?minAvailable.orValue('')"
    yield Rule(
        "disruption-budget-blocks-drain",
        whole(
            f"{most}.hasValue() ? !({most}.orValue('') == 0 || {most}.orValue('') == '0%') : "
            f"!string({least}).matches('^0*[1-9][0-9]{{2,}}%$')"
        ),
        Text(
            "a disruption budget must let one pod stop, or nodes cannot be serviced: set spec.maxUnavailable to 1",
            "中断预算至少要允许停止一个 Pod，否则节点无法维护：请把 spec.maxUnavailable 设为 1",
        ),
        (Shape.BUDGET,),
        Fit.NARROWER,
        _COPIES,
    )


def _webhooks() -> Iterator[Rule]:
    yield from _open("object.?webhooks.orValue([])")
    labels = "w.?namespaceSelector.?matchLabels.orValue({})"
    of_namespace = (
        f"{labels}.all(k, k == {quoted(_NAME)} && {labels}[k] == {quoted(_SYSTEM)}) && "
        f"w.?namespaceSelector.?matchExpressions.orValue([]).all(e, {_holds()})"
    )
    any_object = (
        "w.?objectSelector.?matchLabels.orValue({}).size() == 0 && "
        "w.?objectSelector.?matchExpressions.orValue([]).all(e, e.operator in ['NotIn', 'DoesNotExist'])"
    )
    yield Rule(
        "webhook-covers-kube-system",
        whole(
            "object.?webhooks.orValue([]).all(w, w.?failurePolicy.orValue('Fail') != 'Fail' || "
            f"!({_resources(VITAL)}) || !({of_namespace}) || !({any_object}))"
        ),
        Text(
            "a webhook must not keep kube-system from starting while it is broken: add to namespaceSelector.matchExpressions "
            "{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}",
            "webhook 出故障时不得妨碍 kube-system 启动：请在 namespaceSelector.matchExpressions 中加上 "
            "{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}",
        ),
        WEBHOOKS,
        Fit.NARROWER,
        _OTHERPREFIXS,
    )


def _open(webhooks: str) -> Iterator[Rule]:
    watched = f"{webhooks}.all(w, w.?failurePolicy.orValue('Fail') != 'Ignore' || !({_resources(WATCHED)})"
    guards = f"(object.metadata.name + ' ' + w.name).lowerAscii().matches({quoted(GUARD.pattern)})"
    message = Text(
        "a security webhook must not let everything pass while it is broken: set failurePolicy to Fail",
        "安全 webhook 出故障时不得放行一切：请把 failurePolicy 设为 Fail",
    )
    yield Rule("webhook-fails-open", whole(f"{watched})"), message, (Shape.VALIDATING_WEBHOOK,))
    yield Rule("webhook-fails-open", whole(f"{watched} || !{guards})"), message, (Shape.MUTATING_WEBHOOK,))


def _resources(names: frozenset[str]) -> str:
    return f"w.?rules.orValue([]).exists(r, r.?resources.orValue([]).exists(x, x in {words(names)}))"


def _holds() -> str:
    """Whether the requirement `e` holds of a namespace that has its name as only label."""
    value, is_name = quoted(_SYSTEM), f"e.key == {quoted(_NAME)}"
    listed = f"{is_name} && {value} in e.?values.orValue([])"
    return (
        f"e.operator == 'In' ? {listed} : e.operator == 'NotIn' ? !({listed}) : "
        f"e.operator == 'Exists' ? {is_name} : !({is_name})"
    )
