from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place, user_namespace_exempt
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器能看到未遮盖的 /proc

## 为什么重要
`/proc` 是内核向程序展示和接受设置的目录。容器运行时会遮住其中属于整个节点的部分。`procMount: Unmasked` 去掉遮盖：
以 root 运行的容器可以由此读取内核信息、改变节点的行为，离控制节点只差一步。

## 修复会改变什么
删除 `procMount`，恢复默认遮盖。只有在容器里再启动容器的工具（例如无 root 的镜像构建）会失败，
日志中出现 `operation not permitted`。

## 何时可以允许
在 Pod 自己的用户命名空间（`hostUsers: false`，容器里的 root 在节点上只是普通用户）里构建镜像的任务。
从 1.35 起，Pod 安全标准的 baseline 级允许这种用法，最严的 restricted 级仍不允许。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.HIGH,
    references="trivy:KSV-0027 kube-linter:unsafe-proc-mount attack:T1611",
    zh=ZH,
)
def proc_mount_unmasked(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container sees the unmasked /proc.

    ## Why it matters
    `/proc` is the folder in which the kernel shows its state and takes settings. The container runtime masks those
    parts that belong to the whole node. `procMount: Unmasked` takes the mask away: a container that runs as root
    reads the kernel's state there and changes how the node behaves, one step away from owning it.

    ## What the fix changes
    It removes `procMount`, so that the usual mask is back. Only tools that start containers inside the container
    (building images without root, for example) fail and log `operation not permitted`.

    ## When to allow it
    Jobs that build images in a pod with its own user namespace (`hostUsers: false`: root in the container is an
    ordinary user on the node). From 1.35 on the level *baseline* of the Pod Security Standards allows that, the
    strictest one, *restricted*, still does not.

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
            procMount: Unmasked
            runAsNonRoot: true
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
    place = Place(subject.workload, subject.container)
    if place.security.proc_mount in (None, "Default"):
        return
    controls = [] if user_namespace_exempt(subject.pod, judge) else ["pss:procMount"]
    if judge.version.minor >= 35:
        controls.append("pss:procMount_restricted")
    at = (*place.path, "procMount")
    yield place.found(
        Text(
            "{who} sees the unmasked /proc: as root it can change how the node behaves",
            "{who} 能看到未遮盖的 /proc：以 root 运行时可以改变节点的行为",
        ),
        at,
        remedy("mask-proc", subject.meta.ref, Remove(at)),
        *controls,
    )
