from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Service
from fourc.model.load_balancers import only_private
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """Service 占用外部地址（externalIPs）

## 为什么重要
写入 `externalIPs` 后，每个节点都会把发往这些地址的流量转给该 Service，而集群并不检查地址是否属于你。能创建
Service 的人因此可以截获其他程序发往任意地址的流量（CVE-2020-8554）。官方没有修复；该字段自 1.36 起弃用，计划从
1.40 起默认关闭。

## 修复会改变什么
删除 `externalIPs`。集群内部的调用不变；通过这些地址访问的人会被切断（连接超时）。请改用 `type: LoadBalancer` 或
Ingress。

## 何时可以允许
自建机房中由管理员分配、路由到节点的地址。请用准入策略规定允许哪些地址；没有人需要该字段时，可以开启 API 服务器
自带的准入插件 `DenyServiceExternalIPs`，一律拒绝。

## 示例
见英文页面的 YAML。"""


@check(
    lambda inventory: iter(inventory.services),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="cve:CVE-2020-8554 attack:T1557 trivy:KSV-0108",
    zh=ZH,
)
def external_ips(subject: Service, _judge: Judge) -> Iterator[Found]:
    """A Service claims external addresses (externalIPs).

    ## Why it matters
    With `externalIPs` every node hands traffic for these addresses to the Service, and the cluster does not check
    that they are yours. Whoever may create Services can thus catch what other programs send to any address
    (CVE-2020-8554). Kubernetes has no fix for it; the field is deprecated since 1.36 and is to be off by default from
    1.40 on.

    ## What the fix changes
    It removes `externalIPs`. Calls inside the cluster stay as they are; whoever uses these addresses is cut off and
    sees time-outs. Use `type: LoadBalancer` or an Ingress instead.

    ## When to allow it
    In your own data centre, for addresses that an administrator gave and routes to the nodes. Let an admission policy
    say which addresses are allowed; where nobody needs the field, the API server's own plug-in
    `DenyServiceExternalIPs` refuses it to everyone.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: mail
    spec:
      selector:
        app: mail
      ports:
        - port: 25
      externalIPs:
        - 198.51.100.7 # the old mail server
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: mail
    spec:
      selector:
        app: mail
      ports:
        - port: 25
    ```
    """
    if not subject.external_ips or subject.type == "ExternalName":
        return
    shown = ", ".join(subject.external_ips)
    message = Text(
        "{name} catches all traffic of the cluster's nodes for {shown}", "{name} 截取集群节点上发往 {shown} 的所有流量"
    )
    yield Found(
        subject.meta,
        message.of(name=subject.meta.name, shown=shown),
        ("spec", "externalIPs"),
        remedy("withdraw-external-ips", subject.meta.ref, Remove(("spec", "externalIPs"))),
        severity=Severity.MEDIUM if only_private(subject.external_ips) else Severity.HIGH,
    )
