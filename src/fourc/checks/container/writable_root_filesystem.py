import re
from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place, certain_image, runs_as_shipped
from fourc.fix.recipes import SAFE, TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Container, ContainerRole, PodSpec
from fourc.model.text import Text
from fourc.patch.yaml.operations import Append, Operation, Set

ZH = """容器可以改写自己的程序

## 为什么重要
容器的文件系统默认可写。攻破程序的人可以替换其中的文件、放入自己的工具，并一直留到容器重启。
文件系统只读时，许多现成的攻击工具会失效。

## 修复会改变什么
设置 `readOnlyRootFilesystem: true`，并为需要写入的目录挂载空目录（`emptyDir`）：已知镜像按列表，未知镜像只有 `/tmp`。
写入其他位置的程序会在日志中出现 `Read-only file system`；请为该目录再加一个 `emptyDir`。已挂载的卷照旧可写。

## 何时可以允许
会改写自身文件的程序，例如通过网页安装插件的系统。请先试试为这些目录挂载卷。

## 示例
见英文页面的 YAML。"""

_SCRATCH = ("/tmp", "/var/tmp", "/run", "/var/run", "/var/cache")  # noqa: S108 - paths in the container
_WATCH = Text(
    "run {name} and look for `Read-only file system` in its log: each folder named there needs an `emptyDir`",
    "运行 {name} 并在日志中查找 `Read-only file system`：其中提到的每个目录都需要一个 `emptyDir`",
)


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="trivy:KSV-0014 checkov:CKV_K8S_22 kube-linter:no-read-only-root-fs kubescape:C-0017",
    zh=ZH,
)
def writable_root_filesystem(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container may rewrite its own program.

    ## Why it matters
    A container's file system is writable by default. Whoever breaks in replaces files of the program and brings tools
    along, which stay until the container restarts. On a read-only file system many ready-made tools of attackers
    fail.

    ## What the fix changes
    It sets `readOnlyRootFilesystem: true` and mounts an empty folder (`emptyDir`) wherever the program must write:
    for a well-known image by a list, otherwise at `/tmp` only. A program that writes elsewhere logs
    `Read-only file system`; give that folder an `emptyDir` too. Volumes that are mounted stay writable.

    ## When to allow it
    Programs that rewrite their own files, such as those that install plug-ins from a web page. Try volumes for those
    folders first.

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
            readOnlyRootFilesystem: true
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
    ```
    """
    container, pod = subject.container, subject.pod
    if container.security.read_only_root or container.role is ContainerRole.EPHEMERAL or pod.runs_windows:
        return
    facts = certain_image(container)
    known = facts.writable if facts is not None and runs_as_shipped(container) else None
    wanted = [p for p in (("/tmp",) if known is None else known) if not _mounted(container, p)]  # noqa: S108
    scratch_only = all(any(f"{p}/".startswith(f"{top}/") for top in _SCRATCH) for p in wanted)
    # What stays root may write anywhere, as nginx does where it fills in templates of its configuration.
    safe = known is not None and scratch_only and facts is not None and facts.runs_as != "root-needed"
    field = (*container.path, "securityContext", "readOnlyRootFilesystem")
    operations: list[Operation] = [Set(field, value=True)]
    taken = {v.name for v in pod.volumes} | {*subject.workload.claim_templates}
    for path in wanted:
        name = _volume_name(pod, container, path, taken)
        taken.add(name)
        operations.append(Append((*container.path, "volumeMounts"), {"name": name, "mountPath": path}))
        operations.append(Append((*pod.path, "volumes"), {"name": name, "emptyDir": {}}))
    yield Place(subject.workload, container).found(
        Text(
            "{who} may rewrite its own program: an intruder's tools stay in it",
            "{who} 可以改写自己的程序：入侵者的工具能留在里面",
        ),
        field,
        remedy(
            "lock-root-filesystem",
            subject.meta.ref,
            *operations,
            caution=None if safe else _WATCH.of(name=container.name),
            fix_class=SAFE if safe else TRY_FIRST,
        ),
    )


def _mounted(container: Container, path: str) -> bool:
    return any(f"{path}/".startswith(f"{m.mount_path.rstrip('/')}/") for m in container.mounts)


def _volume_name(pod: PodSpec, container: Container, path: str, taken: set[str]) -> str:
    """A free name, with the container's where the pod has several: two containers must not share the folder."""
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "scratch"
    if len(pod.containers) > 1:
        name = f"{container.name}-{name}"
    name = name[:60].strip("-")
    while name in taken:
        name = f"{name[:53]}-scratch"
    return name
