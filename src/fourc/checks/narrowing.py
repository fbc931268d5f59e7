"""A role without its dangerous permissions: one edit for the whole role, so that its findings never undo each other.

Only what is dangerous goes: a rule that also allows harmless things is split. `*` cannot be narrowed to what a program
uses without having watched it; it becomes the list of what it most likely needs, and the edit says that it is a guess.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from fourc.checks.held_roles import HeldRole
from fourc.checks.permissions import PERMISSIONS, Permission, is_whole_wildcard
from fourc.fix.recipes import remedy
from fourc.model.infrastructure import Need
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.model.remedy import FixClass, NoFix, Remedy
from fourc.model.text import Text, join
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Set

READ = ("get", "list", "watch")
EVERY_VERB = (*READ, "create", "update", "patch", "delete", "deletecollection")
_OPEN_URLS = ("/healthz", "/livez", "/readyz", "/version")
# What `*` stands for in the common groups (kubernetes.io/docs/reference/kubernetes-api), Secrets left to the caller.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "": (
        "configmaps", "endpoints", "events", "limitranges", "namespaces", "nodes", "persistentvolumeclaims",
        "persistentvolumes", "pods", "pods/log", "replicationcontrollers", "resourcequotas", "secrets",
        "serviceaccounts", "services",
    ),
    "apps": (
        "controllerrevisions", "daemonsets", "deployments", "deployments/scale", "replicasets", "statefulsets",
        "statefulsets/scale",
    ),
    "autoscaling": ("horizontalpodautoscalers",),
    "batch": ("cronjobs", "jobs"),
    "extensions": ("daemonsets", "deployments", "ingresses", "networkpolicies", "replicasets"),
    "networking.k8s.io": ("ingressclasses", "ingresses", "networkpolicies"),
    "policy": ("poddisruptionbudgets",),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
    "storage.k8s.io": ("csidrivers", "csinodes", "storageclasses", "volumeattachments"),
}  # fmt: skip
_VIRTUAL: Mapping[str, tuple[str, ...]] = {"": ("users", "groups")}  # to be impersonated only, no objects
_IN_NO_NAMESPACE = frozenset(
    {
        "namespaces", "nodes", "persistentvolumes", "ingressclasses", "clusterroles", "clusterrolebindings",
        "csidrivers", "csinodes", "storageclasses", "volumeattachments",
    }
)  # fmt: skip
_GUESSED_GROUPS = ("", "apps", "autoscaling", "batch", "networking.k8s.io", "policy")

_TAKEN = Text("this takes from {role}: {taken}", "这会从 {role} 去掉：{taken}")
_READING = Text(
    "what {role} uses was not seen, so reading is all that is left of `*`: add what the program writes before you roll "
    "this out",
    "{role} 实际使用什么没有看到，因此 `*` 只保留读取：上线前请补上程序要写入的内容",
)
_LISTED = Text(
    "the list that stands for `*` in {role} is a guess of what the program uses",
    "{role} 中代替 `*` 的列表是对程序所用内容的猜测",
)
_EIGHT = Text(
    "of `*` in {role} the usual verbs, groups and paths are left",
    "{role} 中的 `*` 改为常用的动词、组和路径",
)
_FORBIDDEN = Text(
    "whatever needs more logs `forbidden` with the verb and resource that it misses: give back just that",
    "需要更多权限的程序会在日志中写出 `forbidden` 以及缺少的动词和资源：只把那一项加回来",
)
_NAME_KINDS = Text(
    "what `*` stands for in the API group {group} is not known here: list its kinds with "
    "`kubectl api-resources --api-group={group} -o name` and write the ones that the program uses",
    "这里不知道 `*` 在 API 组 {group} 中代表什么："
    "请用 `kubectl api-resources --api-group={group} -o name` 列出其资源，并写下程序用到的",
)
_NAME_GROUPS = Text(
    "which API groups its resources belong to is not known here: `kubectl api-resources` shows the group of each; write "
    "those in the place of `*`",
    "这里不知道其中的资源属于哪些 API 组：`kubectl api-resources` 会显示每种资源的组；请用它们代替 `*`",
)
_AGGREGATED = Text(
    "the cluster fills its rules in from other roles (aggregationRule): change the role that brings the permission",
    "它的规则由集群从其他角色汇总而来（aggregationRule）：请修改带来该权限的角色",
)
_RECONCILED = Text(
    "the provider keeps this role as it is and would undo an edit; report it there or remove the add-on",
    "云厂商会保持该角色不变并撤销修改；请向厂商反馈，或移除该组件",
)


class _Narrowed(Struct, frozen=True):
    """What is left of one rule; `star` says what became of its `*`, `taken` the verbs that resources lost beside it."""

    rules: tuple[PolicyRule, ...]
    fix_class: FixClass
    star: Text | None
    taken: tuple[tuple[str, tuple[str, ...]], ...]


class Narrowing(Struct, frozen=True, dict=True):
    """What takes every dangerous permission out of one role, worked out once for all of its findings."""

    held: HeldRole

    def fix(self, rule: PolicyRule, *, star: bool = False) -> Remedy | NoFix:
        """The edit for a finding about `rule`, or about a `*` in it."""
        if self.held.role.aggregated:
            return NoFix(_AGGREGATED)
        if self.held.reconciled:
            return NoFix(_RECONCILED)
        if star and (unknown := _unknown_group(rule)):
            return NoFix(_NAME_GROUPS if unknown == "*" else _NAME_KINDS.of(group=unknown))
        return self._edit

    @cached_property
    def _edit(self) -> Remedy:
        meta = self.held.role.meta
        made = [_narrowed(self.held, r) for r in self.held.role.rules]
        rules: list[Json] = [_written(r) for one in made for r in one.rules]
        fix_class = max(one.fix_class for one in made)
        caution = _caution(meta.name, made)
        recipe = "withdraw-permission" if fix_class is FixClass.TRY_FIRST else "choose-permissions"
        return remedy(recipe, meta.ref, Set(("rules",), rules), caution=caution)


def wildcards(rule: PolicyRule) -> tuple[str, ...]:
    """The fields of the rule in which a `*` stands, gravest first."""
    fields = {"resources": rule.resources, "verbs": rule.verbs, "apiGroups": rule.groups, "nonResourceURLs": rule.urls}
    return tuple(name for name, values in fields.items() if "*" in values)


def _unknown_group(rule: PolicyRule) -> str:
    """A group whose kinds would have to be known to write out the rule's `*`; empty where all are known."""
    if "*" in rule.resources:
        return next((g for g in rule.groups if g != "*" and g not in _KINDS), "")
    if "*" in rule.groups and not all(_groups_of((r,)) for r in rule.resources):
        return "*"
    return ""


def _narrowed(held: HeldRole, rule: PolicyRule) -> _Narrowed:
    whole, stars = is_whole_wildcard(rule), wildcards(rule)
    plain, fix_class, star = rule, FixClass.SAFE, None
    if stars and not held.needed(Need.WILDCARD):
        plain = _written_out(rule, cluster_wide=held.role.cluster_wide)
        guessed = whole or ("*" in rule.groups and "*" in rule.resources) or "*" in rule.urls
        fix_class = FixClass.DECISION if guessed else FixClass.TRY_FIRST
        if plain != rule:
            star = _READING if _leaves_reading(rule) else _LISTED if guessed else _EIGHT
    flagged = [p for p in PERMISSIONS.values() if not held.needed(p.need)]
    split, worst = _split(plain, flagged)
    return _Narrowed(split, max(fix_class, worst), star, tuple(_lost(plain, split)))


def _lost(rule: PolicyRule, left: tuple[PolicyRule, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The resources of the rule that lose verbs, with these."""
    for resource in rule.resources:
        kept = {verb for r in left if resource in r.resources for verb in r.verbs}
        verbs = tuple(verb for verb in rule.verbs if verb not in kept)
        if verbs:
            yield resource, verbs


def _caution(role: str, made: list[_Narrowed]) -> Text:
    """What the edit takes: what became of `*`, the verbs that go, and how a program that misses one says so."""
    by_verbs: dict[tuple[str, ...], dict[str, None]] = {}
    for one in made:
        for resource, verbs in one.taken:
            by_verbs.setdefault(verbs, {})[resource] = None
    said = [text.of(role=role) for text in dict.fromkeys(one.star for one in made) if text is not None]
    if by_verbs:
        taken = "; ".join(f"{', '.join(verbs)} ({', '.join(resources)})" for verbs, resources in by_verbs.items())
        said.append(_TAKEN.of(role=role, taken=taken))
    return join([*said, _FORBIDDEN], "; ", "；")


def _written_out(rule: PolicyRule, *, cluster_wide: bool) -> PolicyRule:
    """The rule with a list in the place of each `*`."""
    verbs = (("get",) if rule.urls else READ) if _leaves_reading(rule) else EVERY_VERB
    if _unknown_group(rule):
        known = "*" in rule.verbs and "*" not in rule.resources
        return replace(rule, verbs=verbs) if known else rule
    groups = rule.groups
    if "*" in groups:
        groups = _GUESSED_GROUPS if "*" in rule.resources else _groups_of(rule.resources)
    kinds = tuple(
        dict.fromkeys(k for g in groups for k in _KINDS.get(g, ()) if cluster_wide or k not in _IN_NO_NAMESPACE)
    )
    return replace(
        rule,
        verbs=verbs if "*" in rule.verbs else rule.verbs,
        groups=groups,
        resources=kinds if "*" in rule.resources else rule.resources,
        urls=_OPEN_URLS if "*" in rule.urls else rule.urls,
    )


def _leaves_reading(rule: PolicyRule) -> bool:
    """Whether nothing in the rule says what is written, so that only reading can be left of its `*`."""
    return is_whole_wildcard(rule) or (bool(rule.urls) and "*" in rule.verbs)


def _groups_of(resources: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {_plain(r) for r in resources}
    groups = {g: {*kinds, *_VIRTUAL.get(g, ())} for g, kinds in _KINDS.items() if g != "extensions"}
    return tuple(g for g, kinds in groups.items() if wanted & kinds)


def _plain(resource: str) -> str:
    return resource.partition("/")[0]


def _split(rule: PolicyRule, flagged: list[Permission]) -> tuple[tuple[PolicyRule, ...], FixClass]:
    """The rule without the dangerous verbs; resources with the same verbs stay together, those with none go."""
    if not rule.resources:
        return (rule,), FixClass.SAFE
    left: dict[tuple[str, ...], list[str]] = {}
    worst = FixClass.SAFE
    for resource in rule.resources:
        hits = [(p, verbs) for p in flagged if (verbs := p.verbs_on(rule, resource))]
        gone = {verb for p, verbs in hits for verb in (rule.verbs if p.drops else verbs)}
        worst = max([worst, *(p.fix_class for p, _ in hits)])
        verbs = tuple(v for v in rule.verbs if v not in gone)
        if verbs:
            left.setdefault(verbs, []).append(resource)
    return tuple(replace(rule, verbs=verbs, resources=tuple(names)) for verbs, names in left.items()), worst


def _written(rule: PolicyRule) -> Json:
    return {key: list(values) for key, values in _fields(rule) if values}


def _fields(rule: PolicyRule) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "apiGroups", rule.groups
    yield "resources", rule.resources
    yield "resourceNames", rule.names
    yield "nonResourceURLs", rule.urls
    yield "verbs", rule.verbs
