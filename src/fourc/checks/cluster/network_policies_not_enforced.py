from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, once
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.network_plugin import Enforcement, Plugin, network_plugin
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """集群的网络插件不执行网络策略

## 为什么重要
NetworkPolicy 只是一份声明，由网络插件执行。Flannel 单独使用时不执行任何策略；Terway、Cilium 等可以被关闭。
API 服务器照常接受策略，`kubectl get networkpolicy` 也能看到它，但任何 Pod 仍能连接任何 Pod。

## 修复会改变什么
Terway：把 `eni-config` 中的 `disable_network_policy` 改为 `"false"`，重启 terway 后已有的策略立即生效：
没有被放行的连接会被切断，请先用 `fourc netpol list` 查看结果。其他插件没有自动修改：Flannel 需加装
kube-network-policies 或改用 Canal、Calico、Cilium；Amazon VPC CNI 需开启 `enableNetworkPolicy`。

## 何时可以允许
由服务网格或云上安全组完成隔离，并且没有人依赖网络策略的集群。

## 示例
见英文页面的 YAML。"""


@check(
    once,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1210 cis:5.3.1 owasp:K07:2022 owasp:K05:2025",
    zh=ZH,
)
def network_policies_not_enforced(subject: Inventory, _judge: Judge) -> Iterator[Found]:
    """The cluster's network plug-in does not enforce network policies.

    ## Why it matters
    A NetworkPolicy is a wish; the network plug-in has to carry it out. Flannel alone carries out none, and Terway,
    Cilium and others can be told not to. The API server takes the policies all the same and `kubectl get
    networkpolicy` lists them, while every pod still connects to every pod.

    ## What the fix changes
    Terway: `disable_network_policy` in `eni-config` becomes `"false"`. After terway is restarted the policies that are
    there take effect at once and cut what they do not admit: look at `fourc netpol list` first. For other plug-ins
    there is no edit: add kube-network-policies to Flannel, or go over to Canal, Calico or Cilium; with the Amazon VPC
    CNI switch `enableNetworkPolicy` on.

    ## When to allow it
    A cluster in which a service mesh or the cloud's security groups keep pods apart, and nobody counts on policies.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: eni-config
      namespace: kube-system
    data:
      disable_network_policy: "true" # as installed
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: eni-config
      namespace: kube-system
    data:
      disable_network_policy: "false" # as installed
    ```
    """
    plugin = network_plugin(subject)
    if plugin.enforcement is Enforcement.NOT_ENFORCED and plugin.meta is not None:
        trusted = bool(subject.policies or subject.admin_policies)
        severity = Severity.HIGH if trusted else Severity.MEDIUM
        yield Found(plugin.meta, plugin.why, plugin.at, _fix(plugin), severity=severity)


def _fix(plugin: Plugin) -> Remedy | NoFix:
    if plugin.meta is not None and plugin.name == "Terway":
        return remedy("enforce-policies", plugin.meta.ref, Set(plugin.at, "false"))
    why = Text(
        "how {plugin} is told to enforce policies depends on how it was installed; its manual says it",
        "如何让 {plugin} 执行策略取决于安装方式；请参阅其手册",
    )
    return NoFix(why.of(plugin=plugin.name), ChangeKind.RESTRICT_NETWORK)
