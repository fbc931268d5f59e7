"""Whether the cluster's network plug-in enforces network policies, as far as its workloads and settings were read.

Sources: the plug-ins' own manuals. Cilium's `enable-policy`, Terway's `disable_network_policy`, the network-policy
agent of the Amazon VPC CNI and kube-router's `--run-firewall` switch it off (or, for Amazon, on).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import lru_cache

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import DataObject
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Container, Workload
from fourc.model.text import Text
from fourc.patch.yaml.node import Path


class Enforcement(Enum):
    """What is known about policies having any effect."""

    ENFORCED = "enforced"
    NOT_ENFORCED = "not-enforced"
    NOT_SEEN = "not-seen"


class Plugin(Struct, frozen=True):
    """The answer, by which plug-in, and the field that says it (none where it was declared or nothing was seen)."""

    enforcement: Enforcement
    name: str
    why: Text
    meta: Meta | None = None
    at: Path = ()


_ALWAYS: tuple[tuple[str, str], ...] = (
    (r"[/-]calico[/-]node$", "Calico"),
    (r"/antrea(-agent)?(-ubuntu|-ubi)?$", "Antrea"),
    (r"/weave-npc$", "Weave"),
    (r"/azure-npm$", "Azure Network Policy Manager"),
    (r"/kube-network-policies$", "kube-network-policies"),
    (r"/kube-ovn$", "Kube-OVN"),
    (r"/(ose-)?ovn-kube[a-z-]*$", "OVN-Kubernetes"),
    (r"/nsx-ncp[a-z-]*$", "NSX"),
)
"""The images, without tag, that always enforce policies (mirrors write `-` for `/`)."""
_DATA_PLANE_V2 = "GKE Dataplane V2"
_ON = frozenset({"true", "1", "yes", "on"})
_OFF = frozenset({"false", "0", "no", "off"})

ENFORCES = Text("{plugin} enforces network policies", "{plugin} 会执行网络策略")
NEVER = Text(
    "{plugin} alone enforces no network policy: every policy is accepted and has no effect",
    "仅有 {plugin} 不会执行网络策略：策略会被接受，但不起作用",
)
SWITCHED_OFF = Text(
    "{plugin} is told not to enforce network policies ({setting}): every policy is accepted and has no effect",
    "{plugin} 被设置为不执行网络策略（{setting}）：策略会被接受，但不起作用",
)
NOT_SWITCHED_ON = Text(
    "{plugin} enforces network policies only if it is told to, and it is not ({setting})",
    "{plugin} 只有开启后才会执行网络策略，而这里没有开启（{setting}）",
)
NOBODY = Text(
    "no network plug-in was read: whether the policies have any effect is not known",
    "没有读到网络插件：不清楚策略是否生效",
)
DECLARED = Text("the configuration says so", "配置中已声明")


def network_plugin(inventory: Inventory, declared: bool | None = None) -> Plugin:
    """Whether policies have any effect: what was declared counts first, then any plug-in that enforces them."""
    if declared is not None:
        state = Enforcement.ENFORCED if declared else Enforcement.NOT_ENFORCED
        return Plugin(state, "", DECLARED)
    found = [*_workloads(inventory), *_settings(inventory)]
    off = {p.name for p in found if p.enforcement is Enforcement.NOT_ENFORCED and p.at[:1] == ("data",)}
    found = [p for p in found if p.enforcement is Enforcement.NOT_ENFORCED or p.name not in off]
    enforcing = [p for p in found if p.enforcement is Enforcement.ENFORCED]
    nothing = Plugin(Enforcement.NOT_SEEN, "", NOBODY)
    settings_first = sorted(found, key=lambda p: p.at[:1] != ("data",))
    return next(iter((*enforcing, *settings_first)), nothing)


def _workloads(inventory: Inventory) -> Iterator[Plugin]:
    for workload in inventory.workloads:
        for container in workload.pod.containers:
            answer = _of_container(workload, container)
            if answer is not None:
                yield answer


def _of_container(workload: Workload, container: Container) -> Plugin | None:
    known = _known(container.image)
    if known is None:
        return None
    return _answer(workload.meta, known, container.path) if isinstance(known, str) else known(workload, container)


@lru_cache(maxsize=4096)  # many containers have the same image
def _known(image: str) -> "str | Callable[[Workload, Container], Plugin] | None":
    """The plug-in that always enforces policies, or who judges the one that may."""
    folder, slash, last = f"/{image}".partition("@")[0].rpartition("/")
    path = folder + slash + last.partition(":")[0]
    always = next((name for pattern, name in _ALWAYS if re.search(pattern, path)), None)
    return always or next((judge for pattern, judge in _JUDGED if re.search(pattern, path)), None)


def _cilium(workload: Workload, container: Container) -> Plugin:
    return _answer(workload.meta, _DATA_PLANE_V2 if workload.meta.name == "anetd" else "Cilium", container.path)


def _terway(workload: Workload, container: Container) -> Plugin:
    return _answer(workload.meta, "Terway", container.path)


def _flannel(workload: Workload, container: Container) -> Plugin:
    return Plugin(Enforcement.NOT_ENFORCED, "Flannel", NEVER.of(plugin="Flannel"), workload.meta, container.path)


def _kube_router(workload: Workload, container: Container) -> Plugin:
    words = (*container.command, *container.args)
    flag = next((w for w in words if w.startswith("--run-firewall=") and w.partition("=")[2] in _OFF), None)
    if flag is None:
        return _answer(workload.meta, "kube-router", container.path)
    why = SWITCHED_OFF.of(plugin="kube-router", setting=flag)
    return Plugin(Enforcement.NOT_ENFORCED, "kube-router", why, workload.meta, container.path)


def _amazon(workload: Workload, container: Container) -> Plugin:
    flag = "--enable-network-policy="
    if any(w.startswith(flag) and w.partition("=")[2] in _ON for w in (*container.command, *container.args)):
        return _answer(workload.meta, _AMAZON, container.path)
    why = NOT_SWITCHED_ON.of(plugin=_AMAZON, setting="--enable-network-policy")
    return Plugin(Enforcement.NOT_ENFORCED, _AMAZON, why, workload.meta, container.path)


_AMAZON = "Amazon VPC CNI"
_JUDGED: tuple[tuple[str, Callable[[Workload, Container], Plugin]], ...] = (
    (r"[/-]cilium[/-]cilium(-ci)?$", _cilium),
    (r"/terway$", _terway),
    (r"flannel$", _flannel),
    (r"/kube-router$", _kube_router),
    (r"/(amazon-k8s-cni|aws-network-policy-agent)$", _amazon),
)


def _settings(inventory: Inventory) -> Iterator[Plugin]:
    for data in inventory.data:
        if not data.secret:
            judge = _CONFIG_MAPS.get(data.meta.name)
            answer = judge(data) if judge is not None else None
            if answer is not None:
                yield answer


def _terway_settings(data: DataObject) -> Plugin | None:
    """`disable_network_policy`; where it is absent Terway enforces policies."""
    key = "disable_network_policy"
    written = data.values.get(key)
    if written is not None and written.strip().lower() in _ON:
        return _off(data, "Terway", key, written)
    return _answer(data.meta, "Terway", ("data", key) if written is not None else ("data",))


def _cilium_settings(data: DataObject) -> Plugin | None:
    if data.values.get("enable-policy") == "never":
        return _off(data, "Cilium", "enable-policy", "never")
    if data.values.get("enable-k8s-networkpolicy", "").lower() in _OFF:
        return _off(data, "Cilium", "enable-k8s-networkpolicy", data.values["enable-k8s-networkpolicy"])
    return _answer(data.meta, "Cilium", ("data",))


def _amazon_settings(data: DataObject) -> Plugin | None:
    key = "enable-network-policy-controller"
    if data.values.get(key, "").lower() in _ON:
        return _answer(data.meta, _AMAZON, ("data", key))
    return None


_CONFIG_MAPS: Mapping[str, Callable[[DataObject], Plugin | None]] = {
    "eni-config": _terway_settings,
    "cilium-config": _cilium_settings,
    "amazon-vpc-cni": _amazon_settings,
}


def _answer(meta: Meta, name: str, at: Path) -> Plugin:
    return Plugin(Enforcement.ENFORCED, name, ENFORCES.of(plugin=name), meta, at)


def _off(data: DataObject, name: str, key: str, value: str) -> Plugin:
    why = SWITCHED_OFF.of(plugin=name, setting=f"{key}: {value}")
    return Plugin(Enforcement.NOT_ENFORCED, name, why, data.meta, ("data", key))
