"""What each kind of change is called, and the sentence that says why it is worth the time."""

from collections.abc import Mapping

from fourc.model.remedy import ChangeKind
from fourc.model.subject import Ref
from fourc.model.text import Text

_TITLES: Mapping[ChangeKind, Text] = {
    ChangeKind.ISOLATE_FROM_HOST: Text("Take the node away from {name}", "不再让 {name} 接触节点"),
    ChangeKind.HARDEN: Text(
        "Run {name} without root and without extra rights", "让 {name} 不以 root 运行、不带多余权限"
    ),
    ChangeKind.DROP_TOKEN: Text("Take the unused API token out of {name}", "去掉 {name} 中用不到的 API 令牌"),
    ChangeKind.NARROW_PERMISSIONS: Text("Give {name} only the permissions that it uses", "只给 {name} 真正需要的权限"),
    ChangeKind.CLOSE_EXPOSURE: Text("Close {name} to the outside", "关闭 {name} 对外的入口"),
    ChangeKind.RESTRICT_NETWORK: Text(
        "Close {name} to every pod but its clients", "只允许客户端访问 {name}，拒绝其他 Pod"
    ),
    ChangeKind.ENCRYPT: Text("Encrypt the traffic to {name}", "加密到 {name} 的流量"),
    ChangeKind.SIZE_RESOURCES: Text("Say how much memory and CPU {name} may use", "写明 {name} 可用的内存和 CPU"),
    ChangeKind.KEEP_AVAILABLE: Text("Keep {name} available through restarts", "让 {name} 在重启和升级时保持可用"),
    ChangeKind.MOVE_SECRETS: Text("Move the passwords of {name} out of the files", "把 {name} 的密码移出文件"),
    ChangeKind.GUARD_ADMISSION: Text("Let {name} warn about unsafe pods", "让 {name} 对不安全的 Pod 发出警告"),
    ChangeKind.MEET_BASELINE: Text("Let {name} meet the level baseline", "让 {name} 满足 baseline 级别"),
    ChangeKind.MEET_RESTRICTED: Text("Let {name} meet the level restricted", "让 {name} 满足 restricted 级别"),
    ChangeKind.MOVE_AGENT: Text("Give {name} a namespace of its own", "给 {name} 单独的命名空间"),
    ChangeKind.ENFORCE_ADMISSION: Text("Let {name} refuse unsafe pods", "让 {name} 拒绝不安全的 Pod"),
    ChangeKind.PIN_IMAGE: Text("Pin the image of {name}", "固定 {name} 的镜像版本"),
    ChangeKind.UPGRADE: Text("Upgrade {name}", "升级 {name}"),
    ChangeKind.UPDATE_NODE: Text("Install the security updates of {name}", "安装 {name} 的安全更新"),
    ChangeKind.REBOOT: Text("Reboot {name}", "重启 {name}"),
}

_STORIES: Mapping[ChangeKind, Text] = {
    ChangeKind.ISOLATE_FROM_HOST: Text(
        "Whoever breaks into {name} owns the node and everything that runs on it.",
        "攻破 {name} 的人就控制了节点和节点上的一切。",
    ),
    ChangeKind.HARDEN: Text(
        "A hole in {name} or in the kernel then gives the attacker much less to work with.",
        "即使 {name} 或内核有漏洞，攻击者能利用的也少得多。",
    ),
    ChangeKind.DROP_TOKEN: Text(
        "Whoever breaks into {name} can otherwise talk to the cluster in its name.",
        "否则攻破 {name} 的人可以用它的身份访问集群。",
    ),
    ChangeKind.NARROW_PERMISSIONS: Text(
        "Whoever holds {name} can otherwise take over far more than it needs.",
        "否则得到 {name} 的人能控制的远超它所需要的。",
    ),
    ChangeKind.CLOSE_EXPOSURE: Text(
        "Everyone who reaches its address can try to break into it.", "任何能访问该地址的人都可以尝试攻破它。"
    ),
    ChangeKind.RESTRICT_NETWORK: Text(
        "Any broken-in pod in the cluster can otherwise connect to your databases.",
        "否则集群里任何被攻破的 Pod 都能连接你的数据库。",
    ),
    ChangeKind.ENCRYPT: Text(
        "Passwords and sessions otherwise cross the network readable.", "否则密码和会话会明文经过网络。"
    ),
    ChangeKind.SIZE_RESOURCES: Text(
        "One {name} out of control can otherwise take its whole node down.", "否则失控的 {name} 可能拖垮整个节点。"
    ),
    ChangeKind.KEEP_AVAILABLE: Text(
        "A node drain or a slow start otherwise stops {name} for its users.",
        "否则节点维护或启动缓慢会让 {name} 中断服务。",
    ),
    ChangeKind.MOVE_SECRETS: Text(
        "Everyone who can read the repository can otherwise log in.", "否则能读仓库的人都能登录。"
    ),
    ChangeKind.GUARD_ADMISSION: Text(
        "New unsafe pods are then seen on the day they arrive.", "这样新的不安全 Pod 在出现当天就会被看到。"
    ),
    ChangeKind.MEET_BASELINE: Text(
        "Until then the namespace cannot refuse pods that take over a node.",
        "在此之前，该命名空间无法拒绝能接管节点的 Pod。",
    ),
    ChangeKind.MEET_RESTRICTED: Text(
        "Until then the namespace cannot refuse pods that run as root.",
        "在此之前，该命名空间无法拒绝以 root 运行的 Pod。",
    ),
    ChangeKind.MOVE_AGENT: Text(
        "It needs the node; as long as it stays, its neighbours may ask for the node as well.",
        "它需要节点权限；只要它留在这里，同一命名空间的其他 Pod 也能要求节点权限。",
    ),
    ChangeKind.ENFORCE_ADMISSION: Text(
        "What was mended comes back with the next careless manifest otherwise; then the API server refuses it.",
        "否则修好的问题会随下一份疏忽的清单重新出现；此后 API 服务器会拒绝它。",
    ),
    ChangeKind.PIN_IMAGE: Text(
        "What runs is otherwise decided by whoever pushes the tag next.", "否则运行什么取决于下一个推送该标签的人。"
    ),
    ChangeKind.UPGRADE: Text(
        "Its holes are known to everyone; attackers try them one after the other.",
        "它的漏洞人人皆知，攻击者会逐个尝试。",
    ),
    ChangeKind.UPDATE_NODE: Text(
        "Every pod on the node shares its kernel and what runs beside it.",
        "节点上的所有 Pod 共享它的内核和旁边运行的程序。",
    ),
    ChangeKind.REBOOT: Text(
        "Until then the old kernel runs, whatever is installed.", "在此之前，无论安装了什么，运行的仍是旧内核。"
    ),
}


def title_of(kind: ChangeKind, owner: Ref, rules: set[str]) -> Text:
    """The change's title, in the imperative."""
    if kind is ChangeKind.ISOLATE_FROM_HOST and rules and rules <= {"sensitive-host-path", "host-path-volume"}:
        return Text("Take the host's disk away from {name}", "不再让 {name} 访问主机磁盘").of(name=owner.name)
    if kind is ChangeKind.HARDEN and rules and not any("root" in rule for rule in rules):
        return Text("Run {name} without extra rights", "让 {name} 不带多余权限运行").of(name=owner.name)
    if kind is ChangeKind.MOVE_SECRETS and owner.kind == "File":
        return Text("Replace the secrets that stand in {name}", "更换写在 {name} 中的密钥").of(name=owner.name)
    if kind is ChangeKind.RESTRICT_NETWORK:
        return Text("Close internal services to all but their clients", "内部服务只对其客户端开放")
    return _TITLES[kind].of(name=owner.name)


def story_of(kind: ChangeKind, owner: Ref, _rules: set[str]) -> Text:
    """Why it matters, in one sentence."""
    return _STORIES[kind].of(name=owner.name)
