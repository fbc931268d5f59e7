"""One policy a check for engines that ask no types of an expression, as Kyverno and Gatekeeper do: it serves all kinds.

The parts are those of the API server's own policies, one for each shape of object; here they are joined by the object's kind.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from fourc.checks.registry import all_checks
from fourc.enforce import vap
from fourc.enforce.export import Asked, Fit, LeftOut
from fourc.enforce.expressions.rule import Rule, needed, quoted, words
from fourc.enforce.expressions.table import all_rules, left_out
from fourc.enforce.own_check import Kind
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
        wanted = asked.checks or {c.id for c in all_checks()} | {c.id for c in asked.own}
        return (), tuple(LeftOut(check, Fit.NOT_EXPRESSIBLE, _TOO_OLD) for check in sorted(wanted))
    said = {r.check for r in all_rules(asked.version)} | {c.id for c in asked.own}
    named = replace(asked, checks=asked.checks & said if asked.checks else frozenset(said))
    parts: dict[str, list[vap.Policy]] = {}
    for part in vap.policies(named) if named.checks else ():
        parts.setdefault(part.rules[0].check, []).append(part)
    apart = named.checks - parts.keys()
    out = [x for x in left_out(asked.version) if (not asked.checks or x.check in asked.checks) and x.check not in apart]
    out += (LeftOut(check, Fit.NOT_EXPRESSIBLE, _NO_NAMESPACE) for check in sorted(apart))
    return tuple(_policy(check, parts[check], asked) for check in sorted(parts)), tuple(out)


def _policy(check: str, parts: list[vap.Policy], asked: Asked) -> Policy:
    return Policy(
        check=check,
        kinds=tuple(dict.fromkeys(kind for part in parts for kind in part.kinds)),
        judged=_by_kind([(p, "true" if p.read == vap.EVERYTHING else vap.changed(p.read)) for p in parts]),
        variables=_variables(parts, asked),
        validations=tuple(_validation(rule, parts, asked) for rule in dict.fromkeys(r for p in parts for r in p.rules)),
    )


def _variables(parts: list[vap.Policy], asked: Asked) -> dict[str, str]:
    """The variables of all parts; one that differs goes by the object's kind."""
    of_parts: list[tuple[vap.Policy, dict[str, str]]] = []
    for part in parts:
        exempt = any(vap.exempted_from(rule, asked) for rule in part.rules)
        names = vap.names_of(made=part.made) if exempt else {}
        of_parts.append((part, {**needed(part.variables, part.rules), **names}))
    every = dict.fromkeys(name for _, of in of_parts for name in of)
    return {name: _by_kind([(part, of[name]) for part, of in of_parts if name in of]) for name in every}


def _by_kind(expressions: list[tuple[vap.Policy, str]]) -> str:
    if len({text for _, text in expressions}) == 1:
        return expressions[0][1]
    *others, (_, last) = expressions
    return "".join(f"{_is([part])} ? ({text}) : " for part, text in others) + f"({last})"


def _is(parts: list[vap.Policy]) -> str:
    kinds = tuple(dict.fromkeys(kind.kind for part in parts for kind in part.kinds))
    return f"object.kind == {quoted(kinds[0])}" if len(kinds) == 1 else f"object.kind in {words(kinds)}"


def _validation(rule: Rule, parts: list[vap.Policy], asked: Asked) -> Validation:
    about = [part for part in parts if rule in part.rules]
    holds = rule.said.holds if len(about) == len(parts) else f"!({_is(about)}) || ({rule.said.holds})"
    if exempted := vap.exempted_from(rule, asked):
        holds = f"({holds}) || variables.names.exists(n, n in {words(exempted)})"
    message = f"{rule.check}: {rule.message.say(asked.lang)}"
    names = f"{quoted(message + ' [')} + ({rule.said.culprits}).join(', ') + ']'" if rule.said.culprits else ""
    return Validation(holds, message, names)
