"""How dangerous a path of the node is in a pod's hands, mounted writable or read-only."""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from fourc.model.finding import Severity
from fourc.model.text import Text

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW

_SOCKET = Text(
    "whoever holds the container runtime's socket starts containers with every right over the node",
    "谁拿到容器运行时的套接字，谁就能启动拥有节点全部权限的容器",
)
_PROGRAMS = Text("the node runs what stands there, as root", "节点会以 root 身份运行其中的程序")
_KEYS = Text("the keys and passwords of the node and of the cluster lie there", "节点和集群的密钥、密码都在那里")
_SECRETS = Text("the secrets and tokens of the node's pods lie there", "节点上各个 Pod 的密码和令牌都在那里")
_DEVICES = Text("they are the node's disks and devices", "那里是节点的磁盘和设备")


class Danger(Struct, frozen=True):
    """What a pod can do with a path: severity writable, and read-only (None: no finding of its own).

    `below` says whether it holds for what stands below the path too.
    """

    writable: Severity | None
    read_only: Severity | None
    why: Text
    references: tuple[str, ...] = ()
    below: bool = True


_DOCKER_SOCKETS = ("/run/docker.sock", "/run/cri-dockerd.sock", "/run/dockershim.sock")
_CONTAINERD_SOCKETS = (
    "/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/containerd.sock",
    "/var/snap/microk8s/common/run/containerd.sock",
)
_OTHER_SOCKETS = ("/run/crio/crio.sock", "/run/podman/podman.sock")


def _socket(*references: str) -> Danger:
    """Read-only is no better: the kernel lets a process connect to a socket on a read-only mount (sb_permission)."""
    return Danger(CRITICAL, CRITICAL, _SOCKET, ("kubescape:C-0074", *references))


_WRITE, _READ = ("kubehound:EXPLOIT_HOST_WRITE",), ("kubehound:EXPLOIT_HOST_READ",)

DANGERS: dict[str, Danger] = {
    **dict.fromkeys(_DOCKER_SOCKETS, _socket("trivy:KSV-0006", "checkov:CKV_K8S_27", "kube-linter:docker-sock")),
    **dict.fromkeys(_CONTAINERD_SOCKETS, _socket("kubehound:EXPLOIT_CONTAINERD_SOCK")),
    **dict.fromkeys(_OTHER_SOCKETS, _socket()),
    "/": Danger(CRITICAL, CRITICAL, Text("it is the node's whole disk", "那是节点的整个磁盘"), _WRITE, below=False),
    "/etc": Danger(
        CRITICAL, HIGH, Text("the node's users and tasks stand there", "节点的用户和任务都在那里"), _WRITE, below=False
    ),
    **dict.fromkeys(
        (
            "/etc/cron.d",
            "/etc/crontab",
            "/etc/cron.daily",
            "/etc/cron.hourly",
            "/etc/cron.monthly",
            "/etc/cron.weekly",
            "/etc/init.d",
            "/etc/ld.so.preload",
            "/etc/pam.d",
            "/etc/passwd",
            "/etc/profile.d",
            "/etc/sudoers",
            "/etc/sudoers.d",
            "/etc/systemd",
            "/etc/cni",
            "/var/spool/cron",
            "/bin",
            "/sbin",
            "/lib",
            "/lib64",
            "/usr",
            "/opt/cni",
        ),
        Danger(CRITICAL, None, _PROGRAMS, _WRITE),
    ),
    **dict.fromkeys(
        (
            "/etc/kubernetes",
            "/etc/rancher",
            "/var/lib/etcd",
            "/var/lib/rancher",
            "/var/lib/kubelet/pki",
            "/var/lib/minikube",
        ),
        Danger(CRITICAL, CRITICAL, _KEYS, _READ),
    ),
    **dict.fromkeys(("/etc/shadow", "/etc/ssh", "/root"), Danger(CRITICAL, HIGH, _KEYS, _READ)),
    "/home": Danger(HIGH, MEDIUM, _KEYS, _READ),
    "/var/lib/kubelet": Danger(CRITICAL, HIGH, _SECRETS, _READ),
    "/var/lib/kubelet/plugins": Danger(
        MEDIUM, None, Text("storage drivers meet the kubelet there", "存储驱动在那里与 kubelet 通信")
    ),
    "/var/lib/kubelet/plugins_registry": Danger(
        MEDIUM, None, Text("storage drivers register there", "存储驱动在那里注册")
    ),
    "/var/lib/kubelet/device-plugins": Danger(
        MEDIUM, None, Text("device drivers register there", "设备驱动在那里注册")
    ),
    **dict.fromkeys(
        ("/var/lib/docker", "/var/lib/containerd", "/var/lib/containers"),
        Danger(
            CRITICAL,
            HIGH,
            Text("the files of every container on the node lie there", "节点上所有容器的文件都在那里"),
            _WRITE,
        ),
    ),
    "/var/lib/docker/containers": Danger(
        HIGH, None, Text("the logs of every container lie there", "所有容器的日志都在那里")
    ),
    "/usr/share/zoneinfo": Danger(LOW, None, Text("the node reads the time zone there", "节点从那里读取时区")),
    "/proc": Danger(
        CRITICAL,
        MEDIUM,
        Text("it steers the node's kernel and its programs", "它控制节点的内核和程序"),
        ("kubehound:CE_UMH_CORE_PATTERN",),
    ),
    "/sys": Danger(HIGH, None, Text("it steers the node's kernel", "它控制节点的内核")),
    "/dev": Danger(HIGH, HIGH, _DEVICES, below=False),
    **dict.fromkeys(
        ("/dev/mem", "/dev/kmem", "/dev/port"),
        Danger(CRITICAL, CRITICAL, Text("it is the node's memory", "那是节点的内存")),
    ),
    **dict.fromkeys(("/dev/mapper", "/dev/disk"), Danger(HIGH, HIGH, _DEVICES)),
    "/boot": Danger(HIGH, None, Text("the node's next kernel starts from there", "节点下次启动的内核就在那里")),
    "/var/log": Danger(
        HIGH,
        None,
        Text(
            "a link laid there makes the kubelet show any file of the node",
            "在那里放一个链接就能让 kubelet 展示节点上的任何文件",
        ),
        ("kubehound:CE_VAR_LOG_SYMLINK",),
    ),
}
"""By normal path; `/var/run` counts as `/run`. Grades are this project's judgement of public escape techniques."""


def normal(path: str) -> str:
    """The path without `//`, `..`, a slash at the end, and with `/var/run` as the link that it is."""
    clean = "/" + posixpath.normpath(f"/{path}").lstrip("/")
    if clean == "/var/run" or clean.startswith("/var/run/"):
        clean = clean.removeprefix("/var")
    return clean


def danger_of(path: str) -> Danger | None:
    """The danger of a path: of itself, of the nearest folder around it, or else the worst that it holds."""
    here = normal(path)
    for around in _around(here):
        danger = DANGERS.get(around)
        if danger is not None:
            if around == here or danger.below:
                return danger
            break
    inside = [d for p, d in DANGERS.items() if p.startswith(f"{here}/")]
    return max(inside, key=lambda d: (d.writable or LOW, d.read_only or LOW), default=None)


def is_runtime_socket(path: str) -> bool:
    """Whether the path of a node is the socket of a container runtime."""
    danger = DANGERS.get(normal(path))
    return danger is not None and danger.why is _SOCKET


def _around(path: str) -> Iterator[str]:
    """The path and the folders around it, nearest first."""
    while True:
        yield path
        if path == "/":
            return
        path = posixpath.dirname(path)
