"""Instances of Alibaba Cloud ACK's own policy library: Gatekeeper constraints of kinds that ACK installs.

Nothing but the instances is written: the templates are ACK's. What its page leaves open counts as not covered, and an
instance that is stricter than our check is written only where the check was asked for by its id. Instances that the user
has are read: none is written twice, and one that does less than what was asked for is named with what to change.
"""

import json
from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.checks.registry import all_checks
from fourc.enforce.ack_library import Policy, Said, library
from fourc.enforce.export import Asked, Exported, Fit, LeftOut, PolicyFile, Stage, not_spared
from fourc.enforce.scope import Scope, scope_of
from fourc.enforce.vap import MANAGED
from fourc.enforce.written import documents
from fourc.model.kubernetes.admission import Constraint
from fourc.model.text import Text, join, same
from fourc.patch.yaml.node import Json

ACTIONS = {Stage.AUDIT: "dryrun", Stage.WARN: "warn", Stage.DENY: "deny"}
"""`spec.enforcementAction` of a Gatekeeper constraint."""
_STRENGTH = ("dryrun", "warn", "deny")

_NO_POLICY = Text("no policy of ACK's library looks at this", "ACK 的策略库中没有对应的策略")
_NOT_WRITTEN = Text(
    "not written: {why}; to have it all the same, name the check", "未写出：{why}；如仍需要，请指明该检查"
)
_FOR = Text("For {checks}.", "对应检查：{checks}。")
_DIFFERS = Text("{check}: {why}", "{check}：{why}")
_THERE = Text(
    "{kind} {name} ({path}) is there and does at least what was asked for: it is left as it is",
    "{kind} {name}（{path}）已存在，并且不弱于所要求的：保持不变",
)
_WEAKER = Text(
    "{kind} {name} ({path}) is there with the action {action}: set spec.enforcementAction to {wanted} in it",
    "{kind} {name}（{path}）已存在，动作是 {action}：请把其中的 spec.enforcementAction 改为 {wanted}",
)
_OTHERWISE = Text(
    "{kind} {name} ({path}) is there with other parameters: compare its spec.parameters with {wanted}",
    "{kind} {name}（{path}）已存在，但参数不同：请把其中的 spec.parameters 与 {wanted} 对照",
)


class _Instance(Struct, frozen=True):
    """What is to be written of a policy: for which checks, with which parameters."""

    policy: Policy
    said: tuple[Said, ...]
    parameters: dict[str, Json]

    @property
    def checks(self) -> tuple[str, ...]:
        return tuple(s.check for s in self.said)


def exported(asked: Asked) -> Exported:
    """The instances for what was asked for, and every check that they do not say whole."""
    wanted = asked.checks or frozenset(c.id for c in all_checks()) | {c.id for c in asked.own}
    files: list[PolicyFile] = []
    left_out: dict[str, LeftOut] = {}
    told: list[Text] = []
    enforced: set[str] = set()
    for policy in library().policies:
        for said in policy.said:
            if said.check in wanted and (out := _difference(said, asked, wanted)) is not None:
                left_out.setdefault(said.check, out)
        instance = _instance(policy, asked, wanted)
        if instance is None:
            continue
        scope = scope_of(asked.namespaces)
        for existing in _existing(policy, asked):
            rest = scope.without(Scope(existing.namespaces, existing.excluded))
            if rest == scope:
                continue
            scope, lack = rest, _lack(existing, instance, asked.stage)
            if lack is None:
                told.append(_about(_THERE, existing))
            else:
                left_out.update((c, LeftOut(c, Fit.NARROWER, lack)) for c in instance.checks)
        enforced.update(instance.checks)
        if not scope.empty:
            files.append(_file(instance, scope, asked))
    for check in sorted(wanted - {s.check for p in library().policies for s in p.said}):
        left_out[check] = LeftOut(check, Fit.NOT_EXPRESSIBLE, library().unsaid.get(check, _NO_POLICY))
    listed = sorted((*left_out.values(), *not_spared(asked, enforced)), key=lambda each: each.check)
    return Exported(tuple(files), tuple(listed), tuple(told))


def _instance(policy: Policy, asked: Asked, wanted: frozenset[str]) -> _Instance | None:
    said = tuple(s for s in policy.said if s.check in wanted and _is_written(s, asked, wanted))
    if not said:
        return None
    parameters = dict(policy.defaults)
    for each in said:
        parameters |= _joined(parameters, each.parameters)
    return _Instance(policy, said, parameters)


def _joined(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """The later value counts, but both kinds of probes are wanted where both are asked for."""
    both: dict[str, Json] = {"probes": [*dict.fromkeys((*_texts(before), *_texts(after)))]} if "probes" in after else {}
    return {**after, **both}


def _texts(parameters: Mapping[str, Json]) -> tuple[str, ...]:
    probes = parameters.get("probes")
    return tuple(p for p in probes if isinstance(p, str)) if isinstance(probes, list) else ()


def _is_written(said: Said, asked: Asked, wanted: frozenset[str]) -> bool:
    return said.check in asked.checks or said.fit_beside(wanted) is not Fit.STRICTER


def _difference(said: Said, asked: Asked, wanted: frozenset[str]) -> LeftOut | None:
    fit = said.fit_beside(wanted)
    if fit is Fit.EXACT or said.why is None:
        return None
    why = said.why if _is_written(said, asked, wanted) else _NOT_WRITTEN.of(why=said.why)
    return LeftOut(said.check, fit, why)


def _file(instance: _Instance, scope: Scope, asked: Asked) -> PolicyFile:
    policy = instance.policy
    comments = [_FOR.of(checks=join([same(c) for c in instance.checks])).say(asked.lang)]
    comments += [_DIFFERS.of(check=s.check, why=s.why).say(asked.lang) for s in instance.said if s.why is not None]
    spec: dict[str, Json] = {
        "enforcementAction": ACTIONS[asked.stage],
        "match": {"kinds": _kinds(policy), **scope.match()},
    }
    if instance.parameters:
        spec["parameters"] = instance.parameters
    constraint: dict[str, Json] = {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": policy.kind,
        "metadata": {"name": _name(policy), "labels": dict(MANAGED)},
        "spec": spec,
    }
    return PolicyFile(f"{policy.kind.lower()}.yaml", documents((constraint,), comments))


def _name(policy: Policy) -> str:
    return f"fourc-{policy.kind.lower()}"


def _kinds(policy: Policy) -> list[Json]:
    groups: dict[str, list[Json]] = {}
    for group, kind in policy.match:
        groups.setdefault(group, []).append(kind)
    return [{"apiGroups": [group], "kinds": kinds} for group, kinds in groups.items()]


# --- What is there already --------------------------------------------------------------------------------------------


def _existing(policy: Policy, asked: Asked) -> Iterator[Constraint]:
    """The user's instances of the policy, those that do most first; one that leaves objects out counts for nothing.

    One that has our name is what was exported before, and what is written now takes its place.
    """
    constraints = asked.inventory.constraints if asked.inventory is not None else ()
    own = (c for c in constraints if c.meta.kind == policy.kind and c.meta.name != _name(policy))
    covering = (c for c in own if not c.narrowed and _looks_at(c, policy))
    return iter(sorted(covering, key=lambda c: -_strength(c.action)))


def _looks_at(existing: Constraint, policy: Policy) -> bool:
    return not existing.kinds or "*" in existing.kinds or existing.kinds >= {kind for _, kind in policy.match}


def _lack(existing: Constraint, instance: _Instance, stage: Stage) -> Text | None:
    """What an existing instance does less than what was asked for."""
    if _strength(existing.action) < _strength(ACTIONS[stage]):
        return _about(_WEAKER, existing, action=existing.action, wanted=ACTIONS[stage])
    if any(_plain(existing.parameters.get(k)) != _plain(v) for k, v in instance.parameters.items()):
        shown = json.dumps(instance.parameters)
        return _about(_OTHERWISE, existing, wanted=shown)
    return None


def _strength(action: str) -> int:
    """The rank of an action; what is not known (`scoped`) is below all."""
    return _STRENGTH.index(action) if action in _STRENGTH else -1


def _plain(value: Json) -> Json:
    """A list without its order."""
    return sorted(value, key=str) if isinstance(value, list) else value


def _about(text: Text, existing: Constraint, **more: str) -> Text:
    meta = existing.meta
    return text.of(kind=meta.kind, name=meta.name, path=meta.origin.path, **more)
