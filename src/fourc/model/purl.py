"""Package URLs (https://github.com/package-url/purl-spec, ECMA-427) and the packages that they name.

Read in the spelling of the specification, of syft and of trivy; written in one.
"""

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.distribution import distribution_in, distribution_of, ecosystem_of, system_of
from fourc.model.package import Distribution, Package, SourcePackage
from fourc.model.text import Text

_TYPE = re.compile(r"[a-z][a-z0-9.+-]*")
_KEY = re.compile(r"[a-z][a-z0-9.\-_]*")
_LONGEST = 16_384
"""Characters; no package is called by so many."""
_PLAIN = re.compile(r"[\w.~:-]*", re.ASCII)
"""What is written as it is."""
_RUNS = re.compile(r"[-_.]+")
_NO_PUB = re.compile(r"[^a-z0-9]")

_LOWER_NAMES = frozenset(
    (
        "alpm",
        "apk",
        "bitbucket",
        "bitnami",
        "composer",
        "deb",
        "github",
        "gitlab",
        "hex",
        "luarocks",
        "oci",
        "pub",
        "pypi",
    )
)
_LOWER_SPACES = frozenset(
    ("alpm", "apk", "bitbucket", "composer", "deb", "github", "gitlab", "hex", "luarocks", "pypi", "qpkg", "rpm")
)
_LOWER_VERSIONS = frozenset(("huggingface", "oci"))
_NORMALISED = _LOWER_NAMES | _LOWER_SPACES | _LOWER_VERSIONS | {"cpan"}

TYPES = {
    "Bioconductor": "bioconductor",
    "Bitnami": "bitnami",
    "CPAN": "cpan",
    "CRAN": "cran",
    "CocoaPods": "cocoapods",
    "ConanCenter": "conan",
    "GitHub Actions": "github",
    "Go": "golang",
    "Hackage": "hackage",
    "Hex": "hex",
    "Julia": "julia",
    "Kubernetes": "k8s",
    "LuaRocks": "luarocks",
    "Maven": "maven",
    "NuGet": "nuget",
    "Packagist": "composer",
    "Pub": "pub",
    "PyPI": "pypi",
    "RubyGems": "gem",
    "SwiftURL": "swift",
    "conda": "conda",
    "crates.io": "cargo",
    "npm": "npm",
    "opam": "opam",
}
"""The type of an ecosystem's package URLs; distributions are rows of `model/distribution`."""
ECOSYSTEMS = {kind: name for name, kind in TYPES.items()} | {"githubactions": "GitHub Actions"}
"""The ecosystem of a type. A type that has none is its own (`generic`)."""
_IMAGES = frozenset(("oci", "docker"))
"""Types of what holds packages and is none."""
_SYSTEM_TYPES = frozenset(("deb", "apk", "rpm"))
_KNOWN = frozenset(ECOSYSTEMS) | _SYSTEM_TYPES
_FLAT = frozenset(("conan", "conda", "cran", "hackage", "julia"))
"""Types whose namespace is no part of the name that OSV knows."""
_USUAL = frozenset(("arch", "distro", "epoch", "upstream"))
"""Keys that need no look at their letters."""
STDLIB = "stdlib"
"""OSV's name for Go's standard library and toolchain."""


class PurlError(FourcError):
    """A text is no package URL."""


class Purl(Struct, frozen=True):
    """The parts of a package URL, decoded and normalised as its type asks; `qualifiers` are sorted by key."""

    type: str
    namespace: str
    name: str
    version: str = ""
    qualifiers: tuple[tuple[str, str], ...] = ()
    subpath: str = ""

    def __str__(self) -> str:
        """The canonical text."""
        made = f"pkg:{self.type}/"
        if self.namespace:
            made += "/".join(_encoded(part) for part in self.namespace.split("/")) + "/"
        made += _encoded(self.name)
        if self.version:
            made += f"@{_encoded(self.version)}"
        if self.qualifiers:
            made += "?" + "&".join([f"{key}={quote(value, safe='/:')}" for key, value in self.qualifiers])
        if self.subpath:
            made += "#" + "/".join(_encoded(part) for part in self.subpath.split("/"))
        return made


def parse_purl(text: str) -> Purl:
    """The parts of a package URL.

    Raises:
        PurlError: it is none.
    """
    parts = _split(text)
    if parts is None:
        raise PurlError(Text("{text} is no package URL", "{text} 不是软件包 URL").of(text=repr(text[:200])))
    kind, namespace, name, version, asked, subpath = parts
    qualifiers = _qualifiers(asked)
    if qualifiers is None:
        raise PurlError(Text("{text} has no readable qualifiers", "{text} 的限定符无法读取").of(text=repr(text[:200])))
    below = (
        "/".join(part for part in map(unquote, subpath.split("/")) if part not in {"", ".", ".."}) if subpath else ""
    )
    return Purl(kind, namespace, name, version, tuple(sorted(qualifiers.items())), below)


def package_of(text: str) -> Package | None:
    """The package that a package URL names; None where it is no package URL, or names what is no package (an image)."""
    parts = _split(text)
    if parts is None:
        return None
    kind, namespace, name, version, asked, subpath = parts
    if kind in _SYSTEM_TYPES:
        return _system_package(namespace, name, version, asked)
    if kind in _IMAGES:
        return None
    ecosystem = ECOSYSTEMS.get(kind, kind)
    if kind == "pypi":
        name = _RUNS.sub("-", name)
    elif kind == "golang":
        return _go_package(namespace, name, version, subpath)
    elif kind == "maven":
        name = f"{namespace}:{name}" if namespace else name
    elif kind == "cocoapods":
        name = f"{name}/{unquote(subpath)}" if subpath else name
    elif namespace and kind not in _FLAT:
        name = f"{namespace}/{name}"
    return Package(ecosystem, name, version)


def distribution_at(text: str) -> Distribution | None:
    """The distribution that a package URL names; None where it names none, or none that is known."""
    parts = _split(text)
    if parts is None or parts[0] not in _SYSTEM_TYPES:
        return None
    return distribution_in(parts[1], (_qualifiers(parts[4]) or {}).get("distro", ""))


def purl_of(package: Package, distribution: Distribution | None = None, *, upstream: bool = False) -> str:
    """The package URL of a package, with the release of its distribution (`distribution`, else what its ecosystem tells).

    `upstream` adds the source package that it was built from, as syft does.
    """
    family = package.ecosystem.partition(":")[0]
    kind = TYPES.get(family)
    if kind == "npm":  # by far the most
        name = package.name
        name = f"%40{name[1:]}" if name.startswith("@") else name
        if "@" not in name and _PLAIN.fullmatch(package.version):
            return f"pkg:npm/{name}@{package.version}" if package.version else f"pkg:npm/{name}"
    if kind is None:
        system = distribution if distribution is not None and ecosystem_of(distribution) == package.ecosystem else None
        system = system or distribution_of(package.ecosystem)
        if system is not None:
            return _system_purl(package, system, upstream=upstream)
    return str(_purl(kind or _own_type(family), package))


def _own_type(family: str) -> str:
    """The type of what has none: its own name where that may be one, so that it reads back."""
    return family if _TYPE.fullmatch(family) else "generic"


def _purl(kind: str, package: Package) -> Purl:
    name, namespace, subpath = package.name, "", ""
    if kind == "maven":
        namespace, _, name = name.rpartition(":")
        namespace = namespace.replace(":", "/")
    elif kind == "cocoapods":
        name, _, subpath = name.partition("/")
    elif kind in {"pypi", "pub", "bitnami", "conan", "conda", "cran", "hackage", "julia", "cargo", "gem", "nuget"}:
        pass
    else:
        namespace, _, name = name.strip("/").rpartition("/")
    version = package.version
    return Purl(kind, _namespace(kind, namespace), _name(kind, name), _version(kind, version), (), subpath)


def _system_purl(package: Package, distribution: Distribution, *, upstream: bool) -> str:
    row = system_of(distribution.id)
    if row is None:
        raise PurlError(Text("{name} is no known distribution", "{name} 不是已知的发行版").of(name=distribution.id))
    made = f"pkg:{row.type}/{row.namespace}/{_encoded(package.name)}"
    if package.version:
        made += f"@{_encoded(package.version)}"
    asked = []
    if package.architecture:
        asked.append(f"arch={quote(package.architecture, safe='')}")
    version = distribution.version or distribution.codename
    asked.append(f"distro={quote(f'{row.id}-{version}' if version else row.id, safe=':')}")
    if upstream and package.source is not None:
        source = package.source
        same = source.version == package.version
        asked.append(f"upstream={quote(source.name if same else f'{source.name}@{source.version}', safe=':')}")
    return f"{made}?{'&'.join(asked)}"


def _system_package(namespace: str, name: str, version: str, asked: str) -> Package:
    qualifiers = _qualifiers(asked) or {}
    epoch = qualifiers.get("epoch", "")
    if epoch.isdecimal() and epoch != "0" and not version.startswith(f"{epoch}:"):
        version = f"{epoch}:{version}"
    upstream = qualifiers.get("upstream")
    source = _source(upstream, version) if upstream else None
    return Package(
        _system_ecosystem(namespace, qualifiers.get("distro", "")),
        name,
        version,
        source=source,
        architecture=qualifiers.get("arch", ""),
    )


@lru_cache(maxsize=1024)
def _system_ecosystem(namespace: str, distro: str) -> str:
    found = distribution_in(namespace, distro)
    if found is not None:
        return ecosystem_of(found)
    return f"{namespace}:{distro}" if distro else namespace


def _source(upstream: str, version: str) -> SourcePackage:
    for ending in (".src.rpm", ".nosrc.rpm"):
        if upstream.endswith(ending):
            name, release = _name_and_release(upstream.removesuffix(ending))
            epoch, colon, _ = version.partition(":")
            return SourcePackage(name, f"{epoch}:{release}" if colon else release)
    name, _, own = upstream.partition("@")
    return SourcePackage(name, own or version)


def _name_and_release(text: str) -> tuple[str, str]:
    """`openssl-1.1.1k-7.el8` as name and version with release."""
    parts = text.rsplit("-", 2)
    return (parts[0], f"{parts[1]}-{parts[2]}") if len(parts) == 3 else (text, "")


def _go_package(namespace: str, name: str, version: str, subpath: str) -> Package:
    """The module of a path; syft writes what stands in it below its repository as the subpath, so it is part of the name."""
    path = f"{namespace}/{name}" if namespace else name
    if path == STDLIB:
        return Package("Go", path, version.removeprefix("go").removeprefix("v"))
    if subpath:
        path = f"{path}/{unquote(subpath).strip('/')}"
    return Package("Go", path, f"v{version}" if version[:1].isdecimal() else version)


_Parts = tuple[str, str, str, str, str, str]


def _split(text: str) -> _Parts | None:
    """Type, namespace, name, version: decoded and normalised; qualifiers and subpath as they stand."""
    if len(text) > _LONGEST or text[:4].lower() != "pkg:":
        return None
    rest, subpath, asked = text, "", ""
    if "#" in rest:
        rest, _, subpath = rest.rpartition("#")
        subpath = subpath.strip("/")
    if "?" in rest:
        rest, _, asked = rest.rpartition("?")
    kind, slash, rest = rest[4:].lstrip("/").partition("/")
    if kind not in _KNOWN:
        kind = kind.lower()
        if not slash or not _TYPE.fullmatch(kind):
            return None
    namespace, _, name = rest.rpartition("/")
    name, _, version = name.rpartition("@") if "@" in name[1:] else (name, "", "")
    if not name or name[0] == "@" or "@" in namespace[1:]:
        namespace, name, version = _odd(rest)
    if "%" in rest:
        namespace, name, version = unquote(namespace), unquote(name).strip("/"), unquote(version)
    if "//" in namespace or namespace[:1] == "/":
        namespace = "/".join(filter(None, namespace.split("/")))
    if kind in _NORMALISED:
        namespace, name, version = _namespace(kind, namespace), _name(kind, name), _version(kind, version)
    return (kind, namespace, name, version, asked, subpath) if name and (name[0] != "@" or "%" in rest) else None


def _odd(rest: str) -> tuple[str, str, str]:
    """Namespace, name and version where slashes stand at the end or in the version."""
    version = ""
    at = rest.rfind("@")
    if at > 0 and rest[at - 1] != "/":
        rest, version = rest[:at], rest[at + 1 :]
    namespace, _, name = rest.strip("/").rpartition("/")
    return namespace, name, version


def _namespace(kind: str, namespace: str) -> str:
    if kind == "cpan":
        return namespace.upper()
    return namespace.lower() if kind in _LOWER_SPACES else namespace


def _name(kind: str, name: str) -> str:
    if kind in _LOWER_NAMES:
        name = name.lower()
        if kind == "pypi":
            return name.replace("_", "-")
        if kind == "pub":
            return _NO_PUB.sub("_", name)
    return name


def _version(kind: str, version: str) -> str:
    return version.lower() if kind in _LOWER_VERSIONS else version


def _qualifiers(asked: str) -> dict[str, str] | None:
    """By lower-case key; a later one wins. None where a key is none."""
    made: dict[str, str] = {}
    if not asked:
        return made
    for pair in asked.split("&"):
        key, equals, value = pair.partition("=")
        if key not in _USUAL or not equals:
            key = key.lower()
            if not pair:
                continue
            if not equals or not _KEY.fullmatch(key):
                return None
        if value:
            made[key] = unquote(value) if "%" in value else value
    return made


def _encoded(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=":")
