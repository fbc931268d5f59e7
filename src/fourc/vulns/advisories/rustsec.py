"""RustSec's advisories: Markdown that begins with TOML (https://github.com/RustSec/advisory-db#advisory-format)."""

import tomllib
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.model.finding import Severity
from fourc.vulns.advisories.osv import summary_of
from fourc.vulns.advisories.ranges import RangeError, conditions, of_conditions, rest
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem
from fourc.vulns.advisories.severity import newest

_HEAD = "```toml"
_ECOSYSTEM = "crates.io"


class _Advisory(Struct, frozen=True):
    id: str
    package: str
    date: str = ""
    url: str = ""
    aliases: list[str] = []
    cvss: str = ""
    withdrawn: str | None = None
    informational: str | None = None
    references: list[str] = []


class _Versions(Struct, frozen=True):
    patched: list[str] = []
    unaffected: list[str] = []


class _Document(Struct, frozen=True):
    advisory: _Advisory
    versions: _Versions = _Versions()


def read(path: str, data: bytes) -> Iterator[Fact]:
    """The advisory of a Markdown file; a file that begins otherwise is none, and gives nothing."""
    text = data.decode("utf-8", "replace").lstrip("\ufeff \r\n")
    if not text.startswith(_HEAD):
        return
    head, fence, body = text[len(_HEAD) :].partition("\n```")
    try:
        document = msgspec.convert(tomllib.loads(head), _Document)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        yield Problem(path, str(error)[:200] if fence else "its TOML has no end")
        return
    advisory = document.advisory
    try:
        spans = rest(
            _ECOSYSTEM,
            [
                span
                for group in (*document.versions.patched, *document.versions.unaffected)
                if (span := of_conditions(_ECOSYSTEM, _caret(group)))
            ],
        )
    except RangeError as error:
        yield Problem(path, str(error))
        return
    title = next((line for line in body.splitlines() if line.startswith("# ")), "# ")[2:]
    yield Advisory(
        id=advisory.id,
        publisher="RustSec",
        aliases=tuple(sorted(set(advisory.aliases) - {advisory.id})),
        summary=summary_of(title, body.lstrip("`\n")),
        # nobody maintains it, or it is but a notice: nothing is open to attack for that
        severity=Severity.INFO if advisory.informational in {"unmaintained", "notice"} else None,
        cvss=newest([advisory.cvss]),
        published=advisory.date,
        modified=advisory.date,
        withdrawn=bool(advisory.withdrawn),
        urls=tuple(dict.fromkeys(url for url in (advisory.url, *advisory.references) if url))[:5],
        affected=(Affected(_ECOSYSTEM, advisory.package, spans),),
    )


def _caret(group: str) -> list[tuple[str, str]]:
    """A version without an operator is Cargo's caret."""
    return [(operator or "^", version) for operator, version in conditions(group)]
