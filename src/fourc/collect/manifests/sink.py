"""Objects become facts, and what the API would refuse in them becomes gaps."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB, Budget
from fourc.collect.locate import span
from fourc.collect.manifests.documents import Document, late_gap
from fourc.collect.manifests.objects import Decoded, decode_object, unpack
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location, Origin
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import RawDocument, YamlError, compose

_REFUSED = Text(
    "correct it: the API server takes the object only with the right type here",
    "请修正：API 服务器只接受类型正确的字段",
)
_MORE = Text("at least {count} more fields here that the cluster refuses", "这里至少还有 {count} 个字段会被集群拒绝")
_ENOUGH = Text("this file has more problems than are listed", "此文件的问题多于列出的数量")
_CORRECT = Text("correct the ones above first, then scan again", "请先修正上面列出的问题，然后重新扫描")
_MANY = Text(
    "more than {limit} objects or {size} MB of them; the rest was not looked at",
    "对象超过 {limit} 个或 {size} MB；其余的没有查看",
)
_NARROW = Text("scan its parts one after the other", "请分部分扫描")
_VOLATILE = frozenset({"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp"})


class Sink:
    """Where objects become facts, and their problems gaps, both within the run's limits.

    `once`: of several objects with the same content the first counts.
    """

    def __init__(self, budget: Budget, *, once: bool = False, keep: bool = False) -> None:
        self._once = once
        self._seen: set[bytes] = set()
        self.decoded = Decoded(keep=keep)
        self.gaps: list[Gap] = []
        self._budget = budget
        self._limits = budget.limits
        self._kept = 0
        self._told: Counter[str] = Counter()

    def tell(self, gap: Gap) -> None:
        """Keep a gap, unless its file has too many already."""
        path = gap.location.path if gap.location else ""
        self._told[path] += 1
        if self._told[path] <= self._limits.gaps:
            self.gaps.append(gap)
        elif self._told[path] == self._limits.gaps + 1:
            self.gaps.append(file_gap(gap.reason, path, _ENOUGH, _CORRECT))

    def take(self, document: Document, path: str) -> bool:
        """Decode the objects of a file's document; False where a limit ended it."""
        raw = document.raw
        goes_on = True
        before = len(self.decoded.facts)
        for value, origin in unpack(document.data, Origin(path, raw.index, raw.line)):
            goes_on = self._add(value, origin)
            if not goes_on:
                break
        self._tell_problems(raw)
        if len(self.decoded.facts) > before:
            self._kept += len(raw.text)
        return goes_on

    def take_rendered(self, decoded: Decoded) -> None:
        """Add objects that stand in no file."""
        self.decoded.extend(decoded)
        self._tell_problems(None)

    def _add(self, value: Mapping[str, Json], origin: Origin) -> bool:
        content = _content(value) if self._once else b""
        if content in self._seen:
            return True
        limits = self._limits
        if len(self.decoded.metas) >= limits.objects or self._kept > limits.object_chars:
            message = _MANY.of(limit=limits.objects, size=limits.object_chars // MIB)
            gap = file_gap(GapReason.TOO_LARGE, origin.path, message, _NARROW, line=origin.line)
        elif self._budget.late:
            gap = late_gap(origin.path, self._limits, origin.line)
        else:
            decode_object(value, origin, self.decoded)
            if self._once:
                self._seen.add(content)
            return True
        self.tell(gap)
        return False

    def _tell_problems(self, raw: RawDocument | None) -> None:
        """Make gaps of the problems since the last call, placed in their document where there is one."""
        problems, self.decoded.problems = self.decoded.problems, []
        if not problems:
            return
        tree = None
        if raw is not None and self._told[problems[0][0].path] < self._limits.gaps:
            with suppress(YamlError):  # it was read, so it can be composed; if not, the object's line must do
                tree = compose(raw, self._limits.document)
        for origin, problem in problems[: self._limits.problems]:
            place = Location(origin.path, origin.line, 1, origin.line, 1)
            if tree is not None and raw is not None:
                start, end = span(tree, (*origin.item, *problem.path))
                place = Location(origin.path, *raw.position(start - raw.offset), *raw.position(end - raw.offset))
            self.tell(Gap(GapReason.MALFORMED, problem.message, _REFUSED, place))
        left = len(problems) - self._limits.problems
        if left > 0:
            origin = problems[self._limits.problems][0]
            self.tell(file_gap(GapReason.MALFORMED, origin.path, _MORE.of(count=left), _REFUSED, line=origin.line))


def _content(value: Mapping[str, Json]) -> bytes:
    """A digest of what a person wrote: without status and what the cluster keeps in the metadata."""
    written = {key: child for key, child in value.items() if key != "status"}
    metadata = value.get("metadata")
    if isinstance(metadata, dict):
        written["metadata"] = {key: child for key, child in metadata.items() if key not in _VOLATILE}
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode("utf-8", "surrogatepass")).digest()
