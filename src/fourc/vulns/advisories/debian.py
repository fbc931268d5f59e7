"""Debian's data: the security tracker's JSON, and what apt's indexes of a security suite offer."""

import email.utils
import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.vulns.advisories.ordering import key_of
from fourc.vulns.advisories.osv import summary_of
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Index, Problem, Span, Suite
from fourc.vulns.advisories.severity import of_word
from fourc.vulns.versions import VersionError

_DEBIAN = {
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
    "duke": "15",
}
_UBUNTU = {
    "trusty": "14.04",
    "xenial": "16.04",
    "bionic": "18.04",
    "focal": "20.04",
    "jammy": "22.04",
    "noble": "24.04",
}
_FIELD = re.compile(r"^([A-Z][A-Za-z-]*):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_SOURCE = re.compile(r"^(\S+)(?:\s*\(([^)\s]+)\))?$")


class _Release(Struct, frozen=True):
    status: str = ""
    fixed_version: str | None = None
    urgency: str | None = None


class TrackerEntry(Struct, frozen=True):
    """What the tracker says of one vulnerability in one source package."""

    releases: dict[str, _Release]
    description: str | None = None


def tracker(entries: dict[str, dict[str, TrackerEntry]]) -> Iterator[Fact]:
    """One advisory for each vulnerability of the tracker (https://security-tracker.debian.org/tracker/data/json).

    `open` has no fix yet; `resolved` by version 0 says that no version of the release had it.
    """
    found: defaultdict[str, list[Affected]] = defaultdict(list)
    urgencies: defaultdict[str, list[str]] = defaultdict(list)
    summaries: dict[str, str] = {}
    for package, vulnerabilities in entries.items():
        for name, entry in vulnerabilities.items():
            summaries.setdefault(name, entry.description or "")
            for codename, release in entry.releases.items():
                if codename not in _DEBIAN:
                    continue
                ecosystem = f"Debian:{_DEBIAN[codename]}"
                if release.status == "open":
                    found[name].append(Affected(ecosystem, package, (Span(),)))
                elif release.status == "resolved" and release.fixed_version not in {None, "", "0"}:
                    found[name].append(Affected(ecosystem, package, (Span(high=release.fixed_version or ""),)))
                else:
                    continue
                urgencies[name].append(release.urgency or "")
    for name in sorted(found):
        severities = [severity for word in urgencies[name] if (severity := of_word(word)) is not None]
        yield Advisory(
            id=f"DEBIAN-{name}",
            publisher="Debian",
            aliases=(name,),
            summary=summary_of("", summaries[name]),
            severity=max(severities, default=None),
            urls=(f"https://security-tracker.debian.org/tracker/{name}",),
            affected=tuple(sorted(found[name], key=lambda one: (one.ecosystem, one.name))),
        )


def release_of(text: str) -> str:
    """The ecosystem that a codename in a text tells (`bookworm-security`), empty where none does."""
    for names, distribution in ((_DEBIAN, "Debian"), (_UBUNTU, "Ubuntu")):
        for codename, release in names.items():
            if re.search(rf"(?<![a-z]){codename}(?![a-z])", text):
                return f"{distribution}:{release}"
    return ""


def suite(path: str, data: bytes) -> Iterator[Fact]:
    """The head of a suite (`InRelease`, `Release`); its signature was the business of whoever fetched it."""
    fields = dict(_FIELD.findall(data[:8192].decode("utf-8", "replace")))
    origin, version = fields.get("Origin", ""), fields.get("Version", "")
    if origin not in {"Debian", "Ubuntu"}:
        return
    ecosystem = release_of(fields.get("Codename", "")) or (f"{origin}:{version}" if version else "")
    try:
        date = email.utils.parsedate_to_datetime(fields.get("Date", "")).date().isoformat()
    except ValueError:
        date = ""
    if ecosystem:
        yield Suite(path, ecosystem, date)


def index(path: str, data: bytes) -> Iterator[Fact]:
    """The newest version of each source package that an index (`Packages`) offers."""
    newest: dict[str, tuple[bytes, str]] = {}
    for paragraph in data.decode("utf-8", "replace").split("\n\n"):
        fields: dict[str, str] = dict(_FIELD.findall(paragraph))
        name, version = fields.get("Package", ""), fields.get("Version", "")
        if not name or not version:
            continue
        found = _SOURCE.match(fields.get("Source", name))
        source = found[1] if found else name
        version = (found and found[2]) or version
        try:
            at = key_of("Debian", version)
        except VersionError:
            yield Problem(path, f"{name}: no version: {version[:80]!r}")
            continue
        if source not in newest or newest[source][0] < at:
            newest[source] = (at, version)
    if newest:
        yield Index(path, tuple(sorted((name, version) for name, (_, version) in newest.items())), release_of(path))


tracker_decoder = msgspec.json.Decoder(dict[str, dict[str, TrackerEntry]])
