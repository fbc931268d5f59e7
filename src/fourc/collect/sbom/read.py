"""Which file is an SBOM, and what it lists."""

import re
from collections.abc import Callable

import msgspec

from fourc.collect.sbom import cyclonedx, cyclonedx_xml, spdx, spdx3, syft
from fourc.collect.sbom.parts import Contents, Sbom, SbomError, SbomTooLargeError, malformed, sbom_of, too_large
from fourc.model.text import Text, same

MAX_BYTES = 50 * 1024 * 1024
MAX_PARTS = 1_500_000
"""Objects in JSON, elements in XML, pairs of lines; one component has about twenty, a package in tags ten."""
_HEAD = 4096
_SPDX_LINE = re.compile(rb"^\s*SPDXVersion:", re.MULTILINE)
_NAMES = re.compile(
    r"(?:bom\.(?:json|xml)|.*\.cdx\.(?:json|xml)|.*\.cyclonedx\.(?:json|xml)|.*\.spdx3?(?:\.json|\.jsonld)?|"
    r"sbom[^/]*\.(?:json|xml|spdx)|.*[.-_]sbom\.(?:json|xml)|.*\.syft\.json)",
    re.IGNORECASE,
)
_XML_MARKS = (("cyclonedx-xml", b"cyclonedx.org/schema/bom"),)
_JSON_MARKS = (
    ("cyclonedx", b'"bomFormat"'),
    ("cyclonedx", b"cyclonedx.org/schema"),
    ("spdx", b'"spdxVersion"'),
    ("spdx3", b"spdx.org/rdf/3"),
    ("syft", b"anchore/syft", b'"artifacts"'),
)
"""A format with the words that its first bytes have."""
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8 = b"\xef\xbb\xbf"


def is_sbom(path: str, head: bytes) -> str | None:
    """The format (`cyclonedx`, `cyclonedx-xml`, `spdx`, `spdx-tag-value`, `spdx3`, `syft`) of a file; None where it is no SBOM.

    Its first bytes decide. Where these do not tell, because the word that does stands further down, a file that is called
    like one is taken for what its ending says.
    """
    text = _utf8(head[:_HEAD], whole=False).lstrip()
    if _SPDX_LINE.search(text):
        return "spdx-tag-value"
    kind = text[:1]
    if kind not in {b"<", b"{"}:
        return None
    marks = _XML_MARKS if kind == b"<" else _JSON_MARKS
    told = next((form for form, *words in marks if all(word in text for word in words)), None)
    seen_whole = len(head) < _HEAD and text.rstrip().endswith((b"}", b">"))
    if told is None and not seen_whole and _named(path):
        return "cyclonedx-xml" if kind == b"<" else _by_name(path)
    return told


def _named(path: str) -> bool:
    return _NAMES.fullmatch(path.rpartition("/")[2]) is not None


def _by_name(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    if ".spdx3" in name or name.endswith(".jsonld"):
        return "spdx3"
    if ".syft" in name:
        return "syft"
    return "spdx" if "spdx" in name else "cyclonedx"


def read_sbom(path: str, data: bytes) -> Sbom:
    """The packages that the SBOM lists.

    Raises:
        SbomError: it is none, or is broken.
        SbomTooLargeError: it has more bytes or parts than are read.
    """
    if len(data) > MAX_BYTES:
        raise too_large(path, same("50 MiB"))
    if max(data.count(b"{"), data.count(b"<"), data.count(b"PackageName:") * 10, data.count(b"\n") // 2) > MAX_PARTS:
        raise too_large(path, Text("1,500,000 parts", "1,500,000 个部分"))
    try:
        plain = _utf8(data)
        form = _whole_form(path, plain)
        return sbom_of(path, _READERS[form](path, plain))
    except msgspec.DecodeError as error:
        raise malformed(path, same(str(error))) from error
    except RecursionError as error:
        raise malformed(path, Text("it is nested too deep", "嵌套过深")) from error
    except UnicodeDecodeError as error:
        raise malformed(path, Text("it is not UTF-8 or UTF-16", "它不是 UTF-8 或 UTF-16")) from error


def _whole_form(path: str, data: bytes) -> str:
    """The form by all of the document: what tells it may stand at its end."""
    form = is_sbom(path, data)
    start = data.lstrip()[:1]
    if start == b"<":
        form = "cyclonedx-xml"
    elif start == b"{" and not _certain(data):
        form = msgspec.json.decode(data, type=_Marks).form
    if form is None:
        raise malformed(path, Text("it is neither CycloneDX nor SPDX", "它既不是 CycloneDX 也不是 SPDX"))
    return form


def _certain(data: bytes) -> bool:
    return any(mark in data[:_HEAD] for mark in (b'"bomFormat"', b'"spdxVersion"', b"spdx.org/rdf/3"))


_ABSENT = msgspec.Raw(b"")


class _Marks(msgspec.Struct, frozen=True):
    """What tells JSON formats apart."""

    bomFormat: msgspec.Raw = _ABSENT  # noqa: N815 - CycloneDX's name
    spdxVersion: msgspec.Raw = _ABSENT  # noqa: N815 - SPDX's name
    graph: msgspec.Raw = msgspec.field(name="@graph", default=_ABSENT)
    artifacts: msgspec.Raw = _ABSENT

    @property
    def form(self) -> str | None:
        """The format; None where nothing tells."""
        marks = (
            ("cyclonedx", self.bomFormat),
            ("spdx", self.spdxVersion),
            ("spdx3", self.graph),
            ("syft", self.artifacts),
        )
        return next((form for form, mark in marks if mark is not _ABSENT), None)


def _utf8(data: bytes, *, whole: bool = True) -> bytes:
    encoding = _UTF16.get(data[:2])
    if encoding:
        return (
            data[2 : None if whole else len(data) // 2 * 2].decode(encoding, "strict" if whole else "replace").encode()
        )
    return data.removeprefix(_UTF8)


_READERS: dict[str, Callable[[str, bytes], Contents]] = {
    "cyclonedx": lambda _, data: cyclonedx.read_json(data),
    "cyclonedx-xml": cyclonedx_xml.read_xml,
    "spdx": lambda _, data: spdx.read_json(data),
    "spdx-tag-value": lambda _, data: spdx.read_tags(data),
    "spdx3": lambda _, data: spdx3.read_jsonld(data),
    "syft": lambda _, data: syft.read_json(data),
}

__all__ = ["Sbom", "SbomError", "SbomTooLargeError", "is_sbom", "read_sbom"]
