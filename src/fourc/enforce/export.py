"""What it means to write checks as policies that something else enforces: what was asked for, and what came of it."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from fourc.enforce.own_check import OwnCheck
from fourc.model.inventory import Inventory
from fourc.model.text import Lang, Text
from fourc.model.version import NEWEST, KubeVersion


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
    """The files, and what they do not say."""

    files: tuple[PolicyFile, ...]
    left_out: tuple[LeftOut, ...]


Exporter = Callable[[Asked], Exported]
