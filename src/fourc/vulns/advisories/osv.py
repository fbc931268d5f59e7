"""OSV records (https://ossf.github.io/osv-schema/), whoever publishes them."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.model.finding import Severity
from fourc.vulns.advisories.ecosystems import DISTRIBUTIONS, joined, named, split
from fourc.vulns.advisories.ordering import spelled
from fourc.vulns.advisories.ranges import Event, RangeError, of_events
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem, Span
from fourc.vulns.advisories.severity import newest, of_word

_URLS = 5
_SUMMARY = 240
_URL_ORDER = {"ADVISORY": 0, "FIX": 1, "WEB": 2}
_PUBLISHERS = {
    "GHSA": "GitHub",
    "PYSEC": "PyPA",
    "GO": "Go",
    "RUSTSEC": "RustSec",
    "BIT": "Bitnami",
    "ALSA": "AlmaLinux",
    "ALBA": "AlmaLinux",
    "ALEA": "AlmaLinux",
    "MAL": "OpenSSF malicious packages",
    "DSA": "Debian",
    "DLA": "Debian",
    "DEBIAN": "Debian",
    "USN": "Ubuntu",
    "UBUNTU": "Ubuntu",
    "RHSA": "Red Hat",
    "RLSA": "Rocky Linux",
    "ALPINE": "Alpine",
    "CGA": "Chainguard",
}
_PREFIX = re.compile(r"^[A-Za-z]+(?=-)")
_CVE = re.compile(r"^CVE-\d{4}-\d{4,19}$")


class _Package(Struct, frozen=True):
    ecosystem: str = ""
    name: str = ""


class _Event(Struct, frozen=True):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class _Range(Struct, frozen=True):
    type: str = "ECOSYSTEM"
    events: list[_Event] | None = None


class _Score(Struct, frozen=True):
    type: str = ""
    score: str = ""


class _Specific(Struct, frozen=True):
    severity: object = None
    urgency: object = None


class _Affected(Struct, frozen=True):
    package: _Package | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    severity: list[_Score] | None = None
    ecosystem_specific: _Specific | None = None
    database_specific: _Specific | None = None


class _Reference(Struct, frozen=True):
    url: str = ""
    type: str = ""


class Osv(Struct, frozen=True):
    """The part of a record that counts here."""

    id: str
    modified: str = ""
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    related: list[str] | None = None
    upstream: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Score] | None = None
    affected: list[_Affected] | None = None
    references: list[_Reference] | None = None
    database_specific: _Specific | None = None


decoder = msgspec.json.Decoder(Osv)


def advisory_of(record: Osv, path: str) -> Iterator[Fact]:
    """The record as an advisory, and what of it cannot be understood."""
    affected: list[Affected] = []
    vectors = _vectors(record.severity)
    words = [_word(record.database_specific)]
    for part in record.affected or ():
        vectors_here = _vectors(part.severity)
        words += [_word(part.ecosystem_specific), _word(part.database_specific)]
        if not _vectors(record.severity):
            vectors += vectors_here
        if part.package is None or not part.package.name or not part.package.ecosystem:
            continue  # only commits are known
        try:
            affected.append(_affected(part.package, part))
        except RangeError as error:
            yield Problem(path, f"{record.id}: {part.package.name}: {error}")
    mine = all(split(package.ecosystem)[0] in DISTRIBUTIONS for package in affected) and bool(affected)
    covers = {
        name for name in (*(record.upstream or ()), *((record.related or ()) if mine else ())) if _CVE.match(name)
    }
    if mine and ": " in (record.summary or ""):
        words.append(of_word((record.summary or "").partition(":")[0]))  # `Important: kernel security update`
    yield Advisory(
        id=record.id,
        publisher=publisher(record.id, affected),
        aliases=tuple(sorted({name for name in record.aliases or () if name and name != record.id})),
        covers=tuple(sorted(covers - {record.id})),
        summary=summary_of(record.summary or "", record.details or ""),
        severity=next((word for word in words if word is not None), None),
        cvss=newest(vectors),
        published=_date(record.published or ""),
        modified=max(time if _date(time) else "" for time in (record.modified, record.withdrawn or "")),
        withdrawn=bool(record.withdrawn),
        urls=_urls(record.references or []),
        affected=tuple(affected),
    )


def _affected(package: _Package, part: _Affected) -> Affected:
    ecosystem = joined(package.ecosystem)
    base = split(ecosystem)[0]
    name = named(base, package.name)
    spans: list[Span] = []
    for one in part.ranges or ():
        if one.type in {"ECOSYSTEM", "SEMVER"}:
            spans += of_events(base, _events(base, name, one))
    versions = dict.fromkeys(spelled(base, name, version) for version in part.versions or () if version)
    return Affected(ecosystem, name, tuple(dict.fromkeys(spans)), tuple(versions))


def _events(base: str, name: str, one: _Range) -> Iterator[Event]:
    for event in one.events or ():
        for kind in ("introduced", "fixed", "last_affected", "limit"):
            if version := getattr(event, kind):
                yield kind, version if version in {"0", "*"} else spelled(base, name, version)


def _vectors(scores: list[_Score] | None) -> list[str]:
    return [score.score for score in scores or () if score.type.startswith("CVSS")]


def _word(specific: _Specific | None) -> Severity | None:
    if specific is None:
        return None
    given = (specific.severity, specific.urgency)
    return next((found for word in given if isinstance(word, str) and (found := of_word(word)) is not None), None)


def _date(text: str) -> str:
    """The day of a time; nothing for Go's zero time and for what is no time."""
    return text[:10] if re.match(r"^(19|2)\d\d\d?-\d\d-\d\d", text) else ""


def _urls(references: list[_Reference]) -> tuple[str, ...]:
    chosen = sorted((one for one in references if one.url), key=lambda one: _URL_ORDER.get(one.type, 3))
    return tuple(dict.fromkeys(one.url for one in chosen))[:_URLS]


def summary_of(summary: str, details: str) -> str:
    """One line: the summary, or the first sentence of the details where there is none."""
    line = " ".join((summary or details.lstrip("# \n")[: 4 * _SUMMARY].split("\n\n")[0]).split())
    if not summary and (end := line.find(". ")) > 0:
        line = line[: end + 1]
    return line if len(line) <= _SUMMARY else line[: _SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def publisher(identifier: str, affected: list[Affected]) -> str:
    """Who publishes records of such an id."""
    found = _PREFIX.match(identifier)
    prefix = found[0].upper() if found else identifier[:20]
    if prefix in _PUBLISHERS:
        return _PUBLISHERS[prefix]
    base = split(affected[0].ecosystem)[0] if affected else ""
    return base if base in DISTRIBUTIONS or base == "Kubernetes" else prefix
