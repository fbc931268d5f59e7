"""rpm's own database format, `Packages.db`, as SUSE has it (lib/backend/ndb/rpmpkg.c of rpm).

A header (`RpmP`, version, generation, pages of slots) is followed by slots of 16 bytes (`Slot`, number of the package, its
first block, how many blocks); blocks have 16 bytes and stand anywhere behind. A package begins with `BlbS`, its number, a
generation and its length. All numbers are little-endian.
"""

import struct
from collections.abc import Iterator

from fourc.collect.packages.form import PackagesError
from fourc.model.text import Text

MAGIC = b"RpmP"
_SLOT = b"Slot"
_BLOB = b"BlbS"
_PAGE = 4096
_BLOCK = 16
_HEADER_SLOTS = 2
_BAD = Text("the rpm database is broken: {why}", "rpm 数据库已损坏：{why}")
_HINT = Text("check the database on the machine: rpmdb --verifydb", "请在机器上检查数据库：rpmdb --verifydb")


def blobs(data: bytes) -> Iterator[bytes]:
    """The header of each package.

    Raises:
        PackagesError: the database is broken.
    """
    if len(data) < _PAGE or not data.startswith(MAGIC):
        raise _bad("no header", "没有文件头")
    version, _, pages = struct.unpack_from("<III", data, 4)
    if version != 0:
        raise _bad(f"version {version}", f"版本 {version}")
    if not 0 < pages <= len(data) // _PAGE:
        raise _bad("more slots than bytes", "槽位多于字节")
    left = len(data)
    for magic, number, block, count in struct.iter_unpack("<4sIII", data[_HEADER_SLOTS * _BLOCK : pages * _PAGE]):
        if magic != _SLOT:
            raise _bad("a slot without its mark", "槽位缺少标记")
        if not number:
            continue
        start = block * _BLOCK
        if start + _BLOCK > len(data):
            raise _bad("a package beyond the end", "软件包超出文件末尾")
        its, its_number, _, size = struct.unpack_from("<4sIII", data, start)
        if its != _BLOB or its_number != number or size > count * _BLOCK or start + _BLOCK + size > len(data):
            raise _bad("a package that is not where its slot says", "软件包不在槽位所指的位置")
        left -= size
        if left < 0:  # several slots for the same bytes would make much of little
            raise _bad("packages that overlap", "软件包相互重叠")
        yield data[start + _BLOCK : start + _BLOCK + size]


def _bad(en: str, zh: str) -> PackagesError:
    return PackagesError(_BAD.of(why=Text(en, zh)), hint=_HINT)
