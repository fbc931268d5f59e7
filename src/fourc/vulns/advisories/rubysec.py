"""rubysec's advisories (https://github.com/rubysec/ruby-advisory-db#schema): of gems, and of Ruby's engines."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.vulns.advisories.osv import summary_of
from fourc.vulns.advisories.ranges import RangeError, conditions, of_conditions, rest
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem
from fourc.vulns.advisories.severity import of_score

_ECOSYSTEM = "RubyGems"
_NUMBER = re.compile(r"^\d{1,2}(\.\d+)?$")


class Rubysec(Struct, frozen=True):
    """The fields that count; all scalars are text."""

    gem: str | None = None
    engine: str | None = None
    cve: str | None = None
    ghsa: str | None = None
    osvdb: str | None = None
    url: str | None = None
    title: str | None = None
    date: str | None = None
    description: str | None = None
    cvss_v2: str | None = None
    cvss_v3: str | None = None
    cvss_v4: str | None = None
    patched_versions: list[str] | None = None
    unaffected_versions: list[str] | None = None


def read(path: str, document: object) -> Iterator[Fact]:
    """The advisory of one file; what it says of an engine (`ruby`, `jruby`) is kept under the engine's name."""
    try:
        record = msgspec.convert(document, Rubysec)
        groups = [*(record.patched_versions or ()), *(record.unaffected_versions or ())]
        spans = rest(_ECOSYSTEM, [span for group in groups if (span := of_conditions(_ECOSYSTEM, conditions(group)))])
    except (msgspec.ValidationError, RangeError) as error:
        yield Problem(path, str(error)[:200])
        return
    names = [
        *([f"GHSA-{record.ghsa}"] if record.ghsa else []),
        *([f"CVE-{record.cve}"] if record.cve else []),
        *([f"OSVDB-{record.osvdb}"] if record.osvdb else []),
    ]
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if not names:
        names = [f"RUBYSEC-{record.gem or record.engine}-{stem}"]
    score = record.cvss_v4 or record.cvss_v3 or record.cvss_v2 or ""
    # engines are no gems: they must not be found under a gem's name
    package = record.gem or f"engine:{record.engine}"
    yield Advisory(
        id=names[0],
        publisher="rubysec",
        aliases=tuple(sorted(names[1:])),
        summary=summary_of(record.title or "", record.description or ""),
        severity=of_score(float(score)) if _NUMBER.match(score) else None,
        published=record.date or "",
        urls=(record.url,) if record.url else (),
        affected=(Affected(_ECOSYSTEM, package, spans),),
    )
