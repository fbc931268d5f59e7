"""`deno.lock` of all versions."""

from tests.collect.packages.listed import given, lines, needed, of, told

from fourc.collect.packages.deno import read_lock


def test_packages_of_npm_are_told_without_their_peers_and_direct_is_what_the_project_itself_asks_for() -> None:
    listing = read_lock(given("deno/deno.lock"))
    assert told(listing) == {
        "@types/node 20.9.0 direct",
        "ansi-styles 4.3.0",
        "ansi-styles 6.2.1",
        "chalk 5.3.0 direct",
        "color-convert 2.0.1",
        "esbuild 0.28.2",
        "undici-types 5.26.5",
        "vite 8.3.1 direct",
    }
    assert needed(listing) == {
        "@types/node 20.9.0 > undici-types 5.26.5",
        "ansi-styles 4.3.0 > color-convert 2.0.1",
        "chalk 5.3.0 > ansi-styles 6.2.1",
        "vite 8.3.1 > esbuild 0.28.2",
    }
    assert (lines(listing)["chalk"], lines(listing)["vite"]) == (34, 49)


def test_version_3_holds_its_packages_one_level_deeper() -> None:
    listing = read_lock(
        of(
            "deno.lock",
            '{"version": "3", "packages": {"specifiers": {"npm:chalk@4": "npm:chalk@4.1.2"}, "npm": {'
            '"chalk@4.1.2": {"dependencies": {"styles": "ansi-styles@4.3.0"}}, "ansi-styles@4.3.0": {"dependencies": {}}}}}',
        )
    )
    assert told(listing) == {"chalk 4.1.2 direct", "ansi-styles 4.3.0"}
    assert needed(listing) == {"chalk 4.1.2 > ansi-styles 4.3.0"}


def test_version_2_holds_specifiers_beside_the_packages() -> None:
    listing = read_lock(
        of(
            "deno.lock",
            '{"version": "2", "remote": {}, "npm": {"specifiers": {"chalk@4": "chalk@4.1.2"}, "packages": {'
            '"chalk@4.1.2": {"dependencies": {"ansi-styles": "ansi-styles@4.3.0"}}, "ansi-styles@4.3.0": {}}}}',
        )
    )
    assert told(listing) == {"chalk 4.1.2 direct", "ansi-styles 4.3.0"}


def test_a_lock_file_of_files_alone_has_no_packages() -> None:
    assert told(read_lock(of("deno.lock", '{"https://deno.land/std/fs/mod.ts": "ab12"}'))) == set()
