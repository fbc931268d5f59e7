"""Kubernetes versions."""

from msgspec import Struct

from fourc.errors import UsageError
from fourc.model.text import Text

NEWEST_MINOR = 37
_NO_VERSION = Text("not a Kubernetes version: {text}", "不是 Kubernetes 版本：{text}")
_WRITE_VERSION = Text("write it as 1.31, v1.31 or latest", "请写成 1.31、v1.31 或 latest")


class KubeVersion(Struct, frozen=True, order=True):
    """The minor of a 1.x release; patch levels never matter to a rule."""

    minor: int

    @classmethod
    def parse(cls, text: str) -> "KubeVersion":
        """`1.25`, `v1.25`, `1.25.3-aliyun.1` or `latest`; newer than known is judged as the newest."""
        if text == "latest":
            return cls(NEWEST_MINOR)
        head, _, rest = text.removeprefix("v").partition(".")
        minor = rest.partition(".")[0].rstrip("+")
        if head != "1" or not minor.isdecimal():
            raise UsageError(_NO_VERSION.of(text=text), hint=_WRITE_VERSION)
        return cls(min(int(minor), NEWEST_MINOR))

    def __str__(self) -> str:
        """`1.25`."""
        return f"1.{self.minor}"


NEWEST = KubeVersion(NEWEST_MINOR)
