from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.readable_credentials import caution_of, in_arguments, secret_of
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Append, Set

ZH = """启动参数里写着明文密码

## 为什么重要
能读取仓库、Deployment 或节点进程列表的人都能看到这个值。它会一直留在 git 历史中。

## 修复会改变什么
参数改为 `$(变量)`，由 Kubernetes 在启动时填入，变量从 Secret 读取，Secret 由你创建：
1. 先到数据库、云控制台等处更换密码或密钥：旧值仍在 git 历史中，必须作废。
2. 创建 Secret：`kubectl create secret generic 名称-credentials --from-literal=变量=新值`（有多个变量时写在同一条命令里）。
3. 再应用修改。Secret 不存在时，新 Pod 会停在 CreateContainerConfigError，旧 Pod 继续运行。
值在节点的进程列表中仍然可见：如果程序能直接读取环境变量或文件，请改用那种方式。

## 何时可以允许
占位值和只用于本机测试的值；写成 `changeme` 就不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CODE,
    severity=Severity.HIGH,
    references="attack:T1552.001 kubescape:C-0012",
    zh=ZH,
)
def credential_in_arguments(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A password stands readable in the program's arguments.

    ## Why it matters
    Whoever reads the repository, the Deployment or the list of processes on the node sees the value. It stays in git
    history for ever.

    ## What the fix changes
    The argument becomes `$(VARIABLE)`, which Kubernetes fills in at the start, from a Secret that you make:
    1. Change the password or key in the database, cloud or service that checks it: the old one stays in git history
       and must be worth nothing.
    2. Make the Secret: `kubectl create secret generic NAME-credentials --from-literal=VARIABLE=NEW-VALUE`,
       in one command for all of the workload's variables.
    3. Then apply the change. Without the Secret new pods stay in CreateContainerConfigError, and the old ones run on.
    The list of processes still shows it: where the program can read a variable or a file itself, prefer that.

    ## When to allow it
    Placeholders and values for tests on your own machine; written as `changeme` they are not reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache
    spec:
      containers:
        - name: redis
          image: redis:7.2
          args: ["--requirepass", "Spring-2024-rain"]
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: cache
    spec:
      containers:
        - name: redis
          image: redis:7.2
          args: ["--requirepass", "$(REQUIREPASS)"]
          env:
            - name: REQUIREPASS
              valueFrom:
                secretKeyRef:
                  name: cache-credentials
                  key: REQUIREPASS
    ```
    """
    container, workload, hits = subject.container, subject.workload, [*in_arguments(subject.container)]
    caution = caution_of(workload) if hits else None
    for hit in hits:
        place = (*container.path, hit.field, hit.index)
        reference: Json = {"secretKeyRef": {"name": secret_of(workload), "key": hit.variable}}
        yield subject.found(
            Text(
                f"{{container}} in {{workload}} has the value of {hit.name} readable in its {hit.field}",
                f"{{workload}} 的容器 {{container}} 在 {hit.field} 中明文写着 {hit.name} 的值",
            ),
            hit.field,
            hit.index,
            fix=remedy(
                "read-secret-from-env",
                workload.meta.ref,
                Set(place, f"{hit.text[: hit.start]}$({hit.variable}){hit.text[hit.end :]}"),
                Append((*container.path, "env"), {"name": hit.variable, "valueFrom": reference}),
                caution=caution,
            ),
            detail=hit.name,
        )
