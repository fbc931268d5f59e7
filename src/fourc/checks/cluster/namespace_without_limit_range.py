from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.resources import amount, guessed_memory
from fourc.checks.used_namespaces import UsedNamespace, each_used_namespace
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.remedy import NewFile, NoFix
from fourc.model.text import Text

ZH = """命名空间没有内存和 CPU 的默认值

## 为什么重要
LimitRange 为没有自行设置的容器补上申请量和内存上限。没有它时，以后每个忘记设置的容器都可以用光节点的内存，调度
器也不知道该把它放在哪里。

## 修复会改变什么
新建一个文件，里面是默认值：申请 `100m` CPU、`128Mi` 内存，内存上限 `512Mi`（有容器看来需要更多时取更大的值），
不设 CPU 上限。这些数值是猜测的，对没有自行设置的容器在下次启动时生效：用量更多的程序会被终止（`OOMKilled`，内存
超限）。请先让需要更多内存的容器写明自己的数值。使用 kustomize 时，请把新文件写进 `kustomization.yaml` 的
`resources`。

## 何时可以允许
所有容器都写了自己的数值，并由准入策略保证。

## 示例
见英文页面的 YAML。"""

_CHECK = Text(
    "in {name}, a container that says nothing itself and needs more than {limit} is killed after its next start",
    "{name} 中没有自行设置、用量超过 {limit} 的容器在下次启动后会被终止",
)
_NO_FILE = Text(
    "there is no file of yours to put it beside: apply the LimitRange of this rule's page (`fourc rule "
    "namespace-without-limit-range`) to {name}, or add it to the chart",
    "没有可以放置它的文件：请把本规则页面（`fourc rule namespace-without-limit-range`）里的 "
    "LimitRange 应用到 {name}，或加入 chart",
)
_LINES = (
    "spec:",
    "  limits:",
    "    - type: Container",
    "      defaultRequest:",
    "        cpu: 100m",
    "        memory: 128Mi",
    "      default:",
    "        memory: {limit}",
)


@check(each_used_namespace, layer=Layer.CLUSTER, severity=Severity.LOW, references="trivy:KSV-0039", zh=ZH)
def namespace_without_limit_range(used: UsedNamespace, judge: Judge) -> Iterator[Found]:
    """A namespace has no defaults for memory and CPU.

    ## Why it matters
    A LimitRange fills in requests and a memory limit for containers that say nothing themselves. Without it every
    container that somebody forgets may use up its node's memory, and the scheduler does not know where to put it.

    ## What the fix changes
    A new file holds the defaults: a request of `100m` CPU and `128Mi` memory, a memory limit of `512Mi` (more where a
    container seems to need it), no CPU limit. The numbers are guesses and hold, from its next start on, for every
    container that says nothing itself: one that needs more is killed (`OOMKilled`, out of memory). Let those that
    need more say so first. With kustomize, add the new file to `resources` in `kustomization.yaml`.

    ## When to allow it
    Where every container says its own numbers, and an admission policy sees to it.

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
    kind: LimitRange
    metadata:
      name: shop
      namespace: shop
    spec:
      limits:
        - type: Container
          defaultRequest:
            cpu: 100m
            memory: 128Mi
          default:
            memory: 512Mi
    ```
    """
    if used.bounded(judge.inventory, "LimitRange"):
        return
    message = Text(
        "{name} has no defaults: a container that somebody forgets to size may use up its node's memory",
        "{name} 没有默认值：忘记设置的容器可以用光节点的内存",
    )
    if not used.meta.origin.editable:
        yield used.found(message, NoFix(_NO_FILE.of(name=used.name)))
        return
    limit = _limit(used)
    lines = (line.format(limit=limit) for line in _LINES)
    new = NewFile(used.beside("limit-range"), used.new_object("LimitRange", *lines))
    caution = _CHECK.of(name=used.name, limit=limit)
    fix = remedy("limit-range-for-namespace", used.owner, caution=caution, new_files=(new,))
    yield used.found(message, fix)


def _limit(used: UsedNamespace) -> str:
    """No smaller than what a container without limit asks for or seems to need; the API would refuse its pods."""
    unlimited = (c for w in used.workloads for c in w.pod.regular if "memory" not in c.resources.limits)
    guesses = ["512Mi", *(guessed_memory(c).limit for c in unlimited)]
    return max(guesses, key=lambda g: amount(g) or 0.0)
