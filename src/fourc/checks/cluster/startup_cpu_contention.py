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
from fourc.patch.yaml.operations import Set

ZH = """Java 程序启动时被自己的存活探针终止

## 为什么重要
Java 程序启动时需要的 CPU 是平时的数倍。CPU 上限会拖慢启动；节点重启后十几个 Java 程序同时启动，就更慢。超过存活探针的
时限后，容器被终止并从头再来，又占用 CPU，其他程序也更慢：可能几个小时都起不来。

## 修复会改变什么
添加启动探针（`startupProbe`，Kubernetes 1.20 起可用），检查存活探针的端口，最多等待五分钟。在此期间存活探针不工作，之
后照旧。程序在五分钟内仍未启动时才会被重启。其他办法，按代价从小到大：

1. 启动探针：就是本修复。
2. 错开启动：一次只发布一个程序；`maxSurge: 1`、`maxUnavailable: 0`。节点重启时无效。
3. 只写 `requests.cpu`，去掉 `limits.cpu`：节点空闲时启动最快，任何版本可用；命名空间的 LimitRange 不能再给出 CPU 上
限。
4. JVM 参数：`-XX:TieredStopAtLevel=1` 缩短启动时间，但长期运行较慢；`-XX:ActiveProcessorCount=2` 防止线程过多；AppCDS
（JDK 13 起用 `-XX:ArchiveClassesAtExit`，JDK 19 起 `-XX:+AutoCreateSharedArchive`）；CRaC 需要支持它的 JDK（如Azul
Zulu）。
5. CPU 突发：注解 `koordinator.sh/cpuBurst: '{"policy": "auto"}'`，需要 koordinator；阿里云 ACK Pro 版上需要
ack-koordinator 0.8.0 以上、Kubernetes 1.18 以上。内核突发需要 Linux 5.14 以上，或 Alibaba Cloud Linux 2（4.19.91-22
起）、3。
6. 启动加速：kube-startup-cpu-boost，启动时临时提高 CPU，需要 Kubernetes 1.27 以上并开启 InPlacePodVerticalScaling（
1.33 起默认开启）。
7. 原地调整：`kubectl patch pod NAME --subresource resize`（kubectl 1.32 以上），Kubernetes 1.33 为 Beta，1.35 正式可
用。

## 何时可以允许
程序总能在存活探针的时限内启动，而且节点重启时也试过。

## 示例
见英文页面的 YAML。"""

MANY = 3
_PATIENT = 240
_PROBE: dict[str, int] = {"failureThreshold": 30, "periodSeconds": 10}
_COPY = Text(
    "its liveness probe asks no port: copy the handler of `livenessProbe` (such as `exec`) into a `startupProbe` of "
    "{name} with `failureThreshold: 30` and `periodSeconds: 10`",
    "它的存活探针不检查端口：请把 `livenessProbe` 里的检查方式（如 `exec`）复制到 {name} 的 `startupProbe` 中，"
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

    ## What the fix changes
    It adds a `startupProbe` (from Kubernetes 1.20 on) that asks the liveness probe's port for up to five minutes.
    Until it is answered the liveness probe is silent, afterwards all is as before. A program that has not started in
    five minutes is restarted as it is today. All cures, in the order of their cost:

    1. Start-up probe: this fix.
    2. Staggered rollout: release one program after the other, with `maxSurge: 1` and `maxUnavailable: 0`. No help
      when a node restarts.
    3. Keep `requests.cpu`, remove `limits.cpu`: the fastest start on an idle node, in every version. No LimitRange of
      the namespace may bring the limit back.
    4. JVM flags: `-XX:TieredStopAtLevel=1` starts sooner but runs slower later; `-XX:ActiveProcessorCount=2` avoids
      too many threads; AppCDS (`-XX:ArchiveClassesAtExit` from JDK 13, `-XX:+AutoCreateSharedArchive` from JDK 19);
      CRaC needs a JDK that has it, such as Azul Zulu.
    5. CPU burst: annotation `koordinator.sh/cpuBurst: '{"policy": "auto"}'`, needs koordinator; on Alibaba ACK Pro
      ack-koordinator 0.8.0 and Kubernetes 1.18 or later. The kernel's own burst needs Linux 5.14, Alibaba Cloud Linux
      2 (from 4.19.91-22) or 3.
    6. Start-up boost: kube-startup-cpu-boost raises the CPU during the start; needs Kubernetes 1.27 with the feature
      gate InPlacePodVerticalScaling, which is on from 1.33.
    7. In-place resize by hand: `kubectl patch pod NAME --subresource resize` (kubectl 1.32 or later); beta in
      Kubernetes 1.33, stable in 1.35.

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
            tcpSocket:
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
                f"{{who}} is slow to start under its CPU limit, and its liveness probe kills it before it is done"
                f"{f'; {len(slow)} such programs start together after a node restart' if len(slow) >= MANY else ''}",
                f"{{who}} 在 CPU 上限下启动缓慢，还没启动完就会被存活探针终止"
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
    probes = (p for p in container.probes if p.field == ("livenessProbe",) and p.initial_delay < _PATIENT)
    return next(probes, None)


def _fix(workload: Workload, container: Container, probe: Probe) -> Remedy | NoFix:
    at, owner = (*container.path, "startupProbe"), workload.meta.ref
    if probe.port is not None and not probe.host:
        return remedy("add-startup-probe", owner, Set(at, {"tcpSocket": {"port": probe.port}, **_PROBE}))
    port = next((p.container_port for p in container.ports if p.protocol == "TCP"), None)
    if port is None:
        return NoFix(_COPY.of(name=container.name), ChangeKind.KEEP_AVAILABLE)
    caution = _OTHER_PORT.of(name=container.name, port=port)
    change = Set(at, {"tcpSocket": {"port": port}, **_PROBE})
    return remedy("add-startup-probe", owner, change, caution=caution, fix_class=TRY_FIRST)
