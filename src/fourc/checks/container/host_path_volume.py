import posixpath
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place
from fourc.fix.recipes import SAFE, TRY_FIRST, remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Volume, Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 使用节点上的文件

## 为什么重要
`hostPath` 卷是节点自己磁盘上的目录或文件。攻破容器的人可以由此读取、常常还能修改节点或其他应用的文件。
数据也留在那一台节点上：Pod 移到别的节点，数据就不见了。

## 修复会改变什么
没有人使用的卷，和 `/tmp` 下的临时目录，改为 `emptyDir`（随 Pod 一起消失的空目录）。普通的数据目录改为持久卷声明，
名字是猜测的：请先建好声明并复制数据，在此之前 Pod 不会启动。节点自己的文件没有替代品，工具会说明该怎么做。

## 何时可以允许
属于平台的节点代理，例如读取 `/var/log` 的日志采集程序。请以只读方式挂载最小的目录。

## 示例
见英文页面的 YAML。"""

_OF_THE_NODE = "bin boot dev etc lib lib64 proc root run sbin sys usr var/lib var/log var/run var/spool opt/cni".split()
_KEEP = Text(
    "{path} belongs to the node itself, so no other volume can stand in for it: if this is a node agent of the platform, "
    "allow it there; otherwise delete the volume and its `volumeMounts` and give the program what it needs as a ConfigMap, "
    "a Secret or an API permission",
    "{path} 属于节点本身，没有别的卷可以代替：如果这是平台的节点代理，请在那里允许它；否则请删除该卷及其 `volumeMounts`，"
    "用 ConfigMap、Secret 或 API 权限提供程序所需的内容",
)
_PER_NODE = Text(
    "each node has its own {path}, and a claim would give all pods of {workload} one folder or none: if the data may be "
    "lost with the pod use `emptyDir: {{}}`, if not, a StatefulSet with `volumeClaimTemplates`",
    "每个节点各有一份 {path}，而声明会让 {workload} 的所有 Pod 共用一个目录：数据可随 Pod 丢失就用 `emptyDir: {{}}`，"
    "否则请用带 `volumeClaimTemplates` 的 StatefulSet",
)
_COPY = Text(
    "make the claim `{claim}` and copy the data from {path} of the node to it first; until it exists the new pod waits",
    "请先建好声明 `{claim}` 并把节点上 {path} 的数据复制过去；在它存在之前新 Pod 会一直等待",
)


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.MEDIUM,
    references="pss:hostPathVolumes cis:5.2.12 trivy:KSV-0023 kubescape:C-0048 attack:T1611",
    zh=ZH,
)
def host_path_volume(workload: Workload, judge: Judge) -> Iterator[Found]:
    """A pod uses files of its node.

    ## Why it matters
    A `hostPath` volume is a folder or file of the node's own disk. Whoever breaks into the container reads, and often
    changes, files of the node or of other applications there. The data also stay on that one node: when the pod
    moves, they are gone.

    ## What the fix changes
    A volume that nobody mounts, and a temporary folder below `/tmp`, become an `emptyDir`: an empty folder that goes
    with the pod. A folder of data becomes a claim for a persistent volume, with a guessed name: make the claim and
    copy the data first, the pod waits until then. Nothing can stand in for the node's own files; there the tool says
    what to do.

    ## When to allow it
    Node agents that belong to the platform, such as a log collector that reads `/var/log`. Mount the smallest folder,
    read-only.

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
            - name: cache
              mountPath: /cache
      volumes:
        - name: cache
          hostPath:
            path: /tmp/web-cache
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
            - name: cache
              mountPath: /cache
      volumes:
        - name: cache
          emptyDir: {}
    ```
    """
    for volume in workload.pod.volumes:
        sources = {volume.source, *volume.extra_sources}
        if "hostPath" not in sources:
            continue
        yield Place(workload, None).found(
            Text(
                f"{{who}} uses {volume.host_path or 'a path'} of its node",
                f"{{who}} 使用节点上的 {volume.host_path or '路径'}",
            ),
            (*volume.path, "hostPath"),
            _fix(workload, volume, judge),
            *(("pss:restrictedVolumes",) if len(sources) == 1 else ()),
            detail=volume.name,
        )


def _fix(workload: Workload, volume: Volume, judge: Judge) -> Remedy | NoFix:
    path = posixpath.normpath(volume.host_path or "/")
    owner, empty = workload.meta.ref, Set(volume.path, {"name": volume.name, "emptyDir": {}})
    if not any(workload.pod.mounters(volume.name)):
        return remedy("scratch-off-the-node", owner, empty, fix_class=SAFE)
    made_here = volume.host_path_type in ("", "DirectoryOrCreate")
    if made_here and path.startswith(("/tmp/", "/var/tmp/")) and not _shared(workload, path, judge):  # noqa: S108
        return remedy("scratch-off-the-node", owner, empty, fix_class=TRY_FIRST)
    if not made_here or path == "/" or any(f"{path}/".startswith(f"/{top}/") for top in _OF_THE_NODE):
        return NoFix(_KEEP.of(path=path))
    if workload.meta.kind == "DaemonSet" or (workload.replicas or 1) > 1:
        return NoFix(_PER_NODE.of(path=path, workload=workload.meta.name))
    claim = f"{workload.meta.name}-{volume.name}"
    change = Set(volume.path, {"name": volume.name, "persistentVolumeClaim": {"claimName": claim}})
    return remedy("claim-for-host-path", owner, change, caution=_COPY.of(claim=claim, path=path))


def _shared(workload: Workload, path: str, judge: Judge) -> bool:
    """Whether another workload that was read uses the folder, one around it or one in it."""
    return any(
        f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/")
        for w in judge.inventory.workloads
        if w is not workload
        for other in (posixpath.normpath(v.host_path) for v in w.pod.volumes if v.host_path)
    )
