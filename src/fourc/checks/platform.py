"""Platform programs: what their documentation asks for is no finding, what the provider reconciles gets no patch."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.finding import Finding
from fourc.model.infrastructure import Infrastructure, Need, recognise
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text

_HOST_FIELDS = {"hostNetwork": Need.HOST_NETWORK, "hostPID": Need.HOST_PID, "hostIPC": Need.HOST_IPC}
_ROOT_RULES = frozenset(
    {"may-run-as-root", "runs-as-root-user", "privilege-escalation-allowed", "writable-root-filesystem"}
)
_PRIVILEGED_RULES = frozenset({
    "privileged-container", "seccomp-not-set", "seccomp-unconfined", "apparmor-disabled", "selinux-custom-type",
    "mount-propagation-bidirectional", "proc-mount-unmasked",
})  # fmt: skip
_PATH_RULES = frozenset({"host-path-volume", "sensitive-host-path", "restricted-volume-type", "unsafe-sub-path"})
# How an agent on every node, or a program of the cluster or its provider, is sized, probed, separated and hardened is its
# publisher's choice: no document asks for it or against it, and an edit would be undone by the next update.
_LEFT_TO_PUBLISHER = frozenset({
    "missing-cpu-limit", "missing-cpu-request", "missing-memory-limit", "missing-memory-request",
    "missing-ephemeral-storage-limit", "limit-without-request", "startup-cpu-contention",
    "missing-liveness-probe", "missing-readiness-probe", "single-replica", "no-disruption-budget",
    "workload-without-policy", "namespace-without-default-deny", "namespace-without-limit-range",
    "namespace-without-quota", "capabilities-not-dropped", "seccomp-not-set", "token-not-needed",
    "may-run-as-root", "writable-root-filesystem", "privilege-escalation-allowed",
})  # fmt: skip
_RECONCILED = Text(
    "the provider manages {n} and would undo an edit; ask for the change in the provider's console",
    "{n} 由云厂商管理，修改会被还原；请在云厂商控制台中调整",
)


class Sorted(Struct, frozen=True):
    """Findings that count, findings that are a platform program's own affair, and these programs by name.

    Its own affair is what its documentation asks for, and of node agents and providers' programs how they are set up.
    """

    kept: tuple[Finding, ...]
    explained: tuple[Finding, ...]
    programs: tuple[tuple[Ref, Infrastructure], ...]


def sort_out(inventory: Inventory, findings: Iterable[Finding]) -> Sorted:
    """Take out what recognised platform programs need by their documentation."""
    known = {w.meta.ref: (w, i) for w in inventory.workloads if (i := recognise(w)) is not None}
    kept: list[Finding] = []
    explained: list[Finding] = []
    for finding in findings:
        if finding.subject not in known:
            kept.append(finding)
            continue
        workload, program = known[finding.subject]
        if _needed(finding, workload, program):
            explained.append(finding)
        elif program.provider_reconciled and isinstance(finding.fix, Remedy):
            kept.append(replace(finding, fix=NoFix(_RECONCILED.of(n=program.name), finding.fix.kind)))
        else:
            kept.append(finding)
    return Sorted(
        tuple(kept), tuple(explained), tuple(sorted(((r, i) for r, (_, i) in known.items()), key=lambda p: p[0]))
    )


def _needed(finding: Finding, workload: Workload, program: Infrastructure) -> bool:
    rule, detail = finding.rule, finding.detail
    of_the_cluster = workload.meta.kind == "DaemonSet" or workload.meta.namespace == "kube-system"
    if rule in _LEFT_TO_PUBLISHER and (of_the_cluster or program.provider_reconciled):
        return True
    if rule in _PATH_RULES:
        return _path_needed(detail, workload, program)
    if rule == "capabilities-not-dropped":
        return program.needs(Need.PRIVILEGED) or any(kind is Need.CAPABILITY for kind, _ in program.documented)
    if rule in _ROOT_RULES:
        return program.needs(Need.ROOT) or program.needs(Need.PRIVILEGED)
    need = _need_of(rule, detail)
    return need is not None and program.needs(*need)


def _need_of(rule: str, detail: str) -> tuple[Need, str] | None:
    """The need that would explain a finding, with its detail."""
    if rule in _PRIVILEGED_RULES:
        return Need.PRIVILEGED, ""
    port = detail.split(":")[-2] if ":" in detail else detail
    return {
        "host-namespace": (_HOST_FIELDS.get(detail, Need.HOST_IPC), ""),
        "host-port": (Need.HOST_PORT, port),
        "dangerous-capability": (Need.CAPABILITY, detail),
        "host-takeover-capability": (Need.CAPABILITY, detail),
        # On the node's network a probe must name the address where the program listens: node-local-dns answers on
        # 169.254.20.10 only, and without the line its probe fails and the node has no DNS.
        "probe-to-other-host": (Need.HOST_NETWORK, ""),
        "token-not-needed": (Need.API, ""),
        "default-service-account": (Need.API, ""),
    }.get(rule)


def _path_needed(volume: str, workload: Workload, program: Infrastructure) -> bool:
    """Whether the node's path behind the volume may be read, or written where a container can write it."""
    path = next((v.host_path for v in workload.pod.volumes if v.name == volume), "")
    writable = any(not mount.read_only for _, mount in workload.pod.mounters(volume))
    return bool(path) and program.needs(Need.WRITE_PATH if writable else Need.READ_PATH, path)
