"""How what runs can turn hostile by itself: a library, an image, a tag that somebody else pushes over."""

from fourc.fix.images import parse_image
from fourc.graph.builder import Builder, shown, workload_id
from fourc.graph.mending import Cause
from fourc.graph.network import Network
from fourc.graph.solve import START
from fourc.model.text import Text

_BROKEN_IN = Text("{w}: somebody breaks in, or a library of it turns hostile", "{w}：有人攻入，或其依赖库被植入恶意代码")
_TURNS = Text("{w}: its image or a library of it turns hostile", "{w}：它的镜像或依赖库被植入恶意代码")
_PUSHED = Text(
    "image {i}: whoever may push to its registry puts another image under the same tag",
    "镜像 {i}：能向其仓库推送的人可以用同一标签换成别的镜像",
)
_RUNS = Text(
    "{w}, container {c}: image {i} has no digest, so the next start runs what the tag means then",
    "{w}，容器 {c}：镜像 {i} 没有摘要，下次启动会运行该标签当时指向的内容",
)


def supply_steps(builder: Builder, network: Network) -> None:
    """The entries that are always assumed: one for each workload, and one for each image with a mutable tag."""
    for workload in builder.inventory.workloads:
        ref = workload.meta.ref
        me = builder.workload(workload)
        listens = me in network.targets
        said = (_BROKEN_IN if listens else _TURNS).of(w=shown(ref))
        builder.step("broken-in", START, me, said, known_as="broken-in" if listens else "broken-in-by-supply-chain")
        for container in workload.pod.containers:
            image = container.image
            if not image or parse_image(image).digest:
                continue
            node = builder.node(f"image:{image}", "image", image)
            builder.step("push-over-tag", START, node, _PUSHED.of(i=image))
            builder.step(
                "run-replaced-image",
                node,
                workload_id(ref),
                _RUNS.of(w=shown(ref), c=container.name, i=image),
                findings=builder.mending.any_of(ref, (Cause("mutable-image-tag", container.name),)),
                places=[(workload.meta.origin, (*container.path, "image"))],
                tail=container.name,
            )
