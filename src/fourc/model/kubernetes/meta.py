"""What every object has."""

from collections.abc import Mapping

from msgspec import Struct, field

from fourc.model.location import Origin
from fourc.model.subject import Ref


class Meta(Struct, frozen=True):
    """Identity, labels and place of one top-level object; `namespace_written` tells a default from a written namespace."""

    kind: str
    group: str
    name: str
    namespace: str | None
    namespace_written: bool
    origin: Origin
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    owner: Ref | None = None

    @property
    def ref(self) -> Ref:
        """The object's name as reports use it."""
        return Ref(self.kind, self.namespace, self.name)
