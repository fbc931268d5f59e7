"""What a database holds of its sources, and that the same sources give the same bytes."""

import json
import random
from pathlib import Path

import pytest
from tests.vulns.osv import Record, record

from fourc.model.database import Held, Origin
from fourc.model.gap import GapReason
from fourc.model.package import Package
from fourc.vulns.database import Database, DatabaseError, rows
from fourc.vulns.database.build import build
from fourc.vulns.match import match


def test_the_order_of_sources_changes_no_byte(tmp_path: Path) -> None:
    files = [
        (f"{n}.json", json.dumps(record(f"GHSA-{n:04}", name=f"p{n % 50}", summary=f"s{n}")).encode())
        for n in range(300)
    ]
    first = build(files, tmp_path / "a.db").path.read_bytes()
    random.Random(1).shuffle(files)  # noqa: S311 - no secret
    assert build(files, tmp_path / "b.db").path.read_bytes() == first


def test_its_date_is_that_of_the_newest_advisory_or_of_the_build_where_that_is_fixed(tmp_path: Path) -> None:
    files = [("a.json", json.dumps(record()).encode())]
    assert build(files, tmp_path / "a.db").about.date == "2026-01-02"
    assert build(files, tmp_path / "a.db", epoch=86400 * 365).about.date == "1971-01-01"


def test_a_broken_file_is_a_gap_with_its_path_and_the_rest_is_held(tmp_path: Path) -> None:
    files = [
        ("x/broken.json", b'{"id": "GHSA-1", "affected": [{'),
        ("x/package.json", b'{"name": "left-pad"}'),
        ("x/README.md", b"# Advisories"),
        ("x/good.json", json.dumps(record()).encode()),
        ("x/types.json", b'{"id": "GHSA-2", "affected": "all"}'),
        ("x/deep.json", b"[" * 100_000),
        ("x/bomb.yaml", b"id: A-1\naffected: &a [*a]\n"),
    ]
    built = build(files, tmp_path / "a.db")
    told = [(gap.reason, gap.location.path) for gap in built.gaps if gap.location]
    broken = ["x/broken.json", "x/types.json", "x/deep.json", "x/bomb.yaml"]
    assert told == [(GapReason.MALFORMED, path) for path in broken]
    ids = [one.vulnerability.id for one in match(Database.open(built.path), [Package("npm", "left-pad", "1.0.0")])]
    assert ids == ["GHSA-aaaa-bbbb-cccc"]


def _two(tmp_path: Path, one: Record, other: Record, *versions: str) -> list[str]:
    built = build([("a.json", json.dumps([one, other]).encode())], tmp_path / "a.db")
    base = Database.open(built.path)
    return [version for version in versions if match(base, [Package("npm", "left-pad", version)])]


def test_of_two_revisions_of_a_record_the_newer_one_counts(tmp_path: Path) -> None:
    old = record(events=[{"introduced": "0"}, {"fixed": "9.0.0"}]) | {"modified": "2025-01-01T00:00:00Z"}
    assert _two(tmp_path, old, record(), "1.0.0", "2.0.0") == ["1.0.0"]
    assert _two(tmp_path, record(), old, "1.0.0", "2.0.0") == ["1.0.0"]


def test_two_records_of_one_id_whose_age_nobody_knows_are_united(tmp_path: Path) -> None:
    other = record(events=[{"introduced": "2.0.0"}, {"fixed": "2.1.0"}]) | {"modified": "0001-01-01T00:00:00Z"}
    assert _two(tmp_path, record(), other, "1.0.0", "2.0.0", "2.1.0") == ["1.0.0", "2.0.0"]


def test_a_package_that_only_the_older_record_names_stays(tmp_path: Path) -> None:
    old = record(name="right-pad") | {"modified": "2025-01-01T00:00:00Z"}
    built = build([("a.json", json.dumps([old, record()]).encode())], tmp_path / "a.db")
    packages = [Package("npm", name, "1.0.0") for name in ("left-pad", "right-pad")]
    assert [one.package.name for one in match(Database.open(built.path), packages)] == ["left-pad", "right-pad"]


def test_a_record_withdrawn_later_is_gone_and_one_withdrawn_before_is_not(tmp_path: Path) -> None:
    assert _two(tmp_path, record(), record(withdrawn="2026-03-01T00:00:00Z"), "1.0.0") == []
    before = record(withdrawn="2025-02-01T00:00:00Z") | {"modified": "2025-02-01T00:00:00Z"}
    assert _two(tmp_path, record(), before, "1.0.0") == ["1.0.0"]


def test_it_says_what_it_holds(tmp_path: Path) -> None:
    files = [("a.json", json.dumps([record(), record("DSA-1-1", "Debian:12", "openssl")]).encode())]
    base = Database.open(build(files, tmp_path / "a.db").path)
    assert base.ecosystems() == ("Debian", "npm")
    held = ("npm", "Debian", "Debian:12", "Debian:12.5", "Debian:13", "PyPI")
    assert [base.holds(name) for name in held] == [True, True, True, True, False, False]
    assert base.about.coverage == (Held("Debian:12", 1, "2026-01-02"), Held("npm", 1, "2026-01-02"))
    assert base.about.sources == (Origin("Debian", 1, "2026-01-02"), Origin("GitHub", 1, "2026-01-02"))


def test_every_epss_score_is_given_back(tmp_path: Path) -> None:
    scores = {
        f"CVE-{year}-{number:04}": year * number % 100_001 / 100_000
        for year in (1999, 2026)
        for number in range(1, 3000, 7)
    }
    scores["CVE-2018-1000001"] = 0.00001
    table = "".join(f"{name};{score:.9f};0.5\n" for name, score in scores.items())
    base = Database.open(build([("epss.csv", table.encode())], tmp_path / "a.db").path)
    assert {name: base.epss(name) for name in scores} == scores
    assert [base.epss(name) for name in ("CVE-1999-0002", "CVE-2018-1000002", "CVE-x", "GHSA-1", "CVE-٣-1")] == [
        None
    ] * 5


def test_newer_scores_win_whichever_comes_first(tmp_path: Path) -> None:
    old = (
        "old.csv",
        b"#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.1,0.1\n",
    )
    new = (
        "new.csv",
        b"#model_version:v2,score_date:2026-01-02T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1000,0.2,0.1\n",
    )
    for files in ([old, new], [new, old]):
        base = Database.open(build(files, tmp_path / "a.db").path)
        assert (base.epss("CVE-2026-1000"), base.about.epss_model) == (0.2, "v2")


def test_one_more_advisory_changes_only_the_rows_that_it_is_about(tmp_path: Path) -> None:
    records = [record(f"GHSA-{n:04}", name=f"p{n}") for n in range(1, 60)]
    before = Database.open(build([("a.json", json.dumps(records).encode())], tmp_path / "a.db").path)
    after = Database.open(
        build([("a.json", json.dumps([*records, record("GHSA-0000")]).encode())], tmp_path / "b.db").path
    )

    def packages(base: Database) -> set[tuple[str, bytes]]:
        return set(base._connection.execute("SELECT name, data FROM package"))

    assert {name for name, _ in packages(before) ^ packages(after)} == {"left-pad"}


def test_an_apt_index_tells_what_its_suite_offers(tmp_path: Path) -> None:
    release = b"Origin: Debian\nVersion: 12\nCodename: bookworm-security\nDate: Sat, 21 Nov 2026 00:53:02 UTC\n"
    index = (
        b"Package: libssl3\nSource: openssl (3.0.15-1)\nVersion: 3.0.15-1+b1\n\n"
        b"Package: openssl\nVersion: 3.0.16-1\n\nPackage: openssl\nVersion: 3.0.9-1\n"
    )
    files = [("x/Packages", index), ("x/InRelease", release)]
    base = Database.open(build(files, tmp_path / "a.db").path)
    assert base.offered("Debian:12") == rows.Offered("2026-11-21", {"openssl": "3.0.16-1"})
    assert base.offered("Debian:13") is None
    assert not base.holds("Debian:12")


def test_where_no_advisory_is_found_the_database_that_is_there_stays(tmp_path: Path) -> None:
    there = build([("a.json", json.dumps(record("GHSA-0001")).encode())], tmp_path / "known.db").path
    before = there.read_bytes()
    with pytest.raises(DatabaseError, match="no advisory was found"):
        build([("notes.json", b"{}")], there)
    assert there.read_bytes() == before
