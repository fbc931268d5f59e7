"""The package database of Debian and its kin (https://man7.org/linux/man-pages/man1/dpkg-query.1.html)."""

import re
from collections.abc import Callable, Iterator

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.installed import Installed, checked
from fourc.model.distribution import ecosystem_of
from fourc.model.package import Distribution, Listing, Package, SourcePackage
from fourc.model.text import Text

FORM = "dpkg"
# of the states, those in which the files of the package are there
_THERE = frozenset({b"installed", b"unpacked", b"half-configured", b"triggers-awaited", b"triggers-pending"})
_LONGEST = 1000  # no name or version is longer
_FIELD = re.compile(rb"\n(?:(Package|Status|Version|Source|Architecture):([^\n]*)|(?=\n))")
_SOURCE = re.compile(r"([^\s()]+)(?:\s*\(([^()\s]+)\))?")
_NAME = Text("a package without a name or a version", "软件包没有名称或版本")
_HINT = Text("take /var/lib/dpkg/status as it is on the machine", "请使用机器上原样的 /var/lib/dpkg/status")


def read_status(path: str, data: bytes, distribution: Distribution | None = None) -> Installed:
    """What `status` says is installed, held packages too; removed ones are not, nor those of which only settings are left.

    Raises:
        PackagesError: a package of it has no name or no version.
    """
    packages: list[Package] = []
    held: set[int] = set()
    ecosystem = ecosystem_of(distribution) if distribution else "Debian"
    for line, said in _stanzas(data):
        wants, _, state = said.get(b"Status", b"").strip().rpartition(b" ")
        if state not in _THERE and state:
            continue
        if wants.startswith(b"hold"):
            held.add(len(packages))
        packages.append(_package(said, ecosystem, line))
        checked(len(packages))
    return Installed(Listing(path, FORM, tuple(packages), distribution=distribution), frozenset(held))


def read_status_folder(
    path: str, names: list[str], read: Callable[[str], bytes | None], distribution: Distribution | None = None
) -> Installed:
    """What the files of distroless images' `status.d` say, each of which is one package.

    Raises:
        PackagesError: one is no such file.
    """
    ecosystem = ecosystem_of(distribution) if distribution else "Debian"
    packages: list[Package] = []
    for name in sorted(names):
        if name.endswith((".md5sums", ".list", ".conffiles", ".preinst", ".postinst", ".prerm", ".postrm")):
            continue
        data = read(f"{path}/{name}")
        for _, said in _stanzas(data or b""):
            packages.append(_package(said, ecosystem, 0, f"{path}/{name}"))
            checked(len(packages))
    return Installed(Listing(path, FORM, tuple(packages), distribution=distribution))


def _stanzas(data: bytes) -> Iterator[tuple[int, dict[bytes, bytes]]]:
    """Of each paragraph the line at which it begins, and the fields that count here."""
    padded = b"\n" + data
    said: dict[bytes, bytes] = {}
    line = begins = at = 0
    for match in _FIELD.finditer(padded):
        name, value = match.groups()
        if name is None:
            if said:
                yield begins, said
                said = {}
            continue
        if not said:
            line += padded.count(b"\n", at, match.start() + 1)
            at, begins = match.start() + 1, line
        said[name] = value
    if said:
        yield begins, said


def field_of(stanza: bytes, name: bytes) -> str:
    """The first line of a field, empty where there is none or it is longer than any name or version."""
    start = 0 if stanza.startswith(name + b":") else stanza.find(b"\n" + name + b":") + 1
    if start == 0 and not stanza.startswith(name + b":"):
        return ""
    start += len(name) + 1
    end = stanza.find(b"\n", start)
    return _word(stanza[start : end if end >= 0 else len(stanza)])


def _package(said: dict[bytes, bytes], ecosystem: str, line: int, path: str = "") -> Package:
    name, version = _word(said.get(b"Package", b"")), _word(said.get(b"Version", b""))
    if not name or not version:
        raise PackagesError(_NAME, hint=_HINT)
    # what is built from a source of its own name and version does not say so
    source = SourcePackage(name, version)
    if b"Source" in said and (told := _SOURCE.match(_word(said[b"Source"]))):
        source = SourcePackage(told.group(1), told.group(2) or version)
    architecture = _word(said.get(b"Architecture", b""))
    return Package(ecosystem, name, version, line, source=source, architecture=architecture, path=path)


def _word(value: bytes) -> str:
    return value.strip().decode("utf-8", "replace") if len(value) <= _LONGEST else ""
