"""Which values in manifests are credentials: by the name they carry, or by a shape that only credentials have.

A coarse form that prefers silence: references, placeholders, file names and switches are no credentials. Nothing here
returns a value, so that no report can show one.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# Patterns are compiled when they are first used, which in most runs is never: `re` keeps them.
# Shapes as their issuers document them; the word is what reports call it.
_SHAPES = (
    ("private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    ("AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("Alibaba Cloud access key", r"\bLTAI[0-9A-Za-z]{12,30}\b"),
    ("Tencent Cloud access key", r"\bAKID[0-9A-Za-z]{13,40}\b"),
    ("GitHub token", r"\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{50,})"),
    ("GitLab token", r"\bglpat-[0-9A-Za-z_-]{20,}"),
    ("Slack token", r"\bxox[abeprs]-[0-9A-Za-z-]{10,}"),
    ("Stripe key", r"\b[rs]k_live_[0-9A-Za-z]{16,}"),
    ("Google API key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("signed token", r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"),
)
# What every shape begins with: one search rules all of them out.
_ANY_SHAPE = r"-----BEGIN |A[KS]IA|LTAI|AKID|gh[pousr]_|github_pat_|glpat-|xox|k_live_|AIza|eyJ"
_IN_URL = r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"]{0,100}:(?P<value>[^\s@/'\"]{1,200})@"
_IN_DSN = r"(?i)(?:[?&;]|^)\s*(?:password|pwd|accountkey)=(?P<value>[^&;\s\"']{1,200})"
# What each of the two cannot do without, and what is found much faster.
_URL_END = r"://[^\s:/@'\"]{0,100}:[^\s@/'\"]{1,200}@"
_DSN_KEYS = ("password=", "pwd=", "accountkey=")

_WORDS = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\u4e00-\u9fff]+"
_PASSWORDS = ("password", "passwd", "passphrase", "密码", "口令", "requirepass", "rediscliauth")
_KEYS: tuple[str, ...] = (
    "secret",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "authkey",
    "encryptionkey",
    "signingkey",
)
_KEYS += ("credentials", "credential", "accesskeysecret", "secretkeybase", "密钥", "令牌")
_NOT_SECRETS = ("existingsecret", "pullsecret", "tlssecret", "fromsecret", "usesecret", "nexttoken", "continuetoken")

_PLACEHOLDER = (
    r"(?is)[<\[{].*[>\]}]|.*\$[{(]?\w.*|.*\{\{.*|%\w+%|__\w+__|\*+|x{3,}|\.{3}|"
    r".*(?:change[-_ ]?(?:me|it)|change[-_]?this|placeholder|redacted|replace[-_ ]?(?:me|with|this)|dummy|insert[-_ ]|"
    r"fill[-_ ]?in|你的|您的|请填|请替换|请修改|请输入|替换|示例|占位|待填).*|"
    r"(?:your|my)[-_ ]?(?:\w+[-_ ])*(?:password|passwd|secret|token|key|here)|your[-_ ].*|(?:todo|tbd|fixme)\b.*"
)
# `example` marks a placeholder, but not beside a long run of mixed letters and digits, which nobody makes up by hand;
# in capitals it always does, as issuers write it into the keys of their manuals (AWS, Tencent Cloud).
_EXAMPLE = r"(?i)example"
_RANDOM = r"(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])(?=[A-Z\d]*[a-z])(?:[A-Za-z]*\d){4}[A-Za-z\d]*"
_REFERENCE = r"(?i)(?:ENC[\[(]|vault:|ref\+|sm://|op://|awssm|arn:|projects/|secretmanager|file:|/\w|\./|\w:\\)"
_SWITCH = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "n/a", "~", "default", "auto"}
)
_LINE = (
    r"(?m)^[\s\"'<-]*(?P<name>[\w.\u4e00-\u9fff-]{2,100})[\"']?\s{0,20}(?:[:=>]|\s)\s{0,20}"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'`(){}<,;#]{1,300})(?P=quote)\s{0,20}(?:[,;]|</[\w.-]+>|#.*)?\s*$"
)
_MAX_TEXT = 200_000


def shape_of(value: str) -> str | None:
    """The word for a value that is a credential by its shape, or holds one; None for any other."""
    if len(value) < 8:
        return None
    for word, pattern in _SHAPES if re.search(_ANY_SHAPE, value) else ():
        match = re.search(pattern, value)
        if match and "EXAMPLE" not in match[0]:
            return word
    if any(not is_placeholder(password) for password in _passwords_in_addresses(value)):
        return "password in a connection address"
    return None


def _passwords_in_addresses(value: str) -> Iterator[str]:
    if "@" in value and re.search(_URL_END, value):
        yield from (match["value"] for match in re.finditer(_IN_URL, value))
    if "=" in value and any(key in value.casefold() for key in _DSN_KEYS):
        yield from (match["value"] for match in re.finditer(_IN_DSN, value))


def is_placeholder(value: str) -> bool:
    """Whether the text only says that a value belongs here, or where it comes from."""
    text = value.strip().strip("\"'")
    if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", text):  # the name of what belongs here
        return True
    if re.search(_EXAMPLE, text) and ("EXAMPLE" in text or not _is_random(text)):
        return True
    return text.lower() in _SWITCH or bool(re.fullmatch(_PLACEHOLDER, text) or re.match(_REFERENCE, text))


def _is_random(text: str) -> bool:
    runs = re.findall(r"[A-Za-z\d]{16,}", re.sub(_EXAMPLE, "", text))
    return any(re.match(_RANDOM, run) and len(set(run)) > len(run) // 2 for run in runs)


@lru_cache(maxsize=10_000)  # the same names stand in line after line
def is_password_name(name: str) -> bool:
    """Whether a field of that name holds a password, which may be as short and plain as people make it."""
    words = [w.lower() for w in re.findall(_WORDS, name)]
    while words and words[-1].isdigit():
        words.pop()
    return "".join(words).endswith(_PASSWORDS) or bool(words and words[-1] in {"pwd", "pass"})


@lru_cache(maxsize=10_000)
def is_key_name(name: str) -> bool:
    """Whether a field of that name holds a token or key."""
    joined = "".join(w.lower() for w in re.findall(_WORDS, name)).rstrip("0123456789")
    return joined.endswith(_KEYS) and not joined.endswith(_NOT_SECRETS)


def is_credential(name: str, value: str) -> bool:
    """Whether the value under that name is a credential, by name or by shape."""
    text = value.strip().strip("\"'")
    if shape_of(text):
        return True
    is_password = is_password_name(name)
    if not (is_password or is_key_name(name)) or is_placeholder(text) or "\n" in text:
        return False
    if is_password:
        return len(text) >= 3
    names_object = bool(re.fullmatch(r"(?:[a-z0-9]+[-.])+(?:secret|tls|creds?|credentials?|token|key|cert)s?", text))
    return len(text) >= 8 and not text.isdigit() and not names_object


def credentials_in(text: str) -> Iterator[str]:
    """Names of the credentials in a configuration text, each once: `name: value`, `name=value`, XML and shapes."""
    seen: set[str] = set()
    for match in re.finditer(_LINE, text[:_MAX_TEXT]):
        name = match["name"].rstrip(".-")
        if name not in seen and is_credential(name, match["value"]):
            seen.add(name)
            yield name
    shape = shape_of(text[:_MAX_TEXT])
    if shape and not seen:
        yield shape
