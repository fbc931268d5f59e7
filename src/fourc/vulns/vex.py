"""VEX documents: OpenVEX (https://github.com/openvex/spec) and CSAF's profile (https://docs.oasis-open.org/csaf/csaf/v2.0/)."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from fourc.errors import FourcError
from fourc.model.text import Text, same
from fourc.model.vex import VexStatement, VexStatus
from fourc.vulns.csaf import Csaf, csaf_statements

MAX_BYTES = 64 * 1024 * 1024
MAX_PARTS = 1_500_000
"""Objects in the document."""


class VexError(FourcError):
    """A file that should hold VEX statements cannot be understood."""


class Identifiers(Struct, frozen=True):
    """Names of a product."""

    purl: str = ""


class Subcomponent(Struct, frozen=True):
    """A part of a product."""

    id: str = field(name="@id", default="")
    identifiers: Identifiers | None = None


class Product(Struct, frozen=True):
    """A product, and the parts of it that a statement is about."""

    id: str = field(name="@id", default="")
    identifiers: Identifiers | None = None
    subcomponents: list[Subcomponent] | None = None


class Vulnerability(Struct, frozen=True):
    """A vulnerability."""

    name: str = ""
    id: str = field(name="@id", default="")
    aliases: list[str] | None = None


class Statement(Struct, frozen=True):
    """A statement; before 0.2.0 vulnerabilities, products and parts were plain strings."""

    vulnerability: Vulnerability | str
    status: VexStatus
    products: list[Product | str] | None = None
    subcomponents: list[str] | None = None
    justification: str | None = None
    impact_statement: str | None = None
    action_statement: str | None = None
    status_notes: str | None = None
    timestamp: str | None = None
    last_updated: str | None = None


class OpenVex(Struct, frozen=True):
    """The document."""

    statements: list[Statement]
    timestamp: str | None = None


class _Marks(Struct, frozen=True):
    """What tells the two forms apart."""

    document: msgspec.Raw = msgspec.Raw(b"")
    statements: msgspec.Raw = msgspec.Raw(b"")


def vex_statements(path: str, data: bytes) -> tuple[VexStatement, ...]:
    """The statements of a VEX document, the newest last.

    Raises:
        VexError: it is neither OpenVEX nor CSAF, or is broken.
    """
    if len(data) > MAX_BYTES:
        raise _refused(path, Text("it is larger than 64 MiB", "它大于 64 MiB"))
    if data.count(b"{") > MAX_PARTS:
        raise _refused(path, Text("it has more than 1,500,000 parts", "它包含超过 1,500,000 个部分"))
    plain = data.removeprefix(b"\xef\xbb\xbf")
    try:
        marks = msgspec.json.decode(plain, type=_Marks)
        if bytes(marks.statements):
            made = list(_of_openvex(path, msgspec.json.decode(plain, type=OpenVex)))
        elif bytes(marks.document):
            made = list(csaf_statements(path, msgspec.json.decode(plain, type=Csaf)))
        else:
            raise _refused(
                path, Text("it has neither statements nor a document", "它既没有 statements 也没有 document")
            )
    except msgspec.DecodeError as error:
        raise _refused(path, same(str(error))) from error
    except RecursionError as error:
        raise _refused(path, Text("it is nested too deep", "嵌套过深")) from error
    return tuple(sorted(made, key=lambda one: one.date))


def _refused(path: str, why: Text) -> VexError:
    return VexError(
        Text("{path} cannot be read as VEX: {why}", "{path} 无法作为 VEX 读取：{why}").of(path=path, why=why),
        hint=Text("give an OpenVEX or CSAF file in JSON", "请提供 JSON 格式的 OpenVEX 或 CSAF 文件"),
    )


def _of_openvex(path: str, document: OpenVex) -> Iterator[VexStatement]:
    for one in document.statements:
        told = one.vulnerability
        ids = (told,) if isinstance(told, str) else tuple(filter(None, (told.name or told.id, *(told.aliases or ()))))
        common = VexStatement(
            ids,
            one.status,
            justification=one.justification or "",
            reason=one.impact_statement or one.action_statement or one.status_notes or "",
            source=path,
            date=one.last_updated or one.timestamp or document.timestamp or "",
        )
        whole = [_name(product) for product in one.products or () if not _parts(product)]
        whole = [name for name in whole if name]
        if whole:
            yield msgspec.structs.replace(common, products=tuple(whole), parts=tuple(one.subcomponents or ()))
        for product in one.products or ():
            parts = tuple(filter(None, _parts(product)))
            if parts and _name(product):
                yield msgspec.structs.replace(common, products=(_name(product),), parts=parts)


def _name(product: Product | str) -> str:
    if isinstance(product, str):
        return product
    return (product.identifiers.purl if product.identifiers else "") or product.id


def _parts(product: Product | str) -> list[str]:
    if isinstance(product, str):
        return []
    return [(one.identifiers.purl if one.identifiers else "") or one.id for one in product.subcomponents or ()]
