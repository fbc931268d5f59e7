"""Versions of gems in a `Gemfile` and its lock (https://bundler.io/man/gemfile.5.html)."""

import re
from collections.abc import Iterator
from shlex import quote

from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.text import TextEdit
from fourc.text import Text, same

_GEM = re.compile(
    r"^[ \t]*+gem[ \t(]++(?P<quote>[\"'])(?P<name>[^\"'\n]++)(?P=quote)[ \t]*+(?:,[ \t]*+(?P<spec>\"[^\"\n]*+\"|'[^'\n]*+'))?+",
    re.MULTILINE,
)
_LINE = re.compile(r"(?P<indent> *+)(?P<name>[^\s(!]++)!?+(?: \((?P<spec>[^)\n]*+)\))?+!?+[ \t\r]*+(?:\n|\Z)")
_ROW = re.compile(r"[^\n]*+(?:\n|\Z)")
_REQUIREMENT = re.compile(r"\s*+(=|!=|>=|<=|~>|>|<)?+\s*+([0-9]++(?:\.[0-9]++)*+)\s*+")
_SOURCES = frozenset(("GEM", "GIT", "PATH", "PLUGIN SOURCE"))


def gemfile(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the requirement of a gem with a version; `~>` stays.

    Raises:
        VersionRefused: no such gem.
    """
    sites = [
        Site(match.start("spec") + 1, match.end("spec") - 1) if match["spec"] else Site(match.end(), match.end())
        for match in _GEM.finditer(wanted.text)
        if match["name"] == wanted.name
    ]
    return exchanged(wanted, sites, ("", "=", "~>"))


def gemfile_lock(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a gem's version in `Gemfile.lock`, where that alone is a state that Bundler could have written.

    Raises:
        VersionRefused: no such gem, checksums, or a requirement in the file that the version does not meet.
    """
    sites: list[Site] = []
    pinned: list[Site] = []
    owner = ""
    for section, line in _lock_lines(wanted):
        depth, spec = len(line["indent"]), (line["spec"] or "").strip()
        if section in _SOURCES and depth == 4:
            owner = line["name"]
            if section == "GEM" and owner == wanted.name:
                sites.append(_version(line))
        elif section in _SOURCES and owner == wanted.name and spec in {f"= {wanted.old}", f"={wanted.old}"}:
            raise _by_bundler("range", wanted, Text("its parts share its version", "它的各部分使用同一版本"))
        elif line["name"] != wanted.name or (section not in _SOURCES and section != "DEPENDENCIES"):
            continue
        elif section == "DEPENDENCIES" and spec in {f"= {wanted.old}", f"= {wanted.version}"}:
            pinned.append(Site(line.start("spec"), line.end("spec")))
        elif spec and not _meets(wanted.version, spec):
            asked = Text("the file asks for {spec}", "文件要求 {spec}").of(spec=f"`{spec[:60]}`")
            raise _by_bundler("range", wanted, asked)
    return exchanged(wanted, sites) + (exchanged(wanted, pinned) if pinned else ())


def _lock_lines(wanted: Wanted) -> Iterator[tuple[str, re.Match[str]]]:
    """The lines of each section that name a gem."""
    section = ""
    for row in _ROW.finditer(wanted.text):
        if row[0].strip() and not row[0][0].isspace():
            section = row[0].strip().removeprefix("\ufeff")
            if section == "CHECKSUMS":
                raise _by_bundler("hashes", wanted, Text("it keeps checksums of the gems", "它保存了 gem 的校验和"))
            continue
        line = _LINE.fullmatch(wanted.text, row.start(), row.end())
        if line is not None:
            yield section, line


def _version(line: re.Match[str]) -> Site:
    """The place of `1.2.3` in `name (1.2.3-x86_64-linux)`: a platform follows a hyphen."""
    spec = line["spec"] or ""
    return Site(line.start("spec"), line.start("spec") + len(spec.partition("-")[0])) if spec else Site(0, 0)


def _meets(version: str, spec: str) -> bool:
    """Whether a version meets all requirements (https://guides.rubygems.org/patterns/); False where that is unsure."""
    have = _numbers(version)
    if have is None:
        return False
    for part in spec.split(","):
        match = _REQUIREMENT.fullmatch(part)
        if match is None:
            return False
        asked = _numbers(match[2]) or ()
        order = _order(have, asked)
        met = {
            "=": order == 0,
            "!=": order != 0,
            ">": order > 0,
            "<": order < 0,
            ">=": order >= 0,
            "<=": order <= 0,
            "~>": order >= 0 and have[: max(1, len(asked) - 1)] == asked[: max(1, len(asked) - 1)],
        }[match[1] or "="]
        if not met:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    return tuple(map(int, parts))


def _order(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    width = max(len(a), len(b))
    left, right = a + (0,) * (width - len(a)), b + (0,) * (width - len(b))
    return (left > right) - (left < right)


def _by_bundler(reason: str, wanted: Wanted, why: Text) -> VersionRefused:
    command = f"bundle update {quote(wanted.name)} --conservative"
    return VersionRefused(
        reason,
        Text("Gemfile.lock cannot be edited for {name}: {why}", "无法为 {name} 修改 Gemfile.lock：{why}").of(
            name=wanted.name, why=why
        ),
        hint=Text("let Bundler do it: {command}", "请用 Bundler 完成：{command}").of(command=same(command)),
        command=command,
    )
