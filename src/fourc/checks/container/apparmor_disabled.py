from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Place, each_place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器关闭了 AppArmor 保护

## 为什么重要
AppArmor 是 Ubuntu、Debian 等节点内核里的一道防线：按一份规则拒绝容器做不该做的事，
例如挂载磁盘或写 `/proc` 的危险部分。运行时自带的规则默认启用；`Unconfined` 把它关掉，
容器里的漏洞就更容易变成对节点的控制。

## 修复会改变什么
删除这项设置，运行时自带的规则重新生效。在没有 AppArmor 的节点上什么都不变。
需要挂载文件系统或跟踪其他进程的工具会失败，日志中出现 `permission denied`。

## 何时可以允许
属于平台的节点代理。其他程序请写一份专用规则，加载到节点上，再用 `type: Localhost` 引用。

## 示例
见英文页面的 YAML。"""

_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"
_MESSAGE = Text(
    "{who} runs without AppArmor, one of the walls between it and the node",
    "{who} 不受 AppArmor 约束，与节点之间少了一道防线",
)


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:appArmorProfile trivy:KSV-0002",
    zh=ZH,
)
def apparmor_disabled(place: Place, _judge: Judge) -> Iterator[Found]:
    """A container switches AppArmor off.

    ## Why it matters
    AppArmor is a protection in the kernel of nodes with Ubuntu, Debian and others: a set of rules denies a container
    what it should not do, such as mounting disks or writing to the dangerous parts of `/proc`. The rules
    that come with the container runtime hold by default. `Unconfined` switches them off, and a hole in the program
    becomes a way to the node more easily.

    ## What the fix changes
    It removes the setting, so that the runtime's own rules hold again. On nodes without AppArmor nothing changes.
    Tools that mount file systems or trace other processes fail and log `permission denied`.

    ## When to allow it
    Node agents that belong to the platform. For other programs write a rule set of their own, load it on the nodes
    and name it with `type: Localhost`.

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
            appArmorProfile:
              type: Unconfined
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
    owner = place.workload.meta.ref
    if place.security.apparmor not in (None, "RuntimeDefault", "Localhost"):
        profile = (*place.path, "appArmorProfile")
        yield place.found(_MESSAGE, (*profile, "type"), remedy("restore-apparmor", owner, Remove(profile)))
    if place.container is not None:
        return
    containers = {c.name: c for c in place.pod.containers}
    for key, value in place.pod.annotations.items():
        if key.startswith(_ANNOTATION) and value not in ("", "runtime/default") and not value.startswith("localhost/"):
            at = (*place.pod.meta_path, "annotations", key)
            of = Place(place.workload, containers.get(key.removeprefix(_ANNOTATION)))
            yield of.found(_MESSAGE, at, remedy("restore-apparmor", owner, Remove(at)), detail=key)
