"""The register: which file has which format, and that every row leads to a reader."""

import pytest

from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.forms import FORMS, forms_of, forms_of_head


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("package-lock.json", {"npm-lock"}),
        ("a/npm-shrinkwrap.json", {"npm-lock"}),
        ("a/package.json", {"package-json"}),
        ("a/requirements.txt", {"requirements"}),
        ("requirements-dev.txt", {"requirements"}),
        ("dev-requirements.txt", {"requirements"}),
        ("requirements/base.txt", {"requirements"}),
        ("a/pylock.toml", {"pylock"}),
        ("a/pylock.web.toml", {"pylock"}),
        ("vendor/modules.txt", {"go-vendor"}),
        ("modules.txt", set()),
        ("robots.txt", set()),
        ("my-package.json", set()),
        ("a/x.dist-info/METADATA", set()),
    ],
)
def test_a_file_of_a_checkout_has_the_formats_of_its_name(path: str, ids: set[str]) -> None:
    assert {form.id for form in forms_of(path)} == ids


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("usr/lib/node_modules/npm/package.json", "node-package"),
        ("x/a-1.0.dist-info/METADATA", "python-package"),
        ("x/a.egg-info/PKG-INFO", "python-package"),
        ("x/a-1.0.egg-info", "python-package"),
        ("opt/conda/conda-meta/a-1.0-0.json", "conda-meta"),
        ("usr/lib/ruby/gems/specifications/default/a-1.0.gemspec", "gemspec"),
        ("app/vendor/composer/installed.json", "composer-installed"),
    ],
)
def test_what_is_installed_counts_in_images_only(path: str, form: str) -> None:
    assert form in {each.id for each in forms_of(path, installed=True)}
    assert form not in {each.id for each in forms_of(path)}


def test_programs_are_known_by_their_first_bytes() -> None:
    for head in (b"\x7fELF\x02\x01", b"MZ\x90", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"):
        assert {form.id for form in forms_of_head(head)} == {"go-binary", "cargo-auditable"}
    assert forms_of_head(b"#!/bin/sh") == ()


def test_ids_are_unique_and_manifests_that_are_replaced_exist() -> None:
    ids = [form.id for form in FORMS]
    assert len(set(ids)) == len(ids)
    assert {each for form in FORMS for each in form.instead_of} <= set(ids)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_reader_gives_a_listing_of_its_form_or_an_error_that_names_the_file(form: object) -> None:
    (row,) = (each for each in FORMS if each is form)
    for data in (b"", b"{}", b"[]", b"x", b"\xff\xfe\xff", b"\0", b"- a\n- b\n", b"[a]\nb = 1\n"):
        try:
            listing = row.read(Given("some/file", data))
        except PackagesError as error:
            assert "some/file" in str(error)  # noqa: PT017 - a listing is right too
            assert error.hint is not None  # noqa: PT017 - as above
        else:
            assert (listing.form, listing.path) == (row.id, "some/file")
