"""What it means to write checks as policies that something else enforces: what was asked for, and what came of it."""

from collections.abc import Callable, Collection
from enum import StrEnum

from msgspec import Struct

from fourc.enforce.own_check import OwnCheck
from fourc.model.inventory import Inventory
from fourc.model.text import Lang, Text
from fourc.model.version import NEWEST, KubeVersion

MARK = "app.kubernetes.io/managed-by: fourc"
"""Stands in every file of an export, as a label or a comment, so that a later one may write it anew."""


class Stage(StrEnum):
    """How far a policy goes: it writes to the audit log, warns who creates the object as well, or refuses it."""

    AUDIT = "audit"
    WARN = "warn"
    DENY = "deny"


class Fit(StrEnum):
    """How well a format says what a check says: exactly, less, more (it may refuse what the check lets pass), or not at all."""

    EXACT = "exact"
    NARROWER = "narrower"
    STRICTER = "stricter"
    NOT_EXPRESSIBLE = "not-expressible"


class Exemption(Struct, frozen=True, order=True):
    """A check leaves one object alone: a workload with its pods, or any other object (`namespace` is empty: the cluster's)."""

    check: str
    namespace: str
    name: str


class Asked(Struct, frozen=True):
    """What is to be exported: the `checks` by id (none: all that can be), for the `namespaces` (none: all but the system's).

    `exempt` names workloads that a check leaves alone, as narrowly as the format can.
    `own` are the checks that users wrote. `inventory` is what was read of the user's own, so that instances that exist are
    not written again; None if nothing was.
    """

    checks: frozenset[str] = frozenset()
    stage: Stage = Stage.AUDIT
    namespaces: frozenset[str] = frozenset()
    version: KubeVersion = NEWEST
    lang: Lang = Lang.EN
    exempt: frozenset[Exemption] = frozenset()
    own: tuple[OwnCheck, ...] = ()
    inventory: Inventory | None = None


_ALL_OR_NONE = Text(
    "the format cannot leave one object alone: {name} is refused too; move it to a namespace of its own and leave that one out",
    "该格式不能只放过一个对象：{name} 也会被拒绝；请把它移到单独的命名空间，并把那里排除在外",
)


def not_spared(asked: Asked, checks: Collection[str]) -> tuple["LeftOut", ...]:
    """What a format without exemptions refuses although it was to be left alone; `checks` are those that it enforces."""
    named = ((x.check, f"{x.namespace}/{x.name}") for x in sorted(asked.exempt) if x.check in checks)
    return tuple(LeftOut(check, Fit.STRICTER, _ALL_OR_NONE.of(name=name)) for check, name in named)


class PolicyFile(Struct, frozen=True):
    """A file to write: its name, without folders, and its YAML, which ends with a line break."""

    name: str
    text: str


class LeftOut(Struct, frozen=True):
    """A check that the format cannot say whole: what is missing, or that it is not said at all."""

    check: str
    fit: Fit
    why: Text


class Exported(Struct, frozen=True):
    """The files, what they do not say, and what is told besides: what exists already, what is missing to say more."""

    files: tuple[PolicyFile, ...]
    left_out: tuple[LeftOut, ...]
    told: tuple[Text, ...] = ()


Exporter = Callable[[Asked], Exported]
