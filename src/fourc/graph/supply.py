"""How what runs can turn hostile by itself: a library, a registry, a tag that is pushed over, a build that nobody signs."""

from fourc.fix.images import parse_image
from fourc.graph.builder import Builder, shown, workload_id
from fourc.graph.mending import Cause
from fourc.graph.network import Network
from fourc.graph.solve import START
from fourc.model.image_reference import registry_and_path
from fourc.model.text import Text

_BROKEN_IN = Text(
    "{w}: somebody breaks in, or a library of it turns hostile", "{w}：有人攻入，或其依赖库被植入恶意代码"
)
_TURNS = Text("{w}: its image or a library of it turns hostile", "{w}：它的镜像或依赖库被植入恶意代码")
_TAKEN = Text("somebody gets a password that may push to the registry {r}", "有人得到能向镜像仓库 {r} 推送的密码")
_PUSHED = Text(
    "whoever may push to {r} puts another image under the tag of {i}",
    "能向 {r} 推送的人可以用 {i} 的标签换成别的镜像",
)
_UNSIGNED = Text(
    "no signature of image {i} was seen: whoever gets into its build decides what it holds",
    "没有看到镜像 {i} 的签名：侵入其构建过程的人可以决定镜像内容",
)
_RUNS = Text("{w}, container {c}, runs image {i}", "{w} 的容器 {c} 运行镜像 {i}")
_RUNS_TAG = Text(
    "{w}, container {c}: image {i} has no digest, so the next start runs what the tag means then",
    "{w}，容器 {c}：镜像 {i} 没有摘要，下次启动会运行该标签当时指向的内容",
)


def supply_steps(builder: Builder, network: Network) -> None:
    """The entries that are always assumed: one for each workload, each registry and each image."""
    for workload in builder.inventory.workloads:
        ref = workload.meta.ref
        me = builder.workload(workload)
        listens = me in network.targets
        said = (_BROKEN_IN if listens else _TURNS).of(w=shown(ref))
        builder.step("broken-in", START, me, said, known_as="broken-in" if listens else "broken-in-by-supply-chain")
        for container in workload.pod.containers:
            image = container.image
            if not image:
                continue
            node = builder.node(f"image:{image}", "image", image)
            builder.step("publish-unsigned-image", START, node, _UNSIGNED.of(i=image))
            mutable = not parse_image(image).digest
            if mutable:
                _tag(builder, image, node)
            builder.step(
                "run-replaced-image" if mutable else "run-image",
                node,
                workload_id(ref),
                (_RUNS_TAG if mutable else _RUNS).of(w=shown(ref), c=container.name, i=image),
                findings=builder.mending.any_of(ref, (Cause("mutable-image-tag", container.name),)) if mutable else (),
                places=[(workload.meta.origin, (*container.path, "image"))],
                tail=container.name,
            )


def _tag(builder: Builder, image: str, node: str) -> None:
    """What is pulled is what stands in the registry that the image names, were it a mirror."""
    registry = registry_and_path(image.partition("@")[0])[0].lower()
    source = builder.node(f"registry:{registry}", "registry", registry)
    builder.step("take-over-registry", START, source, _TAKEN.of(r=registry))
    builder.step("push-over-tag", source, node, _PUSHED.of(r=registry, i=image))
