from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """Pod 与节点共用网络、进程或内存

## 为什么重要
通常每个 Pod 只看得到自己的网络、进程和共享内存。这三个开关会拆掉隔板：`hostNetwork` 让 Pod 使用节点的网络地址，
能监听节点流量，访问只在节点本机开放的服务，还能绕过网络策略；`hostPID` 让它看到节点上的所有进程，
以 root 运行时还能终止它们、读取环境变量里的密码；`hostIPC` 让它读写其他程序的共享内存。

## 修复会改变什么
删除该开关。别人通过节点地址访问的程序会无法访问（请改用 Service）；监视节点的程序（监控、日志、
网络插件）会看不到节点。普通的 Web 服务、数据库和任务不会察觉。请先在测试环境运行一次。

## 何时可以允许
属于平台的节点代理：网络插件、kube-proxy、节点监控。请放在单独的命名空间里。

## 示例
见英文页面的 YAML。"""

_SHARED = {
    "hostNetwork": (
        Text(
            "{who} uses the node's network: it can listen to the node's traffic, and network policies do not hold it",
            "{who} 使用节点的网络：它能监听节点流量，网络策略也管不住它",
        ),
        "trivy:KSV-0009 cis:5.2.5 checkov:CKV_K8S_19 kube-linter:host-network kubescape:C-0041",
    ),
    "hostPID": (
        Text(
            "{who} sees every process of the node and, as root, can stop it or read its secrets",
            "{who} 能看到节点上的所有进程，以 root 运行时可以终止它们或读取其中的密码",
        ),
        "trivy:KSV-0010 cis:5.2.3 checkov:CKV_K8S_17 kube-linter:host-pid kubescape:C-0038 kubehound:CE_NSENTER",
    ),
    "hostIPC": (
        Text(
            "{who} reads and writes the shared memory of the node's programs",
            "{who} 能读写节点上其他程序的共享内存",
        ),
        "trivy:KSV-0008 cis:5.2.4 checkov:CKV_K8S_18 kube-linter:host-ipc kubescape:C-0038",
    ),
}


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.HIGH,
    references="pss:hostNamespaces attack:T1611",
    zh=ZH,
)
def host_namespace(workload: Workload, _judge: Judge) -> Iterator[Found]:
    """A pod shares network, processes or memory with its node.

    ## Why it matters
    A pod normally sees only its own network, processes and shared memory. Three switches take that wall down.
    `hostNetwork` gives it the node's network address: it can listen to the node's traffic, reach services that are
    open on the node only, and network policies do not hold it. With `hostPID` it sees every process of the node and,
    as root, stops them and reads the passwords in their variables. With `hostIPC` (IPC: inter-process communication)
    it reads and writes the shared memory of other programs.

    ## What the fix changes
    It removes the switch. A program that others reach by the node's address can no longer be reached (use a Service);
    one that watches the node (monitoring, logs, network plug-in) no longer sees it. An ordinary web service, database
    or job does not notice. Run it once in a test environment first.

    ## When to allow it
    Node agents that belong to the platform: network plug-ins, kube-proxy, node monitoring. Keep them in a namespace
    of their own.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      hostPID: true
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
    ```
    """
    pod = workload.pod
    shared = {"hostNetwork": pod.host_network, "hostPID": pod.host_pid, "hostIPC": pod.host_ipc}
    for field in (f for f, on in shared.items() if on):
        message, references = _SHARED[field]
        at = (*pod.path, field)
        fix = remedy("leave-host-namespace", workload.meta.ref, Remove(at))
        yield Place(workload, None).found(message, at, fix, *references.split(), detail=field)
