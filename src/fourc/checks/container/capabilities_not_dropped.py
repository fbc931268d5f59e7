from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import (
    DEFAULT_CAPABILITIES,
    Mending,
    Place,
    dropped_all,
    forbidden_to_add,
    restricts_capabilities,
)
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text

ZH = """容器保留了用不到的内核权限

## 为什么重要
Linux 把 root 的权力分成几十项“能力”（capability）。即使不写任何设置，容器也有十几项，例如修改任意文件的属主、
切换到其他用户、伪造网络包。大多数程序一项也用不到，而攻破程序的人会借助它们扩大战果。

## 修复会改变什么
在 `drop` 里写上 `ALL`；已知镜像需要的能力会保留。以 root 启动再切换用户的程序会失败，
因此对这类已知镜像同时写上它的用户编号；监听 1024 以下端口的程序可能需要 `NET_BIND_SERVICE`。
缺少能力时，日志中会出现 `operation not permitted` 或 `permission denied`：请在 `add` 里只加回这一项。

## 何时可以允许
必须以 root 管理文件或用户的程序。仍请写 `drop: [ALL]`，再只加回用到的能力。

## 示例
见英文页面的 YAML。"""


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="pss:capabilities_restricted cis:5.2.8 cis:5.2.10 trivy:KSV-0003 trivy:KSV-0106 checkov:CKV_K8S_28 "
    "checkov:CKV_K8S_37 kube-linter:drop-net-raw-capability",
    zh=ZH,
)
def capabilities_not_dropped(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container keeps rights over the kernel that it does not use.

    ## Why it matters
    Linux splits the power of root into some forty rights, called capabilities. Even without any setting a container
    has a dozen of them: to change the owner of any file, to become another user, to forge network packets. Most
    programs use none, but whoever breaks into one uses them to get further.

    ## What the fix changes
    It writes `ALL` under `drop`; what a well-known image needs stays. A program that starts as root and changes to
    another user by itself would fail, so for such a well-known image its user's number is written too. A program that
    listens on a port below 1024 may need `NET_BIND_SERVICE`. Whatever is missing shows in the log as `operation not
    permitted` or `permission denied`: put that one right under `add`.

    ## When to allow it
    Programs that must manage files or users as root. Still drop `ALL` and add back only what is used.

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
          securityContext:
            runAsNonRoot: true
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
            runAsNonRoot: true
            capabilities:
              drop:
                - ALL
    ```
    """
    container = subject.container
    if not restricts_capabilities(subject.pod, judge):
        return
    place = Place(subject.workload, container)
    added = [c for c in forbidden_to_add(container) if c in DEFAULT_CAPABILITIES]
    if "ALL" not in place.security.capabilities_drop:
        message = Text(
            "{who} keeps a dozen rights over the kernel that most programs never use",
            "{who} 保留了十几项大多数程序用不到的内核权限",
        )
        field = "drop"
    elif added:
        message = Text(
            f"{{who}} takes back {', '.join(added)} after dropping everything",
            f"{{who}} 在全部删除之后又加回 {'、'.join(added)}",
        )
        field = "add"
    else:
        return
    mending, owner = dropped_all(subject.workload, container), subject.meta.ref
    if isinstance(mending, Mending):
        fix = remedy(
            "drop-capabilities",
            owner,
            *mending.operations,
            caution=mending.caution,
            fix_class=mending.fix_class,
        )
        yield place.found(message, (*place.path, "capabilities", field), fix)
    else:
        yield place.found(message, (*place.path, "capabilities", field), mending)
