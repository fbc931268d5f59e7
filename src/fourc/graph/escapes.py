"""Ways from a container onto its node that the pod's own fields open; one row for each.

Preconditions: kubehound.io/reference/attacks, github.com/WithSecureLabs/IceKube (docs), man7.org capabilities(7).
"""

from collections import defaultdict
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from fourc.graph.builder import NODE, Builder, shown
from fourc.graph.mending import Cause
from fourc.graph.odds import NOT_ROOT, ODDS, Odds
from fourc.graph.rules import ROWS, Leads
from fourc.model.finding import Finding
from fourc.model.kubernetes.pod import Container, ContainerRole, Workload
from fourc.model.step import Place
from fourc.model.text import Text
from fourc.patch.yaml.node import Path

_BEFORE_START = "before-start"


class Field(Struct, frozen=True):
    """A field that opens the way: as evidence names it, where it stands, and the findings about it (any of them)."""

    said: str
    at: Path
    causes: tuple[Cause, ...]


Look = Callable[[Workload, Container], tuple[Field, ...] | None]
"""The fields that open a way in this container; None where it is closed."""


class Escape(Struct, frozen=True):
    """One way out: `together` are the fields of which all are needed, `else_` another field that does as well.

    `wants_root` when it works less well for a container that certainly does not run as root.
    """

    kind: str
    does: Text
    together: Look
    else_: Look | None = None
    wants_root: bool = True


def capability_of(container: Container, name: str) -> Field | None:
    """The field by which the container is given a capability: the name itself, or ALL."""
    for index, added in enumerate(container.security.capabilities_add):
        bare = added.upper().removeprefix("CAP_")
        if bare in {name, "ALL"}:
            causes = (
                Cause("host-takeover-capability", container.name, added),
                Cause("dangerous-capability", container.name, added),
            )
            at = (*container.path, "securityContext", "capabilities", "add", index)
            return Field(f"capabilities.add: {bare}", at, causes)
    return None


def _privileged(_workload: Workload, container: Container) -> tuple[Field, ...] | None:
    if not container.security.privileged:
        return None
    at = (*container.path, "securityContext", "privileged")
    return (Field("privileged: true", at, (Cause("privileged-container", container.name),)),)


def _host(field: str, on: Callable[[Workload], bool]) -> Look:
    def look(workload: Workload, _container: Container) -> tuple[Field, ...] | None:
        if not on(workload):
            return None
        return (Field(f"{field}: true", (*workload.pod.path, field), (Cause("host-namespace", None, field),)),)

    return look


def _given(name: str) -> Look:
    def look(_workload: Workload, container: Container) -> tuple[Field, ...] | None:
        field = capability_of(container, name)
        return None if field is None else (field,)

    return look


def _both(*parts: Look) -> Look:
    def look(workload: Workload, container: Container) -> tuple[Field, ...] | None:
        found = [part(workload, container) for part in parts]
        return None if None in found else tuple(f for fields in found if fields is not None for f in fields)

    return look


def _raw_sockets(_workload: Workload, container: Container) -> tuple[Field, ...] | None:
    """NET_ADMIN, or NET_RAW, which the runtime gives unless it is dropped."""
    for name in ("NET_ADMIN", "NET_RAW"):
        field = capability_of(container, name)
        if field is not None:
            return (field,)
    dropped = {d.upper().removeprefix("CAP_") for d in container.security.capabilities_drop}
    if container.security.privileged or not dropped & {"ALL", "NET_RAW"}:
        return (Field("NET_RAW", container.path, ()),)
    return None


_PID = _host("hostPID", lambda w: w.pod.host_pid)
_IPC = _host("hostIPC", lambda w: w.pod.host_ipc)
_NET = _host("hostNetwork", lambda w: w.pod.host_network)

ESCAPES: tuple[Escape, ...] = (
    Escape(
        "mount-host-disk",
        Text("mounts the node's disk", "挂载节点的磁盘"),
        _privileged,
    ),
    Escape(
        "load-kernel-module",
        Text("loads a module into the node's kernel", "向节点内核装入模块"),
        _privileged,
        _given("SYS_MODULE"),
    ),
    Escape(
        "enter-host-namespaces",
        Text("enters the namespaces of the node's first process (nsenter)", "进入节点 1 号进程的命名空间（nsenter）"),
        _both(_privileged, _PID),
    ),
    Escape(
        "trace-host-process",
        Text("attaches to a process of the node (ptrace)", "附加到节点上的进程（ptrace）"),
        _both(_PID, _given("SYS_PTRACE")),
    ),
    Escape(
        "mount-with-sys-admin",
        Text("mounts the node's control groups and file systems", "挂载节点的控制组和文件系统"),
        _given("SYS_ADMIN"),
    ),
    Escape(
        "open-host-files",
        Text("opens files of the node by handle", "通过文件句柄打开节点上的文件"),
        _given("DAC_READ_SEARCH"),
        wants_root=False,
    ),
    Escape(
        "write-host-memory",
        Text("writes to the node's memory and disks", "写入节点的内存和磁盘"),
        _given("SYS_RAWIO"),
    ),
    Escape(
        "steer-kernel-with-bpf",
        Text("loads programs into the node's kernel (BPF)", "向节点内核加载 BPF 程序"),
        _given("BPF"),
        wants_root=False,
    ),
    Escape(
        "see-host-processes",
        Text("sees the node's processes and the passwords in them", "看到节点上的进程和其中的密码"),
        _PID,
        wants_root=False,
    ),
    Escape(
        "share-host-memory",
        Text("reads and writes the shared memory of the node's programs", "读写节点程序的共享内存"),
        _IPC,
        wants_root=False,
    ),
    Escape(
        "reach-host-network",
        Text(
            "reaches what listens on the node itself, such as the kubelet, and no policy holds it",
            "能访问只在节点上监听的服务（如 kubelet），网络策略管不住它",
        ),
        _NET,
        wants_root=False,
    ),
    Escape(
        "intercept-node-traffic",
        Text("listens to the node's traffic and changes it", "监听并篡改节点的流量"),
        _both(_NET, _raw_sockets),
    ),
)

_SAID = Text("{w}, container {c}: {f} - it {d}", "{w}，容器 {c}：{f}，它可以{d}")


def escape_steps(builder: Builder, workload: Workload, me: str) -> None:
    """Every way from the workload's containers to the node."""
    for container in workload.pod.containers:
        for escape in ESCAPES:
            _step(builder, workload, container, me, escape)
    _by_finding(builder, workload, me)


def _step(builder: Builder, workload: Workload, container: Container, me: str, escape: Escape) -> None:
    ways = [escape.together(workload, container), escape.else_(workload, container) if escape.else_ else None]
    fields = [way for way in ways if way]
    if not fields:
        return
    ref = workload.meta.ref
    # Of the fields that are needed together one is enough to mend; each further way must be mended as well.
    findings = [f for way in fields for f in builder.mending.any_of(ref, (c for field in way for c in field.causes))]
    explained = not findings and builder.mending.explains(ref, (c for way in fields for f in way for c in f.causes))
    origin = workload.meta.origin
    places: list[Place] = [(origin, field.at) for way in fields for field in way]
    said = ", ".join(dict.fromkeys(field.said for way in fields for field in way))
    builder.step(
        escape.kind,
        me,
        NODE,
        _SAID.of(w=shown(ref), c=container.name, f=said, d=escape.does),
        findings=findings,
        places=places,
        chance=_chance(workload, container, ODDS[escape.kind], wants_root=escape.wants_root),
        tail=container.name,
        assumed=explained,
        known_as=_BEFORE_START if starts_only(container) else "",
    )


def _chance(workload: Workload, container: Container, chance: Odds, *, wants_root: bool) -> Odds:
    if starts_only(container):
        return _rarer(chance, ODDS[_BEFORE_START])
    if wants_root and certainly_not_root(workload, container):
        return replace(chance, probability=chance.probability * NOT_ROOT)
    return chance


def _rarer(one: Odds, other: Odds) -> Odds:
    return min(one, other, key=lambda odds: odds.probability)


def starts_only(container: Container) -> bool:
    """Whether it has ended before anyone can reach it over the network."""
    return container.role is ContainerRole.INIT and not container.sidecar


def certainly_not_root(workload: Workload, container: Container) -> bool:
    """Whether the pod says that the container does not run as root (container before pod; `runAsUser` before the flag)."""
    own, pod = container.security, workload.pod.security
    user = own.run_as_user if own.run_as_user is not None else pod.run_as_user
    if user is not None:
        return user != 0
    flag = own.run_as_non_root if own.run_as_non_root is not None else pod.run_as_non_root
    return flag is True


def _by_finding(builder: Builder, workload: Workload, me: str) -> None:
    """Ways that findings open by themselves; a platform program's needs are ways all the same.

    A hole in the kernel is the same hole in every container of the pod: all findings of a rule make one step.
    """
    ref = workload.meta.ref
    initial = {c.name for c in workload.pod.containers if starts_only(c)}
    grouped: dict[tuple[str, bool], list[Finding]] = defaultdict(list)
    for platform, found in ((False, builder.mending.of(ref)), (True, builder.mending.explained_of(ref))):
        for finding in found:
            row = ROWS.get(finding.rule)
            if row is not None and row.leads is Leads.POD_TO_NODE:
                grouped[finding.rule, platform].append(finding)
    for (rule, platform), same in grouped.items():
        worst = max(same, key=lambda f: (f.container not in initial, f.severity))
        row = ROWS[rule]
        builder.step(
            rule,
            me,
            NODE,
            worst.message,
            findings=() if platform else same,
            places=[(f.origin, f.at) for f in same],
            chance=_rarer(row.odds_of(worst.severity), ODDS[_BEFORE_START])
            if worst.container in initial
            else row.odds_of(worst.severity),
            references=row.references,
            tail="platform" if platform else "",
            assumed=platform,
            known_as=_BEFORE_START if worst.container in initial else "",
        )


def share_steps(builder: Builder, workload: Workload, me: str) -> None:
    """From one container into the others of a pod that shares its processes."""
    others = workload.pod.regular
    if not workload.pod.share_process_namespace or len(others) < 2:
        return
    said = Text(
        "{w}: shareProcessNamespace: true - one container reads the files and memory of container {c}",
        "{w}：shareProcessNamespace: true，一个容器可以读取容器 {c} 的文件和内存",
    )
    for container in others:
        node = builder.node(f"container:{me}/{container.name}", "container", container.name, workload.meta.namespace)
        builder.step(
            "share-process-namespace",
            me,
            node,
            said.of(w=shown(workload.meta.ref), c=container.name),
            places=[(workload.meta.origin, (*workload.pod.path, "shareProcessNamespace"))],
        )
