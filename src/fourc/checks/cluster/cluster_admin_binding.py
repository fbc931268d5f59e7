from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.held_roles import Holder, each_binding
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.infrastructure import Need
from fourc.model.kubernetes.rbac import Binding
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """有账号被绑定为集群管理员

## 为什么重要
`cluster-admin` 允许一切：读取所有 Secret、修改所有对象、删除整个集群。若由服务账号持有，攻破使用它的任何一个
Pod 就等于控制集群和所有数据。

## 修复会改变什么
把服务账号改为绑定内置角色 `view`：可以读取，但不能读取 Secret，也不能写入。从清单看不出程序真正需要什么，所以这
是猜测：需要写入的程序会在日志中写出 `forbidden`，请为它单独写一个角色。API 不允许修改已有绑定的 `roleRef`：请运
行 `kubectl auth reconcile -f <文件>`（它会先删除再新建），或先删除旧绑定再应用文件。对人员和用户组不做修改：总
得有人是管理员。

## 何时可以允许
少数管理员所在的用户组，内置的 `system:masters` 绑定，以及必须管理一切的平台程序（例如 Argo CD）。

## 示例
见英文页面的 YAML。"""

_IMMUTABLE = Text(
    "a binding cannot change its role in the cluster: run `kubectl auth reconcile -f` on the file, or delete {name} first; "
    "and `view` is a guess: write a role of its own for whatever the program logs as `forbidden`",
    "集群中的绑定不能改变其角色：请对该文件运行 `kubectl auth reconcile -f`，或先删除 {name}；"
    "`view` 是猜测：程序日志中的 `forbidden` 说明还需要什么，请为它单独写角色",
)
_PEOPLE = Text(
    "somebody must be administrator: if these are your administrators allow it, otherwise delete the subject here and from "
    "the cluster (`kubectl delete {kind} {name}`), after another administrator has logged in once",
    "总要有人是管理员：如果这些就是管理员，请允许它；否则在此处删除该主体，并从集群中删除"
    "（`kubectl delete {kind} {name}`），删除前请确认另一位管理员能够登录",
)


@check(
    each_binding,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="cis:5.1.1 owasp:K03:2022 owasp:K02:2025 attack:T1078 kubehound:PERMISSION_DISCOVER trivy:KSV-0111 "
    "kube-linter:cluster-admin-role-binding kubescape:C-0035 kubescape:C-0185",
    zh=ZH,
)
def cluster_admin_binding(held: tuple[Binding, tuple[Holder, ...]], _judge: Judge) -> Iterator[Found]:
    """An account is bound to cluster-admin.

    ## Why it matters
    `cluster-admin` may do everything: read each Secret, change each object, delete the cluster. Where a service
    account holds it, whoever breaks into any pod that runs under that account owns the cluster and all data.

    ## What the fix changes
    It binds the service account to the built-in role `view` instead: reading, but neither Secrets nor writing. What
    the program needs was not seen, so this is a guess: a program that writes logs `forbidden`, and needs a role of
    its own. The API lets nobody change the `roleRef` of a binding that exists: run `kubectl auth reconcile -f FILE`,
    which deletes and makes it anew, or delete it before you apply the file. Bindings of people and groups are left
    alone: somebody must be administrator.

    ## When to allow it
    The group of your few administrators, the built-in binding of `system:masters`, and platform programs that must
    manage everything, such as Argo CD.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: ci-admin
    subjects:
      - kind: ServiceAccount
        name: ci
        namespace: build
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: cluster-admin # until we know better
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: ci-admin
    subjects:
      - kind: ServiceAccount
        name: ci
        namespace: build
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view # until we know better
    ```
    """
    binding, holders = held
    if (binding.role_kind, binding.role_name) != ("ClusterRole", "cluster-admin"):
        return
    counted = [h for h in holders if not _allowed(h)]
    if not counted:
        return
    where = Text("of the whole cluster", "整个集群") if binding.cluster_wide else Text("of its namespace", "其命名空间")
    gravest = max(counted, key=_severity)
    yield Found(
        binding.meta,
        Text("{name} makes an administrator {where}: {holder}", "{name} 授予{where}的管理员权限：{holder}").of(
            name=binding.meta.name, where=where, holder=gravest.shown
        ),
        ("roleRef", "name"),
        _fix(binding, counted),
        detail=",".join(sorted(f"{h.subject.kind}/{h.subject.namespace}/{h.subject.name}" for h in counted)),
        severity=_severity(gravest),
    )


def _allowed(holder: Holder) -> bool:
    if holder.subject.name == "system:masters":
        return True
    return bool(holder.programs) and all(p is not None and p.needs(Need.WILDCARD) for p in holder.programs)


def _severity(holder: Holder) -> Severity:
    if holder.subject.kind != "ServiceAccount" and not holder.usable:
        return Severity.MEDIUM
    return Severity.CRITICAL if holder.reaches_cluster else Severity.HIGH


def _fix(binding: Binding, counted: list[Holder]) -> Remedy | NoFix:
    names = {"kind": binding.meta.kind.lower(), "name": binding.meta.name}
    if len(counted) < len(binding.subjects) or any(h.subject.kind != "ServiceAccount" for h in counted):
        return NoFix(_PEOPLE.of(**names))
    change = Set(("roleRef", "name"), "view")
    return remedy("bind-to-view", binding.meta.ref, change, caution=_IMMUTABLE.of(**names))
