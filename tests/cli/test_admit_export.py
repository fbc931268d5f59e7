"""`fourc admit export` prints policies, says what they leave out, and writes files where it is asked to."""

import json
from pathlib import Path

import pytest
import yaml

from fourc.cli.main import main

FORMAT = ["admit", "export", "--format", "vap", "--lang", "en"]


def test_one_check_is_policies_of_its_own_with_a_binding_for_its_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, "--check", "host-path-volume", "--stage", "warn", "-n", "shop"]) == 0
    said = capsys.readouterr()
    objects = list(yaml.safe_load_all(said.out))
    assert [(o["kind"][:29], o["metadata"]["name"]) for o in objects[:2]] == [
        ("ValidatingAdmissionPolicy", "fourc-host-path-volume-pods"),
        ("ValidatingAdmissionPolicyBind", "fourc-host-path-volume-pods"),
    ]
    assert objects[1]["spec"]["validationActions"] == ["Warn", "Audit"]
    selected = objects[1]["spec"]["matchResources"]["namespaceSelector"]["matchExpressions"]
    assert selected == [{"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["shop"]}]
    assert said.err == ""


def test_what_cannot_be_said_stands_above_the_policies_and_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, "--check", "rbac-wildcard", "--check", "single-replica"]) == 0
    said = capsys.readouterr()
    for text in (said.out.partition("apiVersion")[0], said.err):
        assert "single-replica (not expressible): " in text
        assert "rbac-wildcard (stricter): " in text


def test_of_the_whole_cluster_nothing_is_in_a_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, "--check", "webhook-fails-open", "-n", "shop"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "webhook-fails-open (not expressible): it is about objects of the whole cluster" in said.err


def test_as_json_it_has_the_files_and_what_they_leave_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, "--check", "node-port-service", "--check", "single-replica", "-f", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert [file["name"] for file in told["files"]] == ["services.yaml"]
    assert [(x["check"], x["fit"]) for x in told["left_out"]] == [("single-replica", "not-expressible")]


def test_files_are_written_into_the_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    assert main([*FORMAT, "--check", "host-port", "-o", str(folder)]) == 0
    assert sorted(file.name for file in folder.iterdir()) == ["cron-jobs.yaml", "pods.yaml", "templates.yaml"]
    assert capsys.readouterr().out == ""


def test_messages_are_in_the_language_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admit", "export", "--format", "vap", "--lang", "zh-CN", "--check", "node-port-service"]) == 0
    policy = next(yaml.safe_load_all(capsys.readouterr().out))
    assert policy["spec"]["validations"][0]["message"].startswith("node-port-service: Service 不得在每个节点上开放端口")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--check", "host-path-volum"], "did you mean host-path-volume"),
        (["--check", "host-port", "--exempt", "host-port"], "write CHECK=NAMESPACE/NAME"),
        (["--exempt", "nothing=a/b"], "there is no check nothing"),
        (["/nowhere/at/all"], "/nowhere/at/all does not exist"),
    ],
)
def test_what_does_not_exist_is_a_usage_error(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, *words]) == 2
    assert said in capsys.readouterr().err


def test_a_server_without_the_api_gets_nothing_and_every_check_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORMAT, "--check", "host-port", "--kubernetes-version", "1.29"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "host-port (not expressible): ValidatingAdmissionPolicy is stable from Kubernetes 1.30 on" in said.err


def test_a_file_that_no_export_wrote_is_left_alone_and_an_earlier_export_is_written_anew(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mine = tmp_path / "namespaces.yaml"
    mine.write_text("kind: Namespace\n")
    assert main([*FORMAT, "-o", str(tmp_path)]) == 2
    assert "namespaces.yaml is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["namespaces.yaml"]
    assert mine.read_text() == "kind: Namespace\n"
    mine.unlink()
    assert main([*FORMAT, "-q", "-o", str(tmp_path)]) == 0
    assert main([*FORMAT, "-q", "--stage", "deny", "-o", str(tmp_path)]) == 0
    assert "- Deny" in mine.read_text()


def test_a_format_without_stages_refuses_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admit", "export", "--format", "map", "--stage", "deny"]) == 2
    assert "no stages" in capsys.readouterr().err
