"""Sources come as files, folders and archives, and give the same files."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from fourc.collect.advisories import files_of
from fourc.model.gap import Gap, GapReason

FILES = {"d/a.json": b"{}", "d/b.yaml": b"a: 1", "d/c.md": b"# c", "d/Packages": b"x", "d/notes.txt": b"no"}
PACKS: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda data: data,
    "tar.zst": zstandard.compress,
    "tar.gz": gzip.compress,
}
WANTED = {name: data for name, data in FILES.items() if name != "d/notes.txt"}


def tar() -> bytes:
    """The files as a tar archive, with a member that would lead upwards and a link."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("d/link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return held.getvalue()


def given(*sources: Path) -> dict[str, bytes]:
    """The files by the part of their path that is the archive's or the folder's own."""
    files: dict[str, bytes] = {}
    for file in files_of(sources):
        assert not isinstance(file, Gap), file
        path, data = file
        files[path.partition("!")[2] or path.partition("/in/")[2]] = data
    return files


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.zst", "tar.gz"])
def test_however_they_are_packed_the_files_are_the_same(tmp_path: Path, kind: str) -> None:
    source = tmp_path / f"in.{kind}"
    if kind == "folder":
        source = tmp_path / "in"
        for name, data in FILES.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(data)
        (source / "d" / "link.json").symlink_to("/etc/passwd")
    elif kind == "zip":
        with zipfile.ZipFile(source, "w") as archive:
            for name, data in FILES.items():
                archive.writestr(name, data)
    else:
        pack = PACKS[kind]
        source.write_bytes(pack(tar()))
    files = [file for file in files_of([source]) if not isinstance(file, Gap)]
    assert {path.replace(f"{source}!", "").replace(f"{source}/", ""): data for path, data in files} == WANTED


def test_a_folder_of_archives_gives_what_is_in_them_in_order(tmp_path: Path) -> None:
    (tmp_path / "b.json.zst").write_bytes(zstandard.compress(b"[]"))
    (tmp_path / "a.tar.zst").write_bytes(zstandard.compress(tar()))
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"x,y"))
    assert list(given(tmp_path)) == [*WANTED, "b.json", "c.csv"]


def test_what_cannot_be_read_is_a_gap_with_its_path_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.tar.zst").write_bytes(zstandard.compress(tar())[:-20])
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 torn")
    (tmp_path / "c.json.zst").write_bytes(b"no zstd at all")
    os.mkfifo(tmp_path / "d.json")
    os.mkfifo(tmp_path / "e.zip")
    (tmp_path / "f.json").write_bytes(b"{}")
    found = list(files_of([tmp_path, tmp_path / "absent"]))
    gaps = {gap.location.path.rpartition("/")[2] for gap in found if isinstance(gap, Gap) and gap.location}
    assert gaps >= {"b.zip", "c.json.zst", "d.json", "absent"}
    assert any(name.startswith("a.tar.zst") for name in gaps)
    assert (str(tmp_path / "f.json"), b"{}") in found


def test_a_bomb_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.json.zst").write_bytes(zstandard.compress(bytes(300 << 20)))
    (gap,) = files_of([tmp_path])
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.TOO_LARGE
