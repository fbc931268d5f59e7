import ipaddress
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Service
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """ExternalName Service 指向内部目标

## 为什么重要
`ExternalName` 给别的地址起一个集群内的名字。指向云的元数据地址、节点本机、API 服务器或其他命名空间的 Service
时，Ingress 等代理会替外部访问者连接那里：访问者拿到云账号的凭据，或绕过命名空间之间的隔离。

## 修复会改变什么
没有自动修改：只有你知道调用者真正需要什么。请按以下步骤处理：
1. 用 `kubectl get ingress -A -o yaml | grep <名称>` 查找哪些 Ingress 使用它（使用 Gateway API 时再查
   `httproute`）；也请在程序的配置里搜索这个名称。
2. 没有人使用时，从文件和集群中删除该 Service（`kubectl delete service <名称>`）。
3. 需要其他命名空间的 Service 时，让调用者直接使用它的完整域名，并在 NetworkPolicy 中允许该连接。

## 何时可以允许
迁移期间，由目标命名空间的负责人同意并写明结束日期。

## 示例
见英文页面的 YAML。"""

# Where the providers answer with the credentials of the node.
METADATA_HOSTS = frozenset(
    {
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "169.254.0.23",
        "fd00:ec2::254",
        "metadata.google.internal",
        "metadata",
        "metadata.tencentyun.com",
    }
)


@check(
    lambda inventory: iter(inventory.services),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="owasp:K08:2025 attack:T1552.005",
    zh=ZH,
)
def external_name_service(subject: Service, _judge: Judge) -> Iterator[Found]:
    """An ExternalName Service points to something internal.

    ## Why it matters
    `ExternalName` gives another address a name inside the cluster. When that is the cloud's metadata address, the
    node itself, the API server or a Service of another namespace, a proxy such as the Ingress controller connects
    there for a stranger: they read the cloud account's credentials, or pass the wall between namespaces.

    ## What the fix changes
    There is no edit: only you know what the callers really need. Do this:
    1. `kubectl get ingress -A -o yaml | grep NAME` shows which Ingress uses it (with the Gateway API also look at
       `httproute`); search your programs' settings for the name too.
    2. If nobody does, delete the Service from the file and from the cluster (`kubectl delete service NAME`).
    3. If a Service of another namespace is meant, let the callers use its full name, and allow that connection in a
       NetworkPolicy.

    ## When to allow it
    During a migration, when the owner of the target namespace agrees, with a date on which it ends.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: proxy
    spec:
      type: ExternalName
      externalName: 169.254.169.254
    ```
    """
    target = subject.external_name.lower().rstrip(".")
    judged = _danger(target, subject.meta.namespace or "default") if subject.type == "ExternalName" else None
    if judged is None:
        return
    severity, what = judged
    why = Text(
        "who calls {name} is not seen; if nobody does, delete it, else let the callers use the full name of what they "
        "need and allow that in a NetworkPolicy",
        "看不到谁在调用 {name}；没有人用就删除它，否则让调用者使用目标的完整域名，并在 NetworkPolicy 中允许",
    )
    yield Found(
        subject.meta,
        Text("{name} is another name for {target}: {what}", "{name} 是 {target} 的别名：{what}").of(
            name=subject.meta.name, target=target, what=what
        ),
        ("spec", "externalName"),
        NoFix(why.of(name=subject.meta.name), ChangeKind.CLOSE_EXPOSURE),
        severity=severity,
    )


def _danger(target: str, namespace: str) -> tuple[Severity, Text] | None:
    if target in METADATA_HOSTS:
        return Severity.CRITICAL, Text("the cloud hands out the node's credentials there", "云平台在那里发放节点的凭据")
    if target == "localhost" or _inside(target):
        return Severity.HIGH, Text("an address inside your own network", "你自己网络内部的地址")
    parts = target.split(".")
    if len(parts) < 3 or parts[2] != "svc":
        return None
    if parts[:2] == ["kubernetes", "default"]:
        return Severity.HIGH, Text("the cluster's API server", "集群的 API 服务器")
    if parts[1] != namespace:
        return Severity.MEDIUM, Text("a Service of another namespace", "另一个命名空间的 Service")
    return None


def _inside(target: str) -> bool:
    try:
        return not ipaddress.ip_address(target).is_global
    except ValueError:
        return False
