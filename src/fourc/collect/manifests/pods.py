"""Pod specs and the containers in them (Kubernetes API: core/v1)."""

from collections.abc import Iterator

from msgspec.structs import replace

from fourc.collect.manifests.fields import Fields, Repeated
from fourc.model.kubernetes.pod import (
    Container,
    ContainerPort,
    ContainerRole,
    EnvFrom,
    EnvVar,
    PodSpec,
    Probe,
    Quantities,
    Security,
    SELinux,
    Volume,
    VolumeMount,
)

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")
ACTIONS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
SOURCES = frozenset(
    {
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "fc",
        "flexVolume",
        "flocker",
        "gcePersistentDisk",
        "gitRepo",
        "glusterfs",
        "hostPath",
        "image",
        "iscsi",
        "nfs",
        "persistentVolumeClaim",
        "photonPersistentDisk",
        "portworxVolume",
        "projected",
        "quobyte",
        "rbd",
        "scaleIO",
        "secret",
        "storageos",
        "vsphereVolume",
    }
)


def decode_pod(spec: Fields, metadata: Fields) -> PodSpec:
    """The pod that `spec` and `metadata` describe."""
    labels, annotations = metadata.labels("labels"), metadata.string_map("annotations")
    return replace(_SPECS.of(spec), meta_path=metadata.path, labels=labels, annotations=annotations)


def _spec(spec: Fields) -> PodSpec:
    """The pod without its metadata."""
    return PodSpec(
        path=spec.path,
        meta_path=(),
        labels={},
        annotations={},
        host_network=spec.flag("hostNetwork") or False,
        host_pid=spec.flag("hostPID") or False,
        host_ipc=spec.flag("hostIPC") or False,
        host_users=spec.flag("hostUsers"),
        os=spec.child("os").text("name"),
        service_account=spec.text("serviceAccountName") or spec.text("serviceAccount") or "default",
        automount_token=spec.flag("automountServiceAccountToken"),
        security=_security(spec),
        volumes=tuple(_volume(volume) for volume in spec.children("volumes")),
        containers=tuple(
            _container(container, role) for role in ContainerRole for container in spec.children(role.value)
        ),
        node_name=spec.text("nodeName") or "",
        priority_class=spec.text("priorityClassName") or "",
        restart_policy=spec.text("restartPolicy") or "Always",
        share_process_namespace=spec.flag("shareProcessNamespace") or False,
        spread=any(True for _ in spec.children("topologySpreadConstraints"))
        or bool(spec.child("affinity").child("podAntiAffinity").keys()),
    )


_SPECS = Repeated(_spec)


def _container(fields: Fields, role: ContainerRole) -> Container:
    resources = fields.child("resources")
    return Container(
        path=fields.path,
        role=role,
        name=fields.text("name") or "",
        image=fields.text("image") or "",
        pull_policy=fields.text("imagePullPolicy"),
        command=fields.strings("command"),
        args=fields.strings("args"),
        env=tuple(_variable(variable) for variable in fields.children("env")),
        env_from=tuple(source for entry in fields.children("envFrom") for source in _env_from(entry)),
        ports=tuple(_port(port) for port in fields.children("ports")),
        resources=Quantities(resources.quantities("requests"), resources.quantities("limits")),
        security=_security(fields),
        mounts=tuple(_mount(mount) for mount in fields.children("volumeMounts")),
        probes=tuple(_probes(fields)),
        restart_always=fields.text("restartPolicy") == "Always",
    )


def _security(owner: Fields) -> Security:
    present = "securityContext" in owner
    if not present:
        return _NO_SECURITY
    context = owner.child("securityContext")
    capabilities = context.child("capabilities")
    seccomp = context.child("seccompProfile")
    selinux = context.child("seLinuxOptions")
    return Security(
        present=True,
        privileged=context.flag("privileged"),
        allow_privilege_escalation=context.flag("allowPrivilegeEscalation"),
        run_as_user=context.integer("runAsUser"),
        run_as_group=context.integer("runAsGroup"),
        run_as_non_root=context.flag("runAsNonRoot"),
        read_only_root=context.flag("readOnlyRootFilesystem"),
        capabilities_add=capabilities.strings("add"),
        capabilities_drop=capabilities.strings("drop"),
        proc_mount=context.text("procMount"),
        seccomp=seccomp.text("type"),
        seccomp_profile=seccomp.text("localhostProfile"),
        apparmor=context.child("appArmorProfile").text("type"),
        selinux=SELinux(selinux.text("type") or "", selinux.text("user") or "", selinux.text("role") or "")
        if "seLinuxOptions" in context
        else None,
        host_process=context.child("windowsOptions").flag("hostProcess"),
        fs_group=context.integer("fsGroup"),
        supplemental_groups=context.integers("supplementalGroups"),
        sysctls=tuple((s.text("name") or "", s.text("value") or "") for s in context.children("sysctls")),
    )


_NO_SECURITY = Security(present=False)


def _variable(fields: Fields) -> EnvVar:
    source = fields.child("valueFrom")
    kind = next(iter(source.keys()), None)
    reference = source.child(kind) if kind else source
    return EnvVar(
        index=fields.index,
        name=fields.text("name") or "",
        value=fields.text("value"),
        source=kind,
        source_name=reference.text("name") or reference.text("containerName") if kind else None,
        source_key=reference.text("key") or reference.text("fieldPath") or reference.text("resource") if kind else None,
    )


def _env_from(fields: Fields) -> Iterator[EnvFrom]:
    for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
        if key in fields:
            yield EnvFrom(fields.index, kind, fields.child(key).text("name") or "")


def _port(fields: Fields) -> ContainerPort:
    return ContainerPort(
        index=fields.index,
        name=fields.text("name") or "",
        container_port=fields.integer("containerPort") or 0,
        host_port=fields.integer("hostPort") or 0,
        host_ip=fields.text("hostIP") or "",
        protocol=fields.text("protocol") or "TCP",
    )


def _mount(fields: Fields) -> VolumeMount:
    return VolumeMount(
        index=fields.index,
        name=fields.text("name") or "",
        mount_path=fields.text("mountPath") or "",
        read_only=fields.flag("readOnly") or False,
        sub_path=fields.text("subPath") or "",
        sub_path_expr=fields.text("subPathExpr") or "",
        propagation=fields.text("mountPropagation") or "",
    )


def _probes(container: Fields) -> Iterator[Probe]:
    for name in PROBES:
        if name in container:
            yield from _handlers(container.child(name), (name,))
    lifecycle = container.child("lifecycle")
    for name in HOOKS:
        if name in lifecycle:
            yield from _handlers(lifecycle.child(name), ("lifecycle", name))


def _handlers(fields: Fields, place: tuple[str, ...]) -> Iterator[Probe]:
    """One for each action; the API allows one only, but what it refuses must not hide the other."""
    actions = [action for action in ACTIONS if action in fields]
    patience, timeout = (0, None) if place[0] == "lifecycle" else (_patience(fields), fields.integer("timeoutSeconds"))
    for action in actions:
        handler = fields.child(action)
        host, port = handler.text("host"), handler.integer_or_text("port")
        yield Probe(place, action, host, port, fields.value(action), patience, timeout)
    if not actions:
        yield Probe(place, "", None, None, None, patience, timeout)


def _patience(probe: Fields) -> int:
    """The seconds until a container that never answers is given up; what is absent or 0 has the API's default."""
    period, failures = probe.integer("periodSeconds") or 10, probe.integer("failureThreshold") or 3
    return (probe.integer("initialDelaySeconds") or 0) + period * failures


def _volume(fields: Fields) -> Volume:
    sources = [key for key in fields.keys() if key in SOURCES and _is_mapping(fields, key)]  # noqa: SIM118
    host = fields.child("hostPath")
    projected = [*fields.child("projected").children("sources")]
    return Volume(
        path=fields.path,
        name=fields.text("name") or "",
        source=sources[0] if sources else "emptyDir",
        host_path=host.text("path") or "",
        host_path_type=host.text("type") or "",
        secret=fields.child("secret").text("secretName") or _first_name(projected, "secret"),
        config_map=fields.child("configMap").text("name") or _first_name(projected, "configMap"),
        claim=fields.child("persistentVolumeClaim").text("claimName") or "",
        size_limit=fields.child("emptyDir").quantity("sizeLimit") or "",
        extra_sources=tuple(sources[1:]),
        token=any("serviceAccountToken" in source for source in projected),
        projected=tuple(_projected(projected)),
    )


def _is_mapping(fields: Fields, key: str) -> bool:
    if isinstance(fields.value(key), dict):
        return True
    if key not in {"hostPath", "projected", "secret", "configMap", "persistentVolumeClaim", "emptyDir"}:
        fields.child(key)  # says that the type is wrong; the others are read, and say it, below
    return False


def _first_name(sources: list[Fields], kind: str) -> str:
    return next((name for source in sources if (name := source.child(kind).text("name"))), "")


def _projected(sources: list[Fields]) -> Iterator[tuple[str, str]]:
    for source in sources:
        for key, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
            if key in source and (name := source.child(key).text("name")):
                yield kind, name
