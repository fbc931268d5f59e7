"""Installed Python packages: `METADATA` of wheels, `PKG-INFO` of eggs (https://packaging.python.org/specifications/core-metadata/)."""

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.pypi import ECOSYSTEM, normalised
from fourc.model.package import Listing

_MOST = 1 << 20
"""Bytes in which the fields stand; the description may follow for long."""
_LICENCE = "License :: "
_SHORT = 100
"""Characters of a licence's name; some put its whole text into the field."""


def read_metadata(given: Given) -> Listing:
    """The package that the fields at the beginning of the file describe."""
    found = Found(given.path, ECOSYSTEM)
    facts: dict[str, list[str]] = {}
    line_of: dict[str, int] = {}
    for number, line in lines_of(Given(given.path, given.data[:_MOST])):
        if not line.strip():
            break
        key, colon, value = line.partition(":")
        if colon and not line.startswith((" ", "\t")):
            facts.setdefault(key.lower(), []).append(value.strip())
            line_of.setdefault(key.lower(), number)
    name, version = (next(iter(facts.get(key, ())), "") for key in ("name", "version"))
    if name and version:
        found.add(normalised(name), version, line=line_of["version"], licences=_licences(facts), path=given.path)
    return found.listing()


def _licences(facts: dict[str, list[str]]) -> tuple[str, ...]:
    """The expression, else the classifiers, else the free text where it is short."""
    if expression := facts.get("license-expression"):
        return tuple(expression)
    classes = [each.rpartition(" :: ")[2] for each in facts.get("classifier", ()) if each.startswith(_LICENCE)]
    free = [each for each in facts.get("license", ()) if each and len(each) <= _SHORT and each != "UNKNOWN"]
    return tuple(each for each in classes if each != "OSI Approved") or tuple(free)
