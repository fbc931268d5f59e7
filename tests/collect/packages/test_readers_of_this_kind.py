"""What every reader of these ecosystems must stand: broken, huge and changed files end as a listing or as `PackagesError`."""

import json
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st
from tests.collect.packages.listed import FOLDER, given

from fourc.collect.packages import forms as register
from fourc.collect.packages.form import Form, Given, PackagesError
from fourc.model.package import Listing

MODULES = frozenset(
    {"clojure", "cpp", "dart", "deno", "elixir", "github_actions", "gradle", "gradle_scripts", "haskell", "ivy", "jars"}
    | {"julia", "maven", "msbuild", "nuget", "opam", "paket", "r", "sbt", "swift"}
)
FORMS: tuple[Form, ...] = tuple(form for form in register.FORMS if getattr(form.read, "module", "") in MODULES)
JAR = next(form for form in FORMS if form.id == "jar")


def _real() -> Iterator[tuple[str, Form]]:
    """Every file beside these tests, with the form that reads it."""
    for file in sorted(FOLDER.rglob("*")):
        path = file.relative_to(FOLDER).as_posix()
        for form in FORMS:
            if "/" in path and file.is_file() and form in register.forms_of(path, installed=True):
                yield path, form


REAL = tuple(_real())


def _name(form: Form) -> str:
    return (
        ".github/workflows/a.yml"
        if form.id == "github-actions"
        else next(iter(form.names), f"a{(*form.endings, '')[0]}")
    )


def _stands(form: Form, file: Given) -> Listing | None:
    """Read, allowing only the one error; what is read must hold together."""
    listing: Listing | None = None
    refused: PackagesError | None = None
    try:
        listing = form.read(file)
    except PackagesError as error:
        refused = error
    if listing is None:
        assert refused is not None
        assert refused.hint is not None
        assert file.path in str(refused)
        return None
    count = len(listing.packages)
    assert listing.form == form.id
    assert listing.path == file.path
    assert not listing.needs or len(listing.needs) == count
    assert all(0 <= at < count for others in listing.needs for at in others)
    assert listing.direct is None or all(0 <= at < count for at in listing.direct)
    assert all(package.name and package.version for package in listing.packages)
    return listing


def test_every_form_has_a_real_file_here_but_archives_which_are_built() -> None:
    assert {form.id for form in FORMS} - {form.id for _, form in REAL} == {"jar"}


@pytest.mark.parametrize("path", [path for path, _ in REAL])
def test_lines_point_to_where_the_package_is_named(path: str) -> None:
    form = next(form for name, form in REAL if name == path)
    file = given(path)
    lines = file.data.decode("utf-8-sig").splitlines()
    for package in form.read(file).packages:
        if package.line:
            artifact = package.name.rpartition(":")[2].rpartition("/")[2].removesuffix("_2.13")
            near = "\n".join(lines[package.line - 1 : package.line + 3])
            assert artifact.lower() in near.lower()


HUGE = (b"a", b" ", b"[", b"{", b'{"a":', b"<a>", b"\0", b'"', b"\n")


@pytest.fixture(scope="module", params=[b"a", b'{"a":'])
def huge(request: pytest.FixtureRequest) -> bytes:
    piece: bytes = request.param
    return piece * (200_000_000 // len(piece))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_one_line_of_200_megabytes_is_refused(form: Form, huge: bytes) -> None:
    with pytest.raises(PackagesError):
        form.read(Given(_name(form), huge))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@pytest.mark.parametrize("piece", HUGE)
def test_nesting_and_repetition_within_the_limits_end_well(form: Form, piece: bytes) -> None:
    listing = _stands(form, Given(_name(form), piece * (200_000 // len(piece))))
    assert listing is None or not listing.packages


XML = ("ivy-file", "maven-pom", "gradle-verification", "nuget-project", "nuget-central", "nuget-config")


@pytest.mark.parametrize("form", [form for form in FORMS if form.id in XML], ids=lambda form: form.id)
@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;',
        '<!ATTLIST project a CDATA "aaaaaaaaaa">',
    ],
)
def test_xml_that_defines_anything_is_refused(form: Form, subset: str) -> None:
    text = f"<!DOCTYPE project [{subset}]><project>&a;</project>"
    with pytest.raises(PackagesError):
        form.read(Given(_name(form), text.encode()))


@property_of(st.data())
def test_a_file_that_was_damaged_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    path, form = data.draw(st.sampled_from(REAL))
    file = given(path)
    start = data.draw(st.integers(0, len(file.data)))
    end = data.draw(st.integers(start, min(len(file.data), start + 40)))
    piece = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"\0", b"\xff", b'"', b"{", b"[", b"<", b"</", b"${", b"\n"])
    )
    _stands(form, Given(path, file.data[:start] + piece + file.data[end:], file.beside))


@property_of(st.data())
def test_files_beside_that_were_damaged_do_no_harm(data: st.DataObject) -> None:
    path, form = data.draw(st.sampled_from(REAL))
    file = given(path)
    cut = data.draw(st.integers(0, 400))
    piece = data.draw(st.binary(max_size=20))
    _stands(form, Given(path, file.data, lambda name: (file.beside(name) or b"")[:cut] + piece))


Value = None | bool | int | str | list["Value"] | dict[str, "Value"]
OTHER: st.SearchStrategy[Value] = st.sampled_from(
    cast("list[Value]", [None, True, 0, -1, "", "x", [], {}, [None], {"x": None}, {"": []}, [[]], ["x"], 10**30, "\0"])
)


def _places(value: Value, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*at, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _places(inner, (*at, position))


def _replaced(value: Value, place: tuple[str | int, ...], other: Value) -> Value:
    if not place:
        return other
    if isinstance(value, dict):
        return {key: _replaced(inner, place[1:], other) if key == place[0] else inner for key, inner in value.items()}
    assert isinstance(value, list)
    return [_replaced(inner, place[1:], other) if at == place[0] else inner for at, inner in enumerate(value)]


JSON = tuple((path, form) for path, form in REAL if given(path).data.lstrip(b"\xef\xbb\xbf").startswith(b"{\n"))


@property_of(st.data())
def test_any_value_of_json_may_be_of_another_type(data: st.DataObject) -> None:
    path, form = data.draw(st.sampled_from(JSON))
    value = cast("Value", json.loads(given(path).data))
    place = data.draw(st.sampled_from(list(_places(value))))
    changed = _replaced(value, place, data.draw(OTHER))
    _stands(form, Given(path, json.dumps(changed, indent=2).encode()))


def _archive() -> bytes:
    from tests.collect.packages.test_jars import jar, maven  # noqa: PLC0415 - built once, for one test

    return jar(maven("g", "b", "2") | {"a.jar": jar(maven("g", "a", "1"))})


ARCHIVE = _archive()


@property_of(st.integers(0, len(ARCHIVE)), st.integers(0, 12), st.binary(max_size=12))
def test_an_archive_that_was_damaged_anywhere_is_read_or_refused(start: int, length: int, piece: bytes) -> None:
    _stands(JAR, Given("a.jar", ARCHIVE[:start] + piece + ARCHIVE[start + length :]))
