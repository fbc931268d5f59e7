from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器占用节点的端口

## 为什么重要
`hostPort` 在节点自己的地址上打开一个端口，谁能访问节点就能访问它，往往绕过网络策略和 Ingress 的登录保护。
同一节点上也不能再运行第二个同样的 Pod，升级时可能因此卡住。使用节点网络（`hostNetwork: true`）时，
Kubernetes 会把每个 `containerPort` 都当作 `hostPort`。

## 修复会改变什么
删除 `hostPort`（以及 `hostIP`）；使用节点网络的 Pod 还会删除 `hostNetwork`。通过“节点地址:端口”访问的调用者会失败，
须改用 Service；通过 Service 访问的不受影响。请先查清谁在用这个端口。

## 何时可以允许
没有负载均衡器的集群里的 Ingress 控制器，以及必须在节点地址上提供服务的节点代理。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:hostPorts cis:5.2.13 trivy:KSV-0024 checkov:CKV_K8S_26 kubescape:C-0044",
    zh=ZH,
)
def host_port(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container takes a port of the node.

    ## Why it matters
    `hostPort` opens a port on the node's own address. Whoever reaches the node reaches it, often past network
    policies and past the login of the Ingress. No second such pod fits on the node, so an update can hang. In a pod
    on the node's network (`hostNetwork: true`) Kubernetes makes a `hostPort` of every `containerPort`.

    ## What the fix changes
    It removes `hostPort` (and `hostIP`), in a pod on the node's network `hostNetwork` too. Callers that use the
    node's address and this port get `connection refused` until they use a Service; callers of a Service notice
    nothing. Find out first who uses the port.

    ## When to allow it
    The Ingress controller of a cluster without load balancer, and node agents that must answer on the node's address.

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
              hostPort: 80
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
    ```
    """
    pod, place = subject.pod, Place(subject.workload, subject.container)
    for port in subject.container.ports:
        # API default: on the node's network an unset hostPort is the containerPort (core/v1 defaults.go).
        taken = port.host_port or (port.container_port if pod.host_network else 0)
        if not taken:
            continue
        at = (*subject.container.path, "ports", port.index, "hostPort")
        operations = [Remove(at)] if port.host_port else []
        if port.host_ip:
            operations.append(Remove((*at[:-1], "hostIP")))
        if pod.host_network:
            operations.append(Remove((*pod.path, "hostNetwork")))
        yield place.found(
            Text(
                f"{{who}} takes port {taken} of the node: who reaches the node reaches it",
                f"{{who}} 占用节点的端口 {taken}：能访问节点的人就能访问它",
            ),
            at,
            remedy("close-host-port", subject.meta.ref, *operations),
            detail=f"{port.host_ip}:{taken}:{port.container_port}/{port.protocol}",
        )
