from collections.abc import Iterator
from shlex import quote

from fourc.checks.api import Found, InPod, Judge, check, each_container
from fourc.checks.pss import Place
from fourc.fix.images import parse_image
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import ContainerRole
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """镜像的版本没有固定

## 为什么重要
`latest`（或没有标签）指向最近一次推送的内容。Pod 换到别的节点就可能换成新版本，两个副本可能运行不同的版本，
出问题时也无法回滚。谁能推送这个标签，谁就决定了集群运行什么。

## 修复会改变什么
没有自动修复：清单里看不出现在运行的是哪个版本。`kubectl get pods -o jsonpath='{..imageID}'` 会显示摘要
（digest，镜像内容的指纹）；请在镜像仓库里找到对应的版本，写成标签，最好再加上摘要：`web:1.4@sha256:...`。

## 何时可以允许
开发环境。

## 示例
见英文页面的 YAML。"""

_WHY = Text(
    "which version is meant stands in no manifest: `kubectl get pods{namespace} -o jsonpath='{{..imageID}}'` shows "
    "what runs now; write its version instead of `{tag}`",
    "清单里看不出是哪个版本：`kubectl get pods{namespace} -o jsonpath='{{..imageID}}'` 会显示现在运行的内容；"
    "请用它的版本代替 `{tag}`",
)
MOVING = frozenset({"latest", "main", "master", "edge", "nightly", "dev", "develop", "snapshot", "canary"})


@check(
    each_container,
    layer=Layer.CONTAINER,
    severity=Severity.LOW,
    references="trivy:KSV-0013 checkov:CKV_K8S_14 kube-linter:latest-tag",
    zh=ZH,
)
def mutable_image_tag(subject: InPod, _judge: Judge) -> Iterator[Found]:
    """The version of an image is not fixed.

    ## Why it matters
    `latest` (or no tag) means whatever was pushed last. A pod that moves to another node may get another version, two
    copies may run different ones, and when something breaks there is no way back. Whoever may push the tag decides what
    your cluster runs.

    ## What the fix changes
    There is none by itself: no manifest tells which version runs now. `kubectl get pods -o jsonpath='{..imageID}'`
    shows its digest, the fingerprint of its content: look up in the registry which version that is and write it as the
    tag, best with the digest: `web:1.4@sha256:...`.

    ## When to allow it
    Development environments.

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
          image: registry.example.com/web:latest
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
    ```
    """
    container, meta = subject.container, subject.meta
    image = parse_image(container.image)
    if not container.image or container.role is ContainerRole.EPHEMERAL:
        return
    if image.digest or image.tag.lower() not in MOVING:
        return
    namespace = f" -n {quote(meta.namespace or '')}" if meta.namespace_written else ""
    yield Place(subject.workload, container).found(
        Text(
            f"{{who}} runs whatever was pushed last as {image.repository}:{image.tag}",
            f"{{who}} 运行的是最近推送的 {image.repository}:{image.tag}",
        ),
        (*container.path, "image"),
        NoFix(_WHY.of(namespace=namespace, tag=image.tag), ChangeKind.PIN_IMAGE),
    )
