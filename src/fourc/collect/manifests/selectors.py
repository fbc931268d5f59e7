"""Label selectors (apimachinery meta/v1)."""

from fourc.collect.manifests.fields import Fields
from fourc.model.kubernetes.network import Requirement, Selector
from fourc.model.text import Text

NOTHING = Selector({}, (Requirement("", "In", ()),))
"""What an absent selector means where it selects nothing, and what one that the API would refuse selects."""

_WITH_VALUES, _WITHOUT = ("In", "NotIn"), ("Exists", "DoesNotExist")
_NO_KEY = Text("an expression needs a key; the cluster refuses it", "表达式必须有 key；集群会拒绝它")
_BAD_OPERATOR = Text(
    "{operator} is no operator of a selector; the cluster refuses it", "{operator} 不是选择器的运算符；集群会拒绝它"
)
_NO_VALUES = Text("{operator} needs values; the cluster refuses it", "{operator} 必须带 values；集群会拒绝它")
_VALUES = Text("{operator} takes no values; the cluster refuses it", "{operator} 不能带 values；集群会拒绝它")


def decode_selector(fields: Fields) -> Selector:
    """A LabelSelector; an empty one selects everything, one that the API would refuse nothing."""
    labels = fields.labels("matchLabels")
    expressions = tuple(_requirement(entry) for entry in fields.entries("matchExpressions"))
    return NOTHING if fields.refused else Selector(labels, expressions)


def _requirement(fields: Fields) -> Requirement:
    key, operator, values = fields.text("key") or "", fields.text("operator") or "", fields.strings("values")
    if not key:
        fields.refuse(_NO_KEY)
    if operator not in (*_WITH_VALUES, *_WITHOUT):
        fields.refuse(_BAD_OPERATOR.of(operator=operator or "-"), *(("operator",) if "operator" in fields else ()))
    elif operator in _WITH_VALUES and not values:
        fields.refuse(_NO_VALUES.of(operator=operator))
    elif operator in _WITHOUT and values:
        fields.refuse(_VALUES.of(operator=operator), "values")
    return Requirement(key, operator, values)
