from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import each_running, limited
from fourc.model.finding import Layer, Severity
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """容器没有 CPU 上限

## 为什么重要
多数情况下不重要，所以只是提示。CPU 不够时，内核按申请量（`requests.cpu`）分配，写了申请的程序不会被饿死。有些规
范仍要求写上限，例如多个租户共用节点、按用量计费，或攻击者可能用它挖矿。

## 修复会改变什么
没有自动修复，这是有意的：CPU 上限会在节点空闲时也让程序变慢，并常常让 Java 程序在启动时被存活探针终止（见
`startup-cpu-contention`）。请先写申请量。规范要求上限时，取高峰用量的数倍，并同时加上启动探针。

## 何时可以允许
几乎总是可以，只要写了 `requests.cpu`。

## 示例
见英文页面的 YAML。"""

_WHY = Text(
    "a CPU limit slows a program down even on an idle node, so write `requests.cpu` instead; if a rule of yours asks "
    "for a limit, take several times the use of the busiest hour (`kubectl top pod --containers`)",
    "CPU 上限在节点空闲时也会让程序变慢，请改写 `requests.cpu`；如果规范要求上限，"
    "请取高峰用量（`kubectl top pod --containers`）的数倍",
)


@check(
    each_running,
    layer=Layer.CLUSTER,
    severity=Severity.INFO,
    references="trivy:KSV-0011 checkov:CKV_K8S_11 kube-linter:unset-cpu-requirements kubescape:C-0009 "
    "kubescape:C-0050 kubescape:C-0270",
    zh=ZH,
)
def missing_cpu_limit(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container has no CPU limit.

    ## Why it matters
    Mostly it does not, so this is a note only. When CPU is short, the kernel shares it out by the requests
    (`requests.cpu`), and a program that has one does not starve. Some rule books ask for limits all the same: where
    tenants share nodes, where use is paid for, where an intruder might mine coins.

    ## What the fix changes
    There is none, on purpose. A CPU limit slows a program down even while the node is idle, and it is what gets Java
    programs killed by their liveness probe while they start (see `startup-cpu-contention`). Write the request first.
    Where a rule demands a limit, take several times the use of the busiest hour, and add a start-up probe with it.

    ## When to allow it
    Nearly always, as long as there is a `requests.cpu`.

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
          resources:
            requests:
              cpu: 100m
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
          resources:
            requests:
              cpu: 100m
            limits:
              cpu: "1" # only where a rule demands it
    ```
    """
    if limited(judge, subject.workload, subject.container, "cpu"):
        return
    yield Place(subject.workload, subject.container).found(
        Text("{who} has no CPU limit", "{who} 没有 CPU 上限"),
        (*subject.container.path, "resources", "limits", "cpu"),
        NoFix(_WHY, ChangeKind.SIZE_RESOURCES),
    )
