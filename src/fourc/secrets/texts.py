"""What the bytes of a file say: UTF-8 whatever they were written in, and how to find the way back to their offsets."""

from msgspec import Struct

from fourc.secrets.late import late

_BOMS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_HEAD = 4096
_GB2312 = late(rb"(?:[\xa1-\xa9\xb0-\xf7][\xa1-\xfe])+")
"""The characters that Chinese texts are made of; a western letter with an accent stands between letters without."""
_HIGH = bytes(range(0x80))
_SHARE = 0.8


class Content(Struct, frozen=True):
    """A text in UTF-8; `encoding` is what it was in where that is another, `skipped` the bytes of the mark before it.

    What is `binary` is no text, but letters stand in it all the same.
    """

    text: bytes
    encoding: str | None = None
    skipped: int = 0
    binary: bool = False

    @property
    def via(self) -> tuple[str, ...]:
        """The encoding as hits name it."""
        return (self.encoding.removesuffix("-le").removesuffix("-be"),) if self.encoding else ()

    def original(self, offset: int) -> int:
        """The offset in the bytes as they were read."""
        if self.encoding is None:
            return offset
        return self.skipped + len(self.text[:offset].decode("utf-8", "ignore").encode(self.encoding, "replace"))


def is_plain(data: bytes) -> bool:
    """Whether the bytes are UTF-8 text as they stand."""
    if b"\0" in data:
        return False
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def content_of(data: bytes) -> Content:
    """The text of any bytes; those of no known encoding are taken as they are."""
    if is_plain(data):
        return Content(data)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding, len(mark))
    if b"\0" in data:
        encoding_of_head = _wide(data[:_HEAD])
        return _decoded(data, encoding_of_head) if encoding_of_head else Content(data, binary=True)
    high = len(data.translate(None, _HIGH))
    pairs = sum(len(run) for run in _GB2312.findall(data))
    if pairs >= _SHARE * high:
        return _decoded(data, "gb18030")
    broken = data.decode("utf-8", "replace").count("\ufffd")
    return _decoded(data, "latin-1") if broken * 2 > high - broken else Content(data)


def _decoded(data: bytes, encoding: str, skipped: int = 0) -> Content:
    return Content(data[skipped:].decode(encoding, "replace").encode(), encoding, skipped)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark, known by the zeros beside its ASCII letters."""
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.05:
        return "utf-16-be"
    return None
