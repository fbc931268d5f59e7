from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import each_running, guessed_cpu, requested, write
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器没有申请 CPU

## 为什么重要
申请量（`requests`）决定两件事：调度器把 Pod 放在哪个节点，以及 CPU 不够时各容器分到多少。没有申请的容器在繁忙的
节点上几乎分不到 CPU：应答变慢，探针超时，随后被重启。

## 修复会改变什么
写入 `requests.cpu`。数值是猜测的，它不限制用量。节点剩余不足时，新 Pod 会停在 Pending，`kubectl describe pod`
中显示 `Insufficient cpu`。请用 `kubectl top pod --containers` 查看平时的用量，照此填写。

## 何时可以允许
可以随时等待的后台任务。有上限（`limits.cpu`）或 LimitRange 默认值时，本规则不会报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_running,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="trivy:KSV-0015 checkov:CKV_K8S_10 kube-linter:unset-cpu-requirements kubescape:C-0050 kubescape:C-0268",
    zh=ZH,
)
def missing_cpu_request(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container does not ask for CPU.

    ## Why it matters
    A request decides two things: on which node the scheduler places the pod, and how much CPU each container gets
    when there is not enough. On a busy node a container without request gets next to none: it answers late, its
    probes time out, and it is restarted.

    ## What the fix changes
    It writes `requests.cpu`. The number is a guess and limits nothing. Where no node has so much left, the new pod
    stays Pending and `kubectl describe pod` says `Insufficient cpu`. Look at the usual use
    (`kubectl top pod --containers`) and write that.

    ## When to allow it
    Work in the background that may always wait. With a limit (`limits.cpu`) or the default of a LimitRange this rule
    stays silent.

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
          resources:
            requests:
              cpu: 100m
    ```
    """
    workload, container = subject.workload, subject.container
    if requested(judge, workload, container, "cpu"):
        return
    guess = guessed_cpu(container)
    yield Place(workload, container).found(
        Text(
            "{who} does not ask for CPU: on a busy node it gets next to none",
            "{who} 没有申请 CPU：节点繁忙时它几乎分不到",
        ),
        (*container.path, "resources", "requests", "cpu"),
        remedy(
            "size-request",
            workload.meta.ref,
            write(container, "requests", "cpu", guess.request),
            caution=Text(
                "{request} for {name} is a guess; compare with `kubectl top pod --containers`",
                "{name} 的 {request} 是猜测值；请用 `kubectl top pod --containers` 核对",
            ).of(request=guess.request, name=container.name),
        ),
    )
