from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.behind import Behind, behind
from fourc.fix.recipes import DECISION, TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Service
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove, Set

ZH = """Service 在每个节点上开放一个端口

## 为什么重要
`type: NodePort` 会在集群的每个节点上打开一个端口（30000-32767），绕过 Ingress 及其登录、加密和访问限制。只要有
一个节点带公网地址，或防火墙放开了该端口范围，全世界都能连接。

## 修复会改变什么
把类型改为 `ClusterIP`，并删除 `nodePort` 和 `externalTrafficPolicy`。集群内部的调用不变；用“节点地址:端口”访问
的人或外部负载均衡会被切断。如果已有 Ingress 指向它，通常没有人需要该端口。先用 `kubectl get svc` 记下端口，再问
一问谁在使用。

## 何时可以允许
自建机房中，集群外的负载均衡把流量转发到节点端口；或云厂商的 Ingress 需要它（GKE、AWS 实例模式、使用 Flannel 的
阿里云 ALB、腾讯云、华为云）。此时请用防火墙限制谁能到达节点。

## 示例
见英文页面的 YAML。"""

# Classes whose load balancers may reach pods through node ports only: ALB of AWS in instance mode and of Alibaba with
# Flannel, Tencent's and Huawei's own.
_THROUGH_NODES = frozenset({"alb", "cce", "qcloud"})
_SEVERITY = {Behind.STORE: Severity.HIGH, Behind.FRONT_DOOR: Severity.LOW}


@check(
    lambda inventory: iter(inventory.services),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1133 kube-linter:exposed-services kubescape:C-0256",
    zh=ZH,
)
def node_port_service(subject: Service, judge: Judge) -> Iterator[Found]:
    """A Service opens a port on every node.

    ## Why it matters
    `type: NodePort` opens a port (30000-32767) on every node of the cluster, past the Ingress and its sign-in,
    encryption and limits. One node with a public address, or one firewall that lets the range through, and the whole
    world can connect.

    ## What the fix changes
    It sets the type to `ClusterIP` and takes `nodePort` and `externalTrafficPolicy` away. Calls inside the cluster
    stay as they are; whoever uses a node's address and the port is cut off, and so is a load balancer outside the
    cluster that forwards to it. Where an Ingress leads to the Service, usually nobody needs the port. Note it with
    `kubectl get svc` first, and ask around.

    ## When to allow it
    In your own data centre, where a load balancer outside the cluster forwards to node ports, or where the provider's
    Ingress needs one (GKE, AWS in instance mode, Alibaba's ALB with Flannel, Tencent, Huawei). Let a firewall decide
    who reaches the nodes.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: cart
    spec:
      type: NodePort
      selector:
        app: cart
      ports:
        - port: 80
          targetPort: 8080
          nodePort: 30080 # as on the old servers
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: cart
    spec:
      type: ClusterIP
      selector:
        app: cart
      ports:
        - port: 80
          targetPort: 8080
    ```
    """
    if subject.type != "NodePort":
        return
    ports = ", ".join(str(p.node_port) for p in subject.ports if p.node_port)
    message = (
        Text("{name} opens port {ports} on every node", "{name} 在每个节点上开放端口 {ports}").of(
            name=subject.meta.name, ports=ports
        )
        if ports
        else Text("{name} opens a port on every node", "{name} 在每个节点上开放一个端口").of(name=subject.meta.name)
    )
    severity = _SEVERITY.get(behind(judge.inventory.selected_by(subject)))
    yield Found(subject.meta, message, ("spec", "type"), _fix(subject, judge.inventory), severity=severity)


def _fix(service: Service, inventory: Inventory) -> Remedy | NoFix:
    here = (service.meta.namespace or "default", service.meta.name)
    before = inventory.ingresses_by_service.get(here, ())
    for ingress in before:
        name = ingress.class_name
        alb = not name and any(k.startswith("alb.ingress.kubernetes.io/") for k in ingress.meta.annotations)
        if alb or name in _THROUGH_NODES or name.startswith("gce"):
            why = Text(
                "the Ingress {name} may need the node port to reach it; let the nodes' firewall admit only the "
                "provider's load balancers",
                "Ingress {name} 可能要靠这个节点端口访问它；请让节点的防火墙只放行云厂商的负载均衡",
            )
            return NoFix(why.of(name=ingress.meta.name), ChangeKind.CLOSE_EXPOSURE)
    return remedy(
        "close-node-port",
        service.meta.ref,
        Set(("spec", "type"), "ClusterIP"),
        *(Remove(("spec", "ports", p.index, "nodePort")) for p in service.ports),
        Remove(("spec", "externalTrafficPolicy")),
        fix_class=TRY_FIRST if before else DECISION,
    )
