"""The order of upgrades where nothing is known of what runs, and where to stop."""

import pytest

from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.location import Origin
from fourc.model.remedy import ChangeKind, FixClass, NoFix
from fourc.model.subject import Ref
from fourc.model.text import same
from fourc.plan.changes import Draft
from fourc.plan.upgrades import in_order, stop_of


def draft(name: str, *fingerprints: str, fix_class: FixClass = FixClass.TRY_FIRST) -> Draft:
    """An upgrade that ends findings with these fingerprints."""
    owner = Ref("Package", "PyPI", name)
    findings = tuple(
        Finding(
            rule="vulnerable-package",
            layer=Layer.CODE,
            severity=Severity.HIGH,
            confidence=Confidence.HIGH,
            message=same(name),
            subject=owner,
            origin=Origin("requirements.txt", 0, 1),
            at=(),
            container=None,
            detail="",
            references=(),
            fix=NoFix(same("")),
            identity=fingerprint,
        )
        for fingerprint in fingerprints
    )
    return Draft(f"upgrade-{name}", ChangeKind.UPGRADE, owner, same(name), same(""), findings, fix_class, (), 1)


def test_what_ends_most_for_its_time_comes_first_and_equals_keep_the_order_of_their_ids() -> None:
    drafts = [draft("b", "1"), draft("a", "2"), draft("c", "3", "4")]
    changes = in_order(drafts, {"1": 0.1, "2": 0.1, "3": 0.1, "4": 0.2})
    assert [change.id for change in changes] == ["upgrade-c", "upgrade-a", "upgrade-b"]
    assert changes[0].risk_removed.likely == pytest.approx(0.6)


def test_ranges_hold_their_likely_value_and_never_exceed_the_whole() -> None:
    for change in in_order([draft("a", "1"), draft("b", "2")], {"1": 0.9, "2": 0.1}):
        assert 0 <= change.risk_removed.low <= change.risk_removed.likely <= change.risk_removed.high <= 1


def test_findings_that_are_worth_nothing_are_no_division_by_zero() -> None:
    (change,) = in_order([draft("a", "1")], {})
    assert change.risk_removed.likely == 0


def test_it_stops_before_what_ends_next_to_nothing_but_never_before_the_first() -> None:
    drafts = [draft("a", "1"), draft("b", "2"), draft("c", "3")]
    changes = in_order(drafts, {"1": 1.0, "2": 0.5, "3": 0.0001})
    assert [change.id for change in changes[: stop_of(changes)]] == ["upgrade-a", "upgrade-b"]
    assert stop_of(in_order([draft("a", "1")], {})) == 1
    assert stop_of(()) == 0
