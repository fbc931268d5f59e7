"""The findings of the permission table: where a role grants one, how grave that is, and the edit."""

from collections.abc import Iterator

from fourc.checks.api import Found
from fourc.checks.held_roles import HeldRole
from fourc.checks.narrowing import Narrowing
from fourc.checks.permissions import PERMISSIONS, writes_everything
from fourc.model.finding import Severity
from fourc.model.text import Text

_MESSAGE = Text("{role} may {may} {where}: {holder}", "{role} 可以{may}（{where}）：{holder}")


def dangerous(held: HeldRole, rule_id: str, *, raised: Severity | None = None) -> Iterator[Found]:
    """Where the role grants the permission of that id; `raised` replaces the severity where it is graver."""
    permission = PERMISSIONS[rule_id]
    if held.needed(permission.need) or (permission.in_namespace is None and held.only_in_namespaces):
        return
    narrowing = Narrowing(held)
    severity = held.severity(permission.everywhere, permission.in_namespace)
    for rule in held.role.rules:
        if not permission.concerns(rule) or writes_everything(rule):
            continue
        hits = {r: verbs for r in rule.resources if (verbs := permission.verbs_on(rule, r))}
        if not hits:
            continue
        resource, verbs = next(iter(hits.items()))
        at = ("rules", rule.index, "resources", rule.resources.index(resource))
        if permission.by_verb:
            at = ("rules", rule.index, "verbs", rule.verbs.index(verbs[0]))
        yield Found(
            held.role.meta,
            _MESSAGE.of(role=held.role.meta.name, may=permission.may, where=held.where, holder=held.held_by),
            at,
            narrowing.fix(rule),
            detail=",".join([*hits, *dict.fromkeys(v for vs in hits.values() for v in vs)]),
            severity=severity if raised is None else max(severity, raised),
        )
