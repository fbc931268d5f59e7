"""`scan node`: the security updates that wait on a node, by its own repositories' metadata, and whether it must be rebooted."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from fourc.collect.gaps import file_gap
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.databases import System, read_alone, read_system
from fourc.collect.system.holds import held_names
from fourc.collect.system.installed import Installed
from fourc.collect.system.kernels import Kernels, read_kernels
from fourc.collect.system.offers import Offers
from fourc.collect.system.rooted import Rooted
from fourc.errors import UsageError
from fourc.model.finding import Finding, Severity
from fourc.model.gap import Gap, GapReason
from fourc.model.report import Coverage, Report, Unseen
from fourc.model.text import Text, join, same
from fourc.vulns.kernels import newer_kernel
from fourc.vulns.node_findings import asked_finding, kernel_finding, update_finding
from fourc.vulns.node_rules import NODE_RULES
from fourc.vulns.pending import ORDERS, Pending, Standing, Updates
from fourc.vulns.versions import compare

_ABSENT = Text("{path} does not exist", "{path} 不存在")
_NAME_ROOT = Text(
    "name the root of a node's file system, such as / or where it is mounted",
    "请指定节点文件系统的根，例如 / 或其挂载点",
)
_SPECIAL = Text("it is neither a folder nor a regular file", "它既不是目录也不是普通文件")
_NONE = Text("there is no package database of dpkg, rpm or apk here", "这里没有 dpkg、rpm 或 apk 的软件包数据库")
_NO_METADATA = {
    "dpkg": (
        "var/lib/apt/lists",
        Text(
            "nothing tells which security updates there are: no list of a security suite in {folder}",
            "无法得知有哪些安全更新：{folder} 中没有安全源的列表",
        ),
        Text(
            "on the node: apt-get update (with the security suite in its sources), then scan again",
            "在节点上运行 apt-get update（软件源中须包含安全源），然后重新扫描",
        ),
    ),
    "rpm": (
        "var/cache/dnf",
        Text(
            "nothing tells which security updates there are: no updateinfo.xml in {folder} or the caches of yum, zypper, tdnf",
            "无法得知有哪些安全更新：{folder} 以及 yum、zypper、tdnf 的缓存中没有 updateinfo.xml",
        ),
        Text(
            "on the node: dnf makecache (SUSE: zypper refresh), then scan again; CentOS has no such list, use a database",
            "在节点上运行 dnf makecache（SUSE：zypper refresh），然后重新扫描；CentOS 没有该列表，请配合漏洞数据库扫描",
        ),
    ),
    "apk": (
        "var/cache/apk",
        Text(
            "nothing tells which updates there are: no APKINDEX in {folder}",
            "无法得知有哪些更新：{folder} 中没有 APKINDEX",
        ),
        Text("on the node: apk update, then scan again", "在节点上运行 apk update，然后重新扫描"),
    ),
}
_ALONE = Text(
    "a package database alone tells what is installed, not which security updates there are",
    "单独的软件包数据库只说明装了什么，不说明有哪些安全更新",
)
_WHOLE = Text(
    "scan the node's whole file system, or match the packages with a database: --db FILE",
    "请扫描节点的整个文件系统，或用数据库匹配软件包：--db FILE",
)
_SINCE = Text(
    "updates published after {date}: the node's metadata is of that day",
    "{date} 之后发布的更新：节点的元数据停留在该日",
)
_FETCH = Text("on the node: {command}, then scan again", "在节点上运行 {command}，然后重新扫描")
_FETCHES = {"dpkg": "apt-get update", "rpm": "dnf makecache", "apk": "apk update"}
_RUNNING = Text("which kernel runs: nothing below the root tells", "正在运行的内核：根目录下没有相关信息")
_LOOK = Text("compare `uname -r` on the node with {installed}", "请将节点上 `uname -r` 的结果与 {installed} 比较")

_SHOWN_KERNELS = 5


class NodeScan(Struct, frozen=True):
    """What the person asked for: the root of a node's file system, or a package database that was copied from one."""

    root: str
    severity: Severity = Severity.INFO


class Node(Struct, frozen=True):
    """What was read: the packages, for who matches them with a database, and by a database's path what is offered for them."""

    name: str
    system: System
    offers: Mapping[str, Offers]
    pending: Mapping[str, tuple[Pending, ...]]
    kernels: Kernels
    gaps: tuple[Gap, ...]
    alone: bool = False


def scan_node(scan: NodeScan) -> Report:
    """The report of a run.

    Raises:
        UsageError: there is nothing at the root.
    """
    return report_of(look_at(scan.root), scan)


def look_at(root: str) -> Node:
    """Read the node below the root, or the package database that it is; nothing outside of it is opened.

    Raises:
        UsageError: there is nothing at the root.
    """
    if not os.path.lexists(root):
        raise UsageError(_ABSENT.of(path=root), hint=_NAME_ROOT)
    path = Path(os.path.realpath(root))
    if path.is_dir():
        return _whole(path)
    if path.is_file():
        return _alone(path)
    gap = file_gap(GapReason.UNSUPPORTED, root, _SPECIAL, _NAME_ROOT)
    return Node(path.name, System(None, ()), {}, {}, Kernels(), (gap,))


def _whole(root: Path) -> Node:
    tree = Rooted(root)
    try:
        system = read_system(tree)
        held = held_names(tree)
        offers: dict[str, Offers] = {}
        pending: dict[str, tuple[Pending, ...]] = {}
        for database in system.databases:
            path, form = database.listing.path, database.listing.form
            updates = Updates(ORDERS[form], _standing(database, held))
            offers[path] = _offers(tree, form, updates)
            pending[path] = updates.pending(offers[path].offered)
        kernels = read_kernels(tree)
        name = (tree.read("etc/hostname") or b"")[:253].decode("utf-8", "replace").strip()
    finally:
        tree.close()
    return Node(name or root.name or "node", system, offers, pending, kernels, tuple(tree.gaps))


def _offers(tree: Rooted, form: str, updates: Updates) -> Offers:
    if form == "dpkg":
        from fourc.collect.system.apt_lists import security_lists  # noqa: PLC0415 - a node has one kind of repository

        return security_lists(tree, updates.names)
    if form == "rpm":
        from fourc.collect.system.rpm_caches import cached_updates  # noqa: PLC0415 - the same

        return cached_updates(tree, updates.names, updates.is_newer)
    from fourc.collect.system.apk_index import index_updates  # noqa: PLC0415 - the same

    return index_updates(tree, updates.names)


def _alone(path: Path) -> Node:
    tree = Rooted(path.parent)
    try:
        data = tree.read(path.name)
        system = System(None, ()) if data is None else System(None, (read_alone(path.name, tree, data),))
    except PackagesError as error:
        gap = file_gap(GapReason.MALFORMED, path.name, error.message, error.hint or _WHOLE)
        system = System(None, (), (gap,))
    finally:
        tree.close()
    return Node(path.name, system, {}, {}, Kernels(), tuple(tree.gaps), alone=True)


def report_of(node: Node, scan: NodeScan) -> Report:
    """What there is to say of a node that was read."""
    gaps = [*node.gaps, *node.system.gaps]
    findings: list[Finding] = []
    unseen: list[Unseen] = []
    # the tools of another distribution may lie there with a database of theirs, which is empty
    databases = [database for database in node.system.databases if database.listing.packages]
    if not databases and not gaps:
        gaps.append(file_gap(GapReason.NO_DATA, ".", _NONE, _NAME_ROOT))
    for database in databases:
        form, path = database.listing.form, database.listing.path
        offers = node.offers.get(path, Offers())
        gaps += offers.gaps
        if not offers.sources and not offers.gaps:
            gaps.append(_no_metadata(form, path, alone=node.alone))
        findings += (update_finding(pending, form, path) for pending in node.pending.get(path, ()))
        dates = [source.date for source in offers.sources if source.date]
        if dates:
            unseen.append(Unseen(_SINCE.of(date=min(dates)), _FETCH.of(command=same(_FETCHES[form]))))
    found, unsure = _reboot(node)
    findings += found
    unseen += unsure
    shown = tuple(finding for finding in findings if finding.severity >= scan.severity)
    sources = sum(len(offers.sources) for offers in node.offers.values())
    return Report(
        name=node.name,
        kubernetes_version="",
        findings=shown,
        gaps=tuple(gaps),
        coverage=Coverage(files=len(databases) + sources, unseen=tuple(unseen)),
        pages={rule.id: rule.page for rule in NODE_RULES},
    )


def _standing(database: Installed, held: frozenset[str]) -> list[Standing]:
    return [
        Standing(package, at in database.held or package.name in held, database.modules.get(at, ""))
        for at, package in enumerate(database.listing.packages)
    ]


def _no_metadata(form: str, path: str, *, alone: bool) -> Gap:
    if alone:
        return file_gap(GapReason.NO_DATA, path, _ALONE, _WHOLE)
    folder, message, remedy = _NO_METADATA[form]
    return file_gap(GapReason.NO_DATA, folder, message.of(folder=folder), remedy)


def _reboot(node: Node) -> tuple[list[Finding], list[Unseen]]:
    """At most one finding: a kernel that waits says more than a system that asks."""
    kernels = node.kernels
    newest = newer_kernel(kernels.running, kernels.installed) if kernels.running else None
    newest = newest or _rebuilt(node)
    if newest:
        return [kernel_finding(node.name, kernels.build or kernels.running, newest)], []
    found = [asked_finding(node.name, kernels.asked_by)] if kernels.asked else []
    if kernels.running or not kernels.installed:
        return found, []
    installed = join([same(release) for release in kernels.installed[:_SHOWN_KERNELS]])
    return found, [Unseen(_RUNNING, _LOOK.of(installed=installed))]


def _rebuilt(node: Node) -> str | None:
    """The newer version of the package that the running kernel came from: Debian keeps a kernel's name from build to build."""
    if not node.kernels.build:
        return None
    name = f"linux-image-{node.kernels.running}"
    for database in node.system.databases:
        for package in database.listing.packages:
            if package.name == name and compare(ORDERS["dpkg"], package.version, node.kernels.build) > 0:
                return package.version
    return None
