from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以读取所有 Secret

## 为什么重要
Secret 中有数据库密码、云密钥和服务账号令牌，有时还有管理员的令牌。攻破带有该角色的 Pod，一个请求就能全部读走。
`list` 和 `watch` 同样会返回内容，并不是更小的权限。

## 修复会改变什么
从规则中去掉 `secrets` 的 `get`、`list`、`watch`，其余保留，必要时把规则拆成两条。用到它的程序会在日志中写出
`forbidden` 以及动词和资源；只把那一项加回来。如果程序只需要某一个 Secret，请把它挂载进 Pod，或用
`resourceNames` 写明名字并只给 `get`。

## 何时可以允许
工作内容就是 Secret 的程序：读取证书的 Ingress 控制器、cert-manager、External Secrets。写了 `resourceNames` 的规
则不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="cis:5.1.2 owasp:K03:2022 owasp:K02:2025 attack:T1552.007 kubehound:TOKEN_LIST "
    "kubehound:TOKEN_BRUTEFORCE trivy:KSV-0041 trivy:KSV-0113 checkov:CKV2_K8S_5 kube-linter:access-to-secrets "
    "kubescape:C-0015 kubescape:C-0186",
    zh=ZH,
)
def rbac_secrets_access(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may read every Secret.

    ## Why it matters
    Secrets hold database passwords, cloud keys and tokens of service accounts, sometimes an administrator's. Whoever
    breaks into a pod with this role reads them all with one request. `list` and `watch` show the contents as well;
    they are not the smaller right.

    ## What the fix changes
    It takes `get`, `list` and `watch` on `secrets` out of the rule and leaves everything else, if need be by
    splitting the rule in two. A program that used it logs `forbidden` with the verb and resource; give back exactly
    that one. If the program needs one Secret, mount that Secret into the pod, or write its name under `resourceNames`
    with `get`.

    ## When to allow it
    Programs whose work is Secrets: an ingress controller that reads certificates, cert-manager, External Secrets. A
    role with `resourceNames` is never reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: report
    rules:
      - apiGroups: [""]
        resources: ["configmaps", "secrets"] # settings
        verbs: ["get", "list"]
      - apiGroups: ["apps"]
        resources: ["deployments"]
        verbs: ["get"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: report
    rules:
      - apiGroups: [""]
        resources: ["configmaps"] # settings
        verbs: ["get", "list"]
      - apiGroups: ["apps"]
        resources: ["deployments"]
        verbs: ["get"]
    ```
    """
    return dangerous(held, "rbac-secrets-access")
