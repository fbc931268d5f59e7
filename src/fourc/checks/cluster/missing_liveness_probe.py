from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.availability import Served, answers_at, each_long_running
from fourc.checks.pss import Place
from fourc.checks.resources import is_java
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """卡住的容器不会被重启

## 为什么重要
程序崩溃时 Kubernetes 会重启它；程序卡住（死锁、连接池耗尽）但没有退出时则不会，除非存活探针（`livenessProbe`）
能发现。

## 修复会改变什么
添加存活探针：每 20 秒检查端口能否连接，三次失败后重启。Java 程序同时得到启动探针，最多等待五分钟，免得在启动时
被终止。端口和时间是猜测的：如果 `kubectl get pods` 中重启次数增加、`kubectl describe pod` 中显示
`Liveness probe failed`，请先撤掉探针。存活探针不应检查数据库等其他系统：它们一旦出问题，所有副本会同时被重启。

## 何时可以允许
出现问题会自己退出的程序。不确定时，没有存活探针好过错误的存活探针。

## 示例
见英文页面的 YAML。"""

_CHECK = Text(
    "does {name} listen on port {port} within a minute of its start? If not, it is restarted again and again",
    "{name} 启动后一分钟内是否监听端口 {port}？如果不是，它会被反复重启",
)


@check(
    each_long_running,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="checkov:CKV_K8S_8 kube-linter:no-liveness-probe kubescape:C-0056",
    zh=ZH,
)
def missing_liveness_probe(served: Served, _judge: Judge) -> Iterator[Found]:
    """A container that hangs is not restarted.

    ## Why it matters
    Kubernetes restarts a program that crashes. One that hangs (a deadlock, a used-up connection pool) without ending
    it restarts only where a `livenessProbe` notices.

    ## What the fix changes
    It adds a liveness probe: every 20 seconds a check that the port takes connections; after three failures the
    container is restarted. A Java program gets a start-up probe with it that waits up to five minutes, so that it is
    not killed while it starts. Port and times are guesses: if `kubectl get pods` shows restarts and
    `kubectl describe pod` shows `Liveness probe failed`, take the probe out again. Never let it ask another system,
    such as the database: when that fails, all copies are restarted at once.

    ## When to allow it
    Programs that end by themselves when something is wrong. When in doubt, none is better than a wrong one.

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
          ports:
            - containerPort: 8080
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
          ports:
            - containerPort: 8080
          livenessProbe:
            tcpSocket:
              port: 8080
            initialDelaySeconds: 60
            periodSeconds: 20
    ```
    """
    for container in served.workload.pod.regular:
        port = answers_at(served, container)
        if port is None or container.has_probe("livenessProbe"):
            continue
        changes = [
            Set(
                (*container.path, "livenessProbe"),
                {"tcpSocket": {"port": port}, "initialDelaySeconds": 60, "periodSeconds": 20},
            )
        ]
        if is_java(container) and not container.has_probe("startupProbe"):
            changes.append(
                Set(
                    (*container.path, "startupProbe"),
                    {"tcpSocket": {"port": port}, "failureThreshold": 30, "periodSeconds": 10},
                )
            )
        yield Place(served.workload, container).found(
            Text(
                "{who} is not restarted when it hangs",
                "{who} 卡住时不会被重启",
            ),
            (*container.path, "livenessProbe"),
            remedy(
                "guess-liveness-probe",
                served.workload.meta.ref,
                *changes,
                caution=_CHECK.of(name=container.name, port=port),
            ),
        )
