"""opam's files."""

from tests.collect.packages.listed import given, lines, told

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
    assert told(read_file(given("opam/web.opam"))) == {"cohttp 5.3.0 direct", "alcotest 1.7.0 dev direct"}
