"""The Pod Security Standards hold for every Kubernetes minor, as k8s.io/pod-security-admission has them."""

import json
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fourc.checks.api import Check, Judge
from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_stdin
from fourc.collect.manifests.pods import SOURCES
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.remedy import Remedy
from fourc.model.version import NEWEST_MINOR, KubeVersion
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.target import apply_operations

FIXTURES = Path(os.environ.get("FOURC_PSA_FIXTURES", Path(__file__).parents[2].parent / "shared" / "fixtures" / "psa"))
RESTRICTED = frozenset(
    (
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "procMount_restricted",
        "restrictedVolumes",
        "runAsNonRoot",
        "runAsUser",
        "seccompProfile_restricted",
    )
)
BASELINE = frozenset(
    (
        "appArmorProfile",
        "capabilities_baseline",
        "hostNamespaces",
        "hostPathVolumes",
        "hostPorts",
        "hostProbesAndHostLifecycle",
        "privileged",
        "procMount",
        "seLinuxOptions",
        "seccompProfile_baseline",
        "sysctls",
        "windowsHostProcess",
    )
)
ALWAYS = range(NEWEST_MINOR + 1)


def since(minor: int, before: int = NEWEST_MINOR + 1) -> range:
    """The minors from one on, up to but without another."""
    return range(minor, before)


@cache
def checks() -> tuple[Check[Any], ...]:
    """The checks of the standards, and no others, so that the tests say what they mean."""
    return tuple(c for c in all_checks() if any("pss:" in r for r in c.references) or c.id == "proc-mount-unmasked")


def findings(inventory: Inventory, minor: int) -> Iterator[Finding]:
    """What they find, judged for one minor."""
    judge = Judge(inventory, KubeVersion(minor))
    return (f for c in checks() for f in c.run(judge))


def violated(inventory: Inventory, minor: int) -> set[str]:
    """The controls that the findings name."""
    return {r.removeprefix("pss:") for f in findings(inventory, minor) for r in f.references if r.startswith("pss:")}


def files(verdict: str) -> list[Path]:
    """The fixtures of upstream's own tests, where they are at hand."""
    return sorted(FIXTURES.glob(f"*/v1.*/{verdict}/*.yaml"))


def minor_of(file: Path) -> int:
    """The minor that a fixture is for."""
    return KubeVersion.parse(file.parent.parent.name).minor


NO_FIXTURES = "no fixtures of pod-security-admission: name their folder by FOURC_PSA_FIXTURES"


@pytest.mark.skipif(not files("pass"), reason=NO_FIXTURES)
def test_what_upstream_lets_pass_violates_no_control_of_its_level() -> None:
    wrong = {}
    for file in files("pass"):
        controls = BASELINE if file.parts[-4] == "baseline" else BASELINE | RESTRICTED
        found = violated(collect_stdin(file.read_bytes()).inventory, minor_of(file)) & controls
        if found:
            wrong[str(file.relative_to(FIXTURES))] = found
    assert wrong == {}


@pytest.mark.skipif(not files("fail"), reason=NO_FIXTURES)
def test_what_upstream_forbids_violates_the_control_that_it_is_named_after() -> None:
    wrong = {}
    for file in files("fail"):
        named = file.stem.rstrip("0123456789")
        found = {c.lower() for c in violated(collect_stdin(file.read_bytes()).inventory, minor_of(file))}
        if named not in found:
            wrong[str(file.relative_to(FIXTURES))] = found
    assert wrong == {}


GOOD_CONTAINER: dict[str, Json] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
}
GOOD_POD: dict[str, Json] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def pod(
    container: dict[str, Json] | None = None,
    own: dict[str, Json] | None = None,
    spec: dict[str, Json] | None = None,
    annotations: dict[str, Json] | None = None,
    role: str = "containers",
) -> dict[str, Json]:
    """A pod that keeps *restricted*, but for fields of one container, of the pod's securityContext and of its spec."""
    good: dict[str, Json] = {"name": "good", "image": "example.com/good:1", "securityContext": {**GOOD_CONTAINER}}
    container = dict(container or {})
    context = {**GOOD_CONTAINER, **_mapping(container.pop("securityContext", {}))}
    kept: dict[str, Json] = {k: v for k, v in context.items() if v is not None}
    odd: dict[str, Json] = {"name": "odd", "image": "example.com/odd:1", "securityContext": kept, **container}
    whole: dict[str, Json] = {k: v for k, v in {**GOOD_POD, **(own or {})}.items() if v is not None}
    containers: dict[str, Json] = {"containers": [good], role: [odd]}
    metadata: dict[str, Json] = {"name": "p", "annotations": annotations or {}}
    body: dict[str, Json] = {"securityContext": whole, **containers, **(spec or {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": body}


def _mapping(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def context(**fields: Json) -> dict[str, Json]:
    """A container's securityContext; None takes a good field away."""
    return {"securityContext": dict(fields)}


def added(name: str) -> dict[str, Json]:
    """A container that drops everything and adds one capability."""
    return context(capabilities={"drop": ["ALL"], "add": [name]})


def sysctl(name: str) -> dict[str, Json]:
    """A pod's securityContext with one kernel parameter."""
    return {"sysctls": [{"name": name, "value": "1"}]}


def volume(source: str | None) -> dict[str, Json]:
    """A pod with one volume."""
    return {"volumes": [{"name": "v"} if source is None else {"name": "v", source: {}}]}


WINDOWS: dict[str, Json] = {"os": {"name": "windows"}}
OWN_USERS: dict[str, Json] = {"hostUsers": False}
SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
BOTH_CAPABILITIES = {"capabilities_baseline": ALWAYS, "capabilities_restricted": since(22)}
BOTH_SECCOMP = {"seccompProfile_baseline": since(19), "seccompProfile_restricted": since(19)}

ALLOWED_VOLUMES = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
}

# A pod and, for every control that it violates, the minors in which it does; upstream's rules, one line each.
TABLE: dict[str, tuple[dict[str, Json], dict[str, range]]] = {
    "good": (pod(), {}),
    "privileged": (pod(context(privileged=True)), {"privileged": ALWAYS}),
    "privileged init": (pod(context(privileged=True), role="initContainers"), {"privileged": ALWAYS}),
    "privileged ephemeral": (pod(context(privileged=True), role="ephemeralContainers"), {"privileged": ALWAYS}),
    "network": (pod(spec={"hostNetwork": True}), {"hostNamespaces": ALWAYS}),
    "network with a port": (
        pod({"ports": [{"containerPort": 80}]}, spec={"hostNetwork": True}),
        {"hostNamespaces": ALWAYS, "hostPorts": ALWAYS},
    ),
    "processes": (pod(spec={"hostPID": True}), {"hostNamespaces": ALWAYS}),
    "memory": (pod(spec={"hostIPC": True}), {"hostNamespaces": ALWAYS}),
    "port": (pod({"ports": [{"containerPort": 1, "hostPort": 2}]}), {"hostPorts": ALWAYS}),
    "port zero": (pod({"ports": [{"containerPort": 1, "hostPort": 0}]}), {}),
    "escalation unset": (
        pod(context(allowPrivilegeEscalation=None)),
        {"allowPrivilegeEscalation": since(8)},
    ),
    "escalation on windows": (
        pod(context(allowPrivilegeEscalation=None), spec=WINDOWS),
        {"allowPrivilegeEscalation": since(8, 25)},
    ),
    "nothing dropped": (pod(context(capabilities=None)), {"capabilities_restricted": since(22)}),
    "dropped in small letters": (
        pod(context(capabilities={"drop": ["all"]})),
        {"capabilities_restricted": since(22)},
    ),
    "nothing dropped on windows": (
        pod(context(capabilities=None), spec=WINDOWS),
        {"capabilities_restricted": since(22, 25)},
    ),
    "adds NET_BIND_SERVICE": (pod(added("NET_BIND_SERVICE")), {}),
    "adds CHOWN": (pod(added("CHOWN")), {"capabilities_restricted": since(22)}),
    "adds NET_RAW": (pod(added("NET_RAW")), BOTH_CAPABILITIES),
    "adds ALL": (pod(added("ALL")), BOTH_CAPABILITIES),
    "adds CAP_CHOWN": (pod(added("CAP_CHOWN")), BOTH_CAPABILITIES),
    "adds SYS_ADMIN on windows": (
        pod(added("SYS_ADMIN"), spec=WINDOWS),
        {"capabilities_baseline": ALWAYS, "capabilities_restricted": since(22, 25)},
    ),
    "non-root unset": (pod(own={"runAsNonRoot": None}), {"runAsNonRoot": ALWAYS}),
    "non-root unset, own users": (
        pod(own={"runAsNonRoot": None}, spec=OWN_USERS),
        {"runAsNonRoot": since(0, 35)},
    ),
    "non-root refused by one": (pod(context(runAsNonRoot=False)), {"runAsNonRoot": ALWAYS}),
    "user 0": (pod(own={"runAsUser": 0}), {"runAsUser": since(23)}),
    "user 0, own users": (pod(context(runAsUser=0), spec=OWN_USERS), {"runAsUser": since(23, 35)}),
    "user 1": (pod(own={"runAsUser": 1}), {}),
    "filter unset": (pod(own={"seccompProfile": None}), {"seccompProfile_restricted": since(19)}),
    "filter unset on windows": (
        pod(own={"seccompProfile": None}, spec=WINDOWS),
        {"seccompProfile_restricted": since(19, 25)},
    ),
    "filter off": (pod(own={"seccompProfile": {"type": "Unconfined"}}), BOTH_SECCOMP),
    "filter off in one": (pod(context(seccompProfile={"type": "Unconfined"})), BOTH_SECCOMP),
    "filter off on windows": (
        pod(context(seccompProfile={"type": "Unconfined"}), spec=WINDOWS),
        {"seccompProfile_baseline": since(19), "seccompProfile_restricted": since(19, 25)},
    ),
    "filter of its own": (pod(context(seccompProfile={"type": "Localhost"})), {}),
    "filter off by annotation": (
        pod(annotations={SECCOMP: "unconfined"}),
        {"seccompProfile_baseline": since(0, 19)},
    ),
    "empty filter annotation": (pod(annotations={SECCOMP: ""}), {"seccompProfile_baseline": since(0, 19)}),
    "docker's filter": (pod(annotations={SECCOMP: "docker/default"}), {}),
    "AppArmor off": (pod(own={"appArmorProfile": {"type": "Unconfined"}}), {"appArmorProfile": ALWAYS}),
    "AppArmor off in one": (
        pod(context(appArmorProfile={"type": "Unconfined"}), role="ephemeralContainers"),
        {"appArmorProfile": ALWAYS},
    ),
    "AppArmor off for nobody": (
        pod(annotations={f"{APPARMOR}nobody": "unconfined"}),
        {"appArmorProfile": ALWAYS},
    ),
    "AppArmor of its own": (pod(annotations={f"{APPARMOR}odd": "localhost/x", f"{APPARMOR}good": ""}), {}),
    "SELinux engine": (
        pod(own={"seLinuxOptions": {"type": "container_engine_t"}}),
        {"seLinuxOptions": since(0, 31)},
    ),
    "SELinux virtual machine": (pod(own={"seLinuxOptions": {"type": "container_kvm_t", "level": "s0"}}), {}),
    "SELinux type": (pod(context(seLinuxOptions={"type": "spc_t"})), {"seLinuxOptions": ALWAYS}),
    "SELinux user": (pod(own={"seLinuxOptions": {"user": "u"}}), {"seLinuxOptions": ALWAYS}),
    "SELinux role": (pod(own={"seLinuxOptions": {"role": "r"}}), {"seLinuxOptions": ALWAYS}),
    "unmasked": (
        pod(context(procMount="Unmasked")),
        {"procMount": ALWAYS, "procMount_restricted": since(35)},
    ),
    "unmasked, own users": (
        pod(context(procMount="Unmasked"), spec=OWN_USERS),
        {"procMount": since(0, 35), "procMount_restricted": since(35)},
    ),
    "masked": (pod(context(procMount="Default")), {}),
    "host process": (
        pod(own={"windowsOptions": {"hostProcess": True}}),
        {"windowsHostProcess": ALWAYS},
    ),
    "host process in one": (
        pod(context(windowsOptions={"hostProcess": True}), role="initContainers"),
        {"windowsHostProcess": ALWAYS},
    ),
    "probe": (
        pod({"livenessProbe": {"httpGet": {"host": "h", "port": 80}}}),
        {"hostProbesAndHostLifecycle": since(34)},
    ),
    "probe by TCP": (
        pod({"startupProbe": {"tcpSocket": {"host": "h", "port": 80}}}, role="initContainers"),
        {"hostProbesAndHostLifecycle": since(34)},
    ),
    "hook": (
        pod({"lifecycle": {"preStop": {"httpGet": {"host": "h", "port": 80}}}}),
        {"hostProbesAndHostLifecycle": since(34)},
    ),
    "probe of itself": (pod({"readinessProbe": {"httpGet": {"host": "", "port": 80}}}), {}),
    "host path": (pod(spec=volume("hostPath")), {"hostPathVolumes": ALWAYS, "restrictedVolumes": ALWAYS}),
    "volume without source": (pod(spec=volume(None)), {}),
    **{f"volume {source}": (pod(spec=volume(source)), {}) for source in sorted(ALLOWED_VOLUMES)},
    **{
        f"volume {source}": (pod(spec=volume(source)), {"restrictedVolumes": ALWAYS})
        for source in sorted(SOURCES - ALLOWED_VOLUMES - {"hostPath"})
    },
    **{
        f"sysctl {name}": (pod(own=sysctl(name)), {"sysctls": since(0, allowed)})
        for name, allowed in (
            ("kernel.shm_rmid_forced", 0),
            ("net.ipv4.ip_local_port_range", 0),
            ("net.ipv4.tcp_syncookies", 0),
            ("net.ipv4.ping_group_range", 0),
            ("net.ipv4.ip_unprivileged_port_start", 0),
            ("net.ipv4.ip_local_reserved_ports", 27),
            ("net.ipv4.tcp_keepalive_time", 29),
            ("net.ipv4.tcp_fin_timeout", 29),
            ("net.ipv4.tcp_keepalive_intvl", 29),
            ("net.ipv4.tcp_keepalive_probes", 29),
            ("net.ipv4.tcp_rmem", 32),
            ("net.ipv4.tcp_wmem", 32),
            ("net.ipv4.tcp_slow_start_after_idle", 37),
            ("net.ipv4.tcp_notsent_lowat", 37),
            ("kernel.msgmax", NEWEST_MINOR + 1),
            ("net/ipv4/tcp_syncookies", NEWEST_MINOR + 1),
        )
    },
}


def collected(data: dict[str, Json]) -> Inventory:
    """The facts of one object."""
    return collect_stdin(json.dumps(data).encode()).inventory


@pytest.mark.parametrize("name", TABLE)
def test_every_minor_judges_as_the_rules_of_that_minor_say(name: str) -> None:
    data, controls = TABLE[name]
    inventory = collected(data)
    wanted = {minor: {c for c, minors in controls.items() if minor in minors} for minor in ALWAYS}
    assert {minor: violated(inventory, minor) for minor in ALWAYS} == wanted


def test_every_control_of_the_standards_is_in_the_table() -> None:
    assert {c for _, controls in TABLE.values() for c in controls} == BASELINE | RESTRICTED


IMAGES = ("nginx:1.27", "mysql:8.4", "node:20", "redis:7.2", "prom/node-exporter:v1.8.2", "grafana/grafana:11.0.0")


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("image", [*IMAGES, "example.com/odd:1"])
def test_a_fix_ends_its_finding_and_makes_no_new_one(name: str, image: str) -> None:
    data = with_image(TABLE[name][0], image)
    for minor in (18, NEWEST_MINOR):
        found = list(findings(collected(data), minor))
        before = {f.fingerprint for f in found}
        for finding in found:
            if isinstance(finding.fix, Remedy):
                mended = _mapping(apply_operations(data, finding.fix.operations))
                after = {f.fingerprint for f in findings(collected(mended), minor)}
                assert finding.fingerprint not in after
                assert after < before


@pytest.mark.parametrize("image", IMAGES)
def test_all_fixes_together_end_all_findings_in_whatever_order(image: str) -> None:
    everything = with_image(
        pod(
            context(
                privileged=True,
                allowPrivilegeEscalation=None,
                procMount="Unmasked",
                runAsUser=0,
                runAsNonRoot=False,
                capabilities={"add": ["CHOWN", "CAP_SYS_ADMIN", "NET_BIND_SERVICE"], "drop": ["NET_RAW"]},
                seccompProfile={"type": "Unconfined"},
                appArmorProfile={"type": "Unconfined"},
                seLinuxOptions={"type": "spc_t", "role": "r"},
            )
            | {"ports": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81}]},
            {"runAsNonRoot": False, "runAsUser": 0, "seccompProfile": None, **sysctl("kernel.msgmax")},
            {"hostNetwork": True, "hostPID": True, "volumes": [{"name": "v", "hostPath": {"path": "/srv"}}]},
            {f"{APPARMOR}good": "unconfined"},
        ),
        image,
    )
    found = list(findings(collected(everything), NEWEST_MINOR))
    stays = {f.fingerprint for f in found if not isinstance(f.fix, Remedy)}
    results = set()
    for seed in range(20):
        random.Random(seed).shuffle(found)  # noqa: S311 - an order, not a secret
        mended: Json = everything
        for finding in found:
            if isinstance(finding.fix, Remedy):
                mended = apply_operations(mended, finding.fix.operations)
        results.add(json.dumps(mended, sort_keys=True))
        assert {f.fingerprint for f in findings(collected(_mapping(mended)), NEWEST_MINOR)} == stays
    assert len(results) == 1


def with_image(data: dict[str, Json], image: str) -> dict[str, Json]:
    """The pod with the image in every container."""
    text = json.dumps(data).replace("example.com/odd:1", image).replace("example.com/good:1", image)
    return _mapping(json.loads(text))
