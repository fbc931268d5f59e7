"""The modules of a Go program, from the build information that its linker left (https://pkg.go.dev/debug/buildinfo)."""

import re
import struct

from fourc.collect.packages.executable import Area, Executable, executable_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.golang import ECOSYSTEM, STANDARD_LIBRARY, released
from fourc.model.package import Listing, Project

_MAGIC = b"\xff Go buildinf:"
_ALIGNED = 16
_HEADER = 32
_INLINE = 2
"""The flag of the layout of Go 1.18 and later: the texts follow the header. Before, it held pointers to them."""
_BIG_ENDIAN = 1
_LONGEST = 16 << 20
_FRAME = 16
"""Bytes of the marks around the module list."""
_DEVEL = "(devel)"
_LINKED_VERSION = re.compile(
    r"-X[ =]?['\"]*[\w./-]*\.\w*[vV]er(?:sion)?=['\"]*v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)(?=['\"\s]|$)"
)


def read_binary(given: Given) -> Listing:
    """The modules that were built in, replaced ones by their replacement, and the standard library.

    The main module is one of them where its version is known: by its build, or by the only version that the linker was
    told to write into it. What is no Go program has none.
    """
    found = Found(given.path, ECOSYSTEM)
    program = executable_of(given.data)
    built = None if program is None else _build_information(program)
    if built is None:
        return found.listing()
    version, modules = built
    lines = [line.split("\t") for line in modules.split("\n")]
    main = next(((line[1], line[2]) for line in lines if line[0] == "mod" and len(line) > 2), ("", ""))
    known = _main_version(main[1], lines)
    if main[0] and known:
        found.add(main[0], known)
    _add_modules(found, lines)
    if standard := released(version):
        found.add(STANDARD_LIBRARY, standard)
    return found.listing(project=Project(ECOSYSTEM, main[0], known))


def _main_version(version: str, lines: list[list[str]]) -> str:
    if version and version != _DEVEL:
        return version
    flags = " ".join(line[1] for line in lines if line[0] == "build" and len(line) > 1 and "-ldflags" in line[1])
    versions = {f"v{found}" for found in _LINKED_VERSION.findall(flags.replace('\\"', '"'))}
    return versions.pop() if len(versions) == 1 else ""


def _add_modules(found: Found, lines: list[list[str]]) -> None:
    pending: tuple[str, str] | None = None
    for line in (*lines, ["end"]):
        if line[0] == "=>" and pending is not None and len(line) > 2:
            # a replacement without a version is a folder, which is the project itself
            pending = (line[1], line[2])
            if not line[2] or line[2] == _DEVEL:
                pending = None
            continue
        if pending is not None and pending[1].startswith("v"):
            found.add(*pending)
        pending = (line[1], line[2]) if line[0] == "dep" and len(line) > 2 else None


def _build_information(program: Executable) -> tuple[str, str] | None:
    """Version of Go and list of modules, None where the program has none."""
    content = program.content
    area = _area(program)
    if area is None:
        return None
    at = area.offset
    end = min(area.offset + area.size, len(content))
    while True:
        at = content.find(_MAGIC, at, end)
        if at < 0 or at + _HEADER > len(content):
            return None
        if (at - area.offset + area.address) % _ALIGNED == 0:
            break
        at += 1
    flags = content[at + 15]
    texts = _inline(content, at + _HEADER) if flags & _INLINE else _pointed(program, at, flags)
    if texts is None or not texts[0]:
        return None
    version = texts[0].decode(errors="replace")
    framed = len(texts[1]) >= 2 * _FRAME + 1 and texts[1][-_FRAME - 1] == 0x0A
    return version, texts[1][_FRAME:-_FRAME].decode(errors="replace") if framed else ""


def _area(program: Executable) -> Area | None:
    """The section that is made for it, else the program's writable data."""
    own = program.section(".go.buildinfo", "__go_buildinfo")
    return own or next((area for area in program.segments if area.data and area.size), None)


def _inline(content: bytes, at: int) -> tuple[bytes, bytes] | None:
    texts = []
    for _ in range(2):
        length = shift = 0
        while shift < 64:
            byte = content[at] if at < len(content) else 0
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if length > _LONGEST or at + length > len(content):
            return None
        texts.append(content[at : at + length])
        at += length
    return texts[0], texts[1]


def _pointed(program: Executable, at: int, flags: int) -> tuple[bytes, bytes] | None:
    size = program.content[at + 14]
    if size not in (4, 8):
        return None
    word = (">" if flags & _BIG_ENDIAN else "<") + ("I" if size == 4 else "Q")
    texts = []
    for each in range(2):
        (pointer,) = struct.unpack_from(word, program.content, at + 16 + each * size)
        header = program.at(pointer, 2 * size)
        if len(header) < 2 * size:
            texts.append(b"")
            continue
        (address,), (length,) = struct.unpack_from(word, header), struct.unpack_from(word, header, size)
        text = program.at(address, length) if length <= _LONGEST else b""
        texts.append(text if len(text) == length else b"")
    return texts[0], texts[1]
