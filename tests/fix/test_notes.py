"""What people noted beside a line that goes is said before it goes."""

from fourc.fix.notes import cautions, lost_notes
from fourc.fix.rewrite import Rewritten
from fourc.model.remedy import FixClass

BEFORE = """spec:
  # runs as root since 2021
  privileged: true # "permission denied" on /data without it (Leo)
  image: nginx#1 # pinned
"""


def rewritten(after: str) -> Rewritten:
    return Rewritten("web.yaml", BEFORE, after, FixClass.TRY_FIRST)


def test_the_comment_of_a_line_that_goes_is_told_and_no_other() -> None:
    after = BEFORE.replace('  privileged: true # "permission denied" on /data without it (Leo)\n', "")
    assert list(lost_notes(rewritten(after))) == ['"permission denied" on /data without it (Leo)']
    (caution,) = cautions([rewritten(after)])
    assert "on /data without it (Leo)" in caution.en
    assert "on /data without it (Leo)" in caution.zh


def test_a_comment_that_moves_with_its_line_is_not_lost() -> None:
    assert list(lost_notes(rewritten(BEFORE.replace("  image", "    image")))) == []


def test_a_new_file_has_lost_nothing_and_a_hash_in_a_value_is_no_comment() -> None:
    assert list(lost_notes(Rewritten("new.yaml", None, "a: 1 # x\n", FixClass.SAFE))) == []
    assert list(lost_notes(rewritten(BEFORE.replace("nginx#1 ", "nginx ")))) == []


def test_a_long_note_is_cut() -> None:
    file = Rewritten("a.yaml", f"a: 1 # {'x' * 300}\n", "a: 1\n", FixClass.SAFE)
    (note,) = lost_notes(file)
    assert len(note) == 121
