"""Secrets of nobody in particular: values given to names such as `password`, in code, settings, command lines and addresses."""

import base64
import binascii
from collections.abc import Callable

from fourc.model.finding import Confidence, Severity
from fourc.secrets.assignments import is_given, is_key, is_password, is_reference
from fourc.secrets.late import late
from fourc.secrets.rule import Kind, Rule, Token

_KEY = (
    r"(?i:(?:api|access|secret|private|auth|sign(?:ing|ature)?|(?:en|de)crypt(?:ion)?|crypto|master|app|service"
    r"|account|client|session|shared"
    r"|admin|webhook|license|deploy|storage|hmac|jwt|aes|des|rsa|cipher|consumer|security|bot|server|cookie"
    r"|salt|project|write|read|root)"
    r"[_\-. ]?key|secret|token|passw(?:or)?d|passwd|passphrase|pwd|credentials?|creds|api_?pass)"
)
_CHOSEN_NAME = r"(?i:passw(?:or)?d|passwd|passphrase|passwort|pwd|\bpass\b|_pass\b|(?-i:[a-z]Pass\b)|密码|口令)"
_SIGNING_NAME = (
    r"(?i:secret(?:[_\-. ]?key(?:[_\-. ]?base)?)?|(?:signing|encryption|encrypt|private|cookie"
    r"|session)[_\-. ]?key|app_?key|salt|密钥|秘钥)"
)
# What is done with passwords: `密码 sha256`, `密码 8-16位`.
_PROCEDURE = late(
    r"(?i)(?:sha|md|aes|des|3des|rsa|hmac|base|b?crypt|pbkdf|argon|utf|http|oauth|gb|sm|ssl|tls|v|x)[-_]?\d|[\d.~-]+[a-z]?$"
)
# Files that hold settings, and texts without a name.
SETTINGS = (
    r"(?i)(?:^|\.(?:ya?ml|env|properties|ini|conf|cfg|cnf|toml|tf|tfvars|config|sh|bash|bat|cmd|ps1|gradle|hcl"
    r"|service|env\.\w+))$"
    r"|(?:^|/)(?:\.env[\w.-]*|Dockerfile[\w.-]*|Jenkinsfile|docker-compose[\w.-]*|appsettings[\w.-]*\.json"
    r"|config[\w.-]*\.(?:json|xml|php))$"
)

_USER = r"(?i:user(?:[_\- ]?name|[_\- ]?id)?|login|uid|account|usr)"

_URL = (
    r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@\"'<>`]{0,60}:(?P<secret>[^\s/\"'<>`]{2,100}?)@(?:[\w.-]+"
    r"|\[[\da-fA-F:]+\]|<[\w.-]+>)[:/?,\"'\s]?"
)
_CONNECTION = (
    r"(?i:server|data source|host|addr|address|uid|user ?id|user(?:name)?|database|initial catalog|provider"
    r"|driver|dsn|dbname)[ ]?=[^=;\n]{1,120}[; ,]"
    r"(?:[^\n\"]{0,200}[; ,])?[ ]?(?i:password|pwd)[ ]?=[ ]?(?P<secret>[^\s;\"'&,)<>]{4,100})"
)
# What may follow the word in a name; anything else (`token_url`, `password_hash`) names another thing.
_MORE = (
    r"(?:[_\-. ]?(?i:string|str|value|val|text|plain|raw|hex|b64|base64|data|prod|production|dev|development"
    r"|staging|stage|test|qa|uat"
    r"|live|old|new|default|admin|user|main|primary|secondary|do_not_commit|key|[0-9]{1,4}))*"
)
_TYPED = r"(?:[ \t]?:?[ \t]?(?:&'?static )?(?i:str|string|String\?|bytes|char ?\*|\[\]byte|const)[ \t]?)?"
_OPERATOR = r"(?:[ ]value=|={1,3}>?|!={1,2}|:{1,4}=|[?.+|]=|:{1,2}-?|->|,|>|\()"
_CLOSED = r"[\"'`\]}\\]{0,4}"
_OPENED = r"[\"'`(\\@>= \t]{0,6}"
_END = r"(?:[\s\"'`;,<>)\]{}&\\|#]|\.\s|\z)"


def _generic(
    rule_id: str,
    kind: Kind,
    pattern: str,
    *keywords: str,
    genuine: Callable[[str], bool],
    entropy: float = 0.0,
    confidence: Confidence = Confidence.MEDIUM,
    path: str | None = None,
    references: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        rule_id,
        "",
        kind,
        Token(pattern, keywords),
        entropy,
        confidence=confidence,
        generic=True,
        genuine=genuine,
        path=path,
        references=references,
    )


def _weak(rule_id: str, pattern: str, *keywords: str, genuine: Callable[[str], bool]) -> Rule:
    """What only counts where settings are written, or no file's name tells; in code and manuals it is mostly an example."""
    return _generic(
        rule_id, Kind.PASSWORD, pattern, *keywords, genuine=genuine, confidence=Confidence.LOW, path=SETTINGS
    )


def _quoted(names: str, value: str) -> str:
    begins = rf"{names}{_MORE}{_CLOSED}[ \t]{{0,20}}{_TYPED}{_OPERATOR}[ \t]{{0,20}}(?:[\w.]{{1,20}}\()?"
    return rf"{begins}[bu@$r]?\\?[\"'`]+(?P<secret>{value})\\?[\"'`]"


def is_basic(value: str) -> bool:
    """Whether it is a user's name and a password in base64, as HTTP's basic authentication wants them."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return bool(user and colon and password) and user[0] not in "{[<" and password.isprintable() and is_given(password)


def _is_plain(value: str) -> bool:
    """A password that is more than the word for one."""
    return is_given(value) and value.lower() not in _PLAIN


def _is_chosen(value: str) -> bool:
    """A password in a sentence: letters and digits, and not the name of a procedure, a length or a version."""
    both = any(c.isalpha() for c in value) and any(c.isdigit() for c in value)
    return both and is_password(value) and not _PROCEDURE.match(value)


def _is_long(value: str) -> bool:
    return is_password(value) and len(set(value)) >= 10


_PLAIN = frozenset(
    (
        "abc",
        "admin",
        "auth",
        "bar",
        "baz",
        "changeme",
        "credentials",
        "dbpassword",
        "default",
        "foo",
        "guest",
        "hunter2",
        "key",
        "login",
        "mypass",
        "none",
        "null",
        "p",
        "pass",
        "pass1",
        "passw",
        "passwd",
        "password",
        "password1",
        "passwort",
        "pw",
        "pwd",
        "root",
        "string",
        "test",
        "token",
        "user",
        "username",
        "userpass",
        "usr",
        "value",
        "xxx",
        "xxxx",
    )
)
_WORDS_KEY = ("key", "secret", "token", "passw", "passphrase", "pwd", "cred", "api_pass", "apipass")
_WORDS_PASSWORD = ("pass", "pwd", "密码", "口令")

_LOGIN = (
    rf"{_USER}[\"'\])]{{0,2}}[ \t]*(?:=>|:=|[:=])?[ \t]*\\?[\"'][^\"'\n]{{1,60}}[\"'][^\n]{{0,40}}"
    rf"(?:\n[^\n]{{0,60}}){{0,3}}?"
    rf"\b\w{{0,16}}{_CHOSEN_NAME}[\"'\])]{{0,2}}[ \t]*(?:=>|:="
    rf"|[:=])?[ \t]*\\?[\"'](?P<secret>[^\"'\s\\]{{2,40}}[ ]?[^\"'\s\\]{{2,24}})\\?[\"']"
)

RULES: tuple[Rule, ...] = (
    _generic(
        "generic-api-key",
        Kind.API_KEY,
        rf"{_KEY}{_MORE}{_CLOSED}[ \t]{{0,20}}{_TYPED}{_OPERATOR}\s{{0,20}}{_OPENED}"
        rf"(?P<secret>[0-9A-Za-z_.=+/~-]{{10,200}}){_END}",
        *_WORDS_KEY,
        entropy=3.2,
        genuine=is_key,
        references=("gitleaks:generic-api-key", "betterleaks:generic-api-key"),
    ),
    _generic(
        "generic-password",
        Kind.PASSWORD,
        _quoted(_CHOSEN_NAME, r"[^\"'`\s,;=()][^\"'`\s]{5,63}"),
        *_WORDS_PASSWORD,
        genuine=is_password,
    ),
    _generic(
        "generic-secret",
        Kind.SIGNING_KEY,
        _quoted(_SIGNING_NAME, r"[^\"'`\s,;:=()][^\"'`\s]{11,127}"),
        "secret",
        "key",
        "salt",
        "密钥",
        "秘钥",
        entropy=3.0,
        genuine=_is_long,
    ),
    _generic(
        "generic-password-setting",
        Kind.PASSWORD,
        rf"(?m:^[ \t#;/-]*(?i:export[ ]+|set[ ]+|ENV[ ]+"
        rf"|ARG[ ]+)?[\w一-龥.\[\]-]{{0,60}}{_CHOSEN_NAME}{_MORE}[ \t]{{0,20}}[:=：][ \t]{{0,20}}"
        r"(?P<secret>[^\s\"'`,;(){}\[\]$]{6,64})[ \t\r]*(?:#[^\n]*)?$)",
        *_WORDS_PASSWORD,
        genuine=is_password,
    ),
    _weak("generic-login", _LOGIN, *_WORDS_PASSWORD, genuine=_is_plain),
    _generic(
        "generic-url-password",
        Kind.URL,
        _URL,
        "://",
        genuine=is_password,
    ),
    _weak("generic-weak-url-password", _URL, "://", genuine=_is_plain),
    _generic(
        "generic-connection-string",
        Kind.PASSWORD,
        _CONNECTION,
        "password",
        "pwd",
        genuine=is_password,
    ),
    _weak(
        "generic-weak-connection-string", _CONNECTION, "password", "pwd", genuine=lambda value: not is_reference(value)
    ),
    _generic(
        "generic-jdbc-password",
        Kind.PASSWORD,
        r"(?i:jdbc:[a-z0-9:]+[^\s\"'<>]{4,200}?[?&;]password=)(?P<secret>[^\s\"'&;<>]{4,100})",
        "jdbc:",
        genuine=_is_plain,
    ),
    _generic(
        "generic-authorization-header",
        Kind.ACCESS_TOKEN,
        r"(?i:authorization)[\"'\]]{0,2}[ ]?[:=,][ ]?[\"'`]{0,2}(?i:bearer|token|apikey|api-key|ssws"
        r"|sharedkey)[ ]{1,2}(?P<secret>[0-9A-Za-z_.=+/~-]{12,1000})",
        "authorization",
        entropy=3.2,
        genuine=is_key,
    ),
    _generic(
        "generic-basic-authorization",
        Kind.PASSWORD,
        r"(?i:authorization)[\"'\]]{0,2}[ ]?[:=,][ ]?[\"'`]{0,2}(?i:basic)[ ](?P<secret>[0-9A-Za-z+/]{8,300}={0,2})",
        "authorization",
        genuine=is_basic,
    ),
    _generic(
        "generic-password-argument",
        Kind.PASSWORD,
        r"(?:^|[\s\"',])--?(?i:[\w-]{0,20}pass(?:word|wd|phrase)?|pwd)(?:=|[ ]+"
        r"|[\"'],[ ]?)[\"']?(?P<secret>[^\s\"',;|&<>()]{6,64})",
        "-p",
        "pass",
        "pwd",
        genuine=is_password,
    ),
    _generic(
        "generic-command-password",
        Kind.PASSWORD,
        r"(?:\bsshpass[ ]+-p[ ]?|\b(?i:psexec)[^\n]{0,120}?[ ]-p[ ]+|\bmysql(?:dump|admin)?[ ][^\n|;]{0,80}?[ ]-p"
        r"|\bdocker[ ]login[ ][^\n|;]{0,80}?-p[ ]+"
        r"|\bredis-cli[ ][^\n|;]{0,60}?-a[ ]+|\bnet[ ]use[ ][^\n]{0,80}?/user:\S+[ ]+"
        r"|\b(?i:connect-viserver)[ ][^\n]{0,120}?-pass(?:word)?[ ]+"
        r"|\b(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS|RESTIC_PASSWORD"
        r"|BORG_PASSPHRASE)=)[\"']?(?P<secret>[^\s\"'|;&<>()]{4,64})",
        "sshpass",
        "psexec",
        "mysql",
        "docker",
        "redis-cli",
        "net use",
        "connect-viserver",
        "pgpassword",
        "rediscli_auth",
        "restic_password",
        "borg_passphrase",
        genuine=_is_plain,
    ),
    _generic(
        "generic-sql-password",
        Kind.PASSWORD,
        r"(?i:identified[ ](?:with[ ]\w+[ ])?by[ ](?:password[ ])?|(?:create|alter)[ ](?:user|role"
        r"|login)[ ][^;\n]{1,80}password[ ]?=?[ ]?)N?'(?P<secret>[^'\s]{4,64})'",
        "identified",
        "create",
        "alter",
        genuine=is_password,
    ),
    _generic(
        "generic-windows-password",
        Kind.PASSWORD,
        r"(?:(?i:ConvertTo-SecureString)[ ](?:-String[ ])?|(?i:NetworkCredential)\([\"'][^\"'\n]{1,80}[\"'],[ ]{0,2}"
        r"|(?i:DirectoryEntry)\([\"'][^\"'\n]{1,100}[\"'],\s{0,40}[\"'][^\"'\n]{1,80}[\"'],\s{0,40})[\"']"
        r"(?P<secret>[^\"'\s]{4,64})[\"']",
        "converttosecurestring",
        "convertto-securestring",
        "networkcredential",
        "directoryentry",
        genuine=_is_plain,
    ),
    _generic(
        "generic-password-line",
        Kind.PASSWORD,
        r"(?:echo|printf)[ ][\"']?\w{1,32}:(?P<secret>[^\s\"':]{4,64})[\"']?[ ]?\|[ ]?(?:sudo[ ])?(?:/usr/sbin/)?chpasswd",
        "chpasswd",
        genuine=_is_plain,
    ),
    _generic(
        "generic-jwt-secret",
        Kind.SIGNING_KEY,
        r"(?i:jwt)[\w.: \t\n-]{0,16}?(?i:secret|key)[\"']?[ ]*[:=][ ]*'(?P<secret>[^'\s]{12,128})'",
        "jwt",
        entropy=3.0,
        genuine=_is_long,
    ),
    _generic(
        "generic-terraform-default",
        Kind.PASSWORD,
        r"variable\s+\"[\w-]{0,60}(?i:password|passwd|secret|token"
        r"|_key)\"\s*\{[^{}]{0,300}?default\s*=\s*\"(?P<secret>[^\"\s]{6,200})\"",
        "variable",
        genuine=lambda value: is_key(value) or is_password(value),
    ),
    _generic(
        "generic-told-password",
        Kind.PASSWORD,
        r"(?i:password|密码|口令)(?:[ ](?i:for)[^\n\"']{1,30}[\"']?[^\n\"']{0,30}[\"']?)?(?:[ ](?i:is)(?:[ ]"
        r"(?i:set[ ]to))?[ :]{1,2}|是[:： ]?|为[:： ]?)[\"'`“](?P<secret>[^\s\"'`“”]{5,40})[\"'`”]",
        "password",
        "密码",
        "口令",
        genuine=_is_plain,
        confidence=Confidence.LOW,
        path=SETTINGS,
    ),
    # In a sentence: `登录密码 …`, `管理员密码是：…`, `用户名 admin，密码…`.
    _generic(
        "generic-chinese-password",
        Kind.PASSWORD,
        r"(?:密码|口令)(?:(?:[ \t]{0,3}(?:是|为|[:：=]|是[:：]|为[:：])[ \t]{0,3}|[ \t]{1,3})[「“\"'`]?"
        r"([0-9A-Za-z!@#$%^&*_+~.?-]{6,40})|([0-9A-Za-z!@#$%^&*_+~.?-]{8,40}))"
        r"(?:[\s，。；、,;）)」”\"'`]|\z)",
        "密码",
        "口令",
        genuine=_is_chosen,
        confidence=Confidence.LOW,
    ),
    _generic(
        "generic-compared-password",
        Kind.PASSWORD,
        r"(?i:password|passwd|pwd|passphrase|secret)[\"'\]]{0,2}[ ]?[!=]={1,2}[ ]?[\"'](?P<secret>[^\"'\s]{5,64})[\"']",
        *_WORDS_PASSWORD,
        "secret",
        genuine=_is_plain,
        confidence=Confidence.LOW,
        path=SETTINGS,
    ),
    _generic(
        "react-app-secret",
        Kind.PASSWORD,
        r"(?m:\b(?:REACT_APP|VUE_APP|VITE|NEXT_PUBLIC)_\w{0,40}(?:PASS|PASSWORD|PASSWD"
        r"|SECRET)[ ]?[:=][ ]?[\"']?(?P<secret>[^\s\"'#$]{6,80})[\"']?[ \t\r]*(?:#[^\n]*)?$)",
        "react_app",
        "vue_app",
        "vite",
        "next_public",
        genuine=is_given,
    ),
    Rule(
        "jasypt-password",
        "Jasypt",
        Kind.ENCRYPTION_KEY,
        Token(
            r"(?i:jasypt[._]encryptor[._]password[\"']?[ ]{0,4}[=:][ ]{0,4}"
            r"|jasypt:\s+encryptor:\s+(?:[\w-]+:[ ]\S+\s+){0,6}?password:[ ]+)[\"']?(?P<secret>[^\s\"'$]{4,100})",
            ("jasypt",),
        ),
        genuine=is_given,
    ),
    Rule(
        "netrc-password",
        ".netrc",
        Kind.PASSWORD,
        Token(r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+(?P<secret>\S{4,200})", ("machine",)),
        genuine=_is_plain,
    ),
    Rule(
        "password-hash",
        "",
        Kind.PASSWORD,
        Token(
            r"(?:^|[^\w$])(?P<secret>\$(?:1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}|2[abxy]\$\d\d\$[./0-9A-Za-z]{53}"
            r"|5\$(?:rounds=\d+\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{43}"
            r"|6\$(?:rounds=\d+\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}"
            r"|[89]\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}|y\$[./0-9A-Za-z]{1,12}\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{43}"
            r"|krb5asrep\$23\$(?:[\w.@-]{3,80}:)?[0-9a-f]{32}\$[0-9a-f]{40,}))",
            ("$1$", "$2", "$5$", "$6$", "$8$", "$9$", "$y$", "$krb5asrep$"),
        ),
        severity=Severity.MEDIUM,
    ),
)
