"""rpm databases for the tests: headers and `Packages.db` written from the formats' descriptions, the others by the real tools."""

import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from struct import pack

import pytest

SPEC = """Name: {name}
Version: {version}
Release: {release}
{epoch}Summary: a package
License: MIT
Vendor: AlmaLinux
BuildArch: noarch
%description
A package.
%files
"""
STRING, INT32, I18N = 6, 4, 9
QUERY = "%{name}|%|epoch?{%{epoch}:}:{}|%{version}-%{release}|%{arch}|%{sourcerpm}|%{license}\\n"


def header(tags: dict[int, str | int]) -> bytes:
    """A header of strings and numbers, as rpm writes them: entries in the order of tags, strings ended by NUL."""
    index, data = b"", b""
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            data += b"\0" * (-len(data) % 4)
        index += pack(">IIII", tag, INT32 if isinstance(value, int) else STRING, len(data), 1)
        data += pack(">I", value) if isinstance(value, int) else value.encode() + b"\0"
    return pack(">II", len(tags), len(data)) + index + data


def package(name: str, version: str = "1.0", release: str = "1.el9", **more: str | int) -> bytes:
    """The header of a package; `epoch`, `arch`, `source`, `vendor`, `modularity` as named."""
    named = {"epoch": 1003, "vendor": 1011, "license": 1014, "arch": 1022, "source": 1044, "modularity": 5096}
    tags: dict[int, str | int] = {1000: name, 1001: version, 1002: release}
    return header(tags | {named[key]: value for key, value in more.items()})


def ndb(headers: Sequence[bytes]) -> bytes:
    """`Packages.db`: one page of slots, then every package in blocks of 16 bytes, each with head and tail."""
    slots, blobs, block = b"", b"", 4096 // 16
    for number, its in enumerate(headers, 1):
        head = b"BlbS" + pack("<III", number, 1, len(its))
        padding = b"\0" * (-(len(head) + len(its) + 12) % 16)
        blob = head + its + padding
        blob += pack("<II", zlib.adler32(head + its), len(its)) + b"BlbE"
        slots += b"Slot" + pack("<III", number, block, len(blob) // 16)
        blobs += blob
        block += len(blob) // 16
    slots += (b"Slot" + bytes(12)) * ((4096 - 32 - len(slots)) // 16)
    return b"RpmP" + pack("<IIIIIII", 0, 1, 1, len(headers) + 1, 0, 0, 0) + slots + blobs


def bdb(headers: Sequence[bytes], folder: Path) -> bytes:
    """`Packages`, written by Berkeley DB itself from the headers; the key 0 counts, as rpm has it."""
    if not shutil.which("db5.3_load"):
        pytest.skip("needs db5.3_load (Debian's db5.3-util)")
    pairs = [(0, pack("<I", len(headers) + 1)), *enumerate(headers, 1)]
    lines = [f" {pack('<I', number).hex()}\n {value.hex()}\n" for number, value in pairs]
    text = "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n" + "".join(lines) + "DATA=END\n"
    path = folder / "Packages"
    subprocess.run(["db5.3_load", "-t", "hash", str(path)], input=text.encode(), check=True, capture_output=True)
    return path.read_bytes()


def installed_root(folder: Path, packages: Sequence[tuple[str, str, str, int]]) -> Path:
    """A root into which rpm itself has installed packages (name, version, release, epoch) that rpmbuild has built."""
    if not shutil.which("rpmbuild") or not shutil.which("rpm"):
        pytest.skip("needs rpm and rpmbuild (Debian's rpm)")
    for name, version, release, epoch in packages:
        epoch_line = f"Epoch: {epoch}\n" if epoch else ""
        spec = folder / f"{name}.spec"
        spec.write_text(SPEC.format(name=name, version=version, release=release, epoch=epoch_line))
        build = ["rpmbuild", "-bb", "--define", f"_topdir {folder / 'top'}", str(spec)]
        subprocess.run(build, check=True, capture_output=True)
    root = folder / "root"
    root.mkdir()
    built = sorted(map(str, (folder / "top" / "RPMS").rglob("*.rpm")))
    subprocess.run([*rpm(root), "-i", "--nodeps", *built], check=True, capture_output=True)
    return root


def rpm(root: Path) -> list[str]:
    """The command that works on the database below a root."""
    return ["rpm", "--root", str(root), "--dbpath", "/var/lib/rpm"]
