from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以启动任意 Pod

## 为什么重要
能创建 Pod、修改 Deployment 或 Job 的人可以选择镜像、挂载该命名空间的任何 Secret、使用其中任何服务账号；如果准入
没有禁止，还能要求访问节点磁盘。命名空间中若有权限覆盖整个集群的服务账号，就更严重。

## 修复会改变什么
从规则中去掉 Pod 的 `create` 以及工作负载类型的 `create`、`update`、`patch`，读取等其余权限保留。用到它的程序会
在日志中写出 `forbidden` 以及动词和资源；只把那一项加回来。发布工具离不开它：请把它限制在一个命名空间，并用 Pod
安全标准拒绝访问节点的 Pod（见 `namespace-without-pod-security`）。

## 何时可以允许
发布工具和 Operator，仅限它们负责的命名空间。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="cis:5.1.4 owasp:K03:2022 owasp:K02:2025 attack:T1610 kubehound:POD_CREATE trivy:KSV-0048 "
    "kube-linter:access-to-create-pods kubescape:C-0188",
    zh=ZH,
)
def rbac_pod_creation(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may start pods of its own choice.

    ## Why it matters
    Whoever may create a pod, or change a Deployment or Job, chooses its image, mounts any Secret of the namespace,
    takes any of its service accounts, and can ask for the node's disk unless admission forbids it. It is graver where
    a service account with the whole cluster's power lives in the namespace.

    ## What the fix changes
    It takes `create` on pods and `create`, `update`, `patch` on workload kinds out of the rule and leaves reading and
    the rest. A program that used it logs `forbidden` with the verb and resource; give back exactly that one. A tool
    that releases programs cannot work without it: limit it to one namespace, and let Pod Security refuse pods that
    reach for the node (see `namespace-without-pod-security`).

    ## When to allow it
    Deployment tools and operators, in the namespaces they serve and nowhere else.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: deployer
      namespace: shop
    rules:
      - apiGroups: ["apps"]
        resources: ["deployments"]
        verbs: ["get", "list", "patch"]
      - apiGroups: ["batch"]
        resources: ["jobs"]
        verbs: ["create"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: deployer
      namespace: shop
    rules:
      - apiGroups: ["apps"]
        resources: ["deployments"]
        verbs: ["get", "list"]
    ```
    """
    beside_power = any(h.usable and h.binding.meta.namespace in held.strong for h in held.holders)
    return dangerous(held, "rbac-pod-creation", raised=Severity.HIGH if beside_power else None)
