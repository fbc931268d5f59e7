"""Java archives, also in one another: what their `pom.properties`, manifest and file name say they hold.

`META-INF/maven/<group>/<artifact>/pom.properties` is written by Maven and believed; a shaded jar has one for each library that
went into it. Where there is none for the jar itself, its manifest (https://docs.oracle.com/javase/8/docs/technotes/guides/jar/jar.html,
OSGi's `Bundle-*`) and its name decide.
"""

import posixpath
import re
from io import BytesIO
from typing import BinaryIO

from msgspec import Struct

from fourc.collect.packages.errors import malformed, too_large
from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.found import Found
from fourc.collect.packages.jar_groups import group_of
from fourc.collect.packages.xml import read_xml
from fourc.collect.packages.zips import Archive, Member, TooMuchError, ZipError
from fourc.model.package import Listing
from fourc.text import Text

ENDINGS = (".jar", ".war", ".ear", ".par", ".sar", ".jpi", ".hpi", ".lpkg", ".nar", ".kar")
DEPTH = 5  # an ear holds a war, that a jar, that one more
INNER = 5_000
PROPERTIES_BYTES = 16 * 1024
MANIFEST_BYTES = 64 * 1024  # of its beginning: signed ones go on for megabytes
POM_BYTES = 1024 * 1024
HEADER = 4_000  # characters of one header
TEXT_BYTES = 32 * 1024 * 1024  # of all manifests, properties and poms; a hundred times what real archives have
OPEN_BYTES = 128 * 1024 * 1024  # unpacked archives that are held at once
ALL_BYTES = 1024 * 1024 * 1024

_BROKEN = Text("it is not a Java archive that can be read ({what})", "不是可读取的 Java 归档（{what}）")
_BOMB = Text("it unpacks to more than real Java archives do", "解压后超过真正的 Java 归档的大小")

_WANTED = (b"/pom.properties", b"/manifest.mf", b"/pom.xml", *(ending.encode() for ending in ENDINGS))
_VERSIONED = re.compile(r"(?P<artifact>[A-Za-z0-9_.-]*[A-Za-z0-9_.])-(?P<version>\d[A-Za-z0-9_.+-]*)")
_CLASSIFIER = re.compile(
    r"-(?:sources|javadoc|tests?|shaded|all|jar-with-dependencies|uber|boot|exec|runner"
    r"|(?:linux|osx|windows|natives|darwin|macos)[a-z0-9_.-]*)$"
)
_LITERAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_LICENSE = b"<license>"


class _Coordinates(Struct, frozen=True):
    group: str
    artifact: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.group}:{self.artifact}"


class _Budget:
    """What is left to unpack of one outermost archive."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.all = ALL_BYTES
        self.open = OPEN_BYTES
        self.text = TEXT_BYTES
        self.inner = INNER

    def spent(self, data: bytes) -> bytes:
        """The same bytes, counted as text."""
        self.text -= len(data)
        if self.text < 0:
            raise TooMuchError(self.path)
        return data

    def unpacked(self, archive: Archive, member: Member, limit: int) -> bytes:
        data = archive.read(member, min(limit, self.all, self.open))
        self.all -= len(data)
        return data


def _properties(data: bytes) -> dict[str, str]:
    """The lines `key=value` of a Java properties file; what Maven writes has neither escapes nor continued lines."""
    pairs: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", "!")):
            pairs[key.strip()] = value.strip()
    return pairs


def _manifest(data: bytes) -> dict[str, str]:
    """The main section of a manifest, keys in lower case; a line that begins with a space continues the one before."""
    headers: dict[str, str] = {}
    key = ""
    for line in data.decode("utf-8", "replace").splitlines():
        if not line.strip():
            break
        if line.startswith(" "):
            if key and len(headers[key]) < HEADER:
                headers[key] += line[1:]
            continue
        key, colon, value = line.partition(":")
        key = key.strip().lower() if colon else ""
        if key:
            headers[key] = value.strip()
    return {key: value.strip() for key, value in headers.items()}


def _named(path: str) -> tuple[str, str]:
    """Artifact and version that the file's name says."""
    stem, _, _ = posixpath.basename(path).rpartition(".")
    match = _VERSIONED.fullmatch(_CLASSIFIER.sub("", stem))
    return (match["artifact"], match["version"]) if match is not None else ("", "")


def _literal(*texts: str) -> str:
    """The first that is one word."""
    return next((text for text in texts if _LITERAL.fullmatch(text)), "")


def _by_manifest(path: str, headers: dict[str, str]) -> _Coordinates | None:
    """What the archive is by its manifest and name; the group is guessed only where something speaks for it."""
    named, named_version = _named(path)
    symbolic = headers.get("bundle-symbolicname", "").partition(";")[0].strip()
    module = headers.get("automatic-module-name", "")
    artifact = named or _literal(
        headers.get("implementation-title", ""), symbolic.rpartition(".")[2], headers.get("specification-title", "")
    )
    version = named_version or _literal(
        headers.get("implementation-version", ""),
        headers.get("bundle-version", ""),
        headers.get("specification-version", ""),
    )
    if not artifact or not version:
        return None
    vendor = headers.get("implementation-vendor-id", "")
    group = group_of(artifact, vendor if _LITERAL.fullmatch(vendor) else "", symbolic, module)
    if not group and not named:
        return None
    return _Coordinates(group or artifact, artifact, version)


def _licences(pom: bytes, headers: dict[str, str]) -> tuple[str, ...]:
    """The licences that the embedded pom names, else the manifest's, whose values may carry parameters."""
    if _LICENSE in pom:
        try:
            licences = read_xml(Given("pom.xml", pom)).child("licenses")
        except PackagesError:
            licences = None
        names = [item.inner("name") for item in licences.all("license")] if licences is not None else []
        if told := tuple(name for name in names if name):
            return told
    bundle = headers.get("bundle-license", "").partition(";")[0].strip().strip('"')
    return (bundle,) if bundle else ()


class _Contents:
    """What one archive says of itself, and the archives in it."""

    def __init__(self) -> None:
        self.told: list[tuple[_Coordinates, str]] = []
        self.poms: dict[str, Member] = {}
        self.headers: dict[str, str] = {}
        self.inner: list[Member] = []

    def look(self, archive: Archive, budget: _Budget) -> None:
        for member in archive.members(*_WANTED):
            low = member.name.lower()
            if low.endswith(ENDINGS):
                if len(self.inner) > INNER:
                    raise TooMuchError(member.name)
                self.inner.append(member)
            elif low.endswith("/pom.properties"):
                pairs = _properties(budget.spent(archive.read(member, PROPERTIES_BYTES)))
                values = [pairs.get(key, "") for key in ("groupId", "artifactId", "version")]
                if all(values) and not any("${" in value or " " in value for value in values):
                    self.told.append((_Coordinates(*values), posixpath.dirname(member.name)))
            elif low.endswith("/pom.xml"):
                self.poms[posixpath.dirname(member.name)] = member
            elif low == "meta-inf/manifest.mf":
                self.headers = _manifest(budget.spent(archive.head(member, MANIFEST_BYTES)))

    def pom(self, archive: Archive, folder: str, budget: _Budget) -> bytes:
        """The pom that stands beside a `pom.properties`, empty where there is none or it is no real one."""
        member = self.poms.get(folder)
        if member is None or member.size > min(POM_BYTES, budget.text):
            return b""
        return budget.spent(archive.read(member, POM_BYTES))


def _read(archive: Archive, path: str, found: Found, budget: _Budget, depth: int) -> list[int]:
    """Note what an archive holds and give the positions of what it is itself."""
    contents = _Contents()
    contents.look(archive, budget)
    place = path if depth else ""
    own: list[int] = []
    told = dict(contents.told)
    for coordinates, folder in told.items():
        licences = _licences(contents.pom(archive, folder, budget), contents.headers if len(told) == 1 else {})
        own.append(found.add(coordinates.name, coordinates.version, licences=licences, path=place))
    artifact, version = _named(path)
    itself = [at for at, coordinates in zip(own, told, strict=True) if coordinates.artifact == artifact]
    if not told or (artifact and version and not itself and len(told) > 1):
        coordinates_of_name = _by_manifest(path, contents.headers)
        if coordinates_of_name is not None and (not told or coordinates_of_name.group != coordinates_of_name.artifact):
            licences = _licences(b"", contents.headers)
            at = found.add(coordinates_of_name.name, coordinates_of_name.version, licences=licences, path=place)
            itself = [at]
            own.append(at)
    holders = itself or own[:1]
    for member in contents.inner:
        own += _inside(archive, member, f"{path}/{member.name}", found, budget, depth + 1)
    for holder in holders:
        found.need(holder, own)
    return holders


def _inside(archive: Archive, member: Member, path: str, found: Found, budget: _Budget, depth: int) -> list[int]:
    """Look into an archive in an archive; one that is broken or encrypted is left open."""
    budget.inner -= 1
    if depth > DEPTH or budget.inner < 0:
        raise TooMuchError(path)
    try:
        stored = archive.stored(member)
        if stored is not None:
            return _read(Archive(*stored), path, found, budget, depth)
        data = budget.unpacked(archive, member, OPEN_BYTES)
    except ZipError:
        found.leave_open(path)
        return []
    budget.open -= len(data)
    try:
        return _read(Archive(BytesIO(data), 0, len(data)), path, found, budget, depth)
    except ZipError:
        found.leave_open(path)
        return []
    finally:
        budget.open += len(data)


def read_jar(file: BinaryIO, path: str) -> Listing:
    """A Java archive in a file that can seek; `needs` leads from an archive to what is in it.

    Archives in it that are broken are left open.
    """
    found = Found(path, "Maven")
    try:
        archive = Archive(file, 0, file.seek(0, 2))
        _read(archive, path, found, _Budget(path), 0)
    except ZipError as error:
        raise malformed(path, _BROKEN.of(what=str(error)[:200])) from error
    except TooMuchError as error:
        raise too_large(path, _BOMB) from error
    return found.listing(needs=True)


def read_given(given: Given) -> Listing:
    """A Java archive whose bytes are at hand."""
    return read_jar(BytesIO(given.data), given.path)
