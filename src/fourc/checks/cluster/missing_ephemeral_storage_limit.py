from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check
from fourc.checks.pss import Place
from fourc.checks.resources import amount, each_running, limited, requested, write
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Container, Workload
from fourc.model.text import Text

ZH = """容器可以写满节点的磁盘

## 为什么重要
日志、临时文件和 `emptyDir` 都在节点自己的磁盘上。没有上限时，一个失控的程序就能写满它。随后节点进入
DiskPressure（磁盘将满）状态，开始驱逐 Pod，其他程序的 Pod 也会受牵连，新 Pod 也无法启动。

## 修复会改变什么
写入 `limits.ephemeral-storage`；没有申请量时也写入 `requests.ephemeral-storage`。数值是猜测的：请先在运行中的容
器里用 `du -sh /tmp /var/log` 查看。写入更多的 Pod 会被停止，由新 Pod 替换；`kubectl get pods` 中旧 Pod 显示为
`Evicted`。PersistentVolumeClaim（独立的持久卷）里的数据不计入。

## 何时可以允许
节点磁盘很大、程序几乎不写文件的集群。

## 示例
见英文页面的 YAML。"""

_RESOURCE, _REQUEST, _GIB = "ephemeral-storage", "256Mi", 2**30


@check(each_running, layer=Layer.CLUSTER, severity=Severity.LOW, references="attack:T1499", zh=ZH)
def missing_ephemeral_storage_limit(subject: InPod, judge: Judge) -> Iterator[Found]:
    """A container may fill its node's disk.

    ## Why it matters
    Logs, temporary files and every `emptyDir` lie on the node's own disk. Without a limit one program out of control
    fills it. The node then reports DiskPressure (its disk is nearly full), evicts pods, the innocent ones too, and
    starts no new ones.

    ## What the fix changes
    It writes `limits.ephemeral-storage`, and `requests.ephemeral-storage` where that is missing. The numbers are
    guesses: look into the running container with `du -sh /tmp /var/log` first. A pod that writes more is stopped and
    replaced; `kubectl get pods` shows the old one as `Evicted`. Data on a PersistentVolumeClaim (a disk of its own)
    do not count.

    ## When to allow it
    Clusters whose nodes have large disks, with programs that hardly write.

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
          resources:
            requests:
              ephemeral-storage: 256Mi
            limits:
              ephemeral-storage: 2Gi
    ```
    """
    workload, container = subject.workload, subject.container
    if limited(judge, workload, container, _RESOURCE):
        return
    limit = _limit(workload, container)
    operations = [write(container, "limits", _RESOURCE, limit)]
    if not requested(judge, workload, container, _RESOURCE):
        operations.insert(0, write(container, "requests", _RESOURCE, _REQUEST))
    yield Place(workload, container).found(
        Text(
            "{who} may fill the node's disk with logs and temporary files",
            "{who} 可以用日志和临时文件写满节点的磁盘",
        ),
        (*container.path, "resources", "limits", _RESOURCE),
        remedy(
            "size-ephemeral-storage",
            workload.meta.ref,
            *operations,
            caution=Text(
                "{limit} for {name} is a guess: look into the running container with `du -sh /tmp /var/log`",
                "{name} 的 {limit} 是猜测值：请在运行中的容器里用 `du -sh /tmp /var/log` 查看",
            ).of(limit=limit, name=container.name),
        ),
    )


def _limit(workload: Workload, container: Container) -> str:
    """Room for the sizes that its folders are allowed, and no less than what it asks for."""
    mounted = {m.name for m in container.mounts}
    sizes = (amount(v.size_limit) or 0.0 for v in workload.pod.volumes if v.name in mounted)
    asked = amount(container.resources.requests.get(_RESOURCE, "")) or 0.0
    return f"{-int(-max(2 * _GIB + sum(sizes), asked) // _GIB)}Gi"
