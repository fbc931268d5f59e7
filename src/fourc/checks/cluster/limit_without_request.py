from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import each_running, write
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器按上限占用节点

## 为什么重要
只写上限（`limits`）不写申请（`requests`）时，Kubernetes 把申请量设为上限。于是每个副本都按最大值占用节点，平时
却几乎用不到：节点看上去已满，新 Pod 停在 Pending，而且没有人看得出原因。

## 修复会改变什么
把这个申请量写明。运行情况完全不变，但下一个读到它的人能看见这个数字，并按平时的用量
（`kubectl top pod --containers`）调低。

## 何时可以允许
有意让申请等于上限时，例如数据库：这类 Pod 最后才会被驱逐（Kubernetes 称为 Guaranteed）。写明同样更清楚。

## 示例
见英文页面的 YAML。"""

_RESOURCES = ("cpu", "memory", "ephemeral-storage")


@check(each_running, layer=Layer.CLUSTER, severity=Severity.INFO, references="", zh=ZH)
def limit_without_request(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container reserves as much as it may use at most.

    ## Why it matters
    With a limit but no request Kubernetes makes the limit the request. Each copy then reserves the most that it may
    ever use, and hardly uses it: the nodes look full, new pods stay Pending, and nobody sees why.

    ## What the fix changes
    It writes that request down. Nothing changes in what runs, but the next reader sees the number and can lower it to
    the usual use (`kubectl top pod --containers`).

    ## When to allow it
    Where request and limit are equal on purpose, as for a database: such a pod is evicted last (Kubernetes calls it
    Guaranteed). Written down it is clearer there too.

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
            limits:
              memory: 1Gi
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
            limits:
              memory: 1Gi
            requests:
              memory: 1Gi
    ```
    """
    container = subject.container
    for resource in _RESOURCES:
        limit = container.resources.limits.get(resource)
        if limit is None or resource in container.resources.requests:
            continue
        yield Place(subject.workload, container).found(
            Text(
                f"{{who}} has a limit of {limit} ({resource}) but no request: it reserves all of it",
                f"{{who}} 的上限是 {limit}（{resource}），没有写申请量：它会占用全部",
            ),
            (*container.path, "resources", "limits", resource),
            remedy("write-request-down", subject.meta.ref, write(container, "requests", resource, limit)),
            detail=resource,
        )
