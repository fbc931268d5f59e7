"""The version to go to is the smallest that leaves the least."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.model.package import Package
from fourc.model.vulnerability import Match, Vulnerability
from fourc.vulns.choice import Affected, choose, jump
from fourc.vulns.upgrade import Jump
from fourc.vulns.versions import compare

Ranges = dict[str, list[tuple[str, str]]]


def matches_of(ecosystem: str, version: str, fixed: dict[str, tuple[str, ...]]) -> tuple[Match, ...]:
    package = Package(ecosystem, "p", version)
    return tuple(Match(package, Vulnerability(one), versions) for one, versions in fixed.items())


def by_ranges(ranges: Ranges) -> Affected:
    """Ids whose range `[from, to)` holds the version; an empty end is none."""

    def affected(ecosystem: str, _: str, version: str) -> frozenset[str]:
        return frozenset(
            one
            for one, spans in ranges.items()
            for low, high in spans
            if compare(ecosystem, low, version) <= 0 and (not high or compare(ecosystem, version, high) < 0)
        )

    return affected


CHOSEN = {
    "one fix": ("npm", "1.0.0", {"A": [("0", "1.0.3")]}, ("1.0.3", {"A"})),
    "the largest of the fixes": ("npm", "1.0.0", {"A": [("0", "1.0.3")], "B": [("0", "1.2.0")]}, ("1.2.0", {"A", "B"})),
    "fixes in two branches: the nearer one": (
        "npm",
        "1.0.0",
        {"A": [("1.0.0", "1.0.5"), ("2.0.0", "2.0.3")]},
        ("1.0.5", {"A"}),
    ),
    "a fix that lies in the range of another is passed over": (
        "npm",
        "1.0.0",
        {"A": [("0", "1.5.0")], "B": [("1.4.0", "1.6.0")], "C": [("0", "1.6.0")]},
        ("1.6.0", {"A", "C"}),
    ),
    "what has no fix stays, and keeps nothing from being chosen": (
        "npm",
        "1.0.0",
        {"A": [("0", "1.0.3")], "N": [("0", "")]},
        ("1.0.3", {"A"}),
    ),
    "a release before a preview": (
        "Maven",
        "1.0",
        {"A": [("0", "2.0-rc1")], "B": [("0", "2.1")]},
        ("2.1", {"A", "B"}),
    ),
    "a preview where nothing else ends anything": ("Maven", "1.0", {"A": [("0", "2.0-rc1")]}, ("2.0-rc1", {"A"})),
    "none clears all: what leaves least": (
        "PyPI",
        "1.0",
        {
            "A": [("0", "1.1")],
            "B": [("0", "1.1")],
            "C": [("1.1", "")],
            "D": [("0", "1.2")],
            "E": [("1.2", "")],
            "F": [("1.2", "")],
        },
        ("1.1", {"A", "B"}),
    ),
    "epochs and revisions of a distribution": (
        "Debian:12",
        "1:2.0-1",
        {"A": [("0", "1:2.0-1+deb12u2")], "B": [("0", "1:2.0-1+deb12u1")]},
        ("1:2.0-1+deb12u2", {"A", "B"}),
    ),
}


@pytest.mark.parametrize(("ecosystem", "version", "ranges", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_the_version_that_leaves_the_least_is_chosen(
    ecosystem: str, version: str, ranges: Ranges, expected: tuple[str, set[str]]
) -> None:
    affected = by_ranges(ranges)
    own = affected(ecosystem, "p", version)
    fixed = {
        one: tuple(high for _, high in spans if high and compare(ecosystem, version, high) < 0)
        for one, spans in ranges.items()
        if one in own
    }
    choice = choose(matches_of(ecosystem, version, fixed), affected)
    assert choice is not None
    assert (choice.version, {match.vulnerability.id for match in choice.clears}) == expected
    assert set(choice.brings) == affected(ecosystem, "p", choice.version) - own


def test_a_vulnerability_is_known_by_any_of_its_ids() -> None:
    match = Match(Package("npm", "p", "1.0.0"), Vulnerability("GHSA-1", ("CVE-1",)), ("1.0.1",))
    assert choose((match,), lambda *_: frozenset({"CVE-1"})) is None


def test_nothing_is_chosen_where_nobody_has_mended_it() -> None:
    assert choose(matches_of("npm", "1.0.0", {"A": ()}), lambda *_: frozenset({"A"})) is None


def test_versions_that_are_none_or_lie_below_are_never_chosen() -> None:
    assert choose(matches_of("npm", "1.0.0", {"A": ("0.9.0", "not one", "1.0.0")}), lambda *_: frozenset()) is None


def test_an_ecosystem_without_an_order_has_no_upgrade() -> None:
    assert choose(matches_of("Nowhere", "1", {"A": ("2",)}), lambda *_: frozenset()) is None


@pytest.mark.parametrize(
    ("ecosystem", "old", "new", "expected"),
    [
        ("npm", "1.2.3", "1.2.9", Jump.PATCH),
        ("npm", "1.2.3", "1.3.0", Jump.MINOR),
        ("npm", "1.2.3", "2.0.0", Jump.MAJOR),
        ("npm", "0.2.3", "0.2.4", Jump.PATCH),
        ("npm", "0.2.3", "0.3.0", Jump.MAJOR),
        ("Go", "v1.2.3", "v1.2.4", Jump.PATCH),
        ("Go", "1.21.3", "1.21.9", Jump.PATCH),
        ("PyPI", "1.2", "1.2.1", Jump.PATCH),
        ("PyPI", "1!1.2", "2!1.2", Jump.MAJOR),
        ("Debian:12", "0.9.1-1", "0.9.1-1+deb12u1", Jump.PATCH),
        ("Debian:12", "1:0.9.1-1", "1:0.9.4-1", Jump.PATCH),
        ("Alpine:v3.19", "0.9.1-r1", "0.10.0-r0", Jump.MINOR),
        ("Maven", "31.1-jre", "32.0.0-jre", Jump.MAJOR),
        ("npm", "x", "y", Jump.PATCH),
    ],
)
def test_how_far_versions_are_apart(ecosystem: str, old: str, new: str, expected: Jump) -> None:
    assert jump(ecosystem, old, new) is expected


numbers = st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)).map(
    lambda parts: ".".join(map(str, parts))
)


@given(
    numbers, st.dictionaries(st.sampled_from("ABCDE"), st.lists(st.tuples(numbers, numbers), min_size=1, max_size=3))
)
def test_no_other_fix_leaves_less(version: str, ranges: Ranges) -> None:
    affected = by_ranges(ranges)
    own = affected("npm", "p", version)
    fixed = {one: tuple(high for _, high in ranges[one] if compare("npm", version, high) < 0) for one in sorted(own)}
    if not fixed:
        return
    choice = choose(matches_of("npm", version, fixed), affected)
    candidates = {one for versions in fixed.values() for one in versions}
    ending = {one for one in candidates if own - affected("npm", "p", one)}
    if choice is None:
        assert not ending
        return
    assert choice.version in ending
    left = len(affected("npm", "p", choice.version))
    for one in ending:
        other = len(affected("npm", "p", one))
        unfixed = len({key for key, versions in fixed.items() if not versions})
        assert left <= max(other, unfixed)
