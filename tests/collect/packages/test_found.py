from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.packages.listed import needed, told

from fourc.collect.packages import found as module
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import PackagesError
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.limits import UNRESOLVED
from fourc.model.gap import GapReason
from fourc.model.package import Project
from fourc.text import same


def test_a_package_that_is_met_again_is_the_same_and_for_development_only_if_it_always_is() -> None:
    found = Found("f", "npm")
    places = [found.add("a", "1", 3, dev=True), found.add("b", "1", 4, dev=True), found.add("a", "1", 9)]
    assert places == [0, 1, 0]
    assert told(found.listing()) == {"a 1", "b 1 dev"}
    assert [package.line for package in found.listing().packages] == [3, 4]


def test_what_has_no_name_or_no_version_is_no_package_and_may_be_needed_and_asked_for() -> None:
    found = Found("f", "npm")
    assert found.add("", "1", direct=True) == found.add("a", "", direct=True) == NOTHING
    place = found.add("b", "1")
    found.need(place, [NOTHING, place])
    found.need(NOTHING, [place])
    listing = found.listing([NOTHING, place], needs=True)
    assert (told(listing), listing.needs) == ({"b 1 direct"}, ((),))


def test_the_same_name_in_two_ecosystems_is_two_packages_and_one_name() -> None:
    found = Found("f", "conda")
    found.add("numpy", "1", ecosystem="PyPI")
    found.add("numpy", "1")
    assert [package.ecosystem for package in found.listing().packages] == ["PyPI", "conda"]
    assert found.versions_of("numpy") == [0, 1]
    assert (found.place_of("numpy", "1"), found.name_of(0)) == (1, "numpy")


def test_what_only_development_reaches_is_for_development_and_what_nothing_reaches_is_not() -> None:
    found = Found("f", "npm")
    run, dev, shared, only_dev, ring, round_ = (found.add(name, "1") for name in ("r", "d", "s", "o", "x", "y"))
    found.need(run, [shared])
    found.need(dev, [shared, only_dev])
    found.need(ring, [round_])
    found.need(round_, [ring])
    assert found.roots() == {run, dev}
    found.tell_dev([run, NOTHING], [dev])
    listing = found.listing(needs=True)
    assert told(listing) == {"r 1", "d 1 dev", "s 1", "o 1 dev", "x 1", "y 1"}
    assert needed(listing) == {"r 1 > s 1", "d 1 > s 1", "d 1 > o 1", "x 1 > y 1", "y 1 > x 1"}


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@given(EDGES, st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_development_is_told_as_by_walking_every_path(
    edges: list[tuple[int, int]], run: set[int], dev: set[int]
) -> None:
    found = Found("f", "npm")
    for number in range(8):
        found.add(str(number), "1")
    for by, what in edges:
        found.need(by, [what])
    found.tell_dev(run, dev)

    def walked(starts: set[int]) -> set[int]:
        reached = set(starts)
        for _ in range(8):
            reached |= {what for by, what in edges if by in reached}
        return reached

    assert {int(each.name) for each in found.listing().packages if each.dev} == walked(dev) - walked(run)


def test_a_project_without_a_name_is_none() -> None:
    found = Found("f", "npm")
    assert found.listing(project=Project("npm", "", "1")).project is None
    assert found.listing(project=Project("npm", "a", "1")).project == Project("npm", "a", "1")


def test_names_that_are_left_open_are_told_once_and_not_endlessly() -> None:
    found = Found("f", "Maven")
    for name in ("g:b", "", "g:a", "g:b"):
        found.leave_open(name)
    assert found.listing().unresolved == ("g:b", "g:a")
    for number in range(2 * UNRESOLVED):
        found.leave_open(str(number))
    assert found.listing().unresolved == ("g:b", "g:a", *map(str, range(UNRESOLVED - 2)))


def test_what_is_asked_for_in_one_version_anywhere_is_not_left_open() -> None:
    found = Found("f", "PyPI")
    for name, version in (("a", ""), ("a", "1.0"), ("b", ""), ("c", "2.0")):
        found.ask(name, version)
    listing = found.listing(found.direct)
    assert [package.name for package in listing.packages] == ["a", "c"]
    assert (listing.unresolved, listing.ecosystem, listing.direct) == (("b",), "PyPI", frozenset({0, 1}))


@pytest.mark.parametrize(
    ("limit", "says", "fill"),
    [
        ("PACKAGES", "more than 3 packages", lambda found: [found.add(str(number), "1") for number in range(4)]),
        ("NEEDS", "more than 3 dependencies", lambda found: found.need(0, range(1, 5))),
    ],
)
def test_more_than_any_project_has_is_too_large(
    monkeypatch: pytest.MonkeyPatch, limit: str, says: str, fill: Callable[[Found], object]
) -> None:
    monkeypatch.setattr(module, limit, 3)
    with pytest.raises(PackagesError, match=says) as refused:
        fill(Found("f", "npm"))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_an_error_of_what_stands_in_a_file_makes_a_gap_of_the_word_malformed() -> None:
    assert malformed("f", same("why")).reason is GapReason.MALFORMED
    assert PackagesError(same("m")).reason is GapReason.MALFORMED
