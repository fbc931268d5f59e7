"""What a folder of the node in a pod's hands leads to, and what whoever holds the node finds in the pods' volumes.

Preconditions: kubehound.io/reference/attacks (VOLUME_*, EXPLOIT_HOST_*, EXPLOIT_CONTAINERD_SOCK, CE_UMH_CORE_PATTERN,
CE_VAR_LOG_SYMLINK, TOKEN_STEAL).
"""

import posixpath
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.checks.host_paths import DANGERS, danger_of, normal
from fourc.graph.accounts import Accounts
from fourc.graph.builder import ADMIN, NODE, Builder, shown
from fourc.graph.escapes import certainly_not_root, starts_only
from fourc.graph.mending import Cause
from fourc.graph.odds import NOT_ROOT, ODDS
from fourc.model.finding import Finding, Severity
from fourc.model.kubernetes.pod import Container, Volume, VolumeMount, Workload
from fourc.model.step import Place
from fourc.model.text import Text
from fourc.rbac.requests import Request

PODS_FOLDER = "volume:/var/lib/kubelet/pods"
_SOCKETS = tuple(path for path in DANGERS if path.endswith(".sock"))
_PATTERN = "/proc/sys/kernel/core_pattern"
_LOGS = "/var/log"
_KEYS = ("/etc", "/home", "/proc", "/root", "/root/.ssh", "/")
_PODS_PATH = "/var/lib/kubelet/pods"
_CLUSTER_KEYS = ("/etc/kubernetes", "/var/lib/etcd", "/etc/rancher", "/var/lib/rancher", "/var/lib/minikube")
# What lets an attacker read a log file that is a link: the API, or the kubelet itself.
_LOG_READERS = (
    Request("get", "pods/log"),
    Request("get", "nodes/log"),
    Request("get", "nodes/proxy"),
)

_FINDS = Text("{w} mounts hostPath {p} ({v}) at {m}", "{w} 把 hostPath {p}（{v}）挂载到 {m}")
_SOCKET = Text(
    "{w}: hostPath {p} holds the container runtime's socket {s}, which starts containers with every right",
    "{w}：hostPath {p} 包含容器运行时的套接字 {s}，通过它可以启动拥有全部权限的容器",
)
_CORE = Text(
    "{w}: hostPath {p} leads to /proc/sys/kernel/core_pattern, which names a program that the node runs as root",
    "{w}：hostPath {p} 包含 /proc/sys/kernel/core_pattern，节点会以 root 运行其中写明的程序",
)
_LINK = Text(
    "{w}: a link laid in hostPath {p} (/var/log) and read as a log ({r}) shows any file of the node",
    "{w}：在 hostPath {p}（/var/log）中放一个链接，再当作日志读取（{r}），就能看到节点上的任何文件",
)
_WRITE = Text("{w}: hostPath {p} is writable: {why}", "{w}：hostPath {p} 可写：{why}")
_PLAIN = Text("it is a folder of the node's disk", "它是节点磁盘上的目录")
_READ = Text("{w}: hostPath {p} can be read: {why}", "{w}：hostPath {p} 可读：{why}")
_SSH = Text("keys by which the node lets people in lie there", "登录节点的密钥在那里")
_CLUSTER = Text(
    "{w}: hostPath {p} holds {k}: on a node of the control plane the keys of the whole cluster lie there",
    "{w}：hostPath {p} 包含 {k}：在控制平面节点上，整个集群的密钥都在那里",
)
_TRAVERSE = Text(
    "{w}: hostPath {p} leads to /var/lib/kubelet/pods, where the tokens of the node's pods lie",
    "{w}：hostPath {p} 包含 /var/lib/kubelet/pods，节点上各个 Pod 的令牌都在那里",
)
_OF_NODE = Text(
    "whoever holds the node reads the volumes of its pods below /var/lib/kubelet/pods",
    "控制节点的人可以读取 /var/lib/kubelet/pods 下各个 Pod 的卷",
)


class _Mounted(Struct, frozen=True):
    """One volume of the node in a pod: the paths it shows, and whether one of them is writable, by root."""

    workload: Workload
    volume: Volume
    mounts: tuple[tuple[Container, VolumeMount], ...]

    @property
    def paths(self) -> tuple[tuple[str, bool], ...]:
        """Each path that a container sees, and whether it may write there."""
        return tuple(
            (normal(posixpath.join(self.volume.host_path, m.sub_path)), not m.read_only) for _, m in self.mounts
        )

    @property
    def writable(self) -> tuple[str, ...]:
        return tuple(path for path, writes in self.paths if writes)

    @property
    def root(self) -> bool:
        return not all(certainly_not_root(self.workload, c) for c, _ in self.mounts)

    @property
    def place(self) -> Place:
        return self.workload.meta.origin, (*self.volume.path, "hostPath", "path")


def volume_steps(builder: Builder, accounts: Accounts, workload: Workload, me: str) -> None:
    """Every way that the node's folders in this workload open."""
    for volume in workload.pod.volumes:
        if "hostPath" not in {volume.source, *volume.extra_sources} or not volume.host_path:
            continue
        mounts = tuple(workload.pod.mounters(volume.name))
        if mounts:
            _Steps(builder, accounts, _Mounted(workload, volume, mounts), me).all()


class _Steps:
    def __init__(self, builder: Builder, accounts: Accounts, mounted: _Mounted, me: str) -> None:
        self.builder, self.accounts, self.mounted, self.me = builder, accounts, mounted, me
        workload, volume = mounted.workload, mounted.volume
        self.path = volume.host_path
        self.said = shown(workload.meta.ref)
        self.causes = (
            Cause("sensitive-host-path", None, volume.name),
            Cause("host-path-volume", None, volume.name),
        )
        ref = workload.meta.ref
        self.findings: Sequence[Finding] = builder.mending.any_of(ref, self.causes)
        self.platform = not self.findings and builder.mending.explains(ref, self.causes)
        name = f"volume:{me}/{volume.name}"
        self.node = builder.node(name, "volume", volume.name, workload.meta.namespace)

    def all(self) -> None:
        at = ", ".join(sorted({m.mount_path for _, m in self.mounted.mounts}))
        said = _FINDS.of(w=self.said, p=self.path, v=self.mounted.volume.name, m=at)
        self.builder.step("discover-volume", self.me, self.node, said, places=[self.mounted.place])
        seen = [path for path, _ in self.mounted.paths]
        self._sockets(seen)
        self._core_pattern()
        self._logs()
        self._write_or_read(seen)
        keys = [k for k in _CLUSTER_KEYS if any(_holds(path, k) or _below(path, k) for path in seen)]
        if keys:
            said = _CLUSTER.of(w=self.said, p=self.path, k=keys[0])
            self._step("read-cluster-keys", self.node, ADMIN, said, "read-cluster-keys")
        if any(_holds(path, _PODS_PATH) or _below(path, _PODS_PATH) for path in seen):
            pods = node_volumes(self.builder)
            self._step("traverse-host", self.node, pods, _TRAVERSE.of(w=self.said, p=self.path), "traverse-host")

    def _step(
        self,
        kind: str,
        source: str,
        target: str,
        said: Text,
        row: str,
        *,
        when: Sequence[str] = (),
        wants_root: bool = True,
    ) -> None:
        row = "before-start" if all(starts_only(c) for c, _ in self.mounted.mounts) else row
        chance = ODDS[row]
        if row != "before-start" and wants_root and not self.mounted.root:
            chance = replace(chance, probability=chance.probability * NOT_ROOT)
        self.builder.step(
            kind, source, target, said, findings=self.findings, places=[self.mounted.place], when=when, chance=chance,
            known_as=row, assumed=self.platform, tail="" if source == self.node else self.mounted.volume.name,
        )  # fmt: skip

    def _sockets(self, seen: Sequence[str]) -> None:
        held = [s for s in _SOCKETS if any(_holds(path, s) for path in seen)]
        if held:
            exact = [s for s in held if s in seen] or held
            linked = self.path == "/var/run" or self.path.startswith("/var/run/")
            named = [f"/var{s}" if linked and s.startswith("/run/") else s for s in exact]
            said = _SOCKET.of(w=self.said, p=self.path, s=", ".join(named))
            self._step("use-runtime-socket", self.me, NODE, said, "use-runtime-socket")

    def _core_pattern(self) -> None:
        if self.mounted.root and any(_holds(path, _PATTERN) for path in self.mounted.writable):
            said = _CORE.of(w=self.said, p=self.path)
            self._step("write-core-pattern", self.me, NODE, said, "write-core-pattern")

    def _logs(self) -> None:
        """Only with a permission to read logs that the pod's own account holds."""
        held = any(_holds(path, _LOGS) or _below(path, _LOGS) for path in self.mounted.writable)
        if not held or not self.mounted.root:
            return
        for request in _LOG_READERS:
            permission = self.accounts.permission_of(self.mounted.workload, request)
            if permission is not None:
                said = _LINK.of(w=self.said, p=self.path, r=f"{request.verb} {request.resource}")
                self._step("link-from-var-log", self.me, NODE, said, "link-from-var-log", when=(permission,))
                return

    def _write_or_read(self, seen: Sequence[str]) -> None:
        if self.mounted.writable:
            worst = max(self.mounted.writable, key=lambda p: _graded(p, writes=True) or Severity.INFO)
            row, why = _write(worst)
            self._step("write-host", self.node, NODE, _WRITE.of(w=self.said, p=self.path, why=why), row)
        readable = [p for p in seen if _graded(p, writes=False) is not None or p in _KEYS or _below(p, "/root")]
        if readable and len(self.mounted.writable) < len(seen):
            worst = max(readable, key=lambda p: _graded(p, writes=False) or Severity.INFO)
            danger = danger_of(worst)
            grade = _graded(worst, writes=False) or Severity.MEDIUM
            keys = worst in _KEYS or _below(worst, "/root") or danger is None
            why = _SSH if keys or danger is None else danger.why
            self._step(
                "read-host", self.node, NODE, _READ.of(w=self.said, p=self.path, why=why), f"host-files-{grade.word}"
            )


def _write(path: str) -> tuple[str, Text]:
    """The row of the odds that says how far writing to the path leads, and why."""
    danger = danger_of(path)
    if danger is None or danger.writable is None:
        return "write-plain-host-path", _PLAIN
    if _below(path, _LOGS) or path == _LOGS:
        return "write-logs-without-reader", danger.why
    return f"host-files-{danger.writable.word}", danger.why


def _graded(path: str, *, writes: bool) -> Severity | None:
    danger = danger_of(path)
    return None if danger is None else danger.writable if writes else danger.read_only


def _holds(folder: str, path: str) -> bool:
    """Whether the folder is the path or lies above it."""
    return folder == path or path.startswith(f"{folder.rstrip('/')}/")


def _below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


def node_volumes(builder: Builder) -> str:
    """The node of the graph for the volumes of the pods on a node."""
    return builder.node(PODS_FOLDER, "volume", _PODS_PATH)


def far_steps(builder: Builder, tokens: Iterable[tuple[str, Text]]) -> None:
    """What the volumes of a node's pods hold: tokens (each with its evidence)."""
    neighbours = len(builder.inventory.workloads) > 1
    for identity, said in tokens:
        if neighbours:
            builder.step("access-volumes-of-node", NODE, node_volumes(builder), _OF_NODE)
            builder.step("steal-token-on-node", node_volumes(builder), identity, said)
