from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Mending, Place, each_place, user_namespace_exempt, without_root
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove, Set

ZH = """容器可能以 root 运行

## 为什么重要
没有 `runAsNonRoot: true` 时，镜像自己决定用户，很多镜像选择 root。容器里的 root 与节点上的 root 是同一个用户编号：
内核或运行时有漏洞，或者挂载了节点的目录时，攻破程序的人马上就是节点的 root。

## 修复会改变什么
写上 `runAsNonRoot: true`；已知镜像还写上它的用户编号。以 root 启动的镜像将不再启动，
Pod 停在 CreateContainerConfigError，事件会说明原因；滚动升级时旧 Pod 继续运行。
已有的卷如果属于 root，程序可能报 `Permission denied`：请在 Pod 的 `securityContext` 里设置 `fsGroup`。

## 何时可以允许
必须管理节点的平台组件，以及使用自己的用户命名空间的 Pod
（`hostUsers: false`，其中的 root 在节点上只是普通用户；从 1.35 起 Pod 安全标准允许）。

## 示例
见英文页面的 YAML。"""


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:runAsNonRoot cis:5.2.7 trivy:KSV-0012 checkov:CKV_K8S_23 kube-linter:run-as-non-root "
    "kubescape:C-0013",
    zh=ZH,
)
def may_run_as_root(place: Place, judge: Judge) -> Iterator[Found]:
    """A container may run as root.

    ## Why it matters
    Without `runAsNonRoot: true` the image chooses its user, and many images choose root. Root in the container has
    the same user number as root on the node: with a hole in the kernel or the runtime, or with a folder of the node
    mounted, whoever breaks into the program is root of the node at once.

    ## What the fix changes
    It writes `runAsNonRoot: true`, and for a well-known image the number of its user. An image that starts as root no
    longer starts: the pod stays in CreateContainerConfigError and its events say why; in a rolling update the old pods
    go on. If a volume belongs to root, the program may log `Permission denied`: set `fsGroup` in the pod's
    `securityContext`.

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
            runAsNonRoot: true
    ```
    """
    own, at, owner = place.security.run_as_non_root, (*place.path, "runAsNonRoot"), place.workload.meta.ref
    if user_namespace_exempt(place.pod, judge):
        return
    if place.container is None:
        if own is False:
            yield place.found(
                Text("{who} is allowed to run as root expressly", "{who} 被明确允许以 root 运行"),
                at,
                remedy("withdraw-root-permission", owner, Remove(at)),
            )
        return
    if own or (own is None and place.pod.security.run_as_non_root):
        return
    message = Text(
        "{who} may run as root, who is the same user as root on the node",
        "{who} 可能以 root 运行，而它与节点上的 root 是同一个用户",
    )
    mending = without_root(place.workload, place.container)
    if isinstance(mending, Mending):
        operations = (Set(at, value=True), *mending.operations)
        fix = remedy("require-non-root", owner, *operations, caution=mending.caution, fix_class=mending.fix_class)
        yield place.found(message, at, fix)
    else:
        yield place.found(message, at, mending)
