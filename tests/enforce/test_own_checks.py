"""Checks that users write run, locate and export like our own, and a broken one is said with its line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fourc.app.look import look
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.enforce.export import Asked
from fourc.enforce.own_files import read_checks
from fourc.enforce.vap import exported
from fourc.errors import UsageError
from fourc.model.gap import GapReason
from fourc.model.remedy import NoFix
from fourc.model.subject import Ref

CHECK = """\
apiVersion: fourc.dev/v1
kind: Check
metadata:
  name: image-from-our-registry
spec:
  severity: high
  layer: container
  title:
    en: An image comes from a registry that is not ours
    zh: 镜像不来自我们的仓库
  why:
    en: only the images of registry.example.com are scanned
    zh: 只有 registry.example.com 的镜像会被扫描
  references: [house:R1]
  match: [pods]
  variables:
    - name: ours
      expression: "'registry.example.com/'"
  validations:
    - expression: variables.containers.all(c, c.image.startsWith(variables.ours))
      message:
        en: use an image of registry.example.com
        zh: 请使用 registry.example.com 的镜像
      path: containers
"""
OWNED = """\
apiVersion: fourc.dev/v1
kind: Check
metadata: {name: config-names-its-team}
spec:
  title: A ConfigMap names its team
  match: [v1/ConfigMap]
  validations:
    - expression: "'team' in object.metadata.labels"
      path: metadata.labels
"""
MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - {name: web, image: "docker.io/library/nginx:1.27"}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - {name: report, image: "registry.example.com/report:2"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: other
  labels:
    app: web
---
apiVersion: v1
kind: ConfigMap
metadata: {name: bare}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with manifests and two checks of the user's own."""
    checks = tmp_path / ".fourc" / "checks"
    checks.mkdir(parents=True)
    (checks / "registry.yaml").write_text(CHECK, "utf-8")
    (checks / "team.yaml").write_text(OWNED, "utf-8")
    (tmp_path / "all.yaml").write_text(MANIFESTS, "utf-8")
    return tmp_path


def test_they_find_what_their_expressions_say_at_the_field_that_they_name(folder: Path) -> None:
    pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
    seen = look(Request((str(folder),)))
    own = {
        f.rule: (f.subject.kind, f.subject.name, f.location.line if f.location else 0, f.severity.word, f.message.zh)
        for f in seen.findings
        if f.rule in {"image-from-our-registry", "config-names-its-team"}
    }
    assert own == {
        "image-from-our-registry": ("Deployment", "web", 7, "high", "请使用 registry.example.com 的镜像"),
        "config-names-its-team": ("ConfigMap", "other", 25, "medium", "A ConfigMap names its team"),
    }


def test_an_object_that_a_check_cannot_judge_is_a_gap_and_no_pass(folder: Path) -> None:
    pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
    gaps = [g for g in look(Request((str(folder),))).gaps if "config-names-its-team" in g.message.en]
    assert [(g.reason, g.subject, g.location.line if g.location else 0) for g in gaps] == [
        (GapReason.UNSUPPORTED, Ref("ConfigMap", "default", "bare"), 28)
    ]
    assert "labels" in gaps[0].message.en


def test_they_count_in_the_plan_and_say_why_there_is_no_fix(folder: Path) -> None:
    pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
    report = plan_for(Request((str(folder),))).report()
    found = next(f for f in report.findings if f.rule == "image-from-our-registry")
    assert isinstance(found.fix, NoFix)
    assert "only the images of registry.example.com are scanned" in found.fix.why.en


def test_without_the_extra_a_gap_names_it(folder: Path) -> None:
    hide = "import sys; sys.modules['cel_expr_python'] = None; from fourc.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", hide, "scan", "config", str(folder), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "your own checks were not run" in done.stdout + done.stderr
    assert "pip install 'fourc[cel]'" in done.stdout + done.stderr


def test_they_are_exported_with_the_same_expressions(folder: Path) -> None:
    own = read_checks(sorted((folder / ".fourc" / "checks").iterdir()))
    made = exported(Asked(checks=frozenset(c.id for c in own), own=own))
    policies = {
        o["metadata"]["name"]: o["spec"]
        for file in made.files
        for o in yaml.safe_load_all(file.text)
        if o["kind"] == "ValidatingAdmissionPolicy"
    }
    shapes = ("pods", "templates", "cron-jobs")
    assert set(policies) == {*(f"fourc-image-from-our-registry-{s}" for s in shapes), "fourc-config-names-its-team"}
    pods = policies["fourc-image-from-our-registry-cron-jobs"]
    assert [v["name"] for v in pods["variables"]] == ["pod", "containers", "ours"]
    assert pods["validations"][0]["expression"] == "variables.containers.all(c, c.image.startsWith(variables.ours))"
    matched = policies["fourc-config-names-its-team"]["matchConstraints"]["resourceRules"][0]
    assert (matched["apiGroups"], matched["apiVersions"], matched["resources"]) == ([""], ["v1"], ["configmaps"])


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("kind: Check", "kind: Chekc", 2, "apiVersion, kind must be fourc.dev/v1, Check"),
        ("name: image-from-our-registry", "name: Image", 4, "metadata.name must be lower-case words"),
        ("name: image-from-our-registry", "name: privileged-container", 4, "is a check of fourc's own"),
        ("severity: high", "severity: awful", 6, "spec.severity must be one of info"),
        ("references:", "refs:", 14, "there is no field refs"),
        ("match: [pods]", "match: [Pod]", 15, "spec.match[0] must be `pods`"),
        ("c.image.startsWith(", "c.image.startsWith((", 20, "the expression is no CEL"),
        ("  validations:", "  - validations:", 19, ""),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, said: str
) -> None:
    pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
    file = tmp_path / "check.yaml"
    file.write_text(CHECK.replace(before, after, 1), "utf-8")
    with pytest.raises(UsageError) as raised:
        read_checks([file])
    assert raised.value.message.en.startswith(f"{file}, line {line}: ")
    assert said in raised.value.message.en
    assert raised.value.hint is not None


def test_two_files_cannot_hold_the_same_check(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(OWNED, "utf-8")
    with pytest.raises(UsageError, match=r"b\.yaml.*stands in .*a\.yaml"):
        read_checks([tmp_path / "a.yaml", tmp_path / "b.yaml"])


def test_a_folder_that_was_named_and_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        look(Request((str(folder),), own_checks=(str(folder / "none"),)))


def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "check.yaml")
    with pytest.raises(UsageError, match="no regular file"):
        read_checks([tmp_path / "check.yaml"])


def test_an_expression_that_makes_a_text_without_end_is_a_gap(folder: Path) -> None:
    pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
    growing = "['x']" + f".map(a, {' + '.join(['a'] * 9)})" * 11 + ".all(a, a.size() > 0)"
    (folder / ".fourc" / "checks" / "team.yaml").write_text(
        OWNED.replace("\"'team' in object.metadata.labels\"", f'"{growing}"')
    )
    command = [sys.executable, "-m", "fourc", "scan", "config", str(folder), "-f", "json"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    gaps = [g for g in json.loads(done.stdout)["gaps"] if "config-names-its-team" in g["message"]]
    assert [g["subject"]["name"] for g in gaps] == ["other", "bare"]
    assert "Traceback" not in done.stderr
