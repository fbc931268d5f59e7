"""An image, and the one walk over its layers that serves everybody who wants something of it."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from fourc.collect.image.blob import BY_DIGEST
from fourc.collect.image.config import ImageConfig, config_of
from fourc.collect.image.entries import Allowance
from fourc.collect.image.errors import ImageError
from fourc.collect.image.layer import LayerFacts, Links, read_layer, read_linked, stored_digest
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.limits import LIMITS, Limits
from fourc.collect.image.merge import Layered, ManyStepsError, resolved
from fourc.collect.image.skeleton import Gathered, Kept, Skeleton, shown
from fourc.collect.image.source import Found
from fourc.collect.image.tar import cleaned
from fourc.collect.image.wishes import Interest, Layer, Wishes
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_FORMAT = "1"  # of what is cached; rises with what `Skeleton` and `Kept` mean
_SKELETON = f"skeleton {_FORMAT}"
_PROOF = f"proof {_FORMAT}"
_AT_A_TIME = 2
_BIG = 32 << 20
_SYSTEM_FILES = frozenset(
    {"etc/os-release", "usr/lib/os-release", "etc/passwd", "etc/alpine-release", "etc/debian_version"}
)
_SYSTEM = Interest(
    "system 1",
    lambda path, size, _: path in _SYSTEM_FILES and size < 1 << 20,
)
_LAYER_TYPES = (
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
)
_PACKINGS = ("", "+gzip", "+zstd", ".gzip", ".zstd")
_FOREIGN = ("nondistributable", "foreign")
_UNKNOWN = Text("layer {n} is of a kind that cannot be read here: {kind}", "第 {n} 层的类型无法读取：{kind}")
_ELSEWHERE = Text(
    "layer {n} is not in the image, it must be fetched from elsewhere", "第 {n} 层不在镜像中，需从别处获取"
)
_CONVERT = Text("convert the image to plain OCI layers", "请将镜像转换为普通 OCI 层")
_LARGE = Text("a file of layer {n} is larger than is read", "第 {n} 层中的一个文件超出可读取的大小")
_PATH = Text("a path of layer {n} is longer than is read", "第 {n} 层中的一个路径超出可读取的长度")
_TANGLED = Text("the image has more links and whiteouts than are followed", "镜像中的链接和删除标记过多，无法全部跟踪")
_LOOK = Text("look at it by hand", "请手动检查")


class ImageFile(Struct, frozen=True):
    """A wanted file as a container sees it, what its interest made of it, and the layer that brought it."""

    path: str
    facts: bytes
    layer: Layer
    mode: int
    uid: int
    gid: int
    size: int


class PrivilegedFile(Struct, frozen=True):
    """A file that runs with its owner's (setuid) or group's (setgid) rights."""

    path: str
    mode: int
    uid: int
    gid: int
    layer: Layer


class Contents(Struct, frozen=True):
    """What one walk gave.

    `files` by the kind of their interest, sorted by path; `found` by the kind of the search, for each layer that was read;
    `os_release` is empty where the image has none. `read_layers` are the layers that had to be unpacked, the others came
    from the cache.
    """

    files: dict[str, tuple[ImageFile, ...]]
    found: dict[str, tuple[tuple[Layer, bytes], ...]]
    privileged: tuple[PrivilegedFile, ...]
    os_release: bytes
    passwd: bytes
    gaps: tuple[Gap, ...]
    read_layers: tuple[Layer, ...]


class Image:
    """An image whose documents were read; its layers are read by `walk`."""

    def __init__(self, name: str, found: Found, limits: Limits = LIMITS) -> None:
        ids = found.configuration.rootfs.diff_ids or []
        self.name = name
        self.manifest_digest = found.manifest
        self.config_digest = found.config
        self.names = found.names
        self.annotations = found.annotations
        self.config: ImageConfig = config_of(found.configuration, len(found.layers))
        self.layers = tuple(
            Layer(place, blob.digest, diff_id)
            for place, (blob, diff_id) in enumerate(zip(found.layers, ids, strict=True))
        )
        self._blobs = found.layers
        self._limits = limits

    @property
    def diff_ids(self) -> tuple[str, ...]:
        """The digests of the unpacked layers, lowest first."""
        return tuple(layer.diff_id for layer in self.layers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The bytes of the layers as they are stored, lowest first."""
        return tuple(blob.size for blob in self._blobs)

    def files(self, wanted: Callable[[str, int, bytes], bool]) -> tuple[ImageFile, ...]:
        """The wanted files of the final file system, whole; nothing is cached."""
        return self.walk(Wishes((Interest("files", wanted),))).files["files"]

    def walk(
        self,
        wishes: Wishes,
        cache: LayerCache | None = None,
        progress: Callable[[Layer, int], None] = lambda *_: None,
    ) -> Contents:
        """All that is wanted, in one pass over the layers that the cache does not know.

        `progress` hears of each layer before it is read, with its stored size.

        Raises:
            ImageError: a layer is broken, too large, or not what its digests promise.
        """
        wishes = Wishes((*wishes.interests, _SYSTEM), wishes.searches)
        gaps: list[Gap] = []
        readable = [layer for layer in self.layers if self._is_readable(layer, gaps)]
        facts: dict[int, LayerFacts] = {}
        if cache is not None:
            for layer in readable:
                known = self._known(layer, wishes, cache)
                if known is not None:
                    facts[layer.place] = known
        unknown = [layer for layer in readable if layer.place not in facts]
        for layer, read in self._read(unknown, wishes, gaps, progress):
            facts[layer.place] = read
            if cache is not None:
                self._keep(layer, read, cache)
        if cache is not None:
            cache.tidy()
        return self._joined([layer for layer in readable if layer.place in facts], facts, wishes, gaps, unknown)

    def _is_readable(self, layer: Layer, gaps: list[Gap]) -> bool:
        kind = self._blobs[layer.place].media_type
        if not kind or any(kind == known + packing for known in _LAYER_TYPES for packing in _PACKINGS):
            return True
        gaps.append(self._gap(GapReason.UNSUPPORTED, _UNKNOWN.of(n=layer.place + 1, kind=kind[:100]), _CONVERT))
        return False

    def _gap(self, reason: GapReason, message: Text, remedy: Text) -> Gap:
        return Gap(reason, message, remedy, None, self.name)

    def _read(
        self, layers: list[Layer], wishes: Wishes, gaps: list[Gap], progress: Callable[[Layer, int], None]
    ) -> Iterator[tuple[Layer, LayerFacts]]:
        """Read the layers, two at a time; the first error ends it."""
        if not layers:
            return
        packed = sum(self._blobs[layer.place].size for layer in layers)
        allowance = Allowance(packed, self._limits)
        ended = False

        def one(layer: Layer) -> LayerFacts | Gap:
            blob = self._blobs[layer.place]
            progress(layer, blob.size)
            apart = blob.size > _BIG and 2 * blob.size > packed
            try:
                return read_layer(layer, blob, wishes, allowance, apart=apart, stopped=lambda: ended)
            except ImageError as error:
                if error.reason is GapReason.MISSING and any(word in blob.media_type for word in _FOREIGN):
                    return self._gap(GapReason.MISSING, _ELSEWHERE.of(n=layer.place + 1), _CONVERT)
                raise

        order = sorted(layers, key=lambda layer: (-self._blobs[layer.place].size, layer.place))
        if len(order) == 1:
            results = iter([(order[0], one(order[0]))])
        else:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - one layer needs no thread

            with ThreadPoolExecutor(_AT_A_TIME) as pool:
                futures = [(layer, pool.submit(one, layer)) for layer in order]
                try:
                    results = iter([(layer, future.result()) for layer, future in futures])
                finally:  # nothing to end where all went well
                    ended = True
                    for _, future in futures:
                        future.cancel()
        for layer, result in results:
            if isinstance(result, Gap):
                gaps.append(result)
            else:
                yield layer, result

    def _known(self, layer: Layer, wishes: Wishes, cache: LayerCache) -> LayerFacts | None:
        """What the cache has of the layer, if it has all, and the stored bytes are known to be this layer."""
        known = self._cached(layer, wishes, cache)
        return known if known is not None and self._is_proven(layer, cache) else None

    def _is_proven(self, layer: Layer, cache: LayerCache) -> bool:
        """Whether these stored bytes were unpacked and checked before: told by their stamp, else by hashing them."""
        blob, promised = self._blobs[layer.place], layer.diff_id.encode()
        if blob.stamp and cache.get(_PROOF, f"{blob.stamp} {blob.digest}") == promised:
            return True
        if blob.digest and cache.get(_PROOF, blob.digest) != promised:
            return False
        digest = blob.digest or layer.diff_id
        if blob.stamp != BY_DIGEST and stored_digest(blob, digest) != digest:
            return False  # read it whole: that says what is wrong, or it is packed
        self._prove(layer, cache)
        return True

    def _prove(self, layer: Layer, cache: LayerCache) -> None:
        """Remember that the stored bytes are this layer."""
        blob, promised = self._blobs[layer.place], layer.diff_id.encode()
        if blob.digest:
            cache.put(_PROOF, blob.digest, promised)
        if blob.stamp:
            cache.put(_PROOF, f"{blob.stamp} {blob.digest}", promised)

    def _cached(self, layer: Layer, wishes: Wishes, cache: LayerCache) -> LayerFacts | None:
        try:
            data = cache.get(_SKELETON, layer.diff_id)
            if data is None:
                return None
            skeleton = msgspec.msgpack.decode(data, type=Skeleton)
            gathered: dict[str, Gathered] = {}
            for interest in wishes.interests:
                data = cache.get(f"interest {_FORMAT} {interest.kind}", layer.diff_id)
                if data is None:
                    return None
                gathered[interest.kind] = msgspec.msgpack.decode(data, type=Gathered)
        except (msgspec.MsgspecError, ValueError):
            return None
        found: dict[str, bytes] = {}
        for search in wishes.searches:
            data = cache.get(f"search {_FORMAT} {search.kind}", layer.diff_id)
            if data is None:
                return None
            found[search.kind] = data
        return LayerFacts(skeleton, gathered, found)

    def _keep(self, layer: Layer, facts: LayerFacts, cache: LayerCache) -> None:
        encode = msgspec.msgpack.encode
        cache.put(_SKELETON, layer.diff_id, encode(facts.skeleton))
        for kind, gathered in facts.gathered.items():
            cache.put(f"interest {_FORMAT} {kind}", layer.diff_id, encode(gathered))
        for kind, data in facts.found.items():
            cache.put(f"search {_FORMAT} {kind}", layer.diff_id, data)
        self._prove(layer, cache)

    def _joined(
        self, layers: list[Layer], facts: dict[int, LayerFacts], wishes: Wishes, gaps: list[Gap], unknown: list[Layer]
    ) -> Contents:
        read = [facts[layer.place] for layer in layers]
        layered = self._layered(read)
        linked = self._linked(layers, layered, read, wishes)
        files: dict[str, tuple[ImageFile, ...]] = {}
        for interest in wishes.interests:
            files[interest.kind] = tuple(
                ImageFile(
                    shown(placed.path),
                    placed.kept.facts,
                    layers[placed.place],
                    placed.kept.mode,
                    placed.kept.uid,
                    placed.kept.gid,
                    placed.kept.size,
                )
                for placed in layered.seen(
                    [
                        (*one.gathered[interest.kind].kept, *linked.get((interest.kind, place), ()))
                        for place, one in enumerate(read)
                    ]
                )
            )
        system = {file.path: file.facts for file in files.pop(_SYSTEM.kind)}

        def named(path: bytes) -> bytes:
            target = resolved(cleaned(path), layered.links)
            return b"" if target is None else system.get(shown(target), b"")

        for layer, one in zip(layers, read, strict=True):
            for unread in one.skeleton.unread:
                message = (_LARGE if unread.why == "file" else _PATH).of(n=layer.place + 1)
                gaps.append(Gap(GapReason.TOO_LARGE, message, _LOOK, None, f"{self.name}:/{unread.path}"))
        return Contents(
            files,
            {
                search.kind: tuple((layer, one.found[search.kind]) for layer, one in zip(layers, read, strict=True))
                for search in wishes.searches
            },
            tuple(
                PrivilegedFile(shown(file.path), file.mode, file.uid, file.gid, layers[place])
                for place, file in layered.privileged()
            ),
            named(b"etc/os-release") or named(b"usr/lib/os-release"),
            named(b"etc/passwd"),
            tuple(gaps),
            tuple(unknown),
        )

    def _layered(self, read: list[LayerFacts]) -> Layered:
        candidates = [
            {
                *(kept.path for gathered in one.gathered.values() for kept in gathered.kept),
                *(path for gathered in one.gathered.values() for path, _ in gathered.loose),
                *(file.path for file in one.skeleton.privileged),
            }
            for one in read
        ]
        try:
            return Layered([one.skeleton for one in read], candidates, self._limits.steps)
        except ManyStepsError as error:
            raise ImageError(_TANGLED, _LOOK, GapReason.TOO_LARGE) from error

    def _linked(
        self, layers: list[Layer], layered: Layered, read: list[LayerFacts], wishes: Wishes
    ) -> dict[tuple[str, int], list[Kept]]:
        """Wanted hard links to files of lower layers, by interest and layer; such a lower layer is read once more.

        Tools that build layers nearly never write one: to link to a file of a lower layer copies it up.
        """
        asked: dict[int, Links] = {}
        above: dict[tuple[int, str, bytes], int] = {}
        for interest in wishes.interests:
            for place, one in enumerate(read):
                for path, target in one.gathered[interest.kind].loose:
                    below = layered.lower(place, target)
                    if below is not None:
                        asked.setdefault(below, {}).setdefault(target, []).append((interest, path))
                        above[below, interest.kind, path] = place
        found: dict[tuple[str, int], list[Kept]] = {}
        allowance = Allowance(sum(self._blobs[layers[place].place].size for place in asked), self._limits)
        for below, links in sorted(asked.items()):
            layer = layers[below]
            for (kind, path), kept in read_linked(layer, self._blobs[layer.place], links, allowance).items():
                found.setdefault((kind, above[below, kind, path]), []).append(kept)
        return found
