"""Whether a secret still works, and the request that asks its provider."""

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from fourc.model.gap import GapReason


class Live(Enum):
    """What a provider says of a secret; the words of the report's contract."""

    LIVE = "live"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Question(Struct, frozen=True):
    """One HTTPS request that holds a secret and changes nothing."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def __repr__(self) -> str:
        """Without anything of the request: the secret may stand in any part of it."""
        return f"Question({self.method!r})"


class Answer(Struct, frozen=True):
    """What came back: the status and the beginning of the body. Where nothing did, `failed` says why and the status is 0."""

    status: int = 0
    body: bytes = b""
    failed: GapReason | None = None

    def __repr__(self) -> str:
        """Without the body: a provider may repeat the secret in it."""
        return f"Answer({self.status}, {self.failed})"
