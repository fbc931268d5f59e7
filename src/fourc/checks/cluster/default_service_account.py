import posixpath
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.kubernetes.rbac import Binding
from fourc.model.remedy import NewFile, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 使用命名空间的默认服务账号

## 为什么重要
没有写明服务账号的 Pod 都共用 `default` 账号。给其中一个授权，就等于给了全部：攻破最弱的一个就得到所有权限，审计
日志里也看不出是谁。没有授权时它几乎无害，只作提示。

## 修复会改变什么
账号带有权限时：在 Pod 中写入以工作负载命名的服务账号，并新建该账号的文件。新账号没有权限，也不挂载令牌。请先应
用账号文件：账号不存在时 Pod 不会启动（`kubectl get events` 中显示 `not found`）。如果 `default` 账号带有
`imagePullSecrets`，请把它一并写入新账号，否则镜像拉取失败（`ImagePullBackOff`）。如果程序要访问 API，请在上线前
把绑定中的 `default` 改成新名字，并从账号文件中删除 `automountServiceAccountToken: false`。

## 何时可以允许
账号没有任何绑定，而且 Pod 不挂载令牌。

## 示例
见英文页面的 YAML。"""

_IDLE = Text(
    "nothing is granted to the account, so there is nothing to take away: keep it so, and give the program an account of "
    "its own before you grant it anything",
    "该账号没有任何权限，因此没有可收回的：请保持这样；在授予权限之前，先为程序建立自己的服务账号",
)
_REBIND = Text(
    "apply the account's file first (kustomize: list it under `resources`), without it no pod starts; copy "
    "`imagePullSecrets` of `default`, if any, into it; if the program talks to the API, write {name} in the place of "
    "`default` in {binding} and take `automountServiceAccountToken: false` out of the account's file",
    "请先应用账号文件（kustomize：列入 `resources`），账号不存在时 Pod 无法启动；`default` 的 "
    "`imagePullSecrets`（如果有）也要写进去；如果程序要访问 API，请在 {binding} 中把 `default` 改成 {name}，"
    "并从账号文件中删除 `automountServiceAccountToken: false`",
)


@check(
    each_workload,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="cis:5.1.5 attack:T1078.001 checkov:CKV_K8S_41 checkov:CKV_K8S_42 "
    "kube-linter:default-service-account kubescape:C-0189",
    zh=ZH,
)
def default_service_account(workload: Workload, judge: Judge) -> Iterator[Found]:
    """A pod uses the default service account of its namespace.

    ## Why it matters
    All pods that name no account share `default`. What is granted to one is granted to all: whoever breaks into the
    weakest has it too, and the audit log cannot tell them apart. Without any grant it is nearly harmless, and only
    mentioned.

    ## What the fix changes
    Where the account holds permissions, the pod gets an account of its own, named like the workload, and the file
    that makes it: without permissions and without a token. Apply that file first: without the account no pod starts
    (`kubectl get events` shows `not found`). If `default` carries `imagePullSecrets`, copy them into it, or the image
    is not pulled (`ImagePullBackOff`). If the program talks to the API, write the new name in the place of `default`
    in the binding and delete `automountServiceAccountToken: false` from the account's file before you roll it out.

    ## When to allow it
    The account has no binding, and the pods mount no token.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: report
      namespace: shop
    spec:
      serviceAccountName: default
      containers:
        - name: report
          image: registry.example.com/report:1.4
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: readers
      namespace: shop
    subjects:
      - kind: ServiceAccount
        name: default
        namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: report
      namespace: shop
    spec:
      serviceAccountName: report
      containers:
        - name: report
          image: registry.example.com/report:1.4
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata:
      name: readers
      namespace: shop
    subjects:
      - kind: ServiceAccount
        name: default
        namespace: shop
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: report
      namespace: shop
    automountServiceAccountToken: false
    ```
    """
    if workload.pod.service_account != "default" or not judge.inventory.mounts_token(workload):
        return
    namespace = workload.meta.namespace or "default"
    bindings = [
        b
        for b in judge.inventory.bindings
        if any((s.kind, s.namespace, s.name) == ("ServiceAccount", namespace, "default") for s in b.subjects)
    ]
    name = workload.meta.name
    idle = Text("{w} uses the default service account", "{w} 使用默认服务账号")
    shared = Text(
        "{w} shares the default service account, to which {b} gives permissions",
        "{w} 共用默认服务账号，而 {b} 给了它权限",
    )
    message = shared.of(w=name, b=bindings[0].meta.name) if bindings else idle.of(w=name)
    yield Found(
        workload.meta,
        message,
        (*workload.pod.path, "serviceAccountName"),
        _fix(workload, bindings[0]) if bindings else NoFix(_IDLE),
        severity=Severity.MEDIUM if bindings else Severity.INFO,
    )


def _fix(workload: Workload, binding: Binding) -> Remedy:
    meta, name = workload.meta, workload.meta.name
    place = f"  namespace: {meta.namespace}\n" if meta.namespace_written else ""
    text = (
        f"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n{place}automountServiceAccountToken: false\n"
    )
    path = posixpath.join(posixpath.dirname(meta.origin.path), f"{name}-service-account.yaml")
    return remedy(
        "give-own-account",
        meta.ref,
        Set((*workload.pod.path, "serviceAccountName"), name),
        caution=_REBIND.of(name=name, binding=f"{binding.meta.kind} {binding.meta.name}"),
        new_files=(NewFile(path, text),) if meta.origin.editable else (),
    )
