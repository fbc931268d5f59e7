"""What is not known is left out of a text, and two sentences do not run into each other."""

import json

import pytest

from fourc.collect.gaps import file_gap
from fourc.model.database import DatabaseFacts
from fourc.model.gap import GapReason
from fourc.model.report import Coverage, Report
from fourc.model.text import Lang, Text
from fourc.report.databases import database_lines
from fourc.report.sarif import render


def facts(*, dated: bool) -> DatabaseFacts:
    day, model = ("2026-01-02", "v2025") if dated else ("", "")
    return DatabaseFacts("a.db", "0" * 64, day, 1, 2, 3, (), (), 4, model, day, 5, day)


def test_scores_without_a_day_or_a_model_are_told_without() -> None:
    said = list(database_lines(facts(dated=False), Lang.EN))
    assert said[0] == "a.db: 2 vulnerabilities of 3 packages, 0.0 MB"
    assert "  EPSS: 4 scores" in said
    assert "  known to be exploited (CISA KEV): 5" in said
    dated = list(database_lines(facts(dated=True), Lang.EN))
    assert "  EPSS: 4 scores of 2026-01-02, model v2025" in dated
    assert "  known to be exploited (CISA KEV): 5, as of 2026-01-02" in dated


@pytest.mark.parametrize(("lang", "said"), [(Lang.EN, "not seen. commit it"), (Lang.ZH, "没有看到。请提交")])
def test_a_notification_of_sarif_has_a_stop_between_what_and_remedy(lang: Lang, said: str) -> None:
    gap = file_gap(GapReason.NO_DATA, "a", Text("not seen", "没有看到"), Text("commit it", "请提交"))
    report = Report(name="a", kubernetes_version="", findings=(), gaps=(gap,), coverage=Coverage(files=1))
    (run,) = json.loads(render(report, lang, {}))["runs"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == said
