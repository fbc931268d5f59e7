from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Mending, Place, each_place, user_namespace_exempt, without_root
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器被设为以 root 运行

## 为什么重要
`runAsUser: 0` 让程序以 root 运行，即使镜像本来有自己的用户。容器里的 root 与节点上的 root 是同一个用户编号：
内核或运行时有漏洞，或者挂载了节点的目录时，攻破程序的人马上就是节点的 root。

## 修复会改变什么
已知镜像改为它自己的用户编号，否则删除这一行，由镜像决定用户。程序以前以 root 写下的文件仍属于 root，
可能无法再写入，日志中出现 `Permission denied`：请在 Pod 的 `securityContext` 里设置 `fsGroup`，或修改一次属主。

## 何时可以允许
必须管理节点的平台组件，以及使用自己的用户命名空间的 Pod
（`hostUsers: false`，其中的 root 在节点上只是普通用户；从 1.35 起 Pod 安全标准允许）。

## 示例
见英文页面的 YAML。"""


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:runAsUser cis:5.2.7 trivy:KSV-0105 checkov:CKV_K8S_23 kube-linter:run-as-non-root kubescape:C-0013",
    zh=ZH,
)
def runs_as_root_user(place: Place, judge: Judge) -> Iterator[Found]:
    """A container is set to run as root.

    ## Why it matters
    `runAsUser: 0` makes the program run as root even where the image has a user of its own. Root in the container has
    the same user number as root on the node: with a hole in the kernel or the runtime, or with a folder of the node
    mounted, whoever breaks into the program is root of the node at once.

    ## What the fix changes
    For a well-known image it writes the number of the image's own user, otherwise it removes the line, so that the
    image decides. Files that the program wrote as root stay root's, and the log may say `Permission denied`: set
    `fsGroup` in the pod's `securityContext`, or change their owner once.

    ## When to allow it
    Parts of the platform that manage the node, and pods in a user namespace of their own (`hostUsers: false`: root
    there is an ordinary user on the node; the Pod Security Standards allow it from 1.35 on).

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          securityContext:
            runAsUser: 0
            readOnlyRootFilesystem: true
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          securityContext:
            readOnlyRootFilesystem: true
    ```
    """
    if judge.version.minor < 23 or place.security.run_as_user != 0 or user_namespace_exempt(place.pod, judge):
        return
    at, owner = (*place.path, "runAsUser"), place.workload.meta.ref
    message = Text(
        "{who} is set to run as root, who is the same user as root on the node",
        "{who} 被设为以 root 运行，而它与节点上的 root 是同一个用户",
    )
    if place.container is None:
        yield place.found(message, at, remedy("leave-root", owner, Remove(at)))
        return
    mending = without_root(place.workload, place.container)
    if isinstance(mending, Mending):
        fix = remedy(
            "leave-root",
            owner,
            *mending.operations,
            caution=mending.caution,
            fix_class=mending.fix_class,
        )
        yield place.found(message, at, fix)
    else:
        yield place.found(message, at, mending)
