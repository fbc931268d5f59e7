"""What is known of some packages: matches as findings, the gaps of the database, and what each is worth."""

from pathlib import Path

import pytest
from tests.app.advised import advisory, database

from fourc.app.judgements import Judgements
from fourc.app.vulnerabilities import Vulnerable, unheld, unique_packages, vulnerable
from fourc.model.gap import GapReason
from fourc.model.package import Listing, Package
from fourc.vulns.database import Database


@pytest.fixture
def known(tmp_path: Path) -> Database:
    """One vulnerability of left-pad in npm."""
    return Database.open(Path(database(tmp_path, advisory("npm", "left-pad"))))


def judged(database: Database | None, *listings: Listing) -> Vulnerable:
    return vulnerable(listings, database, Judgements(), lambda _: None)


def pads(path: str, *versions: str, dev: bool = False) -> Listing:
    packages = tuple(Package("npm", "left-pad", version, dev=dev, line=n) for n, version in enumerate(versions, 1))
    return Listing(path, "npm-lock", packages)


def test_a_package_that_runs_somewhere_is_not_only_for_development(known: Database) -> None:
    found = judged(known, pads("a/package-lock.json", "1.0.0", dev=True), pads("b/package-lock.json", "1.0.0"))
    (finding,) = found.findings
    assert finding.package is not None
    assert not finding.package.dev
    (match,) = found.supply.matches.values()
    assert not match.package.dev


def test_what_only_develops_is_worth_less(known: Database) -> None:
    (runs,) = judged(known, pads("a", "1.0.0")).worth.values()
    (develops,) = judged(known, pads("a", "1.0.0", dev=True)).worth.values()
    assert develops < runs


def test_versions_of_one_package_have_fingerprints_of_their_own(known: Database) -> None:
    found = judged(known, pads("a", "1.0.0", "1.1.0"), pads("b", "1.1.0"))
    assert [(f.package.version, len(f.places)) for f in found.findings if f.package] == [("1.0.0", 0), ("1.1.0", 1)]
    assert len({f.fingerprint for f in found.findings}) == 2


def test_an_upgrade_that_mends_nothing_is_the_same_finding(known: Database) -> None:
    (before,) = judged(known, pads("a", "1.0.0")).findings
    (after,) = judged(known, pads("a", "1.2.0")).findings
    assert before.fingerprint == after.fingerprint


def test_every_ecosystem_that_is_not_held_is_one_gap(known: Database) -> None:
    packages = [Package("npm", "x", "1"), Package("Pub", "y", "1"), Package("Pub", "z", "1"), Package("Hex", "y", "1")]
    gaps = list(unheld(packages, known))
    assert [(gap.reason, gap.subject, gap.named) for gap in gaps] == [
        (GapReason.NO_DATA, "Hex", False),
        (GapReason.NO_DATA, "Pub", False),
    ]
    assert [gap.message.en.rpartition(": ")[2] for gap in gaps] == [
        "1 package of it was not judged",
        "2 packages of it were not judged",
    ]


def test_without_a_database_nothing_is_found_and_nothing_is_called_missing() -> None:
    found = judged(None, pads("a", "1.0.0"))
    assert (found.findings, found.gaps, found.supply.database) == ((), (), "")


def test_packages_are_counted_once_in_the_order_in_which_they_are_seen() -> None:
    packages = unique_packages([pads("a", "1.0.0", "1.1.0"), pads("b", "1.1.0", "0.9.0")])
    assert [package.version for package in packages] == ["1.0.0", "1.1.0", "0.9.0"]
