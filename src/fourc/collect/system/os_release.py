"""Which operating system it is, and what OSV calls its packages' ecosystem."""

import re
from collections.abc import Callable, Mapping

from fourc.model.package import Distribution

OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
FALLBACKS = (
    "etc/alpine-release",
    "etc/redhat-release",
    "etc/centos-release",
    "etc/system-release",
    "etc/debian_version",
)
_LONG = 1_000_000
_LINE = re.compile(rb"^[ \t]*([A-Z0-9_]+)=(.*?)[ \t\r]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_SERVICE_PACK = re.compile(r"[ -]SP(\d+)")

# https://www.debian.org/releases/: what has no VERSION_ID yet, or only a `debian_version` of `bookworm/sid`
_DEBIAN = {
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
}
# what `redhat-release` and its kin begin with
_RED_HATS = (
    ("Red Hat Enterprise Linux", "rhel"),
    ("CentOS", "centos"),
    ("AlmaLinux", "almalinux"),
    ("Rocky Linux", "rocky"),
    ("Oracle Linux", "ol"),
    ("Fedora", "fedora"),
    ("Alibaba Cloud Linux", "alinux"),
    ("Anolis OS", "anolis"),
    ("Amazon Linux", "amzn"),
    ("openEuler", "openEuler"),
)


def distribution_of(read: Callable[[str], bytes | None]) -> Distribution | None:
    """What the files below a root say, None where none says anything; `read` gives a file's bytes, None where there is none.

    See https://www.freedesktop.org/software/systemd/man/latest/os-release.html.
    """
    for path in OS_RELEASE:
        data = read(path)
        if data is not None and (said := _fields(data)).get("ID"):
            return _with_version(said, read)
    for path in FALLBACKS:
        data = read(path)
        if data is not None and (found := _from_fallback(path, data[:_LONG].decode("utf-8", "replace").strip())):
            return found
    return None


def _fields(data: bytes) -> dict[str, str]:
    said: dict[str, str] = {}
    for key, value in _LINE.findall(data[:_LONG]):
        said[key.decode()] = _unquoted(value.decode("utf-8", "replace"))
    return said


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return _ESCAPED.sub(r"\1", value[1:-1]) if value[0] == '"' else value[1:-1]
    return value


def _with_version(said: Mapping[str, str], read: Callable[[str], bytes | None]) -> Distribution:
    known = said["ID"]
    version = said.get("VERSION_ID", "")
    codename = said.get("VERSION_CODENAME", "")
    if not version and known == "debian":
        data = read("etc/debian_version")
        told = _debian(data[:_LONG].decode("utf-8", "replace").strip()) if data is not None else None
        version = _DEBIAN.get(codename, told.version if told else "")
    return Distribution(known, version, said.get("PRETTY_NAME") or said.get("NAME", ""), codename)


def _from_fallback(path: str, said: str) -> Distribution | None:
    first = said.partition("\n")[0]
    if path == "etc/debian_version":
        return _debian(first)
    if path == "etc/alpine-release":
        return Distribution("alpine", first, f"Alpine Linux {first}") if first[:1].isdigit() else None
    number = _NUMBER.search(first)
    its = next((known for name, known in _RED_HATS if first.startswith(name)), None)
    return Distribution(its, number.group() if number else "", first) if its else None


def _debian(said: str) -> Distribution | None:
    """From `12.5`, or `trixie/sid` before a release."""
    if number := _NUMBER.match(said):
        return Distribution("debian", number.group().partition(".")[0], f"Debian GNU/Linux {said}")
    codename = said.partition("/")[0]
    known = codename in _DEBIAN
    return Distribution("debian", _DEBIAN[codename], f"Debian GNU/Linux {said}", codename) if known else None


def _major(version: str) -> str:
    return version.partition(".")[0]


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _alpine(version: str, _: str) -> str:
    # edge is called by the day at which it was taken: 3.20.0_alpha20240329
    return "edge" if "_alpha" in version or not version[:1].isdigit() else f"v{_minor(version)}"


def _ubuntu(version: str, _: str) -> str:
    # every second April is a release with long-term support (https://wiki.ubuntu.com/LTS)
    year, _, month = version.partition(".")
    return f"{version}:LTS" if month[:2] == "04" and year.isdecimal() and int(year) % 2 == 0 else version


def _suse(version: str, name: str) -> str:
    """`Linux Enterprise Server 15 SP5`, from 15.5 and the name that people see."""
    major, _, minor = version.partition(".")
    pack = _SERVICE_PACK.search(name)
    number = minor or (pack.group(1) if pack else "")
    return f"Linux Enterprise Server {major}" + (f" SP{number}" if number and number != "0" else "")


def _open_euler(version: str, name: str) -> str:
    """`22.03-LTS-SP3`, of which VERSION_ID has the number only."""
    inside = _IN_BRACKETS.search(name)
    return f"{version}-{inside.group(1)}" if inside and inside.group(1).startswith("LTS") else version


def _whole(version: str, _: str) -> str:
    return version


def _first(version: str, _: str) -> str:
    return _major(version)


# OSV's name (https://ossf.github.io/osv-schema/#defined-ecosystems) and what stands behind its colon, by os-release's ID.
# `CentOS`, `Fedora`, `Oracle Linux`, `Amazon Linux`, `Alibaba Cloud Linux`, `Anolis OS` are not OSV's: it has none for them.
_ECOSYSTEMS: Mapping[str, tuple[str, Callable[[str, str], str]]] = {
    "debian": ("Debian", _first),
    "raspbian": ("Debian", _first),
    "ubuntu": ("Ubuntu", _ubuntu),
    "alpine": ("Alpine", _alpine),
    "postmarketos": ("Alpine", lambda version, _: version),
    "alpaquita": ("Alpaquita", _whole),
    "almalinux": ("AlmaLinux", _first),
    "rocky": ("Rocky Linux", _first),
    "rhel": ("Red Hat", lambda version, _: f"enterprise_linux:{_major(version)}"),
    "sles": ("SUSE", _suse),
    "sles_sap": ("SUSE", _suse),
    "sled": ("SUSE", lambda version, name: _suse(version, name).replace("Server", "Desktop")),
    "sle-micro": ("SUSE", lambda version, _: f"Linux Enterprise Micro {version}"),
    "opensuse-leap": ("openSUSE", lambda version, _: f"Leap {version}"),
    "opensuse": ("openSUSE", lambda version, _: f"Leap {version}"),
    "opensuse-tumbleweed": ("openSUSE", lambda _version, _: "Tumbleweed"),
    "wolfi": ("Wolfi", lambda _version, _: ""),
    "chainguard": ("Chainguard", lambda _version, _: ""),
    "minimos": ("MinimOS", lambda _version, _: ""),
    "photon": ("Photon OS", _whole),
    "azurelinux": ("Azure Linux", _first),
    "mariner": ("Azure Linux", _first),
    "openEuler": ("openEuler", _open_euler),
    "mageia": ("Mageia", _first),
    "amzn": ("Amazon Linux", _first),
    "alinux": ("Alibaba Cloud Linux", _first),
    "anolis": ("Anolis OS", _first),
    "centos": ("CentOS", _first),
    "fedora": ("Fedora", _first),
    "ol": ("Oracle Linux", _first),
}


def ecosystem_of(distribution: Distribution) -> str:
    """OSV's name of the distribution's packages with the release: `Debian:12`, `Alpine:v3.19`.

    What OSV has no name for is called as its makers do; what nobody here knows, by its own id.
    """
    name, release = _ECOSYSTEMS.get(distribution.id, (distribution.id, _whole))
    its = release(distribution.version, distribution.name) if distribution.version or name in _ROLLING else ""
    return f"{name}:{its}" if its else name


_ROLLING = frozenset({"openSUSE"})
