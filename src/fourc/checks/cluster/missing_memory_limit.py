from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import each_running, guessed_memory, limited, requested, write
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器可以用光节点的内存

## 为什么重要
没有内存上限时，内存泄漏或一次攻击就能用光整个节点的内存。随后内核会终止程序，往往是别的程序，节点上的数据库和其
他应用也会跟着停止。

## 修复会改变什么
写入 `limits.memory`；没有申请量时也写入 `requests.memory`。数值是猜测的：Java 程序按 `-Xmx`（最大堆）计算，有申
请量的取其两倍，其他按镜像类型取常见值。用量超过上限的程序会被终止并重启，`kubectl describe pod` 中显示
`OOMKilled`（内存超限）。请先用 `kubectl top pod --containers` 查看高峰时的用量，上限应高出约一半。

## 何时可以允许
几乎没有理由。平台给命名空间设置了 LimitRange 默认值时，本规则不会报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_running,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1499 trivy:KSV-0018 checkov:CKV_K8S_13 kube-linter:unset-memory-requirements "
    "kubescape:C-0004 kubescape:C-0009 kubescape:C-0271",
    zh=ZH,
)
def missing_memory_limit(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container may use up its node's memory.

    ## Why it matters
    Without a memory limit one leak, or one attack, uses up the memory of the whole node. The kernel then kills
    programs, often other ones: the database and the applications on the same node stop too.

    ## What the fix changes
    It writes `limits.memory`, and `requests.memory` where that is missing. The number is a guess: for Java from
    `-Xmx` (the largest heap), otherwise twice what the container asks for, otherwise a usual value for the kind of
    its image. A program that needs more is killed and starts again; `kubectl describe pod` shows `OOMKilled` (out of
    memory). Look at the use at the busiest hour first (`kubectl top pod --containers`) and set the limit about half
    as high again.

    ## When to allow it
    Hardly ever. Where a LimitRange gives the namespace a default, this rule stays silent.

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
              memory: 256Mi
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
              memory: 256Mi
            limits:
              memory: 512Mi
    ```
    """
    workload, container = subject.workload, subject.container
    if limited(judge, workload, container, "memory"):
        return
    guess = guessed_memory(container)
    operations = [write(container, "limits", "memory", guess.limit)]
    if not requested(judge, workload, container, "memory"):
        operations.insert(0, write(container, "requests", "memory", guess.request))
    yield Place(workload, container).found(
        Text(
            "{who} has no memory limit: a leak in it takes down what else runs on the node",
            "{who} 没有内存上限：它一旦泄漏，节点上的其他程序也会停止",
        ),
        (*container.path, "resources", "limits", "memory"),
        remedy(
            "size-memory-limit",
            workload.meta.ref,
            *operations,
            caution=Text(
                "{limit} for {name} is a guess: {why}; compare with `kubectl top pod --containers` at the busiest hour",
                "{name} 的 {limit} 是猜测值：{why}；请在高峰时用 `kubectl top pod --containers` 核对",
            ).of(limit=guess.limit, name=container.name, why=guess.why),
        ),
    )
