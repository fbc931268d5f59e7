"""Berkeley DB hash files, `Packages`, as rpm kept its packages in before 4.16 (the format of src/dbinc/db_page.h of Berkeley DB).

The first page tells the size of pages, their number and the order of bytes. A hash page holds pairs of items: a key (the
package's number) and its value, either in the page or on a chain of overflow pages. Buckets and keys do not matter here:
every hash page is read.
"""

import struct
from collections.abc import Iterator

from fourc.collect.packages.form import PackagesError
from fourc.model.text import Text

_HASH = 0x061561
_MAGIC_AT = 12
_HEAD = 26
_OVERFLOW_PAGE = 7
_META_PAGE = 8
_HASH_PAGES = frozenset({2, 13})  # not sorted, as before 4.6, and sorted
_IN_PAGE = 1
_OFF_PAGE = 3
_OFF_PAGE_BYTES = 12
_BAD = Text("the rpm database is broken: {why}", "rpm 数据库已损坏：{why}")
_HINT = Text("check the database on the machine: rpmdb --verifydb", "请在机器上检查数据库：rpmdb --verifydb")
_KEY_BYTES = 4


def is_hash(data: bytes) -> bool:
    """Whether the bytes begin as a hash file does, in either order of bytes."""
    return len(data) >= 512 and data[_MAGIC_AT : _MAGIC_AT + 4] in {struct.pack(o + "I", _HASH) for o in "<>"}


def blobs(data: bytes) -> Iterator[bytes]:
    """The header of each package.

    Raises:
        PackagesError: the database is broken.
    """
    if not is_hash(data):
        raise _bad("no header", "没有文件头")
    order = "<" if data[_MAGIC_AT : _MAGIC_AT + 4] == struct.pack("<I", _HASH) else ">"
    (size,) = struct.unpack_from(order + "I", data, 20)
    if data[24] or data[25] != _META_PAGE:
        raise _bad("encrypted, or of another kind", "已加密或类型不同")
    if not 512 <= size <= 65536 or size & (size - 1):
        raise _bad("a size of pages that there is not", "页大小无效")
    (last,) = struct.unpack_from(order + "I", data, 32)
    reader = _Reader(data, order, size)
    for number in range(1, min(last + 1, len(data) // size)):
        if data[number * size + 25] in _HASH_PAGES:
            yield from reader.page(number)


class _Reader:
    """One file, of which no overflow page is taken twice: they are one package's each."""

    def __init__(self, data: bytes, order: str, size: int) -> None:
        self._data = data
        self._size = size
        self._pages = len(data) // size
        self._taken = bytearray(self._pages)
        self._index = order + "H"
        self._chain = struct.Struct(order + "IHH")  # the next page, entries, how much of this one is used
        self._off_page = struct.Struct(order + "B3xII")
        self._order = order

    def page(self, number: int) -> Iterator[bytes]:
        start = number * self._size
        (count,) = struct.unpack_from(self._index, self._data, start + 20)
        if _HEAD + count * 2 > self._size or count % 2:
            raise _bad("a page with more items than bytes", "页中的条目多于字节")
        offsets = struct.unpack_from(f"{self._order}{count}H", self._data, start + _HEAD)
        for at in range(0, count, 2):
            key, value = offsets[at], offsets[at + 1]
            end = offsets[at - 1] if at else self._size
            if not _HEAD <= value < key < end <= self._size:
                raise _bad("items that overlap", "条目相互重叠")
            if self._is_counter(start + key, start + end):
                continue
            yield self._value(start + value, start + key)

    def _is_counter(self, start: int, end: int) -> bool:
        """Whether it is the key 0, under which the number of the next package is kept."""
        return self._data[start + 1 : end] == bytes(_KEY_BYTES)

    def _value(self, start: int, end: int) -> bytes:
        kind = self._data[start]
        if kind == _IN_PAGE:
            return self._data[start + 1 : end]
        if kind != _OFF_PAGE or end - start < _OFF_PAGE_BYTES:
            raise _bad("an item of an unknown kind", "条目类型未知")
        _, page, length = self._off_page.unpack_from(self._data, start)
        if length > len(self._data):
            raise _bad("a package longer than the file", "软件包比文件还长")
        pieces: list[bytes] = []
        while page:
            if page >= self._pages or self._taken[page]:
                raise _bad("pages that lead in a circle or nowhere", "页链成环或指向不存在的页")
            self._taken[page] = 1
            begin = page * self._size
            following, _, used = self._chain.unpack_from(self._data, begin + 16)
            if self._data[begin + 25] != _OVERFLOW_PAGE or used > self._size - _HEAD:
                raise _bad("an overflow page that is none", "溢出页无效")
            pieces.append(self._data[begin + _HEAD : begin + _HEAD + used])
            page = following
        blob = b"".join(pieces)
        if len(blob) != length:
            raise _bad("a package of another length", "软件包长度不符")
        return blob


def _bad(en: str, zh: str) -> PackagesError:
    return PackagesError(_BAD.of(why=Text(en, zh)), hint=_HINT)
