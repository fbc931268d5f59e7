"""Every file is UTF-8 text in the end, whatever it was written in, and the way back is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.secrets.texts import content_of

CHINESE = "数据库密码：见运维手册，不要写在这里。key=value\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain = 1\n", None),
        ("naïve 密码".encode(), None),
        (CHINESE.encode("gb18030"), "gb18030"),
        ("über die Straße, café".encode("latin-1"), "latin-1"),
        (b"\xff\xfe" + CHINESE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16-be"),
        ("password = 1\n".encode("utf-16-le"), "utf-16-le"),
        ("password = 1\n".encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe\0\0" + "a".encode("utf-32-le"), "utf-32-le"),
        ("密码密码密码".encode() + b"\xff" + "密码".encode(), None),
    ],
)
def test_the_encoding_is_known_by_the_bytes(data: bytes, encoding: str | None) -> None:
    """By its mark, by zeros beside letters, by pairs that only Chinese texts have; a broken byte changes nothing."""
    assert content_of(data).encoding == encoding


def test_what_has_zeros_and_is_no_text_is_binary() -> None:
    """It is kept as it is."""
    data = b"\x7fELF\x02\x01\x01\0\0\0name\0\0"
    content = content_of(data)
    assert (content.binary, content.text) == (True, data)


@given(
    st.sampled_from([("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("gb18030", b"")]),
    st.text("数据密码ab:= \n", max_size=40),
)
def test_every_offset_leads_back(encoding: tuple[str, bytes], text: str) -> None:
    """The characters before an offset are the same in the original."""
    name, mark = encoding
    data = mark + CHINESE.encode(name) + text.encode(name)
    content = content_of(data)
    assert content.text.decode() == CHINESE + text
    for count in range(len(CHINESE + text) + 1):
        before = (CHINESE + text)[:count]
        assert content.original(len(before.encode())) == len(mark + before.encode(name))


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data: bytes) -> None:
    """Nothing raises, and what is no text of another encoding stays as it is."""
    content = content_of(data)
    assert content.encoding is not None or content.text == data
