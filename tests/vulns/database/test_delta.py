"""What makes one database out of another, and what is refused because it does not."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.vulns.database import delta
from fourc.vulns.database.delta import apply_delta, delta_name, write_delta
from fourc.vulns.database.file import DatabaseError

SEALED = st.binary(min_size=32, max_size=400)


def made(folder: Path, old: bytes, new: bytes) -> bytes:
    """The delta's bytes; `old` lies in the folder."""
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    with (folder / "old").open("rb") as a, (folder / "new").open("rb") as b, (folder / "delta").open("wb") as output:
        write_delta(a, b, output)
    return (folder / "delta").read_bytes()


def applied(folder: Path, said: bytes) -> bytes:
    (folder / "delta").write_bytes(said)
    apply_delta(folder / "old", folder / "delta", folder / "out")
    return (folder / "out").read_bytes()


@given(SEALED, SEALED, st.integers(1, 100), st.integers(0, 100))
def test_a_delta_gives_back_the_new_file_whatever_both_hold(old: bytes, new: bytes, piece: int, around: int) -> None:
    with (
        TemporaryDirectory() as name,
        patch.object(delta, "_PIECE", piece),
        patch.object(delta, "_AROUND", around),
    ):
        assert applied(Path(name), made(Path(name), old, new)) == new


@given(SEALED, SEALED, st.data())
def test_a_delta_that_was_changed_is_refused_or_gives_no_more_bytes_than_it_says(
    old: bytes, new: bytes, data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        said = bytearray(made(Path(name), old, new))
        at = data.draw(st.integers(0, len(said) - 1))
        said[at] ^= data.draw(st.integers(1, 255))
        try:
            came = applied(Path(name), bytes(said))
        except DatabaseError:
            return
        assert len(came) == len(new)


def test_a_delta_for_another_database_is_refused(tmp_path: Path) -> None:
    said = made(tmp_path, b"a" * 100, b"b" * 100)
    (tmp_path / "old").write_bytes(b"c" * 100)
    with pytest.raises(DatabaseError, match="no delta for the database that is here"):
        applied(tmp_path, said)


def test_a_delta_with_something_behind_it_or_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    said = made(tmp_path, b"a" * 100, b"b" * 100)
    for wrong in (said + b"x", *(said[:end] for end in range(len(said)))):
        with pytest.raises(DatabaseError):
            applied(tmp_path, wrong)


def test_rows_that_are_the_same_cost_next_to_nothing_where_others_came_before_them(tmp_path: Path) -> None:
    rows = b"".join(bytes([n % 251, n // 251, n * 7 % 256]) * 5 for n in range(20_000))
    said = made(tmp_path, rows, b"something new" + rows)
    assert len(said) < 500


def test_a_delta_is_named_by_the_beginning_of_the_old_digest() -> None:
    assert delta_name("known.db", "0123456789abcdef" * 4) == "known.db.from-0123456789abcdef"
