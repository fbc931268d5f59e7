from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import each_running, guessed_memory, requested, write
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器没有申请内存

## 为什么重要
调度器只看申请量（`requests`）。没有申请时，它以为容器不需要内存，会把太多 Pod 放到同一个节点上。节点内存不足
时，没有申请的容器最先被终止或驱逐。

## 修复会改变什么
写入 `requests.memory`。数值是猜测的，它只影响 Pod 放在哪个节点，不限制用量。节点剩余不足时，新 Pod 会停在
Pending，`kubectl describe pod` 中显示 `Insufficient memory`。请用 `kubectl top pod --containers` 查看平时的用
量，照此填写。

## 何时可以允许
短暂的试验。有上限（`limits.memory`）或 LimitRange 默认值时，本规则不会报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_running,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="trivy:KSV-0016 checkov:CKV_K8S_12 kube-linter:unset-memory-requirements kubescape:C-0004 "
    "kubescape:C-0269",
    zh=ZH,
)
def missing_memory_request(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container does not ask for memory.

    ## Why it matters
    The scheduler looks at requests only. Without one it believes that the container needs no memory, and puts too
    many pods on one node. When the node runs short, containers without a request are the first to be killed or
    evicted.

    ## What the fix changes
    It writes `requests.memory`. The number is a guess; it only decides on which node the pod is placed and limits
    nothing. Where no node has so much left, the new pod stays Pending and `kubectl describe pod` says
    `Insufficient memory`. Look at the usual use (`kubectl top pod --containers`) and write that.

    ## When to allow it
    Short experiments. With a limit (`limits.memory`) or the default of a LimitRange this rule stays silent.

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
              memory: 256Mi
    ```
    """
    workload, container = subject.workload, subject.container
    if requested(judge, workload, container, "memory"):
        return
    guess = guessed_memory(container)
    yield Place(workload, container).found(
        Text(
            "{who} does not ask for memory: on a full node it is killed first",
            "{who} 没有申请内存：节点内存不足时它最先被终止",
        ),
        (*container.path, "resources", "requests", "memory"),
        remedy(
            "size-request",
            workload.meta.ref,
            write(container, "requests", "memory", guess.request),
            caution=Text(
                "{request} for {name} is a guess; compare with `kubectl top pod --containers`",
                "{name} 的 {request} 是猜测值；请用 `kubectl top pod --containers` 核对",
            ).of(request=guess.request, name=container.name),
        ),
    )
