"""Policies for Kyverno: ValidatingPolicy of policies.kyverno.io/v1, one file a check.

Kyverno 1.17 (February 2026) made this kind stable and ClusterPolicy (kyverno.io/v1) deprecated; 1.16 went out of support in
August 2026, so every version with support has it, and ClusterPolicy is announced to go. The expressions are those of the
other formats, so the verdict is the same. Controllers of pods are matched by the policy itself: `autogen`, by which Kyverno
writes rules for them, is switched off, or each would be judged twice. https://kyverno.io/docs/policy-types/validating-policy/
"""

from fourc.checks.registry import all_checks
from fourc.enforce.export import Asked, Exported, PolicyFile, Stage
from fourc.enforce.untyped import Policy, policies
from fourc.enforce.vap import MANAGED, namespaces_of, resource_rule
from fourc.enforce.written import documents
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

_ACTIONS: dict[Stage, list[Json]] = {
    Stage.AUDIT: ["Audit"],
    Stage.WARN: ["Warn", "Audit"],
    Stage.DENY: ["Deny", "Audit"],
}
_NEEDS = Text(
    "needs Kyverno 1.17 or later; `kubectl apply` it together with the others",
    "需要 Kyverno 1.17 或更高版本；请与其他策略一起用 `kubectl apply` 应用",
)
_NO_DEFAULTS = Text(
    "nothing is written that fills in safe defaults (MutatingPolicy): `fourc fix` sets them in the manifests",
    "没有写出自动补上安全默认值的策略（MutatingPolicy）：`fourc fix` 会在清单中设置它们",
)


def exported(asked: Asked) -> Exported:
    """A ValidatingPolicy for each check, and what they do not say."""
    made, out = policies(asked)
    titles = {c.id: c.title for c in all_checks()} | {c.id: c.title for c in asked.own}
    files = tuple(PolicyFile(f"{p.check}.yaml", _text(p, titles[p.check], asked)) for p in made)
    return Exported(files, out, (_NEEDS, _NO_DEFAULTS) if files else ())


def _text(policy: Policy, title: Text, asked: Asked) -> str:
    annotations: dict[str, Json] = {
        "policies.kyverno.io/title": policy.check,
        "policies.kyverno.io/description": title.say(asked.lang),
    }
    whole: dict[str, Json] = {
        "apiVersion": "policies.kyverno.io/v1",
        "kind": "ValidatingPolicy",
        "metadata": {"name": f"fourc-{policy.check}", "labels": dict(MANAGED), "annotations": annotations},
        "spec": {
            "validationActions": _ACTIONS[asked.stage],
            "failurePolicy": "Fail" if asked.stage is Stage.DENY else "Ignore",
            "evaluation": {"admission": {"enabled": True}, "background": {"enabled": True}},
            "autogen": {"podControllers": {"controllers": []}},
            "matchConstraints": {
                "namespaceSelector": namespaces_of(asked),
                "resourceRules": [resource_rule(k) for k in policy.kinds],
            },
            "matchConditions": [{"name": "changed", "expression": policy.judged}],
            **policy.texts(),
        },
    }
    return documents((whole,))
