"""`fourc graph`, `fourc rbac` and `fourc why` for a path, through the real command line."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from fourc.cli.main import main
from fourc.report.text import width

SHOP = Path(__file__).parents[2] / "examples" / "shop"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(words) == code
    return capsys.readouterr().out


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Mapping[str, list[Mapping[str, object]]]:
    made: Mapping[str, list[Mapping[str, object]]] = json.loads(said(capsys, "graph", str(SHOP), "-f", "json"))
    return made


def test_the_json_fits_its_schema_and_two_runs_print_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "graph", str(SHOP), "-f", "json")
    schema = json.loads(files("fourc").joinpath("data/graph.schema.json").read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(json.loads(first))] == []
    assert said(capsys, "graph", str(SHOP), "-f", "json") == first


def test_every_name_in_the_json_is_known_and_paths_are_chains(report: Mapping[str, list[Mapping[str, object]]]) -> None:
    nodes = {n["id"] for n in report["nodes"]}
    steps = {s["id"]: s for s in report["steps"]}
    goals = {g["id"] for g in report["goals"]}
    assert len(nodes) == len(report["nodes"])
    assert len(steps) == len(report["steps"])
    assert goals <= nodes
    for step in steps.values():
        assert {step["from"], step["to"]} <= nodes
        assert isinstance(step["when"], list)
        assert set(step["when"]) <= nodes
    for path in report["paths"]:
        assert isinstance(path["steps"], list)
        chain = [steps[name] for name in path["steps"]]
        assert chain[0]["from"] == "internet"
        assert chain[-1]["to"] == path["goal"]
        assert path["goal"] in goals
        assert all(one["to"] == two["from"] for one, two in pairwise(chain))
        assert (path["basis"] == "assumed") == any(s["basis"] == "assumed" for s in chain)


def test_each_workload_has_a_path_to_each_goal_that_it_leads_to(
    report: Mapping[str, list[Mapping[str, object]]],
) -> None:
    out: dict[object, set[object]] = {}
    for step in report["steps"]:
        out.setdefault(step["from"], set()).add(step["to"])
    steps = {s["id"]: s for s in report["steps"]}
    through: dict[object, set[object]] = {}
    for path in report["paths"]:
        assert isinstance(path["steps"], list)
        for name in path["steps"]:
            through.setdefault(steps[name]["to"], set()).add(path["goal"])
    goals = {g["id"] for g in report["goals"]}
    for workload in (s["to"] for s in report["steps"] if s["kind"] == "broken-in"):
        reached, front = {workload}, [workload]
        while front:
            front = [t for n in front for t in out.get(n, ()) if t not in reached and not reached.add(t)]  # type: ignore[func-returns-value]
        assert (reached & goals) - through[workload] == set()


def test_an_entry_leads_from_the_internet_straight_into_the_workload(
    report: Mapping[str, list[Mapping[str, object]]],
) -> None:
    (entry,) = [s for s in report["steps"] if s["kind"] == "enter-through-ingress" and str(s["to"]).endswith("/web")]
    assert (entry["from"], entry["basis"]) == ("internet", "inferred")
    assert all(word in str(entry["evidence"]) for word in ("Ingress web", "Service web", "80"))


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_text_is_a_screen_in_both_languages(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    lines = said(capsys, "graph", str(SHOP), "--lang", lang).splitlines()
    assert len(lines) <= 25
    assert max(map(width, lines)) <= 100
    assert sum("path-" in line for line in lines) >= 3
    assert bool(CHINESE.search("".join(lines))) is (lang == "zh-CN")


def test_the_text_tells_every_step_in_full(
    capsys: pytest.CaptureFixture[str], report: Mapping[str, list[Mapping[str, object]]]
) -> None:
    text = said(capsys, "graph", str(SHOP), "--lang", "en")
    assert "…" not in text
    steps = {s["id"]: re.sub(r" \(\S+:\d+(, \S+:\d+)*\)$", "", str(s["evidence"])) for s in report["steps"]}
    (first,) = [p for p in report["paths"] if p["id"] == re.findall(r"path-[0-9a-f]{10}", text)[0]]
    assert isinstance(first["steps"], list)
    words = " ".join(text.split())
    assert any(len(steps[name]) > 100 for name in first["steps"])
    assert all(steps[name] in words for name in first["steps"])


def test_why_tells_a_path_and_which_change_breaks_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "graph", str(SHOP))
    path = next(iter(re.findall(r"path-[0-9a-f]{10}", text)))
    english = said(capsys, "why", path, str(SHOP))
    assert english.startswith("How an attacker gets to")
    assert "fourc show" in english
    assert re.search(r"\(\S+\.yaml:\d+\)", english)
    assert CHINESE.search(said(capsys, "why", path, str(SHOP), "--lang", "zh-CN"))
    assert main(["why", "path-0000000000", str(SHOP)]) == 2
    assert "no path has the id" in capsys.readouterr().err


def test_the_page_loads_nothing_and_holds_the_paths(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "graph", str(SHOP), "-f", "html")
    assert re.findall(r"""(?:src|href)\s*=|@import|url\(""", page) == []
    assert "<svg" in page
    assert "path-" in page


def test_drawing_programs_can_read_it(
    capsys: pytest.CaptureFixture[str], report: Mapping[str, list[Mapping[str, object]]]
) -> None:
    root = ET.fromstring(said(capsys, "graph", str(SHOP), "-f", "graphml"))  # noqa: S314 - our own output
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert {n.attrib["id"] for n in root.iter(f"{space}node")} == {n["id"] for n in report["nodes"]}
    assert {e.attrib["id"] for e in root.iter(f"{space}edge")} == {s["id"] for s in report["steps"]}
    dot = said(capsys, "graph", str(SHOP), "-f", "dot")
    assert dot.startswith("digraph attack {")
    assert dot.count(" -> ") >= len(report["steps"])


def test_a_folder_without_manifests_gives_an_empty_graph(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "No path leads to a goal" in said(capsys, "graph", str(tmp_path))
    empty = json.loads(said(capsys, "graph", str(tmp_path), "-f", "json"))
    assert empty["paths"] == []


def test_who_can_answers_with_role_and_binding_as_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "rbac", "who-can", "get", "secrets", str(SHOP))
    assert "ServiceAccount shop/default  (namespace shop)" in text
    assert "RoleBinding default-config-reader -> Role config-reader  deploy/api.yaml:" in text
    only = said(capsys, "rbac", "who-can", "get", "secrets", str(SHOP), "-A")
    assert "default-config-reader" not in only
    assert "ci-runner-admin" in only
    answer = json.loads(said(capsys, "rbac", "who-can", "create", "pods/exec", "-n", "shop", str(SHOP), "-f", "json"))
    assert {a["binding"]["name"] for a in answer["answers"] if not a["built_in"]} >= {"admin-support"}
    assert all(a["locations"] for a in answer["answers"] if not a["built_in"])


def test_who_becomes_administrator_is_told_with_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "rbac", "admins", str(SHOP))
    assert (
        "ServiceAccount ci/ci-runner\n      - ClusterRoleBinding ci-runner-admin gives ClusterRole cluster-admin"
        in text
    )
    rows = json.loads(said(capsys, "rbac", "admins", str(SHOP), "-f", "json"))["administrators"]
    assert {r["identity"] for r in rows} >= {"identity:ci/ci-runner"}
    assert CHINESE.search(said(capsys, "rbac", "admins", str(SHOP), "--lang", "zh-CN"))


def test_what_nobody_uses_is_listed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: lost, namespace: x}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone}\n"
        "subjects: [{kind: User, name: ann}]\n"
    )
    assert "RoleBinding x/lost: Role gone was not read" in said(capsys, "rbac", "unused", str(tmp_path))
    rows = json.loads(said(capsys, "rbac", "unused", str(tmp_path), "-f", "json"))["unused"]
    assert [r["object"]["name"] for r in rows] == ["lost"]


@pytest.mark.parametrize("words", [["rbac", "who-can", "get"], ["rbac", "who-can"]])
def test_a_question_without_its_words_is_refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 2
    assert "verb and a resource" in capsys.readouterr().err
