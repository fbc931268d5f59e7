"""What is found on a node, as findings, each with the exact command that mends it."""

import shlex
from collections.abc import Callable, Mapping

from msgspec import Struct

from fourc.fix.recipes import remedy
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.location import Location, Origin
from fourc.model.package import Distribution, Package
from fourc.model.purl import purl_of
from fourc.model.remedy import ByHand
from fourc.model.subject import PackageId, Ref
from fourc.model.text import Text, same
from fourc.vulns.node_rules import PENDING_UPDATE, REBOOT_NEEDED
from fourc.vulns.pending import Pending

_SECURITY = Text(
    "{name} {installed} is installed, the security update {offered} is not",
    "已安装 {name} {installed}，安全更新 {offered} 尚未安装",
)
_ANY = Text(
    "{name} {installed} is installed, the repository has {offered}; whether for security it does not tell",
    "已安装 {name} {installed}，软件源中有 {offered}；软件源没有说明是否为安全更新",
)
_ADVISORIES = Text("{message} ({ids})", "{message}（{ids}）")
_HELD = Text("{message}; the package is held back", "{message}；该软件包被设为保留")
_RUN = Text("on the node: {command}", "在节点上运行：{command}")
_SHOWN_ADVISORIES = 3

_KERNEL = Text(
    "kernel {running} runs, the newer {newest} is installed: reboot the node",
    "正在运行内核 {running}，已安装更新的 {newest}：请重启节点",
)
_ASKED = Text("the system asks for a reboot", "系统要求重启")
_ASKED_BY = Text("the system asks for a reboot, for {packages}", "系统要求重启，涉及 {packages}")
_REBOOT = Text(
    "drain the node, reboot it, then let it work again: kubectl drain NODE --ignore-daemonsets; reboot; kubectl uncordon NODE",
    "排空节点，重启，再恢复调度：kubectl drain NODE --ignore-daemonsets；reboot；kubectl uncordon NODE",
)
_SHOWN_PACKAGES = 5


class _Tool(Struct, frozen=True):
    """How packages are upgraded: `install` is followed by what `wanted` makes of the package and its version.

    `let_go` is what lets go of a package that is held; empty where installing does.
    """

    install: str
    wanted: Callable[[Package, str], str]
    let_go: str = ""


def _exact(package: Package, version: str) -> str:
    return f"{package.name}={version}"


def _newest(package: Package, _: str) -> str:
    return package.name


def _build(package: Package, version: str) -> str:
    architecture = f".{package.architecture}" if package.architecture else ""
    return f"{package.name}-{version.rpartition(':')[2]}{architecture}"


_DNF = _Tool("dnf upgrade", _build, "dnf versionlock delete")
_YUM = _Tool("yum update", _build, "yum versionlock delete")
_ZYPPER = _Tool("zypper install", _exact, "zypper removelock")
_MANAGERS: Mapping[str, _Tool] = {
    "dpkg": _Tool("apt-get install --only-upgrade", _exact, "apt-mark unhold"),
    "apk": _Tool("apk add --upgrade", _newest),
    "rpm": _DNF,
}
# where rpm packages are not upgraded by dnf, by the ecosystem with its release or without
_OTHERS: Mapping[str, _Tool] = {
    "SUSE": _ZYPPER,
    "openSUSE": _ZYPPER,
    "Photon OS": _Tool("tdnf update", _build),
    "CentOS:7": _YUM,
    "Red Hat:enterprise_linux:7": _YUM,
    "Oracle Linux:7": _YUM,
    "Amazon Linux:2": _YUM,
    "Alibaba Cloud Linux:2": _YUM,
}


def _command(manager: str, package: Package, version: str, *, held: bool) -> str:
    """What installs the version, after what lets go of a package that is held; nothing in it needs filling in."""
    ecosystem = package.ecosystem
    tool = _OTHERS.get(ecosystem) or _OTHERS.get(ecosystem.partition(":")[0]) or _MANAGERS[manager]
    command = f"{tool.install} {shlex.quote(tool.wanted(package, version))}"
    return f"{tool.let_go} {shlex.quote(package.name)} && {command}" if held and tool.let_go else command


class Machine(Struct, frozen=True):
    """What updates wait on: its name, and its distribution where somebody says which it is."""

    name: str
    distribution: Distribution | None = None


def update_finding(pending: Pending, manager: str, path: str, machine: Machine) -> Finding:
    """The finding about one package; `manager` is the form of the database at `path`: dpkg, rpm, apk."""
    package, held = pending.standing.package, pending.standing.held
    words = _SECURITY if pending.offered.security else _ANY
    message = words.of(name=package.name, installed=package.version, offered=pending.offered.version)
    if pending.advisories:
        shown = ", ".join(pending.advisories[:_SHOWN_ADVISORIES])
        more = len(pending.advisories) - _SHOWN_ADVISORIES
        message = _ADVISORIES.of(message=message, ids=f"{shown} +{more}" if more > 0 else shown)
    if held:
        message = _HELD.of(message=message)
    made = remedy("update-node", Ref("Node", None, machine.name))
    rated = pending.severity if pending.severity is not None else PENDING_UPDATE.severity
    return Finding(
        rule=PENDING_UPDATE.id,
        layer=Layer.CLUSTER,
        severity=rated if pending.offered.security else Severity.MEDIUM,
        confidence=Confidence.HIGH if pending.offered.security else Confidence.MEDIUM,
        message=message,
        subject=Ref("Package", None, package.name),
        origin=Origin(path, 0, package.line),
        at=(),
        container=None,
        detail=package.architecture,
        references=pending.references,
        fix=ByHand(
            _RUN.of(command=_command(manager, package, pending.offered.version, held=held)), made.kind, remedy=made
        ),
        location=_at(path, package.line),
        package=PackageId(package.version, purl_of(package, machine.distribution)),
    )


def kernel_finding(node: str, running: str, newest: str) -> Finding:
    """The finding about a kernel that is not the newest one; `newest` is a release, or the version of its package."""
    return _reboot(node, "proc/version", _KERNEL.of(running=running, newest=newest), REBOOT_NEEDED.severity)


def asked_finding(node: str, packages: tuple[str, ...]) -> Finding:
    """The finding about a reboot that the system itself asks for."""
    shown = ", ".join(packages[:_SHOWN_PACKAGES]) + (", ..." if len(packages) > _SHOWN_PACKAGES else "")
    message = _ASKED_BY.of(packages=same(shown)) if packages else _ASKED
    return _reboot(node, "run/reboot-required", message, Severity.MEDIUM)


def _reboot(node: str, path: str, message: Text, severity: Severity) -> Finding:
    made = remedy("reboot-node", Ref("Node", None, node))
    return Finding(
        rule=REBOOT_NEEDED.id,
        layer=Layer.CLUSTER,
        severity=severity,
        confidence=Confidence.HIGH,
        message=message,
        subject=Ref("Node", None, node),
        origin=Origin(path, 0, 0),
        at=(),
        container=None,
        detail="",
        references=REBOOT_NEEDED.references,
        fix=ByHand(_REBOOT, made.kind, remedy=made),
        location=_at(path, 0),
    )


def _at(path: str, line: int) -> Location:
    return Location(path, max(line, 1), 1, max(line, 1), 1)
