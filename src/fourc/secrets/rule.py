"""What a rule is: one kind of secret of one provider, as its documentation describes it."""

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from fourc.model.finding import Confidence, Severity
from fourc.model.text import Text, same


class Kind(Enum):
    """What sort of thing the secret is; together with the provider's name that is the rule's title."""

    ACCESS_TOKEN = Text("access token", "访问令牌")
    API_KEY = Text("API key", "API 密钥")
    CLIENT_ID = Text("client ID", "客户端 ID")
    CLIENT_SECRET = Text("client secret", "客户端密钥")
    CREDENTIAL = Text("credential", "凭据")
    DEFAULT_KEY = Text("publicly known default key", "公开的默认密钥")
    ENCRYPTION_KEY = Text("encryption key", "加密密钥")
    IDENTIFIER = Text("identifier, no secret by itself", "标识（本身不是密钥）")
    PASSWORD = Text("password", "密码")
    PRIVATE_KEY = Text("private key", "私钥")
    REFRESH_TOKEN = Text("refresh token", "刷新令牌")
    SECRET = Text("secret", "机密")
    SESSION_TOKEN = Text("session token", "会话令牌")
    SIGNING_KEY = Text("signing key", "签名密钥")
    URL = Text("URL with a secret in it", "含密钥的 URL")
    WEBHOOK = Text("webhook URL", "Webhook 地址")


class Token(Struct, frozen=True):
    """A secret that is known by its own look.

    `pattern` is in RE2's syntax over UTF-8 text; its group `secret`, else the first group that holds something, else all of
    it is the secret. One of the `keywords` (lower case) stands in every match; letters of any case count, so they only say
    where it is worth looking; without any, everywhere is. An empty pattern is about a file that should not be there at all:
    the rule's `path` says which, and the path is the value.
    """

    pattern: str
    keywords: tuple[str, ...]


class Assigned(Struct, frozen=True):
    """A value without a look of its own, known by the name that it is given to: `ADOBE_CLIENT_ID = "…"`.

    One of the `words` (RE2 patterns, letters of any case) stands in the name on the left, `value` (RE2, matched whole) on the
    right, between them an operator of any common language or format (`=`, `:`, `=>`, `:=`, `,` in a call, a tag's `>` …).
    """

    words: tuple[str, ...]
    value: str


class Structure(Struct, frozen=True):
    """A secret that is known by its place in a file of a known `format`; `secrets/files` reads those."""

    format: str


Shape = Token | Assigned | Structure


class Rule(Struct, frozen=True):
    """One row of a table: everything that is to be known about one kind of secret.

    `id` is gitleaks' where it has the rule. `entropy` is the least Shannon entropy (bits a character) of the secret.
    `genuine` says whether a value can be one (a checksum, a structure); `path` (RE2) limits the rule to such paths.
    `generic` rules give way where a specific one found the same value. `references` are `catalogue:id` strings.

    A `team`'s own rule (of a `.gitleaks.toml`) is filtered by what its file says alone; its `description` is its title.
    """

    id: str
    provider: str
    kind: Kind
    shape: Shape
    entropy: float = 0.0
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    generic: bool = False
    genuine: Callable[[str], bool] | None = None
    path: str | None = None
    references: tuple[str, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    team: bool = False

    @property
    def title(self) -> Text:
        """What was found, without its value: `GitHub access token`."""
        if self.description:
            return same(self.description)
        name = self.provider
        return Text(f"{name} {self.kind.value.en}".strip(), f"{name} {self.kind.value.zh}".strip())
