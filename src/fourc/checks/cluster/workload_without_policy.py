from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.policies import limited_otherwise, policies_of, selecting
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """没有任何网络策略选中该工作负载

## 为什么重要
没有被入站策略选中的 Pod 接受集群中任何 Pod 的连接。命名空间里已有策略时尤其容易漏看：大家以为它也受到保护。

## 修复会改变什么
看不到谁会连接它，所以这里没有单独的修改；如果清单中写明了客户端，计划会生成只放行它们的策略。自己动手的步骤：
1. 用 `kubectl get pod --show-labels` 查看它的标签。
2. 写一条选中这些标签的策略，放行它的客户端和端口。
3. 先在测试环境应用，再看程序日志里有没有连接超时。删除该策略即可恢复原状。

## 何时可以允许
不监听任何端口的程序。没有声明端口的任务（Job、CronJob）不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_workload,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="owasp:K07:2022 owasp:K05:2025 attack:T1210 checkov:CKV2_K8S_6 kube-linter:non-isolated-pod "
    "kubescape:C-0030 kubescape:C-0260",
    zh=ZH,
)
def workload_without_policy(subject: Workload, judge: Judge) -> Iterator[Found]:
    """No network policy selects the workload.

    ## Why it matters
    A pod that no policy for incoming connections selects accepts every pod of the cluster. It is easily overlooked
    where the namespace has policies: everyone believes that it is protected too.

    ## What the fix changes
    Who connects to it is not known, so there is no edit for it alone; where manifests name its clients, the plan
    makes a policy that admits just them. By hand:
    1. `kubectl get pod --show-labels` shows its labels.
    2. Write a policy that selects these labels and admits its clients and ports.
    3. Apply it in a test environment, and look for connection time-outs in the programs' logs. Delete the policy and
       all is as before.

    ## When to allow it
    A program that listens on no port. Jobs that declare none are not reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart
      labels:
        app: cart
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:2.1
    ```
    """
    namespace = subject.meta.namespace or "default"
    if namespace in SYSTEM_NAMESPACES or _listens_nowhere(subject):
        return
    if not subject.pod.host_network and any(p.ingress is not None for p in selecting(judge.inventory, subject)):
        return
    others = any(p.ingress is not None for p in policies_of(judge.inventory, namespace))
    unseen = limited_otherwise(judge.inventory)
    why = Text(
        "no manifest says who connects to {name}; write a policy that selects its labels and admits its clients",
        "没有清单写明谁会连接 {name}；请写一条选中其标签并放行其客户端的策略",
    )
    yield Found(
        subject.meta,
        Text("no policy limits who connects to {name}", "没有策略限制谁能连接 {name}").of(name=subject.meta.name),
        ("metadata", "name"),
        NoFix(why.of(name=subject.meta.name), ChangeKind.RESTRICT_NETWORK),
        severity=Severity.LOW if others else Severity.INFO,
        confidence=Confidence.LOW if unseen else Confidence.HIGH,
    )


def _listens_nowhere(workload: Workload) -> bool:
    """Whether it is a job that declares no port: there is nothing to connect to."""
    return workload.meta.kind in {"Job", "CronJob"} and not any(c.ports for c in workload.pod.regular)
