from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove, Set

ZH = """Pod 修改不安全的内核参数

## 为什么重要
`sysctls` 修改 Linux 内核的参数。少数参数只影响这个 Pod，Kubernetes 称之为安全参数。其他参数可能耗尽节点的内存、
影响同一节点上的其他应用，或关闭保护；没有在 kubelet 上特别放行时，Pod 根本无法启动。

## 修复会改变什么
从列表中删除不安全的参数，安全的保留。程序将使用默认值：高并发服务可能变慢或拒绝连接（例如 `net.core.somaxconn`），
有些程序会在日志中报告参数太小。作用于整个节点的参数，请由管理员在节点上设置；只作用于 Pod 的，见下文。

## 何时可以允许
专用节点上的程序，并且管理员在这些节点的 kubelet（节点上管理 Pod 的程序）上放行了该参数
（`allowedUnsafeSysctls`）。

## 示例
见英文页面的 YAML。"""

# Which parameters count as safe, from which minor on (check_sysctls.go).
SAFE_SINCE = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_slow_start_after_idle": 37,
    "net.ipv4.tcp_notsent_lowat": 37,
}


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:sysctls trivy:KSV-0026 kube-linter:unsafe-sysctls",
    zh=ZH,
)
def unsafe_sysctl(workload: Workload, judge: Judge) -> Iterator[Found]:
    """A pod changes an unsafe kernel parameter.

    ## Why it matters
    `sysctls` changes parameters of the Linux kernel. A few concern this pod only; Kubernetes calls them safe. The
    others can use up the node's memory, disturb other applications on the node or switch a protection off. Where the
    node does not allow them expressly, the pod does not even start.

    ## What the fix changes
    It takes the unsafe parameters out of the list; safe ones stay. The program gets the defaults: a busy service may
    become slower or turn connections away (`net.core.somaxconn`, for example), and some programs log that a value is
    too small. What holds for the whole node, its administrator sets there; for what holds for the pod only, see below.

    ## When to allow it
    Programs on nodes of their own, where the administrator allows the parameter to the kubelet, the program that runs
    the pods there (`allowedUnsafeSysctls`).

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      securityContext:
        sysctls:
          - name: net.ipv4.tcp_syncookies
            value: "1"
          - name: kernel.msgmax
            value: "65536"
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
      securityContext:
        sysctls:
          - name: net.ipv4.tcp_syncookies
            value: "1"
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ```
    """
    safe = {name for name, minor in SAFE_SINCE.items() if judge.version.minor >= minor}
    path, sysctls = (*workload.pod.path, "securityContext", "sysctls"), workload.pod.security.sysctls
    kept = [(name, value) for name, value in sysctls if name in safe]
    operation = Set(path, [{"name": name, "value": value} for name, value in kept]) if kept else Remove(path)
    names = [name for name, _ in sysctls]
    for name in dict.fromkeys(n for n in names if n not in safe):
        yield Place(workload, None).found(
            Text(
                f"{{who}} changes the kernel parameter {name}, which others on the node may feel",
                f"{{who}} 修改内核参数 {name}，同一节点上的其他应用可能受影响",
            ),
            (*path, names.index(name), "name"),
            remedy("withdraw-sysctl", workload.meta.ref, operation),
            detail=name,
        )
