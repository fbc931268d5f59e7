"""`updateinfo.xml`: the advisories of an rpm repository, with the packages that each brought.

The format is that of createrepo_c (https://github.com/rpm-software-management/createrepo_c), dnf, yum and zypper. A file may
have a hundred megabytes; only what brings an update for something installed is read as XML, the rest is passed over as bytes.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from fourc.collect.limits import MIB
from fourc.collect.packages.form import PackagesError
from fourc.collect.system.installed import checked
from fourc.collect.system.offers import Newer
from fourc.collect.system.xml_events import parse
from fourc.model.finding import Severity
from fourc.model.text import Text
from fourc.model.update import Offered

_BEGIN = b"<update"
_END = b"</update>"
_BLOCK_BYTES = 16 * MIB
# `name` of anything, begun by letters that the search can leap to
_NAMES = re.compile(rb"name=[\"']([^\"']*)")
_PACKAGE = re.compile(rb"<package\s")
_LIST = b"<pkglist"
_LIST_END = b"</pkglist>"
_MODULE = b"<module"
# a collection may be a module's, which stands before its packages
_HEADS = re.compile(rb"<(?:module|collection)\b")
_TAG = 4096
_ATTRIBUTE = re.compile(rb"([a-z]+)\s*=\s*[\"']([^\"']*)[\"']")
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_SEVERITIES = {
    "critical": Severity.CRITICAL,
    "urgent": Severity.CRITICAL,
    "important": Severity.HIGH,
    "high": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
}
_LARGE = Text("an advisory of more than {limit} MB", "某个公告超过 {limit} MB")
_CUT = Text("it ends within an advisory", "文件在某个公告中途结束")
_NO_UPDATES = Text("it holds no list of updates", "其中没有更新列表")
_AGAIN = Text("fetch the metadata again: dnf makecache", "请重新获取元数据：dnf makecache")


def offered_by(data: bytes, names: AbstractSet[bytes], is_newer: Newer) -> Iterator[Offered]:
    """What the security advisories bring that is newer than what is installed under one of the names.

    Raises:
        PackagesError: it is broken.
    """
    start = count = 0
    if b"<updates" not in data[:65536]:
        raise PackagesError(_NO_UPDATES, hint=_AGAIN)
    while (start := data.find(_BEGIN, start)) >= 0:
        if data[start + len(_BEGIN) : start + len(_BEGIN) + 1] not in _AFTER_NAME:  # `<updates>`, `<updated>`
            start += len(_BEGIN)
            continue
        end = data.find(_END, start)
        if end < 0:
            raise PackagesError(_CUT, hint=_AGAIN)
        end += len(_END)
        if b"security" in data[start : data.find(b">", start, end) + 1]:
            if end - start > _BLOCK_BYTES:
                raise PackagesError(_LARGE.of(limit=_BLOCK_BYTES // MIB), hint=_AGAIN)
            block = data[start:end]
            if not names.isdisjoint(_NAMES.findall(block)) and (packages := list(_newer(block, names, is_newer))):
                count += len(packages)
                checked(count)
                yield from _advisory(block, packages)
        start = end


_AFTER_NAME = frozenset({b" ", b">", b"\n", b"\t", b"\r"})


def _newer(block: bytes, names: AbstractSet[bytes], is_newer: Newer) -> Iterator[tuple[str, str, str, str]]:
    """Name, version, architecture and module of the packages of an advisory that are updates here: of most, few."""
    heads: list[int] | None = None
    for match in _NAMES.finditer(block):
        if match[1] not in names:
            continue
        start = block.rfind(b"<", max(0, match.start() - _TAG), match.start())
        if start < 0 or not _PACKAGE.match(block, start):
            continue
        told = _attributes(block, start)
        name, version, architecture = told.get("name", ""), _version(told), told.get("arch", "")
        if is_newer(name, version, architecture):
            if heads is None:
                heads = [head.start() for head in _HEADS.finditer(block)] if _MODULE in block else []
            yield name, version, architecture, _module(block, heads, start)


def _module(block: bytes, heads: list[int], start: int) -> str:
    """The module and stream of the collection that a package is in; most are of none."""
    before = bisect(heads, start) - 1
    if before < 0 or not block.startswith(_MODULE, heads[before]):
        return ""
    told = _attributes(block, heads[before])
    return f"{told.get('name', '')}:{told.get('stream', '')}"


def _attributes(block: bytes, start: int) -> dict[str, str]:
    """Those of the tag that begins there; names and versions have nothing that XML must write in another way."""
    tag = block[start : block.find(b">", start, start + _TAG) + 1]
    return {key.decode(): value.decode("utf-8", "replace") for key, value in _ATTRIBUTE.findall(tag)}


def _version(told: Mapping[str, str]) -> str:
    epoch = told.get("epoch", "")
    release = told.get("release", "")
    return (
        (f"{epoch}:" if epoch not in {"", "0"} else "") + told.get("version", "") + (f"-{release}" if release else "")
    )


class _Advisory:
    """What the elements of one `<update>` have told so far."""

    def __init__(self) -> None:
        self.id = ""
        self.is_security = False
        self.severity: Severity | None = None
        self.cves: set[str] = set()

    def begins(self, name: str, told: Mapping[str, str]) -> None:
        if name == "update":
            self.is_security = told.get("type") == "security"
        elif name == "reference":
            self.cves.update(_CVE.findall(f"{told.get('id', '')} {told.get('title', '')}"))

    def ends(self, name: str, text: str) -> None:
        if name == "id" and not self.id:
            self.id = text
        elif name == "severity":
            self.severity = _SEVERITIES.get(text.lower())


def _advisory(block: bytes, packages: list[tuple[str, str, str, str]]) -> Iterator[Offered]:
    """What is read as XML is all but the list of packages, which is most of it."""
    begin, end = block.find(_LIST), block.rfind(_LIST_END)
    if not 0 <= begin < end:
        raise PackagesError(_CUT, hint=_AGAIN)
    told = _Advisory()
    parse(block[:begin] + block[end + len(_LIST_END) :], told.begins, told.ends)
    if not told.is_security:
        return
    references = tuple(f"cve:{cve}" for cve in sorted(told.cves))
    for name, version, architecture, module in packages:
        yield Offered(name, version, architecture, told.severity, references, told.id, module)
