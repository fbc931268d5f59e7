"""Why an edit is not made."""

from fourc.errors import FourcError
from fourc.text import Text

from .node import Path

_HINT = Text(
    "make this change by hand, or write the value out where it stands and run again",
    "请手工修改，或把值直接写在该处后重新运行",
)


class EditRefused(FourcError):  # noqa: N818 - the word that DESIGN and the reports use for it
    """The operations cannot be made on this document; the message says exactly why, by path or by line."""

    def __init__(self, message: Text, *, hint: Text = _HINT) -> None:
        super().__init__(message, hint=hint)


def shown(path: Path) -> str:
    """The path as people write it: `spec.containers[0].image`."""
    text = ""
    for element in path:
        text += f"[{element}]" if isinstance(element, int) else f".{element}"
    return text.removeprefix(".") or "the document"
