"""CSAF 2.0 (https://docs.oasis-open.org/csaf/csaf/v2.0/): its products by package URL, and what is said about them."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.model.vex import VexStatement, VexStatus


class Helper(Struct, frozen=True):
    """Names of a product elsewhere."""

    purl: str | None = None


class Product(Struct, frozen=True):
    """A product."""

    product_id: str = ""
    product_identification_helper: Helper | None = None


class Branch(Struct, frozen=True):
    """A vendor, a product family, a version: a branch, or at last a product."""

    branches: "list[Branch] | None" = None
    product: Product | None = None


class Relation(Struct, frozen=True):
    """A product as a part of another."""

    product_reference: str = ""
    relates_to_product_reference: str = ""
    full_product_name: Product | None = None


class Group(Struct, frozen=True):
    """Products with one name."""

    group_id: str = ""
    product_ids: list[str] = []


class Tree(Struct, frozen=True):
    """All products."""

    branches: list[Branch] | None = None
    full_product_names: list[Product] | None = None
    relationships: list[Relation] | None = None
    product_groups: list[Group] | None = None


class Status(Struct, frozen=True):
    """Which products are in which state."""

    known_not_affected: list[str] | None = None
    fixed: list[str] | None = None
    first_fixed: list[str] | None = None
    known_affected: list[str] | None = None
    first_affected: list[str] | None = None
    last_affected: list[str] | None = None
    under_investigation: list[str] | None = None

    def products(self) -> Iterator[tuple[VexStatus, str]]:
        """Every product with what is said of it."""
        for status, some in (
            (VexStatus.NOT_AFFECTED, (self.known_not_affected,)),
            (VexStatus.FIXED, (self.fixed, self.first_fixed)),
            (VexStatus.AFFECTED, (self.known_affected, self.first_affected, self.last_affected)),
            (VexStatus.UNDER_INVESTIGATION, (self.under_investigation,)),
        ):
            for ids in some:
                for one in ids or ():
                    yield status, one


class Said(Struct, frozen=True):
    """Words about products: a flag has a label, a threat and a remediation details."""

    label: str = ""
    category: str = ""
    details: str = ""
    product_ids: list[str] | None = None
    group_ids: list[str] | None = None


class Id(Struct, frozen=True):
    """Another id of a vulnerability."""

    text: str = ""


class Vulnerability(Struct, frozen=True):
    """A vulnerability."""

    cve: str | None = None
    ids: list[Id] | None = None
    product_status: Status | None = None
    flags: list[Said] | None = None
    threats: list[Said] | None = None
    remediations: list[Said] | None = None


class Tracking(Struct, frozen=True):
    """Which document it is."""

    current_release_date: str = ""


class Head(Struct, frozen=True):
    """What the document says of itself."""

    tracking: Tracking | None = None


class Csaf(Struct, frozen=True):
    """The document."""

    document: Head
    product_tree: Tree | None = None
    vulnerabilities: list[Vulnerability] | None = None


class _Names(Struct, frozen=True):
    """What a product's id stands for: its package URL, and the product that it is a part of."""

    purl: str
    within: str = ""


def csaf_statements(path: str, document: Csaf) -> Iterator[VexStatement]:
    """What the document says of products that a package URL names; others match nothing and are passed over."""
    tree = document.product_tree or Tree()
    names = _names(tree)
    groups = {one.group_id: one.product_ids for one in tree.product_groups or ()}
    date = document.document.tracking.current_release_date if document.document.tracking else ""
    for told in document.vulnerabilities or ():
        ids = tuple(filter(None, (told.cve, *(one.text for one in told.ids or ()))))
        if not ids or told.product_status is None:
            continue
        labels = _by_product([(one, one.label) for one in told.flags or ()], groups)
        reasons = _by_product(
            [(one, one.details) for one in (*(told.threats or ()), *(told.remediations or ()))], groups
        )
        for status, product in told.product_status.products():
            name = names.get(product)
            if name is None:
                continue
            yield VexStatement(
                ids,
                status,
                (name.within,) if name.within else (),
                (name.purl,),
                labels.get(product, ""),
                reasons.get(product, ""),
                source=path,
                date=date,
            )


def _names(tree: Tree) -> Mapping[str, _Names]:
    products = list(tree.full_product_names or ())
    left = list(tree.branches or ())
    while left:
        branch = left.pop()
        if branch.product is not None:
            products.append(branch.product)
        left.extend(branch.branches or ())
    made: dict[str, _Names] = {}
    for product in products:
        helper = product.product_identification_helper
        if helper and helper.purl:
            made[product.product_id] = _Names(helper.purl)
    for one in tree.relationships or ():
        part, whole = made.get(one.product_reference), made.get(one.relates_to_product_reference)
        if part is not None and one.full_product_name is not None:
            made[one.full_product_name.product_id] = _Names(part.purl, whole.purl if whole else "")
    return made


def _by_product(said: list[tuple[Said, str]], groups: Mapping[str, list[str]]) -> Mapping[str, str]:
    made: dict[str, str] = {}
    for one, text in said:
        products = list(one.product_ids or ())
        for group in one.group_ids or ():
            products.extend(groups.get(group, ()))
        for product in products:
            made.setdefault(product, text)
    return made
