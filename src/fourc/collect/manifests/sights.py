"""Which objects of a file an overlay renders again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fourc.collect.manifests.kustomizations import Overlay
from fourc.model.kubernetes.meta import Meta
from fourc.model.location import Origin
from fourc.model.subject import Ref


class Sights:
    """The objects that were read from files, and where else each was seen."""

    def __init__(self, metas: Sequence[Meta]) -> None:
        self._by_file: dict[str, list[Meta]] = defaultdict(list)
        for meta in metas:
            self._by_file[meta.origin.path].append(meta)
        self._found: dict[tuple[Ref, str], list[Origin]] = defaultdict(list)

    def note(self, rendered: Meta, overlay: Overlay) -> bool:
        """Whether the object stands in a file that the overlay includes; if so it is noted there.

        Namespaces may differ, and names as far as the overlay's prefixes and suffixes go.
        """
        alike = [
            meta
            for file in sorted(overlay.files)
            for meta in self._by_file.get(file, ())
            if (meta.group, meta.kind) == (rendered.group, rendered.kind) and overlay.may_name(meta.name, rendered.name)
        ]
        if not alike:
            return False
        raw = min(alike, key=lambda m: (m.name != rendered.name, m.namespace != rendered.namespace))
        origins = self._found[raw.ref, raw.origin.path]
        if rendered.origin not in origins:
            origins.append(rendered.origin)
        return True

    def result(self) -> Mapping[tuple[Ref, str], tuple[Origin, ...]]:
        """By an object's name and file the other places where it was seen."""
        return {key: tuple(origins) for key, origins in self._found.items()}
