"""Secrets in an image: in any layer, also what a later one deletes, and in what the image says of itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from fourc.app.layer_secrets import PRESENT, Looker, Told, kept_of
from fourc.collect.image.image import Contents, Image
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.wishes import Layer
from fourc.model.finding import Finding, InLayer, Severity
from fourc.model.finding import Layer as Where
from fourc.model.gap import Gap, GapReason
from fourc.model.image_facts import plain_step
from fourc.model.location import Location
from fourc.model.remedy import ByHand, NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text, same

if TYPE_CHECKING:
    from fourc.secrets.rule import Rule

CONFIG = "image-config"
"""The folder, in reports, of what the image's configuration says: its environment, labels, command and history."""
_TEXTS = {
    # what it is searched as, by what it is called
    "environment": ".env",
    "labels": "labels.properties",
    "command": "command.sh",
    "history": "Dockerfile",
}
_GONE = Text(
    "{message} (deleted in a later layer, still in the image)", "{message}（在后面的层中被删除，但仍在镜像中）"
)
_REPLACED = Text(
    "{message} (replaced in a later layer, still in the image)", "{message}（在后面的层中被替换，但仍在镜像中）"
)
_PULLED = Text(
    "Deleting it does not help: everyone who can pull the image may have it.",
    "删除它没有用：能拉取该镜像的人都可能已经得到它。",
)
_REBUILD = Text(
    "build the image without them: what a build needs comes by `RUN --mount=type=secret`, what the program needs from a Secret"
    " that the pod mounts; a later line of the Dockerfile that deletes a file leaves it in the image. Then push it anew, and"
    " delete the old tags",
    "重新构建不含密钥的镜像：构建所需的用 `RUN --mount=type=secret` 传入，程序所需的由 Pod 挂载 Secret 提供；"
    "在 Dockerfile 后面的行中删除文件，文件仍留在镜像中。然后推送新镜像，并删除旧标签",
)
_TITLE = Text("Replace the secrets in {image}", "更换 {image} 中的密钥")
_TOO_MANY = Text("more than {n} secrets; the others are not told", "密钥超过 {n} 个；其余的没有列出")
_LOOK = Text("look at the image by hand", "请手动检查该镜像")
_STEP = 100
MOST_VALUES = 20_000
"""Different values that are told of one image."""


class Said(Struct, frozen=True, array_like=True):
    """What an image's configuration says, without the values of secrets that were found in it."""

    told: tuple[Told, ...] = ()
    history: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


class ImageSecrets(Struct, frozen=True):
    """The secrets of an image, what could not be searched, and its texts without them."""

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    said: Said = Said()


def secrets_of(image: Image, contents: Contents, looker: Looker, cache: LayerCache | None) -> ImageSecrets:
    """What a walk with the looker's wish and `PRESENT` has brought, and what the configuration holds."""
    said = _said(image, looker, cache)
    present = {(file.layer.place, file.facts): file.path for file in contents.files.get(PRESENT.kind, ())}
    there = set(present.values())
    gaps: list[Gap] = []
    seen: dict[str, list[tuple[Told, Layer | None]]] = {}
    for told in said.told:
        seen.setdefault(told.value, []).append((told, _layer_of(told, image)))
    for layer, data in contents.found.get(looker.kind, ()):
        found, unread = kept_of(data)
        gaps += unread
        for told in found:
            if len(seen) < MOST_VALUES or told.value in seen:
                seen.setdefault(told.value, []).append((told, layer))
    if len(seen) >= MOST_VALUES:
        gaps.append(Gap(GapReason.TOO_LARGE, _TOO_MANY.of(n=MOST_VALUES), _LOOK, subject="secrets", named=False))
    if not seen:
        return ImageSecrets((), tuple(gaps), said)
    rules = looker.ignores.team.by_id

    def is_there(told: Told, layer: Layer | None) -> bool:
        return told.path.startswith(f"{CONFIG}/") or (
            layer is not None and (layer.place, told.file.encode()) in present
        )

    made = []
    for sights in seen.values():
        known = [(told, layer) for told, layer in sights if told.rule in rules]
        if known:
            made.append(_finding(known, rules, is_there, there, said, image))
    gaps += (*looker.ignores.gaps, *looker.salting.gaps)
    return ImageSecrets(tuple(sorted(made, key=lambda f: (f.location, f.rule))), tuple(dict.fromkeys(gaps)), said)


def _finding(
    sights: Sequence[tuple[Told, Layer | None]],
    rules: "Mapping[str, Rule]",
    is_there: Callable[[Told, Layer | None], bool],
    there: set[str],
    said: Said,
    image: Image,
) -> Finding:
    """The finding of one value: told where it still is, if it is anywhere."""
    from fourc.app.told import most_telling  # noqa: PLC0415 - most images hold none
    from fourc.secrets.finding import finding_told  # noqa: PLC0415 - the same

    rule = most_telling({told.rule: rules[told.rule] for told, _ in sights}.values())
    mine = sorted(sights, key=lambda pair: (not is_there(*pair), pair[0].path, pair[0].span, pair[0].rule != rule.id))
    first, layer = mine[0]
    fingerprint = next(told.fingerprint for told, _ in sights if told.rule == rule.id)
    places = list(dict.fromkeys(Location(told.path, *told.span) for told, _ in mine))
    once = list({(place.path, place.line): place for place in reversed(places)}.values())[::-1]
    found = finding_told(rule, first.shown, once, fingerprint, _fix(rule, image.name), layer=Where.CONTAINER)
    gone = not is_there(first, layer)
    message = found.message
    if gone:
        message = (_REPLACED if first.file in there else _GONE).of(message=message)
    brought = None if layer is None else InLayer(layer.diff_id, _step(said, layer, image), gone)
    return replace(found, message=message, subject=Ref("Image", None, image.name), image=image.name, brought=brought)


def _fix(rule: "Rule", name: str) -> Remedy | NoFix:
    from fourc.fix.recipes import remedy  # noqa: PLC0415 - most images hold none
    from fourc.secrets.providers import advice_for  # noqa: PLC0415 - the same

    if rule.severity <= Severity.LOW:
        return NoFix(advice_for(rule, _PULLED).text)
    made = remedy("replace-secret", Ref("Image", None, name), caution=_REBUILD, title=_TITLE.of(image=same(name)))
    return ByHand(advice_for(rule, _PULLED).text, made.kind, remedy=made)


def _layer_of(told: Told, image: Image) -> Layer | None:
    """The layer that a line of the history made."""
    if told.path != f"{CONFIG}/history":
        return None
    place = image.config.history[told.span[0] - 1].layer if told.span[0] <= len(image.config.history) else None
    return image.layers[place] if place is not None and place < len(image.layers) else None


def _step(said: Said, layer: Layer, image: Image) -> str:
    """The line of the build that made the layer, as far as it fits on a line."""
    for step, command in zip(image.config.history, said.history, strict=False):
        if step.layer == layer.place:
            plain = plain_step(command)
            return plain if len(plain) <= _STEP else plain[: _STEP - 3] + "..."
    return ""


def _said(image: Image, looker: Looker, cache: LayerCache | None) -> Said:
    """What the configuration says; kept by its digest, for nothing of it changes."""
    kind = f"config of {looker.kind}"
    said = None if cache is None else _kept(cache, kind, image.config_digest)
    if said is not None:
        return said
    said = _searched(image, looker)
    if cache is not None and image.config_digest:
        cache.put(kind, image.config_digest, msgspec.msgpack.encode(said))
    return said


def _kept(cache: LayerCache, kind: str, digest: str) -> Said | None:
    data = cache.get(kind, digest) if digest else None
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=Said)
    except (msgspec.MsgspecError, ValueError):
        return None  # a broken entry is searched again, and written anew


def _searched(image: Image, looker: Looker) -> Said:
    config = image.config
    lines = {
        "environment": config.environment,
        "labels": tuple(f"{key}={value}" for key, value in config.labels),
        "command": (*config.entrypoint, *config.command),
        "history": tuple(step.command for step in config.history),
    }
    texts = [
        (f"{CONFIG}/{_TEXTS[what]}", "\n".join(map(_line, said)).encode("utf-8", "replace"))
        for what, said in lines.items()
        if said
    ]
    names = {f"{CONFIG}/{searched}": f"{CONFIG}/{what}" for what, searched in _TEXTS.items()}
    found = looker.look(texts) if texts else None
    told = looker.told(found) if found is not None else []
    hidden = sorted(looker.values.items(), key=lambda pair: -len(pair[0]))

    def without(texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            shown = text
            for value, instead in hidden:
                shown = shown.replace(value, instead)
            yield shown

    return Said(
        tuple(replace(one, path=names.get(one.path, one.path), file="") for one in told),
        tuple(without(lines["history"])),
        tuple(without(config.entrypoint)),
        tuple(without(config.command)),
    )


def _line(text: str) -> str:
    return " ".join(text.splitlines())
