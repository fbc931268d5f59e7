"""R: `renv.lock`, the older `packrat.lock`, and `DESCRIPTION` of packages that are installed."""

import re

from msgspec import Struct, field

from fourc.collect.packages.decoding import json_of, lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.model.package import Listing

CRAN = "CRAN"
BIOCONDUCTOR = "Bioconductor"


_REQUIRES = 20_000  # characters of the longest list


class _Package(Struct):
    name: str = field(default="", name="Package")
    version: str = field(default="", name="Version")
    source: str | None = field(default=None, name="Source")
    repository: str | None = field(default=None, name="Repository")
    requirements: list[str] | dict[str, object] | None = field(default=None, name="Requirements")


class _Lock(Struct):
    packages: dict[str, _Package] = field(default_factory=dict, name="Packages")


def _ecosystem(package: _Package) -> str:
    """Where a package comes from; empty for what comes from git or a folder, whose version no registry knows."""
    source = (package.source or "Repository").lower()
    repository = (package.repository or "").lower()
    if source == "bioconductor" or repository.startswith("bioc"):
        return BIOCONDUCTOR
    return CRAN if source in {"repository", "cran"} else ""


def read_renv(given: Given) -> Listing:
    """`renv.lock` (https://rstudio.github.io/renv/articles/lockfile.html); mirrors of CRAN (`RSPM`) are CRAN."""
    lock = json_of(given, _Lock)
    lines = lines_of_keys(given)
    found = Found(given.path, CRAN)
    at: dict[str, int] = {}
    for key, package in lock.packages.items():
        if ecosystem := _ecosystem(package):
            at[key] = found.add(package.name or key, package.version, lines.get(key, 0), ecosystem=ecosystem)
    for key, package in lock.packages.items():
        if isinstance(package.requirements, list):
            found.need(at.get(key, NOTHING), (at.get(needed, NOTHING) for needed in package.requirements))
    needs = any(package.requirements for package in lock.packages.values())
    return found.listing(needs=needs)


def read_packrat(given: Given) -> Listing:
    """`packrat.lock` (https://rstudio.github.io/packrat/): a paragraph for each package."""
    found = Found(given.path, CRAN)
    told: dict[str, str] = {}
    start = 0
    needs: list[tuple[str, str]] = []
    at: dict[str, int] = {}

    def note() -> None:
        name = told.get("Package", "")
        package = _Package(name, told.get("Version", ""), told.get("Source"))
        if ecosystem := _ecosystem(package):
            at[name] = found.add(name, package.version, start, ecosystem=ecosystem)
        needs.extend((name, needed.strip()) for needed in told.get("Requires", "").split(",") if needed.strip())

    key = ""
    for number, line in lines_of(given):
        if not line.strip():
            note()
            told, key = {}, ""
        elif line[0].isspace():
            if key == "Requires" and len(told[key]) < _REQUIRES:
                told[key] += line
        else:
            key, _, value = line.partition(":")
            told[key] = value.strip()
            start = number if key == "Package" else start
    note()
    for name, needed in needs:
        found.need(at.get(name, NOTHING), (at.get(needed, NOTHING),))
    return found.listing(needs=True)


_LICENCE = re.compile(r"\s*\|\s*")


def read_description(given: Given) -> Listing:
    """`DESCRIPTION` (https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file) of an installed package.

    Installation adds `Built`; a source folder's own description is not installed. What is part of R itself is no package of CRAN.
    """
    told: dict[str, str] = {}
    for _, line in lines_of(given):
        key, colon, value = line.partition(":")
        if colon and key and not key[0].isspace():
            told.setdefault(key, value.strip())
    found = Found(given.path, BIOCONDUCTOR if "biocViews" in told else CRAN)
    if "Built" in told and told.get("Priority") != "base":
        licences = tuple(name for name in _LICENCE.split(told.get("License", "")) if name)
        found.add(told.get("Package", ""), told.get("Version", ""), licences=licences)
    return found.listing()
