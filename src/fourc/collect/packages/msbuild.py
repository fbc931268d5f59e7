"""MSBuild's project files and what stands beside them: `PackageReference`, central versions, `packages.config`.

https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files and `/central-package-management`.
NuGet takes the lowest version that a reference allows, so `1.2.3` and `[1.2.3]` count as what is in use; floating versions
(`1.*`) and ranges are left open.
"""

import re
from collections.abc import Iterator, Mapping

from fourc.collect.packages.decoding import told_upwards
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.xml import Element, read_xml
from fourc.model.package import Listing, Project
from fourc.text import Text

ECOSYSTEM = "NuGet"
EXPANDED = 500
ROUNDS = 16
JOINED = 1_000  # packages of one item

_NO_PROJECT = Text("it has no <Project> as its root", "根元素不是 <Project>")
_NO_PACKAGES = Text("it has no <packages> as its root", "根元素不是 <packages>")
_PROPERTY = re.compile(r"\$\(([\w.-]{1,200})\)")
_EXACT = re.compile(r"\[?\s*([0-9][0-9A-Za-z.+-]*)\s*\]?")


def _attribute(element: Element, name: str) -> str:
    """MSBuild writes metadata as an attribute or as an element inside; names are equal whatever their case."""
    low = name.lower()
    for key, value in element.attributes.items():
        if key.lower() == low:
            return value.strip()
    return next((child.text for child in element.children if child.name.lower() == low), "")


def _filled(text: str, properties: Mapping[str, str]) -> str:
    for _ in range(ROUNDS):
        if "$(" not in text or len(text) > EXPANDED:
            break
        filled = _PROPERTY.sub(lambda match: properties.get(match[1].lower(), match[0]), text)
        if filled == text:
            break
        text = filled
    return text.strip()


def _exact(version: str, properties: Mapping[str, str]) -> str:
    match = _EXACT.fullmatch(_filled(version, properties))
    return match[1] if match is not None else ""


def _up(given: Given, name: str) -> Element | None:
    """The nearest file of that name in this folder or above that can be read."""
    return next(told_upwards(given, name, read_xml), None)


def _properties(root: Element | None, known: dict[str, str]) -> None:
    """Note a file's properties; one under a condition only where there is no other."""
    for group in root.all("PropertyGroup") if root is not None else ():
        for item in group.children:
            name = item.name.lower()
            if len(item.text) > EXPANDED:
                continue
            if _attribute(group, "Condition") or "Condition" in item.attributes:
                known.setdefault(name, item.text)
            else:
                known[name] = item.text


def _items(root: Element | None, *names: str) -> Iterator[Element]:
    """The items of these names, also those inside a `Choose`."""
    for group in root.children if root is not None else ():
        if group.name == "ItemGroup":
            yield from (item for item in group.children if item.name in names)
        elif group.name in {"Choose", "When", "Otherwise"}:
            yield from _items(group, *names)


def _ids(item: Element, properties: Mapping[str, str]) -> list[str]:
    """The packages that an item is about; several may be joined by `;`."""
    ids = _attribute(item, "Include") or _attribute(item, "Update")  # the latter alone in older central files
    return [name for part in ids.split(";", JOINED) if (name := _filled(part, properties)) and "$(" not in name]


def _root(given: Given) -> Element:
    root = read_xml(given)
    if root.name != "Project":
        raise malformed(given.path, _NO_PROJECT)
    return root


class _Reference:
    """What all items about one package say together; a later one, or one with `Update`, adds to it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 0
        self.told: dict[str, str] = {}

    def add(self, item: Element, line: int) -> None:
        for key in ("Version", "VersionOverride", "PrivateAssets"):
            if value := _attribute(item, key):
                self.told[key] = value
                if key == "Version":
                    self.line = line
        self.line = self.line or line


def _references(
    root: Element, build: Element | None, central: Element | None, properties: Mapping[str, str]
) -> dict[str, _Reference]:
    """All references of a project, by name in lower case; what stands in another file has no line here."""
    references: dict[str, _Reference] = {}
    for file, names in (
        (build, ("PackageReference",)),
        (central, ("GlobalPackageReference",)),
        (root, ("PackageReference",)),
    ):
        for item in _items(file, *names):
            for name in _ids(item, properties):
                reference = references.get(name.lower())
                if reference is None:
                    if not _attribute(item, "Include"):
                        continue  # an update of what nobody has included here
                    reference = references[name.lower()] = _Reference(name)
                reference.add(item, item.line if file is root else 0)
                if "GlobalPackageReference" in names:
                    reference.told.setdefault("PrivateAssets", "all")
    return references


def read_project(given: Given) -> Listing:
    """`*.csproj`, `*.fsproj`, `*.vbproj`. `dev`: the project keeps the package for itself (`PrivateAssets`), or only tests."""
    root = _root(given)
    build = _up(given, "Directory.Build.props")
    central = _up(given, "Directory.Packages.props")
    properties: dict[str, str] = {}
    for file in (build, central, root):
        _properties(file, properties)
    versions: dict[str, str] = {}
    for item in _items(central, "PackageVersion"):
        versions |= {name.lower(): _attribute(item, "Version") for name in _ids(item, properties)}
    only_tests = properties.get("istestproject", "").lower() == "true"
    found = Found(given.path, ECOSYSTEM)
    for low, reference in _references(root, build, central, properties).items():
        told = reference.told
        version = told.get("VersionOverride") or told.get("Version") or versions.get(low, "")
        exact = _exact(version, properties)
        private = {part.strip() for part in told.get("PrivateAssets", "").lower().split(";")}
        found.ask(reference.name, exact, reference.line, dev=only_tests or "all" in private)
    file_name = given.path.rpartition("/")[2].rpartition(".")[0]
    project = Project(
        ECOSYSTEM, _filled(properties.get("assemblyname", ""), properties) or file_name, properties.get("version", "")
    )
    return found.listing(found.direct, project=project)


def read_central(given: Given) -> Listing:
    """`Directory.Packages.props`, and the older `Packages.props`: the versions that all projects below take.

    `dev`: a global reference, which no project hands on.
    """
    root = _root(given)
    properties: dict[str, str] = {}
    for file in (_up(given, "Directory.Build.props"), root):
        _properties(file, properties)
    found = Found(given.path, ECOSYSTEM)
    for item in _items(root, "PackageVersion", "PackageReference", "GlobalPackageReference"):
        for name in _ids(item, properties):
            dev = item.name == "GlobalPackageReference"
            exact = _exact(_attribute(item, "Version"), properties)
            found.ask(name, exact, item.line, dev=dev)
    return found.listing(found.direct)


def read_config(given: Given) -> Listing:
    """`packages.config` (https://learn.microsoft.com/nuget/reference/packages-config): all packages, transitive ones too."""
    root = read_xml(given)
    if root.name != "packages":
        raise malformed(given.path, _NO_PACKAGES)
    found = Found(given.path, ECOSYSTEM)
    for item in root.all("package"):
        dev = _attribute(item, "developmentDependency").lower() == "true"
        found.add(_attribute(item, "id"), _exact(_attribute(item, "version"), {}), item.line, dev=dev)
    return found.listing()
