"""The keys sort as slow, plain comparators say, on text made of what versions are made of."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.version import Version
from tests.vulns.versions import oracles
from tests.vulns.versions.oracles import sign

from fourc.vulns.versions import compare, is_version, key

NUMBERS = ["0", "1", "2", "9", "10", "00", "01", "100", "20200101", "9" * 30]


def made_of(*pieces: str) -> st.SearchStrategy[tuple[str, str]]:
    """Two versions out of these pieces and of numbers, often with the same beginning."""
    version = st.lists(st.sampled_from([*pieces, *NUMBERS]), min_size=1, max_size=7).map("".join)
    return st.one_of(
        st.tuples(version, version),
        st.tuples(version, version, version).map(lambda three: (three[0] + three[1], three[0] + three[2])),
        st.tuples(version, version).map(lambda two: (two[0], two[0] + two[1])),
    )


def dotted(*tails: str) -> st.SearchStrategy[tuple[str, str]]:
    """Two versions that start with numbers between dots."""
    version = st.tuples(
        st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4).map(".".join),
        st.lists(st.sampled_from([*tails, *NUMBERS, ".", "."]), max_size=5).map("".join),
    ).map("".join)
    return st.one_of(
        st.tuples(version, version),
        st.tuples(version, st.lists(st.sampled_from([*tails, *NUMBERS, "."]), max_size=3)).map(
            lambda two: (two[0], two[0] + "".join(two[1]))
        ),
    )


def semvers() -> st.SearchStrategy[tuple[str, str]]:
    """Two versions that SemVer accepts, with few and the same numbers, so that the pre-releases decide."""
    small = st.sampled_from(["0", "1", "2", "10", "9" * 30])
    identifier = st.sampled_from(["0", "1", "2", "10", "a", "A", "b", "-", "a-b", "1a", "alpha", "9" * 30])
    version = st.tuples(
        st.lists(small, min_size=3, max_size=3).map(".".join),
        st.lists(identifier, max_size=4).map(lambda parts: "-" + ".".join(parts) if parts else ""),
        st.sampled_from(["", "+build"]),
    ).map("".join)
    return st.tuples(version, version)


ORDERS: list[tuple[str, Callable[[str, str], int], st.SearchStrategy[tuple[str, str]], str]] = [
    ("npm", oracles.semver, semvers(), ".*"),
    ("crates.io", oracles.semver, semvers(), ".*"),
    ("Debian:12", oracles.dpkg, made_of("~", "+", "-", ".", "a", "Z", "deb", "1:", "_"), r"(\d+:)?[^:]*"),
    ("Ubuntu:22.04:LTS", oracles.dpkg, made_of("~", "~~", "-", ".", "ubuntu"), ".*"),
    ("Red Hat:enterprise_linux:9", oracles.rpm, made_of("~", "^", "-", ".", "_", "a", "Z", "el", "1:"), r"(\d+:)?[^:]*"),
    ("Alpine:v3.19", oracles.apk, dotted("a", "_p", "_rc", "_git", "_alpha", "~ab", "-r1", "-r0"), ".*"),
    ("RubyGems", oracles.gem, dotted("-", "a", "rc", "beta", "Z"), ".*"),
    ("Packagist", oracles.php, dotted(*"-_+axv", "beta", "RC", "rc", "dev", "pl", "BETA"), "[0-9A-Za-z](.*[0-9A-Za-z])?"),
    ("conda", oracles.conda, dotted("_", "a", "rc", "post", "dev", "*", "+1"), r"[^+]*(\+[^+]*)?"),
    ("Hackage", oracles.numbers, dotted(), ".*"),
    ("CRAN", oracles.numbers, dotted("-"), ".*"),
]  # fmt: skip


@pytest.mark.parametrize(("ecosystem", "oracle", "pairs", "told"), ORDERS, ids=[row[0] for row in ORDERS])
@given(data=st.data())
def test_keys_sort_as_the_plain_comparator_says(
    ecosystem: str,
    oracle: Callable[[str, str], int],
    pairs: st.SearchStrategy[tuple[str, str]],
    told: str,
    data: st.DataObject,
) -> None:
    """Both ways round, for what the oracle's own tool accepts."""
    a, b = data.draw(pairs)
    assume(all(re.fullmatch(told, version) and is_version(ecosystem, version) for version in (a, b)))
    expected = oracle(a, b)
    assert sign(key(ecosystem, a), key(ecosystem, b)) == expected
    assert compare(ecosystem, a, b) == expected
    assert compare(ecosystem, b, a) == -expected


@given(dotted("a", "b", "rc", "c", "alpha", "pre", "post", "r", "dev", "-", "_", "+", "!", "v"))
def test_python_versions_sort_as_packaging_sorts_them(pair: tuple[str, str]) -> None:
    """What `packaging` accepts is a version, nothing else is, and nothing else sorts after one."""
    a, b = pair
    for version in pair:
        try:
            Version(version)
        except ValueError:
            assert not is_version("PyPI", version)
        else:
            assert is_version("PyPI", version)
    if is_version("PyPI", a) and is_version("PyPI", b):
        assert compare("PyPI", a, b) == sign(Version(a), Version(b))
        assert compare("PyPI", b, a) == sign(Version(b), Version(a))
    elif is_version("PyPI", b):
        assert compare("PyPI", a, b) == -1


@given(dotted("-", "alpha", "a", "rc", "cr", "final", "ga", "sp", "snapshot", "RELEASE", "jre", "x"))
def test_maven_versions_sort_as_maven_has_them_except_where_it_goes_in_a_circle(pair: tuple[str, str]) -> None:
    """Where the key disagrees, some beginning of the two stands between them, the other way round, by Maven's own comparison."""
    a, b = pair
    expected, found = oracles.maven(a, b), compare("Maven", a, b)
    assert compare("Maven", b, a) == -found
    if found != expected:
        low, high = (a, b) if found < 0 else (b, a)
        assert any(
            oracles.maven(low, between) <= 0 <= oracles.maven(high, between)
            and (oracles.maven(low, between), oracles.maven(high, between)) != (0, 0)
            for version in pair
            for length in range(1, len(version))
            for between in [version[:length]]
        )


EVERY_ORDER = (
    *("npm", "Go", "NuGet", "Pub", "PyPI", "Maven", "Debian", "Alpine", "Red Hat", "RubyGems", "CocoaPods"),
    *("Packagist", "CRAN", "ConanCenter", "conda", "Android", "Root:npm"),
)


@pytest.mark.parametrize("ecosystem", EVERY_ORDER)
@given(a=st.text(max_size=12), b=st.text(max_size=12), c=st.text("01.-~^_+:ab#", max_size=8))
def test_any_text_has_one_place(ecosystem: str, a: str, b: str, c: str) -> None:
    """Nothing raises, whatever the text; a version equals itself; comparing is comparing keys."""
    for left, right in ((a, b), (b, c), (c, a + c)):
        assert compare(ecosystem, left, right) == sign(key(ecosystem, left), key(ecosystem, right))
        assert compare(ecosystem, left, right) == -compare(ecosystem, right, left)
        assert compare(ecosystem, left, left) == 0
