from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以为其他服务账号签发令牌

## 为什么重要
拥有 `serviceaccounts/token` 的 `create` 权限，就能为范围内任何服务账号申请令牌，从而变成该账号，包括权限最大的
那个。

## 修复会改变什么
从规则中去掉 `serviceaccounts/token`，其余保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；只把那一
项加回来。如果只需要某个账号的令牌，请在 `resourceNames` 中写明名字。

## 何时可以允许
替别人登录其他系统的程序，例如管理密钥的 Operator。写了 `resourceNames` 的规则不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="cis:5.1.13 owasp:K03:2022 owasp:K02:2025 attack:T1528 kubescape:C-0282",
    zh=ZH,
)
def rbac_token_creation(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may make tokens of other service accounts.

    ## Why it matters
    With `create` on `serviceaccounts/token` the holder asks for a token of any service account in reach and then is
    that account, the most powerful one included.

    ## What the fix changes
    It takes `serviceaccounts/token` out of the rule and leaves everything else. A program that used it logs
    `forbidden` with the verb and resource; give back exactly that one. If it needs the token of one account, write
    its name under `resourceNames`.

    ## When to allow it
    Programs that log in elsewhere for others, such as a secrets operator. A rule with `resourceNames` is never
    reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: vault-login
      namespace: shop
    rules:
      - apiGroups: [""]
        resources:
          - serviceaccounts
          - serviceaccounts/token
        verbs: ["get", "create"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: vault-login
      namespace: shop
    rules:
      - apiGroups: [""]
        resources:
          - serviceaccounts
        verbs: ["get", "create"]
    ```
    """
    return dangerous(held, "rbac-token-creation")
