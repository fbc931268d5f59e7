"""What collecting manifests returns."""

from collections.abc import Mapping

from msgspec import Struct, field

from fourc.model.gap import Gap
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.location import Origin
from fourc.model.subject import Ref
from fourc.patch.yaml.node import Json


class Coverage(Struct, frozen=True):
    """What was looked at: charts and overlays by their files, patches (which are no objects), tools that were there.

    `tools` holds `helm` and `kustomize` where they were found and rendering was asked for; charts without `helm`, or
    overlays without `kustomize`, were not rendered. `components` are kustomize components, rendered only by overlays.
    """

    files: int = 0
    documents: int = 0
    charts: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    rendered: tuple[str, ...] = ()
    tools: frozenset[str] = frozenset()


class Collected(Struct, frozen=True):
    """The facts, the gaps, what was covered, and where else an object was seen.

    `sights` maps an object that stands in a file (its name, the path of its file) to the overlays that render it too;
    `variants` are these renderings as facts: the same objects as the overlays change them. `plain` are the objects' own
    data, if they were to be kept.
    """

    inventory: Inventory = field(default_factory=Inventory)
    gaps: tuple[Gap, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    sights: Mapping[tuple[Ref, str], tuple[Origin, ...]] = field(default_factory=dict)
    variants: Inventory = field(default_factory=Inventory)
    plain: tuple[tuple[Meta, Mapping[str, Json]], ...] = ()
