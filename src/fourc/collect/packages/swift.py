"""Swift packages (`Package.resolved`), CocoaPods (`Podfile.lock`) and Carthage (`Cartfile.resolved`)."""

import re

from msgspec import Struct, field

from fourc.collect.packages.decoding import json_of, lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.model.package import Listing

SWIFT = "SwiftURL"
COCOAPODS = "CocoaPods"

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^@/]*@)?", re.IGNORECASE)
_SCP = re.compile(r"^[^@/:]*@(?P<host>[^:/]+):(?P<path>.+)$")
_PIN = re.compile(rb'"(?:identity|package)"\s*:\s*"([^"\\\n]{1,500})"')
_URL = re.compile(rb"""url:\s*"([^"\n]{1,1000})\"""")


def repository(url: str) -> str:
    """A repository's address as OSV names Swift packages: without scheme, user and `.git` (`github.com/apple/swift-nio`)."""
    scp = _SCP.match(url)
    address = f"{scp['host']}/{scp['path']}" if scp is not None else _SCHEME.sub("", url, count=1)
    return address.rstrip("/").removesuffix(".git")


class _State(Struct):
    version: str | None = None
    branch: str | None = None


class _Pin(Struct):
    identity: str = ""
    package: str = ""
    location: str | None = None
    repository_url: str | None = field(default=None, name="repositoryURL")
    state: _State = field(default_factory=_State)


class _Old(Struct):
    pins: list[_Pin] = field(default_factory=list)


class _Resolved(Struct):
    pins: list[_Pin] = field(default_factory=list)
    object: _Old | None = None


def read_resolved(given: Given) -> Listing:
    """`Package.resolved`, versions 1 to 3. What follows a branch has its name as version; a registry's package its identity.

    Direct is what `Package.swift` beside asks for, where there is one (Xcode keeps the list elsewhere).
    """
    resolved = json_of(given, _Resolved)
    lines = lines_of_keys(given, _PIN)
    manifest = given.beside("Package.swift")
    wanted = {repository(url.decode(errors="replace")).lower() for url in _URL.findall(manifest or b"")}
    found = Found(given.path, SWIFT)
    for pin in (resolved.object.pins if resolved.object is not None else []) + resolved.pins:
        key = pin.identity or pin.package
        name = repository(pin.location or pin.repository_url or "") or key
        version = pin.state.version or pin.state.branch or ""
        if not name.startswith((".", "/")):
            found.add(name, version, lines.get(key, 0), direct=name.lower() in wanted)
    return found.listing(found.direct if manifest is not None else None)


_POD = re.compile(r'^(?P<indent> {2}| {4})- "?(?P<name>[^ "()]+)(?: \((?P<version>[^()]*)\))?"?(?P<has>:?)\s*$')
_EXACT = re.compile(r"[0-9][\w.+-]*")


def read_podfile(given: Given) -> Listing:
    """`Podfile.lock` as CocoaPods writes it; subspecs (`Texture/Core`) are packages of their own, needed by what names them."""
    found = Found(given.path, COCOAPODS)
    section = ""
    at: dict[str, int] = {}
    needs: list[tuple[str, str]] = []
    direct: list[str] = []
    pod = ""
    for number, line in lines_of(given):
        if line and not line.startswith(" "):
            section = line.rstrip(":")
            continue
        match = _POD.match(line) if section == "PODS" else None
        if match is not None and match["indent"] == "  ":
            pod = match["name"]
            if match["version"] is not None and _EXACT.fullmatch(match["version"]):
                at[pod] = found.add(pod, match["version"], number)
        elif match is not None:
            needs.append((pod, match["name"]))
        elif section == "DEPENDENCIES":
            words = line.strip().removeprefix("- ").strip('"').split()
            direct += words[:1]
    for name, needed in needs:
        found.need(at.get(name, NOTHING), (at.get(needed, NOTHING),))
    return found.listing((at.get(name, NOTHING) for name in direct), needs=True)


_CARTHAGE = re.compile(r'\s*(?P<kind>github|git) "(?P<place>[^"]{1,1000})" "v?(?P<version>[^"]{1,200})"')


def read_carthage(given: Given) -> Listing:
    """`Cartfile.resolved` (https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md), without binaries."""
    found = Found(given.path, SWIFT)
    for number, line in lines_of(given):
        match = _CARTHAGE.match(line)
        if match is not None:
            place = match["place"]
            short = match["kind"] == "github" and place.count("/") == 1
            found.add(f"github.com/{place}" if short else repository(place), match["version"], number)
    return found.listing()
