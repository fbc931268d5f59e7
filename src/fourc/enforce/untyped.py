"""One policy a check for engines that ask no types of an expression, as Kyverno and Gatekeeper do: it serves all kinds."""

from collections.abc import Iterator

from msgspec import Struct

from fourc.enforce.export import Asked, Fit, LeftOut
from fourc.enforce.expressions.rule import KINDS, Kind, Rule, Shape, quoted, used, words
from fourc.enforce.expressions.table import all_rules, left_out
from fourc.model.text import Lang, Text

_NOT_WRITTEN = Text(
    "not written: it {why}; to have it all the same, name the check", "未写出：它{why}；如仍需要，请指明该检查"
)
_NO_NAMESPACE = Text(
    "it looks at objects that are in no namespace, and namespaces were named",
    "它针对不属于任何命名空间的对象，而您指明了命名空间",
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
    """One check as a policy: its kinds, the variables in their order, and what must hold."""

    check: str
    kinds: tuple[Kind, ...]
    variables: dict[str, str]
    validations: tuple[Validation, ...]


def policies(asked: Asked) -> tuple[tuple[Policy, ...], tuple[LeftOut, ...]]:
    """The policies for what was asked for, and what they do not say; what is stricter is said only for a named check."""
    rules: dict[str, list[Rule]] = {}
    out: list[LeftOut] = []
    for lack in left_out(asked.version):
        if _is_asked(lack.check, asked):
            written = lack.fit is not Fit.STRICTER or lack.check in asked.checks
            out.append(lack if written else LeftOut(lack.check, lack.fit, _NOT_WRITTEN.of(why=lack.why)))
    for rule in all_rules(asked.version):
        if _is_asked(rule.check, asked) and (rule.fit is not Fit.STRICTER or rule.check in asked.checks):
            rules.setdefault(rule.check, []).append(rule)
    made = [_policy(check, tuple(of_check), asked) for check, of_check in rules.items()]
    out += (LeftOut(p.check, Fit.NOT_EXPRESSIBLE, _NO_NAMESPACE) for p in made if not p.kinds)
    return tuple(p for p in made if p.kinds), tuple(sorted(out, key=lambda each: (each.check, each.fit)))


def _is_asked(check: str, asked: Asked) -> bool:
    return not asked.checks or check in asked.checks


def _policy(check: str, rules: tuple[Rule, ...], asked: Asked) -> Policy:
    shapes = tuple(dict.fromkeys(s for rule in rules for s in rule.shapes))
    kinds = tuple(k for s in shapes for k in KINDS[s] if not (asked.namespaces and k.kind in _IN_NO_NAMESPACE))
    return Policy(
        check,
        kinds,
        _variables(rules, shapes),
        tuple(_validation(rule, asked.lang, alone=len(rules) == 1) for rule in rules),
    )


def _variables(rules: tuple[Rule, ...], shapes: tuple[Shape, ...]) -> dict[str, str]:
    """The variables of all shapes; one that differs goes by the object's kind."""
    by_shape = {s: used(s, tuple(r for r in rules if s in r.shapes)) for s in shapes}
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


def _validation(rule: Rule, lang: Lang, *, alone: bool) -> Validation:
    holds = rule.said.holds if alone else f"!({_is(*rule.shapes)}) || ({rule.said.holds})"
    message = rule.message.say(lang)
    names = f"{quoted(message + ' (')} + ({rule.said.culprits}).join(', ') + ')'" if rule.said.culprits else ""
    return Validation(holds, message, names)


def group_kinds(kinds: tuple[Kind, ...]) -> Iterator[tuple[str, str, list[Kind]]]:
    """The kinds by group and version, in their order."""
    groups: dict[tuple[str, str], list[Kind]] = {}
    for kind in kinds:
        groups.setdefault((kind.group, kind.version), []).append(kind)
    return ((group, version, each) for (group, version), each in groups.items())
