"""Checks that users wrote, judged here and said as rules for the API server: both from the same expressions."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.enforce.cel import Expression, Wrong, as_stored, compiled
from fourc.enforce.expressions.rule import PODS, Rule, Shape, needed, variables, whole
from fourc.enforce.judged import shape_of
from fourc.enforce.own_check import OwnCheck, Validation
from fourc.model.kubernetes.meta import Meta
from fourc.patch.yaml.node import Json, Path

_SPEC_AT: Mapping[Shape, Path] = {
    Shape.POD: ("spec",),
    Shape.TEMPLATE: ("spec", "template", "spec"),
    Shape.CRON_JOB: ("spec", "jobTemplate", "spec", "template", "spec"),
}


class Broken(Struct, frozen=True):
    """A validation of a check that does not hold on the object: `number` is its place in the check."""

    meta: Meta
    check: OwnCheck
    number: int
    at: Path


class Unjudged(Struct, frozen=True):
    """A validation that could not be evaluated on the object."""

    meta: Meta
    check: OwnCheck
    why: str


def own_rules(check: OwnCheck) -> tuple[Rule, ...]:
    """Its validations as rules."""
    return tuple(
        Rule(check.id, whole(v.expression), v.message, own_variables=check.variables) for v in check.validations
    )


def judge(
    checks: Sequence[OwnCheck], objects: Sequence[tuple[Meta, Mapping[str, Json]]]
) -> Iterator[Broken | Unjudged]:
    """What the checks say of the objects; what another object of the input makes is judged at its maker."""
    present = {meta.ref for meta, _ in objects}
    expressions = {text: compiled(text) for check in checks for text in _texts(check)}
    for meta, data in objects:
        if meta.owner is not None and meta.owner in present:
            continue
        stored: Json = None
        for check in checks:
            shape = shape_of(data) if check.pods else None
            shape = shape if shape in PODS else None
            if shape is None and not any(_is(data, k.group, k.version, k.kind) for k in check.kinds):
                continue
            stored = as_stored(dict(data)) if stored is None else stored
            yield from _judged(check, meta, shape, stored, expressions)


def _texts(check: OwnCheck) -> Iterator[str]:
    for shape in PODS:
        yield from needed(variables(shape), own_rules(check)).values()
    yield from (text for _, text in check.variables)
    yield from (v.expression for v in check.validations)


def _is(data: Mapping[str, Json], group: str, version: str, kind: str) -> bool:
    return data.get("apiVersion") == (f"{group}/{version}" if group else version) and data.get("kind") == kind


def _judged(
    check: OwnCheck, meta: Meta, shape: Shape | None, stored: Json, expressions: Mapping[str, "Expression | Wrong"]
) -> Iterator[Broken | Unjudged]:
    values: dict[str, Json] = {}
    data: dict[str, Json] = {"object": stored, "variables": values}

    def ask(text: str) -> "Json | Wrong":
        expression = expressions[text]
        return expression if isinstance(expression, Wrong) else expression.value(data)

    for name, text in needed(variables(shape) if shape else {}, own_rules(check)).items():
        value = ask(text)
        if isinstance(value, Wrong):
            yield Unjudged(meta, check, value.why)
            return
        values[name] = value
    for number, validation in enumerate(check.validations):
        value = ask(validation.expression)
        if not isinstance(value, bool):
            yield Unjudged(
                meta, check, value.why if isinstance(value, Wrong) else f"{value!r} is neither true nor false"
            )
        elif not value:
            yield Broken(meta, check, number, _place(validation, shape))


def _place(validation: Validation, shape: Shape | None) -> Path:
    return (*_SPEC_AT[shape], *validation.at) if shape else validation.at
