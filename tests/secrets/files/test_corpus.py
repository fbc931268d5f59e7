"""Well-known credential files: every risky line is found, and hardly any other."""

import json
from pathlib import Path

import pytest

from fourc.secrets.files.registry import entries

CORPUS = Path(__file__).parent / "corpus"
RISKY: dict[str, list[int]] = json.loads((Path(__file__).parent / "corpus.json").read_text())


def _lines(path: str) -> set[int]:
    text = (CORPUS / path).read_bytes()
    return {text.count(b"\n", 0, hit.start) + 1 for hit in entries(path, text)}


def test_the_corpus_is_the_files_that_are_marked() -> None:
    """No file without marks, none marked that is not there, and enough of them."""
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*") if path.is_file()}
    assert files == set(RISKY)
    assert len(files) >= 40


@pytest.mark.parametrize("path", RISKY)
def test_the_risky_lines_of_a_file_are_found_and_no_others(path: str) -> None:
    assert _lines(path) == set(RISKY[path])


@pytest.mark.parametrize("path", RISKY)
def test_a_hit_spans_its_value(path: str) -> None:
    """What is told as found without any decoding stands in the file word for word, escapes apart."""
    text = (CORPUS / path).read_bytes()
    for hit in entries(path, text):
        if not hit.via and not hit.value.startswith("sha256:"):
            written = text[hit.start : hit.end].decode()
            assert "".join(written.split()) == "".join(hit.value.split()) or "\\" in written


@pytest.mark.parametrize("path", RISKY)
def test_line_endings_and_a_byte_order_mark_change_nothing(path: str) -> None:
    """Saved by an editor of Windows, a file gives the same values at the same lines."""
    text = (CORPUS / path).read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    crlf = b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")

    def seen(text: bytes) -> set[tuple[str, int, str]]:
        return {
            (hit.rule, text.count(b"\n", 0, hit.start) + 1, hit.value.replace("\r\n", "\n"))
            for hit in entries(path, text)
        }

    assert seen(crlf) == seen(text)
