import posixpath
from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Container, PodSpec, VolumeMount
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """容器通过 subPath 挂载别人可以改动的目录

## 为什么重要
`subPath` 只挂载卷中的一个子目录，由节点以 root 身份打开它。同一个 Pod 里的另一个容器能写它的上级目录时，
可以在挂载的瞬间把子目录换成指向节点文件的链接（漏洞 CVE-2017-1002101、CVE-2021-25741），从而读写节点上的文件。
1.22.2 起已修补，但旧节点仍有风险，容器之间也仍能互相改动文件。

## 修复会改变什么
没有自动修复：哪个容器需要写入，清单里看不出来。请在另一个容器的挂载上加 `readOnly: true`，
或让它也只用自己的 `subPath`，或使用两个卷。仍要写入的程序会在日志中出现 `Read-only file system`。

## 何时可以允许
两个容器属于同一个程序，互相改动文件也没有关系。

## 示例
见英文页面的 YAML。"""

_WHY = Text(
    "which container has to write there stands in no manifest: mount {volume} with `readOnly: true` or with a "
    "`subPath` of its own in {other}, or use two volumes",
    "清单里看不出哪个容器需要写入：请在 {other} 中为 {volume} 加上 `readOnly: true` 或它自己的 `subPath`，或使用两个卷",
)
FIXED_KINDS = frozenset({"configMap", "secret", "projected", "downwardAPI", "image"})
_PATCHED = 22


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="cve:CVE-2017-1002101 cve:CVE-2021-25741 kubescape:C-0058 attack:T1611",
    zh=ZH,
)
def unsafe_sub_path(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container mounts, by subPath, a folder that another container can swap.

    ## Why it matters
    `subPath` mounts one folder of a volume; the node opens it as root. Another container of the pod that may write to
    the folder above can swap it, at the right moment, for a link to files of the node (holes CVE-2017-1002101 and
    CVE-2021-25741) and so read and change them. Kubernetes 1.22.2 repaired that, but older nodes are open to it, and
    the containers can still change each other's files.

    ## What the fix changes
    There is none by itself: no manifest tells which container has to write. Mount the volume with `readOnly: true` in
    the other container, or give that one a `subPath` of its own, or use two volumes. A program that still has to write
    there logs `Read-only file system`.

    ## When to allow it
    Both containers belong together and hold nothing that the other may not change.

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
          volumeMounts:
            - name: data
              mountPath: /uploads
              subPath: uploads
        - name: thumbnails
          image: registry.example.com/thumbnails:2.0
          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        - name: data
          emptyDir: {}
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
          volumeMounts:
            - name: data
              mountPath: /uploads
              subPath: uploads
        - name: thumbnails
          image: registry.example.com/thumbnails:2.0
          volumeMounts:
            - name: data
              mountPath: /data
              readOnly: true
      volumes:
        - name: data
          emptyDir: {}
    ```
    """
    container, pod = subject.container, subject.pod
    fixed = {v.name for v in pod.volumes if v.source in FIXED_KINDS}
    for mount in container.mounts:
        field = "subPath" if mount.sub_path else "subPathExpr"
        if mount.name in fixed or not (mount.sub_path or mount.sub_path_expr):
            continue
        other = _writer_above(pod, container, mount)
        if other is None:
            continue
        message = Text(
            f"{{who}} mounts a folder of {mount.name} that {other.name} can swap and change",
            f"{{who}} 挂载了卷 {mount.name} 的子目录，而 {other.name} 能替换并改动它",
        )
        if judge.version.minor < _PATCHED:
            message = Text(
                f"{{who}} mounts a folder of {mount.name} that {other.name} can swap for a link to the node's files",
                f"{{who}} 挂载了卷 {mount.name} 的子目录，而 {other.name} 能把它换成指向节点文件的链接",
            )
        yield Place(subject.workload, container).found(
            message,
            (*container.path, "volumeMounts", mount.index, field),
            NoFix(_WHY.of(volume=mount.name, other=other.name), ChangeKind.ISOLATE_FROM_HOST),
            detail=mount.mount_path,
            severity=Severity.MEDIUM if judge.version.minor < _PATCHED else None,
        )


def _writer_above(pod: PodSpec, container: Container, mount: VolumeMount) -> Container | None:
    """Another container of another image that may write to a folder around the mounted one."""
    for other, its in pod.mounters(mount.name):
        if not other.runs_on or other.name == container.name or other.image == container.image:
            continue
        if its.read_only or its.sub_path_expr:
            continue
        above, below = posixpath.normpath(its.sub_path or "."), posixpath.normpath(mount.sub_path or "x")
        if above == "." or (below != above and below.startswith(f"{above}/")):
            return other
    return None
