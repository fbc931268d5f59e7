"""Where an executable keeps its sections and segments: ELF, PE and Mach-O, as far as finding data in them needs.

Sources: the ELF specification (https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html), the PE format
(https://learn.microsoft.com/windows/win32/debug/pe-format) and Apple's `mach-o/loader.h`.
"""

import struct

from msgspec import Struct

HEADS: tuple[bytes, ...] = (
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)
"""The first bytes of the executables that are understood here."""
_MOST = 4096
"""Sections or segments that are looked at; a linker writes some dozens."""
_LOAD, _WRITABLE = 1, 2
_NOTHING_STORED = 8
_SEGMENT_32, _SEGMENT_64 = 0x1, 0x19
_WRITABLE_DATA = 0xC0000040
"""PE: initialised data that may be read and written."""


class Area(Struct, frozen=True):
    """A run of bytes: its name, its address in memory, and where it lies in the file."""

    name: str
    address: int
    offset: int
    size: int
    data: bool = False
    """It holds the program's writable data."""


class Executable(Struct, frozen=True):
    """An executable's sections and the segments that are loaded."""

    content: bytes
    sections: tuple[Area, ...]
    segments: tuple[Area, ...]

    def section(self, *names: str) -> Area | None:
        """The first section that has one of these names."""
        return next((area for area in self.sections if area.name in names), None)

    def at(self, address: int, size: int) -> bytes:
        """The bytes at an address in memory, fewer where the file ends or they are not stored."""
        for area in self.segments:
            if area.address <= address < area.address + area.size:
                start = area.offset + address - area.address
                return self.content[start : min(start + size, area.offset + area.size)]
        return b""


def executable_of(content: bytes) -> Executable | None:
    """The executable, None where it is something else or damaged."""
    try:
        if content.startswith(b"\x7fELF"):
            return _elf(content)
        if content.startswith(b"MZ"):
            return _pe(content)
        if content.startswith(HEADS[2:]):
            return _mach_o(content)
    except (struct.error, IndexError, ValueError, OverflowError):
        return None
    return None


def _elf(content: bytes) -> Executable:
    wide, order = content[4] == 2, ">" if content[5] == 2 else "<"
    if wide:
        segments_at, sections_at = struct.unpack_from(f"{order}2Q", content, 32)
        segment_size, segment_count, section_size, section_count, names_in = struct.unpack_from(
            f"{order}5H", content, 54
        )
    else:
        segments_at, sections_at = struct.unpack_from(f"{order}2I", content, 28)
        segment_size, segment_count, section_size, section_count, names_in = struct.unpack_from(
            f"{order}5H", content, 42
        )
    segments = []
    for each in range(min(segment_count, _MOST)):
        at = segments_at + each * segment_size
        if wide:
            kind, flags, offset, address, _, size = struct.unpack_from(f"{order}2I4Q", content, at)
        else:
            kind, offset, address, _, size, _, flags = struct.unpack_from(f"{order}7I", content, at)
        if kind == _LOAD:
            segments.append(Area("", address, offset, size, bool(flags & _WRITABLE)))
    headers = []
    for each in range(min(section_count, _MOST)):
        at = sections_at + each * section_size
        if wide:
            headers.append(struct.unpack_from(f"{order}2I4Q", content, at))
        else:
            headers.append(struct.unpack_from(f"{order}6I", content, at))
    names = headers[names_in] if names_in < len(headers) else (0, 0, 0, 0, 0, 0)
    sections = [
        Area(_name(content, names[4] + name, names[4] + names[5]), address, offset, size)
        for name, kind, _, address, offset, size in headers
        if kind != _NOTHING_STORED
    ]
    return Executable(content, tuple(sections), tuple(segments))


def _pe(content: bytes) -> Executable | None:
    (at,) = struct.unpack_from("<I", content, 60)
    if content[at : at + 4] != b"PE\0\0":
        return None
    count, optional_size = struct.unpack_from("<2xH12xH", content, at + 4)
    optional = at + 24
    wide = struct.unpack_from("<H", content, optional)[0] == 0x20B
    (base,) = (
        struct.unpack_from("<Q", content, optional + 24) if wide else struct.unpack_from("<I", content, optional + 28)
    )
    areas = []
    for each in range(min(count, _MOST)):
        header = optional + optional_size + 40 * each
        name = content[header : header + 8].rstrip(b"\0").decode(errors="replace")
        memory, address, stored, offset, flags = struct.unpack_from("<4I12xI", content, header + 8)
        areas.append(
            Area(name, base + address, offset, min(memory or stored, stored), flags & _WRITABLE_DATA == _WRITABLE_DATA)
        )
    return Executable(content, tuple(areas), tuple(areas))


def _mach_o(content: bytes) -> Executable | None:
    start = 0
    if content.startswith(b"\xca\xfe\xba\xbe"):
        # a fat file holds one program for each processor; a Java class begins alike, and is none of 20 processors
        (count,) = struct.unpack_from(">I", content, 4)
        if not 0 < count < 20:
            return None
        (start,) = struct.unpack_from(">I", content, 16)
    magic = content[start : start + 4]
    order = "<" if magic[3:] == b"\xfe" else ">"
    wide = b"\xcf" in magic
    (count,) = struct.unpack_from(f"{order}I", content, start + 16)
    at = start + (32 if wide else 28)
    sections: list[Area] = []
    segments: list[Area] = []
    for _ in range(min(count, _MOST)):
        command, size = struct.unpack_from(f"{order}2I", content, at)
        if command in (_SEGMENT_32, _SEGMENT_64):
            segment, inside = _mach_o_segment(content, at, start, order, wide=command == _SEGMENT_64)
            segments.append(segment)
            sections += inside[: _MOST - len(sections)]
        at += max(size, 8)
    return Executable(content, tuple(sections), tuple(segments))


def _mach_o_segment(content: bytes, at: int, start: int, order: str, *, wide: bool) -> tuple[Area, list[Area]]:
    name = content[at + 8 : at + 24].rstrip(b"\0").decode(errors="replace")
    layout = f"{order}4Q4I" if wide else f"{order}8I"
    address, _, offset, size, _, _, count, _ = struct.unpack_from(layout, content, at + 24)
    first, step = (at + 72, 80) if wide else (at + 56, 68)
    sections = []
    for each in range(min(count, _MOST)):
        header = first + each * step
        own = content[header : header + 16].rstrip(b"\0").decode(errors="replace")
        place, length, where = struct.unpack_from(f"{order}2QI" if wide else f"{order}3I", content, header + 32)
        sections.append(Area(own, place, start + where, length))
    return Area(name, address, start + offset, size, name == "__DATA"), sections


def _name(content: bytes, start: int, end: int) -> str:
    stop = content.find(b"\0", start, min(end, start + 256))
    return content[start:stop].decode(errors="replace") if stop >= 0 else ""
