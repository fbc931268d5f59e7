"""Which package has which vulnerability; held against the schema's own evaluation where there are thousands of pairs."""

import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.vulns.osv import Record, affects, record

from fourc.collect.advisories import files_of
from fourc.model.finding import Severity
from fourc.model.gap import Gap
from fourc.model.package import Package, SourcePackage
from fourc.vulns.database import Database
from fourc.vulns.database.build import build
from fourc.vulns.match import match

ADVISORIES = Path(os.environ.get("FOURC_ADVISORIES", Path(__file__).parents[3] / "shared" / "data" / "advisories"))


def database(folder: Path, *records: Record, **files: str) -> Database:
    """A database of some records, and of further files by name (`__` for a dot)."""
    given = [("all.json", json.dumps(records).encode())]
    given += [(name.replace("__", "."), text.encode()) for name, text in files.items()]
    built = build(given, folder / "fourc.db")
    assert not built.gaps
    return Database.open(built.path)


def found(base: Database, *packages: Package) -> list[tuple[str, tuple[str, ...]]]:
    """Ids and fixing versions of what matches."""
    return [(one.vulnerability.id, one.fixed) for one in match(base, packages)]


def hit(base: Database, ecosystem: str, name: str, *versions: str) -> list[str]:
    """Those of the versions that any vulnerability affects."""
    return [version for version in versions if match(base, [Package(ecosystem, name, version)])]


def test_introduced_0_and_fixed_are_from_the_first_version_up_to_the_fix(tmp_path: Path) -> None:
    base = database(tmp_path, record())
    assert hit(base, "npm", "left-pad", "0.0.0-alpha", "1.2.9", "1.3.0-rc.1", "1.3.0", "2.0.0") == [
        "0.0.0-alpha",
        "1.2.9",
        "1.3.0-rc.1",
    ]
    assert found(base, Package("npm", "left-pad", "1.0.0")) == [("GHSA-aaaa-bbbb-cccc", ("1.3.0",))]


def test_last_affected_is_affected_and_tells_of_no_fix(tmp_path: Path) -> None:
    base = database(tmp_path, record(events=[{"introduced": "1.0.0"}, {"last_affected": "1.4.0"}]))
    assert hit(base, "npm", "left-pad", "0.9.0", "1.0.0", "1.4.0", "1.4.1") == ["1.0.0", "1.4.0"]
    assert found(base, Package("npm", "left-pad", "1.4.0")) == [("GHSA-aaaa-bbbb-cccc", ())]


def test_a_limit_ends_a_range(tmp_path: Path) -> None:
    base = database(tmp_path, record(events=[{"introduced": "1.0.0"}, {"limit": "2.0.0"}]))
    assert hit(base, "npm", "left-pad", "1.5.0", "2.0.0") == ["1.5.0"]


def test_events_count_in_the_order_of_versions_not_of_the_file(tmp_path: Path) -> None:
    events = [{"fixed": "3.1.0"}, {"introduced": "2.0.0"}, {"fixed": "2.4.0"}, {"introduced": "3.0.0"}]
    base = database(tmp_path, record(events=events))
    assert hit(base, "npm", "left-pad", "1.0.0", "2.0.0", "2.4.0", "3.0.5", "3.1.0") == ["2.0.0", "3.0.5"]


def test_the_fix_of_the_packages_own_branch_comes_first_and_none_lies_below_it(tmp_path: Path) -> None:
    events = [{"introduced": "2.0.0"}, {"fixed": "2.4.0"}, {"introduced": "3.0.0"}, {"fixed": "3.1.0"}]
    base = database(tmp_path, record(events=events))
    assert found(base, Package("npm", "left-pad", "2.1.0")) == [("GHSA-aaaa-bbbb-cccc", ("2.4.0", "3.1.0"))]
    assert found(base, Package("npm", "left-pad", "3.0.0")) == [("GHSA-aaaa-bbbb-cccc", ("3.1.0",))]


def test_a_fix_that_another_advisory_of_the_same_vulnerability_calls_affected_is_none(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("GHSA-aaaa-bbbb-cccc", aliases=["CVE-2026-1000"]),
        record("SNYK-1", events=[{"introduced": "0"}, {"fixed": "1.5.0"}], aliases=["CVE-2026-1000"]),
    )
    assert found(base, Package("npm", "left-pad", "1.0.0")) == [("GHSA-aaaa-bbbb-cccc", ("1.5.0",))]


def test_versions_named_one_by_one_are_affected_with_and_without_ranges(tmp_path: Path) -> None:
    only = database(tmp_path, record(versions=["1.0.0", "1.1.0"]))
    assert hit(only, "npm", "left-pad", "1.0.0", "1.0.5", "1.1.0") == ["1.0.0", "1.1.0"]
    both = database(tmp_path, record(events=[{"introduced": "2.0.0"}, {"fixed": "2.1.0"}], versions=["1.0.0", "2.0.5"]))
    assert hit(both, "npm", "left-pad", "1.0.0", "1.5.0", "2.0.5", "2.0.6", "2.1.0") == ["1.0.0", "2.0.5", "2.0.6"]


def test_ranges_of_commits_say_nothing_but_the_versions_beside_them_do(tmp_path: Path) -> None:
    given = record(versions=["1.0.0"])
    given["affected"][0]["ranges"] = [{"type": "GIT", "repo": "https://x", "events": [{"introduced": "0"}]}]
    assert hit(database(tmp_path, given), "npm", "left-pad", "1.0.0", "1.0.1") == ["1.0.0"]


def test_a_withdrawn_advisory_matches_nothing(tmp_path: Path) -> None:
    assert (
        found(database(tmp_path, record(withdrawn="2026-02-01T00:00:00Z")), Package("npm", "left-pad", "1.0.0")) == []
    )


def test_malicious_packages_are_found_in_every_version(tmp_path: Path) -> None:
    base = database(tmp_path, record("MAL-2026-1", name="evil", events=[{"introduced": "0"}]))
    assert found(base, Package("npm", "evil", "0.0.1")) == [("MAL-2026-1", ())]


def test_aliases_make_one_finding_with_all_names(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("PYSEC-2026-1", "PyPI", "Left_Pad", aliases=["GHSA-aaaa-bbbb-cccc"]),
        record("GHSA-aaaa-bbbb-cccc", "PyPI", "left-pad", aliases=["CVE-2026-1000"]),
    )
    (only,) = match(base, [Package("PyPI", "left.pad", "1.0")])
    assert only.vulnerability.id == "GHSA-aaaa-bbbb-cccc"
    assert only.vulnerability.aliases == ("CVE-2026-1000", "PYSEC-2026-1")


def test_an_advisory_of_two_cves_does_not_make_them_one_and_is_told_with_both(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("GHSA-aaaa-bbbb-cccc", "Go", "example.org/m", aliases=["CVE-2026-1000"]),
        record("GHSA-dddd-eeee-ffff", "Go", "example.org/m", aliases=["CVE-2026-2000"]),
        record("GO-2026-1", "Go", "example.org/m", aliases=["CVE-2026-1000", "CVE-2026-2000", "GHSA-aaaa-bbbb-cccc"]),
    )
    names = [
        (one.vulnerability.id, one.vulnerability.aliases)
        for one in match(base, [Package("Go", "example.org/m", "v1.0.0")])
    ]
    assert names == [
        ("GHSA-aaaa-bbbb-cccc", ("CVE-2026-1000", "GO-2026-1")),
        ("GHSA-dddd-eeee-ffff", ("CVE-2026-2000", "GO-2026-1")),
    ]


def test_an_advisory_of_two_cves_stays_where_one_of_them_is_not_found_otherwise(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("GHSA-aaaa-bbbb-cccc", "Go", "example.org/m", aliases=["CVE-2026-1000"]),
        record("GO-2026-1", "Go", "example.org/m", aliases=["CVE-2026-1000", "CVE-2026-2000"]),
    )
    ids = [one.vulnerability.id for one in match(base, [Package("Go", "example.org/m", "v1.0.0")])]
    assert ids == ["GHSA-aaaa-bbbb-cccc", "GO-2026-1"]


def test_a_record_of_one_release_is_about_that_release_and_one_without_about_all(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("DEBIAN-CVE-2026-1000", "Debian:12", "openssl", [{"introduced": "0"}, {"fixed": "3.0.15-1~deb12u1"}]),
        record("DSA-1-1", "Debian", "openssl", [{"introduced": "0"}, {"fixed": "3.0.2-1"}]),
    )
    assert found(base, Package("Debian:12", "openssl", "3.0.1-1")) == [
        ("DEBIAN-CVE-2026-1000", ("3.0.15-1~deb12u1",)),
        ("DSA-1-1", ("3.0.2-1",)),
    ]
    assert found(base, Package("Debian:11", "openssl", "3.0.1-1")) == [("DSA-1-1", ("3.0.2-1",))]


@pytest.mark.parametrize(
    ("recorded", "scanned"),
    [
        ("Alpine:v3.19", "Alpine:3.19.1"),
        ("Ubuntu:22.04:LTS", "Ubuntu:22.04"),
        ("Red Hat:enterprise_linux:9::appstream", "Red Hat:9"),
        ("AlmaLinux:8", "AlmaLinux:8.10"),
        ("Rocky Linux:9", "Rocky Linux:9.4"),
    ],
)
def test_releases_are_told_apart_as_the_distribution_counts_them(tmp_path: Path, recorded: str, scanned: str) -> None:
    base = database(tmp_path, record("X-1", recorded, "p", [{"introduced": "0"}, {"fixed": "2-r0"}]))
    assert [one.vulnerability.id for one in match(base, [Package(scanned, "p", "1-r0")])] == ["X-1"]
    assert base.holds(scanned)
    assert not base.holds(scanned.partition(":")[0] + ":77.7")


def test_what_only_subscribers_of_ubuntu_pro_get_is_not_asked_of_others(tmp_path: Path) -> None:
    base = database(tmp_path, record("USN-1", "Ubuntu:Pro:16.04:LTS", "p", [{"introduced": "0"}, {"fixed": "2"}]))
    assert match(base, [Package("Ubuntu:16.04", "p", "1")]) == []
    assert [one.vulnerability.id for one in match(base, [Package("Ubuntu:Pro:16.04:LTS", "p", "1")])] == ["USN-1"]


def test_debian_is_asked_by_source_package_and_alma_by_the_binary_one(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record("DSA-1-1", "Debian:12", "openssl", [{"introduced": "0"}, {"fixed": "3.1"}]),
        record("ALSA-2026:1", "AlmaLinux:9", "openssl-libs", [{"introduced": "0"}, {"fixed": "1:3.1-1.el9"}]),
    )
    source = SourcePackage("openssl", "3.0")
    assert found(base, Package("Debian:12", "libssl3", "9.9", source=source)) == [("DSA-1-1", ("3.1",))]
    libs = Package("AlmaLinux:9", "openssl-libs", "1:3.0-1.el9", source=SourcePackage("openssl", "1:3.0-1.el9"))
    assert found(base, libs) == [("ALSA-2026:1", ("1:3.1-1.el9",))]


def test_a_distributions_advisory_names_all_cves_that_it_mends(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record(
            "ALSA-2026:1",
            "AlmaLinux:9",
            "kernel",
            [{"introduced": "0"}, {"fixed": "5.14.0-2.el9"}],
            related=["CVE-2026-1000", "CVE-2026-2000"],
            summary="Important: kernel security update",
        ),
    )
    (only,) = match(base, [Package("AlmaLinux:9", "kernel", "5.14.0-1.el9")])
    assert only.vulnerability.aliases == ("CVE-2026-1000", "CVE-2026-2000")
    assert only.vulnerability.severity is Severity.HIGH


def test_related_advisories_of_a_library_are_no_aliases(tmp_path: Path) -> None:
    base = database(tmp_path, record(related=["CVE-2026-1000"]), record("CVE-2026-1000"))
    assert [one.vulnerability.id for one in match(base, [Package("npm", "left-pad", "1.0.0")])] == [
        "CVE-2026-1000",
        "GHSA-aaaa-bbbb-cccc",
    ]


@pytest.mark.parametrize(
    ("ecosystem", "recorded", "scanned"),
    [
        ("PyPI", "Flask_Caching", "flask-caching"),
        ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
        ("Packagist", "Symfony/HTTP-Kernel", "symfony/http-kernel"),
        ("SwiftURL", "https://github.com/Apple/swift-nio.git", "github.com/apple/swift-nio"),
    ],
)
def test_names_are_one_where_their_registry_says_so(
    tmp_path: Path, ecosystem: str, recorded: str, scanned: str
) -> None:
    base = database(tmp_path, record("X-1", ecosystem, recorded))
    for name in (recorded, scanned):
        assert [one.vulnerability.id for one in match(base, [Package(ecosystem, name, "1.0.0")])] == ["X-1"]


def test_go_versions_with_v_pseudo_versions_and_incompatible_ones_are_in_order(tmp_path: Path) -> None:
    base = database(tmp_path, record("GO-2026-1", "Go", "example.org/m"))
    versions = ("v1.2.9", "v1.2.10-0.20240101000000-abcdefabcdef", "v1.3.0-pre", "v1.3.0", "v2.0.0+incompatible")
    assert hit(base, "Go", "example.org/m", *versions) == list(versions[:3])
    assert found(base, Package("Go", "example.org/m", "v1.0.0")) == [("GO-2026-1", ("v1.3.0",))]


def test_gos_own_releases_are_read_as_go_writes_them(tmp_path: Path) -> None:
    events = [{"introduced": "0"}, {"fixed": "1.20.8"}, {"introduced": "1.21.0-0"}, {"fixed": "1.21.1"}]
    base = database(tmp_path, record("GO-2026-1", "Go", "stdlib", events))
    versions = ("1.20.7", "go1.20.8", "go1.21rc2", "1.21.0", "v1.21.1", "1.22")
    assert hit(base, "Go", "stdlib", *versions) == ["1.20.7", "go1.21rc2", "1.21.0"]
    assert found(base, Package("Go", "stdlib", "1.21.0")) == [("GO-2026-1", ("1.21.1",))]


def test_exploitation_comes_with_the_match(tmp_path: Path) -> None:
    base = database(
        tmp_path,
        record(aliases=["CVE-2026-1000"]),
        epss__csv="#model_version:v2025.03.14,score_date:2026-01-03T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.97123,0.99\n",
        kev__csv="cveID,vendorProject,dateAdded\nCVE-2026-1000,x,2026-01-05\n",
    )
    (only,) = match(base, [Package("npm", "left-pad", "1.0.0")])
    assert (only.vulnerability.epss, only.vulnerability.kev) == (0.97123, "2026-01-05")
    assert (base.about.epss_model, base.about.epss_date) == ("v2025.03.14", "2026-01-03")


VERSIONS = st.builds("{}.{}.{}{}".format, *[st.integers(0, 3)] * 3, st.sampled_from(["", "-rc.1", "-alpha"]))
EVENTS = st.lists(
    st.one_of(
        st.builds(lambda kind, at: {kind: at}, st.sampled_from(["introduced", "fixed", "last_affected"]), VERSIONS),
        st.just({"introduced": "0"}),
    ),
    max_size=6,
    unique_by=lambda event: next(iter(event.values())),
)


@given(
    EVENTS, st.lists(VERSIONS, max_size=3), st.lists(VERSIONS, min_size=1, max_size=8), st.lists(VERSIONS, max_size=1)
)
def test_any_events_mean_what_the_schema_says(
    tmp_path_factory: pytest.TempPathFactory,
    events: list[dict[str, str]],
    versions: list[str],
    asked: list[str],
    limits: list[str],
) -> None:
    given = record(events=[*events, *({"limit": at} for at in limits)], versions=versions)
    base = database(tmp_path_factory.mktemp("db"), given)
    assert hit(base, "npm", "left-pad", *asked) == [v for v in asked if affects(given, "npm", "left-pad", v)]


def _raw_records(sources: list[Path]) -> list[Record]:
    """All OSV records of packed sources, read with nothing of the product but its walk."""
    records: list[Record] = []
    for file in files_of(sources):
        assert not isinstance(file, Gap)
        path, data = file
        if path.endswith(".json"):
            loaded = msgspec.json.decode(data)
        elif "pypi-pypa" in path and path.endswith(".yaml"):
            loaded = yaml.load(data, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - text only
        else:
            continue
        listed = loaded if isinstance(loaded, list) else [loaded]
        records += [
            one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str) and "affected" in one
        ]
    return records


@pytest.mark.skipif(not ADVISORIES.is_dir(), reason="the packed sources of advisories are not here")
@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        pytest.param(("ghsa-osv-from-fixtures.json.zst",), 300, id="some"),
        pytest.param((".",), 6000, id="all", marks=pytest.mark.slow),
    ],
)
def test_real_pairs_match_as_the_schema_says(tmp_path: Path, names: tuple[str, ...], pairs: int) -> None:
    records = _raw_records([ADVISORIES / name for name in names])
    data = json.dumps(records).encode()
    base = Database.open(build([("all.json", data)], tmp_path / "fourc.db").path)
    by_package: dict[tuple[str, str], list[Record]] = {}
    parts: list[tuple[str, str, list[str]]] = []
    for one in records:
        for part in one["affected"] or ():
            at = (part["package"]["ecosystem"], part["package"]["name"])
            by_package.setdefault(_about(*at), []).append(one)
            named = [*(part.get("versions") or ()), *_versions(part)]
            parts.append((*at, named))
    draw = random.Random(2026)  # noqa: S311 - no secret
    asked: list[Package] = []
    while len(asked) < pairs:
        ecosystem, name, named = draw.choice(parts)
        other = draw.choice(by_package[_about(ecosystem, name)])
        pool = named + [at for part in other["affected"] or () for at in _versions(part)] + ["1.0.0"]
        asked.append(Package(ecosystem, name, draw.choice(pool)))
    # revisions of one record are one; here only what no other copy of a record changes can be compared
    ids = [one["id"] for one in records]
    twice = {one for one, count in Counter(ids).items() if count > 1}
    for package in asked:
        told = [{one.vulnerability.id, *one.vulnerability.aliases} for one in match(base, [package])]
        expected = {
            one["id"]
            for one in by_package[_about(package.ecosystem, package.name)]
            if affects(one, package.ecosystem, package.name, package.version)
        }
        assert expected - twice <= set().union(*told), package
        assert all(names & (expected | twice) for names in told), (package, told)


def _about(ecosystem: str, name: str) -> tuple[str, str]:
    """Records that may be about the same package; the oracle decides."""
    return ecosystem.partition(":")[0].lower(), re.sub(r"[-_.]+", "-", name).lower()


def _versions(part: dict[str, Any]) -> list[str]:
    return [
        at
        for one in part.get("ranges") or ()
        if one.get("type") != "GIT"
        for event in one["events"]
        for at in event.values()
        if at not in {"0", "*"}
    ]
