"""Cargo's lock file, written by cargo, its manifest, and programs of cargo-auditable."""

import json
import struct
import zlib

from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.forms import forms_of, forms_of_head
from fourc.model.package import Listing, Project


def said(path: str, text: str, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path)
    return form.read(of(path, text, **near))


def test_a_lock_file_tells_crates_in_several_versions_and_what_only_tests_and_builds_need() -> None:
    (form,) = forms_of("files/cargo/Cargo.lock")
    listing = form.read(given("files/cargo/Cargo.lock"))
    assert told(listing) == {
        "bitflags 1.3.2 direct",
        "bitflags 2.13.2 direct",
        "cc 1.0.79 dev direct",
        "cfg-if 1.0.5",
        "fastrand 1.9.0 dev direct",
        "instant 0.1.13 dev",
        "log 0.4.17 direct",
    }
    assert needed(listing) == {
        "fastrand 1.9.0 > instant 0.1.13",
        "instant 0.1.13 > cfg-if 1.0.5",
        "log 0.4.17 > cfg-if 1.0.5",
    }
    assert lines(listing)["log"] == 47
    assert listing.project == Project("crates.io", "shop", "1.0.0")


def test_an_old_lock_file_names_versions_and_sources_of_what_is_needed() -> None:
    lock = """[root]
name = "app"
version = "0.1.0"
dependencies = [
 "a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)",
]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "b 0.2.0 (git+https://example.org/b#0123)",
]

[[package]]
name = "b"
version = "0.2.0"
source = "git+https://example.org/b#0123"

[[package]]
name = "b"
version = "0.2.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[metadata]
"checksum a 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)" = "0123"
"""
    listing = said("Cargo.lock", lock)
    assert told(listing) == {"a 1.0.0 direct", "b 0.2.0"}
    assert needed(listing) == {"a 1.0.0 > b 0.2.0"}


def test_a_manifest_pins_with_an_equals_sign_only() -> None:
    manifest = """[package]
name = "app"
version = "0.1.0"

[dependencies]
a = "=1.0.0"
b = "1.0.0"
c = { package = "d", version = "= 2.0.0-rc.1" }

[target.'cfg(unix)'.dependencies]
e = { version = "=3.0.0" }

[dev-dependencies]
f = "=4.0.0"
"""
    listing = said("Cargo.toml", manifest)
    assert told(listing) == {"a 1.0.0 direct", "d 2.0.0-rc.1 direct", "e 3.0.0 direct", "f 4.0.0 dev direct"}
    assert lines(listing) == {"a": 6, "d": 8, "e": 11, "f": 14}
    assert listing.unresolved == ("b",)


def test_a_manifest_leaves_open_what_it_asks_for_in_a_range_and_no_crates_of_folders_or_git() -> None:
    manifest = """[package]
name = "app"
version = "0.1.0"
rust-version = "1.70"

[dependencies]
bare = "1.2.3"
renamed = { package = "other", version = "~2" }
mine = { path = "../mine", version = "=0.2.0" }
forked = { git = "https://example.org/forked" }
pinned = { git = "https://example.org/pinned", version = "=3.0.0" }

[target.'cfg(unix)'.dependencies]
nix = ">=0.20, <0.30"

[build-dependencies]
cc = "*"
"""
    listing = said("Cargo.toml", manifest)
    assert told(listing) == {"pinned 3.0.0 direct"}
    assert listing.unresolved == ("bare", "other", "nix", "cc")


def test_a_member_inherits_pins_and_ranges_from_the_nearest_workspace() -> None:
    workspace = """[workspace.dependencies]
open = { package = "really-open", version = "1" }
exact = "=1.0.0"
mine = { path = "mine" }
"""
    member = """[dependencies]
open.workspace = true
exact = { workspace = true, features = ["x"] }
mine.workspace = true
lost.workspace = true
"""
    for root in (
        said("Cargo.toml", workspace),
        said("Cargo.toml", member.replace("lost.workspace = true", "") + workspace),
    ):
        assert (told(root), root.unresolved) == ({"exact 1.0.0 direct"}, ("really-open",))
        assert lines(root)["exact"] > 0
    near = {"../Cargo.toml": '[package]\nname = "no-workspace"\n', "../../Cargo.toml": workspace}
    listing = said("a/b/Cargo.toml", member, **near)
    assert (told(listing), listing.unresolved) == ({"exact 1.0.0 direct"}, ("really-open", "lost"))
    assert lines(listing) == {"exact": 0}
    alone = said("Cargo.toml", member)
    assert alone.unresolved == ("open", "exact", "mine", "lost")


def auditable(content: bytes) -> bytes:
    """The smallest ELF program with a section `.dep-v0`."""
    names = b"\0.dep-v0\0.shstrtab\0"
    at = 64 + 3 * 64
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<2HI3QI6H", 2, 62, 1, 0, 0, 64, 0, 64, 56, 0, 64, 3, 2)
    sections = bytes(64)
    sections += struct.pack("<2I4Q2I2Q", 1, 1, 0, 0, at + len(names), len(content), 0, 0, 1, 0)
    sections += struct.pack("<2I4Q2I2Q", 9, 3, 0, 0, at, len(names), 0, 0, 1, 0)
    return head + sections + names + content


def test_a_program_of_cargo_auditable_tells_its_crates() -> None:
    crates = [
        {"name": "app", "version": "0.1.0", "source": "local", "dependencies": [1, 2], "root": True},
        {"name": "log", "version": "0.4.17", "source": "crates.io", "dependencies": [3]},
        {"name": "cc", "version": "1.0.79", "source": "crates.io", "kind": "build"},
        {"name": "cfg-if", "version": "1.0.0", "source": "crates.io"},
    ]
    program = auditable(zlib.compress(json.dumps({"packages": crates}).encode()))
    form = next(form for form in forms_of_head(program[:16]) if form.id == "cargo-auditable")
    listing = form.read(of("app", program))
    assert told(listing) == {"log 0.4.17 direct", "cc 1.0.79 dev direct", "cfg-if 1.0.0"}
    assert needed(listing) == {"log 0.4.17 > cfg-if 1.0.0"}
    assert listing.project == Project("crates.io", "app", "0.1.0")
    for broken in (b"", b"not packed", zlib.compress(b"[]"), zlib.compress(b" " * (100 << 20))):
        assert told(form.read(of("app", auditable(broken)))) == set()
