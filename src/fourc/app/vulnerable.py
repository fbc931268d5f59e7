"""Matches as findings: one for each package and vulnerability, with every file in which the package stands."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from fourc.model.finding import Confidence, Finding, Layer
from fourc.model.location import Location, Origin
from fourc.model.package import Listing, Package
from fourc.model.purl import purl_of
from fourc.model.remedy import NoFix, Remedy
from fourc.model.subject import PackageId, Ref
from fourc.model.text import Text, same
from fourc.model.vulnerability import Match, Vulnerability
from fourc.vulns.ways import Ways

RULE = "vulnerable-package"

_SAID = Text("{package} {version} has {id}{summary}{dev}", "{package} {version} 存在 {id}{summary}{dev}")
_DEV = Text(" (needed for development only)", "（仅开发时需要）")
_EXPLOITED = Text(" (attackers use it)", "（已被攻击者利用）")

PAGE = Text(
    """\
A package in use has a vulnerability that everybody can look up.

## Why it matters

Attackers try known vulnerabilities first, because they come with instructions. How likely that is differs by thousands: what is
listed as exploited (CISA's KEV) or has a high EPSS score comes first, most others can wait for the next ordinary upgrade.

## What the fix changes

The version of the package that the project names itself, to the smallest one that clears the most. Where a lock file holds
hashes, the command that writes it anew is given instead. A patch release mends faults; a larger step may change what
the program used, so run the project's tests.

## When to allow it

When the vulnerable part is never called, or nothing that an attacker sends reaches it. Say so with a reason:
`fourc ignore ID --reason "..." --until DATE`, or in a VEX document (`--vex FILE`).
""",
    """\
正在使用的软件包存在公开已知的漏洞。

## 为什么重要

攻击者首先尝试已知漏洞，因为它们附有利用方法。可能性相差千倍：
被列为已遭利用（CISA KEV）或 EPSS 分数高的优先处理，其余大多可以等到下一次常规升级。

## 修复会改变什么

项目自己声明的软件包版本，改为能清除最多漏洞的最小版本。若锁文件含有哈希，则给出重新生成它的命令。补丁版本只修复缺陷；更大的升级可能改变程序用到的功能，请运行项目的测试。

## 何时可以允许

当有漏洞的部分从不被调用，或攻击者发送的内容到不了那里时。请写明理由：
`fourc ignore ID --reason "..." --until DATE`，或写在 VEX 文档中（`--vex FILE`）。
""",
)


Mend = Callable[[Match], Remedy | NoFix]
"""What mends a match."""


class Sighting(Struct, frozen=True):
    """A package in a listing, at its position there."""

    listing: Listing
    at: int
    package: Package

    @property
    def location(self) -> Location:
        """Where it stands; the start of the file where the format has no lines."""
        line = max(1, self.package.line)
        return Location(self.package.path or self.listing.path, line, 1, line, 1)

    @property
    def direct(self) -> bool | None:
        """Whether the project asks for it itself, None where nothing tells."""
        return None if self.listing.direct is None else self.at in self.listing.direct


Sightings = Mapping[tuple[str, str, str], Sequence[Sighting]]
"""Where every package stands, by its identity."""


def sightings(listings: Iterable[Listing]) -> Sightings:
    """Where every package stands, in the order of the listings."""
    found: dict[tuple[str, str, str], list[Sighting]] = defaultdict(list)
    for listing in listings:
        for at, package in enumerate(listing.packages):
            found[package.identity].append(Sighting(listing, at, package))
    return found


class Telling:
    """Makes findings of matches; `inside` is the image they were found in."""

    def __init__(self, seen: Sightings, mend: Mend, *, layer: Layer = Layer.CODE, inside: str = "") -> None:
        self._seen = seen
        self._mend = mend
        self._layer = layer
        self._inside = inside
        self._used: dict[str, int] = {}
        self._ways: dict[int, Ways] = {}

    def finding(self, match: Match) -> Finding:
        """The finding of a match; matches are told in a fixed order, since their fingerprints count what came before."""
        package, vulnerability = match.package, match.vulnerability
        seen = self._seen[package.identity]
        places = tuple(dict.fromkeys(sighting.location for sighting in seen))
        dev = all(sighting.package.dev for sighting in seen)
        said = _SAID.of(
            package=package.name,
            version=package.version,
            id=known_as(vulnerability),
            summary=same(f": {vulnerability.summary}" if vulnerability.summary else ""),
            dev=_EXPLOITED if vulnerability.kev else _DEV if dev else same(""),
        )
        return Finding(
            rule=RULE,
            layer=self._layer,
            severity=vulnerability.severity,
            confidence=Confidence.HIGH,
            message=said,
            subject=Ref("Package", None, package.name),
            origin=Origin(places[0].path, 0, places[0].line),
            at=(),
            container=None,
            detail=vulnerability.id,
            references=references_of(vulnerability),
            fix=self._mend(match),
            location=places[0],
            places=places[1:],
            identity=self._identity(package, vulnerability),
            package=self._package_id(seen, dev=dev),
        )

    def _package_id(self, seen: Sequence[Sighting], *, dev: bool) -> PackageId:
        """Of a package that is asked for somewhere, nobody needs to know what else brings it in."""
        known = [sighting.direct for sighting in seen if sighting.direct is not None]
        direct = any(known) if known else None
        via: tuple[Package, ...] = ()
        if direct is False:
            first = next(sighting for sighting in seen if sighting.direct is False)
            ways = self._ways.get(id(first.listing)) or self._ways.setdefault(id(first.listing), Ways(first.listing))
            via = ways.via(first.at)
        purl = purl_of(seen[0].package, seen[0].listing.distribution)
        return PackageId(seen[0].package.version, purl, direct, dev, tuple(f"{p.name}@{p.version}" for p in via))

    def _identity(self, package: Package, vulnerability: Vulnerability) -> str:
        """The fingerprint: the version is no part of it, so that an upgrade which mends nothing is no news.

        Of several versions that are there at once, all but the first are told apart by their number.
        """
        whole = f"{RULE}\0{package.ecosystem}\0{package.name}\0{vulnerability.id}\0{self._inside}"
        count = self._used[whole] = self._used.get(whole, 0) + 1
        numbered = whole if count == 1 else f"{whole}\0{count}"
        return hashlib.sha256(numbered.encode()).hexdigest()[:16]


def known_as(vulnerability: Vulnerability) -> str:
    """The id that people look up: the CVE's, where there is one; of several none is what the advisory is about."""
    cves = [i for i in (vulnerability.id, *vulnerability.aliases) if i.startswith("CVE-")]
    return cves[0] if len(cves) == 1 else vulnerability.id


def references_of(vulnerability: Vulnerability) -> tuple[str, ...]:
    """The id and every alias in the form of the report's contract."""
    ids = dict.fromkeys((vulnerability.id, *vulnerability.aliases))
    return tuple(f"{'cve' if i.startswith('CVE-') else 'osv'}:{i}" for i in ids)
