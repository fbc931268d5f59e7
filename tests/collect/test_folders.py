"""The acceptance battery: whatever stands in a folder, everything readable is read and the rest is a gap."""

import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from fourc.collect.files import list_files
from fourc.collect.limits import Budget, Limits, Options, SourceFile
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.manifests.collected import Collected
from fourc.model.gap import Gap

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: c, image: i}]}\n"
NO_TOOLS = Options(render=False)


def read(root: Path, *paths: Path, options: Options = NO_TOOLS) -> Collected:
    """What the folder holds, without rendering."""
    return collect_manifests(root, paths, options)


def names(collected: Collected) -> list[str]:
    """The workloads, as path/name."""
    return [f"{w.meta.origin.path}/{w.meta.name}" for w in collected.inventory.workloads]


def gaps(collected: Collected) -> list[tuple[str, str, int]]:
    """Reason, path and line of every gap."""
    return sorted((g.reason.value, g.location.path, g.location.line) for g in collected.gaps if g.location)


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """The folder with the files in it."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def test_an_empty_folder_and_empty_files_are_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "", "b.yaml": "# only a comment\n---\n---\n", "c.json": ""})
    assert (names(read(tmp_path)), gaps(read(tmp_path))) == ([], [])
    assert collect_stdin(b"").gaps == ()


def test_files_are_read_in_order_by_extension_and_json_only_if_it_is_an_object(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "z.yaml": POD % "z",
            "a/b.yml": POD % "b",
            "a/C.YAML": POD % "c",
            "d.json": '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"d"},"spec":{"containers":[]}}',
            "package-lock.json": '{"broken',
            "e.txt": POD % "e",
        },
    )
    result = read(tmp_path)
    assert names(result) == ["a/C.YAML/c", "a/b.yml/b", "d.json/d", "z.yaml/z"]
    assert (gaps(result), result.coverage.files) == ([], 4)


def test_a_file_that_is_named_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    write(tmp_path, {"pod.txt": POD % "p", "other.yaml": POD % "o"})
    assert names(read(tmp_path, tmp_path / "pod.txt")) == ["pod.txt/p"]
    assert gaps(read(tmp_path, tmp_path / "absent.yaml")) == [("missing", "absent.yaml", 1)]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": POD % "a"})
    assert names(read(tmp_path, tmp_path / "a.yaml", tmp_path)) == ["a.yaml/a"]


def test_a_broken_document_costs_nothing_but_itself(tmp_path: Path) -> None:
    text = POD % "first" + "---\na: [1\n---\n" + POD % "last"
    result = read(write(tmp_path, {"a.yaml": text}))
    assert names(result) == ["a.yaml/first", "a.yaml/last"]
    assert [(reason, path) for reason, path, _ in gaps(result)] == [("malformed", "a.yaml")]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"a: b\nc: \xff\n", "malformed", 2),
        (b"a: b\nc: \0\n", "malformed", 2),
        (b"a: b\nc: " + b"[" * 5000, "too-large", 2),
        (b'{"apiVersion": "v1", "kind": "Pod", "a": ' + b"[" * 100_000, "too-large", 1),
        (b"a: &a [x]\nb: *c\n", "malformed", 2),
        (b"a: &a {b: *a}\n", "malformed", 1),
        (b"--- # x\n--- what\n", "malformed", 2),
        (b"{{ if .Values.x }}\nkind: Pod\n{{ end }}\n", "unsupported", 1),
    ],
    ids=["invalid", "nul", "deep", "deep-json", "unknown-anchor", "cycle", "separator", "template"],
)
def test_what_cannot_be_read_is_a_gap_with_file_and_line(
    tmp_path: Path, content: bytes, reason: str, line: int
) -> None:
    write(tmp_path, {"bad.yaml": content, "good.yaml": POD % "g"})
    result = read(tmp_path)
    assert names(result) == ["good.yaml/g"]
    assert gaps(result) == [(reason, "bad.yaml", line)]
    assert [g.location.path for g in collect_stdin(content).gaps if g.location] == ["-"]


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]" for i in range(9)]
    result = read(write(tmp_path, {"bomb.yaml": "\n".join(lines), "good.yaml": POD % "g"}))
    assert names(result) == ["good.yaml/g"]
    assert [(reason, path) for reason, path, _ in gaps(result)] == [("too-large", "bomb.yaml")]


def test_limits_make_gaps_and_what_was_read_before_counts(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": POD % "a", "b.yaml": POD % "b" + "#" * 200, "c.yaml": POD % "c"})
    over_file = read(tmp_path, options=Options(render=False, limits=Limits(file_bytes=200)))
    assert (names(over_file), gaps(over_file)) == (["a.yaml/a", "c.yaml/c"], [("too-large", "b.yaml", 1)])
    over_total = read(tmp_path, options=Options(render=False, limits=Limits(total_bytes=150)))
    assert (names(over_total), gaps(over_total)) == (["a.yaml/a"], [("too-large", "b.yaml", 1)])
    over_objects = read(tmp_path, options=Options(render=False, limits=Limits(objects=1)))
    assert (names(over_objects), gaps(over_objects)) == (["a.yaml/a"], [("too-large", "b.yaml", 1)])
    over_nodes = read(tmp_path, options=Options(render=False, limits=Limits(nodes=3)))
    assert (names(over_nodes), {reason for reason, _, _ in gaps(over_nodes)}) == ([], {"too-large"})
    late = read(tmp_path, options=Options(render=False, limits=Limits(seconds=0)))
    assert (names(late), {reason for reason, _, _ in gaps(late)}) == ([], {"timed-out"})
    over_entries = read(write(tmp_path, {"d/e/f.yaml": ""}), options=Options(render=False, limits=Limits(entries=2)))
    assert ("too-large", "d", 1) in gaps(over_entries)


def test_problems_of_one_file_are_told_up_to_a_limit(tmp_path: Path) -> None:
    data = "".join(f"  k{i}: 1\n" for i in range(50))
    write(tmp_path, {"a.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}"})
    told = gaps(read(tmp_path, options=Options(render=False, limits=Limits(problems=3))))
    assert told == [("malformed", "a.yaml", line) for line in (1, 5, 6, 7)]
    told = gaps(read(tmp_path, options=Options(render=False, limits=Limits(gaps=2))))
    assert told == [("malformed", "a.yaml", line) for line in (1, 5, 6)]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_denied(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": POD % "a", "locked/b.yaml": POD % "b", "c.yaml": POD % "c"})
    (tmp_path / "a.yaml").chmod(0)
    (tmp_path / "locked").chmod(0)
    result = read(tmp_path)
    (tmp_path / "locked").chmod(0o700)
    assert (names(result), gaps(result)) == (["c.yaml/c"], [("denied", "a.yaml", 1), ("denied", "locked", 1)])


def test_links_are_not_followed_and_those_out_of_the_tree_are_gaps(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"real/a.yaml": POD % "a"})
    write(tmp_path / "outside", {"secret.yaml": POD % "secret"})
    (root / "inside").symlink_to("real")
    (root / "inside.yaml").symlink_to("real/a.yaml")
    (root / "out").symlink_to("../outside")
    (root / "out.yaml").symlink_to("../outside/secret.yaml")
    (root / "broken.yaml").symlink_to("nothing")
    (root / "loop.yaml").symlink_to("loop.yaml")
    (root / "real" / "up").symlink_to("..")
    result = read(root)
    assert names(result) == ["real/a.yaml/a"]
    assert gaps(result) == [
        ("missing", "broken.yaml", 1),
        ("unreadable", "loop.yaml", 1),
        ("unreadable", "out", 1),
        ("unreadable", "out.yaml", 1),
        ("unreadable", "real/up", 1),
    ]


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"outside/a.yaml": POD % "a", "root/b.yaml": POD % "b"})
    (tmp_path / "root" / "link").symlink_to("../outside")
    (tmp_path / "also").symlink_to("root")
    assert names(read(tmp_path / "also")) == ["b.yaml/b"]
    assert names(read(tmp_path / "root", tmp_path / "root" / "link" / "a.yaml")) == ["link/a.yaml/a"]


def test_pipes_sockets_and_devices_are_gaps_and_nothing_waits(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": POD % "a"})
    os.mkfifo(tmp_path / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.yaml"))
        result = read(tmp_path)
    assert (names(result), gaps(result)) == (
        ["a.yaml/a"],
        [("unreadable", "pipe.yaml", 1), ("unreadable", "s.yaml", 1)],
    )
    assert gaps(read(tmp_path, tmp_path / "pipe.yaml")) == [("unreadable", "pipe.yaml", 1)]
    assert gaps(read(tmp_path, Path("/dev/null")))[0][0] == "unreadable"


def test_a_file_that_becomes_something_else_after_the_listing_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.yaml": POD % "a", "b.yaml": POD % "b", "c.yaml": POD % "c", "d.yaml": POD % "d"})

    def list_then_change(
        root: Path, paths: Sequence[Path], budget: Budget, *, read_ignored: bool = False
    ) -> tuple[list[SourceFile], list[Gap]]:
        found = list_files(root, paths, budget, read_ignored=read_ignored)
        for name in ("a.yaml", "b.yaml", "c.yaml"):
            (tmp_path / name).unlink()
        (tmp_path / "b.yaml").symlink_to("d.yaml")
        os.mkfifo(tmp_path / "c.yaml")
        return found

    monkeypatch.setattr("fourc.collect.manifests.folder.list_files", list_then_change)
    result = read(tmp_path)
    assert names(result) == ["d.yaml/d"]
    assert gaps(result) == [("missing", "a.yaml", 1), ("unreadable", "b.yaml", 1), ("unreadable", "c.yaml", 1)]


def test_a_file_name_that_is_not_utf_8_is_a_gap(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml")).write_text(POD % "x")
    except OSError:
        pytest.skip("the file system takes no such name")
    assert gaps(read(tmp_path)) == [("unreadable", "\\xff.yaml", 1)]


def git(folder: Path, *arguments: str) -> None:
    """Run git as a user with an empty configuration would."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def test_what_git_ignores_is_read_only_when_asked(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "build/\nlocal.yaml\nkept.yaml\n",
            "a.yaml": POD % "a",
            "build/b.yaml": POD % "b",
            "sub/local.yaml": POD % "l",
            "kept.yaml": POD % "k",
            "nested/.gitignore": "own.yaml\n",
            "nested/own.yaml": POD % "o",
            "nested/n.yaml": POD % "own",
        },
    )
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", "kept.yaml")
    git(tmp_path / "nested", "init", "-q")
    assert names(read(tmp_path)) == ["a.yaml/a", "kept.yaml/k", "nested/n.yaml/own"]
    assert names(read(tmp_path / "sub")) == []
    assert names(read(tmp_path, tmp_path / "build")) == ["build/b.yaml/b"]
    every = read(tmp_path, options=Options(read_ignored=True, render=False))
    assert names(every) == [
        "a.yaml/a",
        "build/b.yaml/b",
        "kept.yaml/k",
        "nested/n.yaml/own",
        "nested/own.yaml/o",
        "sub/local.yaml/l",
    ]


def test_a_repository_cannot_make_git_run_or_hide_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"repo/a.yaml": POD % "a"})
    repository, witness = tmp_path / "repo", tmp_path / "witness"
    git(repository, "init", "-q")
    write(repository, {".git/hooks/run": f"#!/bin/sh\ntouch {witness}\n"})
    (repository / ".git/hooks/run").chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(repository / ".git/hooks/run"))
    git(repository, "config", "core.worktree", "/")
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    assert names(read(repository)) == ["a.yaml/a"]
    assert not witness.exists()


def test_without_git_everything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {".gitignore": "a.yaml\n", "a.yaml": POD % "a", ".git/config.yaml": POD % "g"})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert names(read(tmp_path)) == ["a.yaml/a"]
