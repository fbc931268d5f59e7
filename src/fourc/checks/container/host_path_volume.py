from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place, off_the_node, tells_the_time_zone
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text

ZH = """Pod 使用节点上的文件

## 为什么重要
`hostPath` 卷是节点自己磁盘上的目录或文件。攻破容器的人可以由此读取、常常还能修改节点或其他应用的文件。
数据也留在那一台节点上：Pod 移到别的节点，数据就不见了。

## 修复会改变什么
没有人使用的卷、`/tmp` 下的临时目录，以及节点上的危险位置（`/etc`、容器运行时的套接字），
改为 `emptyDir`（随 Pod 一起消失的空目录）。普通的数据目录改为持久卷声明，名字是猜测的：
请先建好声明并复制数据，在此之前 Pod 停在 Pending。节点自己的其他文件没有替代品，工具会说明该怎么做；
例如不要挂载 `/etc/localtime`，改为设置环境变量 `TZ`（如 `Asia/Shanghai`）。

## 何时可以允许
属于平台的节点代理，例如读取 `/var/log` 的日志采集程序。请以只读方式挂载最小的目录。

## 示例
见英文页面的 YAML。"""


_WRITABLE = ("kubescape:C-0045", "kube-linter:writable-host-mount")


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
    A volume that nobody mounts, a temporary folder below `/tmp` and a dangerous place of the node (`/etc`, the
    container runtime's socket) become an `emptyDir`: an empty folder that goes with the pod. A folder of data becomes a
    claim for a persistent volume, with a guessed name: make the claim and copy the data first, the pod stays Pending
    until then. For other files of the node itself nothing can stand in; there the tool says what to do. Instead of
    `/etc/localtime`, for example, set the variable `TZ` (such as `Asia/Shanghai`).

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
            off_the_node(workload, volume, judge.inventory),
            *(("pss:restrictedVolumes",) if len(sources) == 1 else ()),
            *(_WRITABLE if any(not mount.read_only for _, mount in workload.pod.mounters(volume.name)) else ()),
            detail=volume.name,
            severity=Severity.LOW if tells_the_time_zone(volume.host_path) else None,
        )
