"""What the checks of the Pod Security Standards share: where a control looks, from which version on, what mends it.

Rules: k8s.io/pod-security-admission/policy at 1.37; every control visits regular, init and ephemeral containers.
The `cis:` numbers of these checks are those of the CIS Kubernetes Benchmark 1.11; 1.12 numbers 5.2.9 and later anew.
"""

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.checks.api import Found, Judge
from fourc.checks.empty_folders import empty_folder
from fourc.checks.host_paths import danger_of, normal
from fourc.fix.images import ImageFacts, known_image
from fourc.fix.recipes import DECISION, SAFE, TRY_FIRST, remedy
from fourc.model.finding import Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Container, PodSpec, Security, Volume, Workload
from fourc.model.remedy import ChangeKind, FixClass, NoFix, Remedy
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation, Remove, Set

NET_BIND_SERVICE = "NET_BIND_SERVICE"
DEFAULT_CAPABILITIES = frozenset(
    (
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        NET_BIND_SERVICE,
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    )
)
GUESSED_USER = 10001

_ROOT_COMMAND = re.compile(r"\b(chown|chroot|sysctl|mount|iptables|modprobe|setcap|apt-get|apk|yum)\b")
_KERNEL_COMMAND = re.compile(
    r"(?:^|[\s;&|/(`])(?:sysctl|mount|umount|modprobe|insmod|ip6?tables|ipvsadm|nft|nsenter|losetup|swapoff)(?=[\s;&|)]|$)"
)
_FREE_KINDS = frozenset(("base", "runtime", "tool", "agent", "ci"))

_COMMAND_NEEDS_ROOT = Text(
    "its command changes owners, kernel settings or packages, which only root may: let `fsGroup` set the volume's "
    "group, the node's administrator set kernel values, the image bring its packages, and delete this container",
    "它的命令要修改文件属主、内核参数或软件包，只有 root 能做：请用 `fsGroup` 设置卷的属组，由节点管理员设置内核参数，"
    "把软件包做进镜像，然后删除这个容器",
)
_COMMAND_NEEDS_KERNEL = Text(
    "its command changes kernel settings, mounts or firewall rules of the node and fails without these rights: let the "
    "nodes' administrator set the value there (for `vm.max_map_count` a line in /etc/sysctl.d), then delete this container",
    "它的命令要修改节点的内核参数、挂载或防火墙规则，没有这些权限就会失败：请由管理员在节点上设置"
    "（例如把 `vm.max_map_count` 写入 /etc/sysctl.d），然后删除这个容器",
)
_IMAGE_NEEDS_ROOT = Text(
    "the image {image} works only as root: change to a build of it that does not need root (for nginx: "
    "nginxinc/nginx-unprivileged, which listens on 8080), then scan again",
    "镜像 {image} 只能以 root 运行：请换成不需要 root 的版本"
    "（nginx 可用监听 8080 的 nginxinc/nginx-unprivileged），然后重新扫描",
)
_OF_THE_NODE = tuple(
    f"/{top}/"
    for top in (
        *("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr"),
        *("var/lib", "var/log", "var/run", "var/spool", "opt/cni"),
    )
)
_KEEP_PATH = Text(
    "{path} belongs to the node itself, so no other volume can stand in for it: if this is a node agent of the "
    "platform, allow it there; otherwise delete the volume and its `volumeMounts` and give the program what it needs "
    "as a ConfigMap, a Secret or an API permission",
    "{path} 属于节点本身，没有别的卷可以代替：如果这是平台的节点代理，请在那里允许它；"
    "否则请删除该卷及其 `volumeMounts`，用 ConfigMap、Secret 或 API 权限提供程序所需的内容",
)
_CLOCK = Text(
    "no other volume can stand in for {path}: set the variable `TZ` (for example `Asia/Shanghai`) in the container and "
    "delete the volume and its `volumeMounts`; an image without the package `tzdata` needs that first",
    "没有别的卷可以代替 {path}：请在容器里设置环境变量 `TZ`（例如 `Asia/Shanghai`），再删除该卷及其 `volumeMounts`；"
    "镜像里没有 `tzdata` 软件包时要先装上",
)
_PER_NODE = Text(
    "each node has its own {path}, and a claim would give all pods of {workload} one folder or none: if the data may "
    "be lost with the pod use `emptyDir: {{}}`, if not, a StatefulSet with `volumeClaimTemplates`",
    "每个节点各有一份 {path}，而声明会让 {workload} 的所有 Pod 共用一个目录："
    "数据可随 Pod 丢失就用 `emptyDir: {{}}`，否则请用带 `volumeClaimTemplates` 的 StatefulSet",
)
_COPY = Text(
    "make the claim `{claim}` and copy the data from {path} of the node to it first; until it exists the new pod waits",
    "请先建好声明 `{claim}` 并把节点上 {path} 的数据复制过去；在它存在之前新 Pod 会一直等待",
)
_UNKNOWN_IMAGE = Text(
    "if the image starts as root or names its user, the new pod stays in CreateContainerConfigError and says so in its "
    "events: then set runAsUser to the number of its user",
    "如果镜像以 root 启动，或者它的用户写成名字，新 Pod 会停在 CreateContainerConfigError 并在事件中说明："
    "请把 runAsUser 设为该用户的数字编号",
)
_GUESSED = Text(
    "the image starts as root and {user} is a guess: choose a number that may read its files and write its folders",
    "镜像默认以 root 启动，{user} 是猜测值：请选择能读取其文件、写入其目录的用户编号",
)


class Place(Struct, frozen=True):
    """One security context: the pod's own (`container` is None) or a container's."""

    workload: Workload
    container: Container | None

    @property
    def pod(self) -> PodSpec:
        """The pod template."""
        return self.workload.pod

    @property
    def security(self) -> Security:
        """The security context, possibly empty."""
        return self.container.security if self.container else self.pod.security

    @property
    def path(self) -> Path:
        """Where the security context stands or would stand."""
        return (*(self.container.path if self.container else self.pod.path), "securityContext")

    def found(
        self,
        message: Text,
        at: Path,
        fix: Remedy | NoFix,
        *references: str,
        detail: str = "",
        severity: Severity | None = None,
    ) -> Found:
        """A finding at the path `at`; `{who}` in the message becomes the container's or the pod's name."""
        name = self.container.name if self.container else None
        workload = self.workload.meta.name
        who = Text(f"{name} in {workload}", f"{workload} 的容器 {name}") if name is not None else _whole(workload)
        return Found(
            self.workload.meta,
            Text(message.en.replace("{who}", who.en), message.zh.replace("{who}", who.zh)),
            at,
            fix,
            name,
            detail,
            severity,
            references=references,
        )


def _whole(workload: str) -> Text:
    return Text(f"the pod of {workload}", f"{workload} 的 Pod")


def each_place(inventory: Inventory) -> Iterator[Place]:
    """The pod's own security context and those of its containers, for every workload."""
    for workload in inventory.workloads:
        yield Place(workload, None)
        for container in workload.pod.containers:
            yield Place(workload, container)


def windows_exempt(pod: PodSpec, judge: Judge) -> bool:
    """Whether Linux-only controls of *restricted* leave the pod alone (`os.name: windows`, since 1.25)."""
    return judge.version.minor >= 25 and pod.runs_windows


def user_namespace_exempt(pod: PodSpec, judge: Judge) -> bool:
    """Whether the standard lets the pod's own user namespace pass for safety (`hostUsers: false`, since 1.35)."""
    return judge.version.minor >= 35 and pod.host_users is False


def restricts_capabilities(pod: PodSpec, judge: Judge) -> bool:
    """Whether `capabilities_restricted` looks at the pod."""
    return judge.version.minor >= 22 and not windows_exempt(pod, judge)


def certain_image(container: Container) -> ImageFacts | None:
    """What is known for sure about the container's image."""
    facts = known_image(container.image)
    return facts if facts is not None and facts.certain else None


def runs_as_shipped(container: Container) -> bool:
    """Whether the container runs the program of a well-known image, not one that somebody put into it."""
    facts = certain_image(container)
    return facts is not None and not container.command and facts.kind not in _FREE_KINDS


def user_of(pod: PodSpec, container: Container) -> int | None:
    """The `runAsUser` that counts for the container."""
    own = container.security.run_as_user
    return pod.security.run_as_user if own is None else own


class Mending(Struct, frozen=True):
    """Operations with how far they can be trusted and what to look at first."""

    operations: tuple[Operation, ...]
    fix_class: FixClass
    caution: Text | None = None


def without_root(workload: Workload, container: Container) -> Mending | NoFix:
    """What makes the container start under a user that is not root; nothing where it does already."""
    pod, facts = workload.pod, known_image(container.image)
    uid = user_of(pod, container)
    if uid:
        return Mending((), SAFE)
    barred = _needs_root(container, facts)
    if barred is not None:
        return barred
    context = (*container.path, "securityContext")
    if facts is not None and facts.certain and facts.user:
        return _as_known_user(pod, container, facts, facts.user)
    if facts is not None and facts.default_user in ("root", "0"):
        return Mending(_start_as(context, GUESSED_USER, None), DECISION, _GUESSED.of(user=GUESSED_USER))
    zero: Path = context if container.security.run_as_user == 0 else (*pod.path, "securityContext")
    return Mending((Remove((*zero, "runAsUser")),) if uid == 0 else (), TRY_FIRST, _UNKNOWN_IMAGE)


def _as_known_user(pod: PodSpec, container: Container, facts: ImageFacts, user: int) -> Mending:
    shipped = facts.runs_as == "non-root" and user_of(pod, container) is None
    operations = _start_as((*container.path, "securityContext"), user, _group(pod, container, facts))
    if shipped:
        return Mending(operations, SAFE)
    caution = Text(facts.caveat_en, facts.caveat_zh) if facts.caveat_en and facts.caveat_zh else None
    return Mending(operations, TRY_FIRST, caution)


def _start_as(context: Path, user: int, group: int | None) -> tuple[Operation, ...]:
    start = Set((*context, "runAsUser"), user)
    return (start,) if group is None else (start, Set((*context, "runAsGroup"), group))


def _group(pod: PodSpec, container: Container, facts: ImageFacts) -> int | None:
    written = container.security.run_as_group is not None or pod.security.run_as_group is not None
    return None if written else facts.group


def _needs_root(container: Container, facts: ImageFacts | None) -> NoFix | None:
    if _ROOT_COMMAND.search(" ".join((*container.command, *container.args))):
        return NoFix(_COMMAND_NEEDS_ROOT)
    if facts is not None and facts.runs_as == "root-needed" and not container.command:
        return NoFix(_IMAGE_NEEDS_ROOT.of(image=same(container.image)))
    return None


def wants_root(container: Container) -> bool:
    """Whether its own command is one that only root, or a privileged container, may run."""
    command = " ".join((*container.command, *container.args))
    return bool(_ROOT_COMMAND.search(command) or _KERNEL_COMMAND.search(command))


def needs_the_kernel(container: Container) -> NoFix | None:
    """Why a privileged container cannot lose its rights: its own command is one that only they allow."""
    if container.security.privileged and _KERNEL_COMMAND.search(" ".join((*container.command, *container.args))):
        return NoFix(_COMMAND_NEEDS_KERNEL, ChangeKind.ISOLATE_FROM_HOST)
    return None


def forbidden_to_add(container: Container) -> tuple[str, ...]:
    """The added capabilities that *restricted* does not allow."""
    return tuple(c for c in container.security.capabilities_add if c != NET_BIND_SERVICE)


def trimmed_add(container: Container) -> tuple[Operation, ...]:
    """What leaves in `capabilities.add` only what *restricted* allows, with what the image is known to need.

    Every recipe that touches the list makes the same one of it, so that they can land together in any order.
    """
    facts, added = certain_image(container), container.security.capabilities_add
    needed = (facts.capabilities or ()) if facts is not None else ()
    kept = dict.fromkeys((*(c for c in added if c == NET_BIND_SERVICE), *needed))
    if tuple(kept) == added:
        return ()
    path = (*container.path, "securityContext", "capabilities", "add")
    return (Set(path, list(kept)),) if kept else (Remove(path),)


def dropped_all(workload: Workload, container: Container) -> Mending | NoFix:
    """What drops all capabilities of the container but those that its image is known to need."""
    facts = known_image(container.image)
    knows = facts is not None and facts.certain and facts.capabilities is not None
    if not knows or container.command:
        barred = _needs_root(container, facts)
        if barred is not None:
            return barred
    drop = (*container.path, "securityContext", "capabilities", "drop")
    present = "ALL" in container.security.capabilities_drop
    operations: tuple[Operation, ...] = () if present else (Set(drop, ["ALL"]),)
    operations += trimmed_add(container)
    if facts is None or not knows:
        return Mending(operations, TRY_FIRST)
    uid = user_of(workload.pod, container)
    as_known = uid == facts.user if uid is not None else facts.runs_as == "non-root" or facts.user == 0
    if as_known and runs_as_shipped(container) and not forbidden_to_add(container):
        return Mending(operations, SAFE)
    if facts.runs_as == "drops" and not uid:
        other = without_root(workload, container)
        if isinstance(other, Mending):
            return Mending(operations + other.operations, TRY_FIRST, other.caution)
    return Mending(operations, TRY_FIRST)


def tells_the_time_zone(path: str) -> bool:
    """Whether pods mount the node's path for the time zone alone."""
    return path in ("/etc/localtime", "/etc/timezone") or f"{path}/".startswith("/usr/share/zoneinfo/")


def off_the_node(workload: Workload, volume: Volume, inventory: Inventory) -> Remedy | NoFix:
    """What can stand in for a `hostPath` volume, with the same name at the same place in the list."""
    path, owner = posixpath.normpath(volume.host_path or "/"), workload.meta.ref
    empty = Set(volume.path, {"name": volume.name, "emptyDir": {}})
    if not any(workload.pod.mounters(volume.name)):
        return remedy("scratch-off-the-node", owner, empty, fix_class=SAFE)
    made_here = volume.host_path_type in ("", "DirectoryOrCreate")
    temporary = path.startswith(("/tmp/", "/var/tmp/"))  # noqa: S108 - a path on the node
    if made_here and temporary and not _used_elsewhere(workload, path, inventory):
        return remedy("scratch-off-the-node", owner, empty)
    if _is_emptied_for_its_danger(workload, volume):
        return empty_folder(workload, volume)
    if not made_here or path == "/" or f"{path}/".startswith(_OF_THE_NODE):
        return NoFix((_CLOCK if tells_the_time_zone(path) else _KEEP_PATH).of(path=path))
    if workload.meta.kind == "DaemonSet" or (workload.replicas or 1) > 1:
        return NoFix(_PER_NODE.of(path=path, workload=workload.meta.name))
    claim = f"{workload.meta.name}-{volume.name}"
    change = Set(volume.path, {"name": volume.name, "persistentVolumeClaim": {"claimName": claim}})
    return remedy("claim-for-host-path", owner, change, caution=_COPY.of(claim=claim, path=path))


def _is_emptied_for_its_danger(workload: Workload, volume: Volume) -> bool:
    """Whether sensitive-host-path makes the volume empty: then both findings have the same fix."""
    if f"{normal(volume.host_path)}/".startswith("/home/"):
        return False
    mounts = (m for _, m in workload.pod.mounters(volume.name))
    dangers = (danger_of(posixpath.join(volume.host_path, m.sub_path)) for m in mounts)
    return any(d is not None and d.read_only is not None for d in dangers)


def _used_elsewhere(workload: Workload, path: str, inventory: Inventory) -> bool:
    """Whether another workload that was read uses the folder, one around it or one in it."""
    return any(
        f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/")
        for w in inventory.workloads
        if w is not workload
        for other in (posixpath.normpath(v.host_path) for v in w.pod.volumes if v.host_path)
    )
