"""The one error root: every error that a person can meet says what to do next, in every language."""

from fourc.text import Text


class FourcError(Exception):
    """Something a person can act on; `hint` is the sentence that says how. As a string it is its English message."""

    def __init__(self, message: Text, *, hint: Text | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint


class UsageError(FourcError):
    """The command line or the configuration cannot be understood (exit code 2)."""
