"""Whatever a person reads is there in both languages: help, usage errors, errors and their hints, reasons in gaps."""

import argparse
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fourc.cli.arguments import _ARGPARSE
from fourc.cli.language import spoken
from fourc.cli.main import COMMANDS, main
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.text import Lang
from fourc.patch.yaml.edit import EditRefused, edits
from fourc.patch.yaml.operations import Append, Operation, Remove, Set
from fourc.patch.yaml.reader import compose, split

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?<![\w`'/-])(?!fourc |scan all|fix all)[a-z]{2,}(?: [a-z]{2,}){2,}(?![\w`'/-])")
"""Three English words in a row: no flag, name or command of ours looks like that."""

# What argparse says only to programmers who use it wrongly, and what belongs to features that no command uses.
UNREACHABLE = re.compile(
    r"callable|conflict|subparser|parser_name|mode %r|can't open|cannot merge|invalid argument for|invalid option string"
    r"|dest=|mutually exclusive arguments must|multiple subparser|__call__|deprecated"
)


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("how", ["flag", "locale"])
def test_help_is_chinese_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, how: str
) -> None:
    for key in ("LC_ALL", "LC_MESSAGES", "LANG", "FOURC_LANG"):
        monkeypatch.delenv(key, raising=False)
    words = ["--help"]
    if how == "flag":
        words += ["--lang", "zh-CN"]
    else:
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    if command:
        with pytest.raises(SystemExit) as ended:
            main([command, *words])
        assert ended.value.code == 0
    else:
        assert main(words) == 0
    said = capsys.readouterr().out
    assert CHINESE.search(said)
    assert SENTENCE.findall(said) == []


def test_every_word_of_argparse_that_a_person_can_meet_is_translated() -> None:
    source = inspect.getsource(argparse)
    calls = re.findall(r"(?<!\w)(?:_|ngettext)\(\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", source)
    said = {call[1:-1].encode().decode("unicode_escape") for call in calls}
    assert {s for s in said if not UNREACHABLE.search(s)} <= set(_ARGPARSE)
    assert all(
        re.findall(r"%\(\w+\)[rs]|%[rs]", k) == re.findall(r"%\(\w+\)[rs]|%[rs]", v) for k, v in _ARGPARSE.items()
    )


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--nope"],
        ["show"],
        ["show", "--lang"],
        ["plan", "-f", "yaml"],
        ["plan", "--exit-code", "many"],
        ["fix", "1", "--diff", "--apply"],
        ["fix", "1", "--force=yes"],
    ],
)
def test_usage_errors_are_chinese_too_and_exit_with_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "zh-CN", *words] if words[0] not in COMMANDS else [words[0], "--lang", "zh-CN", *words[1:]])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert CHINESE.search(said)
    assert SENTENCE.findall(said) == []


@pytest.mark.parametrize(
    "words",
    [
        ["no-such-folder"],
        ["-", "."],
        ["fix", "99", "."],
        ["fix", "nope", "."],
        ["show", "0"],
        ["why", "0123"],
        ["rule", "nope"],
        ["rule", "privileged-containr"],
        ["scan", "everything"],
        ["done", "1", "--took", "soon"],
        ["plan", "--kubernetes-version", "two"],
        ["plan", "--budget", "20000h"],
        ["plan", "-n", "a", "-A"],
        ["rules", "-o", "no/such/folder"],
        ["rules", "-c", "none.toml"],
    ],
)
def test_errors_and_hints_are_chinese_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: a}]}\n"
    )
    assert main([*words, "--lang", "zh-CN"]) == 2
    lines = capsys.readouterr().err.replace("No such file or directory", "").splitlines()
    assert lines[0].startswith("fourc: ")
    assert [line for line in lines if not CHINESE.search(line) or SENTENCE.search(line)] == []


@pytest.mark.parametrize(
    "text",
    [
        b"a: [1\n",
        b"a: {1\n",
        b"a: b: c\n",
        b"a:\n\tb: 1\n",
        b"a: 'x\n",
        b"- a\nb: 1\n",
        b"a: &x *x\n",
        b"a: *x\n",
        b"? [a]\n: 1\n",
        b"a: !!int x\n",
        b"a: !!binary '-'\n",
        b"a: .inf\n",
        b"null: 1\n",
        b"<<: 1\n",
        b'a: "\\z"\n',
        b"a: @x\n",
        b"a: \x01\n",
        b"a: \xff\n",
        b"a: \x00\n",
        b"a: 1\n--- b\n",
        b"%YAML 1.1\na: 1\n",
        b"a: 1\n b: 2\n",
        b"a: &\n",
        b"a: !h!x 1\n",
        b"a: |x\n",
        b'{"a": }',
        b'{"a": 1,}',
        b'{"a" 1}',
        b"{a: 1}",
        b'{"a": "x',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"a: " + b"[" * 200,
        b'{"a": ' + b"[" * 200,
    ],
)
def test_why_a_file_cannot_be_read_is_told_in_both_languages(text: bytes) -> None:
    gaps = collect_stdin(text).gaps
    assert gaps
    for gap in gaps:
        assert gap.message.en.isascii()
        assert SENTENCE.findall(gap.message.zh + gap.remedy.zh) == []
        assert CHINESE.search(gap.message.zh.partition("：")[2] or gap.message.zh)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("a: &x {b: 1}\nc: *x\n", Set(("a", "b"), 2)),
        ("a: &x {b: 1}\nc: *x\n", Set(("c", "b"), 2)),
        ("a: 1\na: 2\n", Set(("a",), 3)),
        ("x: &x {b: 1}\na:\n  <<: *x\n  c: 1\n", Remove(("a", "b"))),
        ("? a\n: 1\n", Set(("a",), 2)),
        ("a: 1\n", Set(("a", "b"), 2)),
        ("a: 1\n", Append(("a",), 2)),
        ("a: [1]\n", Set(("a", 4), 2)),
        ("a: 1\n", Remove(())),
        ("a: 1\n", Set(("a",), 2**70)),
        ("a: 1\n", Set(("a",), float("inf"))),
    ],
)
def test_why_an_edit_is_refused_is_told_in_both_languages(text: str, operation: Operation) -> None:
    root = compose(next(split(text)))
    assert root is not None
    with pytest.raises(EditRefused) as caught:
        edits(text, root, [operation])
    error = caught.value
    assert error.hint is not None
    assert CHINESE.search(error.message.zh)
    assert SENTENCE.findall(error.message.zh + error.hint.zh) == []


def test_the_language_is_asked_for_then_configured_then_the_locales() -> None:
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert spoken([], chinese) is Lang.ZH
    assert spoken([], {**chinese, "LC_ALL": "C"}) is Lang.EN
    assert spoken([], {**chinese, "FOURC_LANG": "en"}) is Lang.EN
    assert spoken(["--lang", "en"], chinese) is Lang.EN
    assert spoken(["--lang=zh-CN"], {"LANG": "C", "FOURC_LANG": "en"}) is Lang.ZH


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1"])
def test_what_is_piped_is_utf_8_whatever_the_locale_says(encoding: str, tmp_path: Path) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true # 需要吗？\n  containers: [{name: a}]\n"
    )
    (tmp_path / "pod.yaml").write_text(pod, "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "fourc"]
    plan = subprocess.run(
        [*command, str(tmp_path), "--lang", "zh-CN"], capture_output=True, env=environment, check=True
    )
    assert CHINESE.search(plan.stdout.decode("utf-8"))
    words = [*command, "fix", "all", str(tmp_path), "--upto", "decision", "--diff"]
    diff = subprocess.run(words, capture_output=True, env=environment, check=True).stdout
    assert "# 需要吗？" in diff.decode("utf-8")
    subprocess.run(["git", "apply", "--check", "-"], cwd=tmp_path, input=diff, check=True, capture_output=True)
