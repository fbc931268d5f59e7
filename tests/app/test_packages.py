"""Which files below some paths tell of packages, and which of them counts where several tell the same."""

from pathlib import Path

import pytest
from tests.app.advised import put

from fourc.app.packages import Packages, packages_below
from fourc.errors import UsageError
from fourc.model.gap import GapReason

LOCK = '{"name": "m", "lockfileVersion": 3, "packages": {"": {"name": "m"}, "node_modules/a": {"version": "1.0.0"}}}'
MANIFEST = '{"name": "m", "dependencies": {"a": "1.0.0", "b": "2.0.0"}}'
SBOM = (
    '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components":'
    ' [{"type": "library", "name": "a", "version": "1.0.0", "purl": "pkg:npm/a@1.0.0"}]}'
)


def held(found: Packages) -> list[tuple[str, list[str]]]:
    """The packages by file."""
    return [(each.path, [f"{p.name}@{p.version}" for p in each.packages]) for each in found.listings]


def below(folder: Path, *names: str) -> Packages:
    return packages_below(folder, [folder / name for name in names] or [folder])


def test_a_lock_file_counts_instead_of_the_manifest_beside_it(tmp_path: Path) -> None:
    put(tmp_path, {"package.json": MANIFEST, "package-lock.json": LOCK})
    assert held(below(tmp_path)) == [("package-lock.json", ["a@1.0.0"])]


def test_below_a_lock_file_only_what_it_does_not_hold_is_told(tmp_path: Path) -> None:
    put(tmp_path, {"package-lock.json": LOCK, "x/package.json": MANIFEST})
    assert held(below(tmp_path)) == [("package-lock.json", ["a@1.0.0"]), ("x/package.json", ["b@2.0.0"])]


def test_another_version_below_a_lock_file_is_another_project(tmp_path: Path) -> None:
    put(tmp_path, {"package-lock.json": LOCK, "x/package.json": MANIFEST.replace("1.0.0", "0.9.0")})
    assert held(below(tmp_path))[1] == ("x/package.json", ["a@0.9.0", "b@2.0.0"])


def test_a_manifest_without_a_lock_file_tells_its_exact_versions(tmp_path: Path) -> None:
    put(tmp_path, {"package.json": MANIFEST.replace('"2.0.0"', '"^2.0.0"')})
    assert held(below(tmp_path)) == [("package.json", ["a@1.0.0"])]


@pytest.mark.parametrize(
    ("name", "text", "lock"),
    [
        ("Cargo.toml", '[dependencies]\na = "1.2"\n', "Cargo.lock"),
        ("Gemfile", 'gem "a", "~> 1.2"\n', "Gemfile.lock"),
        ("composer.json", '{"require": {"php": "^8", "o/a": "^1.2"}}', "composer.lock"),
        ("Pipfile", '[packages]\na = "*"\n', "Pipfile.lock"),
        ("pyproject.toml", '[project]\ndependencies = ["a~=1.2"]\n', "uv.lock"),
        ("environment.yml", "dependencies: [a>=1.2]\n", "conda-lock.yml"),
        ("conanfile.txt", "[requires]\na/[>=1.2]\n", "conan.lock"),
        ("a.opam", 'depends: ["b" {>= "1.2"}]\n', "a.opam.locked"),
        ("deps.edn", '{:deps {o/a {:mvn/version "[1.2,)"}}}', ""),
        ("build.sbt", 'x += "o" % "a" % "1.+"\n', "build.sbt.lock"),
        (
            "ivy.xml",
            '<ivy-module><dependencies><dependency org="o" name="a" rev="1.+"/></dependencies></ivy-module>',
            "",
        ),
    ],
)
def test_a_range_that_nothing_pins_is_told_until_there_is_a_lock_file(
    tmp_path: Path, name: str, text: str, lock: str
) -> None:
    put(tmp_path, {name: text})
    (gap,) = below(tmp_path).gaps
    assert (gap.reason, gap.location and gap.location.path, gap.named) == (GapReason.NO_DATA, name, False)
    if lock:
        put(tmp_path, {lock: "{}" if name.endswith((".json", ".txt", ".sbt", "Pipfile")) else ""})
        assert below(tmp_path).gaps == ()


def test_a_package_of_that_name_in_another_ecosystem_does_not_tell_the_version(tmp_path: Path) -> None:
    put(tmp_path, {"package.json": '{"dependencies": {"redis": "^4"}}', "requirements.txt": "redis==5.0.0\n"})
    assert [gap.location.path for gap in below(tmp_path).gaps if gap.location] == ["package.json"]
    put(tmp_path, {"pyproject.toml": '[project]\ndependencies = ["redis>=4"]\n'})
    assert [gap.location.path for gap in below(tmp_path).gaps if gap.location] == ["package.json"]


def test_unpacked_packages_are_read_only_where_they_are_named(tmp_path: Path) -> None:
    put(tmp_path, {"node_modules/c/package.json": MANIFEST, "site-packages/requirements.txt": "x==1\n"})
    assert held(below(tmp_path)) == []
    assert held(below(tmp_path, "node_modules/c/package.json")) == [
        ("node_modules/c/package.json", ["a@1.0.0", "b@2.0.0"])
    ]


def test_an_sbom_is_read_where_it_is_named_whatever_it_is_called(tmp_path: Path) -> None:
    put(tmp_path, {"listed.txt": SBOM})
    assert held(below(tmp_path, "listed.txt")) == [("listed.txt", ["a@1.0.0"])]


def test_a_file_that_is_named_and_tells_nothing_of_packages_is_a_gap(tmp_path: Path) -> None:
    put(tmp_path, {"notes.txt": "hello"})
    (gap,) = below(tmp_path, "notes.txt").gaps
    assert (gap.reason, gap.named) == (GapReason.UNSUPPORTED, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package-lock.json", ""),
        ("package-lock.json", '{"packages": 7}'),
        ("package-lock.json", '{"packages": ' + "[" * 200_000),
        ("composer.lock", '{"packages": {"a": ' * 5000),
        ("poetry.lock", "[[package]]\nname = "),
        ("pom.xml", "<project><a>"),
        ("pom.xml", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><project>&d;</project>'),
        ("a.jar", "no zip"),
    ],
)
def test_a_file_that_cannot_be_understood_is_a_gap_at_its_path(name: str, text: str, tmp_path: Path) -> None:
    put(tmp_path, {f"x/{name}": text, "requirements.txt": "a==1\n"})
    found = below(tmp_path)
    assert [(gap.reason, gap.location.path) for gap in found.gaps if gap.location] == [
        (GapReason.MALFORMED, f"x/{name}")
    ]
    assert ("requirements.txt", ["a@1"]) in held(found)


def test_a_file_that_nests_too_deep_is_too_large(tmp_path: Path) -> None:
    put(tmp_path, {"pnpm-lock.yaml": "a: [" * 50_000})
    (gap,) = below(tmp_path).gaps
    assert gap.reason is GapReason.TOO_LARGE


def test_an_sbom_over_its_limit_is_too_large(tmp_path: Path) -> None:
    put(tmp_path, {"bom.json": SBOM[:-2] + "," + '{"type": "library"},' * 1_600_000 + "{}]}"})
    (gap,) = below(tmp_path, "bom.json").gaps
    assert gap.reason is GapReason.TOO_LARGE


def test_nothing_outside_of_the_folder_is_read_for_a_file_in_it(tmp_path: Path) -> None:
    parent = (
        "<project><groupId>g</groupId><artifactId>p</artifactId><version>1</version>"
        "<properties><v>1.0</v></properties></project>"
    )
    pom = (
        "<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>c</artifactId>"
        "<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${v}</version></dependency>"
        "</dependencies></project>"
    )
    put(tmp_path, {"pom.xml": parent, "c/pom.xml": pom})
    assert ("c/pom.xml", ["g:a@1.0"]) in held(below(tmp_path))
    assert held(below(tmp_path / "c")) == [("pom.xml", [])]


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        below(tmp_path, "nowhere")
