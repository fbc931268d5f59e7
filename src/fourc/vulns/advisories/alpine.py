"""Alpine's secdb (https://secdb.alpinelinux.org/), in YAML and JSON; Wolfi and Chainguard publish the same format."""

import re
from collections import defaultdict
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.vulns.advisories.ecosystems import joined
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem, Span

_NAME = re.compile(r"^(?:CVE-\d{4}-\d{4,}|GHSA(?:-\w{4}){3}|XSA-\d+|[A-Z]{2,12}-[\w-]+)$")


class _Package(Struct, frozen=True):
    name: str
    secfixes: dict[str, list[str] | None] | None = None


class _Entry(Struct, frozen=True):
    pkg: _Package


class SecDb(Struct, frozen=True):
    """The fields that count."""

    packages: list[_Entry] | None = None
    distroversion: str = ""
    apkurl: str = ""
    urlprefix: str = ""


def read(path: str, document: object) -> Iterator[Fact]:
    """One advisory for each vulnerability of the file; `0` as the fixing version says that no version had it."""
    try:
        record = msgspec.convert(document, SecDb)
    except msgspec.ValidationError as error:
        yield Problem(path, str(error)[:200])
        return
    where = record.urlprefix + record.apkurl
    distribution = next((name for name in ("Wolfi", "Chainguard") if name.lower() in where.lower()), "Alpine")
    if distribution == "Alpine" and not record.distroversion:
        yield Problem(path, "no `distroversion`: for which release of Alpine is it?")
        return
    release = record.distroversion if distribution == "Alpine" else ""
    ecosystem = joined(f"{distribution}:{release}" if release else distribution)
    found: defaultdict[str, dict[str, list[Span]]] = defaultdict(dict)
    aliases: defaultdict[str, set[str]] = defaultdict(set)
    for entry in record.packages or ():
        for fixed, texts in (entry.pkg.secfixes or {}).items():
            version = fixed.split()[0] if fixed.split() else "0"
            for text in texts or ():
                names = [name for name in text.replace("(", " ").replace(")", " ").split() if _NAME.match(name)]
                if not names or version == "0":
                    continue
                aliases[names[0]].update(names[1:])
                found[names[0]].setdefault(entry.pkg.name, []).append(Span(high=version))
    for name, packages in sorted(found.items()):
        yield Advisory(
            id=f"{distribution.upper()}-{name}",
            publisher=distribution,
            aliases=tuple(sorted({name, *(other for other in aliases[name] if not other.startswith("CVE-"))})),
            urls=(f"https://security.alpinelinux.org/vuln/{name}",) if distribution == "Alpine" else (),
            affected=tuple(Affected(ecosystem, package, tuple(spans)) for package, spans in sorted(packages.items())),
        )
