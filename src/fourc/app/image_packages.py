"""The packages in an image: of its operating system, of languages, and what was built into programs."""

import logging
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.collect.gaps import file_gap
from fourc.collect.image.image import Contents
from fourc.collect.image.wishes import Interest
from fourc.collect.limits import MIB
from fourc.collect.packages.executable import HEADS
from fourc.collect.packages.form import Form, Given, PackagesError
from fourc.collect.packages.forms import forms_of, forms_of_head
from fourc.collect.system.databases import System, is_wanted, read_system
from fourc.collect.system.tree import Files
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing
from fourc.model.text import Text

log = logging.getLogger(__name__)

_LARGEST = 256 * MIB
_LEAST_PROGRAM = 256 * 1024
"""Go's and Rust's smallest programs are larger; what is smaller is the operating system's."""
_LIBRARIES = (".so", ".ko", ".o", ".a", ".debug", ".mod")
_MEND = Text("look at the file in the image", "请查看镜像中的该文件")
_DEFECT = Text("reading its packages failed: {kind}", "读取其中的软件包时失败：{kind}")


_UNLISTED = Text(
    "it is {name}, but no package database tells which packages of it are there",
    "它是 {name}，但没有软件包数据库说明其中有哪些软件包",
)
_KEEP_IT = Text(
    "keep the database in the image, or scan the SBOM of its build", "请在镜像中保留软件包数据库，或扫描构建时的 SBOM"
)


class _Told(Struct, frozen=True, array_like=True):
    """What one file told, and why it told nothing where it is broken."""

    listings: tuple[Listing, ...] = ()
    broken: tuple[str, str, str] = ("", "", "")


def _forms(path: str, head: bytes) -> tuple[Form, ...]:
    named = forms_of(path, installed=True)
    if named or not head.startswith(HEADS):
        return named
    name = path.rpartition("/")[2]
    return () if name.endswith(_LIBRARIES) or ".so." in name else forms_of_head(head)


def _wants(path: str, size: int, head: bytes) -> bool:
    if is_wanted(path) or size > _LARGEST:
        return False
    if forms_of(path, installed=True):
        return True
    return size >= _LEAST_PROGRAM and bool(_forms(path, head))


def _facts(path: str, data: bytes) -> bytes:
    listings: list[Listing] = []
    broken = ("", "", "")
    for form in _forms(path, data[:64]):
        try:
            listing = form.read(Given(path, data))
        except PackagesError as error:
            broken = (error.message.en, error.message.zh, error.reason.value)
        except Exception as error:
            log.debug("reading the packages of %s failed", path, exc_info=True)
            said = _DEFECT.of(kind=type(error).__name__)
            broken = (said.en, said.zh, GapReason.UNSUPPORTED.value)
        else:
            listings += [listing] if listing.packages else []
    return _encoded(_Told(tuple(listings), broken))


_encoded = msgspec.msgpack.Encoder().encode
_decoded = msgspec.msgpack.Decoder(_Told).decode

LANGUAGES = Interest("packages 2", _wants, _facts)
SYSTEM = Interest("system packages 1", lambda path, size, _: is_wanted(path) and size <= _LARGEST)


class InImage(Struct, frozen=True):
    """What an image holds: the listings of its files, its operating system, what could not be read."""

    listings: tuple[Listing, ...]
    system: System
    gaps: tuple[Gap, ...]


def packages_in(contents: Contents) -> InImage:
    """The packages that a walk with `LANGUAGES` and `SYSTEM` has brought."""
    system = read_system(Files({file.path: file.facts for file in contents.files.get(SYSTEM.kind, ())}))
    told = [(file.path, _decoded(file.facts)) for file in contents.files.get(LANGUAGES.kind, ())]
    listings = [installed.listing for installed in system.databases]
    listings += [listing for _, each in told for listing in each.listings]
    unlisted = _unlisted(system)
    return InImage(tuple(listings), system, (*contents.gaps, *system.gaps, *unlisted, *_broken(told)))


def _unlisted(system: System) -> Iterator[Gap]:
    """That an operating system is there, and nothing tells of what it consists."""
    if system.distribution is not None and not system.gaps and not any(d.listing.packages for d in system.databases):
        name = system.distribution.name or system.distribution.id
        yield file_gap(GapReason.NO_DATA, "etc/os-release", _UNLISTED.of(name=name), _KEEP_IT)


def _broken(told: list[tuple[str, _Told]]) -> Iterator[Gap]:
    for path, each in told:
        if each.broken[0]:
            yield file_gap(GapReason(each.broken[2]), path, Text(*each.broken[:2]), _MEND)
