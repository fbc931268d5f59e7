"""The Pod Security Standards in CEL: every control of baseline and restricted (k8s.io/pod-security-admission/policy)."""

from collections.abc import Iterator

from fourc.checks.container.unsafe_sysctl import SAFE_SINCE
from fourc.checks.pss import DEFAULT_CAPABILITIES, NET_BIND_SERVICE
from fourc.enforce.expressions.rule import Rule, Said, also, each, quoted, unless, whole, words
from fourc.model.text import Text
from fourc.model.version import KubeVersion

_SECURITY = "c.?securityContext"
_OF_POD = "variables.pod.?securityContext"
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_ENFORCED = words(("RuntimeDefault", "Localhost"))
_HOOKS = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.?postStart", "lifecycle.?preStop")
_PAST_THE_ADMINISTRATOR = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)


def rules(version: KubeVersion) -> Iterator[Rule]:
    """The rules for one minor, as the standards are at that version."""
    yield from _baseline(frozenset(name for name, minor in SAFE_SINCE.items() if version.minor >= minor))
    yield _selinux(version)
    if version.minor >= 34:
        yield _probes()
    yield from _restricted()
    yield from _users(version)


def _everywhere(test: str) -> Said:
    """`{s}` in the test is the security context: the pod's own and each container's."""
    return also(test.replace("{s}", _OF_POD), each(test.replace("{s}", _SECURITY)))


def _baseline(safe_sysctls: frozenset[str]) -> Iterator[Rule]:
    yield Rule(
        "privileged-container",
        each(f"!{_SECURITY}.?privileged.orValue(false)"),
        Text(
            "a privileged container owns its node: remove securityContext.privileged",
            "特权容器等于控制了节点：请删除 securityContext.privileged",
        ),
    )
    yield Rule(
        "host-namespace",
        whole(
            "!variables.hostNetwork && !variables.pod.?hostPID.orValue(false) && !variables.pod.?hostIPC.orValue(false)"
        ),
        Text(
            "a pod must not share network, processes or memory with its node: remove hostNetwork, hostPID and hostIPC",
            "Pod 不得与节点共用网络、进程或内存：请删除 hostNetwork、hostPID 和 hostIPC",
        ),
    )
    yield Rule(
        "host-path-volume",
        whole("variables.volumes.all(v, !has(v.hostPath))"),
        Text(
            "a pod must not use files of its node: replace the hostPath volume by a PersistentVolumeClaim or an emptyDir",
            "Pod 不得使用节点上的文件：请用 PersistentVolumeClaim 或 emptyDir 代替 hostPath 卷",
        ),
    )
    yield Rule(
        "host-port",
        each(
            "c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0 && "
            "(!variables.hostNetwork || p.?containerPort.orValue(0) == 0))"
        ),
        Text(
            "a container must not take a port of its node: remove hostPort (and hostNetwork) and use a Service",
            "容器不得占用节点的端口：请删除 hostPort（以及 hostNetwork），改用 Service",
        ),
    )
    allowed = words(DEFAULT_CAPABILITIES)
    yield Rule(
        "dangerous-capability",
        each(f"{_SECURITY}.?capabilities.?add.orValue([]).all(a, a in {allowed})"),
        Text(
            "a container must not be given dangerous rights over the kernel: take out of "
            "securityContext.capabilities.add what is not in the container runtime's default list",
            "容器不得获得危险的内核权限：请从 securityContext.capabilities.add 中删除不在运行时默认清单里的能力",
        ),
    )
    yield Rule(
        "seccomp-unconfined",
        _everywhere(f"{{s}}.?seccompProfile.?type.orValue('RuntimeDefault') in {_ENFORCED}"),
        Text(
            "the filter of system calls must stay on: set securityContext.seccompProfile.type to RuntimeDefault",
            "不得关闭系统调用过滤：请把 securityContext.seccompProfile.type 设为 RuntimeDefault",
        ),
    )
    annotation = (
        f"variables.annotations.all(k, !k.startsWith({quoted(_APPARMOR)}) || "
        "variables.annotations[k] in ['', 'runtime/default'] || variables.annotations[k].startsWith('localhost/'))"
    )
    yield Rule(
        "apparmor-disabled",
        also(annotation, _everywhere(f"{{s}}.?appArmorProfile.?type.orValue('RuntimeDefault') in {_ENFORCED}")),
        Text(
            "AppArmor must stay on: remove securityContext.appArmorProfile (and its annotation) or set its type to "
            "RuntimeDefault",
            "不得关闭 AppArmor：请删除 securityContext.appArmorProfile（及对应注解），或把类型设为 RuntimeDefault",
        ),
    )
    yield Rule(
        "proc-mount-unmasked",
        each(f"{_SECURITY}.?procMount.orValue('Default') == 'Default'"),
        Text(
            "/proc must stay masked: remove securityContext.procMount",
            "不得取消 /proc 的遮盖：请删除 securityContext.procMount",
        ),
    )
    yield Rule(
        "unsafe-sysctl",
        whole(f"{_OF_POD}.?sysctls.orValue([]).all(s, s.?name.orValue('') in {words(safe_sysctls)})"),
        Text(
            "a pod must not change unsafe kernel parameters: remove them from securityContext.sysctls",
            "Pod 不得修改不安全的内核参数：请从 securityContext.sysctls 中删除它们",
        ),
    )
    yield Rule(
        "windows-host-process",
        _everywhere("!{s}.?windowsOptions.?hostProcess.orValue(false)"),
        Text(
            "a container must not run as a process of its Windows node: remove windowsOptions.hostProcess",
            "容器不得作为 Windows 节点的进程运行：请删除 windowsOptions.hostProcess",
        ),
    )


def _selinux(version: KubeVersion) -> Rule:
    types = ("", "container_t", "container_init_t", "container_kvm_t")
    allowed = words((*types, "container_engine_t") if version.minor >= 31 else types)
    of = "{s}.?seLinuxOptions"
    return Rule(
        "selinux-custom-type",
        _everywhere(
            f"{of}.?type.orValue('') in {allowed} && {of}.?user.orValue('') == '' && {of}.?role.orValue('') == ''"
        ),
        Text(
            "a container must not choose its own SELinux label: remove user and role from securityContext.seLinuxOptions, "
            "and any type but container_t, container_init_t and container_kvm_t",
            "容器不得自选 SELinux 标签：请从 securityContext.seLinuxOptions 中删除 user 和 role，"
            "类型只能是 container_t、container_init_t 或 container_kvm_t",
        ),
    )


def _probes() -> Rule:
    hosts = ", ".join(
        f"c.?{hook}.?{action}.?host.orValue('')" for hook in _HOOKS for action in ("httpGet", "tcpSocket")
    )
    return Rule(
        "probe-to-other-host",
        each(f"[{hosts}].all(h, h == '')"),
        Text(
            "a health check must not be sent to another host: remove host from the probe or lifecycle hook",
            "健康检查不得发往其他主机：请删除探针或生命周期钩子里的 host",
        ),
    )


def _restricted() -> Iterator[Rule]:
    capabilities = f"{_SECURITY}.?capabilities"
    taken_back = words(DEFAULT_CAPABILITIES - {NET_BIND_SERVICE})
    yield Rule(
        "capabilities-not-dropped",
        unless(
            "variables.windows",
            each(
                f"'ALL' in {capabilities}.?drop.orValue([]) && "
                f"!{capabilities}.?add.orValue([]).exists(a, a in {taken_back})"
            ),
        ),
        Text(
            "a container must give up the kernel rights that it does not use: set securityContext.capabilities.drop to "
            "[ALL] and add back nothing but NET_BIND_SERVICE",
            "容器必须放弃用不到的内核权限：请把 securityContext.capabilities.drop 设为 [ALL]，最多加回 NET_BIND_SERVICE",
        ),
    )
    yield Rule(
        "privilege-escalation-allowed",
        unless("variables.windows", each(f"!{_SECURITY}.?allowPrivilegeEscalation.orValue(true)")),
        Text(
            "a program must not raise its own rights: set securityContext.allowPrivilegeEscalation to false",
            "程序不得提升自己的权限：请把 securityContext.allowPrivilegeEscalation 设为 false",
        ),
    )
    yield Rule(
        "seccomp-not-set",
        unless(
            f"variables.windows || {_OF_POD}.?seccompProfile.?type.hasValue()",
            each(f"{_SECURITY}.?seccompProfile.?type.hasValue()"),
        ),
        Text(
            "the filter of system calls must be on: set securityContext.seccompProfile.type of the pod to RuntimeDefault",
            "必须启用系统调用过滤：请把 Pod 的 securityContext.seccompProfile.type 设为 RuntimeDefault",
        ),
    )
    yield Rule(
        "restricted-volume-type",
        whole(f"variables.volumes.all(v, !({' || '.join(f'has(v.{kind})' for kind in _PAST_THE_ADMINISTRATOR)}))"),
        Text(
            "a pod must not use a storage system directly: use a PersistentVolumeClaim instead of the volume's own type",
            "Pod 不得直接使用存储系统：请用 PersistentVolumeClaim 代替该卷类型",
        ),
    )


def _users(version: KubeVersion) -> Iterator[Rule]:
    """Who a program runs as; a user namespace of the pod's own makes that harmless (since 1.35)."""
    non_root = f"{_SECURITY}.?runAsNonRoot.orValue({_OF_POD}.?runAsNonRoot.orValue(false))"
    may_run = also(f"{_OF_POD}.?runAsNonRoot.orValue(true)", each(non_root))
    runs = _everywhere("{s}.?runAsUser.orValue(1) != 0")
    exempt = version.minor >= 35
    yield Rule(
        "may-run-as-root",
        unless("variables.ownUsers", may_run) if exempt else may_run,
        Text(
            "a container must not run as root: set securityContext.runAsNonRoot to true (and runAsUser to a number that "
            "is not 0 where the image starts as root)",
            "容器不得以 root 运行：请把 securityContext.runAsNonRoot 设为 true"
            "（镜像默认以 root 启动时，另把 runAsUser 设为非 0 的编号）",
        ),
    )
    yield Rule(
        "runs-as-root-user",
        unless("variables.ownUsers", runs) if exempt else runs,
        Text(
            "a container must not be set to run as root: remove runAsUser: 0 or choose another number",
            "不得把容器设为以 root 运行：请删除 runAsUser: 0，或改为其他编号",
        ),
    )
