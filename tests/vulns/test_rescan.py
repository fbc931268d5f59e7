"""What an upgrade promises is kept: after its edits the readers find none of what it clears, and nothing else has changed."""

import pkgutil
import posixpath
from importlib import import_module
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vulns import layouts

import fourc.collect.packages
from fourc.collect.packages.form import Form, Given
from fourc.model.package import Listing, Package
from fourc.model.vulnerability import Match, Vulnerability
from fourc.patch.text import apply
from fourc.vulns.upgrade import Upgrade
from fourc.vulns.upgrades import upgrades
from fourc.vulns.versions import compare

PLAIN = [f"{a}-{b}" for a in ("left", "right", "x2") for b in ("pad", "form", "2a")]
SLASHED = [f"{a}/{b}" for a in ("left", "right", "x2") for b in ("pad", "form", "2a")]
COLONED = [f"org.{a}:{b}" for a in ("left", "right", "x2") for b in ("pad", "form", "2a")]
MODULES = [f"example.org/{a}/{b}" for a in ("left", "right", "x2") for b in ("pad", "form", "v2")]
DOTTED = [f"{a}.{b}" for a in ("Left", "Right", "X2") for b in ("Pad", "Form", "A2")]

ECOSYSTEMS: dict[str, tuple[str, layouts.Layout, list[str]]] = {
    "requirements.txt": ("requirements", layouts.requirements, PLAIN),
    "pyproject.toml": ("pyproject", layouts.pyproject, PLAIN),
    "go.mod": ("go-mod", layouts.go_mod, MODULES),
    "package.json": ("package-json", layouts.package_json, PLAIN),
    "composer.json": ("composer-json", layouts.composer_json, SLASHED),
    "pom.xml": ("maven-pom", layouts.pom, COLONED),
    "pom.xml with a parent": ("maven-pom", layouts.pom_with_parent, COLONED),
    "csproj": ("nuget-project", layouts.csproj, DOTTED),
    "csproj with central versions": ("nuget-project", layouts.csproj_central, DOTTED),
    "Cargo.toml": ("cargo-toml", layouts.cargo_toml, PLAIN),
    "Gemfile": ("gemfile", layouts.gemfile, PLAIN),
    "Gemfile.lock": ("gemfile-lock", layouts.gemfile_lock, PLAIN),
    "build.gradle": ("gradle-build", layouts.gradle, COLONED),
    "libs.versions.toml": ("gradle-catalog", layouts.catalogue, COLONED),
    "workflow": ("github-actions", layouts.workflow, SLASHED),
}

FORMS: dict[str, Form] = {
    form.id: form
    for module in pkgutil.iter_modules(fourc.collect.packages.__path__, "fourc.collect.packages.")
    for form in getattr(import_module(module.name), "FORMS", ())
}


def read(form: Form, files: layouts.Files, path: str) -> Listing:
    folder = posixpath.dirname(path)

    def beside(name: str) -> bytes | None:
        text = files.get(posixpath.normpath(posixpath.join(folder, name)))
        return text.encode() if text is not None else None

    return form.read(Given(path, files[path].encode(), beside))


def versions(draw: Random) -> str:
    return f"{draw.randint(0, 3)}.{draw.randint(0, 12)}.{draw.randint(0, 30)}"


def applied(files: layouts.Files, upgrade: Upgrade) -> layouts.Files:
    return files | {file.path: apply(files[file.path], file.edits) for file in upgrade.edits}


def vulnerabilities(draw: Random, packages: tuple[Package, ...]) -> dict[str, dict[str, str]]:
    """For some packages ids of vulnerabilities, each with the version that mends it."""
    found: dict[str, dict[str, str]] = {}
    for package in packages:
        if draw.random() < 0.6:
            major, minor, patch = (int(part) for part in package.version.removeprefix("v").split("."))
            prefix = "v" if package.version.startswith("v") else ""
            for number in range(draw.randint(1, 3)):
                fixed = draw.choice(
                    (f"{major}.{minor}.{patch + 1 + number}", f"{major}.{minor + 1}.0", f"{major + 1}.{number}.0")
                )
                found.setdefault(package.name, {})[f"X-{package.name}-{number}"] = prefix + fixed
    return found


@pytest.mark.parametrize("what", ECOSYSTEMS)
@settings(max_examples=20)
@given(draw=st.randoms())
def test_after_the_edits_the_readers_find_nothing_that_was_to_be_cleared(what: str, draw: Random) -> None:
    form_id, layout, names = ECOSYSTEMS[what]
    if form_id not in FORMS:
        pytest.skip(f"no reader of {form_id} here")
    chosen = {name: versions(draw) for name in draw.sample(names, draw.randint(1, len(names)))}
    files = layout(draw, chosen)
    path = next(iter(files))
    listing = read(FORMS[form_id], files, path)
    bare = {
        package.name.lower(): package.version.removeprefix("v")
        for package in listing.packages
        if package.name != "stdlib"
    }
    assert bare == {name.lower(): version for name, version in chosen.items()}
    fixes = vulnerabilities(draw, tuple(package for package in listing.packages if package.name != "stdlib"))

    def affected(ecosystem: str, name: str, version: str) -> frozenset[str]:
        return frozenset(one for one, fixed in fixes.get(name, {}).items() if compare(ecosystem, version, fixed) < 0)

    matches = [
        Match(package, Vulnerability(one), (fixed,))
        for package in listing.packages
        for one, fixed in fixes.get(package.name, {}).items()
    ]
    found = upgrades([listing], matches, affected, files.get)
    assert {move.name for upgrade in found for move in upgrade.moves} == set(fixes)
    for upgrade in found:
        if not upgrade.edits:
            # only Bundler may refuse, as a lock file must stay one that Bundler could have written
            assert upgrade.command
            assert what == "Gemfile.lock"
            continue
        after = read(FORMS[form_id], applied(files, upgrade), path)
        moved = {(move.name, move.old): move.new for move in upgrade.moves}
        expected = {
            (package.name, moved.get((package.name, package.version), package.version)) for package in listing.packages
        }
        assert {(package.name, package.version) for package in after.packages} == expected
        left = {one for package in after.packages for one in affected(package.ecosystem, package.name, package.version)}
        assert left.isdisjoint(match.vulnerability.id for match in upgrade.clears)
        assert upgrade.clears
    edited = [upgrade for upgrade in found if upgrade.edits]
    together = files
    for upgrade in edited:
        now = upgrades([read(FORMS[form_id], together, path)], matches, affected, together.get)
        same = next(one for one in now if one.moves == upgrade.moves)
        together = applied(together, same)
    left = {
        one
        for package in read(FORMS[form_id], together, path).packages
        for one in affected(package.ecosystem, package.name, package.version)
    }
    assert left.isdisjoint(match.vulnerability.id for upgrade in edited for match in upgrade.clears)
