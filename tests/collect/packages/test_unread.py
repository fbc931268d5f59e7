"""Manifests that are not read: what asks for packages, and which lock file tells of them."""

from pathlib import Path

import pytest
from tests.app.advised import put

from fourc.app.packages import packages_below
from fourc.collect.packages.unread import is_locked, locks_of, unread_of
from fourc.model.gap import GapReason
from fourc.model.text import Lang

ASKING = [
    ("mix.exs", 'defp deps do\n  [\n    {:plug, "~> 1.0"}\n  ]\nend\n', "mix.lock"),
    ("rebar.config", '{deps, [{cowboy, "~> 2.0"}]}.\n', "rebar.lock"),
    ("gleam.toml", 'name = "a"\n\n[dependencies]\n# std\ngleam_stdlib = "~> 0.34"\n', "manifest.toml"),
    ("Podfile", "target 'A' do\n  pod 'AFNetworking', '~> 2.0'\nend\n", "Podfile.lock"),
    ("Package.swift", '.package(url: "https://a.example/b", from: "1.0.0")\n', "Package.resolved"),
    ("Cartfile", 'github "a/b" ~> 1.0\n', "Cartfile.resolved"),
    ("pubspec.yaml", "name: a\ndependencies:\n  http: ^1.0.0\n", "pubspec.lock"),
    ("deno.json", '{"imports": {"@std/path": "jsr:@std/path@^1"}}', "deno.lock"),
    ("paket.dependencies", "source https://a.example\nnuget Json ~> 9\n", "paket.lock"),
    ("Project.toml", '[deps]\nJSON = "682c06a0-de6a-54ab-a142-c8b1cf79cde6"\n', "Manifest.toml"),
    ("conanfile.py", 'class A(ConanFile):\n    requires = "zlib/[>=1.2]"\n', "conan.lock"),
    ("a.cabal", "library\n  build-depends: base, aeson >= 2\n", "cabal.project.freeze"),
    ("a.cabal", "library\n  Build-Depends: base, aeson >= 2\n", "stack.yaml.lock"),
    ("a.gemspec", 'spec.add_dependency "rack", "~> 2"\n', "Gemfile.lock"),
    ("requirements.in", "idna\n", "requirements.txt"),
    ("requirements-dev.in", "# tools\nidna\n", "requirements-dev.txt"),
    ("requirements/base.in", "idna\n", "requirements/base.txt"),
]
SILENT = [
    ("mix.exs", "defp deps do\n  []\nend\n"),
    ("gleam.toml", "[dependencies]\n\n[dev-dependencies]\n"),
    ("Package.swift", 'let package = Package(name: "a")\n'),
    ("pubspec.yaml", "name: a\ndependencies:\ndev_dependencies:\n"),
    ("deno.json", '{"tasks": {"dev": "deno run main.ts"}}'),
    ("Project.toml", '[project]\nname = "no Julia"\n'),
    ("requirements.in", "# nothing\n"),
    ("notes.in", "idna\n"),
]


@pytest.mark.parametrize(("name", "text", "lock"), ASKING)
def test_a_manifest_that_is_not_read_is_a_gap_until_its_lock_file_is_there(
    name: str, text: str, lock: str, tmp_path: Path
) -> None:
    put(tmp_path, {name: text, "other/requirements.txt": "idna==3.10\n"})
    (gap,) = packages_below(tmp_path, [tmp_path]).gaps
    assert (gap.reason, gap.location and gap.location.path, gap.named) == (GapReason.NO_DATA, name, False)
    assert lock.rpartition("/")[2] in gap.message.en
    assert lock.rpartition("/")[2] in gap.message.zh
    put(tmp_path, {lock: "{}" if lock in {"deno.lock", "conan.lock", "Package.resolved"} else ""})
    after = packages_below(tmp_path, [tmp_path]).gaps
    assert [g for g in after if g.location is not None and g.location.path == name] == []


@pytest.mark.parametrize(("name", "text"), SILENT)
def test_a_manifest_that_asks_for_nothing_is_no_gap(name: str, text: str, tmp_path: Path) -> None:
    put(tmp_path, {name: text})
    assert packages_below(tmp_path, [tmp_path]).gaps == ()


def test_a_lock_file_above_in_the_tree_that_is_scanned_counts(tmp_path: Path) -> None:
    put(tmp_path, {"mix.lock": "%{}\n", "apps/a/mix.exs": ASKING[0][1]})
    assert packages_below(tmp_path, [tmp_path]).gaps == ()
    (gap,) = packages_below(tmp_path, [tmp_path / "apps"]).gaps
    assert gap.remedy.say(Lang.EN) == "commit mix.lock, or scan the SBOM that your build makes"


def test_a_lock_file_below_or_beside_its_folder_does_not_count() -> None:
    unread = unread_of("a/mix.exs")
    assert unread is not None
    locks = locks_of("a/mix.exs", unread)
    assert not is_locked("a/mix.exs", locks, {"b/mix.lock", "a/c/mix.lock", "amix.lock"})
    assert is_locked("a/mix.exs", locks, {"mix.lock"})


def test_one_that_is_named_alone_stays_unsupported(tmp_path: Path) -> None:
    put(tmp_path, {"mix.exs": ASKING[0][1]})
    (gap,) = packages_below(tmp_path, [tmp_path / "mix.exs"]).gaps
    assert (gap.reason, gap.named) == (GapReason.UNSUPPORTED, True)


def test_what_was_unpacked_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, {"node_modules/a/a.gemspec": ASKING[13][1]})
    assert packages_below(tmp_path, [tmp_path]).gaps == ()
