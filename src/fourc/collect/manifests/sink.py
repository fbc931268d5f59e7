"""Objects become facts, and what the API would refuse in them becomes gaps."""

from collections.abc import Mapping
from contextlib import suppress

from fourc.collect.gaps import file_gap
from fourc.collect.limits import Limits
from fourc.collect.locate import span
from fourc.collect.manifests.objects import Decoded, decode_object
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location, Origin
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import RawDocument, YamlError, compose

_REFUSED = Text(
    "correct it: the API server takes the object only with the right type here",
    "请修正：API 服务器只接受类型正确的字段",
)
_MORE = Text(
    "and {count} more fields of this document that the cluster refuses", "此文档还有 {count} 个字段会被集群拒绝"
)


class Sink:
    """Where objects become facts, and their problems gaps."""

    def __init__(self, limits: Limits) -> None:
        self.decoded = Decoded()
        self.gaps: list[Gap] = []
        self._limits = limits

    def add(self, value: Mapping[str, Json], origin: Origin) -> None:
        """Decode one object."""
        decode_object(value, origin, self.decoded)

    def tell_problems(self, raw: RawDocument | None) -> None:
        """Make gaps of the problems since the last call, placed in their document where there is one."""
        problems, self.decoded.problems = self.decoded.problems, []
        if not problems:
            return
        tree = None
        if raw is not None:
            with suppress(YamlError):  # it was read, so it can be composed; if not, the object's line must do
                tree = compose(raw, self._limits.document)
        for origin, problem in problems[: self._limits.problems]:
            place = Location(origin.path, origin.line, 1, origin.line, 1)
            if tree is not None and raw is not None:
                start, end = span(tree, (*origin.item, *problem.path))
                place = Location(origin.path, *raw.position(start - raw.offset), *raw.position(end - raw.offset))
            self.gaps.append(Gap(GapReason.MALFORMED, problem.message, _REFUSED, place))
        left = len(problems) - self._limits.problems
        if left > 0:
            origin = problems[self._limits.problems][0]
            gap = file_gap(GapReason.MALFORMED, origin.path, _MORE.of(count=left), _REFUSED, line=origin.line)
            self.gaps.append(gap)
