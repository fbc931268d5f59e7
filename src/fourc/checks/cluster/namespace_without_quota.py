from collections.abc import Iterator
from shlex import quote

from fourc.checks.api import Found, Judge, check
from fourc.checks.used_namespaces import UsedNamespace, each_used_namespace
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import NewFile, NoFix, Remedy
from fourc.model.text import Text

ZH = """命名空间可以用光整个集群

## 为什么重要
没有配额（ResourceQuota）时，一个命名空间可以启动任意多的 Pod：一个失控的 CronJob、一个错误的自动扩缩，或攻破其
中一个程序的人，都能占满所有节点，其他团队的程序就无法启动。

## 修复会改变什么
新建一个文件，里面是限制 Pod 数量的配额：清单中 Pod 数的两倍（自动扩缩的按 10 个、DaemonSet 按 100 个计算），至
少 20 个。数值是猜测的；超出的 Pod 会被拒绝，`kubectl get events` 中显示 `exceeded quota`。已经在运行的 Pod 不受
影响。每个容器都写了申请量之后，再加上 `requests.cpu` 和 `requests.memory`。使用 kustomize 时，请把新文件写进
`kustomization.yaml` 的 `resources`。

## 何时可以允许
只有一个团队使用的小集群。

## 示例
见英文页面的 YAML。"""

_COMMAND = Text(
    "there is no file of yours to put it beside: `kubectl create quota {name} -n {name} --hard=pods={pods}` makes it, "
    "or add the same object to the chart",
    "没有可以放置它的文件：请运行 `kubectl create quota {name} -n {name} --hard=pods={pods}`，"
    "或在 chart 中加入同样的对象",
)
_CHECK = Text(
    "{pods} pods for {name} is twice what the manifests start now, a guess",
    "{name} 的 {pods} 个 Pod 是清单现有数量的两倍，是猜测值",
)
_LEAST = 20


@check(each_used_namespace, layer=Layer.CLUSTER, severity=Severity.LOW, references="attack:T1499 trivy:KSV-0040", zh=ZH)
def namespace_without_quota(used: UsedNamespace, judge: Judge) -> Iterator[Found]:
    """A namespace may use up the whole cluster.

    ## Why it matters
    Without a ResourceQuota one namespace may start any number of pods. A CronJob out of control, a wrong autoscaler,
    or whoever breaks into one of its programs fills all nodes, and other teams' programs no longer start.

    ## What the fix changes
    A new file holds a quota for the number of pods: twice those in the manifests (10 for what is autoscaled, 100 for
    a DaemonSet), at least 20. The number is a guess; pods beyond it are refused, and `kubectl get events` says
    `exceeded quota`. Pods that run already are left alone. Once every container has requests, add `requests.cpu` and
    `requests.memory`. With kustomize, add the new file to `resources` in `kustomization.yaml`.

    ## When to allow it
    Small clusters with a single team.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ---
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: shop
      namespace: shop
    spec:
      hard:
        pods: "20"
    ```
    """
    if used.bounded(judge.inventory, "ResourceQuota"):
        return
    yield used.found(
        Text(
            "{name} may start any number of pods: one program out of control fills all nodes",
            "{name} 可以启动任意多的 Pod：一个失控的程序就能占满所有节点",
        ),
        _fix(used),
    )


def _fix(used: UsedNamespace) -> Remedy | NoFix:
    pods = max(_LEAST, 2 * sum(_pods(w) for w in used.workloads))
    if not used.meta.origin.editable:
        return NoFix(_COMMAND.of(name=quote(used.name), pods=pods))
    text = used.new_object("ResourceQuota", "spec:", "  hard:", f'    pods: "{pods}"')
    new = NewFile(used.beside("quota"), text)
    caution = _CHECK.of(name=used.name, pods=pods)
    return remedy("quota-for-namespace", used.owner, caution=caution, new_files=(new,))


def _pods(workload: Workload) -> int:
    """How many pods it may start; of an autoscaler's maximum and of the nodes nothing is known here."""
    if workload.meta.kind == "DaemonSet":
        return 100
    written = 1 if workload.replicas is None else workload.replicas
    return max(written, 10) if workload.autoscaled else written
