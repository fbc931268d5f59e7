"""Which operating system it is, by the files that say so."""

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
_LONG = 65_536
_LINE = re.compile(rb"^[ \t]*([A-Z0-9_]+)=(.*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")

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
        said[key.decode()] = _unquoted(value.strip().decode("utf-8", "replace"))
    return said


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return _ESCAPED.sub(r"\1", value[1:-1]) if value[0] == '"' else value[1:-1]
    return value


def _with_version(said: Mapping[str, str], read: Callable[[str], bytes | None]) -> Distribution:
    version = said.get("VERSION_ID", "")
    codename = said.get("VERSION_CODENAME", "")
    if said["ID"] == "debian" and not version and not codename:  # sid, and images that keep little
        data = read("etc/debian_version")
        told = _debian(data[:_LONG].decode("utf-8", "replace").strip()) if data is not None else None
        version, codename = (told.version, told.codename) if told else ("", "")
    return Distribution(said["ID"], version, said.get("PRETTY_NAME") or said.get("NAME", ""), codename)


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
    number = _NUMBER.match(said)
    if number:
        return Distribution("debian", number.group(), f"Debian GNU/Linux {said}")
    codename = said.partition("/")[0]
    return (
        Distribution("debian", "", f"Debian GNU/Linux {said}", codename)
        if codename.isalpha() and codename.islower()
        else None
    )
