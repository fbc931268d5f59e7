from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, once
from fourc.checks.pss import Place
from fourc.checks.resources import is_java, limited
from fourc.fix.recipes import TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Container, Probe, Workload
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Set

ZH = """Java 程序启动时被自己的存活探针终止

## 为什么重要
Java 程序启动时需要的 CPU 是平时的数倍。CPU 上限会拖慢启动；节点重启后十几个 Java 程序同时启动，就更慢。超过存活
探针的时限后，容器被终止并从头再来，又占用 CPU，其他程序也更慢：可能几个小时都起不来。`kubectl describe pod` 中
显示 `Liveness probe failed`，重启次数不断增加。

## 修复会改变什么
添加启动探针（`startupProbe`），检查内容与存活探针相同，最多等待五分钟。在此期间存活探针不工作，之后照旧。五分钟
内仍未启动的程序还是会被重启，`kubectl describe pod` 中显示 `Startup probe failed`：此时请调大
`failureThreshold`。修改本身会让程序重启，请逐个程序应用。全部办法按代价从小到大排列，并注明所需条件：

1. 启动探针：Kubernetes 1.20 以上。就是本修复。
2. 错开启动：任何版本。一次只发布一个程序；`maxSurge: 1`、`maxUnavailable: 0`。节点重启时无效。
3. 只写申请、不设 CPU 上限：任何版本。保留 `requests.cpu`，去掉 `limits.cpu`：只要 CPU 有空闲，启动就最快。命名
   空间的 LimitRange 不能再给出 CPU 上限。
4. JVM 参数：`-XX:TieredStopAtLevel=1`（JDK 8 以上）启动更快，但长期运行较慢；不设 CPU 上限时，
   `-XX:ActiveProcessorCount=2`（JDK 8u191 以上）避免按节点核数创建线程；类归档（AppCDS）可节省类加载时间：
   `-XX:ArchiveClassesAtExit`（JDK 13 以上）或 `-XX:+AutoCreateSharedArchive`（JDK 19 以上）。
5. CPU Burst（CPU 突发）：Pod 注解 `koordinator.sh/cpuBurst: '{"policy": "auto"}'`，允许短时间超过上限。需要
   Kubernetes 1.18 以上和 koordinator；阿里云上需要 ACK Pro 版集群和 ack-koordinator 0.8.0 以上。（华为云 CCE
   Turbo、腾讯云 TKE 各有自己的开关。）
6. 启动加速：kube-startup-cpu-boost 组件，在 Pod 就绪之前临时提高 CPU。需要 Kubernetes 1.33 以上；1.27 至 1.32
   须开启特性门控 InPlacePodVerticalScaling。
7. 原地调整，手动提高正在启动的 Pod 的上限：需要 Kubernetes 1.33 以上（1.35 正式可用）和 kubectl 1.32 以上。申请
   与上限相等时，两者须一起提高。
`kubectl patch pod <Pod> --subresource resize -p '{"spec":{"containers":[{"name":"<容器>","resources":{"limits":{"cpu":"2"}}}]}}'`

## 何时可以允许
程序总能在存活探针的时限内启动，而且节点重启时也试过。

## 示例
见英文页面的 YAML。"""

MANY = 3
_PATIENT = 240
_PROBE: dict[str, Json] = {"failureThreshold": 30, "periodSeconds": 10}
_COPY = Text(
    "its liveness probe asks another host: give {name} a `startupProbe` that asks the container's own port, with "
    "`failureThreshold: 30` and `periodSeconds: 10`",
    "它的存活探针访问的是其他主机：请为 {name} 写一个检查容器自身端口的 `startupProbe`，"
    "并写上 `failureThreshold: 30` 和 `periodSeconds: 10`",
)
_OTHER_PORT = Text(
    "does {name} listen on port {port} when it has started? If not, it is restarted after five minutes",
    "{name} 启动后是否监听端口 {port}？如果不是，五分钟后会被重启",
)


@check(once, layer=Layer.CLUSTER, severity=Severity.MEDIUM, references="", zh=ZH)
def startup_cpu_contention(inventory: Inventory, judge: Judge) -> Iterator[Found]:
    """A Java program is killed by its own liveness probe while it starts.

    ## Why it matters
    A Java program needs several times its usual CPU while it starts. A CPU limit makes that slow; a dozen of them
    that start at once, after a node restart, make it slower still. When the liveness probe runs out of patience, the
    container is killed, starts from the beginning and takes CPU from the others again: it may go on for hours.
    `kubectl describe pod` shows `Liveness probe failed`, and the restarts add up.

    ## What the fix changes
    It adds a `startupProbe` that asks what the liveness probe asks, for up to five minutes. Until it is answered the
    liveness probe is silent, afterwards all is as before. A program that takes longer is still restarted, and
    `kubectl describe pod` says `Startup probe failed`: raise `failureThreshold`. The change itself restarts the
    program, so apply it to one program after the other. All cures, the cheapest first, with what they need (each
    version or a later one):

    1. Start-up probe: Kubernetes 1.20. It is this fix.
    2. Staggered rollout: any version. Release one program after the other, with `maxSurge: 1` and
       `maxUnavailable: 0`. No help when a node restarts.
    3. CPU request without limit: any version. Keep `requests.cpu`, remove `limits.cpu`: the fastest start wherever
       CPU is idle. No LimitRange of the namespace may bring the limit back.
    4. Flags of the Java machine: `-XX:TieredStopAtLevel=1` (JDK 8) starts sooner but runs slower later; without a CPU
       limit, `-XX:ActiveProcessorCount=2` (JDK 8u191) avoids a thread for each core of the node; an archive of loaded
       classes (AppCDS) saves time with `-XX:ArchiveClassesAtExit` (JDK 13) or `-XX:+AutoCreateSharedArchive` (JDK
       19).
    5. CPU burst: the pod's annotation `koordinator.sh/cpuBurst: '{"policy": "auto"}'` lets it exceed its limit for a
       while. Kubernetes 1.18 with koordinator; on Alibaba Cloud an ACK Pro cluster with ack-koordinator 0.8.0.
       (Huawei CCE Turbo and Tencent TKE have switches of their own.)
    6. Start-up boost: the add-on kube-startup-cpu-boost raises the CPU until the pod is ready. Kubernetes 1.33, or
       from 1.27 with the feature gate InPlacePodVerticalScaling switched on.
    7. In-place resize, by hand, of a pod that is starting: Kubernetes 1.33 (stable in 1.35) and kubectl 1.32. Where
       request and limit are equal, raise both.
    `kubectl patch pod POD --subresource resize -p '{"spec":{"containers":[{"name":"APP","resources":{"limits":{"cpu":"2"}}}]}}'`

    ## When to allow it
    Where the program always starts within the liveness probe's patience, tried with a node restart.

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
          command: [java, -jar, orders.jar]
          resources:
            limits:
              cpu: 500m
          livenessProbe:
            httpGet:
              path: /actuator/health/liveness
              port: 8080
            initialDelaySeconds: 30
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
          command: [java, -jar, orders.jar]
          resources:
            limits:
              cpu: 500m
          livenessProbe:
            httpGet:
              path: /actuator/health/liveness
              port: 8080
            initialDelaySeconds: 30
          startupProbe:
            httpGet:
              path: /actuator/health/liveness
              port: 8080
            failureThreshold: 30
            periodSeconds: 10
    ```
    """
    slow = [
        (w, c, probe)
        for w in inventory.workloads
        for c in w.pod.regular
        if (probe := _impatient(c)) is not None and is_java(c) and limited(judge, w, c, "cpu")
    ]
    for workload, container, probe in slow:
        yield Place(workload, container).found(
            Text(
                f"{{who}} is slow to start under its CPU limit, and its liveness probe may kill it before it is done"
                f"{f'; {len(slow)} such programs start together after a node restart' if len(slow) >= MANY else ''}",
                f"{{who}} 在 CPU 上限下启动缓慢，可能还没启动完就被存活探针终止"
                f"{f'；节点重启后有 {len(slow)} 个这样的程序同时启动' if len(slow) >= MANY else ''}",
            ),
            (*container.path, "livenessProbe"),
            _fix(workload, container, probe),
            severity=Severity.HIGH if len(slow) >= MANY else None,
        )


def _impatient(container: Container) -> Probe | None:
    """The liveness probe, where nothing holds it back while the program starts."""
    if container.has_probe("startupProbe"):
        return None
    probes = (p for p in container.probes if p.field == ("livenessProbe",) and p.patience < _PATIENT)
    return next(probes, None)


def _fix(workload: Workload, container: Container, probe: Probe) -> Remedy | NoFix:
    """What the liveness probe asks, with more patience; the container's own port where that would ask another host."""
    at, owner = (*container.path, "startupProbe"), workload.meta.ref
    if probe.action and not probe.host:
        asked: dict[str, Json] = {} if probe.timeout is None else {"timeoutSeconds": probe.timeout}
        return remedy("add-startup-probe", owner, Set(at, {probe.action: probe.handler, **_PROBE, **asked}))
    port = next((p.container_port for p in container.ports if p.protocol == "TCP"), None)
    if port is None:
        return NoFix(_COPY.of(name=container.name), ChangeKind.KEEP_AVAILABLE)
    caution = _OTHER_PORT.of(name=container.name, port=port)
    change = Set(at, {"tcpSocket": {"port": port}, **_PROBE})
    return remedy("add-startup-probe", owner, change, caution=caution, fix_class=TRY_FIRST)
