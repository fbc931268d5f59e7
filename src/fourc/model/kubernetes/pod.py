"""Pods, containers and what a workload makes them from (Kubernetes API: core/v1 PodSpec)."""

from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.patch.yaml.node import Json, Path


class ContainerRole(Enum):
    """In which list of the pod the container stands."""

    REGULAR = "containers"
    INIT = "initContainers"
    EPHEMERAL = "ephemeralContainers"


class SELinux(Struct, frozen=True):
    """`seLinuxOptions`; empty strings are as good as absent."""

    type: str
    user: str
    role: str


class Security(Struct, frozen=True):
    """`securityContext` of a pod or a container; None means not set. Pod-only and container-only fields are None elsewhere."""

    present: bool
    privileged: bool | None = None
    allow_privilege_escalation: bool | None = None
    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    read_only_root: bool | None = None
    capabilities_add: tuple[str, ...] = ()
    capabilities_drop: tuple[str, ...] = ()
    proc_mount: str | None = None
    seccomp: str | None = None
    seccomp_profile: str | None = None
    apparmor: str | None = None
    selinux: SELinux | None = None
    host_process: bool | None = None
    fs_group: int | None = None
    supplemental_groups: tuple[int, ...] = ()
    sysctls: tuple[tuple[str, str], ...] = ()


class Quantities(Struct, frozen=True):
    """`resources`: requests and limits as written, by resource name."""

    requests: Mapping[str, str]
    limits: Mapping[str, str]


class ContainerPort(Struct, frozen=True):
    """One entry of `ports`; `index` is its place in the list."""

    index: int
    name: str
    container_port: int
    host_port: int
    host_ip: str
    protocol: str


class EnvVar(Struct, frozen=True):
    """One variable: a literal `value`, or where it comes from (`source` is the key of `valueFrom`)."""

    index: int
    name: str
    value: str | None
    source: str | None
    source_name: str | None
    source_key: str | None


class EnvFrom(Struct, frozen=True):
    """A whole ConfigMap or Secret as variables."""

    index: int
    kind: str
    name: str


class VolumeMount(Struct, frozen=True):
    """Where a volume appears in the container."""

    index: int
    name: str
    mount_path: str
    read_only: bool
    sub_path: str
    sub_path_expr: str
    propagation: str


class Probe(Struct, frozen=True):
    """A handler of a probe or lifecycle hook: `field` is its path below the container, `host` the host it names.

    `handler` is what stands under the action, and `patience` the seconds after which a container that never answers
    is given up (defaults of the API filled in; nothing for a hook). `timeout` is None where it is not written.
    """

    field: tuple[str, ...]
    action: str
    host: str | None
    port: str | int | None
    handler: Json = None
    patience: int = 0
    timeout: int | None = None


class Container(Struct, frozen=True):
    """One container of a pod template; `path` is its place in the top-level object."""

    path: Path
    role: ContainerRole
    name: str
    image: str
    pull_policy: str | None
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: tuple[EnvVar, ...]
    env_from: tuple[EnvFrom, ...]
    ports: tuple[ContainerPort, ...]
    resources: Quantities
    security: Security
    mounts: tuple[VolumeMount, ...]
    probes: tuple[Probe, ...]
    restart_always: bool

    @property
    def sidecar(self) -> bool:
        """An init container that keeps running (`restartPolicy: Always`)."""
        return self.role is ContainerRole.INIT and self.restart_always

    @property
    def runs_on(self) -> bool:
        """Whether it runs for as long as the pod does."""
        return self.role is ContainerRole.REGULAR or self.sidecar

    def has_probe(self, name: str) -> bool:
        """Whether the probe (`livenessProbe`, `readinessProbe`, `startupProbe`) is set."""
        return any(p.field[0] == name for p in self.probes)


class Volume(Struct, frozen=True):
    """One volume; `source` is the key that says its kind (an empty one is an `emptyDir`, as the API defaults it).

    `token` when it projects a token of the pod's service account; `projected` names every ConfigMap and Secret of a
    projected volume, with its kind.
    """

    path: Path
    name: str
    source: str
    host_path: str
    host_path_type: str
    secret: str
    config_map: str
    claim: str
    size_limit: str
    extra_sources: tuple[str, ...] = ()
    token: bool = False
    projected: tuple[tuple[str, str], ...] = ()


class PodSpec(Struct, frozen=True):
    """A pod or pod template; `path` leads to the spec, `meta_path` to its metadata, in the top-level object."""

    path: Path
    meta_path: Path
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    host_network: bool
    host_pid: bool
    host_ipc: bool
    host_users: bool | None
    os: str | None
    service_account: str
    automount_token: bool | None
    security: Security
    volumes: tuple[Volume, ...]
    containers: tuple[Container, ...]
    node_name: str
    priority_class: str
    restart_policy: str
    share_process_namespace: bool
    spread: bool

    @property
    def regular(self) -> tuple[Container, ...]:
        """The containers that run for as long as the pod does."""
        return tuple(c for c in self.containers if c.runs_on)

    @property
    def runs_windows(self) -> bool:
        """`os.name: windows`."""
        return self.os == "windows"

    def mounters(self, volume: str) -> Iterator[tuple[Container, VolumeMount]]:
        """The containers that mount the volume, with the mount."""
        return ((c, m) for c in self.containers for m in c.mounts if m.name == volume)


class Workload(Struct, frozen=True):
    """A top-level object that makes pods. A custom resource may hold several templates: one workload for each."""

    meta: Meta
    pod: PodSpec
    replicas: int | None
    autoscaled: bool = False
    claim_templates: tuple[str, ...] = ()
