"""Entries of tars of every dialect, in pieces of any size."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.image.makers import file, folder, hard_link, other, symlink, tar_of

from fourc.collect.image.limits import Limits
from fourc.collect.image.tar import Entry, Kind, TarError, TarReader, TooLargeError, cleaned

Seen = list[tuple[bytes, Kind, int, bytes, bytes | None]]


def entries(tar: bytes, piece: int = 0, limits: Limits | None = None) -> Seen:
    """Path, kind, mode, target and bytes of all entries, every file's content wanted."""
    seen: Seen = []

    def begin(entry: Entry, head: bytes) -> object:
        place = len(seen)
        seen.append((entry.path, entry.kind, entry.mode, entry.target, None))
        if entry.kind is not Kind.FILE:
            return None

        def take(data: bytes) -> None:
            assert data.startswith(head)
            assert len(data) == entry.size
            seen[place] = (*seen[place][:4], data)

        return take

    reader = TarReader(begin, limits or Limits())  # type: ignore[arg-type]
    for at in range(0, len(tar), piece or len(tar) or 1):
        reader.feed(tar[at : at + (piece or len(tar))])
    reader.end()
    return seen


def names(tar: bytes) -> list[bytes]:
    return [path for path, *_ in entries(tar)]


ALL = (
    folder("etc"),
    file("etc/empty"),
    file("etc/one", b"1"),
    file("etc/block", b"b" * 512),
    file("etc/long", b"l" * 70_000, mode=0o4755),
    symlink("bin", "usr/bin"),
    hard_link("etc/two", "./etc/one"),
    other("dev/null", tarfile.CHRTYPE),
    file("a" * 90 + "/" + "b" * 99 + "/" + "c" * 200, b"deep"),
    file("ünïcode", b"u"),
)
FORMS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


@pytest.mark.parametrize("piece", [1, 7, 511, 512, 513, 1024, 4096, 0])
@pytest.mark.parametrize("form", FORMS[1:])
def test_every_kind_of_entry_is_read_whatever_the_pieces(form: int, piece: int) -> None:
    seen = entries(tar_of(*ALL, form=form), piece)
    assert [(path, kind) for path, kind, *_ in seen] == [
        (b"etc", Kind.FOLDER),
        (b"etc/empty", Kind.FILE),
        (b"etc/one", Kind.FILE),
        (b"etc/block", Kind.FILE),
        (b"etc/long", Kind.FILE),
        (b"bin", Kind.SYMLINK),
        (b"etc/two", Kind.HARD_LINK),
        (b"dev/null", Kind.DEVICE),
        (b"a" * 90 + b"/" + b"b" * 99 + b"/" + b"c" * 200, Kind.FILE),
        ("ünïcode".encode(), Kind.FILE),
    ]
    assert [data for *_, data in seen if data is not None] == [b"", b"1", b"b" * 512, b"l" * 70_000, b"deep", b"u"]
    assert (seen[4][2], seen[5][3], seen[6][3]) == (0o4755, b"usr/bin", b"etc/one")


def test_the_prefix_of_a_posix_header_belongs_to_the_name() -> None:
    name = "/".join(["folder" * 10] * 2 + ["file"])
    assert names(tar_of(file(name, b"x"), form=tarfile.USTAR_FORMAT)) == [name.encode()]


def test_a_number_may_be_binary_where_octal_has_no_room() -> None:
    info, data = file("a", b"x")
    info.uid = 2**31
    tar = tar_of((info, data), form=tarfile.GNU_FORMAT)
    seen: list[int] = []
    reader = TarReader(lambda entry, _: seen.append(entry.uid), Limits())
    reader.feed(tar)
    assert seen == [2**31]


def test_the_size_of_an_extended_header_is_the_files() -> None:
    info, data = file("a", b"x" * 600)
    info.pax_headers = {"size": "600"}
    assert entries(tar_of((info, data), file("b", b"y")))[0][4] == b"x" * 600


def test_a_global_header_changes_no_entry_as_in_dockers_own_reader() -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"path": "evil"}) as tar:
        info, data = file("good", b"x")
        tar.addfile(info, io.BytesIO(data))
    assert names(target.getvalue()) == [b"good"]


def test_a_link_has_no_content_whatever_its_size_says() -> None:
    info, _ = symlink("link", "target")
    info.size = 5000
    tar = info.tobuf(tarfile.GNU_FORMAT) + tar_of(file("next", b"x"))
    assert names(tar) == [b"link", b"next"]


def test_names_that_are_no_utf8_stay_their_bytes() -> None:
    tar = tar_of(file(b"caf\xe9".decode("utf-8", "surrogateescape"), b"x"), form=tarfile.GNU_FORMAT)
    assert names(tar) == [b"caf\xe9"]


def test_nothing_counts_after_the_end() -> None:
    assert names(tar_of(file("a")) + tar_of(file("b"))) == [b"a"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"./a/b", b"a/b"),
        (b"/etc/passwd", b"etc/passwd"),
        (b"../../etc/passwd", b"etc/passwd"),
        (b"a/../../../b", b"b"),
        (b"a//b/./c/", b"a/b/c"),
        (b".", b""),
        (b"./", b""),
        (b"..", b""),
        (b".config/x", b".config/x"),
        (b"a/.wh.b", b"a/.wh.b"),
        (b"a/..b/c", b"a/..b/c"),
    ],
)
def test_no_name_leads_out_of_the_image(name: bytes, path: bytes) -> None:
    assert cleaned(name) == path


def test_a_wrong_checksum_is_no_tar() -> None:
    tar = bytearray(tar_of(file("a", b"x")))
    tar[0] ^= 1
    with pytest.raises(TarError, match="checksum"):
        entries(bytes(tar))


@pytest.mark.parametrize(
    "size", [b"-0000001000", b"+0000001000", b"0o000001000", b"00_00001000", b"00000009000", b"\xff" * 11]
)
def test_a_size_that_is_no_number_is_broken(size: bytes) -> None:
    tar = bytearray(tar_of(file("a", b"x" * 600)))
    tar[124:135] = size
    tar[148:156] = b" " * 8
    tar[148:156] = b"%06o\0 " % sum(tar[:512])
    with pytest.raises(TarError, match="number"):
        entries(bytes(tar))


@pytest.mark.parametrize("cut", [100, 512, 700, 1023])
def test_a_tar_that_is_cut_off_is_broken(cut: int) -> None:
    tar = tar_of(file("a", b"x" * 1000))
    with pytest.raises(TarError, match="early"):
        entries(tar[:cut])


def test_a_tar_without_its_closing_blocks_is_whole_as_for_docker() -> None:
    assert names(tar_of(file("a", b"x" * 512))[:1024]) == [b"a"]


def test_an_extended_header_longer_than_is_read_is_refused_before_it_is_read() -> None:
    info, data = file("n" * 5000, b"x")
    with pytest.raises(TooLargeError):
        entries(tar_of((info, data)), limits=Limits(header_bytes=1000))


@pytest.mark.parametrize("record", [b"x", b"9999 a=b\n", b"-1 a=b\n", b"5 ab\n", b"0 =\n"])
def test_a_broken_extended_header_is_broken(record: bytes) -> None:
    info = tarfile.TarInfo("header")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    tar = info.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0") + tar_of(file("a"))
    with pytest.raises(TarError):
        entries(tar)


@pytest.mark.parametrize("form", ["--format=gnu", "--format=posix", "--sparse-version=0.1", "--sparse-version=0.0"])
@pytest.mark.parametrize("holes", [1, 9])
def test_a_file_with_holes_has_them_filled(tmp_path: Path, form: str, holes: int) -> None:
    if shutil.which("tar") is None:
        pytest.skip("GNU tar is not installed")
    (tmp_path / "in").mkdir()
    with (tmp_path / "in/sparse").open("wb") as made:
        for hole in range(holes):
            made.seek(hole * 1_000_000 + 500_000)
            made.write(b"data %d" % hole)
        made.truncate(holes * 1_000_000)
    option = ["--format=posix", form] if "version" in form else [form]
    command = ["tar", "-S", *option, "-cf", str(tmp_path / "made.tar"), "-C", str(tmp_path / "in"), "sparse"]
    subprocess.run(command, check=True)
    seen = entries((tmp_path / "made.tar").read_bytes())
    assert [(path, data) for path, *_, data in seen] == [(b"sparse", (tmp_path / "in/sparse").read_bytes())]


NAMES = st.text("ab./é", min_size=1, max_size=150).filter(lambda name: name.strip("/.") != "")


@given(
    st.lists(st.tuples(NAMES, st.binary(max_size=1500)), max_size=8), st.sampled_from(FORMS[1:]), st.integers(1, 2000)
)
def test_files_are_what_pythons_own_reader_finds(files: list[tuple[str, bytes]], form: int, piece: int) -> None:
    tar = tar_of(*(file(name.rstrip("/"), data) for name, data in files), form=form)
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        theirs = [(cleaned(m.name.encode()), opened.extractfile(m).read()) for m in opened]  # type: ignore[union-attr]
    assert [(path, data) for path, *_, data in entries(tar, piece)] == theirs


@given(st.binary(max_size=2000))
def test_bytes_that_are_no_tar_are_refused_and_nothing_else(data: bytes) -> None:
    try:
        entries(data, 100)
    except (TarError, TooLargeError):
        return
    assert not data.strip(b"\0") or len(data) < 512 or data[:512] == bytes(512)


@given(st.data())
def test_a_tar_with_any_byte_changed_is_refused_or_read(data: st.DataObject) -> None:
    tar = bytearray(tar_of(*ALL[:7]))
    tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    try:
        seen = entries(bytes(tar), 1000)
    except (TarError, TooLargeError):
        return
    assert all(not path.startswith((b"/", b"../")) for path, *_ in seen)
