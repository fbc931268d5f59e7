"""Packages as part of the plan: what could not be read is told, also where another scanner judged the packages."""

from pathlib import Path

from tests.app.advised import put
from tests.app.test_imported import trivy

from fourc.app.ignoring import own_ignores
from fourc.app.request import Request
from fourc.app.supplied import Supplied, supplied_below
from fourc.model.gap import Gap


def from_report(folder: Path, files: dict[str, str | bytes]) -> Supplied:
    """What a report of trivy about flask and the files tell together."""
    shop = put(folder / "shop", {"web/requirements.txt": "flask==0.12\n", **files})
    put(folder, {"report.json": trivy()})
    request = Request((str(shop),), packages=True, imported=(str(folder / "report.json"),))
    return supplied_below(request, request.paths, own_ignores(shop))


def places(gaps: tuple[Gap, ...]) -> list[str]:
    """The files that the gaps are about."""
    return [gap.location.path for gap in gaps if gap.location is not None]


def test_a_range_that_no_file_pins_is_told_beside_an_imported_report(tmp_path: Path) -> None:
    supplied = from_report(tmp_path, {"web/requirements.txt": "flask==0.12\njinja2>=2.0\n"})
    assert [finding.subject.name for finding in supplied.vulnerable.findings] == ["flask"]
    assert places(supplied.gaps) == ["web/requirements.txt"]
    assert ["jinja2" in gap.message.en for gap in supplied.gaps] == [True]


def test_a_broken_lock_file_is_told_beside_an_imported_report(tmp_path: Path) -> None:
    supplied = from_report(tmp_path, {"api/poetry.lock": "[[package"})
    assert places(supplied.gaps) == ["api/poetry.lock"]
