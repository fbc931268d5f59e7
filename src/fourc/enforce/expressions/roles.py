"""Roles and bindings in CEL, from the table of dangerous permissions."""

from collections.abc import Iterator

from fourc.checks.cluster.binding_to_everyone import HARMLESS
from fourc.checks.held_roles import BOOTSTRAP, BUILT_IN, EVERYONE
from fourc.checks.permissions import PERMISSIONS, POWERFUL_NAMES, WRITE, Grant, Permission
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import ROLES, Rule, Shape, quoted, unless, whole, words
from fourc.model.text import Text

_HOLDERS = Text(
    "refuses the role whoever holds it: that a well-known program needs it, or that bindings keep it to some namespaces, stands "
    "in other objects",
    "无论谁持有都会拒绝：某个知名程序确实需要它，或绑定把它限制在个别命名空间，这些都写在其他对象里",
)
_HELD = Text(
    "refuses the binding also where only a program holds it that is known to need it, which stands in other objects",
    "即使持有者只是确实需要它的知名程序（写在其他对象里），也会拒绝",
)
_OWN_ROLE = f"object.metadata.name in {words(BUILT_IN)} || {quoted(BOOTSTRAP)} in object.metadata.?labels.orValue({{}})"
_OWN_BINDING = f"{quoted(BOOTSTRAP)} in object.metadata.?labels.orValue({{}})"
_VERBS, _GROUPS, _RESOURCES = "r.?verbs.orValue([])", "r.?apiGroups.orValue([])", "r.?resources.orValue([])"
_NAMES, _URLS = "r.?resourceNames.orValue([])", "r.?nonResourceURLs.orValue([])"
_WRITES_EVERYTHING = f"('*' in {_RESOURCES} && {_VERBS}.exists(v, v in {words(('*', *WRITE))}))"


def rules() -> Iterator[Rule]:
    """The rules, which are the same in every version."""
    for check, permission in PERMISSIONS.items():
        yield _permission(check, permission)
    stars = " && ".join(f"!('*' in {values})" for values in (_RESOURCES, _VERBS, _GROUPS, _URLS))
    yield Rule(
        "rbac-wildcard",
        unless(_OWN_ROLE, whole(f"object.?rules.orValue([]).all(r, {stars})")),
        Text(
            "a role must name what it allows: replace each `*` in resources, verbs, apiGroups and nonResourceURLs by the names "
            "that are needed",
            "角色必须写明允许什么：请把 resources、verbs、apiGroups、nonResourceURLs 中的 `*` 换成真正需要的名称",
        ),
        ROLES,
        Fit.STRICTER,
        _HOLDERS,
    )
    yield Rule(
        "cluster-admin-binding",
        unless(
            _OWN_BINDING,
            whole(
                "object.roleRef.kind != 'ClusterRole' || object.roleRef.name != 'cluster-admin' || "
                "object.?subjects.orValue([]).all(s, s.name == 'system:masters')"
            ),
        ),
        Text(
            "an account must not become administrator: bind it to a role of its own with what it needs, or to `view`",
            "不得把账号设为管理员：请绑定只含所需权限的角色，或 `view`",
        ),
        (Shape.BINDING,),
        Fit.STRICTER,
        _HELD,
    )
    yield Rule(
        "binding-to-everyone",
        unless(
            _OWN_BINDING,
            whole(
                f"object.roleRef.name in {words(HARMLESS)} || object.?subjects.orValue([]).all(s, "
                f"s.kind == 'ServiceAccount' || !(s.name in {words(EVERYONE)}))"
            ),
        ),
        Text(
            "a role must not be bound to everyone: name the users or service accounts that need it under subjects",
            "不得把角色绑定给所有人：请在 subjects 中写明需要它的用户或服务账号",
        ),
        (Shape.BINDING,),
    )


def _permission(check: str, permission: Permission) -> Rule:
    hits = " || ".join(_granted(permission, grant) for grant in permission.grants)
    named = f"{_NAMES}.size() == 0"
    if permission.by_verb:
        named = f"({named} || {_NAMES}.exists(n, n in {words(POWERFUL_NAMES)}))"
    harmless = f"object.?rules.orValue([]).all(r, !({named} && !{_WRITES_EVERYTHING} && ({hits})))"
    message = Text(
        "a role must not allow its holder to {may}: take out the resources or verbs that allow it",
        "角色不得允许持有者{may}：请删除相应的资源或动作",
    )
    # A permission over the whole cluster only is none in a Role.
    shapes = ROLES if permission.in_namespace is not None else (Shape.CLUSTER_ROLE,)
    said = unless(_OWN_ROLE, whole(harmless))
    return Rule(check, said, message.of(may=permission.may), shapes, Fit.STRICTER, _HOLDERS)


def _granted(permission: Permission, grant: Grant) -> str:
    subresources = tuple(f"*/{name.partition('/')[2]}" for name in grant.resources if "/" in name)
    any_resource = () if permission.drops else ("*",)
    resources = words(tuple(dict.fromkeys((*any_resource, *grant.resources, *subresources))))
    verbs = f"{_VERBS}.size() > 0" if "*" in grant.verbs else f"{_VERBS}.exists(v, v in {words(('*', *grant.verbs))})"
    return (
        f"({_GROUPS}.exists(g, g in {words(('*', grant.group))}) && "
        f"{_RESOURCES}.exists(x, x in {resources}) && {verbs})"
    )
