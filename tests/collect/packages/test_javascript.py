"""Lock files of npm, yarn, pnpm and bun, each written by the real tool for the same project, equal one list made by hand."""

import json

import pytest
from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.form import PackagesError
from fourc.collect.packages.forms import forms_of
from fourc.model.package import Listing, Project

SHOP = {
    "debug 4.3.4 direct",
    "debug 2.6.9 direct",
    "fsevents 2.3.2 direct",
    "is-number 6.0.0",
    "is-number 7.0.0 dev direct",
    "is-odd 3.0.1 direct",
    "minimist 0.0.8 dev",
    "mkdirp 0.5.1 dev direct",
    "ms 0.7.1 direct",
    "ms 2.0.0",
    "ms 2.1.2",
    "semver 5.7.1 direct",
    "wrappy 1.0.2 direct",
}
"""The project asks for debug 4, is-odd, ms behind an alias, mkdirp to develop; its member for debug 2 and semver, for
is-number 7 to develop; its folder `local` for wrappy. The member and the folder are the project itself."""
NEEDED = {
    "debug 2.6.9 > ms 2.0.0",
    "debug 4.3.4 > ms 2.1.2",
    "is-odd 3.0.1 > is-number 6.0.0",
    "mkdirp 0.5.1 > minimist 0.0.8",
}


def read(path: str) -> Listing:
    """The listing of a file as a checkout has it."""
    (form,) = forms_of(path)
    return form.read(given(path))


def said(path: str, text: str | bytes, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path)
    return form.read(of(path, text, **near))


@pytest.mark.parametrize(
    "path",
    [
        "npm2/package-lock.json",
        "npm3/package-lock.json",
        "pnpm7/pnpm-lock.yaml",
        "pnpm8/pnpm-lock.yaml",
        "pnpm9/pnpm-lock.yaml",
        "bun1/bun.lockb",
        "bun2/bun.lock",
    ],
)
def test_every_lock_file_of_the_project_tells_the_same_packages_and_who_needs_them(path: str) -> None:
    listing = read(f"files/{path}")
    assert told(listing) == SHOP
    assert needed(listing) == NEEDED
    assert listing.project is not None
    assert listing.project.name == "shop"
    assert {package.ecosystem for package in listing.packages} == {"npm"}


def test_version_one_of_npm_tells_what_the_project_itself_asks_for_by_its_manifest() -> None:
    listing = read("files/npm1/package-lock.json")
    of_member = {"debug 2.6.9 direct", "is-number 7.0.0 dev direct", "semver 5.7.1 direct", "wrappy 1.0.2 direct"}
    assert told(listing) == SHOP - of_member | {each.removesuffix(" direct") for each in of_member}
    assert needed(listing) == NEEDED


def test_yarn_one_cannot_list_the_members_behind_a_pattern_so_nothing_is_said_to_be_for_development_only() -> None:
    listing = read("files/yarn1/yarn.lock")
    assert told(listing) == {each.replace(" dev", "") for each in SHOP}
    assert needed(listing) == NEEDED


def test_yarn_one_without_members_tells_development_by_the_manifest() -> None:
    lock = given("files/yarn1/yarn.lock").data
    manifest = '{"dependencies": {"debug": "4.3.4"}, "devDependencies": {"mkdirp": "0.5.1"}}'
    listing = said("yarn.lock", lock, **{"package.json": manifest})
    marked = {each for each in told(listing) if " dev" in each or " direct" in each}
    assert marked == {
        "debug 4.3.4 direct",
        "mkdirp 0.5.1 dev direct",
        "minimist 0.0.8 dev",
        "wrappy 1.0.2 direct",
    }


def test_yarn_four_reads_members_and_patched_packages() -> None:
    listing = read("files/yarn4/yarn.lock")
    of_node_gyp = {f"{package.name} {package.version}" for package in listing.packages} - {
        each.partition(" d")[0] for each in SHOP
    }
    assert {each for each in told(listing) if each not in of_node_gyp} == SHOP
    assert {"node-gyp 13.1.0", "tar 7.5.23", "@isaacs/fs-minipass 4.0.1"} <= of_node_gyp
    assert needed(listing) >= NEEDED | {"fsevents 2.3.2 > node-gyp 13.1.0", "tar 7.5.23 > @isaacs/fs-minipass 4.0.1"}


def test_lines_are_those_of_the_entries() -> None:
    assert lines(read("files/npm3/package-lock.json"))["minimist"] == 97
    assert lines(read("files/npm1/package-lock.json"))["minimist"] == 64
    assert lines(read("files/yarn1/yarn.lock"))["minimist"] == 46
    assert lines(read("files/pnpm9/pnpm-lock.yaml"))["minimist"] == 84
    assert lines(read("files/bun2/bun.lock"))["minimist"] == 44


def test_npm_aliases_git_and_tarballs_keep_the_real_name_and_the_version_as_it_is_given() -> None:
    lock = """{"lockfileVersion": 1, "dependencies": {
      "old": {"version": "npm:@scope/real@1.2.3"},
      "fork": {"version": "git+ssh://git@example.org/fork.git#0123abc"},
      "ball": {"version": "https://example.org/ball-2.0.0.tgz"},
      "here": {"version": "file:here"}, "packed": {"version": "file:packed-1.0.0.tgz"},
      "top": {"version": "1.0.0", "bundled": true, "optional": true, "requires": {"in": "^2"},
              "dependencies": {"in": {"version": "2.0.0"}}},
      "in": {"version": "1.0.0"}}}"""
    listing = said("package-lock.json", lock)
    assert told(listing) == {
        "@scope/real 1.2.3",
        "fork git+ssh://git@example.org/fork.git#0123abc",
        "ball https://example.org/ball-2.0.0.tgz",
        "packed file:packed-1.0.0.tgz",
        "top 1.0.0",
        "in 2.0.0",
        "in 1.0.0",
    }
    assert needed(listing) == {"top 1.0.0 > in 2.0.0"}


def test_npm_licences_come_in_every_spelling() -> None:
    lock = """{"packages": {"": {"name": "x"},
      "node_modules/a": {"version": "1.0.0", "license": "MIT"},
      "node_modules/b": {"version": "1.0.0", "license": {"type": "ISC"}},
      "node_modules/c": {"version": "1.0.0", "license": ["MIT", {"type": "BSD-2-Clause"}]}}}"""
    listing = said("package-lock.json", lock)
    assert [package.licences for package in listing.packages] == [("MIT",), ("ISC",), ("MIT", "BSD-2-Clause")]


def test_pnpm_paths_of_peers_scopes_and_registries_are_names_and_versions() -> None:
    lock = """lockfileVersion: 5.4
dependencies: {a: 1.0.0_b@2.0.0}
packages:
  /a/1.0.0_b@2.0.0:
    dependencies: {b: 2.0.0, c: '@registry.example.org/c/3.0.0'}
  /b/2.0.0: {}
  /@scope/d/4.0.0_@babel+core@7.0.0: {}
  registry.example.org/c/3.0.0: {}
  github.com/owner/e/0123abc: {name: e, version: 5.0.0}
"""
    assert told(said("pnpm-lock.yaml", lock)) == {
        "a 1.0.0 direct",
        "b 2.0.0",
        "@scope/d 4.0.0",
        "c 3.0.0",
        "e 5.0.0",
    }


def test_pnpm_six_names_registries_too() -> None:
    lock = """lockfileVersion: '6.0'
packages:
  /lodash.merge@4.6.2: {dev: false}
  /@s/a@1.0.0(b@2.0.0): {dev: true}
  registry.example.org/@s/c@3.0.0: {dev: false}
"""
    assert told(said("pnpm-lock.yaml", lock)) == {"lodash.merge 4.6.2", "@s/a 1.0.0 dev", "@s/c 3.0.0"}


def test_pnpm_nine_tells_development_by_its_graph_and_reads_tarballs() -> None:
    lock = """lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      '@s/a': {specifier: ^1.0.0, version: '1.0.0(b@2.0.0)'}
    devDependencies:
      e: {specifier: owner/e, version: https://codeload.github.com/owner/e/tar.gz/0123abc}
packages:
  '@s/a@1.0.0': {resolution: {integrity: x}}
  b@2.0.0: {resolution: {integrity: x}}
  e@https://codeload.github.com/owner/e/tar.gz/0123abc: {resolution: {tarball: x}, version: 5.0.0}
snapshots:
  '@s/a@1.0.0(b@2.0.0)': {dependencies: {b: 2.0.0}}
  b@2.0.0: {}
  e@https://codeload.github.com/owner/e/tar.gz/0123abc: {}
"""
    assert told(said("pnpm-lock.yaml", lock)) == {"@s/a 1.0.0 direct", "b 2.0.0", "e 5.0.0 dev direct"}


def test_exact_pins_of_a_manifest_are_versions_and_ranges_are_not() -> None:
    manifest = """{"name": "x", "version": "1.0.0",
      "dependencies": {"a": "1.2.3", "b": "^1.2.3", "c": "=2.0.0-rc.1", "d": "npm:e@3.0.0", "f": "1.x", "g": ">=1.0.0",
        "own": "workspace:*"},
      "devDependencies": {"h": "v4.0.0", "a": "1.2.3"}}"""
    listing = said("package.json", manifest)
    assert told(listing) == {"a 1.2.3 direct", "c 2.0.0-rc.1 direct", "e 3.0.0 direct", "h 4.0.0 dev direct"}
    assert listing.unresolved == ("b", "f", "g")
    assert listing.project == Project("npm", "x", "1.0.0")


@pytest.mark.parametrize(
    "asked",
    [
        "git+ssh://git@example.org/a.git#v1",
        "git://example.org/a",
        "github:owner/a",
        "owner/a#semver:^1.0",
        "https://example.org/a.git",
    ],
)
def test_what_a_manifest_takes_from_a_repository_of_git_is_not_left_open(asked: str) -> None:
    listing = said(
        "package.json", json.dumps({"dependencies": {"a": asked, "b": "https://example.org/b.tgz", "c": "catalog:"}})
    )
    assert (told(listing), listing.unresolved) == (set(), ("b", "c"))


@pytest.mark.parametrize("asked", ["./m", "../n", "~/x", "/y", "file:./m", "link:../n"])
def test_a_folder_of_ones_own_is_not_left_open(asked: str) -> None:
    listing = said("package.json", json.dumps({"dependencies": {"a": asked, "b": "./b.tgz", "c": "~1.2"}}))
    assert (told(listing), listing.unresolved) == (set(), ("b", "c"))


def test_an_installed_package_tells_itself_and_where_it_lies() -> None:
    path = "app/node_modules/a/package.json"
    form = next(form for form in forms_of(path, installed=True) if form.installed)
    (package,) = form.read(of(path, '{"name": "a",\n "version": "1.0.0", "licenses": [{"type": "MIT"}]}')).packages
    assert (package.name, package.version, package.line, package.licences) == ("a", "1.0.0", 2, ("MIT",))
    assert package.path == path
    assert form.read(of(path, '{"private": true}')).packages == ()


def test_a_bun_lock_may_hold_comments_and_what_looks_like_them_in_strings() -> None:
    lock = '{"packages": { // one\n "a": ["a@1.0.0", "https://x//,}", {}, /* two, */ "y"], },}'
    assert told(said("bun.lock", lock)) == {"a 1.0.0"}


@pytest.mark.parametrize("size", [0, 20, 60, 130, 500, 2000, 4500, 5200])
def test_a_binary_lock_file_that_is_cut_off_is_an_error(size: int) -> None:
    with pytest.raises(PackagesError, match=r"bun\.lockb"):
        said("bun.lockb", given("files/bun1/bun.lockb").data[:size])
