"""Label selectors (apimachinery meta/v1)."""

from fourc.collect.manifests.fields import Fields
from fourc.model.kubernetes.network import Requirement, Selector

NOTHING = Selector({}, (Requirement("", "In", ()),))
"""What an absent selector means where it selects nothing."""


def decode_selector(fields: Fields) -> Selector:
    """A LabelSelector; an empty one selects everything."""
    return Selector(
        fields.string_map("matchLabels"),
        tuple(
            Requirement(entry.text("key") or "", entry.text("operator") or "", entry.strings("values"))
            for entry in fields.children("matchExpressions")
        ),
    )
