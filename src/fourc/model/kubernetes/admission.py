"""Instances of admission policies that the user's own files hold."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.patch.yaml.node import Json


class Constraint(Struct, frozen=True):
    """constraints.gatekeeper.sh: an instance of the ConstraintTemplate that its kind is called after.

    `action` is `spec.enforcementAction` (absent: `deny`). `kinds` and `namespaces` empty mean all, of namespaces all but the
    `excluded`; `*` stands for anything, of a namespace's name for its beginning or end. `narrowed` says whether another
    field of `spec.match` leaves objects out.
    """

    meta: Meta
    action: str
    kinds: frozenset[str]
    namespaces: tuple[str, ...]
    excluded: tuple[str, ...]
    narrowed: bool
    parameters: Mapping[str, Json]
