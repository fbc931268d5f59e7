"""A check that users wrote: CEL in a file, with what a check of ours has."""

from msgspec import Struct

from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.node import Path


class Kind(Struct, frozen=True):
    """One kind of the API: group, version, plural name, kind."""

    group: str
    version: str
    plural: str
    kind: str


class Validation(Struct, frozen=True):
    """An expression that must hold, what is said where it does not, and the field to show (from the object's root)."""

    expression: str
    message: Text
    at: Path = ()


class OwnCheck(Struct, frozen=True):
    """One file's check. `pods`: every pod, wherever its template stands; `kinds`: these kinds as well.

    `at` of a validation about pods is a path below the pod's spec. `file` is where it was read.
    """

    id: str
    severity: Severity
    layer: Layer
    title: Text
    why: Text
    references: tuple[str, ...]
    pods: bool
    kinds: tuple[Kind, ...]
    variables: tuple[tuple[str, str], ...]
    validations: tuple[Validation, ...]
    file: str
