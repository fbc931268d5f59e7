"""Gradle: lock files, verification metadata and version catalogs."""

import re
from collections.abc import Iterable

from fourc.collect.packages.decoding import lines_of, toml_of
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.maven import exact
from fourc.collect.packages.values import Table, table, text
from fourc.collect.packages.xml import read_xml
from fourc.model.package import Listing
from fourc.text import Text

_NO_METADATA = Text("it has no <verification-metadata> as its root", "根元素不是 <verification-metadata>")

# configurations that only build or test: of tests, of compilers and their plug-ins, of checkers of style and coverage
DEV = re.compile(
    r"^test|Test|^(annotationProcessor|kapt|ksp|kotlin(Compiler|Build|Klib|Native|Bouncy)|checkstyle|pmd|spotbugs|findbugs"
    r"|jacoco|detekt|ktlint|errorprone|lint|codenarc|scalaCompiler|zinc|spotless|cpd|_?[a-z]*[lL]intChecks)"
    r"|AnnotationProcessor|^classpath$"
)


def _only_dev(configurations: Iterable[str]) -> bool:
    return all(DEV.search(configuration) for configuration in configurations)


def read_lock(given: Given) -> Listing:
    """`gradle.lockfile` (https://docs.gradle.org/current/userguide/dependency_locking.html): `group:name:version=configurations`.

    `dev` is what only configurations for building or testing hold; a build script's own class path is always that.
    """
    found = Found(given.path, "Maven")
    for number, line in lines_of(given):
        coordinates, equals, configurations = line.strip().partition("=")
        parts = coordinates.split(":")
        if not equals or len(parts) != 3 or coordinates.startswith("#") or not (parts[0] and parts[1]):
            continue
        dev = bool(configurations) and _only_dev(configurations.split(","))
        found.add(f"{parts[0]}:{parts[1]}", parts[2], number, dev=dev)
    return found.listing()


def read_verification(given: Given) -> Listing:
    """`gradle/verification-metadata.xml`: all that was ever downloaded, build plug-ins and parents too."""
    root = read_xml(given)
    if root.name != "verification-metadata":
        raise malformed(given.path, _NO_METADATA)
    found = Found(given.path, "Maven")
    for components in root.all("components"):
        for component in components.all("component"):
            group, name, version = (component.attributes.get(key, "").strip() for key in ("group", "name", "version"))
            if group and name:
                found.add(f"{group}:{name}", version, component.line)
    return found.listing()


def _rich(value: object, versions: Table) -> str:
    """The one version that a catalog's entry allows; of rich ones what is strict, required or preferred, in this order."""
    if isinstance(value, str):
        return exact(value) if "+" not in value and "latest." not in value else ""
    rich = table(value)
    reference = text(rich.get("ref")).strip()
    if reference:
        referred = versions.get(reference)
        return _rich(referred, {}) if referred is not None else ""
    for key in ("strictly", "require", "prefer"):
        if version := _rich(text(rich.get(key)).strip(), {}):
            return version
    return ""


def _entry(value: object, versions: Table) -> tuple[str, str]:
    """The name and exact version of a library in a catalog."""
    if isinstance(value, str):
        parts = value.split(":")
        return (f"{parts[0]}:{parts[1]}", _rich(parts[2], {})) if len(parts) == 3 else ("", "")
    entry = table(value)
    module = text(entry.get("module")) or f"{text(entry.get('group'))}:{text(entry.get('name'))}"
    return module, _rich(entry.get("version"), versions)


def read_catalog(given: Given) -> Listing:
    """`libs.versions.toml` (https://docs.gradle.org/current/userguide/version_catalogs.html): libraries of one version.

    Those without (a BOM tells it) or with several are left open.
    """
    tables = toml_of(given)
    versions = table(tables.get("versions"))
    lines: dict[str, int] = {}
    for number, line in lines_of(given):
        lines.setdefault(line.partition("=")[0].strip().strip("\"'"), number)
    found = Found(given.path, "Maven")
    for alias, value in table(tables.get("libraries")).items():
        name, version = _entry(value, versions)
        if not name.startswith(":") and not name.endswith(":") and name.count(":") == 1:
            found.ask(name, version, lines.get(alias, 0))
    return found.listing(found.direct)
