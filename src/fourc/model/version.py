"""Kubernetes versions."""

from dataclasses import dataclass

from fourc.errors import UsageError

NEWEST_MINOR = 37


@dataclass(frozen=True, slots=True, order=True)
class KubeVersion:
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
            raise UsageError(f"not a Kubernetes version: {text}", hint="write it as 1.31, v1.31 or latest")
        return cls(min(int(minor), NEWEST_MINOR))

    def __str__(self) -> str:
        """`1.25`."""
        return f"1.{self.minor}"


NEWEST = KubeVersion(NEWEST_MINOR)
