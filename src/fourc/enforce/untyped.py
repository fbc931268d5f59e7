"""One policy a check for engines that ask no types of an expression, as Kyverno and Gatekeeper do: it serves all kinds."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.enforce.export import Asked, Fit, LeftOut
from fourc.enforce.expressions.rule import KINDS, Kind, Rule, Shape, quoted, used, words
from fourc.enforce.expressions.table import all_rules, left_out
from fourc.enforce.vap import changed, exempted_from, names_of
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

FIRST_MINOR = 25
"""Before it the Pod Security Standards look at other fields than the expressions do."""
_TOO_OLD = Text(
    "the policies follow the Pod Security Standards from Kubernetes 1.25 on",
    "这些策略遵循 Kubernetes 1.25 及以后的 Pod 安全标准",
)
_NO_NAMESPACE = Text(
    "it is about objects of the whole cluster, which are in no namespace: export it without -n",
    "它针对整个集群的对象，不属于任何命名空间：请去掉 -n 再导出",
)
_IN_NO_NAMESPACE = frozenset(
    {"ClusterRole", "ClusterRoleBinding", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"}
)


class Validation(Struct, frozen=True):
    """What must hold, what is said where it does not, and an expression that says it with names (`""`: there is none)."""

    holds: str
    message: str
    with_names: str


class Policy(Struct, frozen=True):
    """One check as a policy: its kinds, what is `judged` at all, the variables in their order, and what must hold."""

    check: str
    kinds: tuple[Kind, ...]
    judged: str
    variables: Mapping[str, str]
    validations: tuple[Validation, ...]

    def texts(self) -> dict[str, Json]:
        """`variables` and `validations` as ValidatingAdmissionPolicy spells them, which both engines took over."""
        variables: list[Json] = [{"name": name, "expression": text} for name, text in self.variables.items()]
        validations: list[Json] = []
        for v in self.validations:
            named: dict[str, Json] = {"messageExpression": v.with_names} if v.with_names else {}
            validations.append({"expression": v.holds, "message": v.message, **named})
        return {"variables": variables, "validations": validations}


def policies(asked: Asked) -> tuple[tuple[Policy, ...], tuple[LeftOut, ...]]:
    """The policies for what was asked for, and what they do not say whole."""
    if asked.version.minor < FIRST_MINOR:
        wanted = asked.checks or {c.id for c in all_checks()}
        return (), tuple(LeftOut(check, Fit.NOT_EXPRESSIBLE, _TOO_OLD) for check in sorted(wanted))
    rules: dict[str, list[Rule]] = {}
    for rule in all_rules(asked.version):
        if not asked.checks or rule.check in asked.checks:
            rules.setdefault(rule.check, []).append(rule)
    made = [_policy(check, tuple(of_check), asked) for check, of_check in rules.items()]
    apart = {p.check for p in made if not p.kinds}
    out = [x for x in left_out(asked.version) if (not asked.checks or x.check in asked.checks) and x.check not in apart]
    out += (LeftOut(check, Fit.NOT_EXPRESSIBLE, _NO_NAMESPACE) for check in sorted(apart))
    return tuple(p for p in made if p.kinds), tuple(out)


def _policy(check: str, rules: tuple[Rule, ...], asked: Asked) -> Policy:
    shapes = tuple(dict.fromkeys(s for rule in rules for s in rule.shapes))
    kinds = tuple(k for s in shapes for k in KINDS[s] if not (asked.namespaces and k.kind in _IN_NO_NAMESPACE))
    return Policy(
        check,
        kinds,
        _by_kind({shape: changed(shape) for shape in shapes}),
        _variables(rules, shapes, asked),
        tuple(_validation(rule, asked, alone=len(rules) == 1) for rule in rules),
    )


def _variables(rules: tuple[Rule, ...], shapes: tuple[Shape, ...], asked: Asked) -> dict[str, str]:
    """The variables of all shapes; one that differs goes by the object's kind."""
    by_shape = {s: used(s, tuple(r for r in rules if s in r.shapes)) for s in shapes}
    if any(exempted_from(rule, asked) for rule in rules):
        by_shape = {shape: {**named, **names_of(shape)} for shape, named in by_shape.items()}
    names = dict.fromkeys(name for each in by_shape.values() for name in each)
    return {name: _by_kind({s: of[name] for s, of in by_shape.items() if name in of}) for name in names}


def _by_kind(expressions: dict[Shape, str]) -> str:
    if len(set(expressions.values())) == 1:
        return next(iter(expressions.values()))
    *others, (_, last) = expressions.items()
    return "".join(f"{_is(shape)} ? {text} : " for shape, text in others) + last


def _is(*shapes: Shape) -> str:
    kinds = tuple(dict.fromkeys(k.kind for shape in shapes for k in KINDS[shape]))
    return f"object.kind == {quoted(kinds[0])}" if len(kinds) == 1 else f"object.kind in {words(kinds)}"


def _validation(rule: Rule, asked: Asked, *, alone: bool) -> Validation:
    holds = rule.said.holds if alone else f"!({_is(*rule.shapes)}) || ({rule.said.holds})"
    if exempted := exempted_from(rule, asked):
        holds = f"({holds}) || variables.names.exists(n, n in {words(exempted)})"
    message = f"{rule.check}: {rule.message.say(asked.lang)}"
    names = f"{quoted(message + ' [')} + ({rule.said.culprits}).join(', ') + ']'" if rule.said.culprits else ""
    return Validation(holds, message, names)


def group_kinds(kinds: tuple[Kind, ...]) -> Iterator[tuple[str, str, list[Kind]]]:
    """The kinds by group and version, in their order."""
    groups: dict[tuple[str, str], list[Kind]] = {}
    for kind in kinds:
        groups.setdefault((kind.group, kind.version), []).append(kind)
    return ((group, version, each) for (group, version), each in groups.items())
