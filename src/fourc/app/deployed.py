"""What would be deployed: overlays' versions of objects in place of the bases that no one applies alone."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

from msgspec.structs import replace

from fourc.collect.manifests.collected import Collected
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref


class _Fact(Protocol):
    @property
    def meta(self) -> Meta: ...


F = TypeVar("F", bound=_Fact)


def deployed(collected: Collected, without: str = "") -> Inventory:
    """The inventory as clusters get it.

    An object that an overlay renders under another name or namespace is there as the overlay makes it. What stands in a
    component that no overlay takes in is not there. Policies in the folder `without` (earlier output, relative to what was
    scanned) are left out.
    """
    raw, made = collected.inventory, collected.variants
    components = [str(PurePosixPath(file).parent) for file in collected.coverage.components]

    def joined(facts: Sequence[F], variants: Sequence[F]) -> tuple[F, ...]:
        known = {f.meta.ref for f in facts}
        renamed = [v for v in variants if v.meta.ref not in known]
        kept_as_is = {v.meta.ref for v in variants} & known
        based = {ref for ref, _ in collected.sights}
        moved = {(v.meta.kind, v.meta.name) for v in renamed}

        def stays(meta: Meta) -> bool:
            rendered = (meta.ref, meta.origin.path) in collected.sights
            if not rendered and any(_inside(meta.origin.path, folder) for folder in components):
                return False
            noted = rendered or meta.ref in based
            return not noted or meta.ref in kept_as_is or (meta.kind, meta.name) not in moved

        return tuple(f for f in facts if stays(f.meta)) + tuple(renamed)

    policies = joined(raw.policies, made.policies)
    return replace(
        raw,
        workloads=_whole(joined(raw.workloads, made.workloads)),
        services=joined(raw.services, made.services),
        ingresses=joined(raw.ingresses, made.ingresses),
        gateways=joined(raw.gateways, made.gateways),
        routes=joined(raw.routes, made.routes),
        policies=tuple(p for p in policies if not _inside(p.meta.origin.path, without)),
        data=joined(raw.data, made.data),
        accounts=joined(raw.accounts, made.accounts),
        bindings=joined(raw.bindings, made.bindings),
        monitors=joined(raw.monitors, made.monitors),
        operated=joined(raw.operated, made.operated),
    )


def homes(collected: Collected) -> dict[Ref, str]:
    """The namespaces in which overlays put workloads that stand elsewhere in the files, by the name in the files."""
    rendered = {(v.meta.origin.path, v.meta.origin.document): v.meta.namespace for v in collected.variants.workloads}
    found = {
        ref: rendered.get((origin.path, origin.document))
        for (ref, _), origins in collected.sights.items()
        for origin in origins
    }
    return {ref: home for ref, home in found.items() if home is not None and home != ref.namespace}


def moved_namespaces(collected: Collected) -> frozenset[str]:
    """The namespaces in which workloads stand in files only: an overlay puts them elsewhere, or might where none was rendered.

    What selects every pod there would select every pod of another namespace.
    """
    made = {w.meta.ref for w in collected.variants.workloads}
    coverage = collected.coverage
    unseen = bool(coverage.overlays) and "kustomize" not in coverage.tools
    return frozenset(
        w.meta.namespace or "default"
        for w in collected.inventory.workloads
        if ((w.meta.ref, w.meta.origin.path) in collected.sights and w.meta.ref not in made)
        or (unseen and not w.meta.namespace_written)
    )


def _whole(workloads: tuple[Workload, ...]) -> tuple[Workload, ...]:
    """Without fragments: a copy without labels of a workload that has some elsewhere is a patch that nobody names."""
    labelled = {w.meta.ref for w in workloads if w.pod.labels}
    return tuple(w for w in workloads if w.pod.labels or w.meta.ref not in labelled)


def _inside(path: str, folder: str) -> bool:
    return bool(folder) and PurePosixPath(path).is_relative_to(folder)
