"""What every SBOM says, whatever its format: parts with names, which part needs which, and what the whole is about."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.gaps import file_gap
from fourc.errors import FourcError
from fourc.model.distribution import ecosystem_of, system_of
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Distribution, Listing, Package, Project, SourcePackage
from fourc.model.purl import distribution_at, package_of
from fourc.model.text import Text

_SYSTEM_PURLS = ("pkg:deb/", "pkg:rpm/", "pkg:apk/")


class SbomError(FourcError):
    """A file that should be an SBOM cannot be understood."""


class SbomTooLargeError(SbomError):
    """An SBOM has more bytes or parts than are read."""


def too_large(path: str, limit: Text) -> SbomTooLargeError:
    """The error of an SBOM over a limit."""
    return SbomTooLargeError(
        Text("{path} is too large an SBOM: more than {limit}", "{path} 这个 SBOM 过大：超过 {limit}").of(
            path=path, limit=limit
        ),
        hint=Text("make one for each image or project", "请为每个镜像或项目分别生成 SBOM"),
    )


def malformed(path: str, why: Text) -> SbomError:
    """The error of a file that is no SBOM that can be read."""
    return SbomError(
        Text("{path} cannot be read as an SBOM: {why}", "{path} 无法作为 SBOM 读取：{why}").of(path=path, why=why),
        hint=Text(
            "write it again with the tool that made it, as CycloneDX or SPDX in JSON",
            "请用生成它的工具重新输出 CycloneDX 或 SPDX 的 JSON 格式",
        ),
    )


class Part(Struct, frozen=True, gc=False):
    """One component: `ref` is its name within the SBOM, `purl` its package URL.

    `source` is the source package where something else than the purl tells it. `counts` says that it stands for software
    that should have a package URL.
    """

    ref: str
    name: str
    version: str
    purl: str
    licences: tuple[str, ...] = ()
    dev: bool = False
    source: SourcePackage | None = None
    path: str = ""
    counts: bool = True


class Contents(Struct, frozen=True):
    """An SBOM before its parts are packages.

    `needs` holds by ref what a part needs, `holds` what it merely contains, `root` is what the SBOM is about.
    """

    form: str
    parts: Sequence[Part]
    needs: Mapping[str, Sequence[str]]
    holds: Mapping[str, Sequence[str]] = {}
    root: Part | None = None
    distribution: Distribution | None = None
    unread: int = 0


class Sbom(Struct, frozen=True):
    """What an SBOM tells: its packages, and how many of its components cannot be identified by it."""

    listing: Listing
    unidentified: int = 0

    def gap(self, *, named: bool = True) -> Gap | None:
        """The gap about what cannot be identified; None where everything is."""
        if not self.unidentified:
            return None
        return file_gap(
            GapReason.NO_DATA,
            self.listing.path,
            Text(
                "{count} components of this SBOM have no package URL with a version, so nobody can tell what they are",
                "此 SBOM 中有 {count} 个组件没有带版本的软件包 URL（purl），无法识别",
            ).of(count=self.unidentified),
            Text(
                "have the SBOM made by a tool that writes package URLs (purl), such as `fourc scan vulns -f cyclonedx`",
                "请用会写入软件包 URL（purl）的工具生成 SBOM，例如 `fourc scan vulns -f cyclonedx`",
            ),
            named=named,
        )


def distribution_named(name: str, version: str, pretty: str = "") -> Distribution:
    """The distribution that an SBOM's part for the operating system names."""
    row = system_of(name)
    return Distribution(row.id if row else name, version, pretty)


def sbom_of(path: str, contents: Contents) -> Sbom:
    """The packages of an SBOM; what it lists twice is one, in the order of the first sight."""
    packages: list[Package] = []
    at: dict[tuple[str, str, str], int] = {}
    position: dict[str, int] = {}
    unidentified = contents.unread
    distribution = contents.distribution or next(filter(None, map(_distribution, contents.parts)), None)
    whole = ecosystem_of(distribution) if distribution else ""
    family = whole.partition(":")[0]
    root = contents.root.ref if contents.root else None
    for part in contents.parts:
        if part.ref == root:
            continue
        package = package_of(part.purl) if part.purl else None
        if package is None or not package.version:
            unidentified += part.counts
            continue
        package = _completed(package, part)
        if package.ecosystem == family:
            package = replace(package, ecosystem=whole)
        identity = (package.ecosystem, package.name, package.version)
        index = at.get(identity)
        if index is None:
            index = at[identity] = len(packages)
            packages.append(package)
        elif packages[index].dev and not package.dev:
            packages[index] = replace(packages[index], dev=False)
        if part.ref:
            position[part.ref] = index
    listing = Listing(
        path,
        contents.form,
        tuple(packages),
        _needs(contents.needs, position, len(packages)),
        _direct(contents, position),
        _project(contents.root),
        distribution,
    )
    return Sbom(listing, unidentified)


def _distribution(part: Part) -> Distribution | None:
    return distribution_at(part.purl) if part.purl.startswith(_SYSTEM_PURLS) else None


def _completed(package: Package, part: Part) -> Package:
    source = package.source or part.source
    if part.dev or part.licences or part.path or source is not package.source:
        return Package(
            package.ecosystem,
            package.name,
            package.version,
            dev=part.dev,
            source=source,
            architecture=package.architecture,
            licences=part.licences,
            path=part.path,
        )
    return package


def _needs(needs: Mapping[str, Sequence[str]], position: Mapping[str, int], count: int) -> tuple[tuple[int, ...], ...]:
    if not needs:
        return ()
    made: list[set[int]] = [set() for _ in range(count)]
    for ref, index in position.items():
        wanted = needs.get(ref)
        if wanted:
            made[index].update(_packages(wanted, needs, position))
            made[index].discard(index)
    if not any(made):
        return ()
    return tuple(tuple(sorted(one)) for one in made)


def _direct(contents: Contents, position: Mapping[str, int]) -> frozenset[int] | None:
    """What the root needs, or what needs it through parts that are no packages (lock files, the operating system).

    None where nothing says that it needs anything: an SBOM may just list all that it contains.
    """
    if contents.root is None:
        return None
    found: set[int] = set()
    seen = {contents.root.ref}
    left = [contents.root.ref]
    while left:
        ref = left.pop()
        for wanted in contents.needs.get(ref, ()):
            if wanted in position:
                found.add(position[wanted])
        for inner in (*contents.needs.get(ref, ()), *contents.holds.get(ref, ())):
            if inner not in position and inner not in seen:
                seen.add(inner)
                left.append(inner)
    return frozenset(found - {position.get(contents.root.ref, -1)}) or None


def _packages(refs: Iterable[str], needs: Mapping[str, Sequence[str]], position: Mapping[str, int]) -> set[int]:
    found: set[int] = set()
    seen: set[str] = set()
    left = list(refs)
    while left:
        ref = left.pop()
        index = position.get(ref)
        if index is not None:
            found.add(index)
        elif ref not in seen:
            seen.add(ref)
            left.extend(needs.get(ref, ()))
    return found


def _project(root: Part | None) -> Project | None:
    if root is None or not (root.name or root.purl):
        return None
    package = package_of(root.purl) if root.purl else None
    if package is not None:
        return Project(package.ecosystem, package.name, package.version)
    return Project("", root.name, root.version)
