"""The two ways in which a file cannot be read: it is not what its name says, or it is more than any real one."""

from fourc.collect.packages.form import PackagesError
from fourc.model.gap import GapReason
from fourc.text import Text

_MALFORMED = Text("{path} cannot be read: {why}", "无法读取 {path}：{why}")
_AGAIN = Text(
    "let the tool that writes the file write it again, or exclude it", "请用生成该文件的工具重新生成，或将其排除"
)
_TOO_LARGE = Text("{path} is too large to be read: {why}", "{path} 过大，无法读取：{why}")
_LEAVE = Text("check whether it is a real one; if not, exclude it", "请确认它是否为真实文件；如果不是，请将其排除")
_NESTED = Text("it is nested too deeply", "嵌套过深")


def malformed(path: str, why: Text) -> PackagesError:
    """The error of a file that is not what its name says."""
    return PackagesError(_MALFORMED.of(path=path, why=why), hint=_AGAIN)


def too_large(path: str, why: Text) -> PackagesError:
    """The error of a file that meets one of the limits."""
    return PackagesError(_TOO_LARGE.of(path=path, why=why), hint=_LEAVE, reason=GapReason.TOO_LARGE)


def nested(path: str) -> PackagesError:
    """The error of a file whose values are within each other more deeply than those of any real one."""
    return too_large(path, _NESTED)
