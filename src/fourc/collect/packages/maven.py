"""Maven's `pom.xml`: what the project itself requires, in the versions that the files at hand say.

Rules: https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html. Parents, and BOMs that are
imported, count where their file is in the same tree. What only a registry could tell (transitive packages, versions that a parent
or BOM elsewhere manages, ranges, `LATEST`) is left open: a version is never guessed. A managed version that no dependency uses is
no package. Profiles do not count.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from fourc.collect.packages.decoding import told_beside
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.xml import Element, read_xml
from fourc.model.package import Listing, Project
from fourc.text import Text

ANCESTORS = 16
FILES = 200  # that one pom.xml may lead to; also modules of a build, and BOMs that are imported
EXPANDED = 500  # characters of an interpolated value
ROUNDS = 16

_NO_POM = Text("it has no <project> as its root", "根元素不是 <project>")
_PROPERTY = re.compile(r"\$\{([^${}]{1,200})\}")
_PIN = re.compile(r"\[\s*([^\[\](),\s]+)\s*\]")
_UNKNOWN = re.compile(r"[\[\](),${}\s]|^(LATEST|RELEASE)$")


class _Dependency:
    """A `<dependency>` with its properties filled in."""

    __slots__ = ("artifact", "group", "key", "line", "scope", "version")

    def __init__(self, element: Element, properties: Mapping[str, str]) -> None:
        def filled(name: str) -> str:
            return _filled(element.inner(name), properties)

        self.line = element.line
        self.group = filled("groupId")
        self.artifact = filled("artifactId")
        self.version = filled("version")
        self.scope = filled("scope")
        self.key = (self.group, self.artifact, filled("type") or "jar", filled("classifier"))


class _Model:
    """A pom and its ancestors as far as they are here, nearest first; `places` are their paths from the first one's folder."""

    def __init__(self, poms: list[Element], places: list[str]) -> None:
        self.poms = poms
        self.places = places
        own = poms[0]
        self.group = own.inner("groupId") or own.inner("parent", "groupId")
        self.artifact = own.inner("artifactId")
        self.version = own.inner("version") or own.inner("parent", "version")
        self.properties: dict[str, str] = {}
        for pom in reversed(poms):
            self.properties |= {
                item.name: item.text for item in _inside(pom, "properties") if len(item.text) <= EXPANDED
            }
        given = {
            "groupId": self.group,
            "artifactId": self.artifact,
            "version": self.version,
            "parent.groupId": own.inner("parent", "groupId"),
            "parent.artifactId": own.inner("parent", "artifactId"),
            "parent.version": own.inner("parent", "version"),
        }
        for name, value in given.items():
            self.properties[f"project.{name}"] = self.properties[f"pom.{name}"] = value
            self.properties.setdefault(name, value)

    def filled(self, text: str) -> str:
        """The text with its properties filled in."""
        return _filled(text, self.properties)


class _Files:
    """Poms near one pom, each read once; one that is missing or broken tells nothing."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self._read: dict[str, Element | None] = {}
        self.imports = FILES

    def pom(self, path: str) -> Element | None:
        if path not in self._read:
            root = told_beside(self.given, path, read_xml) if len(self._read) < FILES else None
            self._read[path] = root if root is not None and root.name == "project" else None
        return self._read[path]

    def model(self, pom: Element, place: str) -> _Model:
        """A pom that stands at `place`, with its ancestors."""
        poms, places = [pom], [place]
        while len(poms) < ANCESTORS and (parent := poms[-1].child("parent")) is not None:
            relative = parent.child("relativePath")
            path = "../pom.xml" if relative is None else relative.text
            if not path:
                break
            path = posixpath.normpath(posixpath.join(posixpath.dirname(places[-1]), path))
            if not path.endswith(".xml"):
                path = posixpath.join(path, "pom.xml")
            found = self.pom(path) if path not in places else None
            if found is None or not _is(found, parent):
                break
            poms.append(found)
            places.append(path)
        return _Model(poms, places)

    def module(self, model: _Model, wanted: _Dependency) -> _Model | None:
        """The BOM that is asked for, if it is a module of the same build."""
        for pom, place in zip(model.poms, model.places, strict=True):
            for module in _inside(pom, "modules")[:FILES]:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(place), module.text or "."))
                path = path if path.endswith(".xml") else posixpath.join(path, "pom.xml")
                found = self.pom(path)
                if found is not None and found.inner("artifactId") == wanted.artifact:
                    bom = self.model(found, path)
                    if bom.filled(bom.group) == wanted.group:
                        return bom
        return None


def _is(pom: Element, wanted: Element) -> bool:
    """Whether a pom is the parent that is asked for; its group may be inherited, its version a property."""
    group = pom.inner("groupId") or pom.inner("parent", "groupId")
    return pom.inner("artifactId") == wanted.inner("artifactId") and group == wanted.inner("groupId")


def _inside(element: Element, *path: str) -> list[Element]:
    at: Element | None = element
    for name in path:
        at = at.child(name) if at is not None else None
    return at.children if at is not None else []


def _filled(text: str, properties: Mapping[str, str]) -> str:
    for _ in range(ROUNDS):
        if "${" not in text or len(text) > EXPANDED:
            break
        filled = _PROPERTY.sub(lambda match: properties.get(match[1].strip(), match[0]), text)
        if filled == text:
            break
        text = filled
    return text.strip()


def _managed(
    files: _Files, model: _Model, open_boms: tuple[str, ...] = ()
) -> dict[tuple[str, str, str, str], _Dependency]:
    """What the model manages: nearer poms before farther ones, what is written before what is imported."""
    managed: dict[tuple[str, str, str, str], _Dependency] = {}
    imported: list[_Dependency] = []
    for pom in model.poms:
        for element in _inside(pom, "dependencyManagement", "dependencies"):
            dependency = _Dependency(element, model.properties)
            if dependency.scope == "import":
                imported.append(dependency)
            else:
                managed.setdefault(dependency.key, dependency)
    for wanted in imported:
        files.imports -= 1
        bom = files.module(model, wanted) if len(open_boms) < ANCESTORS and files.imports >= 0 else None
        if bom is not None and bom.places[0] not in open_boms:
            for key, dependency in _managed(files, bom, (*open_boms, bom.places[0])).items():
                managed.setdefault(key, dependency)
    return managed


def exact(version: str) -> str:
    """The one version that Maven's notation allows (`1.0`, `[1.0]`), empty where it is a range or not known."""
    version = version.strip()
    pin = _PIN.fullmatch(version)
    if pin is not None:
        return pin[1]
    return "" if _UNKNOWN.search(version) else version


def settled(version: str) -> str:
    """The same in the notation of Ivy and Gradle, in which `1.+` and `latest.release` stand for several."""
    moving = version.endswith("+") or version.startswith("latest.")
    return "" if moving else exact(version)


def _required(model: _Model) -> Iterator[_Dependency]:
    """What the project requires; what an ancestor adds has no line here."""
    for generation, pom in enumerate(model.poms):
        for element in _inside(pom, "dependencies"):
            if element.name == "dependency":
                dependency = _Dependency(element, model.properties)
                dependency.line = dependency.line if generation == 0 else 0
                yield dependency


def read_pom(given: Given) -> Listing:
    """A `pom.xml`; `dev` is what has the scope `test`."""
    root = read_xml(given)
    if root.name != "project":
        raise malformed(given.path, _NO_POM)
    files = _Files(given)
    model = files.model(root, posixpath.basename(given.path) or "pom.xml")
    managed = _managed(files, model)
    found = Found(given.path, "Maven")
    seen = set()
    for dependency in _required(model):
        if dependency.key in seen or not dependency.group or not dependency.artifact:
            continue
        seen.add(dependency.key)
        name = f"{dependency.group}:{dependency.artifact}"
        rule = managed.get(dependency.key)
        version = exact(dependency.version or (rule.version if rule is not None else ""))
        scope = dependency.scope or (rule.scope if rule is not None else "")
        found.ask(name, "" if _UNKNOWN.search(name) else version, dependency.line, dev=scope == "test")
    return found.listing(found.direct, project=_project(model))


def _project(model: _Model) -> Project | None:
    group, artifact, version = (model.filled(text) for text in (model.group, model.artifact, model.version))
    if not group or not artifact or "${" in group + artifact:
        return None
    return Project("Maven", f"{group}:{artifact}", "" if "${" in version else version)
