"""Conda: environment files, conda-lock, and installed packages (https://docs.conda.io/projects/conda/en/stable/user-guide)."""

import re

from msgspec import Struct

from fourc.collect.packages.decoding import json_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import LineSearch, keys_with_lines
from fourc.collect.packages.package_json import licences_of
from fourc.collect.packages.pypi import ECOSYSTEM as PYPI
from fourc.collect.packages.pypi import exact_pin, is_elsewhere, normalised, requirement_of
from fourc.collect.packages.values import items, table, text, word, words
from fourc.collect.packages.yaml_tree import yaml_of
from fourc.model.package import Listing, Project

ECOSYSTEM = "conda"
"""OSV has no name for it; this is the type of its package URLs."""
_PIN = re.compile(r"(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*={1,2}\s*(\d[\w.!+-]*)(?:=[\w.*-]+)?")
_ASKED = re.compile(r"(?:[\w./-]+::)?(?!__)([A-Za-z0-9_][\w.-]*)(?=$|[\s=<>!~\[])")
"""A package; what begins with `__` is the machine's own."""
_PACKAGE = re.compile(rb"^-? +name: *['\"]?([^'\"\r\n]+)", re.MULTILINE)


class _Meta(Struct):
    """What `conda-meta/<name>-<version>-<build>.json` says."""

    name: str = ""
    version: str = ""
    license: object = None


def read_environment(given: Given) -> Listing:
    """The exact pins of an environment file: conda's, and pip's below `pip:`; ranges are left open."""
    found = Found(given.path, ECOSYSTEM)
    documents = yaml_of(given)
    facts = documents[0] if documents else {}
    lines = LineSearch(given)
    for each in items(facts.get("dependencies")):
        for written in words(table(each).get("pip")):
            parsed = requirement_of(written.strip())
            if parsed is not None and not is_elsewhere(parsed[1]):
                found.ask(parsed[0], exact_pin(parsed[1]), lines.line_of(written), ecosystem=PYPI)
        asked = text(each).strip()
        if (pin := _PIN.fullmatch(asked)) is not None:
            found.ask(pin[1].lower(), pin[2], lines.line_of(asked))
        elif (named := _ASKED.match(asked)) is not None:
            found.leave_open(named[1].lower())
    return found.listing(found.direct, Project(ECOSYSTEM, text(facts.get("name"))))


def read_lock(given: Given) -> Listing:
    """The packages of `conda-lock.yml`, once for all platforms (https://conda.github.io/conda-lock/output/).

    `dev` is their own category.
    """
    found = Found(given.path, ECOSYSTEM)
    documents = yaml_of(given)
    facts = documents[0] if documents else {}
    needs: list[tuple[int, list[str]]] = []
    lines = [line for _, line in keys_with_lines(given, _PACKAGE)]
    packages = items(facts.get("package"))
    for position, each in enumerate(packages):
        package = table(each)
        pip = package.get("manager") == "pip"
        name, version = text(package.get("name")), word(package.get("version"))
        if not name or not version:
            continue
        line = lines[position] if len(lines) == len(packages) else 0
        dev = text(package.get("category")) == "dev"
        place = found.add(
            normalised(name) if pip else name, version, line=line, dev=dev, ecosystem=PYPI if pip else ECOSYSTEM
        )
        needs.append((place, [normalised(other) if pip else other for other in table(package.get("dependencies"))]))
    for place, names in needs:
        found.need(place, (each for name in names for each in found.versions_of(name)))
    return found.listing(needs=True)


def read_installed(given: Given) -> Listing:
    """The package of a file in `conda-meta`."""
    meta = json_of(given, _Meta)
    found = Found(given.path, ECOSYSTEM)
    if meta.name and meta.version:
        line = LineSearch(given).line_of('"version"')
        found.add(meta.name, meta.version, line=line, licences=licences_of(meta.license), path=given.path)
    return found.listing()
