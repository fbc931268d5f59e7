"""An image read once: its packages, secrets and base, and what it says of itself."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from fourc.app.image_packages import LANGUAGES, SYSTEM, InImage, packages_in
from fourc.app.image_secrets import ImageSecrets, secrets_of
from fourc.app.layer_secrets import PRESENT, Looker
from fourc.collect.image.base import Base, KnownImage, base_of, known_images, remember_image
from fourc.collect.image.errors import ImageError
from fourc.collect.image.image import Contents, Image
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.open import Choices, is_path, open_image
from fourc.collect.image.wishes import Layer, Wishes
from fourc.model.distribution import ecosystem_of
from fourc.model.finding import Confidence, Finding, Severity
from fourc.model.finding import Layer as Where
from fourc.model.image_facts import ImageFacts, ImageStep, Privileged
from fourc.model.image_identity import ImageIdentity, image_identity
from fourc.model.location import Location, Origin
from fourc.model.remedy import NoFix
from fourc.model.subject import Ref
from fourc.model.text import Text

Progress = Callable[[Text | None], None]
ROOT = "image-runs-as-root"
ROOT_PAGE = Text(
    """\
The image starts its program as root.

## Why it matters

Whoever breaks into the program may then change everything in the container, and needs one hole less on the way to the node.

## What the fix changes

A line `USER 10001` in the Dockerfile, below the lines that install things. A program that writes into its own folder, or
listens on a port below 1024, has to be prepared for it.

## When to allow it

For images that only build, and where the manifest sets `runAsUser` itself.
""",
    """\
镜像以 root 启动程序。

## 为什么重要

攻破程序的人可以修改容器里的一切，通向节点的路上也少了一道障碍。

## 修复会改变什么

在 Dockerfile 中安装步骤之后加一行 `USER 10001`。写入自身目录或监听 1024 以下端口的程序需要先做准备。

## 何时可以允许

只用于构建的镜像，以及清单中已设置 `runAsUser` 的情况。
""",
)
_RUNS_AS_ROOT = Text("{image} starts its program as root", "{image} 以 root 启动程序")
_SET_USER = Text(
    "put USER 10001 into its Dockerfile, below what installs things", "在其 Dockerfile 的安装步骤之后加入 USER 10001"
)
_OTHER_PLATFORM = Text("{image} is for {there}, not for {wanted}", "{image} 适用于 {there}，而不是 {wanted}")
_ASK_FOR = Text("leave out --platform, or ask for {there}", "去掉 --platform，或指定 {there}")
_READING = Text("reading layer {n} of {all} of {image}", "正在读取 {image} 的第 {n} 层（共 {all} 层）")


class Asking(Struct, frozen=True):
    """How images are got at: of which platform; `offline` asks no registry, `plain` allows one without TLS."""

    platform: str = ""
    offline: bool = False
    plain: bool = False


class Opened(Struct, frozen=True):
    """An image whose layers were read."""

    image: Image
    contents: Contents
    held: InImage
    secrets: ImageSecrets
    base: Base | None


def split_alias(named: str) -> tuple[str, str]:
    """The name that an image is known by, and what is opened for it: in `nginx:1.27=nginx.tar` a file."""
    name, equals, file = named.partition("=")
    return (name, file) if equals and name and file and not is_path(named) else (named, named)


def read_image(named: str, asking: Asking, looker: Looker, progress: Progress = lambda _: None) -> Opened:
    """Read an image once.

    Raises:
        ImageError: there is none, it may not be read, or it is broken.
    """
    name, target = split_alias(named)
    image = open_image(target, Choices(asking.platform, offline=asking.offline, plain=asking.plain))
    image.name = name
    there = "/".join(part for part in (image.config.os, image.config.architecture) if part)
    if asking.platform and there and not f"{asking.platform}/".startswith(f"{there}/"):
        raise ImageError(_OTHER_PLATFORM.of(image=name, there=there, wanted=asking.platform), _ASK_FOR.of(there=there))

    def told(layer: Layer, _: int) -> None:
        progress(_READING.of(n=layer.place + 1, all=len(image.layers), image=name))

    cache = LayerCache()
    looker.begin()
    bases = known_images(cache)
    contents = image.walk(Wishes((LANGUAGES, SYSTEM, PRESENT), (looker.wish,)), cache, told)
    secrets = secrets_of(image, contents, looker, cache)
    return Opened(image, contents, packages_in(contents), secrets, _base(image, bases, cache))


def _base(image: Image, known: Sequence[KnownImage], cache: LayerCache) -> Base | None:
    """The image it was built on; it is itself remembered for those that are built on it."""
    named = next(iter(image.names), "") if is_path(image.name) else image.name
    if named and image.diff_ids:
        remember_image(cache, KnownImage(named, image.diff_ids))
    others = (one for one in known if one.name != named)
    return base_of(image.diff_ids, others, dict(image.config.labels) | dict(image.annotations))


def identity_of(named: str) -> str:
    """The image's name without tag and digest, a mirror's as that of the original: by it its next version is known."""
    known = _identity(named)
    if known is None:
        return Path(named).name
    reference = known.upstream or known.address
    return f"{reference.registry}/{reference.path}"


def _identity(named: str) -> ImageIdentity | None:
    return None if is_path(named) else image_identity(named)


def facts_of(opened: Opened) -> ImageFacts:
    """What an image says of itself."""
    image, config, said = opened.image, opened.image.config, opened.secrets.said
    known = _identity(image.name)
    base = opened.base
    distribution = opened.held.system.distribution
    return ImageFacts(
        name=image.name,
        digest=image.manifest_digest or image.config_digest,
        platform=f"{config.os}/{config.architecture}",
        created=config.created,
        user=config.user,
        entrypoint=said.entrypoint,
        command=said.command,
        ports=config.ports,
        variables=tuple(line.partition("=")[0] for line in config.environment),
        layers=image.diff_ids,
        sizes=image.sizes,
        history=tuple(
            ImageStep(command, image.diff_ids[step.layer] if step.layer is not None else "")
            for step, command in zip(config.history, said.history, strict=True)
        ),
        privileged=tuple(Privileged(f.path, f"{f.mode:o}", f.uid, f.gid) for f in opened.contents.privileged),
        distribution=ecosystem_of(distribution) if distribution is not None else "",
        upstream=str(known.upstream) if known is not None and known.upstream is not None else "",
        origin=known.publisher.value if known is not None else "",
        base=base.name if base is not None else "",
        base_layers=base.layers if base is not None else 0,
    )


def image_findings(facts: ImageFacts, inside: str) -> Iterator[Finding]:
    """What is wrong with how the image would start."""
    user = facts.user.partition(":")[0]
    if user in {"", "0", "root"}:
        yield Finding(
            rule=ROOT,
            layer=Where.CONTAINER,
            severity=Severity.LOW,
            confidence=Confidence.HIGH,
            message=_RUNS_AS_ROOT.of(image=facts.name),
            subject=Ref("Image", None, facts.name),
            origin=Origin(facts.name, 0, 1),
            at=(),
            container=None,
            detail=inside,
            references=("cis-docker:4.1", "trivy:DS-0002"),
            fix=NoFix(_SET_USER),
            location=Location(facts.name, 1, 1, 1, 1),
        )
