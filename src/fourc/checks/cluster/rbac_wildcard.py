from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.checks.narrowing import Narrowing, wildcards
from fourc.checks.permissions import PERMISSIONS, is_whole_wildcard, writes_everything
from fourc.model.finding import Layer, Severity
from fourc.model.infrastructure import Need
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.model.text import Text, same

ZH = """角色用 `*` 代替明确列出的内容

## 为什么重要
`*` 表示今天的一切，也包括下一次升级带来的一切。动词和资源都写 `*` 就是管理员：攻破带有该角色的 Pod 就等于控制它
覆盖的全部范围。仅在动词上写 `*` 也包含没有人想到的动词，例如 `escalate` 和 `impersonate`。

## 修复会改变什么
资源明确时，动词的 `*` 改为八个常用动词，程序照常工作。资源也是 `*` 时，从清单看不出程序真正使用什么：修复只保留
对常见资源（不含 Secret）的读取，这是猜测。请先在测试环境运行程序，日志中的 `forbidden` 会说明缺少的动词和资源，
逐项补上再上线。

## 何时可以允许
必须管理一切的平台程序，例如 Argo CD；请给它单独的命名空间，且不对外开放。

## 示例
见英文页面的 YAML。"""

_MESSAGE = Text("{role} allows `*` of {what} {where}: {holder}", "{role} 允许 `*`（{what}，{where}）：{holder}")


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="cis:5.1.3 owasp:K03:2022 owasp:K02:2025 attack:T1078 trivy:KSV-0044 trivy:KSV-0045 trivy:KSV-0046 "
    "trivy:KSV-0112 checkov:CKV_K8S_49 kube-linter:wildcard-in-rules kubescape:C-0187",
    zh=ZH,
)
def rbac_wildcard(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role says `*` instead of naming what it allows.

    ## Why it matters
    `*` means everything there is today and everything that the next upgrade brings. With `*` for verbs and resources
    the role is an administrator: whoever breaks into a pod with it owns all that it reaches. `*` for verbs alone
    includes verbs that nobody thinks of, such as `escalate` and `impersonate`.

    ## What the fix changes
    Where the resources are named, `*` becomes the eight usual verbs, and the program works as before. Where they are
    `*` too, nobody saw what the program really uses: the fix leaves reading the common kinds, without Secrets, and that
    is a guess. Run the program in a test environment first; each `forbidden` in its log names the verb and the resource
    to add before you roll it out.

    ## When to allow it
    Platform programs that must manage everything, such as Argo CD; in a namespace of their own, not open to outside.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: queue-worker
    rules:
      - apiGroups: ["batch"]
        resources: ["*"]
        verbs: ["*"]
      - apiGroups: [""]
        resources: ["services"]
        verbs: ["*"] # all of them
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: queue-worker
    rules:
      - apiGroups: ["batch"]
        resources: ["cronjobs", "jobs"]
        verbs: ["get", "list", "watch"]
      - apiGroups: [""]
        resources: ["services"]
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"] # all of them
    ```
    """
    if held.needed(Need.WILDCARD):
        return
    narrowing = Narrowing(held)
    for rule in held.role.rules:
        fields, severity = wildcards(rule), _severity(held, rule)
        if not fields or (severity is Severity.LOW and held.recognised):
            continue
        values = {
            "resources": rule.resources,
            "verbs": rule.verbs,
            "apiGroups": rule.groups,
            "nonResourceURLs": rule.urls,
        }
        shown = ", ".join(fields)
        yield Found(
            held.role.meta,
            _MESSAGE.of(role=held.role.meta.name, what=same(shown), where=held.where, holder=held.held_by),
            ("rules", rule.index, fields[0], values[fields[0]].index("*")),
            narrowing.fix(rule, star=True),
            detail=f"{shown}:{','.join((*rule.groups, *rule.resources))}",
            severity=severity,
        )


def _severity(held: HeldRole, rule: PolicyRule) -> Severity:
    """Of `*` on everything an administrator's; else, where it writes, as the gravest permission among what it allows."""
    if not writes_everything(rule):
        return Severity.LOW
    if is_whole_wildcard(rule) and {"*", ""} & {*rule.groups}:
        return held.severity(Severity.CRITICAL, Severity.HIGH)
    allowed = [p for p in PERMISSIONS.values() if p.verbs_on(rule, "*")]
    return max((held.severity(p.everywhere, p.in_namespace) for p in allowed), default=Severity.LOW)
