"""Commands with a password in them, in shell and database histories and in scripts.

Each row is a command and how its documentation says that it takes the password.
"""

import re
from collections.abc import Iterator
from functools import cache

import re2
from msgspec import Struct

from fourc.secrets.files.format import Finder, Format, could_be, is_comment, rule
from fourc.secrets.files.leaf import plain
from fourc.secrets.files.names import IN_NAMES, is_secret_name
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind

_WORD = (
    r"""(?:"(?P<double>(?:[^"\\$`\r\n]|\\.)+)"|'(?P<single>[^'\r\n]+)'"""
    r"""|(?P<bare>[^\s"'$;|&<>(){}`\\][^\s"'$;|&<>(){}`]{0,400}))"""
)
_REST = r"(?:[^\n|;&]|\\\r?\n){0,600}?"  # options before it, of the same command
_UNQUOTED = r"(?P<bare>[^\s\"'$`|;]{1,400})"

_NAME = (
    r"[A-Za-z_]*(?i:password|passwd|pwd|secret|token|passphrase|credential"
    r"|api_?key|access_?key|secret_?key|private_?key|auth_?key)s?"
)

_COMMANDS = {
    # https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html: -pX without a space
    "mysql mysqldump mysqladmin mysqlcheck mysqlimport mysqlshow mysqlpump mysqlsh mariadb mariadb-dump mariadb-admin": (
        rf"{_REST}\s(?:-p|--password=){_WORD}",
    ),
    "psql pg_dump pg_restore createdb": (rf"{_REST}\bpassword={_WORD}",),
    "redis-server valkey-server": (rf"{_REST}\s--(?:requirepass|masterauth)[ =]{_WORD}",),
    "redis-cli valkey-cli keydb-cli": (rf"{_REST}\s(?:-a|--pass)[ =]*{_WORD}",),
    "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop": (
        rf"{_REST}\s(?:-p|--password)[ =]{_WORD}",
    ),
    "sqlcmd bcp osql isql": (rf"{_REST}\s-P ?{_WORD}",),
    "sqlplus expdp impdp sqlldr rman": (rf"{_REST}\s(?:target )?[\w$]+/(?P<bare>[^\s@/\"';$]+)(?=@|\s|\Z)",),
    "clickhouse-client influx cqlsh beeline couchbase-cli arangosh neo4j-admin cypher-shell": (
        rf"{_REST}\s(?:-p|--password)[ =]{_WORD}",
    ),
    # https://curl.se/docs/manpage.html#-u
    "curl http https wget xh": (
        rf"{_REST}\s(?:-u|--user|-a|--auth|-U|--proxy-user)[ =]?[\"']?[^\s:\"'$]{{1,128}}:{_UNQUOTED}",
        rf"{_REST}\s--(?:http-|ftp-|proxy-)?password[ =]{_WORD}",
    ),
    # https://docs.docker.com/reference/cli/docker/login/
    "docker podman buildah skopeo nerdctl crane oras helm ctr": (
        rf"\s{_REST}login{_REST}\s(?:-p|--password)[ =]?(?!-stdin){_WORD}",
        rf"{_REST}\s--(?:src-|dest-)?creds[ =][^\s:]+:{_UNQUOTED}",
        rf"{_REST}\s--set(?:-string)?[ =][\"']?(?:[^\s\"']*,)?(?P<key>[\w.\[\]-]*(?i:password|secret|token))={_UNQUOTED}",
    ),
    "sshpass": (rf"\s+-p ?{_WORD}",),
    "lftp": (rf"{_REST}\s-u ?[^\s,]+,{_UNQUOTED}",),
    "ncftp ncftpget ncftpput ftp tnftp": (rf"{_REST}\s-p ?{_WORD}",),
    "net net.exe": (rf"\s+use\s{_REST}/user:\S+\s+{_WORD}",),
    "smbclient rpcclient smbmap winexe": (rf"{_REST}\s-U ?[\"']?[^\s%\"']+%{_UNQUOTED}",),
    "mount": (rf"{_REST}\bpass(?:word)?=(?P<bare>[^\s,\"'$]+)",),
    "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd": (rf"{_REST}\s-w ?{_WORD}",),
    "xfreerdp rdesktop": (rf"{_REST}\s(?:/p:|-p ?){_WORD}",),
    "zip unzip 7z 7za rar unrar": (rf"{_REST}\s(?:-P ?|--password[ =]|-p(?=\S)){_WORD}",),
    "openssl": (rf"{_REST}\s-(?:pass|passin|passout|k)\s+(?:pass:)?(?!file:|env:|fd:|stdin){_WORD}",),
    "keytool jarsigner": (rf"{_REST}\s-(?:storepass|keypass|srcstorepass|deststorepass)\s+{_WORD}",),
    "gpg gpg2": (rf"{_REST}\s--passphrase[ =]{_WORD}",),
    # https://httpd.apache.org/docs/current/programs/htpasswd.html: -b takes it from the line, -n has no file
    "htpasswd": (rf"\s+-\w*n\w*b\w*\s+[^\s-]\S*\s+{_WORD}", rf"\s+-\w*b\w*\s+(?:-\w+\s+)*\S+\s+\S+\s+{_WORD}"),
    "useradd usermod": (rf"{_REST}\s(?:-p|--password)[ =]{_WORD}",),
    "echo printf": (
        r"\s+(?:-\w+\s+)*[\"']?(?P<key>[\w.-]+):(?P<bare>[^\s:\"'$|]+)[\"']?\s*\|\s*(?:sudo\s+)?chpasswd",
        r"\s+(?:-\w+\s+)*[\"']?(?P<bare>[^\s\"'$|]+)[\"']?\s*\|\s*(?:sudo\s+(?:-\w+\s+)*-\w*S|passwd\s+--stdin|(?:\w+\s+){1,3}login\b)",
    ),
    "rabbitmqctl": (rf"{_REST}\s(?:add_user|change_password|authenticate_user)\s+\S+\s+{_WORD}",),
    "aws": (rf"\s+configure\s+set\s+\S*(?:secret_access_key|session_token)\s+{_WORD}",),
    "vault npm cargo doctl heroku": (
        rf"\s+(?:login|config\s+set\s+\S*_auth(?:Token)?|auth\s+init\s+-t|auth:token)[ =]+(?:token=)?(?!-){_WORD}",
    ),
    "az twine oc argocd svn cf rsync rclone glab gh": (rf"{_REST}\s(?:-p|--(?:password|token))[ =]{_WORD}",),
    "mc": (rf"\s+(?:alias\s+set|config\s+host\s+add)\s+\S+\s+\S+\s+\S+\s+{_WORD}",),
    # https://kubernetes.io/docs/reference/kubectl/generated/kubectl_create/
    "kubectl": (
        rf"\s+(?:-n\s+\S+\s+)?create\s+secret\s{_REST}--from-literal[ =][\"']?(?P<key>[\w.-]+)={_UNQUOTED}",
        rf"{_REST}--(?:docker-password|password|token)[ =]{_WORD}",
    ),
    # PowerShell
    "ConvertTo-SecureString": (rf"\s{_REST}(?:-String\s+)?{_WORD}{_REST}-AsPlainText",),
}

_OPTION = "password|passwd|secret|token|api-?key|secret-?key|access-?key-secret"
_VALUE = rf"(?![=~]){_WORD}"  # of a name that says so: `export DB_PASSWORD=…`
_HEADER = r"\s*(?:(?i:bearer|basic|token)\s+)?(?!(?i:bearer|basic|token)\b)(?P<bare>[^\s\"'$<{\\]{6,})"
_HEADERS = (b"authorization", b"-token", b"-key")  # how the names of headers end that carry a secret
_FIRST = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_7")  # what words begin with, and 7z
_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1


class _Sign(Struct, frozen=True):
    """A pattern that stands anywhere in a text, and a simpler one (RE2) that is in each of its matches."""

    pattern: str
    sign: str


# What stands anywhere: an option, a URL with a user (RFC 3986, 3.2.1).
_ANYWHERE = (
    _Sign(rf"^[ \t]*(?:ENV|ARG)[ \t]+(?P<key>{_NAME})[ \t]+{_WORD}", r"^[ \t]*(?:ENV|ARG)[ \t]"),
    _Sign(rf"--from-literal[ =][\"']?(?P<key>[\w.-]*{_NAME})={_UNQUOTED}", "--from-literal"),
    _Sign(rf"\$(?:env:)?(?P<key>{_NAME})[ ]*=[ ]*{_WORD}", rf"\$(?:env:)?{_NAME}[ ]*="),
    _Sign(rf"\bset\s+-\w*x\w*\s+(?P<key>{_NAME})\s+{_WORD}", rf"\bset\s+-\w*x\w*\s+{_NAME}\s"),
    _Sign(
        rf"(?<=\s)--?(?P<key>(?:\w+-)*(?:{_OPTION}))[ =](?!-){_WORD}",
        rf"\s--?(?:\w+-)*(?:{_OPTION})[ =][^-]",
    ),
    _Sign(
        r"\b[a-z][a-z0-9+.-]{1,30}://[^\s:@/\"'$]{0,128}:(?P<bare>[^\s@/\"'${}<>]+)@(?=[\w\[])",
        r"://[^\s:@/\"'$]*:[^\s@/\"'${}<>]+@[\w\[]",
    ),
    _Sign(r"\bhttps?://(?P<bare>[^\s:@/\"'${}<>]{20,200})@(?=[\w\[])", r"://[^\s:@/\"'${}<>]{20,200}@"),
)
# https://dev.mysql.com/doc/refman/8.4/en/create-user.html, https://www.postgresql.org/docs/current/sql-createrole.html,
# https://www.mongodb.com/docs/manual/reference/method/db.auth/, https://redis.io/docs/latest/commands/auth/
_DATABASE = (
    _Sign(
        r"(?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?[\"'](?P<bare>[^\"'\r\n]+)[\"']",
        r"(?i)identified\s",
    ),
    _Sign(
        r"(?i)\b(?:user|role|login)\s[^\n;]{0,200}?\b(?P<key>password)\s*=?\s*'(?P<bare>[^'\r\n]+)'",
        r"(?i)password\s*=?\s*'",
    ),
    _Sign(
        r"(?i)\bset\s+(?P<key>password)\b[^\n;]{0,200}?=\s*(?:password\()?'(?P<bare>[^'\r\n]+)'\)?\s*;",
        r"(?i)\bset\s+password\b",
    ),
    _Sign(r"\bdb\.auth\(\s*[\"'][^\"']{0,100}[\"']\s*,\s*[\"'](?P<bare>[^\"'\r\n]+)[\"']", r"db\.auth\("),
    _Sign(r"(?:^|(?<=[\s{,]))[\"']?(?P<key>pwd)[\"']?\s*:\s*[\"'](?P<bare>[^\"'\r\n]+)[\"']", r"pwd[\"']?\s*:"),
    _Sign(r"^(?i:auth)[ \t]+(?:\S+[ \t]+)?[\"']?(?P<bare>[^\s\"']+)[\"']?[ \t]*\r?$", r"^(?i:auth)[ \t]"),
    _Sign(
        r"^(?i:config\s+set)\s+(?P<key>(?i:requirepass|masterauth))\s+[\"']?(?P<bare>[^\s\"']+)",
        r"^(?i:config\s+set)\s",
    ),
)

_BY_WORD = {word.encode(): patterns for words, patterns in _COMMANDS.items() for word in words.split()}


@cache  # compiled when the first script is met
def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode(), re.MULTILINE)


@cache
def _words() -> re2._Regexp:
    """Commands (a blank follows), names of secrets (`=`) and of headers (`:`), told apart from all other words by RE2."""
    commands = "|".join(word.decode() for word in _BY_WORD)
    headers = "|".join(ending.decode() for ending in _HEADERS)
    return re2.compile(
        rf"\b(?:({commands})[ \t]|([\w-]*(?i:{IN_NAMES})[\w-]*)=|([\w-]*(?i:{headers})):)".encode(), _BYTES
    )


@cache
def _signs(anywhere: tuple[_Sign, ...]) -> re2.Set:
    """Tells which of the patterns are worth a look in a text."""
    signs = re2.Set.SearchSet(_BYTES)
    for one in anywhere:
        signs.Add(f"(?m){one.sign}".encode())
    signs.Compile()
    return signs


def _matches(text: bytes, anywhere: tuple[_Sign, ...]) -> Iterator[tuple[re.Match[bytes], str | None]]:
    """What says a password, and the command or the name that it is for."""
    for word in _words().finditer(text):
        command, name, header = word.groups()
        start, end = word.span()
        if text[start] not in _FIRST or (start and text[start - 1] in b".$-"):
            continue
        if command:
            for pattern in _BY_WORD[command]:
                if match := _compiled(pattern).match(text, end - 1):
                    yield match, plain(command)
        elif name:
            given = _compiled(_VALUE).match(text, end) if is_secret_name(plain(name)) else None
            if given and could_be(plain(name), plain(given[given.lastgroup or 0])):
                yield given, plain(name)
        elif match := _compiled(_HEADER).match(text, end):
            yield match, plain(header or b"")
    for number in sorted(_signs(anywhere).Match(text) or ()):
        yield from ((match, None) for match in _compiled(anywhere[number].pattern).finditer(text))


def _found(rule_id: str, anywhere: tuple[_Sign, ...]) -> Finder:
    def find(text: bytes) -> Iterator[Hit]:
        seen: set[int] = set()
        for match, command in _matches(text, anywhere):
            groups = match.groupdict()
            start, end = match.span(next(name for name in ("bare", "double", "single") if groups.get(name) is not None))
            value = plain(text[start:end])
            if start in seen or is_placeholder(value) or is_comment(text, start):
                continue
            seen.add(start)
            yield Hit(rule_id, start, end, value, (), plain(groups["key"]) if groups.get("key") else command)

    return find


_HISTORY = rule("shell-history-password", "command history", Kind.CREDENTIAL)
_SCRIPT = rule("script-password", "script", Kind.CREDENTIAL, generic=True)

FORMATS: tuple[Format, ...] = (
    Format(
        (
            *(
                ".*_history",
                "*_history",
                ".history",
                "*.history",
                ".histfile",
                "history.txt",
                "consolehost_history.txt",
                "*.hist",
                ".zhistory",
                ".dbshell",
            ),
            *(".bash_history.*", ".bash_history-*"),
        ),
        (_HISTORY,),
        _found(_HISTORY.id, _ANYWHERE + _DATABASE),
    ),
    Format(
        (
            *(
                "docker-compose*.yml",
                "compose*.yml",
                "*.sh",
                "*.bash",
                "*.zsh",
                "*.fish",
                "*.bat",
                "*.cmd",
                "*.ps1",
                "dockerfile",
                "dockerfile.*",
                "*.dockerfile",
                "containerfile",
            ),
            *(
                "jenkinsfile",
                "jenkinsfile.*",
                "makefile",
                "*.mk",
                "justfile",
                "procfile",
                "vagrantfile",
                "crontab",
                "*.cron",
                "entrypoint",
            ),
            *(
                ".bashrc",
                ".bash_profile",
                ".profile",
                ".zshrc",
                ".zshenv",
                ".zprofile",
                ".bash_aliases",
                ".gitlab-ci.yml",
            ),
        ),
        (_SCRIPT,),
        _found(_SCRIPT.id, _ANYWHERE),
    ),
)
