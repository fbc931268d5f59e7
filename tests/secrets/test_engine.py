"""The engine finds what the rules mean, wherever and however it stands."""

import base64
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.secrets.plain import MEANING, RULES, engines, expression, plain_hits

from fourc.secrets import confirm
from fourc.secrets import engine as engine_module
from fourc.secrets.engine import Cut, Engine, sought_of
from fourc.secrets.hints import Hints
from fourc.secrets.hit import Hit

TOKEN = "ghp_" + "a1B2c3" * 6
ENGINES = engines()
BOTH = pytest.mark.parametrize("engine", ENGINES, ids=["vectorscan", "re2"])

_PIECES = [
    *(
        TOKEN,
        f"{TOKEN}x",
        "sk-12",
        "sk-1234567",
        "\\nsk-abc",
        "0123abcd:keep",
        "0123abcd:keeper",
        "id-1234!",
        "id-abcd!",
    ),
    *(
        "AKIAABCD",
        "ASIAABCDEFGH2345",
        "-----BEGIN KEY-----",
        "-----END RSA KEY-----",
        "eyAbcd.eyAbcd.sig",
        "corp-x=secret",
    ),
    *(
        "123456789012345|abcdABCD",
        "密码：abcd1234",
        "密钥: 一二三四五",
        "pin: 1234",
        "ab~c~",
        "here-abcd",
        "adobe = '0123abcd'",
    ),
    *(
        "FEISHU_KEY: abc-def-1",
        "飞书 := 'abcdefg'",
        "password=EXAMPLE123",
        'secret_key = "s3cr3t!x"',
        "token",
        "=",
        "'",
        '"',
    ),
    *(" ", "\n", "\t", ",", ";", "é", "\N{KELVIN SIGN}", "\x0b", "x" * 40, "%", "|"),
]
texts = st.lists(
    st.sampled_from(_PIECES) | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=4), max_size=14
).map("".join)


@given(texts, st.sampled_from(["", "conf/a", "a.p12"]))
@settings(max_examples=400, deadline=None)
def test_it_finds_what_plain_search_finds(text: str, path: str) -> None:
    """With vectorscan or without, nothing is missed and nothing made up; what is encoded comes on top."""
    data = text.encode()
    for engine in ENGINES:
        assert [hit for hit in engine.hits(data, path) if not hit.via] == plain_hits(data, path)


@given(st.lists(texts, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_a_pile_holds_what_its_files_hold_one_by_one(files: list[str]) -> None:
    """Neighbours in a pile neither make a match together nor hide one from each other."""
    pile, ends = b"", []
    for text in files:
        pile += text.encode()
        ends.append(len(pile))
        pile += b"\n"
    for engine in ENGINES:
        found = {place: hits for place, _, hits in engine.hits_of_pile(pile, ends, [""] * len(files))}
        assert found == {n: hits for n, text in enumerate(files) if (hits := engine.hits(text.encode()))}


@BOTH
@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("base64", lambda text: base64.b64encode(text.encode()).decode()),
        ("base64", lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")),
        (
            "base64",
            lambda text: base64.encodebytes((text + " and so on" * 9).encode()).decode().replace("\n", "\n    "),
        ),
        ("hex", lambda text: text.encode().hex()),
        ("hex", lambda text: text.encode().hex().upper()),
        ("percent", lambda text: "https://x.example/?q=" + quote(text, safe="")),
    ],
)
def test_what_is_encoded_is_found_at_the_place_of_the_encoded_text(
    engine: Engine, encoding: str, encode: Callable[[str], str]
) -> None:
    """`password=…` says nothing in its encoded form; the hit names the encoding and covers all that is encoded."""
    encoded = encode("adobe = '0123abcd' ")
    text = f"first line\nvalue: {encoded}\nlast".encode()
    (hit,) = engine.hits(text)
    assert (hit.rule, hit.value, hit.via) == ("adobe", "0123abcd", (encoding,))
    assert text[hit.start : hit.end].decode() == encoded.strip()


@BOTH
def test_encodings_may_lie_in_each_other_but_not_for_ever(engine: Engine) -> None:
    """Three times is looked into, four times is not."""
    text = b"adobe = '0123abcd' and more"
    for _ in range(3):
        text = base64.b64encode(text)
    (hit,) = engine.hits(text)
    assert hit == Hit("adobe", 0, len(text), "0123abcd", ("base64",) * 3)
    assert engine.hits(base64.b64encode(text)) == []


@BOTH
def test_a_token_in_an_address_is_no_second_hit_by_decoding(engine: Engine) -> None:
    """Decoding the percent signs beside it shows the same token again."""
    text = f"https://x.example/?t={TOKEN}&q=a%3Db".encode()
    assert [hit.via for hit in engine.hits(text)] == [()]


@BOTH
@pytest.mark.parametrize(
    ("encoding", "mark", "via"),
    [
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"", "utf-16"),
        ("gb18030", b"", "gb18030"),
        ("latin-1", b"", "latin-1"),
    ],
)
def test_offsets_are_those_of_the_bytes_as_they_were_read(engine: Engine, encoding: str, mark: bytes, via: str) -> None:
    """A text in another encoding is searched as UTF-8; its hits point into the original."""
    before = (
        "这是一个配置文件，"
        if encoding == "gb18030"
        else "pässwörter für die täglichen läufe: "
        if via == "latin-1"
        else "settings\n"
    )
    data = mark + f"{before}adobe = '0123abcd'".encode(encoding)
    (hit,) = engine.hits(data)
    assert (hit.rule, hit.via) == ("adobe", (via,))
    assert data[hit.start : hit.end].decode(encoding) == "0123abcd"


@BOTH
def test_in_a_binary_file_only_what_has_a_look_of_its_own_counts(engine: Engine) -> None:
    """Between random bytes a name beside a value is chance; a token is not."""
    data = b"\x7fELF\0\1\2" + TOKEN.encode() + b"\0password=abcdef12345\0" + bytes(range(256))
    assert [hit.rule for hit in engine.hits(data)] == ["github"]


@BOTH
def test_a_match_longer_than_the_window_is_found_whole(engine: Engine) -> None:
    """A key of more than 64 KB is rare, but a pattern without an upper bound sets none."""
    text = b"eyAbcd.eyAbcd." + b"s" * 300_000
    assert [(hit.rule, hit.start, hit.end) for hit in engine.hits(text)] == [("jwt", 0, len(text))]


def test_a_long_text_is_read_by_its_format_in_parts_and_no_longer_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offsets are those of the whole; what comes when the time is over is plain text only, and that is said."""
    monkeypatch.setattr(engine_module, "_WHOLE", 4_000)
    monkeypatch.setattr(engine_module, "_SLICE", 1_000)
    monkeypatch.setattr(engine_module, "_LARGE", 2_000)
    parts: list[int] = []

    def entries(_: str, text: bytes) -> list[Hit]:
        parts.append(len(text))
        return [Hit("line", at, at + 5, "12345") for at in range(0, len(text), 10)]

    sought = sought_of(RULES, expression)
    engine = Engine(RULES, sought, replace(MEANING, entries=entries), Hints(sought))
    text = b"a: 12345\n\n" * 603
    assert [hit.start for hit in engine.hits(text, "f") if hit.rule == "line"] == [*range(0, len(text), 10)]
    assert (sum(parts), max(parts)) == (len(text), 1_000)
    assert engine.cut() == []
    monkeypatch.setattr(engine_module, "_SECONDS", -1.0)
    assert [hit for hit in engine.hits(text, "g") if hit.rule == "line"] == []
    assert engine.cut() == [("g", Cut.LONG)]


@pytest.mark.parametrize("pattern", [r"\.p12$", r"(?i)^a/B", r"x\Z", r"(?-m)^b$", r"[^a]b"])
@pytest.mark.parametrize("paths", [["a/b", "c.p12"], ["b", "A/bx"], ["cb", "x", "y"], ["q"]])
def test_many_names_asked_at_once_miss_none(pattern: str, paths: list[str]) -> None:
    """It may say yes where none has it, never no where one has."""
    some = engine_module._any_line([pattern, "zzz"])
    each = [engine_module._path_test(pattern)(path) for path in paths] if "Z" not in pattern else []
    assert some is None or some("\n".join(paths)) or not any(each)
    assert (some is None) == (r"\Z" in pattern or "(?-" in pattern)


def test_what_is_done_with_a_match_is_not_the_patterns_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm, "_SECONDS", 0.05)
    monkeypatch.setattr(confirm, "_DOUBT", 0.01)
    seen = 0
    for _ in confirm.Pattern("a", None).spans(b"a" * 30, ()):
        time.sleep(0.005)
        seen += 1
    assert seen == 30


def test_each_file_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions of a file have one path; parts of a file share what one may take."""
    monkeypatch.setattr(engine_module, "_LARGE", 10)
    sought = sought_of(RULES, expression)
    engine = Engine(RULES, sought, replace(MEANING, entries=lambda _path, _text: []), Hints(sought))
    engine.hits(b"x" * 20, "a")
    monkeypatch.setattr(engine, "_spent", 60.0)
    engine.hits(b"x" * 20, "a")
    assert engine.cut() == []
    monkeypatch.setattr(engine, "_spent", 60.0)
    engine.hits(b"x" * 20, "a", more=True)
    assert engine.cut() == [("a", Cut.LONG)]
