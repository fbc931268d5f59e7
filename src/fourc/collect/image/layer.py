"""Reads one layer: unpacks it, checks both of its digests and takes its entries, all in one pass."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from fourc.collect.image.blob import Blob, Readable, hash_for, is_digest
from fourc.collect.image.entries import Allowance, Entries, SpentError
from fourc.collect.image.errors import ImageError, wrong_digest
from fourc.collect.image.inflate import Hashing, PackedError, UnknownPackingError, unpacked
from fourc.collect.image.skeleton import Gathered, Kept, Skeleton, shown
from fourc.collect.image.tar import Entry, Take, TarError, TarReader, TooLargeError
from fourc.collect.image.wishes import Interest, Layer, Wishes
from fourc.model.gap import GapReason
from fourc.model.text import Text

_BROKEN = Text("layer {n} is broken: {why}", "第 {n} 层已损坏：{why}")
_LOST = Text("layer {n} could not be read: {why}", "无法读取第 {n} 层：{why}")
_MUCH = Text("the image has more {what} than are read", "镜像的{what}超出可读取的数量")
_WHAT = {
    "unpacked bytes": Text("unpacked bytes", "解压后字节"),
    "entries": Text("files", "文件"),
    "wanted files": Text("bytes that are kept", "需保留的字节"),
    "folders that are replaced": Text("folders that become files", "变为文件的目录"),
}
_HEADER = Text("bytes in a file's header", "文件头字节")
_PACKED = Text("layer {n} is packed with {kind}, which cannot be read here", "第 {n} 层以 {kind} 压缩，无法读取")
_REPACK = Text(
    "convert it, for example with `skopeo copy --dest-compress-format gzip`",
    "请转换，例如使用 `skopeo copy --dest-compress-format gzip`",
)
_TRUST = Text("an image of this size is no ordinary one; look where it comes from", "该镜像大小异常，请确认其来源")


class LayerFacts(Struct, frozen=True):
    """What a layer holds: its skeleton, what each interest keeps, and what each search found."""

    skeleton: Skeleton
    gathered: dict[str, Gathered]
    found: dict[str, bytes]


class Stopped(Exception):  # noqa: N818 - nothing is wrong with this layer
    """Another layer has ended the walk."""


def read_layer(
    layer: Layer,
    blob: Blob,
    wishes: Wishes,
    allowance: Allowance,
    *,
    apart: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> LayerFacts:
    """Everything that is wanted of the layer; `apart` hashes in a thread of its own.

    Raises:
        ImageError: it is broken, too large, or not what its digests promise.
    """
    listeners = tuple((search.kind, search.listener(layer)) for search in wishes.searches)
    entries = Entries(wishes.interests, tuple(listener for _, listener in listeners), allowance)
    size = _pass(layer, blob, entries.begin, allowance, apart=apart, stopped=stopped)
    linked = entries.linked()
    if linked:  # a link's bytes came by under a name that nobody wanted

        def again(entry: Entry, _: bytes) -> Take | None:
            links = linked.get(entry.path)
            return None if links is None or not _fits(entry, allowance) else partial(entries.fill, links, entry)

        _pass(layer, blob, again, allowance, apart=apart, stopped=stopped)
    found = {kind: listener.end() for kind, listener in listeners}
    try:
        allowance.keep(sum(map(len, found.values())))
        return LayerFacts(entries.skeleton(size), entries.gathered(), found)
    except SpentError as error:
        raise _spent(error) from error


Links = dict[bytes, list[tuple[Interest, bytes]]]


def read_linked(layer: Layer, blob: Blob, links: Links, allowance: Allowance) -> dict[tuple[str, bytes], Kept]:
    """The files of a layer to which hard links of a layer above lead, by the interest's kind and the link.

    Raises:
        ImageError: as `read_layer`.
    """
    found: dict[tuple[str, bytes], Kept] = {}

    def begin(entry: Entry, _: bytes) -> Take | None:
        return partial(take, entry) if entry.path in links and _fits(entry, allowance) else None

    def take(entry: Entry, data: bytes) -> None:
        for interest, path in links[entry.path]:
            facts = interest.facts(shown(path), data)
            allowance.keep(len(facts))
            found[interest.kind, path] = Kept(path, entry.mode & 0o7777, entry.uid, entry.gid, entry.size, facts)

    _pass(layer, blob, begin, allowance, apart=False, stopped=lambda: False)
    return found


def stored_digest(blob: Blob, like: str) -> str:
    """The digest of the stored bytes, of the same kind as another; empty where they cannot be read."""
    hashed = hash_for(like)
    try:
        stream = blob.open()
        try:
            while piece := stream.read(1 << 20):
                hashed.update(piece)
        finally:
            stream.close()
    except (OSError, ImageError):
        return ""
    return f"{like.partition(':')[0]}:{hashed.hexdigest()}"


def _fits(entry: Entry, allowance: Allowance) -> bool:
    return entry.size <= allowance.limits.file_bytes


def _pass(
    layer: Layer,
    blob: Blob,
    begin: Callable[[Entry, bytes], Take | None],
    allowance: Allowance,
    *,
    apart: bool,
    stopped: Callable[[], bool],
) -> int:
    """Read all bytes of the layer once; how many they are, unpacked."""
    number = layer.place + 1
    before, after = hash_for(layer.digest), hash_for(layer.diff_id)
    hashing = Hashing() if apart else None
    add = hashing.add if hashing is not None else (lambda which, piece: which.update(piece))
    reader = TarReader(begin, allowance.limits)
    size = 0
    broken = ""
    stream = blob.open()
    try:
        for piece in unpacked(stream, partial(add, before)):
            size += len(piece)
            allowance.unpack(len(piece))
            add(after, piece)
            broken = broken or _fed(reader, piece)
            if stopped():
                raise Stopped
        broken = broken or _ended(reader)
    except PackedError as error:
        broken = str(error)
        _drain(stream, partial(add, before), layer, number)
    except (SpentError, TooLargeError) as error:
        raise _spent(error) from error
    except UnknownPackingError as error:
        raise ImageError(_PACKED.of(n=number, kind=str(error)), _REPACK, GapReason.UNSUPPORTED) from error
    except OSError as error:
        raise _lost(number, error) from error
    finally:
        if hashing is not None:
            hashing.end()
        stream.close()
    _check(layer.digest, before.hexdigest(), number)
    if broken:
        raise ImageError(_BROKEN.of(n=number, why=broken))
    _check(layer.diff_id, after.hexdigest(), number)
    return size


def _fed(reader: TarReader, piece: bytes) -> str:
    """Read on; why the tar is broken, empty where it is not: a wrong digest says more, so all is read to know that."""
    try:
        reader.feed(piece)
    except TarError as error:
        return str(error)
    return ""


def _ended(reader: TarReader) -> str:
    try:
        reader.end()
    except TarError as error:
        return str(error)
    return ""


def _spent(error: SpentError | TooLargeError) -> ImageError:
    what = _WHAT[str(error)] if isinstance(error, SpentError) else _HEADER
    return ImageError(_MUCH.of(what=what), _TRUST, GapReason.TOO_LARGE)


def _drain(stream: Readable, seen: Callable[[bytes], None], layer: Layer, number: int) -> None:
    """Hash what is left of a layer that cannot be unpacked: whether it is the one that was promised."""
    try:
        while layer.digest and (piece := stream.read(1 << 18)):
            seen(piece)
    except OSError as error:
        raise _lost(number, error) from error


def _lost(number: int, error: OSError) -> ImageError:
    return ImageError(_LOST.of(n=number, why=str(error)), reason=GapReason.UNREADABLE)


def _check(promised: str, got: str, number: int) -> None:
    if not promised:
        return
    algorithm, _, value = promised.partition(":")
    if not is_digest(promised) or value != got:
        raise wrong_digest(f"layer {number}", promised, f"{algorithm}:{got}")
