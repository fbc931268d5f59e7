"""What a scan of images says besides secrets: updates, bases, several images at once, and their part in the plan."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.collect.image.makers import Made, config_for, file, layer, layout

from fourc.app.image_scan import ImageScan, scan_image, scan_images
from fourc.app.opened_image import Asking
from fourc.app.plan import Planned, plan_for
from fourc.app.request import Request
from fourc.app.running_images import is_run
from fourc.app.vuln_scan import Scanned, VulnScan
from fourc.model.finding import Finding
from fourc.model.gap import GapReason
from fourc.model.image_facts import ImageFacts
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.vulns.database.build import build

RELEASE = file("etc/os-release", b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n')
(TOKEN,) = ("glpat-Zx8Yb3kQw7LmN2pRsT4v",)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without anything of a team's, and a cache of its own."""
    folder = tmp_path / "team"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FOURC_DB", raising=False)
    return folder


def status(*packages: tuple[str, str, str]) -> bytes:
    """The list of dpkg: of packages name, version, source."""
    return "\n".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\nVersion: {version}\n"
        for name, version, source in packages
    ).encode()


def debian(*packages: tuple[str, str, str]) -> Made:
    return layer(RELEASE, file("var/lib/dpkg/status", status(*packages)))


def image(place: Path, *layers: Made, **config: object) -> str:
    return str(layout(place, layers, config_for(layers, **config)))


def lodash(version: str = "4.17.20") -> Made:
    manifest = json.dumps({"name": "lodash", "version": version}).encode()
    return layer(file("app/node_modules/lodash/package.json", manifest))


def database(folder: Path) -> Settings:
    """One that knows Debian 12's security suite by its index alone, and one vulnerability of npm."""
    release = (
        b"Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\nCodename: bookworm-security\n"
        b"Date: Sat, 21 Nov 2026 10:00:00 UTC\n"
    )
    index = "\n".join(
        f"Package: {name}\nSource: {source}\nVersion: {version}\nArchitecture: amd64\n"
        for name, source, version in [
            ("libssl3", "openssl", "3.0.17-1~deb12u3"),
            ("curl", "curl", "7.88.1-10+deb12u14"),
        ]
    )
    record = {
        "id": "GHSA-35jh-r3h4-6jhm",
        "modified": "2024-01-01T00:00:00Z",
        "aliases": ["CVE-2021-23337"],
        "affected": [
            {
                "package": {"ecosystem": "npm", "name": "lodash"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.21"}]}],
            }
        ],
    }
    given = [
        ("suite/InRelease", release),
        ("suite/Packages", index.encode()),
        ("all.json", json.dumps([record]).encode()),
    ]
    built = build(given, folder / "fourc.db")
    return Settings(database=str(built.path))


def scanned(named: str, settings: Settings = NO_SETTINGS) -> Scanned:
    return scan_image(ImageScan(named, VulnScan(settings=settings)))


def facts(named: str) -> ImageFacts:
    found = scanned(named).report.image
    assert found is not None
    return found


def by_rule(findings: tuple[Finding, ...], rule: str) -> list[Finding]:
    return [one for one in findings if one.rule == rule]


def test_a_package_older_than_its_suite_waits_for_a_security_update(tmp_path: Path) -> None:
    made = debian(
        ("libssl3", "3.0.11-1~deb12u2", "openssl"),
        ("openssl", "3.0.11-1~deb12u2", "openssl"),
        ("curl", "7.88.1-10+deb12u14", "curl"),
        ("bash", "5.2.15-2", "bash"),
    )
    report = scanned(image(tmp_path / "image", made), database(tmp_path)).report
    updates = by_rule(report.findings, "pending-security-update")
    assert [(one.subject.name, one.package.version if one.package else "") for one in updates] == [
        ("libssl3", "3.0.11-1~deb12u2"),
        ("openssl", "3.0.11-1~deb12u2"),
    ]
    assert "3.0.17-1~deb12u3" in updates[0].message.en
    (change,) = [one for one in report.changes if "security updates" in one.title.en]
    assert set(change.findings) == {one.fingerprint for one in updates}
    assert "apt-get install -y --only-upgrade libssl3 openssl" in change.by_hand[0].what.en
    (gap,) = [one for one in report.gaps if one.reason is GapReason.NO_DATA]
    assert gap.subject == "Debian:12"
    assert "known updates only" in gap.message.en


def test_an_sbom_of_such_a_distribution_tells_the_same(tmp_path: Path, alone: Path) -> None:
    purl = "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl"
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{"type": "library", "name": "libssl3", "version": "3.0.11-1~deb12u2", "purl": purl}],
    }
    (alone / "bom.json").write_text(json.dumps(bill))
    from fourc.app.vuln_scan import scan_vulns  # noqa: PLC0415 - only here

    report = scan_vulns(VulnScan(("bom.json",), settings=database(tmp_path))).report
    (one,) = by_rule(report.findings, "pending-security-update")
    assert (one.subject.name, one.layer.value) == ("libssl3", "code")


def test_the_image_starts_as_root_where_it_names_no_user_or_root(tmp_path: Path) -> None:
    for number, (user, root) in enumerate([("", True), ("0:0", True), ("root", True), ("1000", False), ("app", False)]):
        named = image(tmp_path / str(number), layer(file("a", b"a")), config={"User": user})
        assert bool(by_rule(scanned(named).report.findings, "image-runs-as-root")) is root


def test_a_base_is_recognised_once_it_was_seen_and_else_a_label_is_believed(tmp_path: Path) -> None:
    base, mine = layer(file("base", b"base")), layer(file("mine", b"mine"))
    labels = {"Labels": {"org.opencontainers.image.base.name": "docker.io/library/debian:12"}}
    app = image(tmp_path / "app", base, mine, config=labels)
    assert (facts(app).base, facts(app).base_layers) == ("docker.io/library/debian:12", 0)
    scanned(f"registry.example.com/base:1={image(tmp_path / 'base', base)}")
    assert (facts(app).base, facts(app).base_layers) == ("registry.example.com/base:1", 1)


def test_packages_are_those_that_dpkg_itself_lists(tmp_path: Path) -> None:
    if shutil.which("dpkg-query") is None or not Path("/etc/os-release").is_file():
        pytest.skip("there is no dpkg here")
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version} ${Architecture}\n"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    listed = {tuple(line.split()[1:]) for line in said.splitlines() if line.startswith("installed ")}
    made = layer(
        file("usr/lib/os-release", Path("/etc/os-release").read_bytes()),
        file("var/lib/dpkg/status", Path("/var/lib/dpkg/status").read_bytes()),
    )
    bill = scanned(image(tmp_path / "image", made)).bill
    assert {(p.name, p.version, p.architecture) for one in bill.listings for p in one.packages} == listed


def test_several_images_are_one_report_in_which_each_finding_says_where_it_is(tmp_path: Path) -> None:
    secret = layer(file("a.py", f'token = "{TOKEN}"'.encode()))
    first = f"shop/api:1={image(tmp_path / 'one', lodash(), secret)}"
    second = f"shop/api:2={image(tmp_path / 'two', lodash('4.17.19'), secret)}"
    missing = f"shop/web:1={tmp_path / 'none.tar'}"
    done = scan_images((first, second, missing), VulnScan(settings=database(tmp_path)), Asking(), "team")
    vulnerable = by_rule(done.report.findings, "vulnerable-package")
    assert [(one.image, one.package.version if one.package else "") for one in vulnerable] == [
        ("shop/api:1", "4.17.20"),
        ("shop/api:2", "4.17.19"),
    ]
    prints = [one.fingerprint for one in done.report.findings]
    assert len(set(prints)) == len(prints)
    (token,) = by_rule(done.report.findings, "gitlab-pat")
    assert "also in shop/api:2" in token.message.en
    assert [one.name for one in done.report.images] == ["shop/api:1", "shop/api:2"]
    (gap,) = [one for one in done.report.gaps if one.named]
    assert (gap.reason, gap.subject) == (GapReason.MISSING, "shop/web:1")
    assert {one.path for one in done.bill.listings} == {
        "shop/api:1!app/node_modules/lodash/package.json",
        "shop/api:2!app/node_modules/lodash/package.json",
    }


def test_an_image_keeps_its_fingerprints_when_others_are_scanned_with_it(tmp_path: Path) -> None:
    settings = database(tmp_path)
    named = f"shop/api:1={image(tmp_path / 'one', lodash())}"
    other = f"shop/web:1={image(tmp_path / 'two', lodash())}"
    alone = {one.fingerprint for one in scanned(named, settings).report.findings}
    both = scan_images((other, named), VulnScan(settings=settings), Asking(), "team").report.findings
    assert alone == {one.fingerprint for one in both if one.image == "shop/api:1"}


@pytest.mark.parametrize(
    ("runs", "named", "same"),
    [
        ("nginx:1.25", "docker.io/library/nginx:1.25", True),
        ("docker.m.daocloud.io/library/nginx:1.25", "nginx:1.25", True),
        ("nginx:1.25", "nginx:1.26", False),
        ("nginx:1.25", "nginx", True),
        ("registry.example.com/nginx:1.25", "nginx:1.25", False),
    ],
)
def test_a_workload_runs_the_image_also_from_a_mirror(runs: str, named: str, same: bool) -> None:
    assert is_run(runs, named) is same


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: docker.m.daocloud.io/library/nginx:1.25
        - name: api
          image: registry.example.com/shop/api:3
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
"""


def planned(folder: Path, settings: Settings, *images: str) -> Planned:
    (folder / "d.yaml").write_text(MANIFEST)
    return plan_for(Request((".",), packages=True, secrets=True, settings=settings, images=images, offline=True))


def test_a_vulnerable_image_leads_into_what_runs_it_and_a_newer_tag_ends_that(tmp_path: Path, alone: Path) -> None:
    named = f"nginx:1.25={image(tmp_path / 'image', lodash())}"
    plan = planned(alone, database(tmp_path), named)
    (one,) = by_rule(plan.seen.findings, "vulnerable-package")
    assert one.location is not None
    assert (one.location.path, one.location.line, one.image) == ("d.yaml", 11, "nginx:1.25")
    steps = [step for step in plan.graph.steps if one.fingerprint in step.findings]
    assert {step.kind for step in steps} == {"exploit-known-vulnerability"}
    assert "Deployment/shop/web" in {step.target for step in steps}
    (change,) = [c for c in plan.report(edits=True).changes if one.fingerprint in c.findings]
    assert change.title.en == "Take a newer version of docker.io/library/nginx"
    assert "image: docker.m.daocloud.io/library/nginx:TAG" in change.by_hand[0].what.en


def test_an_image_whose_dockerfile_is_here_is_built_on_a_newer_base(tmp_path: Path, alone: Path) -> None:
    (alone / "api").mkdir()
    (alone / "api/Dockerfile").write_text("FROM golang:1.20 AS build\nRUN x\nFROM debian:12.1\nCOPY x /\n")
    made = debian(("libssl3", "3.0.11-1~deb12u2", "openssl"))
    named = f"registry.example.com/shop/api:3={image(tmp_path / 'image', made)}"
    plan = planned(alone, database(tmp_path), named)
    (one,) = by_rule(plan.seen.findings, "pending-security-update")
    (change,) = [c for c in plan.report(edits=True).changes if one.fingerprint in c.findings]
    assert change.title.en == "Rebuild registry.example.com/shop/api on a newer base image"
    assert "in api/Dockerfile: FROM debian:12.1" in change.by_hand[0].what.en


def test_an_image_that_nothing_runs_is_listed_and_said_to_be_no_part_of_the_order(tmp_path: Path, alone: Path) -> None:
    plan = planned(alone, database(tmp_path), f"redis:7={image(tmp_path / 'image', lodash())}")
    (gap,) = [one for one in plan.seen.gaps if one.subject == "redis:7"]
    assert not gap.named
    assert by_rule(plan.seen.findings, "vulnerable-package")


def test_a_secret_in_an_image_is_a_leaked_credential_of_the_plan(tmp_path: Path, alone: Path) -> None:
    secret = layer(file("srv/a.py", f'token = "{TOKEN}"'.encode()))
    plan = planned(alone, NO_SETTINGS, f"nginx:1.25={image(tmp_path / 'image', secret)}")
    (one,) = by_rule(plan.seen.findings, "gitlab-pat")
    assert "srv/a.py:1 of the image" in one.message.en
    assert "use-leaked-secret" in {step.kind for step in plan.graph.steps if one.fingerprint in step.findings}


def test_all_images_are_looked_for_and_what_cannot_be_had_is_a_gap(alone: Path) -> None:
    (alone / "d.yaml").write_text(MANIFEST)
    plan = plan_for(Request((".",), all_images=True, offline=True))
    gaps = {one.subject: (one.reason, one.named) for one in plan.seen.gaps}
    assert gaps["docker.m.daocloud.io/library/nginx:1.25"] == (GapReason.MISSING, True)
    assert gaps["registry.example.com/shop/api:3"] == (GapReason.MISSING, True)
