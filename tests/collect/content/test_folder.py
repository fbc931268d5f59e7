"""Every file of a folder is read once, whatever it is; what is not read is told."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from fourc.collect.content import folder
from fourc.collect.content.folder import Part, Pile, Reader, list_all
from fourc.model.gap import Gap, GapReason


def contents(root: Path, *paths: Path, read_ignored: bool = False) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """By file its bytes, put together again, and reason and path of every gap."""
    listing = list_all(root, paths or (root,), read_ignored=read_ignored)
    gaps = [*listing.gaps]
    found: dict[str, bytes] = {}
    for item in Reader(listing).read(listing.files):
        match item:
            case Gap():
                gaps.append(item)
            case Pile(data=data, ends=ends, files=files):
                starts = [0, *(end + 1 for end in ends[:-1])]
                found |= {name: bytes(data[a:b]) for name, a, b in zip(files, starts, ends, strict=True)}
            case Part(file=file, data=data, start=start, own=own):
                found[file] = found.get(file, b"") + data[own.start - start : own.stop - start]
    return found, [(gap.reason.value, gap.location.path) for gap in gaps if gap.location]


def test_files_of_any_kind_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Empty, binary and without an ending; those of a folder after those beside it."""
    for name, data in {"b": b"", "a.bin": b"\0\1", "z/y/x": b"deep", "c.py": b"no end of line"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found, gaps = contents(tmp_path)
    assert list(found.items()) == [("a.bin", b"\0\1"), ("b", b""), ("c.py", b"no end of line"), ("z/y/x", b"deep")]
    assert gaps == []


@pytest.mark.parametrize(
    "size",
    [folder.PILE_BYTES - 1, folder.PILE_BYTES, folder.PILE_BYTES + 1, folder.PART_BYTES, 3 * folder.PART_BYTES + 7],
)
def test_large_files_come_in_parts_that_own_every_byte_once(tmp_path: Path, size: int) -> None:
    """Beside small ones, which stay whole."""
    data = os.urandom(size)
    for name, content in {"a": b"before", "b": data, "c": b"after"}.items():
        (tmp_path / name).write_bytes(content)
    found, gaps = contents(tmp_path)
    assert (found, gaps) == ({"a": b"before", "b": data, "c": b"after"}, [])


def test_what_git_ignores_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    """Also where the folder scanned is a part of the work tree, or holds one; `.git` is never read."""
    inner = tmp_path / "part" / "repository"
    for root in (tmp_path, inner):
        root.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "init", "-q", root], check=True)
        (root / ".gitignore").write_text("*.log\nbuild/\n")
        (root / "build").mkdir()
        for name in ("kept", "out.log", "build/out"):
            (root / name).write_text("x")
    everything = {".gitignore", "kept", "out.log", "build/out"}
    found, _ = contents(inner.parent)
    assert set(found) == {"repository/.gitignore", "repository/kept"}
    assert set(contents(inner.parent, read_ignored=True)[0]) == {f"repository/{name}" for name in everything}
    assert set(contents(tmp_path)[0]) == {".gitignore", "kept", "part/repository/.gitignore", "part/repository/kept"}


def test_a_named_file_is_read_through_a_link_and_shown_as_named(tmp_path: Path) -> None:
    """Also outside the root."""
    (tmp_path / "root").mkdir()
    (tmp_path / "real").write_text("x")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "real")
    found, gaps = contents(tmp_path / "root", tmp_path / "root" / "link", tmp_path / "real", tmp_path / "none")
    assert (found, gaps) == ({"link": b"x", "../real": b"x"}, [("missing", "../none")])


def test_links_and_special_files_are_gaps(tmp_path: Path) -> None:
    """A link within the folder is none: its target is read under its own name."""
    (tmp_path / "a").write_text("x")
    for name, target in {"inside": "a", "outside": "/etc/hostname", "broken": "nothing", "loop": "loop"}.items():
        (tmp_path / name).symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "socket"))
        found, gaps = contents(tmp_path)
    assert found == {"a": b"x"}
    assert sorted(gaps) == [
        ("missing", "broken"),
        *(("unreadable", name) for name in ("loop", "outside", "pipe", "socket")),
    ]


def test_what_changes_while_it_is_read_is_a_gap(tmp_path: Path) -> None:
    """A file that vanishes, one that becomes a link, and one that becomes a pipe: nothing hangs."""
    for name in ("gone", "link", "pipe", "stays"):
        (tmp_path / name).write_text(name)
    listing = list_all(tmp_path, [tmp_path])
    for name in ("gone", "link", "pipe"):
        (tmp_path / name).unlink()
    (tmp_path / "link").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe")
    items = [*Reader(listing).read(listing.files)]
    assert [(g.reason, g.location.path) for g in items if isinstance(g, Gap) and g.location] == [
        (GapReason.MISSING, "gone"),
        (GapReason.UNREADABLE, "link"),
    ]
    assert [bytes(p.data) for p in items if isinstance(p, Pile)] == [b"\nstays\n"]


def test_what_is_over_a_limit_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more bytes than are read, and what comes after more files than are looked at; the rest is read."""
    for name in ("a", "b/c", "d/e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(folder.MOST_BYTES + 1)
    monkeypatch.setattr(folder, "MOST_ENTRIES", 4)
    assert contents(tmp_path) == ({"a": b"x", "b/c": b"x"}, [("too-large", "d/"), ("too-large", "large")])


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_gap(tmp_path: Path) -> None:
    """A folder and a file."""
    (tmp_path / "folder").mkdir(mode=0)
    (tmp_path / "file").touch(mode=0)
    assert contents(tmp_path) == ({}, [("denied", "folder"), ("denied", "file")])


def test_an_error_of_the_system_is_a_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is: the next file is read."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    scandir, read = os.scandir, os.readv

    def fails_once(_handle: int, _buffers: object) -> int:
        monkeypatch.setattr(os, "readv", read)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "readv", fails_once)
    assert contents(tmp_path) == ({"b": b"b"}, [("unreadable", "a")])

    def denied(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "scandir", denied)
    assert contents(tmp_path) == ({"a": b"a", "b": b"b"}, [("denied", "closed")])


def test_a_name_that_is_no_utf8_can_be_read_and_shown(tmp_path: Path) -> None:
    """Its bytes are shown as escapes."""
    try:
        (tmp_path / os.fsdecode(b"caf\xe9")).write_text("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    listing = list_all(tmp_path, [tmp_path])
    assert [folder.printable(name) for name in listing.files] == [r"caf\xe9"]
    assert [bytes(item.data) for item in Reader(listing).read(listing.files) if isinstance(item, Pile)] == [b"x\n"]
