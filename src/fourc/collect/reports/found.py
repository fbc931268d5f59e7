"""What a report of another scanner tells, in our words."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.finding import Severity
from fourc.model.package import Listing, Package
from fourc.model.text import Text
from fourc.model.vulnerability import Match, Vulnerability

SEVERITIES = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "negligible": Severity.INFO,
}
"""By the scanners' words; what they do not know counts as medium, as in advisories without a score."""


class ReportError(FourcError):
    """A file that should be a report of another scanner cannot be understood."""


class Imported(Struct, frozen=True):
    """What a report tells: packages by the file that they stand in, which have which vulnerability, and the image if it is one.

    `unidentified` are the entries whose package cannot be told.
    """

    scanner: str
    listings: tuple[Listing, ...]
    matches: tuple[Match, ...]
    image: str = ""
    digest: str = ""
    unidentified: int = 0


def refused(path: str, why: Text) -> ReportError:
    """The error of a report that cannot be read."""
    return ReportError(
        Text("{path} cannot be read as a report: {why}", "{path} 无法作为报告读取：{why}").of(path=path, why=why),
        hint=Text(
            "make it with `trivy image --format json --list-all-pkgs` or `grype -o json`",
            "请用 `trivy image --format json --list-all-pkgs` 或 `grype -o json` 生成",
        ),
    )


def severity_of(word: str) -> Severity:
    """Our severity for a scanner's word."""
    return SEVERITIES.get(word.lower(), Severity.MEDIUM)


def once(matches: list[Match]) -> tuple[Match, ...]:
    """The matches without repetition: what has the same package and vulnerability is one."""
    found: dict[tuple[tuple[str, str, str], str], Match] = {}
    for match in matches:
        found.setdefault((match.package.identity, match.vulnerability.id), match)
    return tuple(found.values())


def packages_once(packages: Mapping[tuple[str, str, str], Package]) -> tuple[Package, ...]:
    """The packages of one file, in a fixed order."""
    return tuple(packages[identity] for identity in sorted(packages))


def aliases_of(known: str, others: list[str]) -> tuple[str, ...]:
    """The other ids, each once."""
    return tuple(dict.fromkeys(one for one in others if one and one != known))


__all__ = ["Imported", "ReportError", "Vulnerability", "aliases_of", "once", "packages_once", "refused", "severity_of"]
