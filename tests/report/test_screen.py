"""The first screen fits, tells the truth, and never breaks off in the middle of a sentence."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.app.advised import advisory, database, put

from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.app.screen import plan_screen
from fourc.app.suppose import Suppose
from fourc.model.settings import Settings
from fourc.model.text import Lang, Text
from fourc.plan.order import Objective, Terms
from fourc.report.screen import plan_lines
from fourc.report.text import WIDTH, tail_of, width, wrap

SHOP = Path(__file__).parents[2] / "examples" / "shop"
REQUESTS = {
    "default": Request((str(SHOP),)),
    "budget": Request((str(SHOP),), terms=Terms(budget=4.0)),
    "changes": Request((str(SHOP),), terms=Terms(Objective.CHANGES)),
    "supposed": Request((str(SHOP),), suppose=Suppose(("shop/web",), ("1",))),
    "tiny budget": Request((str(SHOP),), terms=Terms(budget=0.01)),
}


@pytest.fixture(scope="module", params=REQUESTS)
def planned(request: pytest.FixtureRequest) -> Planned:
    return plan_for(REQUESTS[request.param])


@pytest.mark.parametrize("lang", list(Lang))
def test_every_screen_fits_and_breaks_off_no_sentence(planned: Planned, lang: Lang) -> None:
    lines = plan_screen(planned, lang, 0.3).splitlines()
    assert len(lines) <= 25
    assert max(map(width, lines)) <= WIDTH
    assert [line for line in lines if line.endswith("…")] == []


def test_the_headline_says_what_the_shown_changes_remove() -> None:
    planned = plan_for(REQUESTS["default"])
    removed = round(100 * sum(c.risk_removed.likely for c in planned.plan.changes[:3]))
    closed = len(planned.plan.ways) - len(planned.plan.ways_after[2])
    screen = plan_screen(planned, Lang.EN, None)
    assert f"remove {removed}% of the risk and close {closed} of the ways:" in screen
    assert "you may stop here" in screen


def test_figures_stand_in_one_column() -> None:
    lines = plan_screen(plan_for(REQUESTS["default"]), Lang.EN, None).splitlines()
    entries = [line for line in lines if line.startswith((" 1  ", " 2  ", " 3  "))]
    assert len({line.index("removes ") for line in entries}) == 1


def test_a_plan_of_its_own_names_changes_by_id() -> None:
    planned = plan_for(REQUESTS["budget"])
    screen = plan_screen(planned, Lang.EN, None)
    assert f"Next: fourc show {planned.plan.changes[0].id}" in screen
    assert "fourc show 1" not in screen


def test_a_long_caution_is_wrapped_whole_and_a_longer_one_is_pointed_to() -> None:
    planned = plan_for(REQUESTS["default"])
    first = planned.plan.changes[0]
    for caution, said in ((Text("word " * 30, ""), ("word " * 30).split()), (Text("word " * 90, ""), None)):
        report = planned.report()
        changes = (replace(first, cautions=(caution,)), *report.changes[1:])
        lines = list(plan_lines(replace(report, changes=changes), Lang.EN))
        assert max(map(width, lines)) <= WIDTH
        if said is None:
            assert any("check first: fourc show 1" in line for line in lines)
        else:
            at = next(i for i, line in enumerate(lines) if line.startswith("    ! "))
            assert (lines[at][6:] + " " + lines[at + 1][6:]).lower().split() == said


def test_a_title_that_leaves_no_room_for_the_figures_stands_alone() -> None:
    planned = plan_for(REQUESTS["default"])
    report = planned.report()
    name = "a-very-long-name" * 5
    changes = (replace(report.changes[0], title=Text(f"Take the node away from {name}", "")), *report.changes[1:])
    lines = list(plan_lines(replace(report, changes=changes), Lang.EN))
    assert any(line.startswith(" 1  ") and "removes" not in line for line in lines)
    assert any(name in line for line in lines)
    assert max(map(width, lines)) <= WIDTH


@pytest.mark.parametrize("text", ["one two three four", "一二三，四五六。七八 nine 十", "a", ""])
@pytest.mark.parametrize("columns", [6, 9, 40])
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert max(map(width, lines)) <= columns
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line.startswith(("，", "。")) for line in lines)


def test_of_a_long_path_the_end_is_kept() -> None:
    assert tail_of("a/b/c.yaml:3", 40) == "a/b/c.yaml:3"
    assert tail_of("aaaaaaaa/bbbbbbbb/c.yaml:3", 20) == "…/bbbbbbbb/c.yaml:3"


_UNKNOWN = {
    Lang.EN: ("No Kubernetes manifests were read here", "No workload (Deployment, CronJob ...) was read here"),
    Lang.ZH: ("这里没有读到 Kubernetes 清单", "这里没有读到工作负载"),
}
_SHARE = {Lang.EN: "100% of the risk that was seen:", Lang.ZH: "可消除 100% 的已知风险："}


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("manifest", ["", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n"])
def test_where_nothing_is_known_to_run_no_ways_are_denied_and_the_risk_is_what_was_seen(
    lang: Lang, manifest: str, tmp_path: Path
) -> None:
    put(tmp_path, {"requirements.txt": "left-pad==1.2.0\n", **({"shop.yaml": manifest} if manifest else {})})
    known = database(tmp_path, advisory("PyPI", "left-pad"))
    planned = plan_for(Request((str(tmp_path),), packages=True, settings=Settings(database=known)))
    lines = plan_screen(planned, lang, None).splitlines()
    assert lines[2].startswith(_UNKNOWN[lang][bool(manifest)])
    assert lines[3].endswith(_SHARE[lang])
    assert max(map(width, lines)) <= WIDTH


def test_changes_of_what_is_not_known_to_run_say_by_what_they_are_ranked(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "left-pad==1.2.0\nright-pad==1.2.0\n"})
    known = database(tmp_path, advisory("PyPI", "left-pad"), advisory("PyPI", "right-pad", identifier="GHSA-r"))
    planned = plan_for(Request((str(tmp_path),), packages=True, settings=Settings(database=known)))
    screen = plan_screen(planned, Lang.EN, None)
    assert "ranked by how likely attackers are to use what they mend, and by what that opens." in screen
    assert "No direct way" not in screen
