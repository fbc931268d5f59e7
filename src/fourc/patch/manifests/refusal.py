"""Why a version is not changed."""

from fourc.errors import FourcError
from fourc.text import Text

_HINT = Text("change this version by hand where it is written", "请在写有该版本的地方手工修改")


class VersionRefused(FourcError):  # noqa: N818 - the word that DESIGN and the reports use for it
    """The version cannot be changed here; the message says why.

    `reason` is a fixed word: `absent` (the package does not stand here in that version), `elsewhere` (its version is
    written in another file), `range` (what is written is no single version), `hashes` (digests beside it would have to be
    fetched), `replaced` (something else decides the version), `malformed`, `unsupported` (no editor for the form).
    `holder` is the property that holds the version, where another file may say it; `command` does what the edit cannot.
    """

    def __init__(self, reason: str, message: Text, *, hint: Text = _HINT, holder: str = "", command: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.holder = holder
        self.command = command


def malformed(what: str) -> VersionRefused:
    """The file is not what its name says."""
    return VersionRefused(
        "malformed",
        Text("this is not readable as {what}", "无法按 {what} 读取该文件").of(what=what),
        hint=Text("mend the file and scan again", "请修好文件后重新扫描"),
    )


def elsewhere(name: str, where: str, holder: str = "") -> VersionRefused:
    """The version is given by something (`where`) that this file only names; `holder` if that is a property."""
    return VersionRefused(
        "elsewhere",
        Text(
            "the version of {name} is not written here but comes from {where}",
            "{name} 的版本没有写在这里，而是来自 {where}",
        ).of(name=name, where=where),
        holder=holder,
    )
