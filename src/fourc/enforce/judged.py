"""The verdict of the expressions on an object, as the API server would come to it."""

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from fourc.enforce.cel import Expression, Wrong, as_stored, compiled
from fourc.enforce.expressions.rule import KINDS, Rule, Shape, used
from fourc.enforce.expressions.table import all_rules
from fourc.model.version import KubeVersion
from fourc.patch.yaml.node import Json


class Verdict(Struct, frozen=True):
    """What a rule says of an object: `refused` and by whom, or why it could not be asked."""

    check: str
    rule: Rule
    refused: bool
    culprits: tuple[str, ...] = ()
    wrong: str = ""


def shape_of(manifest: Mapping[str, Json]) -> Shape | None:
    """The shape of the manifest's kind, if policies look at it."""
    version, kind = str(manifest.get("apiVersion", "")), manifest.get("kind")
    named = (version.rpartition("/")[0], version.rpartition("/")[2], kind)
    found = (shape for shape, kinds in KINDS.items() for k in kinds if (k.group, k.version, k.kind) == named)
    return next(found, None)


def verdicts(
    manifest: Mapping[str, Json], version: KubeVersion, checks: frozenset[str] = frozenset()
) -> tuple[Verdict, ...]:
    """What the rules (of the checks, or all) say of the manifest, as it stands in the file."""
    shape = shape_of(manifest)
    if shape is None:
        return ()
    rules = tuple(r for r in all_rules(version) if shape in r.shapes and (not checks or r.check in checks))
    stored = as_stored(dict(manifest))
    variables: dict[str, Json] = {}
    data: dict[str, Json] = {"object": stored, "variables": variables}
    for name, expression in used(shape, rules).items():
        value = _program(expression).value(data)
        if isinstance(value, Wrong):
            return tuple(Verdict(r.check, r, refused=True, wrong=value.why) for r in rules)
        variables[name] = value
    return tuple(_verdict(rule, data) for rule in rules)


def _verdict(rule: Rule, data: dict[str, Json]) -> Verdict:
    value = _program(rule.said.holds).value(data)
    if isinstance(value, Wrong):
        return Verdict(rule.check, rule, refused=True, wrong=value.why)
    if value is True or not rule.said.culprits:
        return Verdict(rule.check, rule, refused=value is not True)
    named = _program(rule.said.culprits).value(data)
    return Verdict(rule.check, rule, refused=True, culprits=tuple(map(str, named)) if isinstance(named, list) else ())


@cache
def _program(expression: str) -> Expression:
    made = compiled(expression)
    if isinstance(made, Wrong):
        raise TypeError(made.why)  # an expression of our own, which the tests compile
    return made
