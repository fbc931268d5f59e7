from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, each_workload
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Volume, Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Pod 直接使用存储系统

## 为什么重要
在 Pod 里直接写上 NFS（网络文件系统）服务器、云盘等存储，写 Pod 的人就决定了访问哪台服务器的哪些数据，管理员无从过问；
其中一些类型还带着密码，或以 root 身份在节点上运行程序（`gitRepo`、`flexVolume`）。
通过持久卷声明（PersistentVolumeClaim），由管理员决定谁可以使用什么。

## 修复会改变什么
改为持久卷声明，名字取自卷名。数据留在原处，但必须先由管理员建好指向同一存储的 PersistentVolume 和这个声明；
在此之前新 Pod 停在 Pending。`gitRepo` 没有对应的声明，工具会说明该怎么做。

## 何时可以允许
只运行可信应用的小集群。`gitRepo` 和 `flexVolume` 永远不要使用。

## 示例
见英文页面的 YAML。"""

# What restrictedVolumes allows, and what it does not (hostPath is the business of host-path-volume).
_ALLOWED = frozenset(
    (
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    )
)
_GIT = Text(
    "no claim can stand for `gitRepo`: use `emptyDir: {{}}` for the volume {name} and an init container that mounts it "
    "and runs `git clone`",
    "`gitRepo` 没有对应的声明：请把卷 {name} 改为 `emptyDir: {{}}`，再加一个挂载它并运行 `git clone` 的 init 容器",
)
_CLAIM = Text(
    "have the administrator make a PersistentVolume for the same storage and the claim `{name}` first; until then the "
    "new pod waits",
    "请先让管理员为同一存储建好 PersistentVolume 和声明 `{name}`；在此之前新 Pod 会一直等待",
)


@check(
    each_workload,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="pss:restrictedVolumes trivy:KSV-0028",
    zh=ZH,
)
def restricted_volume_type(workload: Workload, _judge: Judge) -> Iterator[Found]:
    """A pod uses a storage system directly.

    ## Why it matters
    Where a pod names a file server (NFS), a cloud disk or the like itself, whoever writes the pod chooses which data of
    which server it reaches, and the administrator has no say. Some kinds carry passwords or run a program as root on
    the node (`gitRepo`, `flexVolume`). With a claim (PersistentVolumeClaim) the administrator decides who may use
    what.

    ## What the fix changes
    It names a claim instead, called like the volume. The data stay where they are, but the administrator must first
    make a PersistentVolume for the same storage and this claim; until then the new pod stays Pending. There is no claim for
    `gitRepo`; there the tool says what to do.

    ## When to allow it
    Small clusters with trusted applications only. Never use `gitRepo` or `flexVolume`.

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
            - name: pictures
              mountPath: /pictures
      volumes:
        - name: pictures
          nfs:
            server: nas.example.com
            path: /pictures
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
            - name: pictures
              mountPath: /pictures
      volumes:
        - name: pictures
          persistentVolumeClaim:
            claimName: pictures
    ```
    """
    for volume in workload.pod.volumes:
        sources = (volume.source, *volume.extra_sources)
        if "hostPath" in sources or _ALLOWED.intersection(sources):
            continue
        yield Place(workload, None).found(
            Text(
                f"{{who}} reaches the storage of volume {volume.name} ({volume.source}) past the administrator",
                f"{{who}} 绕过管理员，直接访问卷 {volume.name} 的存储（{volume.source}）",
            ),
            (*volume.path, volume.source),
            _fix(workload, volume),
            detail=volume.name,
        )


def _fix(workload: Workload, volume: Volume) -> Remedy | NoFix:
    if volume.source == "gitRepo":
        return NoFix(_GIT.of(name=volume.name))
    change = Set(volume.path, {"name": volume.name, "persistentVolumeClaim": {"claimName": volume.name}})
    return remedy("claim-for-volume", workload.meta.ref, change, caution=_CLAIM.of(name=volume.name))
