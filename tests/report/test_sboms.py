"""What is written as CycloneDX and SPDX fits their schemas, and reads back as the same packages."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_python_model import v3_0_1
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from tests.report.bill import BABEL, BARE, IMAGE, LATER, LOG4J, MOCHA, MS, NPM, POM, PROJECT, SSL

from fourc.collect.sbom.read import is_sbom, read_sbom
from fourc.model.bill import Bill
from fourc.model.finding import Severity
from fourc.model.package import Listing, Package, Project
from fourc.model.text import Lang
from fourc.model.vulnerability import Match, Vulnerability
from fourc.report.cyclonedx import cyclonedx
from fourc.report.spdx import spdx
from fourc.report.spdx3 import spdx3

BILLS = pytest.mark.parametrize("bill", [PROJECT, IMAGE, BARE], ids=["project", "image", "bare"])
ALL = pytest.mark.parametrize(
    "write", [lambda bill: cyclonedx(bill, Lang.EN), spdx, spdx3], ids=["cyclonedx", "spdx", "spdx3"]
)


@BILLS
@pytest.mark.parametrize("lang", Lang)
def test_cyclonedx_fits_the_schema_of_its_authors(bill: Bill, lang: Lang) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx(bill, lang)) is None


ODD = Bill(
    Project("npm", "目录 %&"),
    (
        Listing(
            "a b/目录.lock",
            "x",
            (
                Package("npm", "é", "1 2"),
                Package("Maven", "no-group", "1"),
                Package("npm", "@scope", "1"),
                Package("Odd Name", "a:b/c@d?e#f", "", licences=("", "GPL-2.0+ WITH Classpath-exception-2.0", "(MIT")),
                Package("PyPI", "a", "1", licences=("LicenseRef-x AND MIT",)),
            ),
            ((0, 1), (0,), (), (), ()),
        ),
    ),
    (
        Match(
            Package("npm", "é", "1 2"),
            Vulnerability(
                "ODD-1",
                ("x y",),
                "a\nb",
                Severity.INFO,
                "AV:N/AC:L/Au:N/C:P/I:P/A:P",
                1e-5,
                urls=("no url", "https://x.org/a b"),
            ),
        ),
    ),
)


@pytest.mark.parametrize("lang", Lang)
def test_odd_names_versions_licences_and_links_fit_too(lang: Lang, tmp_path: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(cyclonedx(ODD, lang)) is None
    path = tmp_path / "a.spdx.json"
    path.write_text(spdx(ODD), "utf-8")
    assert [m.validation_message for m in validate_full_spdx_document(parse_file(str(path)))] == []
    v3_0_1.JSONLDDeserializer().deserialize_data(json.loads(spdx3(ODD)), v3_0_1.SHACLObjectSet())


@BILLS
def test_spdx_is_valid_by_the_authors_own_tool(bill: Bill, tmp_path: Path) -> None:
    path = tmp_path / "a.spdx.json"
    path.write_text(spdx(bill), "utf-8")
    assert [m.validation_message for m in validate_full_spdx_document(parse_file(str(path)))] == []


@BILLS
def test_spdx_3_is_read_by_the_authors_own_model(bill: Bill) -> None:
    objects = v3_0_1.SHACLObjectSet()
    v3_0_1.JSONLDDeserializer().deserialize_data(json.loads(spdx3(bill)), objects)
    names = {getattr(one, "name", "") for one in objects.foreach_type("software_Package")}
    assert {package.name for _, _, package in bill.packages()} <= names
    assert objects.link() == set()


@ALL
@pytest.mark.parametrize(("bill", "held"), [(PROJECT, {BABEL, MS, MOCHA, LOG4J}), (IMAGE, {SSL, BABEL, MS, MOCHA})])
def test_what_is_written_reads_back_as_the_same_packages(
    write: Callable[[Bill], str], bill: Bill, held: set[Package]
) -> None:
    text = write(bill).encode()
    assert is_sbom("x", text[:4096]) in {"cyclonedx", "spdx", "spdx3"}
    found = read_sbom("x.json", text)
    told = {(p.identity, p.source, p.architecture, p.dev) for p in found.listing.packages}
    assert told == {(p.identity, p.source, p.architecture, p.dev) for p in held}
    packages = found.listing.packages
    needs = {(packages[at].name, packages[to].name) for at, some in enumerate(found.listing.needs) for to in some}
    assert needs == {("@babel/core", "ms")}
    assert found.listing.direct is not None
    direct = {packages[at].name for at in found.listing.direct}
    assert {"@babel/core", "mocha"} <= direct
    assert "ms" not in direct
    assert found.listing.project is not None
    assert found.listing.project.name == "shop"
    assert found.unidentified == 0
    if bill is IMAGE:
        assert found.listing.distribution is not None
        assert (found.listing.distribution.id, found.listing.distribution.version) == ("debian", "12.4")


@ALL
def test_the_same_packages_make_the_same_bytes_in_any_order(write: Callable[[Bill], str]) -> None:
    assert write(PROJECT) == write(PROJECT)
    turned = Bill(PROJECT.project, (POM, NPM), PROJECT.matches[::-1], PROJECT.statements, data_date=PROJECT.data_date)
    assert write(turned) == write(PROJECT)


@ALL
def test_another_package_makes_another_serial_number(write: Callable[[Bill], str]) -> None:
    def number(bill: Bill) -> str:
        data = json.loads(write(bill))
        return str(
            data.get("serialNumber") or data.get("documentNamespace") or data["@graph"][-1]["spdxId"].split("#")[0]
        )

    more = Bill(PROJECT.project, (*PROJECT.listings, Listing("a", "b", (Package("npm", "z", "1"),))))
    assert number(more) != number(PROJECT)


def test_cyclonedx_has_the_project_as_root_and_no_time() -> None:
    made = json.loads(cyclonedx(PROJECT, Lang.EN))
    assert made["metadata"]["component"] == {
        "bom-ref": "fourc:root",
        "type": "application",
        "name": "shop",
        "version": "2.0.0",
        "purl": "pkg:npm/shop@2.0.0",
    }
    assert "timestamp" not in made["metadata"]
    assert {"ref": "pkg:npm/%40babel/core@7.1.0", "dependsOn": ["pkg:npm/ms@2.0.0"]} in made["dependencies"]
    [root] = [one for one in made["dependencies"] if one["ref"] == "fourc:root"]
    assert root["dependsOn"] == [
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
        "pkg:npm/%40babel/core@7.1.0",
        "pkg:npm/mocha@5.0.0",
    ]


def test_cyclonedx_says_where_a_package_is_what_licence_it_has_and_what_it_is_for() -> None:
    parts = {one["purl"]: one for one in json.loads(cyclonedx(PROJECT, Lang.EN))["components"]}
    babel = parts["pkg:npm/%40babel/core@7.1.0"]
    assert (babel["group"], babel["name"]) == ("@babel", "core")
    assert babel["evidence"] == {"occurrences": [{"location": "web/package-lock.json", "line": 7}]}
    assert babel["licenses"] == [{"license": {"id": "MIT"}}]
    assert parts["pkg:npm/ms@2.0.0"]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    mocha = parts["pkg:npm/mocha@5.0.0"]
    assert mocha["licenses"] == [{"license": {"name": "Some words of our own"}}, {"license": {"id": "MIT"}}]
    assert mocha["scope"] == "excluded"


def test_cyclonedx_tells_vulnerabilities_with_ratings_and_what_was_said_of_them() -> None:
    by_id = {one["id"]: one for one in json.loads(cyclonedx(PROJECT, Lang.EN))["vulnerabilities"]}
    shell = by_id["CVE-2021-44228"]
    assert shell["ratings"] == [
        {"severity": "critical", "method": "CVSSv31", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"},
        {"source": {"name": "EPSS"}, "score": 0.97, "method": "other"},
    ]
    assert shell["affects"] == [
        {
            "ref": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            "versions": [{"version": "2.14.1", "status": "affected"}],
        }
    ]
    assert shell["recommendation"] == "Upgrade org.apache.logging.log4j:log4j-core to 2.15.0"
    assert (shell["published"], shell["updated"]) == ("2021-12-10T00:00:00Z", "2024-05-01T10:00:00Z")
    assert shell["properties"] == [{"name": "fourc:kev", "value": "2021-12-10"}]
    assert by_id["GHSA-w9mr-4mfr-499f"]["analysis"] == {
        "state": "not_affected",
        "justification": "code_not_reachable",
        "detail": "we never parse input",
    }


def test_what_the_team_lets_stand_is_not_said_to_be_harmless() -> None:
    bill = Bill(PROJECT.project, PROJECT.listings, PROJECT.matches, (LATER,))
    by_id = {one["id"]: one for one in json.loads(cyclonedx(bill, Lang.EN))["vulnerabilities"]}
    assert by_id["CVE-2021-44228"]["analysis"] == {
        "state": "exploitable",
        "response": ["will_not_fix"],
        "detail": "gone next week",
    }


@pytest.mark.parametrize(
    ("bill", "when"),
    [(PROJECT, "2026-01-02T00:00:00Z"), (IMAGE, "2026-02-03T04:05:06Z"), (BARE, "1970-01-01T00:00:00Z")],
)
def test_spdx_is_created_when_its_data_was(bill: Bill, when: str) -> None:
    assert json.loads(spdx(bill))["creationInfo"]["created"] == when
    assert json.loads(spdx3(bill))["@graph"][0]["created"] == when


def test_spdx_names_licences_that_its_list_has_not_and_links_advisories() -> None:
    made = json.loads(spdx(PROJECT))
    by_name = {one["name"]: one for one in made["packages"]}
    assert by_name["mocha"]["licenseDeclared"] == "LicenseRef-Some-words-of-our-own AND MIT"
    assert made["hasExtractedLicensingInfos"] == [
        {
            "licenseId": "LicenseRef-Some-words-of-our-own",
            "name": "Some words of our own",
            "extractedText": "Some words of our own",
        }
    ]
    assert {
        "referenceCategory": "SECURITY",
        "referenceType": "advisory",
        "referenceLocator": "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
    } in by_name["org.apache.logging.log4j:log4j-core"]["externalRefs"]


def test_an_image_has_the_package_url_of_its_repository_and_digest() -> None:
    made = json.loads(cyclonedx(IMAGE, Lang.EN))["metadata"]["component"]
    assert made["type"] == "container"
    assert made["purl"] == (f"pkg:oci/shop@sha256:{'a' * 64}?repository_url=registry.example.com:5000/team/shop&tag=1")


def test_a_project_without_a_name_is_the_folder() -> None:
    made = json.loads(cyclonedx(Bill(Project("", ""), (NPM,)), Lang.EN))
    assert made["metadata"]["component"] == {"bom-ref": "fourc:root", "type": "application", "name": "."}
