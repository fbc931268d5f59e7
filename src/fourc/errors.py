"""The one error root: every error that a person can meet says what to do next."""


class FourcError(Exception):
    """Something a person can act on; `hint` is the sentence that says how."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(FourcError):
    """The command line or the configuration cannot be understood (exit code 2)."""
