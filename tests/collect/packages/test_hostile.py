"""Whatever stands in a file, its reader gives a listing whose numbers agree, or the one error."""

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.forms import FORMS, forms_of
from fourc.collect.packages.toml_tables import read_lines
from fourc.model.package import Listing

FILES = Path(__file__).parent / "files"
REAL = sorted(
    path for path in FILES.rglob("*") if path.is_file() and forms_of(str(path.relative_to(FILES)), installed=True)
)
JSON = [path for path in REAL if path.suffix == ".json" or path.name == "Pipfile.lock"]
TOML = [
    path
    for path in REAL
    if path.suffix in {".toml", ".lock"} and path.read_bytes()[:1] not in b'{"' and "yarn" not in path.name
]
OTHER: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "\0", [], [[]], {}, {"": {}}, ["x", 1], {"x": 1}, {"version": []}]
)
PASSED_OVER = frozenset({"files", "wheels", "sdist", "hashes", "checksum"})


def read(name: str, data: bytes) -> None:
    """Read the bytes as each format of the name, and check what comes."""
    for form in forms_of(name, installed=True):
        try:
            listing = form.read(Given(name, data))
        except PackagesError:
            continue
        agrees(listing)


def agrees(listing: Listing) -> None:
    """Positions are positions of packages, and packages have names and versions."""
    count = len(listing.packages)
    assert not listing.needs or len(listing.needs) == count
    assert all(0 <= each < count for needed in listing.needs for each in needed)
    assert all(0 <= each < count for each in listing.direct or ())
    for package in listing.packages:
        assert package.name
        assert package.version
        assert package.line >= 0
    assert len({package.identity for package in listing.packages}) == count


def setters(value: object) -> list[Callable[[object], None]]:
    """For every value within, what puts another in its place."""
    found: list[Callable[[object], None]] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found += [partial(each.__setitem__, key) for key in each]
            waiting += each.values()
        elif isinstance(each, list):
            found += [partial(each.__setitem__, at) for at in range(len(each))]
            waiting += each
    return found


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_value_of_another_type_anywhere_in_json_is_passed_over_or_an_error(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(JSON))
    tree = json.loads(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        data.draw(st.sampled_from(setters(tree)))(deepcopy(data.draw(OTHER)))
    read(path.name, json.dumps(tree).encode())


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_lines_that_are_lost_doubled_or_broken_are_passed_over_or_an_error(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(REAL))
    lines = path.read_bytes().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(len(lines) - 1, 0)))
        piece = data.draw(
            st.sampled_from([b"", b"\0", b"[[", b"{", b"  - ", b'"', b"=> x", b": [", b" @npm:", b"\xff", b"\\"])
        )
        line = lines[at] if lines else b""
        cut = data.draw(st.integers(0, len(line)))
        lines[at : at + 1] = data.draw(
            st.sampled_from([[], [line, line], [line[:cut] + piece + line[cut:]], [line[:cut]]])
        )
    read(str(path.relative_to(FILES)), b"".join(lines))


@settings(max_examples=150)
@given(st.data())
def test_a_binary_lock_file_with_other_bytes_is_passed_over_or_an_error(data: st.DataObject) -> None:
    content = bytearray((FILES / "bun1/bun.lockb").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(42, len(content) - 1))] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]))
    read("bun.lockb", bytes(content))


@pytest.fixture(scope="module")
def long_line() -> bytes:
    """One line of 200 MB."""
    return b'{"a": "' + b"x" * 200_000_000


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_line_of_200_megabytes_is_refused_or_tells_nothing(form: object, long_line: bytes) -> None:
    (row,) = (each for each in FORMS if each is form)
    try:
        listing = row.read(Given("f", long_line))
    except PackagesError as error:
        assert "16 MB" in str(error) or "4 MB" in str(error) or "f" in str(error)  # noqa: PT017 - either is right
    else:
        assert listing.packages == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("package-lock.json", b'{"dependencies": ' + b'{"a": {"dependencies": ' * 100_000),
        ("package-lock.json", b"[" * 1_000_000),
        ("pnpm-lock.yaml", b"a: " + b"[" * 100_000),
        ("pnpm-lock.yaml", b"\n".join(b" " * depth + b"a:" for depth in range(2000))),
        ("Cargo.lock", b"a = " + b"[" * 100_000),
        ("poetry.lock", b"a" + b".a" * 100_000 + b" = 1"),
        ("setup.py", b"(" * 100_000),
    ],
)
def test_nesting_is_an_error_or_tells_nothing(name: str, data: bytes) -> None:
    (form,) = forms_of(name)
    try:
        assert form.read(Given(name, data)).packages == ()
    except PackagesError as error:
        assert name in str(error)  # noqa: PT017 - either is right


def test_a_bomb_of_aliases_weighs_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    (form,) = forms_of("pnpm-lock.yaml")
    assert form.read(Given("pnpm-lock.yaml", f"{bomb}packages: *a39\n".encode())).packages == ()


def test_more_packages_than_any_project_has_are_refused() -> None:
    many = b"".join(b"p%d==1\n" % number for number in range(100_001))
    (form,) = forms_of("requirements.txt")
    with pytest.raises(PackagesError, match="more than 100000 packages"):
        form.read(Given("requirements.txt", many))


def without(value: object) -> object:
    """The value without the keys that are passed over."""
    if isinstance(value, dict):
        return {key: without(each) for key, each in value.items() if key not in PASSED_OVER}
    return [without(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", TOML, ids=lambda path: str(path.relative_to(FILES)))
def test_toml_of_tools_is_read_from_its_lines_as_tomllib_reads_it(path: Path) -> None:
    text = path.read_text()
    assert read_lines(text, PASSED_OVER) == without(tomllib.loads(text))


KEYS = st.sampled_from(["a", "b-c", '"d e"', "files", '"a"', "a.b", "'x'", '""'])
VALUES = st.sampled_from(
    [
        '"x"',
        '""',
        "1",
        "true",
        '["x", "y"]',
        '{ a = "x", b = "y" }',
        '{ a = "x", a = "y" }',
        "[",
        "]",
        "1979-05-27",
        '"\\n"',
        '"#"',
    ]
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("[{}]".format, KEYS),
    st.builds("[[{}]]".format, KEYS),
    st.builds("[{}.{}]".format, KEYS, KEYS),
    st.builds("[[{}.{}]]".format, KEYS, KEYS),
    st.builds("    {},".format, VALUES),
    st.sampled_from(["", "# x", "]", "    ", '    "x"', " a = 1", "a = 1 # x", 'a = """', '"""', "\t"]),
)


@settings(max_examples=1000)
@given(st.lists(LINES, max_size=9).map("\n".join))
@example('a = [\n    "x"\n    "y",\n]')
@example("[a]\n[a.b]\n[a]")
@example('[[a]]\n[a.b]\n[[a]]\n[a.b]\nb = "x"')
@example("a = [\n]\n[[a]]")
@example('a = { a = "x" }\n[[a.b]]\n')
@example('a = { a = "x" }')  # the one before must leave nothing in a value that both share
def test_lines_are_never_read_as_anything_that_tomllib_does_not_read(text: str) -> None:
    fast = read_lines(text, PASSED_OVER)
    if fast is None:
        return
    try:
        slow = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # what is passed over is not looked at
        assert any(name in text for name in PASSED_OVER)
        return
    assert fast == without(slow)
