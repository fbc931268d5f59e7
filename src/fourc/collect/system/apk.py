"""The package database of Alpine and its kin (https://wiki.alpinelinux.org/wiki/Apk_spec)."""

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.installed import Installed, checked
from fourc.model.distribution import ecosystem_of
from fourc.model.package import Distribution, Listing, Package, SourcePackage
from fourc.model.text import Text

FORM = "apk"
_LONGEST = 1000  # no name or version is longer
_NAME = Text("a package without a name or a version", "软件包没有名称或版本")
_HINT = Text("take /lib/apk/db/installed as it is on the machine", "请使用机器上原样的 /lib/apk/db/installed")


def read_installed(path: str, data: bytes, distribution: Distribution | None = None) -> Installed:
    """What `lib/apk/db/installed` says is installed.

    Raises:
        PackagesError: it is no such database.
    """
    packages: list[Package] = []
    ecosystem = ecosystem_of(distribution) if distribution else "Alpine"
    line = 1
    start = 0
    while start < len(data):
        end = data.find(b"\n\n", start)
        end = len(data) if end < 0 else end
        stanza = data[start:end]
        if stanza.strip():
            packages.append(_package(stanza, ecosystem, line))
            checked(len(packages))
        line += stanza.count(b"\n") + 2
        start = end + 2
    return Installed(Listing(path, FORM, tuple(packages), distribution=distribution))


def _package(stanza: bytes, ecosystem: str, line: int) -> Package:
    name, version = field_of(stanza, b"P:"), field_of(stanza, b"V:")
    if not name or not version:
        raise PackagesError(_NAME, hint=_HINT)
    origin = field_of(stanza, b"o:")
    licence = field_of(stanza, b"L:")
    return Package(
        ecosystem,
        name,
        version,
        line,
        source=SourcePackage(origin or name, version),
        architecture=field_of(stanza, b"A:"),
        licences=(licence,) if licence else (),
    )


def field_of(stanza: bytes, key: bytes) -> str:
    """The value of a field; files (`F:`, `R:`) come after all fields of the package."""
    start = 0 if stanza.startswith(key) else stanza.find(b"\n" + key) + 1
    if start == 0 and not stanza.startswith(key):
        return ""
    end = stanza.find(b"\n", start)
    value = stanza[start + len(key) : end if end >= 0 else len(stanza)].strip()
    return value.decode("utf-8", "replace") if len(value) <= _LONGEST else ""
