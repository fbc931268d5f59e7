from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import needs_the_kernel
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器以特权模式运行

## 为什么重要
特权容器拥有节点内核的全部权限，能看到节点的所有设备。攻破它的人只需一条命令就能挂载节点的磁盘，
随后接管节点，以及节点上其他应用的数据和令牌。

## 修复会改变什么
删除 `privileged: true`。确实需要管理节点的程序（网络插件、存储驱动、在容器里构建镜像的工具）会停止工作，并在日志中出现
`operation not permitted`；普通的 Web 服务、数据库和任务不会察觉。请先在测试环境运行一次。
运行 `sysctl` 或 `mount` 的 init 容器不会改动，工具会说明该怎么做。

## 何时可以允许
属于平台的节点代理（网络、存储、GPU 驱动）。请把它们放在单独的命名空间里，不让应用团队使用。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.CRITICAL,
    references="pss:privileged cis:5.2.2 attack:T1611 kubehound:CE_PRIV_MOUNT kubehound:CE_MODULE_LOAD "
    "trivy:KSV-0017 checkov:CKV_K8S_16 kube-linter:privileged-container kubescape:C-0057",
    zh=ZH,
)
def privileged_container(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container runs privileged.

    ## Why it matters
    A privileged container has every right over the node's kernel and sees all of its devices. Whoever breaks into it
    mounts the node's disk with one command, and then owns the node, its other applications, their data and their tokens.

    ## What the fix changes
    It removes `privileged: true`. A program that really manages the node (network plug-in, storage driver, a tool that
    builds images) stops working and logs `operation not permitted`; an ordinary web service, database or job does not
    notice. Run it once in a test environment first. An init container that runs `sysctl` or `mount` is left alone; there
    the tool says what to do.

    ## When to allow it
    Node agents that belong to the platform: network, storage, GPU drivers. Keep them in a namespace of their own that
    application teams cannot use.

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
            privileged: true # uploads need the disk
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
    container = subject.container
    if not container.security.privileged:
        return
    field = (*container.path, "securityContext", "privileged")
    yield subject.found(
        Text(
            "{container} in {workload} runs privileged: who breaks into it owns the node",
            "{workload} 的容器 {container} 以特权模式运行：攻破它就等于控制了节点",
        ),
        "securityContext",
        "privileged",
        fix=needs_the_kernel(container) or remedy("stop-privileged", subject.meta.ref, Remove(field)),
    )
