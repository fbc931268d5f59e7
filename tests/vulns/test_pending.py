"""What waits on a node: newer versions that are offered for what is installed, once for each package."""

from hypothesis import given
from hypothesis import strategies as st

from fourc.model.finding import Severity
from fourc.model.package import Package
from fourc.model.update import Offered
from fourc.vulns.pending import Pending, Standing, Updates
from fourc.vulns.versions import compare


def standing(
    name: str, version: str, architecture: str = "x86_64", *, held: bool = False, module: str = ""
) -> Standing:
    return Standing(Package("AlmaLinux:9", name, version, architecture=architecture), held, module)


def pending(installed: list[Standing], *offered: Offered) -> list[tuple[str, str, str]]:
    found = Updates("Fedora", installed).pending(offered)
    return [(p.standing.package.name, p.standing.package.version, p.offered.version) for p in found]


def test_newer_is_pending_and_equal_or_older_is_not() -> None:
    installed = [standing("a", "1:1.0-2"), standing("b", "2-1"), standing("c", "2-1"), standing("d", "1-1")]
    offers = [Offered("a", "1:1.0-10"), Offered("b", "2-1"), Offered("c", "1-9"), Offered("e", "9-9")]
    assert pending(installed, *offers) == [("a", "1:1.0-2", "1:1.0-10")]


def test_all_advisories_between_count_and_the_newest_version_is_offered() -> None:
    offers = [
        Offered("a", "3-1", "x86_64", Severity.LOW, ("cve:CVE-2024-3",), "A-3"),
        Offered("a", "2-1", "x86_64", Severity.CRITICAL, ("cve:CVE-2024-2",), "A-2"),
        Offered("a", "1-1", "x86_64", Severity.CRITICAL, ("cve:CVE-2024-1",), "A-1"),
        Offered("a", "4-1", "aarch64", Severity.CRITICAL, ("cve:CVE-2024-4",), "A-4"),
    ]
    its = standing("a", "1-1")
    assert Updates("Fedora", [its]).pending(offers) == (
        Pending(its, offers[0], Severity.CRITICAL, ("cve:CVE-2024-2", "cve:CVE-2024-3"), ("A-2", "A-3")),
    )


def test_of_several_installed_kernels_the_newest_counts() -> None:
    installed = [standing("kernel", "5.14-1"), standing("kernel", "5.14-10"), standing("kernel", "5.14-9")]
    assert pending(installed, Offered("kernel", "5.14-10")) == []
    assert pending(installed, Offered("kernel", "5.14-11")) == [("kernel", "5.14-10", "5.14-11")]


def test_architectures_are_apart_and_those_for_all_fit_each() -> None:
    installed = [standing("glibc", "1-1", "i686"), standing("glibc", "2-1", "x86_64"), standing("tz", "1-1", "noarch")]
    assert pending(
        installed, Offered("glibc", "2-1", "i686"), Offered("glibc", "2-1", "x86_64"), Offered("tz", "2-1")
    ) == [
        ("glibc", "1-1", "2-1"),
        ("tz", "1-1", "2-1"),
    ]


def test_a_module_is_updated_by_its_own_stream_alone() -> None:
    installed = [standing("nodejs", "1:18.1-1", module="nodejs:18"), standing("ruby", "2.5-1")]
    offers = [
        Offered("nodejs", "1:20.1-1", module="nodejs:20"),
        Offered("nodejs", "1:19.0-1"),
        Offered("ruby", "3.1-1", module="ruby:3.1"),
        Offered("nodejs", "1:18.2-1", module="nodejs:18"),
    ]
    assert pending(installed, *offers) == [("nodejs", "1:18.1-1", "1:18.2-1")]


def test_held_packages_are_told_as_held() -> None:
    (found,) = Updates("Debian", [standing("a", "1", held=True)]).pending([Offered("a", "2")])
    assert found.standing.held


versions = st.lists(st.sampled_from(["1", "2", "10", "~rc1", "+b1", "-1", "a"]), min_size=1, max_size=3).map("".join)


@given(st.lists(st.tuples(st.sampled_from("ab"), versions)), st.lists(st.tuples(st.sampled_from("abc"), versions)))
def test_it_is_what_comparing_every_pair_says(installed: list[tuple[str, str]], offered: list[tuple[str, str]]) -> None:
    updates = Updates("Debian", [standing(name, version) for name, version in installed])
    found = {p.standing.package.name: p for p in updates.pending([Offered(name, version) for name, version in offered])}
    for name in "abc":
        mine = [version for its, version in installed if its == name]
        theirs = [version for its, version in offered if its == name]
        better = [o for o in theirs if mine and all(compare("Debian", o, i) > 0 for i in mine)]
        assert (name in found) == bool(better)
        if better:
            assert all(compare("Debian", found[name].offered.version, other) >= 0 for other in better)
