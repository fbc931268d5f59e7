"""Bundler's lock file, `Gemfile`, and installed gems (https://bundler.io/man/gemfile.5.html)."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import lines_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.model.package import Listing

ECOSYSTEM = "RubyGems"
_SPEC = re.compile(r" {4}([A-Za-z0-9][\w.-]*) \(([^()\s]+)\)")
_NEEDED = re.compile(r" {6}([A-Za-z0-9][\w.-]*)(?: \(.*\))?")
_ASKED = re.compile(r"  ([A-Za-z0-9][\w.-]*)!?(?: \(.*\))?")
_PLATFORM = re.compile(
    r"-(?:java|jruby|mswin\w*|mingw\w*|(?:x86_64|x86|x64|i[3-6]86|arm|armv\w+|arm64|aarch64|ppc\w*|powerpc\w*|s390x|"
    r"riscv64|universal|amd64|sparc\w*|loongarch64)(?:[-_].*)?)$"
)
_GEM = re.compile(r"""\s*gem[ (]\s*(?P<q>['"])(?P<name>[\w.-]+)(?P=q)(?P<rest>.*)""")
_PIN = re.compile(r"""\s*,\s*(['"])\s*=?\s*(\d[0-9A-Za-z.-]*)\1(?!\s*,\s*['"][<>~!=\d])""")
_COMMENT = re.compile(r"(?:^|\s)#(?!\{).*")
_SOURCES = r"(?:path|git|github|gist|bitbucket)"
_ELSEWHERE = re.compile(rf"\b{_SOURCES}:|:{_SOURCES}\s*=>")
_SOURCE_BLOCK = re.compile(rf"\s*{_SOURCES}\b")
_IN_GROUP = re.compile(r"\bgroups?:\s*(\[[^\]\[]*\]|:\w+)|:groups?\s*=>\s*(\[[^\]\[]*\]|:\w+)")
_OPENS = re.compile(r"\bdo\b(?:\s*\|[^|]*\|)?\s*$|^\s*(?:if|unless|case|begin|def|while)\b")
_CLOSES = re.compile(r"\s*end\b")
_WORD = re.compile(r"\w+")
_FIELD = re.compile(r"""\b\w+\.(name|version|licenses?)\s*=\s*(.+)""")
_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")
_DEV = frozenset({"development", "test", "dev", "ci", "lint", "rubocop", "docs", "doc", "tools"})


class _Spec(Struct, frozen=True):
    line: int
    name: str
    version: str
    own: bool
    needs: list[str]


def read_lock(given: Given) -> Listing:
    """The gems, once for all platforms; those of `PATH` are the project's own.

    `dev` is what only gems in such groups of the `Gemfile` beside lead to.
    """
    found = Found(given.path, ECOSYSTEM)
    specs, asked = _specs(given)
    needs: dict[str, list[str]] = {}
    own: set[str] = set()
    for spec in specs:
        needs.setdefault(spec.name, []).extend(spec.needs)
        if spec.own:
            own.add(spec.name)
        else:
            found.add(spec.name, spec.version, line=spec.line)
    for name, needed in needs.items():
        for place in found.versions_of(name):
            found.need(place, (each for other in needed for each in found.versions_of(other)))
    direct = {place for name in asked for place in found.versions_of(name)}
    direct.update(place for name in own for other in needs[name] for place in found.versions_of(other))
    manifest = _gemfile_beside(given)
    if manifest is not None:
        dev_names = {gem.name for gem in manifest if gem.dev} - {gem.name for gem in manifest if not gem.dev}
        dev = {place for name in dev_names & set(asked) for place in found.versions_of(name)}
        found.tell_dev(direct - dev, dev)
    return found.listing(direct, needs=True)


def _specs(given: Given) -> tuple[list[_Spec], list[str]]:
    """The entries below `specs:` and the names below `DEPENDENCIES`."""
    specs: list[_Spec] = []
    asked: list[str] = []
    section = ""
    for number, line in lines_of(given):
        if line and not line.startswith(" "):
            section = line.strip()
        elif section in {"GEM", "GIT", "PATH", "PLUGIN SOURCE"}:
            if (spec := _SPEC.fullmatch(line)) is not None:
                version = _PLATFORM.sub("", spec[2])
                specs.append(_Spec(number, spec[1], version, section == "PATH", []))
            elif specs and (needed := _NEEDED.fullmatch(line)) is not None:
                specs[-1].needs.append(needed[1])
        elif section == "DEPENDENCIES" and (name := _ASKED.fullmatch(line)) is not None:
            asked.append(name[1])
    return specs, asked


class _Gem(Struct, frozen=True):
    line: int
    name: str
    pin: str
    dev: bool
    elsewhere: bool


class _Block(Struct, frozen=True):
    """A block and all around it: whether its groups are for development, and whether it is of a folder or repository."""

    dev: bool = False
    elsewhere: bool = False


def read_gemfile(given: Given) -> Listing:
    """The exact pins of a `Gemfile`, which is read, never run; other gems of a registry are left open."""
    found = Found(given.path, ECOSYSTEM)
    for gem in _gems(given):
        if gem.pin or not gem.elsewhere:
            found.ask(gem.name, gem.pin, gem.line, dev=gem.dev)
    return found.listing(found.direct)


def _gemfile_beside(given: Given) -> list[_Gem] | None:
    name = "gems.rb" if given.path.endswith("gems.locked") else "Gemfile"
    return told_beside(given, name, lambda near: list(_gems(near)))


def _gems(given: Given) -> Iterator[_Gem]:
    """The `gem` lines, with whether all their groups are for development."""
    blocks: list[_Block] = []
    for number, line in _statements(given):
        around = blocks[-1] if blocks else _Block()
        if line.lstrip().startswith("group") and " do" in line:
            dev = _for_dev(line.partition("group")[2].rpartition(" do")[0])
            blocks.append(_Block(dev, around.elsewhere))
        elif _CLOSES.match(line):
            del blocks[-1:]
        elif (gem := _GEM.match(line)) is not None:
            own = _IN_GROUP.search(gem["rest"])
            dev = _for_dev(own[1] or own[2]) if own else around.dev
            pin = _PIN.match(gem["rest"])
            elsewhere = _ELSEWHERE.search(gem["rest"]) is not None or around.elsewhere
            yield _Gem(number, gem["name"], pin[2] if pin else "", dev, elsewhere)
        elif _OPENS.search(line):
            blocks.append(_Block(around.dev, around.elsewhere or _SOURCE_BLOCK.match(line) is not None))


def _statements(given: Given) -> Iterator[tuple[int, str]]:
    """Lines without their comments; what ends with a comma goes on in the next one."""
    parts: list[str] = []
    start = 0
    for number, line in lines_of(given):
        code = _COMMENT.sub("", line).rstrip()
        if parts and not code:
            continue
        start = start if parts else number
        parts.append(code)
        if not code.endswith(","):
            yield start, "".join(parts)
            parts = []
    if parts:
        yield start, "".join(parts)


def _for_dev(groups: str) -> bool:
    names = _WORD.findall(groups)
    return bool(names) and _DEV.issuperset(names)


def read_installed(given: Given) -> Listing:
    """The gem of an installed specification."""
    found = Found(given.path, ECOSYSTEM)
    facts: dict[str, list[str]] = {}
    line_of: dict[str, int] = {}
    for number, line in lines_of(given):
        match = _FIELD.search(line)
        if match is not None and match[1] not in facts:
            facts[match[1]] = _QUOTED.findall(match[2])
            line_of[match[1]] = number
    name, version = (next(iter(facts.get(key, ())), "") for key in ("name", "version"))
    if name and version:
        licences = tuple(facts.get("licenses") or facts.get("license") or ())
        found.add(name, version, line=line_of["version"], licences=licences, path=given.path)
    return found.listing()
