from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Place, each_place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器直接作为 Windows 节点的进程运行

## 为什么重要
`hostProcess: true` 的 Windows 容器不在容器里运行，而是节点自己的一个进程，使用节点的网络、磁盘和账户，
常常是 `SYSTEM`。攻破它就等于控制了节点。

## 修复会改变什么
删除 `hostProcess`，以及它要求的 `hostNetwork`（普通 Windows 容器不支持）。真正管理节点的程序（网络插件、驱动安装）
会停止工作；普通程序应当在真正的容器里运行，但它的镜像必须能在容器里启动，
并且 `runAsUserName` 不能是节点上的账户，否则 Pod 无法启动，事件会说明原因。请先在测试环境运行一次。

## 何时可以允许
属于平台的 Windows 节点代理。请放在单独的命名空间里。

## 示例
见英文页面的 YAML。"""


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.CRITICAL,
    references="pss:windowsHostProcess cis:5.2.11 trivy:KSV-0103 attack:T1611",
    zh=ZH,
)
def windows_host_process(place: Place, _judge: Judge) -> Iterator[Found]:
    """A container runs as a process of its Windows node.

    ## Why it matters
    A Windows container with `hostProcess: true` does not run in a container. It is a process of the node itself, with
    the node's network, disks and accounts, often as `SYSTEM`. Whoever breaks into it owns the node.

    ## What the fix changes
    It removes `hostProcess`, and the `hostNetwork` that goes with it, which other Windows containers cannot have. A
    program that really manages the node (network plug-in, driver installer) stops working. Any other should run in a
    real container; its image must be able to, and `runAsUserName` must not name an account of the node, or the pod does
    not start and its events say why. Run it once in a test environment first.

    ## When to allow it
    Windows node agents that belong to the platform. Keep them in a namespace of their own.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: report
    spec:
      securityContext:
        windowsOptions:
          hostProcess: true
          runAsUserName: ContainerUser
      containers:
        - name: report
          image: registry.example.com/report:2.0
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: report
    spec:
      securityContext:
        windowsOptions:
          runAsUserName: ContainerUser
      containers:
        - name: report
          image: registry.example.com/report:2.0
    ```
    """
    if not place.security.host_process:
        return
    at = (*place.path, "windowsOptions", "hostProcess")
    network = (Remove((*place.pod.path, "hostNetwork")),) if place.pod.host_network else ()
    yield place.found(
        Text(
            "{who} runs as a process of its Windows node: who breaks into it owns the node",
            "{who} 直接作为 Windows 节点的进程运行：攻破它就等于控制了节点",
        ),
        at,
        remedy("stop-host-process", place.workload.meta.ref, Remove(at), *network),
    )
