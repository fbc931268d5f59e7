from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.pss import Place, each_place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器使用自定义的 SELinux 标签

## 为什么重要
SELinux 是 Red Hat 系节点上的一道防线：每个进程和文件带有标签，内核只允许规定好的组合。
容器默认的标签只能访问自己的文件。自定义的类型（例如 `spc_t`）、用户或角色可以让它访问节点的文件，
等于取消了这道防线。

## 修复会改变什么
删除不允许的 `type`、`user` 或 `role`，`level` 保留。在没有 SELinux 的节点上什么都不变；在有的节点上，
程序可能无法访问带专用标签的文件，日志中出现 `Permission denied`。

## 何时可以允许
属于平台、必须读写节点文件的代理。普通程序可用允许的类型：`container_t`、`container_init_t`、`container_kvm_t`，
从 1.31 起还有 `container_engine_t`。

## 示例
见英文页面的 YAML。"""

_TYPES = frozenset(("", "container_t", "container_init_t", "container_kvm_t"))


@check(
    each_place,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:seLinuxOptions trivy:KSV-0025",
    zh=ZH,
)
def selinux_custom_type(place: Place, judge: Judge) -> Iterator[Found]:
    """A container uses an SELinux label of its own choice.

    ## Why it matters
    SELinux is a line of defence on nodes of the Red Hat family: processes and files carry labels, and the kernel
    allows only the combinations that are laid down. A container's usual label reaches its own files only. A type of
    its own choice (`spc_t`, for example), a user or a role can open the node's files to it, and the line is gone.

    ## What the fix changes
    It removes the `type`, `user` or `role` that is not allowed; `level` stays. On nodes without SELinux nothing
    changes. On others the program may lose files that carry a label of their own, and logs `Permission denied`.

    ## When to allow it
    Agents of the platform that must read or write the node's files. An ordinary program may use `container_t`,
    `container_init_t`, `container_kvm_t` and, from 1.31 on, `container_engine_t`.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      securityContext:
        seLinuxOptions:
          type: spc_t
          level: "s0:c123,c456"
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
      securityContext:
        seLinuxOptions:
          level: "s0:c123,c456"
      containers:
        - name: web
          image: registry.example.com/web:1.4
    ```
    """
    label = place.security.selinux
    if label is None:
        return
    types = _TYPES | {"container_engine_t"} if judge.version.minor >= 31 else _TYPES
    wrong = {"type": "" if label.type in types else label.type, "user": label.user, "role": label.role}
    wrong = {key: value for key, value in wrong.items() if value}
    if not wrong:
        return
    options = (*place.path, "seLinuxOptions")
    shown = ", ".join(f"{key} {value}" for key, value in wrong.items())
    yield place.found(
        Text(
            f"{{who}} chooses its own SELinux label ({shown}): it may reach files of the node",
            f"{{who}} 使用自定义的 SELinux 标签（{shown}）：可能访问节点的文件",
        ),
        (*options, next(iter(wrong))),
        remedy("restore-selinux", place.workload.meta.ref, *(Remove((*options, key)) for key in wrong)),
    )
