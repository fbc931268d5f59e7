"""Versions in manifests that are programs or YAML, read by the shape of one entry: mix.exs, Package.swift, pubspec.yaml."""

import re

from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.text import TextEdit

_MIX = re.compile(r"#[^\n]*+|\{\s*+:(?P<name>\w++)\s*+,\s*+\"(?P<spec>[^\"\n]*+)\"|\"(?:[^\"\\\n]|\\.)*+\"")
_SWIFT = re.compile(
    r"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?+|\.package\s*+\((?:\s*+name\s*+:\s*+\"[^\"\n]*+\"\s*+,)?+\s*+url\s*+:\s*+\"(?P<url>[^\"\n]*+)\""
    r"\s*+,\s*+(?:(?:from|exact)\s*+:|\.(?:exact|upToNextMajor|upToNextMinor)\s*+\((?:\s*+from\s*+:)?+)\s*+\"(?P<spec>[^\"\n]*+)\""
)
_PUB_SECTIONS = frozenset(("dependencies", "dev_dependencies", "dependency_overrides"))
_PUB = re.compile(
    r"(?P<indent> *+)(?P<key>[\w.-]++|\"[\w.-]++\"|'[\w.-]++')[ \t]*+:"
    r"(?:[ \t]++(?P<value>\"[^\"\n]*+\"|'[^'\n]*+'|[^\s#'\"][^\s#]*+))?+"
)
_LINE = re.compile(r"[^\n]*+(?:\n|\Z)")


def mix_exs(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `{:name, "1.2.3"}` in a `mix.exs`; `~>` stays (https://hexdocs.pm/mix/Mix.Tasks.Deps.html).

    Raises:
        VersionRefused: no such dependency.
    """
    sites = [
        Site(match.start("spec"), match.end("spec"))
        for match in _MIX.finditer(wanted.text)
        if match["name"] == wanted.name
    ]
    return exchanged(wanted, sites, ("", "=", "==", "~>"))


def package_swift(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `.package(url:, from: or exact:)`; the package is called by its address without scheme and `.git`.

    Raises:
        VersionRefused: no such dependency.
    """
    sites = [
        Site(match.start("spec"), match.end("spec"))
        for match in _SWIFT.finditer(wanted.text)
        if match["url"] and _address(match["url"]) == _address(wanted.name)
    ]
    return exchanged(wanted, sites, ("",))


def pubspec(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a `pubspec.yaml`; `^` stays (https://dart.dev/tools/pub/dependencies).

    Raises:
        VersionRefused: no such dependency.
    """
    sites: list[Site] = []
    section, entry, depth = "", "", 0
    for row in _LINE.finditer(wanted.text):
        line = _PUB.match(wanted.text, row.start(), row.end())
        if line is None:
            continue
        indent, key = len(line["indent"]), line["key"].strip("\"'")
        if indent == 0:
            section, depth = key, 0
            continue
        if section not in _PUB_SECTIONS:
            continue
        depth = depth or indent
        if indent == depth:
            entry = key
        if line["value"] is None or entry != wanted.name or (indent > depth and key != "version"):
            continue
        quoted = line["value"][0] in "\"'"
        sites.append(Site(line.start("value") + quoted, line.end("value") - quoted))
    return exchanged(wanted, sites, ("", "^"))


def _address(url: str) -> str:
    return url.partition("://")[2].lower().removesuffix("/").removesuffix(".git") if "://" in url else url.lower()
