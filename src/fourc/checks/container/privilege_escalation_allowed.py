from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place, certain_image, needs_the_kernel, runs_as_shipped, trimmed_add, windows_exempt
from fourc.fix.recipes import SAFE, TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Operation, Remove, Set

ZH = """容器里的程序可以提升自己的权限

## 为什么重要
Linux 上有些文件（例如 `sudo`）无论谁启动都以 root 运行。只要不禁止，
攻破程序的人就能借助这样的文件从普通用户变成容器里的 root，再从那里攻击节点。

## 修复会改变什么
写上 `allowPrivilegeEscalation: false`。调用 `sudo`、`su` 或旧式 `ping` 的程序会失败，
日志中出现 `sudo: ... no new privileges` 或 `operation not permitted`；绝大多数程序不会察觉。
特权容器不能带这一行，因此同时删除 `privileged: true`。

## 何时可以允许
必须调用 `sudo` 的程序（例如 DolphinScheduler 的 worker），直到它被替换为止。

## 示例
见英文页面的 YAML。"""

_PRIVILEGED = Text(
    "Kubernetes refuses this line in a privileged container, so `privileged: true` goes with it: try both together",
    "Kubernetes 不接受特权容器带有这一行，因此 `privileged: true` 一并删除：请一起试运行",
)


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:allowPrivilegeEscalation cis:5.2.6 trivy:KSV-0001 checkov:CKV_K8S_20 "
    "kube-linter:privilege-escalation-container kubescape:C-0016 attack:T1548.001",
    zh=ZH,
)
def privilege_escalation_allowed(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container's program may raise its own rights.

    ## Why it matters
    On Linux some files, `sudo` for example, run as root whoever starts them. Unless this is forbidden, somebody who
    breaks into the program turns from an ordinary user into root of the container by such a file, and attacks the
    node from there.

    ## What the fix changes
    It writes `allowPrivilegeEscalation: false`. Programs that call `sudo`, `su` or an old `ping` fail and log
    `sudo: ... no new privileges` or `operation not permitted`; nearly all others do not notice. A privileged container
    must not have this line, so `privileged: true` is removed with it.

    ## When to allow it
    A program that has to call `sudo` (the worker of DolphinScheduler, for example), until it is replaced.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.4
          securityContext:
            allowPrivilegeEscalation: false
    ```
    """
    container = subject.container
    security = container.security
    if judge.version.minor < 8 or windows_exempt(subject.pod, judge) or security.allow_privilege_escalation is False:
        return
    place = Place(subject.workload, container)
    at = (*place.path, "allowPrivilegeEscalation")
    operations: list[Operation] = [Set(at, value=False)]
    # The API server refuses the line beside either of these (pkg/apis/core/validation ValidateSecurityContext).
    if security.privileged:
        operations.append(Remove((*place.path, "privileged")))
    if "CAP_SYS_ADMIN" in security.capabilities_add:
        operations.extend(trimmed_add(container))
    facts = certain_image(container)
    # The binaries of these images carry no rights of their own that this line would take away.
    harmless = runs_as_shipped(container) and facts is not None and facts.capabilities == ()
    yield place.found(
        Text(
            "{who} may raise its own rights: an ordinary user in it can become root",
            "{who} 里的程序可以提升自己的权限：普通用户可能变成 root",
        ),
        at,
        needs_the_kernel(container)
        or remedy(
            "forbid-escalation",
            subject.meta.ref,
            *operations,
            caution=_PRIVILEGED if security.privileged else None,
            fix_class=SAFE if harmless and len(operations) == 1 else TRY_FIRST,
        ),
    )
