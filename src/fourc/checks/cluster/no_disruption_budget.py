from collections.abc import Iterator
from shlex import quote

from fourc.checks.api import Found, Judge, check
from fourc.checks.availability import Served, budget_file, each_long_running, has_budget, lasting_labels
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text

ZH = """节点维护时所有副本可能同时停止

## 为什么重要
升级节点时，上面的 Pod 会被迁走。没有中断预算（PodDisruptionBudget）时，所有副本可能同时被迁走：虽然有多个副本，
服务还是会中断几分钟。

## 修复会改变什么
在清单旁边新建一个文件，里面是 `maxUnavailable: 1` 的中断预算：节点维护时每次只迁移一个副本。Pod 本身不变，也不
会重启。维护会稍慢一些；有副本一直不就绪时，维护会等待。使用 kustomize 时，请把新文件写进 `kustomization.yaml`
的 `resources`。

## 何时可以允许
中断几分钟也没有人在意的程序。

## 示例
见英文页面的 YAML。"""

_COMMAND = Text(
    "there is no file of yours to put it beside: `kubectl create poddisruptionbudget {name} --max-unavailable=1 "
    "--selector={selector}{namespace}` makes it, or add the same object to the chart",
    "没有可以放置它的文件：请运行 `kubectl create poddisruptionbudget {name} --max-unavailable=1 "
    "--selector={selector}{namespace}`，或在 chart 中加入同样的对象",
)


@check(each_long_running, layer=Layer.CLUSTER, severity=Severity.LOW, references="", zh=ZH)
def no_disruption_budget(served: Served, judge: Judge) -> Iterator[Found]:
    """All copies of a service may stop at once when nodes are serviced.

    ## Why it matters
    When a node is updated, its pods have to move. Without a PodDisruptionBudget all copies may have to move at once:
    the service stops for minutes although there are several of them.

    ## What the fix changes
    A new file beside the manifest holds a budget with `maxUnavailable: 1`: nodes are emptied one copy at a time. The
    pods themselves do not change and are not restarted. Servicing nodes takes a little longer, and waits while a copy
    is not ready. With kustomize, add the new file to `resources` in `kustomization.yaml`.

    ## When to allow it
    Services of which nobody minds a few minutes' break.

    ## Example
    Bad:
    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ```
    Good:
    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
    ```
    """
    workload = served.workload
    several = (workload.replicas or 0) > 1 or (workload.autoscaled and workload.replicas != 0)
    if not several or not served.services or workload.meta.kind == "DaemonSet":
        return
    if has_budget(judge.inventory, workload):
        return
    yield Found(
        workload.meta,
        Text(
            "all copies of {name} may be stopped at once when nodes are serviced",
            "节点维护时，{name} 的所有副本可能同时停止",
        ).of(name=workload.meta.name),
        ("spec", "replicas"),
        _fix(workload, judge),
    )


def _fix(workload: Workload, judge: Judge) -> Remedy | NoFix:
    meta, labels = workload.meta, lasting_labels(workload.pod.labels)
    if not meta.origin.editable:
        selector = quote(",".join(f"{k}={v}" for k, v in sorted(labels.items())))
        namespace = f" -n {quote(meta.namespace or '')}" if meta.namespace_written else ""
        return NoFix(_COMMAND.of(name=quote(meta.name), selector=selector, namespace=namespace))
    return remedy("add-disruption-budget", meta.ref, new_files=(budget_file(workload, judge.version),))
