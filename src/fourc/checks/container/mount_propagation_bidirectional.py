from collections.abc import Iterator

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """容器能改变节点上挂载的磁盘

## 为什么重要
使用 `mountPropagation: Bidirectional` 时，容器在该卷里挂载的东西会出现在节点上，
也会出现在使用同一目录的其他 Pod 里。攻破容器的人可以用自己的文件盖住节点的目录。只有特权容器才能这样设置。

## 修复会改变什么
删除 `mountPropagation`，恢复默认值 `None`。存储驱动（CSI，容器存储接口）和其他替别人挂载磁盘的程序会停止工作：
使用其卷的新 Pod 停在 ContainerCreating。其他程序不会察觉。请先在测试环境运行一次。

## 何时可以允许
平台的存储驱动。只需看到节点新挂载内容的程序，用 `HostToContainer` 就够了。

## 示例
见英文页面的 YAML。"""


@check(each_container, layer=Layer.CONTAINER, severity=Severity.HIGH, references="attack:T1611", zh=ZH)
def mount_propagation_bidirectional(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """A container changes what is mounted on its node.

    ## Why it matters
    With `mountPropagation: Bidirectional` whatever the container mounts inside the volume appears on the node, and in
    other pods that use the same folder. Whoever breaks in lays files of their own over folders of the node. Only a
    privileged container may set it.

    ## What the fix changes
    It removes `mountPropagation`, which brings back the default `None`. A storage driver (CSI, the container storage
    interface), or whatever else mounts disks for others, stops working: new pods that use its volumes stay in
    ContainerCreating. Nothing else notices. Run it once in a test environment first.

    ## When to allow it
    Storage drivers of the platform. A program that only has to see what the node mounts is served by
    `HostToContainer`.

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
            privileged: true
          volumeMounts:
            - name: data
              mountPath: /data
              mountPropagation: Bidirectional
      volumes:
        - name: data
          hostPath:
            path: /srv/data
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
            privileged: true
          volumeMounts:
            - name: data
              mountPath: /data
      volumes:
        - name: data
          hostPath:
            path: /srv/data
    ```
    """
    for mount in subject.container.mounts:
        if mount.propagation != "Bidirectional":
            continue
        at = (*subject.container.path, "volumeMounts", mount.index, "mountPropagation")
        yield Place(subject.workload, subject.container).found(
            Text(
                f"{{who}} can mount files of its own over {mount.mount_path} on the node",
                f"{{who}} 能在节点的 {mount.mount_path} 卷上挂载自己的文件",
            ),
            at,
            remedy("stop-mount-propagation", subject.meta.ref, Remove(at)),
            detail=mount.mount_path,
        )
