import re
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import DisruptionBudget
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove, Set

ZH = """中断预算让节点无法维护

## 为什么重要
这个中断预算（PodDisruptionBudget）不允许任何一个 Pod 停止。升级节点时，`kubectl drain` 会一直等待，自动升级也会
停住；节点因此得不到安全更新，最后往往有人强行终止 Pod。

## 修复会改变什么
改为 `maxUnavailable: 1`：每次可以迁移一个 Pod（之后 `kubectl get pdb` 的 `ALLOWED DISRUPTIONS` 显示 1）。只有一
个副本时，节点维护会让服务中断，直到新 Pod 启动完成。Pod 本身不变，也不会重启。

## 何时可以允许
绝不能自动移动的程序，例如正在恢复的数据库。请写明维护前由谁手动迁移。

## 示例
见英文页面的 YAML。"""


_PERCENT = re.compile(r"[0-9]{1,9}%")


def each_budget(inventory: Inventory) -> Iterator[DisruptionBudget]:
    """Every PodDisruptionBudget."""
    return iter(inventory.budgets)


@check(
    each_budget,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="kube-linter:pdb-max-unavailable kube-linter:pdb-min-available",
    zh=ZH,
)
def disruption_budget_blocks_drain(budget: DisruptionBudget, judge: Judge) -> Iterator[Found]:
    """A disruption budget keeps nodes from being serviced.

    ## Why it matters
    This PodDisruptionBudget lets not a single pod stop. When a node is to be updated, `kubectl drain` waits for ever
    and automatic updates hang. The node gets no security updates, and in the end somebody kills the pods by force.

    ## What the fix changes
    It becomes `maxUnavailable: 1`: one pod at a time may move (`kubectl get pdb` then shows 1 under
    `ALLOWED DISRUPTIONS`). With a single copy the service stops during the move until the new pod has started. The
    pods themselves do not change and are not restarted.

    ## When to allow it
    Programs that must never be moved by themselves, such as a database under repair. Write down who moves them by
    hand.

    ## Example
    Bad:
    ```yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 0
      selector:
        matchLabels:
          app: web
    ```
    Good:
    ```yaml
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
    field = _blocking(budget, _copies(budget, judge.inventory))
    if not field:
        return
    change = Set(("spec", "maxUnavailable"), 1)
    yield Found(
        budget.meta,
        Text(
            "{budget} lets none of its pods stop: nodes that run one cannot be emptied for an update",
            "{budget} 不允许任何 Pod 停止：运行它们的节点无法腾空升级",
        ).of(budget=budget.meta.name),
        ("spec", field),
        remedy(
            "loosen-disruption-budget",
            budget.meta.ref,
            *((Remove(("spec", "minAvailable")),) if budget.min_available is not None else ()),
            change,
        ),
    )


def _blocking(budget: DisruptionBudget, copies: int | None) -> str:
    """The field that blocks, empty where none does; percentages of `minAvailable` round up (disruption controller)."""
    if budget.max_unavailable is not None:
        return "maxUnavailable" if budget.max_unavailable in {0, "0%"} else ""
    least = budget.min_available
    if isinstance(least, str) and _PERCENT.fullmatch(least):
        percent = int(least[:-1])
        kept = None if copies is None else -(-copies * percent // 100)
        return "minAvailable" if percent >= 100 or (copies and kept == copies) else ""
    return "minAvailable" if isinstance(least, int) and copies and least >= copies else ""


def _copies(budget: DisruptionBudget, inventory: Inventory) -> int | None:
    """How many pods it covers at least; None where that was not read."""
    covered = [w for w in inventory.in_namespace(budget.meta.namespace) if budget.selector.matches(w.pod.labels)]
    total = 0
    for workload in covered:
        scaled = [
            a.min_replicas
            for a in inventory.autoscalers
            if (a.target_kind, a.target_name, a.meta.namespace)
            == (workload.meta.kind, workload.meta.name, workload.meta.namespace)
        ]
        count = scaled[0] if scaled else workload.replicas
        if count is None:
            return None
        total += count
    return total if covered else None
