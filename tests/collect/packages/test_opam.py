"""opam's files."""

from tests.collect.packages.listed import given, lines, of, told

from fourc.collect.packages.opam import read_file, read_lock


def test_a_locked_file_tells_all_versions_and_what_only_tests_or_documents() -> None:
    listing = read_lock(given("opam/web.opam.locked"))
    assert told(listing) == {
        "base v0.16.3",
        "alcotest 1.7.0 dev",
        "cohttp 5.3.0",
        "dune 3.12.1",
        "ocaml 4.14.1",
        "odoc 2.3.0 dev",
    }
    assert (lines(listing)["base"], lines(listing)["odoc"]) == (6, 11)
    assert listing.direct is None


def test_of_an_opam_file_only_exact_versions_of_what_it_depends_on_count() -> None:
    listing = read_file(given("opam/web.opam"))
    assert told(listing) == {"cohttp 5.3.0 direct", "alcotest 1.7.0 dev direct"}
    assert listing.unresolved == ("dune", "yojson", "zarith")


def test_the_compiler_the_projects_own_packages_and_repositories_are_not_left_open() -> None:
    text = """depends: [
  "ocaml" {>= "4.14"}  # "comment"
  "web-core" {>= "1.0"}
  "web-cli" {= version}
  "forked"
  "lwt" {>= "5.0" & < "6.0"}
]
pin-depends: [["forked.dev" "git+https://example.org/forked"]]
"""
    listing = read_file(of("web.opam", text, **{"web-core.opam": 'opam-version: "2.0"\n'}))
    assert (told(listing), listing.unresolved) == (set(), ("lwt",))
