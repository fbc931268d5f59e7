"""Versions in files of other tools, one shape each: actions of workflows, sbt's modules, Conan's and conda's requirements."""

import re

from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.text import TextEdit
from fourc.text import Text

_USES = re.compile(
    r"^[ \t]*+(?:-[ \t]++)?+[\"']?+uses[\"']?+[ \t]*+:[ \t]*+[\"']?+(?P<name>[^\s/@\"'#]++/[^\s/@\"'#]++)(?:/[^\s@\"'#]++)?+"
    r"@(?P<ref>[^\s\"'#]++)",
    re.MULTILINE,
)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?+")
_SBT = re.compile(
    r"//[^\n]*+|\"(?P<group>[^\"\n]++)\"\s*+%{1,3}\s*+\"(?P<name>[^\"\n]++)\"\s*+%\s*+(?:\"(?P<version>[^\"\n]++)\"|(?P<value>[\w.]++))"
    r"|\bval\s++(?P<val>\w++)\s*+(?::\s*+String\s*+)?+=\s*+\"(?P<held>[^\"\n]++)\"|\"[^\"\n]*+\""
)
_SCALA = re.compile(r"_(?:2\.1\d|3)")
_CONAN = re.compile(r"^[ \t]*+(?P<name>[^\s/#\[]++)/(?P<version>[^\s@#\[\]]++)(?P<hash>#)?+", re.MULTILINE)
_CONDA = re.compile(
    r"^[ \t]*+-[ \t]++[\"']?+(?:[^\s:\"'#]++::)?+(?P<name>[A-Za-z0-9._-]++)"
    r"[ \t]*+={1,2}[ \t]*+(?P<version>[^\s=,|<>\"'#]++)(?P<build>=)?+",
    re.MULTILINE,
)


def github_actions(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `uses: owner/repository@v1.2.3`; a commit is left alone, as only the repository knows the new one.

    Raises:
        VersionRefused: no such action, or it is pinned to a commit.
    """
    sites: list[Site] = []
    for match in _USES.finditer(wanted.text):
        if match["name"].lower() != wanted.name.lower():
            continue
        if _COMMIT.fullmatch(match["ref"]):
            raise VersionRefused(
                "hashes",
                Text("{name} is pinned to a commit", "{name} 固定在某个提交上").of(name=wanted.name),
                hint=Text(
                    "look up the commit of the new tag and write both: git ls-remote https://github.com/{name}",
                    "查询新标签对应的提交并同时写入：git ls-remote https://github.com/{name}",
                ).of(name=wanted.name),
            )
        sites.append(Site(match.start("ref"), match.end("ref")))
    return exchanged(wanted, sites, ("",))


def sbt(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `"group" %% "name" % "version"`, or of the `val` of the same file that holds the version.

    Raises:
        VersionRefused: no such module.
    """
    sites: list[Site] = []
    values: dict[str, list[Site]] = {}
    named: list[str] = []
    plain = _SCALA.sub("", wanted.name)
    for match in _SBT.finditer(wanted.text):
        if match["val"]:
            values.setdefault(match["val"], []).append(Site(match.start("held"), match.end("held")))
        elif match["name"] and f"{match['group']}:{match['name']}" in {wanted.name, plain}:
            if match["version"]:
                sites.append(Site(match.start("version"), match.end("version")))
            else:
                named.append(match["value"].rpartition(".")[2])
    for name in named:
        sites += values.get(name, [])
    return exchanged(wanted, sites, ("",))


def conanfile(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `name/1.2.3` in a `conanfile.txt` (https://docs.conan.io/2/reference/conanfile_txt.html).

    Raises:
        VersionRefused: no such requirement, or one with a revision.
    """
    return exchanged(wanted, _unless_pinned(wanted, _CONAN, "hash"), ("",))


def conda(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `- name=1.2.3` in an `environment.yml`, pip's requirements in it too.

    Raises:
        VersionRefused: no such requirement, or one with its build.
    """
    return exchanged(wanted, _unless_pinned(wanted, _CONDA, "build"), ("",))


def _unless_pinned(wanted: Wanted, pattern: re.Pattern[str], mark: str) -> list[Site]:
    """The versions of the package; a revision or a build behind one belongs to that version alone."""
    sites: list[Site] = []
    for match in pattern.finditer(wanted.text):
        if _low(match["name"]) != _low(wanted.name):
            continue
        if match[mark]:
            raise VersionRefused(
                "hashes",
                Text("{name} is pinned to one build of the version", "{name} 固定在该版本的某个构建上").of(
                    name=wanted.name
                ),
            )
        sites.append(Site(match.start("version"), match.end("version")))
    return sites


def _low(name: str) -> str:
    return name.lower().replace("_", "-")
