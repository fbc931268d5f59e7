from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以创建指向节点磁盘的存储卷

## 为什么重要
PersistentVolume 可以指向节点的任何目录。Pod 安全标准（Kubernetes 自带的 Pod 检查）不检查卷，于是看似无害的 Pod
通过存储卷声明就能读取节点的文件、密钥和别人的数据。

## 修复会改变什么
从规则中去掉对 `persistentvolumes` 的写权限，读取保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；只
把那一项加回来。应用只需要 `persistentvolumeclaims`。

## 何时可以允许
属于平台的存储驱动和备份工具。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="cis:5.1.9 owasp:K03:2022 owasp:K02:2025 attack:T1611 kubescape:C-0278",
    zh=ZH,
)
def rbac_persistent_volume_creation(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may make volumes that show a node's own disk.

    ## Why it matters
    A PersistentVolume may point at any folder of a node. Pod Security (Kubernetes' own check of pods) does not look
    at volumes, so a pod that seems harmless reads the node's files, its keys and the data of others through a claim.

    ## What the fix changes
    It takes writing to `persistentvolumes` out of the rule and leaves reading. A program that used it logs
    `forbidden` with the verb and resource; give back exactly that one. Applications need only
    `persistentvolumeclaims`.

    ## When to allow it
    Storage drivers and backup tools that belong to the platform.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: data-team
    rules:
      - apiGroups: [""]
        resources: ["persistentvolumes"]
        verbs: ["get", "list", "create"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: data-team
    rules:
      - apiGroups: [""]
        resources: ["persistentvolumes"]
        verbs: ["get", "list"]
    ```
    """
    return dangerous(held, "rbac-persistent-volume-creation")
