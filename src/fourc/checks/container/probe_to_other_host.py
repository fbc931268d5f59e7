from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """健康检查指向别的主机

## 为什么重要
探针和启动、停止钩子由节点上的 kubelet 发出请求。写上 `host`，就等于让节点代替你访问任意地址，
包括云厂商发放节点临时密钥的元数据地址，和只对节点开放的服务。此外，它检查的不是自己：别的主机一停，
这个 Pod 就可能被重启。从 1.34 起 Pod 安全标准禁止这样做。

## 修复会改变什么
删除 `host`，请求改发给 Pod 自己的地址。只监听 `127.0.0.1` 的程序会被判为不健康：Pod 变为 NotReady 或反复重启，
事件里出现 `connection refused`。请让它监听所有地址，或改用在容器内执行命令的检查（`exec`）。

## 何时可以允许
使用节点网络（`hostNetwork: true`）、只在一个本机地址上监听的节点代理，例如 node-local-dns。
要检查别的服务是否可用，请放在程序自己的就绪检查里。

## 示例
见英文页面的 YAML。"""


# On the node's network these are the pod itself; elsewhere they are the node, since the kubelet sends the request.
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:hostProbesAndHostLifecycle",
    zh=ZH,
)
def probe_to_other_host(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A health check is sent to another host.

    ## Why it matters
    The node's agent (kubelet) sends the requests of probes and of the hooks at start and stop. With `host` it visits
    any address for you, also the one at which the cloud hands out the node's keys (the metadata service), and services
    that are open to nodes only. And the check looks at something else: when that host fails, this pod may be restarted.
    The Pod Security Standards forbid it from 1.34 on.

    ## What the fix changes
    It removes `host`, so that the request goes to the pod's own address. A program that listens on `127.0.0.1` only
    counts as ill then: the pod is not ready or restarts again and again, with `connection refused` in its events. Let
    it listen on every address, or use a check that runs a command in the container (`exec`).

    ## When to allow it
    Node agents on the node's network (`hostNetwork: true`) that listen on one local address only, such as
    node-local-dns. Whether another service can be reached belongs into the program's own readiness check.

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
          livenessProbe:
            httpGet:
              host: 10.0.0.7
              path: /healthz
              port: 8080
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
          livenessProbe:
            httpGet:
              path: /healthz
              port: 8080
    ```
    """
    pod = subject.pod
    if judge.version.minor < 34:
        return
    for probe in subject.container.probes:
        if not probe.host or probe.action not in ("httpGet", "tcpSocket"):
            continue
        handler = probe.field if probe.field[-1] == probe.action else (*probe.field, probe.action)
        at = (*subject.container.path, *handler, "host")
        name = probe.field[1] if probe.field[0] == "lifecycle" else probe.field[0]
        yield Place(subject.workload, subject.container).found(
            Text(
                f"{name} of {{who}} makes the node send requests to {probe.host}",
                f"{{who}} 的 {name} 让节点向 {probe.host} 发送请求",
            ),
            at,
            remedy("probe-own-pod", subject.meta.ref, Remove(at)),
            detail=".".join(handler),
            severity=Severity.LOW if pod.host_network and probe.host in _LOOPBACK else None,
        )
