"""Gradle's build scripts: programs, of which only the versions count that they spell out."""

import re
from collections.abc import Mapping

from fourc.collect.packages.decoding import lines_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.gradle import DEV
from fourc.model.package import Listing

_LONGEST = 2_000  # characters of a line that says a dependency
_FOLDERS_UP = 3
_EXPANDED = 500

# implementation("g:a:1.0"), testImplementation 'g:a:1.0', api(platform("g:a:1.0")), "kapt"("g:a:1.0@aar")
_LITERAL = re.compile(
    r"""^\s*["']?(?P<configuration>[A-Za-z][A-Za-z0-9]{0,60})["']?(?:\s*\(\s*|\s+)
        (?:(?:platform|enforcedPlatform|testFixtures)\s*\(\s*)?
        (?P<quote>["'])(?P<coordinates>[^"']{1,500})(?P=quote)""",
    re.VERBOSE,
)
_MORE = re.compile(r"""^\s*(?P<quote>["'])(?P<coordinates>[^"']{1,500})(?P=quote)\s*[,)]?\s*$""")
_NAMED = re.compile(
    r"""^\s*(?P<configuration>[A-Za-z][A-Za-z0-9]{0,60})(?:\s*\(\s*|\s+)
        group\s*[:=]\s*["'](?P<group>[^"']{1,200})["']\s*,\s*name\s*[:=]\s*["'](?P<name>[^"']{1,200})["']\s*,
        \s*version\s*[:=]\s*["'](?P<version>[^"']{1,200})["']""",
    re.VERBOSE,
)
_COORDINATES = re.compile(r"(?P<name>[\w.-]+:[\w.-]+):(?P<version>\w[\w.+-]*?)(?:!!)?(?::[\w.-]+)?(?:@\w+)?")
_NAME = re.compile(r"[\w.-]+:[\w.-]+(?=:|$)")
_CONFIGURATION = re.compile(
    r"(?i)(implementation|api|compile|runtime|only|processor|classpath|kapt|ksp|dependenc|developmentonly|errorprone)"
)
# def x = '1.0', val x = "1.0", ext.x = '1.0', x = '1.0' (in `ext`), x=1.0 in gradle.properties
_VALUE = re.compile(
    r"""^\s*(?:(?:private\s+)?(?:const\s+)?(?:def|val|var|final|String)\s+)*(?:project\.)?(?:ext\.)?(?P<name>[A-Za-z_]\w{0,100})
        (?:\s*:\s*String)?\s*=\s*(?P<quote>["'])(?P<value>[\w.+-]{1,100})(?P=quote)\s*;?\s*(?://.*)?$""",
    re.VERBOSE,
)
_PROPERTY = re.compile(r"^\s*(?P<name>[\w.-]{1,100})\s*[=:]\s*(?P<value>[\w.+-]{1,100})\s*$")
_REFERENCE = re.compile(r"\$(?:\{\s*(?:project\.|rootProject\.|ext\.)*([A-Za-z_]\w{0,100})\s*\}|([A-Za-z_]\w{0,100}))")


def _properties(given: Given) -> dict[str, str]:
    matches = (_PROPERTY.match(line) for _, line in lines_of(given) if len(line) <= _LONGEST)
    return {match["name"]: match["value"] for match in matches if match is not None}


def _values(given: Given) -> dict[str, str]:
    """The constants that the script defines, or else `gradle.properties` beside or above."""
    values: dict[str, str] = {}
    for up in range(_FOLDERS_UP):
        values = (told_beside(given, "../" * up + "gradle.properties", _properties) or {}) | values
    for _, line in lines_of(given):
        if "=" in line and len(line) <= _LONGEST and (match := _VALUE.match(line)) is not None:
            values[match["name"]] = match["value"]
    return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    filled = _REFERENCE.sub(lambda match: values.get(match[1] or match[2], match[0]), text)
    return filled if len(filled) <= _EXPANDED else ""


def _exact(coordinates: str) -> tuple[str, str]:
    """Name and version; no version where others decide or it may be any of several, no name where there is none."""
    exact = _COORDINATES.fullmatch(coordinates)
    if exact is None:
        name = _NAME.match(coordinates)
        return (name[0], "") if name is not None else ("", "")
    moving = exact["version"].endswith("+") or exact["version"].startswith("latest.")
    return exact["name"], "" if moving else exact["version"]


def read_build(given: Given) -> Listing:
    """`build.gradle(.kts)`: literal `group:name:version` in a dependency's line, also with constants of the same file.

    A list of them may go on over lines. What a plug-in or a BOM decides is left open; catalogs are files of their own. `dev` is
    told by the configuration's name.
    """
    found = Found(given.path, "Maven")
    values = _values(given)
    commented = False
    configuration = ""  # of a list that goes on
    for number, line in lines_of(given):
        if len(line) > _LONGEST:
            continue
        if commented or line.lstrip().startswith("/*"):
            commented = "*/" not in line
            continue
        match = _LITERAL.match(line) or _NAMED.match(line)
        if match is not None:
            configuration = match["configuration"]
        elif not configuration or (match := _MORE.match(line)) is None:
            configuration = ""
            continue
        told = match.groupdict()
        text = told.get("coordinates") or f"{told.get('group')}:{told.get('name')}:{told.get('version')}"
        if _CONFIGURATION.search(configuration):
            name, version = _exact(_filled(text, values))
            found.ask(name, version, number, dev=bool(DEV.search(configuration)))
        if not line.rstrip().endswith(","):
            configuration = ""
    return found.listing(found.direct)
