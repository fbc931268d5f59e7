"""Go modules, and what the linker left in programs: real ones where a Go toolchain is at hand, and both layouts by hand."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from tests.collect.packages.listed import given, lines, of, told

from fourc.collect.packages.forms import forms_of, forms_of_head
from fourc.model.package import Listing, Project

MARK = b"\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
MODULES = """path\texample.com/app
mod\texample.com/app\t(devel)\t
dep\tgithub.com/pkg/errors\tv0.9.0
=>\tgithub.com/pkg/errors\tv0.9.1\th1:x=
dep\texample.com/local\tv0.0.0
=>\t./local\t(devel)\t
dep\tgolang.org/x/text\tv0.3.7\th1:y=
build\t-compiler=gc
build\t-ldflags="-s -w -X main.version=v1.2.3"
"""


def said(path: str, text: str, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path)
    return form.read(of(path, text, **near))


def built_in(program: bytes) -> Listing:
    """The Go modules of a program."""
    form = next(form for form in forms_of_head(program[:16]) if form.id == "go-binary")
    return form.read(of("usr/bin/app", program))


def elf(data: bytes, *, wide: bool = True, order: str = "<") -> bytes:
    """The smallest ELF program whose writable segment, at address 0x10000, holds `data`."""
    head = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    if wide:
        rest = struct.pack(f"{order}2HI3QI6H", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
        segment = struct.pack(f"{order}2I6Q", 1, 6, 128, 0x10000, 0, len(data), len(data), 16)
    else:
        rest = struct.pack(f"{order}2H5I6H", 2, 3, 1, 0, 52, 0, 0, 52, 32, 1, 40, 0, 0)
        segment = struct.pack(f"{order}8I", 1, 128, 0x10000, 0, len(data), len(data), 6, 16)
    return (head + rest + segment).ljust(128, b"\0") + data


def inline(version: bytes, modules: str) -> bytes:
    """Build information as Go 1.18 and later write it."""
    listed = MARK + modules.encode() + MARK
    length = bytes([len(listed) & 0x7F | 0x80, len(listed) >> 7])
    return b"\xff Go buildinf:\x08\x02".ljust(32, b"\0") + bytes([len(version)]) + version + length + listed


def pointed(version: bytes, modules: str, *, size: int, order: str) -> bytes:
    """Build information as Go before 1.18 wrote it: pointers to strings, which are pointers and lengths."""
    word = order + ("Q" if size == 8 else "I")
    listed = MARK + modules.encode() + MARK
    texts = 0x10000 + 32 + 4 * size
    strings = b"".join(struct.pack(word, each) for each in (texts, len(version), texts + len(version), len(listed)))
    pointers = struct.pack(word, 0x10020) + struct.pack(word, 0x10020 + 2 * size)
    flags = bytes([size, 0 if order == "<" else 1])
    return (b"\xff Go buildinf:" + flags + pointers).ljust(32, b"\0") + strings + version + listed


BUILT = {"example.com/app v1.2.3", "github.com/pkg/errors v0.9.1", "golang.org/x/text v0.3.7"}


def test_a_module_requires_what_is_built_with_its_replacements_and_its_toolchain() -> None:
    (form,) = forms_of("files/go/go.mod")
    listing = form.read(given("files/go/go.mod"))
    assert told(listing) == {
        "github.com/pkg/errors v0.9.1 direct",
        "golang.org/x/text v0.3.7 direct",
        "stdlib 1.21 direct",
    }
    assert lines(listing) == {"github.com/pkg/errors": 11, "golang.org/x/text": 8, "stdlib": 3}
    assert listing.project == Project("Go", "example.com/app")


def test_go_mod_reads_blocks_comments_quotes_and_replacements_of_one_version() -> None:
    text = """module "example.com/app" // why
go 1.21
toolchain go1.22.3-custom
require (
\ta.io/a v1.0.0 // indirect
\ta.io/b v1.0.0+incompatible // indirect; needed
\t`a.io/c` v0.0.0-20200101000000-0123456789ab
)
require a.io/d v1.0.0 // not indirect
replace (
\ta.io/a v1.0.0 => b.io/a v1.5.0
\ta.io/d v0.9.0 => b.io/d v9.0.0
)
exclude a.io/d v1.0.1
retract [v1.0.0, v1.1.0]
tool a.io/d/cmd
"""
    assert told(said("go.mod", text)) == {
        "b.io/a v1.5.0",
        "a.io/b v1.0.0+incompatible",
        "a.io/c v0.0.0-20200101000000-0123456789ab direct",
        "a.io/d v1.0.0 direct",
        "stdlib 1.22.3 direct",
    }


def test_before_go_1_17_the_sums_tell_of_what_is_not_required_directly() -> None:
    sums = "a.io/a v1.0.0 h1:x=\na.io/b v1.0.0 h1:x=\na.io/b v1.2.0 h1:x=\na.io/c v1.0.0/go.mod h1:x=\n"
    old = "module m\ngo 1.16\nrequire a.io/a v1.0.0\n"
    assert told(said("go.mod", old, **{"go.sum": sums})) == {
        "a.io/a v1.0.0 direct",
        "a.io/b v1.2.0",
        "stdlib 1.16 direct",
    }
    new = old.replace("1.16", "1.17")
    assert told(said("go.mod", new, **{"go.sum": sums})) == {"a.io/a v1.0.0 direct", "stdlib 1.17 direct"}


def test_a_workspace_has_a_toolchain() -> None:
    assert told(said("go.work", "go 1.22.1\nuse (\n\t./a\n\t./b\n)\n")) == {"stdlib 1.22.1 direct"}


def test_vendored_modules_count_where_no_go_mod_tells_of_all() -> None:
    text = "# a.io/a v1.0.0\n## explicit; go 1.12\na.io/a\n# a.io/b v1.0.0 => b.io/b v1.1.0\n# a.io/c v1.0.0 => ./c\n"
    assert told(said("vendor/modules.txt", text)) == {"a.io/a v1.0.0 direct", "b.io/b v1.1.0"}
    assert told(said("vendor/modules.txt", text, **{"../go.mod": "module m\ngo 1.20\n"})) == set()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("wide", [True, False])
def test_programs_of_both_layouts_tell_modules_and_toolchain(*, wide: bool, order: str) -> None:
    old = elf(pointed(b"go1.17.13", MODULES, size=8 if wide else 4, order=order), wide=wide, order=order)
    assert told(built_in(old)) == BUILT | {"stdlib 1.17.13"}
    new = elf(b"\0" * 16 + inline(b"go1.22.3 X:boringcrypto", MODULES), wide=wide, order=order)
    assert told(built_in(new)) == BUILT | {"stdlib 1.22.3"}
    assert built_in(new).project == Project("Go", "example.com/app", "v1.2.3")


def test_a_main_module_with_a_version_is_a_package_and_one_without_is_none() -> None:
    released = MODULES.replace("(devel)\t\ndep\tgithub", "v2.0.0\t\ndep\tgithub")
    assert "example.com/app v2.0.0" in told(built_in(elf(inline(b"go1.20", released))))
    unknown = MODULES.replace("main.version=v1.2.3", "main.version=v1.2.3 -X other.Version=v3.0.0")
    assert told(built_in(elf(inline(b"devel +0123", unknown)))) == BUILT - {"example.com/app v1.2.3"}


@pytest.mark.slow
@pytest.mark.parametrize("system", ["linux/amd64", "linux/386", "windows/amd64", "darwin/arm64", "linux/s390x"])
def test_programs_that_go_built_are_read(system: str, tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go toolchain on this machine")
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.20\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    os_name, _, processor = system.partition("/")
    settings = {"GOOS": os_name, "GOARCH": processor, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    home = {
        "HOME": str(tmp_path),
        "GOCACHE": str(tmp_path / "cache"),
        "GOPATH": str(tmp_path / "go"),
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run([go, "build", "-o", "app", "."], cwd=tmp_path, env=settings | home, check=True, timeout=300)
    said_version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    listing = built_in((tmp_path / "app").read_bytes())
    assert told(listing) == {f"stdlib {said_version.removeprefix('go').partition(' ')[0]}"}
    assert listing.project == Project("Go", "example.com/app")


@pytest.mark.parametrize(
    "program",
    [
        b"\x7fELF",
        elf(b"no Go here" * 100),
        elf(inline(b"go1.20", MODULES))[:-200],
        elf(b"\xff Go buildinf:\x08\x00" + b"\xff" * 64),
        elf(b"\xff Go buildinf:\x08\x02" + b"\0" * 16 + b"\xff" * 64),
        b"MZ" + b"\xff" * 200,
        b"\xcf\xfa\xed\xfe" + b"\xff" * 200,
        b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + b"\xff" * 200,
    ],
)
def test_programs_of_others_and_damaged_ones_hold_no_modules(program: bytes) -> None:
    assert told(built_in(program)) == set()
