"""Why an image cannot be read."""

from fourc.errors import FourcError
from fourc.model.gap import GapReason
from fourc.model.text import Text

SAVE_AGAIN = Text(
    "save or pull the image again, for example with `skopeo copy docker://IMAGE oci-archive:image.tar`",
    "请重新保存或拉取镜像，例如 `skopeo copy docker://IMAGE oci-archive:image.tar`",
)


class ImageError(FourcError):
    """The image cannot be read; `reason` is the word for it in a gap, where it is not what the whole run is about."""

    def __init__(self, message: Text, hint: Text = SAVE_AGAIN, reason: GapReason = GapReason.MALFORMED) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.remedy = hint


class DigestError(ImageError):
    """What was read is not what its digest promises, so nothing of it counts."""


_WRONG = Text("wrong digest: {what} is {got}, not {promised}", "摘要不符：{what} 实际为 {got}，而非 {promised}")


def wrong_digest(what: str, promised: str, got: str) -> DigestError:
    """The error for bytes that have another digest than was promised."""
    return DigestError(_WRONG.of(what=what, promised=promised, got=got))
