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
_SOURCE = re.compile(r"([^\s()]+)(?:\s*\(([^()\s]+)\))?")
_NAME = Text("a package without a name or a version", "软件包没有名称或版本")
_HINT = Text("take /var/lib/dpkg/status as it is on the machine", "请使用机器上原样的 /var/lib/dpkg/status")


def read_status(path: str, data: bytes, distribution: Distribution | None = None) -> Installed:
    """What `status` says is installed, held packages too; removed ones are not, nor those of which only settings are left.

    Raises:
        PackagesError: it is no such database.
    """
    packages: list[Package] = []
    held: set[int] = set()
    ecosystem = ecosystem_of(distribution) if distribution else "Debian"
    for start, stanza in _stanzas(data):
        wants, _, state = _field(stanza, b"Status").rpartition(b" ")
        if state not in _THERE and state:
            continue
        if wants.startswith(b"hold"):
            held.add(len(packages))
        packages.append(_package(stanza, ecosystem, start))
        checked(len(packages))
    if not packages and data.strip() and b"\nPackage: " not in b"\n" + data:
        raise PackagesError(_NAME, hint=_HINT)
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
        for _, stanza in _stanzas(data or b""):
            packages.append(_package(stanza, ecosystem, 0, f"{path}/{name}"))
            checked(len(packages))
    return Installed(Listing(path, FORM, tuple(packages), distribution=distribution))


def _stanzas(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each paragraph with the line at which it begins."""
    line = 1
    start = 0
    while start < len(data):
        end = data.find(b"\n\n", start)
        end = len(data) if end < 0 else end
        stanza = data[start:end]
        if not stanza.isspace() and stanza:
            yield line, stanza
        line += stanza.count(b"\n") + 2
        start = end + 2


def field_of(stanza: bytes, name: bytes) -> str:
    """The first line of a field, empty where there is none or it is longer than any name or version."""
    value = _field(stanza, name)
    return value.decode("utf-8", "replace") if len(value) <= _LONGEST else ""


def _field(stanza: bytes, name: bytes) -> bytes:
    start = 0 if stanza.startswith(name + b":") else stanza.find(b"\n" + name + b":") + 1
    if start == 0 and not stanza.startswith(name + b":"):
        return b""
    start += len(name) + 1
    end = stanza.find(b"\n", start)
    return stanza[start : end if end >= 0 else len(stanza)].strip()


def _package(stanza: bytes, ecosystem: str, line: int, path: str = "") -> Package:
    name = field_of(stanza, b"Package")
    version = field_of(stanza, b"Version")
    if not name or not version:
        raise PackagesError(_NAME, hint=_HINT)
    told = _SOURCE.match(field_of(stanza, b"Source"))
    # what is built from a source of its own name and version does not say so
    source = SourcePackage(told.group(1), told.group(2) or version) if told else SourcePackage(name, version)
    return Package(
        ecosystem, name, version, line, source=source, architecture=field_of(stanza, b"Architecture"), path=path
    )
