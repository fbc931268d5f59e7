"""In which file the version of a package is written, and the edits there: the file that told of it, or one that it points to."""

import posixpath
from collections.abc import Callable, Iterator

from msgspec import Struct

from fourc.model.package import Package
from fourc.model.remedy import Bump
from fourc.patch.manifests import FORMS, VersionRefused, set_version
from fourc.patch.manifests.xml_elements import Element, elements
from fourc.vulns.upgrade import FileEdits

Read = Callable[[str], str | None]
"""The text of a file of the tree by its path, None where there is none (or it is no text)."""

_FOLDERS_UP = 12
_PARENTS = 16
_MODULES = 200
_MSBUILD = (
    ("nuget-central", "Directory.Packages.props"),
    ("nuget-central", "Packages.props"),
    ("nuget-project", "Directory.Build.props"),
)
_GRADLE = (
    ("gradle-properties", "gradle.properties"),
    ("gradle-catalog", "gradle/libs.versions.toml"),
    ("gradle-build", "build.gradle"),
    ("gradle-build", "build.gradle.kts"),
)
_ABOVE = {"gradle-build": _GRADLE, "cargo-toml": (("cargo-toml", "Cargo.toml"),)}
"""Forms whose files take versions over from these, in their folder and above."""
_BESIDE = {
    # a lock file without digests and the file that its packages are asked for in
    "gemfile-lock": (("gemfile", "Gemfile"), ("gemfile", "gems.rb")),
    "gradle-lock": _GRADLE,
}


class Written(Struct, frozen=True):
    """The edits that change a version, or why there are none."""

    files: tuple[FileEdits, ...] = ()
    refused: VersionRefused | None = None


Write = Callable[[str, str, Package, str], Written]
"""What to edit for a form, a listing's path, a package in it and its new version: `change`, with its results kept."""


def change(form: str, path: str, package: Package, version: str, read: Read) -> Written:
    """What to edit so that the listing at `path` has the package in `version`."""
    if form not in FORMS:
        return Written()
    first: VersionRefused | None = None
    names = [package.name]
    for each_form, each_path in _places(form, path, package, read):
        text = read(each_path)
        if text is None:
            continue
        for name in names:
            try:
                edits = set_version(each_form, text, name, version, package.version)
            except VersionRefused as refused:
                first = first or refused
                if refused.holder and refused.holder not in names:
                    names.append(refused.holder)
                continue
            if edits:
                files = (
                    FileEdits(each_path, edits, (Bump(each_path, each_form, name, package.version, version),)),
                    *_pins_beside(form, path, package, version, read),
                )
                return Written(files)
        if first is not None and first.reason not in {"absent", "elsewhere"}:
            break
    return Written((), first)


def _pins_beside(form: str, path: str, package: Package, version: str, read: Read) -> Iterator[FileEdits]:
    """Edits of the manifests of a lock file, where they pin what the lock file holds."""
    for each_form, name in _BESIDE.get(form, ()):
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        text = read(beside)
        if text is None:
            continue
        try:
            edits = set_version(each_form, text, package.name, version, package.version)
        except VersionRefused:
            continue
        if edits:
            yield FileEdits(beside, edits, (Bump(beside, each_form, package.name, package.version, version),))


def _places(form: str, path: str, package: Package, read: Read) -> Iterator[tuple[str, str]]:
    """The files to look in, the nearest first."""
    if form == "requirements" and package.path:
        yield form, package.path
    yield form, path
    folder = posixpath.dirname(path)
    if form == "maven-pom":
        for pom in _poms(path, read):
            yield form, pom
    elif form == "nuget-project":
        yield from _upwards(folder, _MSBUILD)
    elif form == "nuget-central":
        yield from _upwards(folder, _MSBUILD[2:])
    elif form in _ABOVE:
        yield from (place for place in _upwards(folder, _ABOVE[form]) if place[1] != path)


def _upwards(folder: str, names: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for _ in range(_FOLDERS_UP):
        for form, name in names:
            yield form, posixpath.join(folder, name)
        if not folder:
            return
        folder = posixpath.dirname(folder)


def _poms(path: str, read: Read) -> Iterator[str]:
    """The poms that may hold a version for one pom: its parents, and what it or they import from the same tree."""
    chain = [path, *_parents(path, read)]
    yield from chain[1:]
    imported = {name for each in chain for name in _imported(read(each) or "")}
    if not imported:
        return
    for each in chain:
        for module in _modules(read(each) or "")[:_MODULES]:
            pom = posixpath.normpath(posixpath.join(posixpath.dirname(each), module))
            pom = pom if pom.endswith(".xml") else posixpath.join(pom, "pom.xml")
            text = read(pom)
            if text is not None and _child_text(text, _root(text), "artifactId") in imported:
                yield pom


def _imported(text: str) -> list[str]:
    """The artifacts whose managed versions a pom takes over (`<scope>import</scope>`)."""
    return [
        _child_text(text, element, "artifactId")
        for element in _elements(text)
        if element.name == "dependency" and _child_text(text, element, "scope") == "import"
    ]


def _modules(text: str) -> list[str]:
    """The folders of the modules of a build."""
    return [
        text[element.content.start : element.content.end]
        for element in _elements(text)
        if element.name == "module" and element.content is not None
    ]


def _elements(text: str) -> tuple[Element, ...]:
    try:
        return elements(text)
    except VersionRefused:
        return ()


def _root(text: str) -> Element | None:
    return next(iter(_elements(text)), None)


def _child_text(text: str, element: Element | None, name: str) -> str:
    child = element.child(name) if element is not None else None
    return text[child.content.start : child.content.end] if child is not None and child.content is not None else ""


def _parents(path: str, read: Read) -> Iterator[str]:
    """The poms above one pom that stand in the same tree (https://maven.apache.org/pom.html#Inheritance)."""
    seen = {path}
    for _ in range(_PARENTS):
        text = read(path)
        relative = _relative_path(text) if text is not None else ""
        if not relative:
            return
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
        if not path.endswith(".xml"):
            path = posixpath.join(path, "pom.xml")
        if path in seen or path.startswith("../"):
            return
        seen.add(path)
        yield path


def _relative_path(text: str) -> str:
    """Where a pom says that its parent stands, "" where it has none here."""
    root = _root(text)
    parent = root.child("parent") if root is not None else None
    if parent is None:
        return ""
    return "../pom.xml" if parent.child("relativePath") is None else _child_text(text, parent, "relativePath")
