"""Scala's sbt: `build.sbt.lock` of sbt-dependency-lock, and the versions that `build.sbt` spells out."""

import re
from collections.abc import Iterator

from msgspec import Struct, field

from fourc.collect.packages.decoding import json_of, lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.maven import settled
from fourc.model.package import Listing

ECOSYSTEM = "Maven"
_USED = frozenset({"compile", "runtime", "default", "provided", "optional"})
_NAME = re.compile(rb'"name"\s*:\s*"([^"\\\n]{1,300})"')


class _Dependency(Struct):
    org: str = ""
    name: str = ""
    version: str = ""
    configurations: list[str] = field(default_factory=list)


class _Lock(Struct):
    dependencies: list[_Dependency] = field(default_factory=list)


def read_lock(given: Given) -> Listing:
    """`build.sbt.lock` (https://stringbean.github.io/sbt-dependency-lock/file-formats/version-1.html), with Scala's suffixes."""
    lock = json_of(given, _Lock)
    lines = lines_of_keys(given, _NAME)
    found = Found(given.path, ECOSYSTEM)
    for dependency in lock.dependencies:
        if dependency.org and dependency.name:
            dev = bool(dependency.configurations) and _USED.isdisjoint(dependency.configurations)
            name = f"{dependency.org}:{dependency.name}"
            found.add(name, dependency.version, lines.get(dependency.name, 0), dev=dev)
    return found.listing()


# "org.typelevel" %% "cats-core" % "2.7.0" % Test
_MODULE = re.compile(
    r'"(?P<org>[\w.-]{1,200})"\s*(?P<cross>%{1,3})\s*"(?P<name>[\w.-]{1,200})"\s*%\s*'
    r'(?:"(?P<version>[^"]{1,200})"|(?P<value>\w{1,200}(?:\.\w{1,200})?))'
    r'(?:\s*%\s*(?:"(?P<quoted>[^"]{1,200})"|(?P<configuration>\w{1,200})))?'
)
_VALUE = re.compile(r'\bval\s+(\w{1,200})\s*(?::\s*String\s*)?=\s*"([\w.+-]{1,200})"')
_SCALA = re.compile(r'\bscalaVersion\s*:=\s*(?:"([\w.+-]{1,100})"|(\w{1,200}))')
_TESTS = frozenset({"test", "it", "integrationtest"})
_OWN = "version.value"
"""The version of the build itself: so it is a module of it."""
_LONGEST = 2_000


def _suffix(scala: str) -> str:
    """What Scala's version adds to an artifact's name: `_2.13`, `_3`; nothing where the version is not known."""
    parts = scala.split(".")
    if parts[0] == "3":
        return "_3"
    return f"_{parts[0]}.{parts[1]}" if len(parts) > 1 and parts[0] == "2" else ""


def _code(given: Given) -> Iterator[tuple[int, str]]:
    """The lines that may say something, without their comments."""
    for number, line in lines_of(given):
        if len(line) <= _LONGEST and '"' in line:
            yield number, line.partition("//")[0]


def read_build(given: Given) -> Listing:
    """`*.sbt` and `Dependencies.scala`: programs, of which modules with a literal version, or a `val` of the same file, count.

    What has a range, or a version that another file says, is left open.

    `%%` adds Scala's version to the name, if the file says which it is; else the name stays as written.
    """
    values: dict[str, str] = {}
    scala = ""
    for _, line in _code(given):
        values |= dict(_VALUE.findall(line))
        if (match := _SCALA.search(line)) is not None:
            scala = match[1] or values.get(match[2], "")
    found = Found(given.path, ECOSYSTEM)
    for number, line in _code(given):
        for match in _MODULE.finditer(line):
            value = scala if match["value"] == "scalaVersion.value" else ""
            version = match["version"] or value or values.get((match["value"] or "").rpartition(".")[2], "")
            suffix = _suffix(scala) if len(match["cross"]) > 1 else ""
            configuration = (match["quoted"] or match["configuration"] or "").lower()
            dev = configuration in _TESTS
            if match["value"] != _OWN:
                found.ask(f"{match['org']}:{match['name']}{suffix}", settled(version), number, dev=dev)
    return found.listing(found.direct)
