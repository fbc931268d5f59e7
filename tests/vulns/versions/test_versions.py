"""Which version comes first, by ecosystem: lines that the ecosystems' own tools agree with."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from fourc.vulns.versions import VersionError, compare, is_version, key

FIXTURES = Path(
    os.environ.get("FOURC_VERSION_FIXTURES", Path(__file__).parents[3].parent / "shared" / "fixtures" / "versions")
)
ECOSYSTEMS = {
    "alpine": "Alpine:v3.19",
    "cran": "CRAN",
    "debian": "Debian:12",
    "hackage": "Hackage",
    "maven": "Maven",
    "nuget": "NuGet",
    "packagist": "Packagist",
    "pub": "Pub",
    "pypi": "PyPI",
    "redhat": "Red Hat:enterprise_linux:9::appstream",
    "rubygems": "RubyGems",
    "semver": "npm",
}
CIRCLES = {
    # Maven until 3.8.6 has 2.9.0.RC1 < 2.9.0 < 2.9.0-1 < 2.9.0.RC1; 3.8.7 and later say what fourc says
    "2.9.0-1 < 2.9.0.RC1",
    "1.0.0-gradle-rework-beta3 < 1.0.0.RC7-3",
}
FILES = sorted(FIXTURES.glob("*.txt"))

CHAINS = [
    (ecosystem, chain)
    for ecosystems, _, chain in (
        line.partition(" :: ")
        for line in Path(__file__).with_name("chains.txt").read_text().splitlines()
        if line and not line.startswith("#")
    )
    for ecosystem in ecosystems.split(" | ")
]


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line.strip() and not line.startswith(("#", "//"))]


def check(ecosystem: str, chain: str) -> None:
    """Every version of the chain stands as written before every later one, by `compare` and by `key`."""
    words = chain.split(" ")
    versions, signs = words[::2], words[1::2]
    for start in range(len(versions)):
        result = 0
        for end in range(start + 1, len(versions)):
            result = min(result, {"<": -1, "=": 0}[signs[end - 1]])
            one, other = versions[start], versions[end]
            assert (one, other, compare(ecosystem, one, other)) == (one, other, result)
            assert (other, one, compare(ecosystem, other, one)) == (other, one, -result)
            assert (key(ecosystem, one) < key(ecosystem, other)) == (result < 0)
            assert (key(ecosystem, one) == key(ecosystem, other)) == (result == 0)


@pytest.mark.skipif(not FILES, reason="no fixtures of versions: name their folder by FOURC_VERSION_FIXTURES")
@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_line_of_the_fixtures_holds_both_ways_round(file: Path) -> None:
    """All of them but the named circles, which no order can hold."""
    ecosystem = ECOSYSTEMS[file.name.partition("-")[0]]
    wrong = []
    for line in lines(file):
        a, sign, b = line.split(" ")
        expected = {"<": -1, "=": 0, ">": 1}[sign]
        if (compare(ecosystem, a, b), compare(ecosystem, b, a)) != (expected, -expected):
            wrong.append(line)
    assert [line for line in wrong if line not in CIRCLES] == []


@pytest.mark.parametrize(("ecosystem", "chain"), CHAINS, ids=[ecosystem for ecosystem, _ in CHAINS])
def test_a_chain_of_versions_stands_in_the_order_written(ecosystem: str, chain: str) -> None:
    """With a release in the ecosystem's name or without, in any case."""
    check(ecosystem, chain)
    check(ecosystem.lower(), chain)


@pytest.mark.parametrize("ecosystem", ["GIT", "OSS-Fuzz", "Root", "TuxCare:TuxCare:npm", "", ":", "no such thing"])
def test_what_has_no_order_says_so_and_what_to_do(ecosystem: str) -> None:
    """Commits, tags, and names that nobody knows: an error with a hint, and nothing is a version."""
    for put_in_order in (lambda: key(ecosystem, "1"), lambda: compare(ecosystem, "1", "2")):
        with pytest.raises(VersionError) as raised:
            put_in_order()
        assert repr(ecosystem) in raised.value.message.en
        assert raised.value.hint is not None
        assert "Debian:12" in raised.value.hint.en
    assert not is_version(ecosystem, "1")


@pytest.mark.parametrize(
    ("ecosystem", "versions", "others"),
    [
        ("npm", ["1.2.3", "v1.2.3-rc.1+b", "1.2"], ["", "latest", "1.2.3.4", "01.2.3", "1.2.3-a..b"]),
        ("Linux", ["2.6.32.27", "v6.1-rc1"], ["next"]),
        ("Go", ["v1.2.3", "go1.22rc1", "v2.0.0+incompatible"], ["master", "(devel)"]),
        ("NuGet", ["1.0", "1.2.3.4-beta"], ["1.2.3.4.5", "beta"]),
        ("PyPI", ["1.0", "v1!2.0rc1.post2.dev3+x", "1.0-1"], ["", "trunk", "1.0-final", "1.0_foo"]),
        ("Maven", ["1.0.Final", "latest"], [""]),
        ("Debian", ["1:2.0-1~deb12u1"], ["", "latest", "1.0_1"]),
        ("Alpine", ["1.2.3_p1-r0", "1.2.3~0abc-r1"], ["", "1..2", "1-r", "1.0_foo", "1-r1-r2"]),
        ("Red Hat", ["0:1.0-1.el9"], ["", "-", "~"]),
        ("RubyGems", ["1.2.3.rc1", "1-x86"], ["", "v1", "1..2"]),
        ("Packagist", ["v1.0.0", "dev-master"], ["", "-"]),
        ("CRAN", ["1.0-2"], ["1", "1.0a"]),
        ("Hackage", ["1", "1.0.2"], ["1-2", ""]),
        ("ConanCenter", ["1.1.1w", "cci.20200101"], ["", "a b"]),
        ("conda", ["1!1.0.post1+x"], ["", "1.0+a+b"]),
        ("CocoaPods", ["1.0.0-beta.1"], ["", "v1"]),
        ("Android", ["12L"], ["next"]),
    ],
)
def test_a_version_is_what_the_ecosystems_own_tools_accept(
    ecosystem: str, versions: list[str], others: list[str]
) -> None:
    """Text that they refuse is told apart, though it has a place in the order."""
    assert [version for version in versions if not is_version(ecosystem, version)] == []
    assert [version for version in others if is_version(ecosystem, version)] == []


ANY_LENGTH = ("npm", "PyPI", "Maven", "Debian", "Alpine", "Red Hat", "RubyGems", "Packagist", "CRAN", "conda")


@pytest.mark.parametrize("ecosystem", ANY_LENGTH)
def test_numbers_of_any_length_are_numbers(ecosystem: str) -> None:
    """Digits are never made an `int`, which Python refuses past 4,300 of them."""
    lengths = [1, 2, 9, 10, 19, 20, 63, 64, 65, 99, 100, 9_999, 10_000, 100_000]
    for shorter, longer in pairwise(lengths):
        check(
            ecosystem,
            f"1.{'9' * shorter} < 1.1{'0' * (longer - 1)} < 1.1{'0' * (longer - 2)}1" if longer > 2 else "1.9 < 1.10",
        )
    check(ecosystem, f"1.{'1' * 100_000} < 1.{'1' * 99_999}2")
