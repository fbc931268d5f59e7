"""Policies for Gatekeeper: a ConstraintTemplate a check (templates.gatekeeper.sh/v1) and a constraint of its kind.

The templates are written in CEL (engine K8sNativeValidation), so that the expressions, and with them the verdict, are those
of the other formats: Rego would be a second writing of each check. Gatekeeper runs that engine by default from 3.17 on and
calls it stable from 3.18 on; older ones refuse the template, so nothing is silently weaker.
https://open-policy-agent.github.io/gatekeeper/website/docs/validating-admission-policy/
"""

from fourc.enforce.ack import ACTIONS
from fourc.enforce.export import Asked, Exported, PolicyFile
from fourc.enforce.scope import scope_of
from fourc.enforce.untyped import Policy, policies
from fourc.enforce.vap import MANAGED
from fourc.enforce.written import documents
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

TEMPLATES, CONSTRAINTS = "templates.yaml", "constraints.yaml"
_ORDER = Text(
    "needs Gatekeeper 3.18 or later; apply {templates} first and wait until it is accepted, then {constraints}",
    "需要 Gatekeeper 3.18 或更高版本；请先应用 {templates}，等它被接受后再应用 {constraints}",
).of(templates=TEMPLATES, constraints=CONSTRAINTS)
_NO_DEFAULTS = Text(
    "nothing is written that fills in safe defaults (Assign): `fourc fix` sets them in the manifests",
    "没有写出自动补上安全默认值的策略（Assign）：`fourc fix` 会在清单中设置它们",
)


def exported(asked: Asked) -> Exported:
    """All templates in one file, all constraints in another, and what they do not say."""
    made, out = policies(asked)
    if not made:
        return Exported((), out)
    files = (
        PolicyFile(TEMPLATES, documents([_template(p) for p in made])),
        PolicyFile(CONSTRAINTS, documents([_constraint(p, asked) for p in made])),
    )
    return Exported(files, out, (_ORDER, _NO_DEFAULTS))


def _kind(policy: Policy) -> str:
    return "Fourc" + "".join(word.capitalize() for word in policy.check.split("-"))


def _template(policy: Policy) -> dict[str, Json]:
    source: dict[str, Json] = {
        # The API server enforces by itself with the format `vap`; here Gatekeeper does, alone.
        "generateVAP": False,
        "failurePolicy": "Fail",
        "matchCondition": [{"name": "changed", "expression": policy.judged}],
        **policy.texts(),
    }
    return {
        "apiVersion": "templates.gatekeeper.sh/v1",
        "kind": "ConstraintTemplate",
        "metadata": {"name": _kind(policy).lower(), "labels": dict(MANAGED)},
        "spec": {
            "crd": {"spec": {"names": {"kind": _kind(policy)}}},
            "targets": [
                {
                    "target": "admission.k8s.gatekeeper.sh",
                    "code": [{"engine": "K8sNativeValidation", "source": source}],
                }
            ],
        },
    }


def _constraint(policy: Policy, asked: Asked) -> dict[str, Json]:
    groups: dict[str, list[Json]] = {}
    for kind in policy.kinds:
        groups.setdefault(kind.group, []).append(kind.kind)
    kinds: list[Json] = [{"apiGroups": [group], "kinds": names} for group, names in groups.items()]
    return {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": _kind(policy),
        "metadata": {"name": f"fourc-{policy.check}", "labels": dict(MANAGED)},
        "spec": {
            "enforcementAction": ACTIONS[asked.stage],
            "match": {"kinds": kinds, **scope_of(asked.namespaces).match()},
        },
    }
