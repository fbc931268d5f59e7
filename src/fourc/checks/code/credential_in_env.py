from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.readable_credentials import caution_of, in_variables, secret_of
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Set

ZH = """环境变量里写着明文密码

## 为什么重要
能读取仓库、Deployment 或构建日志的人都能看到这个值，攻破容器的人也一样。它会一直留在 git 历史中。

## 修复会改变什么
变量改为从 Secret 读取；Secret 以工作负载命名，由你创建：
1. 先到数据库、云控制台等处更换密码或密钥：旧值仍在 git 历史中，必须作废。
2. 创建 Secret：`kubectl create secret generic 名称-credentials --from-literal=变量=新值`（有多个变量时写在同一条命令里）。
3. 再应用修改。Secret 不存在时，新 Pod 会停在 CreateContainerConfigError，旧 Pod 继续运行。

## 何时可以允许
占位值和只用于本机测试的值；写成 `changeme` 就不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CODE,
    severity=Severity.HIGH,
    references="attack:T1552.001 kube-linter:env-var-secret kubescape:C-0012",
    zh=ZH,
)
def credential_in_env(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A password stands readable in an environment variable.

    ## Why it matters
    Whoever reads the repository, the Deployment or a build log sees the value, and so does whoever breaks into the
    container. It stays in git history for ever.

    ## What the fix changes
    The variable is read from a Secret, named like the workload, which you make:
    1. Change the password or key in the database, cloud or service that checks it: the old one stays in git history
       and must be worth nothing.
    2. Make the Secret: `kubectl create secret generic NAME-credentials --from-literal=VARIABLE=NEW-VALUE`,
       in one command for all of the workload's variables.
    3. Then apply the change. Without the Secret new pods stay in CreateContainerConfigError, and the old ones run on.

    ## When to allow it
    Placeholders and values for tests on your own machine; written as `changeme` they are not reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: orders
    spec:
      containers:
        - name: orders
          image: registry.example.com/orders:1.4
          env:
            - name: DB_PASSWORD
              value: "Spring-2024-rain"
            - name: LOG_LEVEL
              value: info
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: orders
    spec:
      containers:
        - name: orders
          image: registry.example.com/orders:1.4
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: orders-credentials
                  key: DB_PASSWORD
            - name: LOG_LEVEL
              value: info
    ```
    """
    workload, variables = subject.workload, [*in_variables(subject.container)]
    caution = caution_of(workload) if variables else None
    for variable in variables:
        shown = variable.name.replace("{", "{{").replace("}", "}}")
        reference: Json = {"secretKeyRef": {"name": secret_of(workload), "key": variable.name}}
        yield subject.found(
            Text(
                f"{{container}} in {{workload}} has the value of {shown} readable in the file",
                f"{{workload}} 的容器 {{container}} 把 {shown} 的值明文写在文件里",
            ),
            "env",
            variable.index,
            "value",
            fix=remedy(
                "read-secret-from-env",
                workload.meta.ref,
                Set((*subject.container.path, "env", variable.index), {"name": variable.name, "valueFrom": reference}),
                caution=caution,
            ),
            detail=variable.name,
        )
