"""A file in a registry: an artifact with types of our own, its layers named as the files they are.

Source: https://github.com/opencontainers/image-spec/blob/main/manifest.md (guidelines for artifact usage); the title of a
layer is what `oras push` writes (https://oras.land/docs/how_to_guides/pushing_and_pulling).
"""

import hashlib
import http.client
import re
from collections.abc import Callable
from pathlib import Path

from fourc.collect.fetch import Tag, read_tag, tag_file, write_tag
from fourc.collect.image.blob import is_digest
from fourc.collect.image.documents import Descriptor, document
from fourc.collect.image.download import NotThereError
from fourc.collect.image.errors import ImageError
from fourc.collect.image.limits import LIMITS
from fourc.collect.image.registry import Registry
from fourc.collect.receiving import MOST_BYTES, PATIENCE, AbsentError, FetchError, Patience, StoppedError, receive
from fourc.model.image_reference import ImageReference
from fourc.model.text import Text, same

DATABASE = "application/vnd.fourc.vulnerabilities.v1+sqlite"
"""The type of the layer that is the database; every other one may be a delta."""
_TITLE = "org.opencontainers.image.title"
_ATTEMPTS = 3  # without a byte more than before
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
_CHUNK = 1 << 20

_ABSENT = Text("there is no artifact {name}", "没有制品 {name}")
_SPELL = Text(
    "check its name and tag, and whether you are logged in (`docker login`)",
    "请检查名称和标签，以及是否已登录（`docker login`）",
)
_FOREIGN = Text(
    "{name} holds no database: no layer is of the type {type}", "{name} 不包含数据库：没有类型为 {type} 的层"
)
_PUSH = Text("push it so: oras push {name} FILE:{type}", "请这样推送：oras push {name} 文件:{type}")
_BROKE = Text("{name} cannot be fetched: {why}", "无法获取 {name}：{why}")
_AGAIN = Text(
    "run it again: it goes on where it ended; or name a mirror or a file",
    "请重新运行：会从中断处继续；也可以指定镜像源或文件",
)
_WRONG = Text("wrong digest", "摘要不符")


class Artifact:
    """One artifact with a database."""

    def __init__(self, reference: ImageReference) -> None:
        """Read its manifest.

        Raises:
            FetchError: it is not there, may not be read, or is something else.
        """
        self._name = str(reference)
        self._registry = Registry(reference, LIMITS)
        try:
            data, said = self._registry.manifest(reference.version)
            wanted = reference.digest or said
            if reference.digest and f"sha256:{hashlib.sha256(data).hexdigest()}" != wanted:
                raise FetchError(_BROKE.of(name=self._name, why=_WRONG), hint=_AGAIN)
            found = document(data, self._name)
        except NotThereError as error:
            raise AbsentError(_ABSENT.of(name=self._name), hint=_SPELL) from error
        except ImageError as error:
            raise FetchError(error.message, hint=error.hint) from error
        self._layers = found.layers or []
        for layer in self._layers:
            if layer.media_type == DATABASE and is_digest(layer.digest):
                self.database = layer
                return
        raise FetchError(_FOREIGN.of(name=self._name, type=DATABASE), hint=_PUSH.of(name=self._name, type=DATABASE))

    def delta(self, ending: str) -> Descriptor | None:
        """The layer whose file's name ends so, where it is smaller than the database."""
        for layer in self._layers:
            title = (layer.annotations or {}).get(_TITLE, "")
            if title.endswith(ending) and is_digest(layer.digest) and 0 < layer.size < self.database.size:
                return layer
        return None

    def fetch(
        self,
        layer: Descriptor,
        part: Path,
        *,
        patience: Patience = PATIENCE,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        """Fetch a layer; what breaks off stays in `part`, and the next call goes on from there.

        Raises:
            FetchError: it cannot be fetched, or is not what its digest promises.
        """
        if not 0 < layer.size <= MOST_BYTES:
            raise FetchError(_BROKE.of(name=self._name, why=f"{layer.size} bytes"), hint=_AGAIN)
        left, furthest = _ATTEMPTS, 0
        while True:
            try:
                self._attempt(layer, part, patience, lambda got: progress(got, layer.size))
                break
            except StoppedError as error:
                raise FetchError(_BROKE.of(name=self._name, why=error.why), hint=_AGAIN) from error
            except ImageError as error:
                raise FetchError(error.message, hint=error.hint) from error
            except (OSError, http.client.HTTPException) as error:
                if left == 1:
                    why = same(str(error) or type(error).__name__)
                    raise FetchError(_BROKE.of(name=self._name, why=why), hint=_AGAIN) from error
            size = part.stat().st_size if part.is_file() else 0
            left = _ATTEMPTS if size > furthest else left - 1
            furthest = max(size, furthest)
        tag_file(part).unlink(missing_ok=True)
        if digest_of(part, layer.digest.partition(":")[0]) != layer.digest:
            part.unlink()
            raise FetchError(_BROKE.of(name=self._name, why=_WRONG), hint=_AGAIN)

    def _attempt(self, layer: Descriptor, part: Path, patience: Patience, told: Callable[[int], None]) -> None:
        tag = Tag(self._name, etag=layer.digest)
        begun = read_tag(tag_file(part), self._name) == tag and part.is_file()
        have = part.stat().st_size if begun else 0
        have = have if have < layer.size else 0
        write_tag(tag_file(part), tag)
        with self._registry.stored(layer.digest, have) as answer:
            said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            goes_on = answer.status == http.client.PARTIAL_CONTENT and said is not None and int(said[1]) == have
            got = receive(answer, part, have if goes_on else 0, layer.size, patience, told)
        if got < layer.size:
            raise http.client.IncompleteRead(b"", layer.size - got)


def digest_of(file: Path, kind: str = "sha256") -> str:
    """The digest of a file's bytes, as registries write it."""
    with file.open("rb") as stream:
        return f"{kind}:{hashlib.file_digest(stream, kind).hexdigest()}"
