"""What a generic assignment (`password = "…"`) must look like before it is worth a person's time.

Most values beside the word "password" are no secrets: references to code, templates, placeholders, names, texts for people.
Two kinds are told apart: a *key* was drawn by a machine, a *password* was chosen by a person.
"""

import base64
import binascii
import re
from itertools import pairwise

from fourc.secrets.late import late
from fourc.secrets.rarity import entropy
from fourc.secrets.rarity import is_wordy as reads_as_words

_REFERENCE = late(
    r"""
      [$#%@]\{ | \{\{ | \}\} | \$\( | <%  | %> | \{[\w.:-]*\} | \[\[      # a template
    | ^\$\w+$ | ^%\w+%$ | ^@\w+@?$ | ^&\w+;?$ | ^\$\w+(?:->|\[
      |::)         # a variable of a shell, a batch file, a build, of PHP
    | ^<.*>$ | ^\[.*\]$ | ^\(.*\)$ | ^\{.*\}$ | ^__.*__$                   # a gap to fill in
    | ^(?:ENC|AES|DES|RSA|KMS|vault|cipher|SM4)[(\[:{] | ^\{cipher\} | ^\$ANSIBLE_VAULT     # what is encrypted already
    | ^(?:op|vault|ssm|secretsmanager|awssm|gcpsm|env|file|ref|keyring|secret|arn|urn|azurekeyvault|valueFrom)[:+]
    | ^!(?:Ref|Sub|GetAtt|vault|secret|env_var)
    | [\w\])]\(.*\) | ^(?:new|await|func|function|lambda|return|typeof)\b  # a call
    | ^(?:os|process|sys|self|this|env|System|window|document|config|settings|request|req|ctx|context|props
      |args|params|options
        |local|var|data|module|secrets|inputs|steps|github|needs|matrix|job|values|global|each|app|user|client
          |obj|kwargs|event)
      (?:\.|->|\[|\?\.|::)
    | (?:^|[ =:/])%[sdvqr](?:$|\W) | \\\(  | \[[A-Za-z0-9]-[A-Za-z0-9] | ^\*+$ | ^\.+$
      | \.\.\.                # a format, an elision
    """,
    re.VERBOSE | re.IGNORECASE,
)

_PLACEHOLDER = late(
    r"""
      \b(?:your|ur|my|the|some|any|put|insert|enter|add|fill|paste|replace|change|set|use|type|provide|specify)[-_ .]?
        (?:your|my|a|an|the|me|it|this|in|own|with|here|real|actual|strong|new|secret|secure|super|very|random
          |username|user
          |pass(?:word|wd|phrase|wort)?|pwd|key|token|api|app|client|access|private|db|database|admin|root|ldap
            |smtp|email|gmail|mail|value|long)
    | \A(?:your|insert|enter|replace|change)(?=[a-z_-]) | _?here\Z | change[-_ ]?(?:me|it|this) | changed?me
    | place[-_ ]?holder | exampl | super[-_ ]?secret | t3st | p[4@]ssw[o0]rd\Z | passw0rd\Z | must[-_ ]?be
      | [-_]pass(?:word)?\Z | secure?[-_]?pass | strong[-_ ]?pass | avoid | sample | dummy | fake | redacted
        | masked | hidden | removed | obfuscat | scrubbed | sanitized | to[-_ ]?be[-_ ]
    | lorem | foo[-_ ]?bar | foobar | (?:\A|[^a-z])(?:foo|bar|baz|todo|tbd|fixme|xxx+|n/?a|none|null|nil
      |undefined|true|false|empty|blank)(?:\Z|[^a-z])
    | x{4,} | \*{3,} | (?:\A|\W)\.{3} | -{4,} | _{4,} | \#{4,} | 0{8,} | 1{8,} | 123456789 | 12345678(?:\Z|\D)
      | abcdefgh | qwerty(?:u|\Z)
    | not[-_ ]?(?:a[-_ ])?(?:real|used|set|needed|secret|important|secure|so[-_]) | insecure | deadbeef
      | cafebabe | c0ffee
    | 你的 | 您的 | 请 | 填写 | 输入 | 替换 | 修改 | 示例 | 例子 | 测试 | 密码 | 口令 | 密钥 | 自己的 | 此处
      | 这里 | 占位 | 待定 | 默认 | 申请 | 配置
    | x{2,}[a-z]?x{2,}
    """,
    re.VERBOSE | re.IGNORECASE,
)

_NAMED = late(
    # what is called after what it stands for is a name, a label or a key of a map
    r"(?i)pass(?:word|wd|phrase|code|wort)|\bpwd|pwd\b|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|public[-_]?key"
    r"|username|user[-_]?name|encrypt|decrypt|authori[sz]ation|authenticat|\bkey\b|\A(?:bearer|basic|digest)\b"
)

_SHAPED = late(
    r"""
      \A(?:
        [\w.+-]+@[\w-]+\.[\w.-]+                                         # a mail address
      | (?:https?|ftp|file|ssh|git|wss?|jdbc|classpath|s3|gs)://?.*        # an address
      | (?:/|\./|\.\./|~/|[A-Za-z]:\\)[\w./\\ -]*                          # a path
      | [\w-]+(?:/[\w.-]+){2,}
      | [\w./\\-]+\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|xml|txt|properties|conf|cfg|ini|env|sh|py|js|ts
        |go|java|php|rb|html?|css|md|keystore|png|svg|jpe?g)
      | v?\d+(?:\.\d+)+(?:[-+.]\w+)*                                       # a version
      | \d{4}-\d\d-\d\d.* | \d{1,3}(?:\.\d{1,3}){3}(?::\d+)?               # a date, an address of a machine
      | (?:\w+\.)+(?:com|net|org|io|dev|local|internal|cn|svc|cluster|example|test|co|me|app)(?::\d+)?/?
      | [+-]?[\d.,_]+ | 0x[0-9a-fA-F]{1,8} | \#[0-9a-fA-F]{3,8}            # a number, a colour
      | (?:sha(?:1|256|384|512)|md5)[-:].* | \$(?:2[aby]|5|6|argon2\w*|pbkdf2[\w-]*|apr1|y)\$.*   # a hash
      | MI[IGM][A-Za-z0-9+/=]{30,} | AAAA[BCE]3NzaC1.*                     # a certificate or a public key
      )\Z
    """,
    re.VERBOSE,
)

_WORD = late(r"(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,20}|\d{1,4}|[A-Za-z]{1,20}\d{1,2})\Z")
_PART = late(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


def is_reference(value: str) -> bool:
    """Whether the text stands for a value that is somewhere else: a template, a variable, a call, a vault."""
    return _REFERENCE.search(value) is not None


def is_placeholder(value: str) -> bool:
    """Whether the text asks for a value, or stands where none may be shown."""
    return _PLACEHOLDER.search(value) is not None or len(set(value)) < 4


def is_shaped(value: str) -> bool:
    """Whether it looks like what is no secret: a path, an address, a version, a date, a hash, a certificate."""
    return _SHAPED.match(value) is not None


def is_wordy(value: str) -> bool:
    """Whether the text is made of words: `refresh_token`, `org.example.Key`, `GPT4-API-KEY`."""
    pieces = [_PART.findall(piece) for piece in re.split(r"[^A-Za-z0-9]+", value) if piece]
    return all(
        all(_WORD.match(part) for part in parts)
        and sum(part[-1].isdigit() for part in parts) < 2
        and len(parts) <= max(2, sum(map(len, parts)) // 3)
        for parts in pieces
    )


def turns(value: str) -> int:
    """How often the class of character (small, capital, digit) changes between neighbours; machines turn often, words seldom."""
    classes = ["d" if c.isdigit() else "u" if c.isupper() else "l" if c.isalpha() else "" for c in value]
    return sum(1 for a, b in pairwise(classes) if a and b and a != b)


def is_key(value: str) -> bool:
    """Whether a machine drew it: letters and digits that change places too often for words."""
    digits, changes = sum(c.isdigit() for c in value), turns(value)
    return (
        (digits >= 2 or (digits == 1 and changes > len(value) // 3))
        and changes >= max(4, len(value) // 6)
        and entropy(value) >= 3
        and not (
            (digits * 6 < len(value) or len(re.findall(r"\d+", value)) < 3)
            and reads_as_words(re.sub(r"\d+", " ", value))
        )
        and not _dismissed(value)
    )


def is_password(value: str) -> bool:
    """Whether a person may have chosen it: a letter, and a digit or a sign, and not the words that code and texts are made of."""
    if not value.isascii():
        return False
    if value.isalpha() and value.islower() and len(value) >= 16:  # words run together: nobody writes names so
        return not is_placeholder(value)
    return (
        any(c.isalpha() for c in value)
        and not value.isalpha()
        and not _dismissed(value)
        and not _NAMED.search(value)
        and not (re.fullmatch(r"[\w.:/-]+", bare := value.strip("._-:;,!?*@")) and is_wordy(bare))
        and not bare.isalpha()
    )


def is_given(value: str) -> bool:
    """Whether it is a value at all, where everything around says that a password stands there (`user:…@host`, `sshpass -p …`)."""
    return not is_reference(value) and not is_placeholder(value)


def _dismissed(value: str) -> bool:
    return is_reference(value) or is_placeholder(value) or is_shaped(value) or _is_encoded_text(value)


def _is_encoded_text(value: str) -> bool:
    """Whether it is base64 of words: `c2VjcmV0IGlzIHNlY3VyZQ==` is "secret is secure"."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return text.strip().isprintable() and " " in text.strip()
