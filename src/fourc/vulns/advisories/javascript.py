"""JavaScript's own lists: Node's security working group (npm packages and Node itself) and retire.js."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.vulns.advisories.osv import summary_of
from fourc.vulns.advisories.ranges import RangeError, conditions, of_conditions, rest
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem, Span
from fourc.vulns.advisories.severity import newest, of_word

_NPM = "npm"
_NODE = "node"
_GHSA = re.compile(r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")
_CVE = re.compile(r"^CVE-\d{4}-\d{4,}$")
# a comparison may stand apart from its version: `>= 1.0 < 2`
_HYPHEN = re.compile(r"(\S+)\s+-\s+(\S+)")


class NpmAdvisory(Struct, frozen=True):
    """`vuln/npm/N.json` (https://github.com/nodejs/security-wg/blob/main/vuln/npm)."""

    id: int
    module_name: str
    vulnerable_versions: str | None
    patched_versions: str | None = None
    title: str = ""
    overview: str | None = None
    cves: list[str] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    publish_date: str | None = None
    cvss_vector: str | None = None
    references: list[str] | str | None = None


class CoreAdvisory(Struct, frozen=True):
    """`vuln/core/N.json`: of Node itself."""

    vulnerable: str
    patched: str | None = None
    cve: list[str] | None = None
    ref: str | None = None
    overview: str | None = None
    severity: str | None = None


class _Identifiers(Struct, frozen=True):
    summary: str | None = None
    CVE: list[str] | None = None
    githubID: str | None = None  # noqa: N815 - theirs


class _Retired(Struct, frozen=True):
    below: str
    atOrAbove: str | None = None  # noqa: N815 - theirs
    severity: str | None = None
    identifiers: _Identifiers = _Identifiers()
    info: list[str] | None = None
    excludes: list[str] | None = None


class RetiredLibrary(Struct, frozen=True):
    """A library of `jsrepository.json` or `npmrepository.json` (https://github.com/RetireJS/retire.js/tree/master/repository)."""

    vulnerabilities: list[_Retired]
    npmname: str | None = None


def spans_of(text: str) -> list[Span]:
    """The versions of a range as npm writes it: groups between `||`."""
    spans: list[Span] = []
    for group in text.split("||"):
        hyphen = _HYPHEN.fullmatch(group.strip())
        listed = [(">=", hyphen[1]), ("<=", hyphen[2])] if hyphen else conditions(group.replace(" v", " "))
        if span := of_conditions(_NPM, listed):
            spans.append(span)
    return list(dict.fromkeys(spans))


def npm(path: str, record: NpmAdvisory) -> Iterator[Fact]:
    """An advisory of an npm package."""
    try:
        spans = spans_of(record.vulnerable_versions or "*")
    except RangeError as error:
        yield Problem(path, str(error))
        return
    urls = (
        record.references
        if isinstance(record.references, list)
        else re.findall(r"https?://\S+", record.references or "")
    )
    yield Advisory(
        id=f"NSWG-ECO-{record.id}",
        publisher="Node.js security working group",
        aliases=tuple(sorted(name for name in record.cves or () if _CVE.match(name))),
        summary=summary_of(record.title, record.overview or ""),
        cvss=newest([record.cvss_vector or ""]),
        published=(record.publish_date or record.created_at or "")[:10],
        modified=(record.updated_at or "")[:10],
        urls=tuple(urls)[:5],
        affected=(Affected(_NPM, record.module_name, tuple(spans)),),
    )


def core(path: str, record: CoreAdvisory) -> Iterator[Fact]:
    """An advisory of Node itself, kept as npm's package `node`, which installs it."""
    try:
        spans = spans_of(record.vulnerable)
        if record.patched:
            # `18.x` is vulnerable but for what `^18.19.1` names
            whole = [*rest(_NPM, spans), *spans_of(record.patched)]
            spans = list(rest(_NPM, whole))
    except RangeError as error:
        yield Problem(path, str(error))
        return
    names = [name for name in record.cve or () if _CVE.match(name)]
    stem = path.rpartition("/")[2].rpartition(".")[0]
    yield Advisory(
        id=f"NSWG-CORE-{stem}",
        publisher="Node.js security working group",
        aliases=tuple(sorted(names)),
        summary=summary_of("", record.overview or ""),
        severity=of_word(record.severity or ""),
        urls=(record.ref,) if record.ref else (),
        affected=(Affected(_NPM, _NODE, tuple(spans)),),
    )


def retired(path: str, libraries: dict[str, RetiredLibrary]) -> Iterator[Fact]:
    """retire.js's vulnerabilities under the names that the libraries have on npm."""
    browser = path.rpartition("/")[2].startswith("js")
    for library, entry in libraries.items():
        if library == "retire-example" or not entry.vulnerabilities:
            continue
        # a library of browsers without npm's name is npm's package of the same name, where it has one at all
        package = entry.npmname or library
        for position, one in enumerate(entry.vulnerabilities):
            names = [name for name in one.identifiers.CVE or () if _CVE.match(name)]
            mentioned = (one.identifiers.githubID or "", *(one.info or ()))
            ghsa = next((found[0] for text in mentioned if (found := _GHSA.search(text))), "")
            own = f"RETIRE-{library}-{one.atOrAbove or '0'}-{one.below}-{position}" if not ghsa and not names else ""
            try:
                low = one.atOrAbove or ""
                span = of_conditions(_NPM, [*([(">=", low)] if low else []), ("<", one.below)])
            except RangeError as error:
                yield Problem(path, f"{library}: {error}")
                continue
            if span is None:
                continue
            spans: tuple[Span, ...] = (span,)
            if one.excludes:
                mended = [Span(version, version, through=True) for version in one.excludes]
                spans = rest(_NPM, [*rest(_NPM, spans), *mended])
            all_names = [name for name in (ghsa, *names, own) if name]
            yield Advisory(
                id=all_names[0],
                publisher="retire.js",
                aliases=tuple(sorted(all_names[1:])),
                summary=summary_of(one.identifiers.summary or "", ""),
                severity=of_word(one.severity or ""),
                urls=tuple(one.info or ())[:5],
                affected=(Affected(_NPM, package if browser else library, spans),),
            )


retired_decoder = msgspec.json.Decoder(dict[str, RetiredLibrary])
