from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Place, each_place, windows_exempt
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Set

ZH = """容器关闭了系统调用过滤

## 为什么重要
程序通过系统调用使用内核。seccomp 是一个过滤器，挡住几十个普通程序用不到、却常被用来攻破内核的调用。
`Unconfined` 把它关掉，内核的漏洞就能从容器里直接利用。

## 修复会改变什么
改为 `RuntimeDefault`，即容器运行时自带的过滤器；直接用 Docker 运行的容器默认就启用它。
调试器、性能分析工具和浏览器沙箱可能失败，日志中出现 `operation not permitted`。

## 何时可以允许
在容器里调试内核或运行其他容器的工具。更好的办法是写一份专用规则，用 `Localhost` 引用它。

## 示例
见英文页面的 YAML。"""

_POD = "seccomp.security.alpha.kubernetes.io/pod"
_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:seccompProfile_baseline cis:5.6.2 trivy:KSV-0104",
    zh=ZH,
)
def seccomp_unconfined(place: Place, judge: Judge) -> Iterator[Found]:
    """A container switches the filter of system calls off.

    ## Why it matters
    A program uses the kernel by system calls. seccomp is a filter that denies some dozens of them, which ordinary
    programs never use but attacks on the kernel often do. `Unconfined` switches it off, and a hole in the kernel can
    be used from inside the container.

    ## What the fix changes
    It sets `RuntimeDefault`, the filter that comes with the container runtime. Under Docker every container runs with
    it. Debuggers, profilers and the sandboxes of browsers may fail and log `operation not permitted`.

    ## When to allow it
    Tools that debug the kernel or run other containers inside. Better: a filter of your own, named by `Localhost`.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      securityContext:
        seccompProfile:
          type: Unconfined
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
      securityContext:
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ```
    """
    if judge.version.minor < 19:
        key = _POD if place.container is None else _CONTAINER + place.container.name
        value = place.pod.annotations.get(key, "runtime/default")
        if value not in ("runtime/default", "docker/default") and not value.startswith("localhost/"):
            yield _found(place, (*place.pod.meta_path, "annotations", key), "runtime/default")
    elif place.security.seccomp not in (None, "RuntimeDefault", "Localhost"):
        both = () if windows_exempt(place.pod, judge) else ("pss:seccompProfile_restricted",)
        yield _found(place, (*place.path, "seccompProfile", "type"), "RuntimeDefault", *both)


def _found(place: Place, at: Path, default: str, *references: str) -> Found:
    message = Text(
        "{who} may use every system call: a hole in the kernel can be used from inside",
        "{who} 可以使用所有系统调用：内核的漏洞能从容器里直接利用",
    )
    fix = remedy("filter-system-calls", place.workload.meta.ref, Set(at, default))
    return place.found(message, at, fix, *references)
