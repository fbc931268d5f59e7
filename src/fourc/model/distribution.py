"""Distributions: what each is called in `os-release`, in OSV and in package URLs. One row each.

OSV's names: https://ossf.github.io/osv-schema/#defined-ecosystems. A distribution that OSV has no name for keeps the name that
people use, so that a gap can name it.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from fourc.model.package import Distribution

_LTS_FROM = 6
_DEBIAN = {
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
    "duke": "15",
}
_UBUNTU = {
    "trusty": "14.04",
    "xenial": "16.04",
    "bionic": "18.04",
    "focal": "20.04",
    "jammy": "22.04",
    "noble": "24.04",
    "resolute": "26.04",
}
_SERVICE_PACK = re.compile(r"(\d+)(?:[.-](?:SP)?(\d+)|[ -]SP(\d+))?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_OPENEULER = re.compile(r"(\d+\.\d+)[ -]*\(?(LTS(?:[ -]SP\d+)?)?\)?", re.IGNORECASE)


class System(Struct, frozen=True):
    """How one distribution is named.

    `id` is os-release's ID, `ecosystem` OSV's name, `type` and `namespace` those of its package URLs, `release` makes OSV's
    release of a distribution (empty where OSV tells none apart), `version` makes VERSION_ID of OSV's release. `aliases` are
    other words that syft, trivy and package URLs use for it.
    """

    id: str
    ecosystem: str
    type: str
    namespace: str
    release: Callable[[Distribution], str]
    version: Callable[[str], str] = str
    aliases: tuple[str, ...] = ()


def _whole(distribution: Distribution) -> str:
    return distribution.version


def _none(_: Distribution) -> str:
    return ""


def _major(distribution: Distribution) -> str:
    """`2` of `2 (Karoo)`, `8` of `8.10`."""
    found = _NUMBER.match(distribution.version)
    return found[0] if found else distribution.version


def _minor(distribution: Distribution) -> str:
    return ".".join(distribution.version.split(".")[:2])


def _debian(distribution: Distribution) -> str:
    """What is being made has no number yet: `trixie/sid`."""
    found = _NUMBER.match(distribution.version)
    return found[0] if found else _DEBIAN.get(distribution.codename or distribution.version.partition("/")[0], "")


def _alpine(distribution: Distribution) -> str:
    """`v3.19` of `3.19.1`; what is built between releases (`3.20_alpha20231219`) is `edge`."""
    if "_alpha" in distribution.version or distribution.version == "edge":
        return "edge"
    return f"v{_minor(distribution).removeprefix('v')}" if distribution.version else ""


def _ubuntu(distribution: Distribution) -> str:
    """`22.04:LTS` of `22.04`: every April of an even year is supported for long, and OSV says so in the name."""
    version = _minor(distribution) or _UBUNTU.get(distribution.codename, "")
    year, _, month = version.partition(".")
    lasting = month == "04" and year.isdecimal() and int(year) >= _LTS_FROM and int(year) % 2 == 0
    return f"{version}:LTS" if lasting else version


def _ubuntu_version(release: str) -> str:
    return release.removeprefix("Pro:").removesuffix(":LTS")


def _red_hat(distribution: Distribution) -> str:
    """OSV scopes Red Hat's packages by CPE; this is the beginning that all streams of a release share."""
    major = _major(distribution)
    return f"enterprise_linux:{major}" if major else ""


def _red_hat_version(release: str) -> str:
    found = re.search(r":(\d+(?:\.\d+)?)", release)
    return found[1] if found else ""


def _opensuse(distribution: Distribution) -> str:
    return f"Leap {distribution.version}" if distribution.version else ""


def _tumbleweed(_: Distribution) -> str:
    return "Tumbleweed"


def _pack(version: str) -> str:
    found = _SERVICE_PACK.fullmatch(version)
    if not found:
        return version
    pack = found[2] or found[3]
    return f"{found[1]} SP{pack}" if pack and pack != "0" else found[1]


def _sles(distribution: Distribution) -> str:
    """`Linux Enterprise Server 15 SP5` of `15.5`; from 16 on releases are numbered with a point."""
    version = distribution.version
    if not version:
        return ""
    major = version.partition(".")[0]
    if major.isdecimal() and int(major) >= 16:
        return f"Linux Enterprise Server {version}"
    return f"Linux Enterprise Server {_pack(version)}"


def _sle_micro(distribution: Distribution) -> str:
    if not distribution.version:
        return ""
    major = distribution.version.partition(".")[0]
    word = "Linux Micro" if major.isdecimal() and int(major) >= 6 else "Linux Enterprise Micro"
    return f"{word} {distribution.version}"


def _suse_version(release: str) -> str:
    found = re.search(r"(\d+(?:\.\d+)?)(?: SP(\d+))?$", release)
    if not found:
        return ""
    return f"{found[1]}.{found[2]}" if found[2] else found[1]


def _openeuler(distribution: Distribution) -> str:
    """`22.03-LTS-SP3`: VERSION_ID has only the number, the name (`openEuler 22.03 (LTS-SP3)`) the rest."""
    for text in (distribution.name, distribution.version):
        found = _OPENEULER.search(text)
        if found:
            return f"{found[1]}-{found[2].upper().replace(' ', '-')}" if found[2] else found[1]
    return ""


def _after(word: str) -> Callable[[str], str]:
    return lambda release: release.removeprefix(word).strip()


SYSTEMS = (
    System("debian", "Debian", "deb", "debian", _debian),
    System("ubuntu", "Ubuntu", "deb", "ubuntu", _ubuntu, _ubuntu_version),
    System("alpine", "Alpine", "apk", "alpine", _alpine, _after("v")),
    System("wolfi", "Wolfi", "apk", "wolfi", _none),
    System("chainguard", "Chainguard", "apk", "chainguard", _none),
    System("minimos", "MinimOS", "apk", "minimos", _none),
    System("alpaquita", "Alpaquita", "apk", "alpaquita", _whole),
    System("almalinux", "AlmaLinux", "rpm", "almalinux", _major, aliases=("alma",)),
    System("rocky", "Rocky Linux", "rpm", "rocky", _major, aliases=("rockylinux", "rocky-linux")),
    System("rhel", "Red Hat", "rpm", "redhat", _red_hat, _red_hat_version, ("redhat", "red-hat")),
    System(
        "opensuse-leap", "openSUSE", "rpm", "opensuse", _opensuse, _after("Leap"), ("opensuse.leap", "opensuse", "leap")
    ),
    System("opensuse-tumbleweed", "openSUSE", "rpm", "opensuse", _tumbleweed, lambda _: "", ("opensuse.tumbleweed",)),
    System("sles", "SUSE", "rpm", "suse", _sles, _suse_version, ("suse", "suse linux enterprise server", "sles_sap")),
    System("sle-micro", "SUSE", "rpm", "suse", _sle_micro, _suse_version, ("sl-micro", "suse linux enterprise micro")),
    System("photon", "Photon OS", "rpm", "photon", _minor),
    System("mageia", "Mageia", "rpm", "mageia", _major),
    System("openEuler", "openEuler", "rpm", "openeuler", _openeuler, lambda r: r.partition("-")[0], ("openeuler",)),
    System("azurelinux", "Azure Linux", "rpm", "azurelinux", _major, aliases=("azure-linux",)),
    System("mariner", "Azure Linux", "rpm", "mariner", _major, aliases=("cbl-mariner",)),
    System("centos", "CentOS", "rpm", "centos", _major),
    System("fedora", "Fedora", "rpm", "fedora", _major),
    System("ol", "Oracle Linux", "rpm", "oracle", _major, aliases=("oracle", "oraclelinux", "oracle-linux")),
    System("amzn", "Amazon Linux", "rpm", "amazon", _major, aliases=("amazon", "amazonlinux", "amazon-linux")),
    System("alinux", "Alibaba Cloud Linux", "rpm", "alinux", _major, aliases=("alios", "aliyun")),
    System("anolis", "Anolis OS", "rpm", "anolis", _major),
)
_BY_ID = {name: s for s in reversed(SYSTEMS) for name in (s.id, s.namespace, *s.aliases)} | {s.id: s for s in SYSTEMS}


def system_of(name: str) -> System | None:
    """The row of an id, of a package URL's namespace or of a word that means the same; None where it is not known."""
    return _BY_ID.get(name) or _BY_ID.get(name.lower())


def ecosystem_of(distribution: Distribution) -> str:
    """OSV's name with its release (`Debian:12`, `Ubuntu:22.04:LTS`); without one where it tells none or none is known.

    An unknown distribution keeps its own name: `gentoo`, `void:20240101`.
    """
    return _ecosystem(distribution.id, distribution.version, distribution.name, distribution.codename)


@lru_cache(maxsize=1024)
def _ecosystem(name: str, version: str, pretty: str, codename: str) -> str:
    row = system_of(name)
    if row is None:
        return f"{name}:{version}" if version else name
    release = row.release(Distribution(name, version, pretty, codename))
    return f"{row.ecosystem}:{release}" if release else row.ecosystem


@lru_cache(maxsize=1024)
def distribution_of(ecosystem: str) -> Distribution | None:
    """The distribution of an ecosystem, as far as OSV's name tells it; None where it is no distribution's."""
    name, _, release = ecosystem.partition(":")
    rows = [row for row in SYSTEMS if row.ecosystem == name]
    if not rows:
        return None
    row = rows[0]
    for other in rows:
        version = other.version(release)
        if other.release(Distribution(other.id, version)) == release:
            row = other
            break
    codename = ""
    version = row.version(release)
    table = {"debian": _DEBIAN, "ubuntu": _UBUNTU}.get(row.id, {})
    for word, number in table.items():
        if number == version:
            codename = word
    return Distribution(row.id, version, codename=codename)


@lru_cache(maxsize=1024)
def distribution_in(namespace: str, distro: str) -> Distribution | None:
    """The distribution that a package URL names by its namespace and its qualifier `distro`, as syft and trivy write them.

    `debian-12`, `alpine-3.10.2`, `opensuse-leap-15.5`, `3.10.2`, `jessie`; None where neither is known.
    """
    head, version = distro, ""
    while head:
        row = system_of(head)
        if row is not None:
            return _of(row, version)
        head, _, last = head.rpartition("-")
        version = f"{last}-{version}" if version else last
    row = system_of(namespace)
    return _of(row, distro) if row is not None else None


def _of(row: System, version: str) -> Distribution:
    word = version.lower()
    if row.id in {"debian", "ubuntu"} and word.isalpha():
        return Distribution(row.id, {**_DEBIAN, **_UBUNTU}.get(word, ""), codename=word)
    if row.id == "opensuse-leap" and word.startswith(("leap-", "tumbleweed")):
        return distribution_in("", f"opensuse-{word}") or Distribution(row.id, version)
    return Distribution(row.id, version)
