"""Instances of admission policies: their kinds are made by the policies, so they are known by their group alone."""

from fourc.collect.manifests.fields import Fields
from fourc.model.kubernetes.admission import Constraint
from fourc.model.kubernetes.meta import Meta

CONSTRAINTS = "constraints.gatekeeper.sh"
"""All kinds of the group are cluster-scoped."""
_NARROWING = ("labelSelector", "namespaceSelector", "name", "source")


def decode_constraint(fields: Fields, meta: Meta) -> Constraint:
    """A Gatekeeper constraint; the template's own parameters stay as they are written."""
    spec = fields.child("spec")
    match = spec.child("match")
    parameters = spec.child("parameters")
    return Constraint(
        meta=meta,
        action=spec.text("enforcementAction") or "deny",
        kinds=frozenset(kind for row in match.children("kinds") for kind in row.strings("kinds")),
        namespaces=match.strings("namespaces"),
        excluded=match.strings("excludedNamespaces"),
        narrowed=any(match.value(field) for field in _NARROWING) or match.text("scope") == "Cluster",
        parameters={key: parameters.value(key) for key in parameters.keys()},  # noqa: SIM118 - no mapping
    )
