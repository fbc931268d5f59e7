"""OpenVEX and GitLab's reports of packages."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from tests.report.bill import BARE, IMAGE, LATER, LEAK, NOT_US, PROJECT, SHELL, SLOW, SSL

from fourc.model.bill import Bill
from fourc.model.gap import Gap, GapReason
from fourc.model.purl import purl_of
from fourc.model.text import Lang, same
from fourc.model.vex import VexStatus, applies
from fourc.report.openvex import openvex
from fourc.report.vulns_gitlab import vulns_gitlab
from fourc.vulns.vex import vex_statements

BEGAN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SCHEMAS = Path(__file__).parent / "schemas"


def openvex_errors(text: str) -> list[str]:
    schema = json.loads((SCHEMAS / "openvex.schema.json").read_text("utf-8"))
    return [e.message for e in Draft202012Validator(schema).iter_errors(json.loads(text))]


@pytest.mark.parametrize("bill", [PROJECT, IMAGE], ids=["project", "image"])
@pytest.mark.parametrize("lang", Lang)
def test_openvex_fits_its_schema(bill: Bill, lang: Lang) -> None:
    assert openvex_errors(openvex(bill, lang)) == []
    accepted = Bill(bill.project, bill.listings, bill.matches, (NOT_US, LATER))
    assert openvex_errors(openvex(accepted, lang)) == []


def test_openvex_says_what_was_judged_and_that_the_rest_was_not() -> None:
    made = {
        one["vulnerability"]["name"]: one
        for one in json.loads(openvex(PROJECT, Lang.EN, "team@example.com"))["statements"]
    }
    assert made["GHSA-w9mr-4mfr-499f"] == {
        "vulnerability": {"name": "GHSA-w9mr-4mfr-499f", "aliases": ["CVE-2017-20162"]},
        "products": [{"@id": "pkg:npm/ms@2.0.0", "identifiers": {"purl": "pkg:npm/ms@2.0.0"}}],
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
        "status_notes": "we never parse input",
    }
    assert made["CVE-2021-44228"]["status"] == "under_investigation"


def test_openvex_is_read_back_and_applies_to_the_same_packages_in_the_same_image() -> None:
    statements = vex_statements("a.vex.json", openvex(IMAGE, Lang.EN).encode())
    purl = purl_of(SSL)
    image = f"pkg:oci/shop@{IMAGE.digest}?repository_url={IMAGE.image.removesuffix(':1')}&tag=1"
    [found] = [one for one in statements if applies(one, purl, [LEAK.id], within=image)]
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert not any(applies(one, purl, [LEAK.id]) for one in statements)
    [harmless] = [one for one in statements if applies(one, "pkg:npm/ms@2.0.0", SLOW.aliases, within=image)]
    assert (harmless.status, harmless.justification) == (VexStatus.NOT_AFFECTED, NOT_US.justification)


def test_without_vulnerabilities_there_is_nothing_to_state() -> None:
    assert json.loads(openvex(BARE, Lang.EN))["statements"] == []


def gitlab(bill: Bill, lang: Lang = Lang.EN) -> Any:  # noqa: ANN401 - JSON
    gap = Gap(GapReason.NO_DATA, same("no data"), same("build one"))
    return json.loads(vulns_gitlab(bill, (gap,), lang, BEGAN))


@pytest.mark.parametrize(
    ("bill", "variable"),
    [(PROJECT, "FOURC_GITLAB_DEPENDENCY_SCHEMA"), (IMAGE, "FOURC_GITLAB_CONTAINER_SCHEMA")],
    ids=["dependency", "container"],
)
@pytest.mark.parametrize("lang", Lang)
def test_gitlabs_reports_fit_what_gitlab_requires(bill: Bill, variable: str, lang: Lang) -> None:
    made = gitlab(bill, lang)
    ours = json.loads((SCHEMAS / "gitlab-packages.schema.json").read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(ours).iter_errors(made)] == []
    if path := os.environ.get(variable):  # GitLab's own, of which no registry has a copy
        theirs = json.loads(Path(path).read_text("utf-8"))
        assert [e.message for e in validator_for(theirs)(theirs).iter_errors(made)] == []


def test_gitlab_hears_of_what_no_statement_clears_where_it_is_and_what_ends_it() -> None:
    made = gitlab(PROJECT)
    [found] = made["vulnerabilities"]
    assert found["location"] == {
        "file": "pom.xml",
        "dependency": {"package": {"name": "org.apache.logging.log4j:log4j-core"}, "version": "2.14.1"},
    }
    assert [one["value"] for one in found["identifiers"]] == [SHELL.id, *SHELL.aliases]
    assert found["solution"] == "Upgrade org.apache.logging.log4j:log4j-core to 2.15.0"
    assert found["details"]["kev"]["value"] == "2021-12-10"
    [npm] = [one for one in made["dependency_files"] if one["path"] == "web/package-lock.json"]
    by_name = {one["package"]["name"]: one for one in npm["dependencies"]}
    assert by_name["@babel/core"]["direct"] is True
    assert by_name["ms"]["dependency_path"] == [{"iid": by_name["@babel/core"]["iid"]}]
    assert made["scan"]["messages"] == [{"level": "warn", "value": "no data. build one"}]


def test_gitlab_hears_of_an_image_with_its_tag_and_system() -> None:
    made = gitlab(IMAGE)
    assert made["scan"]["type"] == "container_scanning"
    [found] = made["vulnerabilities"]
    assert found["location"] == {
        "dependency": {"package": {"name": "libssl3"}, "version": "1:3.0.11-1"},
        "operating_system": "debian 12.4",
        "image": "registry.example.com:5000/team/shop:1",
    }
