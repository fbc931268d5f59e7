"""Security updates that packages of a distribution lack, where the database knows its security suite and no advisories."""

import hashlib
from collections.abc import Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.vulnerabilities import Vulnerable
from fourc.fix.recipes import remedy
from fourc.graph.chance import chance_of
from fourc.model.finding import Finding, Layer
from fourc.model.package import Listing, Package
from fourc.model.purl import purl_of
from fourc.model.remedy import ByHand, NoFix, Remedy
from fourc.model.subject import PackageId, Ref
from fourc.model.supply import Urgency, When
from fourc.model.text import Text
from fourc.model.update import Offered
from fourc.model.vulnerability import Vulnerability
from fourc.vulns.commands.system import system_command
from fourc.vulns.database import Database
from fourc.vulns.node_findings import Machine, update_finding
from fourc.vulns.node_rules import PENDING_UPDATE
from fourc.vulns.pending import ORDERS, Pending, Standing
from fourc.vulns.versions import VersionError, compare

RULE = PENDING_UPDATE.id
_WHY = Text(
    "its distribution publishes the new version for security; for which vulnerabilities the database does not tell",
    "发行版因安全原因发布了新版本；数据库没有说明针对哪些漏洞",
)
_KIND = Text("a security update of the distribution", "发行版的安全更新")
_TITLE = Text("Install the security updates of {name}", "安装 {name} 的安全更新")
REBUILD = Text(
    "build it again on today's base image; where that lacks them too, add to its Dockerfile: RUN {command}",
    "基于最新的基础镜像重新构建；若基础镜像也缺少更新，在 Dockerfile 中加入：RUN {command}",
)
_RUN = Text("where they are installed: {command}", "在安装它们的地方运行：{command}")


class _Update(Struct, frozen=True):
    listing: Listing
    package: Package
    offered: str


def with_updates(
    found: Vulnerable, listings: Sequence[Listing], database: Database | None, *, inside: str = ""
) -> tuple[Vulnerable, tuple[Finding, ...]]:
    """The findings about packages older than their distribution's security suite, and what there is to say of these.

    `inside` is the image that the packages are in.
    """
    if database is None:
        return found, ()
    updates = _updates(listings, database)
    if not updates:
        return found, ()
    names: dict[str, list[str]] = {}
    for each in updates:
        names.setdefault(each.package.ecosystem, []).append(each.package.name)
    findings = tuple(_finding(each, names[each.package.ecosystem], inside) for each in updates)
    chance = chance_of([(Vulnerability(RULE, severity=PENDING_UPDATE.severity), False)]).probability
    told = {finding.fingerprint: chance for finding in findings}
    urgency = dict.fromkeys(told, Urgency(When.THIS_SPRINT, _WHY, _KIND))
    supply = replace(found.supply, urgency={**found.supply.urgency, **urgency})
    return replace(found, worth={**found.worth, **told}, supply=supply), findings


def _updates(listings: Sequence[Listing], database: Database) -> list[_Update]:
    offered = cache(lambda ecosystem: None if database.holds(ecosystem) else database.offered(ecosystem))
    seen: set[tuple[str, str, str, str]] = set()
    found = []
    for listing in listings:
        for package in listing.packages:
            suite = offered(package.ecosystem)
            key = (*package.identity, package.architecture)
            if suite is None or key in seen:
                continue
            seen.add(key)
            source = package.source
            name, version = (
                (source.name, source.version or package.version) if source else (package.name, package.version)
            )
            newest = suite.newest.get(name)
            if newest is not None and _is_older(version, newest):
                found.append(_Update(listing, package, newest))
    return found


def _is_older(version: str, newest: str) -> bool:
    try:
        return compare(ORDERS["dpkg"], version, newest) < 0
    except VersionError:
        return False


def _finding(update: _Update, names: list[str], inside: str) -> Finding:
    package, path = update.package, update.package.path or update.listing.path
    pending = Pending(Standing(package), Offered(package.name, update.offered), None, (), ())
    told = f"{RULE}\0{package.ecosystem}\0{package.name}\0{package.version}\0{package.architecture}\0{inside}"
    return replace(
        update_finding(pending, "dpkg", path, Machine(inside or path, update.listing.distribution)),
        layer=Layer.CONTAINER if inside else Layer.CODE,
        fix=_fix(update, names, inside),
        identity=hashlib.sha256(told.encode()).hexdigest()[:16],
        package=PackageId(package.version, purl_of(package, update.listing.distribution)),
    )


def _fix(update: _Update, names: list[str], inside: str) -> Remedy | NoFix:
    ecosystem = update.package.ecosystem
    distribution = update.listing.distribution
    name = ecosystem.replace(":", " ")
    command = system_command(ecosystem, sorted(set(names)), distribution.version if distribution else "")
    owner = Ref("Package", ecosystem.partition(":")[0], name)
    made = remedy("upgrade-package", owner, title=_TITLE.of(name=name))
    return ByHand((REBUILD if inside else _RUN).of(command=command), made.kind, remedy=made)
