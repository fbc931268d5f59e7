"""Gatekeeper constraints are known by their group, whatever their kind."""

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.kubernetes.admission import Constraint

WRITTEN = b"""
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: ACKPSPHostNetworkingPorts
metadata:
  name: ports
spec:
  enforcementAction: warn
  match:
    kinds: [{apiGroups: [""], kinds: [Pod]}]
    namespaces: [shop]
    excludedNamespaces: [shop-*]
  parameters: {hostNetwork: false, min: 0, max: 0}
"""


def read(text: bytes) -> Constraint:
    """The one constraint of the text."""
    (constraint,) = collect_stdin(text).inventory.constraints
    return constraint


def test_action_scope_and_parameters_are_read() -> None:
    constraint = read(WRITTEN)
    assert (constraint.meta.kind, constraint.meta.name, constraint.meta.namespace) == (
        "ACKPSPHostNetworkingPorts",
        "ports",
        None,
    )
    assert (constraint.action, constraint.kinds) == ("warn", frozenset({"Pod"}))
    assert (constraint.namespaces, constraint.excluded) == (("shop",), ("shop-*",))
    assert constraint.parameters == {"hostNetwork": False, "min": 0, "max": 0}
    assert not constraint.narrowed


def test_without_an_action_a_constraint_denies() -> None:
    assert read(WRITTEN.replace(b"  enforcementAction: warn\n", b"")).action == "deny"


def test_a_selector_leaves_objects_out() -> None:
    assert read(
        WRITTEN.replace(b"    namespaces:", b"    namespaceSelector: {matchLabels: {a: b}}\n    namespaces:")
    ).narrowed


def test_its_kind_still_counts_as_not_modelled() -> None:
    assert collect_stdin(WRITTEN).inventory.other_kinds == {"ACKPSPHostNetworkingPorts": 1}
