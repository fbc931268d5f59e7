"""What stands in `bun.lockb`: columns of packages, then arrays, each behind its own place in the file.

The layout is bun's memory (`src/install/lockfile.zig`, format 2): a column holds one field of all packages, and strings of
up to 8 bytes stand where longer ones have offset and length into the last array.
"""

import struct
from enum import Enum, auto

from msgspec import Struct

from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.text import Text

_MAGIC = b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n"
_FORMAT = 2
_COLUMNS_AT = len(_MAGIC) + 4 + 32 + 8
_RESOLUTION = 64
_DEPENDENCY = 26
_DEV = 8
"""The bit of a dependency's behaviour that says that it is for development."""
_ROOT, _NPM, _FOLDER, _LOCAL_TARBALL, _LINK, _WORKSPACE, _TARBALL = 1, 2, 4, 8, 64, 72, 80
_REPOSITORIES = (16, 24, 32)
_NOTHING = 0xFFFFFFFF
_RESOLUTIONS_ARRAY, _DEPENDENCIES_ARRAY, _STRINGS_ARRAY, _ARRAYS = 2, 3, 5, 6


class Kind(Enum):
    """Whose code it is."""

    OWN = auto()
    FOREIGN = auto()
    ELSE = auto()


class Entry(Struct, frozen=True):
    """A package; `needs` are positions of entries, each with whether it is needed for development only."""

    name: str
    version: str
    kind: Kind
    needs: tuple[tuple[int, bool], ...]


def entries_of(given: Given) -> list[Entry]:
    """All entries of the file; the first is the project."""
    data = given.data
    if not data.startswith(_MAGIC):
        raise malformed(given.path, Text("it does not begin as one", "文件开头不符"))
    try:
        (version,) = struct.unpack_from("<I", data, len(_MAGIC))
        if version != _FORMAT:
            why = Text(
                "its format {version} is unknown; run `bun install --save-text-lockfile`",
                "未知的格式版本 {version}；请运行 `bun install --save-text-lockfile`",
            )
            raise malformed(given.path, why.of(version=version))
        return _Reader(data).entries()
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise malformed(given.path, Text("it is cut off or damaged", "文件不完整或已损坏")) from error


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._count, _, _, self._begin, end = struct.unpack_from("<5Q", data, _COLUMNS_AT)
        if self._count * (8 + 8 + _RESOLUTION + 8 + 8) > len(data):
            raise ValueError(self._count)
        arrays: list[tuple[int, int]] = []
        at = end
        for _ in range(_ARRAYS):
            start, at = struct.unpack_from("<2Q", data, at)
            if not start <= at <= len(data):
                raise ValueError(start)
            arrays.append((start, at))
        self._strings = data[slice(*arrays[_STRINGS_ARRAY])]
        self._dependencies = data[slice(*arrays[_DEPENDENCIES_ARRAY])]
        resolutions = data[slice(*arrays[_RESOLUTIONS_ARRAY])]
        self._resolutions = struct.unpack(f"<{len(resolutions) // 4}I", resolutions[: len(resolutions) // 4 * 4])

    def entries(self) -> list[Entry]:
        """Names are the first column, resolutions the third, the slices of the dependencies the fourth."""
        count, begin = self._count, self._begin
        resolutions = begin + 16 * count
        slices = resolutions + _RESOLUTION * count
        budget = len(self._dependencies) // _DEPENDENCY
        entries = []
        for position in range(count):
            name = self._string(begin + 8 * position)
            kind, version = self._resolution(resolutions + _RESOLUTION * position)
            first, length = struct.unpack_from("<2I", self._data, slices + 8 * position)
            budget -= length
            if budget < 0:
                raise ValueError(length)
            entries.append(Entry(name, version, kind, tuple(self._needs(first, length))))
        return entries

    def _needs(self, first: int, length: int) -> list[tuple[int, bool]]:
        needs = []
        for each in range(first, first + length):
            position = self._resolutions[each]
            behaviour = self._dependencies[each * _DEPENDENCY + 16]
            if position != _NOTHING:
                needs.append((position, bool(behaviour & _DEV)))
        return needs

    def _resolution(self, at: int) -> tuple[Kind, str]:
        kind = self._data[at]
        if kind == _NPM:
            major, minor, patch = struct.unpack_from("<3I", self._data, at + 16)
            before, build = self._string(at + 32), self._string(at + 48)
            version = f"{major}.{minor}.{patch}" + (f"-{before}" if before else "") + (f"+{build}" if build else "")
            return Kind.FOREIGN, version
        if kind in (_LOCAL_TARBALL, _TARBALL):
            return Kind.FOREIGN, self._string(at + 8)
        if kind in _REPOSITORIES:
            return Kind.FOREIGN, self._string(at + 32) or self._string(at + 24)
        return (Kind.OWN if kind in (_ROOT, _FOLDER, _LINK, _WORKSPACE) else Kind.ELSE), ""

    def _string(self, at: int) -> str:
        raw = self._data[at : at + 8]
        if len(raw) == 8 and raw[7] & 0x80:
            offset, length = struct.unpack("<2I", raw)
            length &= 0x7FFFFFFF
            if offset + length > len(self._strings):
                raise ValueError(offset)
            raw = self._strings[offset : offset + length]
        return raw.rstrip(b"\0").decode()
