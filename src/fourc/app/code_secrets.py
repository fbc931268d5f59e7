"""Secrets in programs: the edit that reads each from the environment, where a program's text allows one."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.collect.limits import Budget, Limits, SourceFile
from fourc.collect.reading import read_file
from fourc.model.finding import Finding
from fourc.model.location import Location
from fourc.model.remedy import ByHand, Reading
from fourc.model.text import Text
from fourc.patch.programs import Literal, is_program, is_variable, literal_at, reads_variable, variable_name
from fourc.secrets.providers import advice_for
from fourc.secrets.rule import Rule

_MOST_PLACES = 20
_UNTOLD = frozenset(
    {"API_KEY", "APIKEY", "AUTH", "KEY", "PASS", "PASSWD", "PASSWORD", "PWD", "SECRET", "TOKEN", "VALUE", "DEFAULT"}
)
"""Names that do not say whose secret it is."""
_FIRST = Text(
    "{first} Then make the new one the variable {name} of the container, out of a Secret (`kubectl create secret generic APP"
    " --from-literal={name}=NEW` and `secretKeyRef`; where a policy refuses that, mount it as a file and read the file), before"
    " the edit below, which reads it there, is rolled out: a program that finds nothing there stops, or goes on with an empty"
    " one, and what an empty key has signed everybody can forge",
    "{first}然后让新值成为容器的变量 {name}，来自 Secret（`kubectl create secret generic APP --from-literal={name}=新值`，"
    "再用 `secretKeyRef`；若策略不允许，请以文件形式挂载并读取文件），并在发布下面读取它的修改之前完成：读不到值的程序会停止，"
    "或以空值继续运行，而空密钥签名的内容任何人都能伪造",
)
_MOST_DIGITS, _MOST_CHARACTERS = 2, 40
"""Of a name that a program gives: with more it may be a secret itself."""


class _Programs(Struct):
    """The programs below a folder, read once, and the names that are given to variables."""

    root: Path
    texts: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    at: dict[Location, str] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """The text of a file that can be edited as it is."""
        if path not in self.texts:
            data = read_file(SourceFile(self.root / path, path, named=False), Budget(Limits()))
            try:
                self.texts[path] = data.decode() if isinstance(data, bytes) else None
            except UnicodeDecodeError:
                self.texts[path] = None
        return self.texts[path]

    def readings(self, finding: Finding, places: Sequence[Location]) -> tuple[Reading, ...]:
        """What to read from where, the same variable in all places; nothing where one of them cannot be edited."""
        said = ""
        for place in places:
            text = self.text(place.path)
            if text is None or place.line != place.end_line:
                return ()
            literal = literal_at(place.path, text, place.line, place.column, place.end_column)
            if literal is None or self._stands_elsewhere(text, literal, places, place.path):
                return ()
            said = said or variable_name(text, literal)
        name = next((self.at[place] for place in places if place in self.at), "") or self._name(finding, said, places)
        if not is_variable(name):
            return ()
        self.at |= dict.fromkeys(places, name)
        return tuple(Reading(p.path, p.line, p.column, p.end_column, name) for p in places)

    def _stands_elsewhere(self, text: str, literal: Literal, places: Sequence[Location], path: str) -> bool:
        """Whether the file holds the secret once more: twice on a line, or in a comment."""
        value = text[literal.start : literal.end].lstrip("rRuU")[1:-1]
        return text.count(value) != sum(place.path == path for place in places)

    def _name(self, finding: Finding, said: str, places: Sequence[Location]) -> str:
        """A name that no other secret has: as the program says it, else after the file and what kind of secret it is."""
        path = places[0].path
        if len(said) > _MOST_CHARACTERS or sum(map(str.isdecimal, said)) > _MOST_DIGITS:
            said = ""
        kind = said if said in _UNTOLD and finding.rule.startswith("generic") else _in_capitals(finding.rule)
        stem = _in_capitals(posixpath.basename(path).partition(".")[0])
        wanted = (said if said and said not in _UNTOLD else f"{stem}_{kind}").lstrip("_0123456789")[:_MOST_CHARACTERS]
        name, number = wanted, 1
        while self._is_taken(name, finding, path):
            number += 1
            name = f"{wanted}_{number}"
        self.names[name] = finding.fingerprint
        return name

    def _is_taken(self, name: str, finding: Finding, path: str) -> bool:
        if name in self.names:
            return self.names[name] != finding.fingerprint
        return reads_variable(self.text(path) or "", name)


def _in_capitals(name: str) -> str:
    """A name as variables are written; a team may call its rules what it likes."""
    return "_".join(part for part in re.split(r"[^A-Z0-9]+", name.upper()) if part)


def with_edits(findings: Sequence[Finding], root: Path, rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings of some rules, where paths are relative to `root`: in programs with an edit, the others as they are."""
    programs = _Programs(root)
    return [_edited(finding, programs, rules[finding.rule]) for finding in findings]


def _edited(finding: Finding, programs: _Programs, rule: Rule) -> Finding:
    fix, place = finding.fix, finding.location
    if not isinstance(fix, ByHand) or place is None or len(finding.places) >= _MOST_PLACES:
        return finding
    places = (place, *finding.places)
    if not all(is_program(one.path) for one in places):
        return finding
    readings = programs.readings(finding, places)
    if not readings:
        return finding
    first = _FIRST.of(first=advice_for(rule).text, name=readings[0].name)
    return replace(finding, fix=replace(fix.remedy, readings=readings, caution=first))
