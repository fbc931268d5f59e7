"""Which reader a file is for: told by its name's ending, then by the fields that it has, never by where it lies."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from fourc.vulns.advisories import alpine, debian, exploitation, friendsofphp, javascript, osv, rubysec, rustsec
from fourc.vulns.advisories.record import Fact, Problem
from fourc.vulns.advisories.yaml import YamlError, load

T = TypeVar("T")
_MALFORMED = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
"""`ValidationError` is a `DecodeError`."""


class _Fields(Struct, frozen=True):
    """The fields by which formats are told apart."""

    id: Raw | UnsetType = UNSET
    affected: Raw | UnsetType = UNSET
    modified: Raw | UnsetType = UNSET
    module_name: Raw | UnsetType = UNSET
    vulnerable: Raw | UnsetType = UNSET
    packages: Raw | UnsetType = UNSET
    urlprefix: Raw | UnsetType = UNSET
    vulnerabilities: Raw | UnsetType = UNSET
    catalogVersion: Raw | UnsetType = UNSET  # noqa: N815 - theirs


_fields = msgspec.json.Decoder(_Fields)
_list = msgspec.json.Decoder(list[Raw])
_mapping = msgspec.json.Decoder(dict[str, Raw])
_npm = msgspec.json.Decoder(javascript.NpmAdvisory)
_core = msgspec.json.Decoder(javascript.CoreAdvisory)


def read(path: str, data: bytes) -> Iterator[Fact]:
    """What one file says; nothing where it is no source of advisories, a `Problem` where it is a broken one."""
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    if ending == "json":
        yield from _json(path, data)
    elif ending in {"yaml", "yml"}:
        yield from _yaml(path, data)
    elif ending == "md":
        yield from rustsec.read(path, data)
    elif ending == "csv":
        yield from exploitation.table(path, data)
    elif name.endswith(("InRelease", "Release")):
        yield from debian.suite(path, data)
    elif name.endswith("Packages"):
        yield from debian.index(path, data)


def _json(path: str, data: bytes) -> Iterator[Fact]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] == b"{":
        yield from _object(path, data)
        return
    try:
        if data.lstrip()[:1] != b"[":
            msgspec.json.decode(data)  # a lone string or number is no advisory
            return
        records = _list.decode(data)
    except _MALFORMED as error:
        yield Problem(path, _why(error))
        return
    for record in records:
        if bytes(record).lstrip()[:1] == b"{":
            yield from _object(path, bytes(record))


def _object(path: str, data: bytes) -> Iterator[Fact]:
    try:
        fields = _fields.decode(data)
    except _MALFORMED as error:
        yield Problem(path, _why(error))
        return
    try:
        if fields.module_name is not UNSET:
            yield from javascript.npm(path, _npm.decode(data))
        elif fields.id is not UNSET and (fields.affected is not UNSET or fields.modified is not UNSET):
            yield from osv.advisory_of(osv.decoder.decode(data), path)
        elif fields.vulnerable is not UNSET:
            yield from javascript.core(path, _core.decode(data))
        elif fields.packages is not UNSET and fields.urlprefix is not UNSET:
            yield from alpine.read(path, msgspec.json.decode(data))
        elif fields.catalogVersion is not UNSET and fields.vulnerabilities is not UNSET:
            yield from exploitation.exploited(exploitation.catalogue_decoder.decode(data))
        else:
            yield from _by_package(path, data)
    except _MALFORMED as error:
        yield Problem(path, _why(error))


def _by_package(path: str, data: bytes) -> Iterator[Fact]:
    """Files that map a package's name to what is known of it: Debian's tracker, retire.js."""
    first = next(iter(_mapping.decode(data).values()), None)
    if first is None or bytes(first).lstrip()[:1] != b"{":
        return
    fields = _mapping.decode(bytes(first))
    if "vulnerabilities" in fields:
        yield from javascript.retired(path, javascript.retired_decoder.decode(data))
    elif all(name.startswith(("CVE-", "TEMP-")) for name in fields) and fields:
        yield from debian.tracker(debian.tracker_decoder.decode(data))


def _yaml(path: str, data: bytes) -> Iterator[Fact]:
    try:
        document = load(data)
    except YamlError as error:
        yield Problem(path, str(error))
        return
    for record in document if isinstance(document, list) else [document]:
        if not isinstance(record, dict):
            continue
        if "id" in record and ("affected" in record or "modified" in record):
            yield from _converted(path, record, osv.Osv, osv.advisory_of)
        elif ("gem" in record or "engine" in record) and "title" in record:
            yield from rubysec.read(path, record)
        elif "reference" in record and "branches" in record:
            yield from friendsofphp.read(path, record)
        elif "packages" in record and ("distroversion" in record or "urlprefix" in record):
            yield from alpine.read(path, record)


def _converted(
    path: str, document: object, kind: type[T], read_it: Callable[[T, str], Iterator[Fact]]
) -> Iterator[Fact]:
    try:
        record = msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        yield Problem(path, _why(error))
        return
    yield from read_it(record, path)


def _why(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
