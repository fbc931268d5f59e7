"""Which names are given to secrets, and which only speak of them (`token_url`, `password_min_length`)."""

from functools import lru_cache

from fourc.secrets.late import late


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


IN_NAMES = "pass|pwd|psw|secret|token|key|cred|salt|psk|auth|webhook|dsn"
"""One of these is in every name in Latin letters that is given to secrets."""
_MAYBE = late(f"(?i){IN_NAMES}|密|口令|令牌")
_WORD = late(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[\u4e00-\u9fff]+")

_SECRET = _words(
    """
    pass password passwords passwd passphrase passcode passwort pwd psw psk pw secret token tokens apikey authkey
    secretkey accesskey privatekey encryptionkey credential credentials salt webhook authtok sharedkey masterkey 密码
    口令 密钥 令牌 私钥
    """
)
# `mysqlpassword`, `clientsecret`, `requirepass`: words that people write as one.
_SECRET_END = (
    *("password", "passwd", "passphrase", "secret", "token", "apikey", "requirepass", "masterauth", "secretkey"),
    *(
        "userpwd",
        "dbpwd",
        "dbpass",
        "smtppass",
        "ftppass",
        "mailpass",
        "userpass",
        "adminpass",
        "rootpass",
        "密码",
        "口令",
        "密钥",
        "令牌",
    ),
)
# What a key is of, when it is a secret one: `signing_key`, but not `primary_key`, `sort_key` or `cache_key`.
_KEY_OF = _words(
    """
    api mch access secret private encryption encrypt signing sign signature session master shared auth account storage
    license licence app client crypto crypt cipher aes des rsa jwt hmac admin consumer deploy security service
    subscription app application cookie auth logged nonce root function host instrumentation ssl tls ssh pgp gpg
    license vault server integration write read
    """
)
# The last word says what the value is; after these it is about a secret.
_ABOUT = _words(
    """
    file files filename path dir directory folder url uri urls uris endpoint host hostname port name names id ids
    type types kind expire expires expiry expiration expired ttl timeout lifetime duration validity length len size
    min max minimum maximum count enabled enable disabled disable required require policy field fields column header
    headers prefix suffix format alg algorithm algorithms method methods ref reference selector version class
    validator validators encoder provider hasher hashers generator reset label hint prompt message public issuer
    audience age day days hour hours minute minutes second seconds ms interval rotation rotate strategy mode scope
    scopes table limit limits attempts store location command manager service account encoding regex pattern
    placeholder text title description env var variable param parameter exists optional check checks usage uses use
    update iterations rounds charset chars realm mount volume status state level role roles user username email
    serializer backend backends cookie
    """
)
# `passwordKey` says under which key a password is found.
_NAMED_BY_KEY = frozenset({"password", "pass", "passwd", "passphrase", "token", "username"})
# `tlsSecret` names a Secret of the cluster.
_NAMED_BY_SECRET = frozenset(
    {"tls", "pull", "ca", "cert", "certificate", "image", "ssl", "existing", "external", "kubernetes"}
)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what is given to this name is a secret, as far as a name can tell."""
    if len(name) > 200 or not _MAYBE.search(name):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or words[-1] in _ABOUT or "public" in words or words[0] == "existing":
        return False
    if words[-1] == "secret" and len(words) > 1 and words[-2] in _NAMED_BY_SECRET:
        return False
    if words[-1] == "key" and len(words) > 1 and words[-2] in _NAMED_BY_KEY:
        return False
    return any(
        word in _SECRET or word.endswith(_SECRET_END) or (word in {"key", "keys"} and before in _KEY_OF)
        for before, word in zip(["", *words], words, strict=False)
    )
