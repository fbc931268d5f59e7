from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place, runs_as_shipped, windows_exempt
from fourc.fix.recipes import SAFE, TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 没有启用系统调用过滤

## 为什么重要
程序通过系统调用使用内核。seccomp 是一个过滤器，挡住几十个普通程序用不到、却常被用来攻破内核的调用。
在 Kubernetes 里必须明确启用：没有这项设置时，大多数集群的容器可以使用所有系统调用。

## 修复会改变什么
为整个 Pod 写上 `RuntimeDefault`，即容器运行时自带的过滤器；直接用 Docker 运行的容器默认就启用它。
调试器、性能分析工具和浏览器沙箱可能失败，日志中出现 `operation not permitted`。

## 何时可以允许
在容器里调试内核或运行其他容器的工具；请为它们明确写上 `Localhost` 和一份专用规则。

## 示例
见英文页面的 YAML。"""


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="pss:seccompProfile_restricted cis:5.6.2 trivy:KSV-0030 trivy:KSV-0104 checkov:CKV_K8S_31 "
    "kubescape:C-0055",
    zh=ZH,
)
def seccomp_not_set(workload: Workload, judge: Judge) -> Iterator[Found]:
    """A pod does not switch the filter of system calls on.

    ## Why it matters
    A program uses the kernel by system calls. seccomp is a filter that denies some dozens of them, which ordinary
    programs never use but attacks on the kernel often do. Kubernetes wants it asked for: without the setting,
    containers of most clusters may use every system call.

    ## What the fix changes
    It writes `RuntimeDefault` for the whole pod, the filter that comes with the container runtime. Under Docker every
    container runs with it. Debuggers, profilers and the sandboxes of browsers may fail and log `operation not
    permitted`.

    ## When to allow it
    Tools that debug the kernel or run other containers inside; name a filter of their own by `Localhost`.

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
        seccompProfile:
          type: RuntimeDefault
    ```
    """
    pod = workload.pod
    # A pod that sets a forbidden one is the business of seccomp-unconfined.
    if judge.version.minor < 19 or windows_exempt(pod, judge) or pod.security.seccomp is not None:
        return
    without = [c for c in pod.containers if c.security.seccomp is None]
    if not without:
        return
    at = (*pod.path, "securityContext", "seccompProfile")
    yield Place(workload, None).found(
        Text(
            "{who} does not switch the filter of system calls on: a hole in the kernel can be used from inside",
            "{who} 没有启用系统调用过滤：内核的漏洞能从容器里直接利用",
        ),
        at,
        remedy(
            "filter-system-calls",
            workload.meta.ref,
            Set(at, {"type": "RuntimeDefault"}),
            fix_class=SAFE if all(map(runs_as_shipped, without)) else TRY_FIRST,
        ),
    )
