"""What the formats say of a secret whose history is known."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fourc.model.finding import Commit, Finding, History
from fourc.model.location import Location
from fourc.model.report import Coverage, Report
from fourc.model.text import Lang, Text
from fourc.report.as_json import render
from fourc.report.gitlab import ScanType, gitlab_report
from fourc.report.secrets import secret_lines
from fourc.report.text import width
from fourc.secrets.finding import finding_of
from fourc.secrets.ignoring.fingerprints import Fingerprinter
from fourc.secrets.providers import LINKS, LOOKED_UP, advice_for, secret_page
from fourc.secrets.rule import Kind, Rule, Structure, Token

RULE = Rule("github-pat", "GitHub personal", Kind.ACCESS_TOKEN, Token("x", ()), references=("gitleaks:github-pat",))
FIRST = Commit("a" * 40, "old/name.env", 3, "Alice", "2024-03-01T10:00:00+01:00")
LAST = Commit("b" * 40, "a.env", 9, "Bob", "2025-06-07T08:09:10+00:00")
VALUE = "ghp_0123456789abcdefghij"


def found(rule: Rule = RULE, *places: int) -> Finding:
    """A secret on these lines of a file."""
    where = [Location("a.env", line, 1, line, 5) for line in places or (9,)]
    return finding_of(rule, VALUE, where, Fingerprinter(b"s" * 16).of, History(FIRST, LAST))


def report(*findings: Finding) -> Report:
    """The report of these."""
    pages = {"github-pat": Text("GitHub personal access token\n\nmore", "GitHub personal 访问令牌\n\n更多")}
    return Report("x", "", findings, (), Coverage(files=7), pages=pages)


def test_json_has_the_first_and_the_last_commit_and_fits_its_schema() -> None:
    made = json.loads(render(report(found()), Lang.EN))
    schema = json.loads(files("fourc").joinpath("data/report.schema.json").read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(made)] == []
    [finding] = made["findings"]
    assert finding["first_seen"] == {
        "commit": "a" * 40,
        "path": "old/name.env",
        "line": 3,
        "author": "Alice",
        "time": "2024-03-01T10:00:00+01:00",
    }
    assert finding["last_seen"]["commit"] == "b" * 40
    assert made["tool"].keys() == {"name", "version"}


def test_gitlab_gets_the_commit_that_brought_it_and_gitleaks_name_for_the_rule() -> None:
    began = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    made = json.loads(gitlab_report(report(found()), Lang.EN, ScanType.SECRET_DETECTION, began))
    assert made["scan"]["start_time"] == "2026-01-02T03:04:05"
    [row] = made["vulnerabilities"]
    assert row["location"]["commit"] == {"sha": "a" * 40, "author": "Alice", "date": "2024-03-01T10:00:00+01:00"}
    assert row["name"] == "GitHub personal access token"
    assert [i["type"] for i in row["identifiers"]] == ["fourc_rule", "gitleaks_rule_id"]


def test_the_list_says_since_when_and_how_many_places_more() -> None:
    lines = list(secret_lines(report(found(RULE, 9, 12, 20, 31, 45)), Lang.EN))
    assert lines[0] == "1 secret. Whoever has read this repository may have it: begin with the first."
    assert "   where  a.env:9, a.env:12, a.env:20, and 2 more" in lines
    since = "   since  2024-03-01T10:00:00+01:00, commit aaaaaaaaaa by Alice, there old/name.env:3"
    assert since in lines
    assert any("https://github.com/settings/tokens" in line for line in lines)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_list_fits_a_terminal_in_every_language(lang: Lang) -> None:
    lines = list(secret_lines(report(found(), found(Rule("x", "", Kind.PASSWORD, Token("x", ())))), lang))
    assert max(map(width, lines)) <= 100


def test_nothing_found_is_said_with_how_much_was_looked_at() -> None:
    assert list(secret_lines(report(), Lang.EN)) == ["No secret to report in 7 files."]


def of(provider: str) -> Rule:
    """A rule about the provider."""
    return Rule("x", provider, Kind.API_KEY, Token("x", ()))


@pytest.mark.parametrize(
    ("provider", "link"),
    [
        ("GitHub personal", "https://github.com/settings/tokens"),
        ("GitHub app installation", "https://github.com/settings/apps"),
        ("Alibaba Cloud", "https://ram.console.aliyun.com/manage/ak"),
        ("WeChat Pay", "https://pay.weixin.qq.com/index.php/core/cert/api_cert"),
        ("WeChat Mini Program", "https://mp.weixin.qq.com/"),
    ],
)
def test_the_page_of_a_provider_is_known_by_the_beginning_of_its_name(provider: str, link: str) -> None:
    advice = advice_for(of(provider))
    assert advice.link == link
    assert link in advice.text.en
    assert link in advice.text.zh


def test_of_other_providers_no_page_is_made_up() -> None:
    assert {advice_for(of(name)).link for name in ("Nobody", "GitHubber", "")} == {None}
    assert advice_for(of("Nobody")).text.en.startswith("First make a new one at Nobody, put it where this one is used")
    assert advice_for(of("")).text.en.startswith("First replace it where it is accepted")


def test_the_format_of_a_file_and_a_mere_name_are_no_provider() -> None:
    by_format = Rule("x", "environment file", Kind.CREDENTIAL, Structure("dotenv"))
    by_name = Rule("x", "Generic", Kind.PASSWORD, Token("x", ()), generic=True)
    for rule in (by_format, by_name):
        assert advice_for(rule).text.en.startswith("First replace it where it is accepted")


def test_every_link_is_one_over_https() -> None:
    assert [link for link in LINKS.values() if not link.startswith("https://") or " " in link] == []
    assert list(LINKS) == sorted(LINKS, key=str.lower)


def test_the_page_says_where_an_address_was_not_looked_up() -> None:
    assert LOOKED_UP - set(LINKS) == set()
    page = (Path(__file__).parents[2] / "docs" / "secrets.md").read_text("utf-8")
    assert f"{len(LOOKED_UP)} of these {len(LINKS)} addresses" in page
    moved = "We know that address from memory."
    assert moved not in secret_page(of("GitHub personal")).en
    assert moved in secret_page(of("Adobe")).en
    assert moved not in secret_page(of("Nobody")).en, "no address is given"
