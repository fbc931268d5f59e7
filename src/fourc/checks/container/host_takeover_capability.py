from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place, trimmed_add, user_of
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import PodSpec
from fourc.model.text import Text

ZH = """容器凭一项内核权限就能控制节点

## 为什么重要
Linux 把 root 的权力分成几十项“能力”（capability）。其中几项足以逃出容器：
`SYS_ADMIN` 能挂载内核的控制目录，让节点以 root 运行程序；`SYS_MODULE` 向内核装入代码；
`DAC_READ_SEARCH` 读取节点磁盘上的任何文件；`SYS_PTRACE` 加上 `hostPID` 控制节点的进程；`ALL` 包含全部。
攻破容器的人用现成的工具就能做到。

## 修复会改变什么
从 `add` 中删除它，连同 Pod 安全标准的最严一级（restricted）不允许的其他能力。
真正用到它的程序会在日志中出现 `operation not permitted`；Web 服务、数据库和任务几乎都用不到。请先在测试环境运行一次。

## 何时可以允许
属于平台的节点代理：存储驱动（`SYS_ADMIN`）、网络插件（`NET_ADMIN`）、
基于 eBPF（在内核里运行的小程序）的监控（`BPF`）。请把它们放在单独的命名空间里，并写明原因。

## 示例
见英文页面的 YAML。"""

TAKEOVER_GRADES = {
    "ALL": (
        Severity.CRITICAL,
        Text("it has every right over the node's kernel", "它拥有节点内核的全部权限"),
        "kubehound:CE_MODULE_LOAD",
    ),
    "SYS_ADMIN": (
        Severity.CRITICAL,
        Text("it can make the node run a program as root", "它能让节点以 root 运行程序"),
        "trivy:KSV-0005 checkov:CKV_K8S_39",
    ),
    "SYS_MODULE": (
        Severity.CRITICAL,
        Text("it can load code into the node's kernel", "它能向节点内核装入代码"),
        "trivy:KSV-0120 kubehound:CE_MODULE_LOAD",
    ),
    "SYS_RAWIO": (
        Severity.HIGH,
        Text("it can reach the node's hardware directly", "它能直接访问节点的硬件"),
        "",
    ),
    "DAC_READ_SEARCH": (Severity.HIGH, Text("it can read every file of the node", "它能读取节点上的任何文件"), ""),
    "BPF": (
        Severity.HIGH,
        Text("it can load programs into the node's kernel", "它能向节点内核装入程序"),
        "",
    ),
    "PERFMON": (Severity.MEDIUM, Text("it can watch the node's programs", "它能监视节点的程序"), ""),
}
_PTRACE = Text("with hostPID it can take over the node's processes", "加上 hostPID，它能接管节点的进程")
_NET = Text("it can redirect the node's traffic", "它能改变节点流量的走向")


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.HIGH,
    references="attack:T1611 cis:5.2.9 kubescape:C-0046",
    zh=ZH,
)
def host_takeover_capability(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container can take over its node with one right over the kernel.

    ## Why it matters
    Linux splits the power of root into some forty rights, called capabilities. A few are enough to leave the
    container: `SYS_ADMIN` mounts the kernel's control folders and makes the node run a program as root, `SYS_MODULE`
    loads code into its kernel, `DAC_READ_SEARCH` reads every file on the node's disk, `SYS_PTRACE` together with
    `hostPID` takes over its processes, and `ALL` is all of them. Ready-made tools do it for whoever breaks in.

    ## What the fix changes
    It takes the capability out of `add`, with any other there that the strictest level of the Pod Security Standards
    (*restricted*) forbids. A program that really uses it logs `operation not permitted`; hardly any web service,
    database or job does. Run it once in a test environment first.

    ## When to allow it
    Node agents that belong to the platform: storage drivers (`SYS_ADMIN`), network plug-ins (`NET_ADMIN`), monitoring
    with eBPF, small programs inside the kernel (`BPF`). Keep them in a namespace of their own, and write down why.

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
          securityContext:
            runAsNonRoot: false
            capabilities:
              add: [SYS_ADMIN]
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
          securityContext:
            runAsNonRoot: false
    ```
    """
    container, pod = subject.container, subject.pod
    if pod.host_users is False:  # in a user namespace these rights end at the pod
        return
    operations = trimmed_add(container)
    for index, name in enumerate(container.security.capabilities_add):
        graded = _grade(pod, name.upper().removeprefix("CAP_"))
        if graded is None:
            continue
        severity, why, references = graded
        if user_of(pod, container):  # added rights do not count for another user until a setuid file is run
            severity = Severity(severity - 1)
        yield Place(subject.workload, container).found(
            Text(f"{{who}} is given {name}: {why.en}", f"{{who}} 获得了 {name}：{why.zh}"),
            (*container.path, "securityContext", "capabilities", "add", index),
            remedy("take-back-capability", subject.meta.ref, *operations),
            *references.split(),
            detail=name,
            severity=severity,
        )


def _grade(pod: PodSpec, name: str) -> tuple[Severity, Text, str] | None:
    if name == "SYS_PTRACE":
        return (Severity.CRITICAL, _PTRACE, "kubehound:CE_SYS_PTRACE") if pod.host_pid else None
    if name == "NET_ADMIN":
        return (Severity.HIGH, _NET, "") if pod.host_network else None
    return TAKEOVER_GRADES.get(name)
