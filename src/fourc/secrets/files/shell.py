"""Commands with a password in them, in shell and database histories and in scripts.

Each row is a command and how its documentation says that it takes the password.
"""

import re
from collections.abc import Iterator
from functools import cache

from fourc.secrets.files.format import Finder, Format, is_comment, rule
from fourc.secrets.files.leaf import plain
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind

_SECRET = r"""(?:"(?P<double>(?:[^"\\$`\r\n]|\\.)+)"|'(?P<single>[^'\r\n]+)'|(?P<bare>[^\s"'$;|&<>(){}`\\][^\s"'$;|&<>(){}`]*))"""
_REST = r"(?:[^\n|;&]|\\\r?\n){0,600}?"  # options before it, of the same command
_UNQUOTED = r"(?P<bare>[^\s\"'$`|;]+)"

_COMMANDS = {
    # https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html: -pX without a space
    r"(?:mysql|mariadb)(?:dump|admin|check|import|show|pump|sh|slap|-\w+)?": (rf"{_REST}\s(?:-p|--password=){_SECRET}",),
    r"psql|pg_dump|pg_restore|createdb": (rf"{_REST}\bpassword={_SECRET}",),
    r"(?:redis|valkey|keydb)-cli": (rf"{_REST}\s(?:-a|--pass)[ =]*{_SECRET}",),
    r"mongo(?:sh|dump|restore|export|import|stat|top)?": (rf"{_REST}\s(?:-p|--password)[ =]{_SECRET}",),
    r"sqlcmd|bcp|osql|isql": (rf"{_REST}\s-P ?{_SECRET}",),
    r"sqlplus|expdp|impdp|sqlldr|rman": (rf"{_REST}\s(?:target )?[\w$]+/(?P<bare>[^\s@/\"';$]+)(?=@|\s|\Z)",),
    r"clickhouse-client|influx|cqlsh|beeline|couchbase-cli|arangosh|neo4j-admin|cypher-shell": (
        rf"{_REST}\s(?:-p|--password)[ =]{_SECRET}",
    ),
    # https://curl.se/docs/manpage.html#-u
    r"curl|https?|wget|xh": (
        rf"{_REST}\s(?:-u|--user|-a|--auth|-U|--proxy-user)[ =]?[\"']?[^\s:\"'$]{{1,128}}:{_UNQUOTED}",
        rf"{_REST}\s--(?:http-|ftp-|proxy-)?password[ =]{_SECRET}",
    ),
    # https://docs.docker.com/reference/cli/docker/login/
    r"docker|podman|buildah|skopeo|nerdctl|crane|oras|helm|ctr": (
        rf"\s{_REST}login{_REST}\s(?:-p|--password)[ =]?(?!-stdin){_SECRET}",
        rf"{_REST}\s--(?:src-|dest-)?creds[ =][^\s:]+:{_UNQUOTED}",
        rf"{_REST}\s--set(?:-string)?[ =][\"']?(?:[^\s\"']*,)?(?P<key>[\w.\[\]-]*(?i:password|secret|token|passwd|apikey))={_UNQUOTED}",
    ),
    r"sshpass": (rf"\s+-p ?{_SECRET}",),
    r"lftp": (rf"{_REST}\s-u ?[^\s,]+,{_UNQUOTED}",),
    r"ncftp\w*|ftp|tnftp": (rf"{_REST}\s-p ?{_SECRET}",),
    r"smbclient|rpcclient|smbmap|net|winexe": (rf"{_REST}\s-U ?[\"']?[^\s%\"']+%{_UNQUOTED}",),
    r"mount": (rf"{_REST}\bpass(?:word)?=(?P<bare>[^\s,\"'$]+)",),
    r"ldap(?:search|add|modify|delete|whoami|passwd)": (rf"{_REST}\s-w ?{_SECRET}",),
    r"xfreerdp|rdesktop": (rf"{_REST}\s(?:/p:|-p ?){_SECRET}",),
    r"zip|unzip|7za?|rar|unrar": (rf"{_REST}\s(?:-P ?|--password[ =]|-p(?=\S)){_SECRET}",),
    r"openssl": (rf"{_REST}\s-(?:pass|passin|passout|k)\s+(?:pass:)?(?!file:|env:|fd:|stdin){_SECRET}",),
    r"keytool|jarsigner": (rf"{_REST}\s-(?:storepass|keypass|srcstorepass|deststorepass)\s+{_SECRET}",),
    r"gpg2?": (rf"{_REST}\s--passphrase[ =]{_SECRET}",),
    # https://httpd.apache.org/docs/current/programs/htpasswd.html: -b takes it from the line, -n has no file
    r"htpasswd": (rf"\s+-\w*n\w*b\w*\s+[^\s-]\S*\s+{_SECRET}", rf"\s+-\w*b\w*\s+(?:-\w+\s+)*\S+\s+\S+\s+{_SECRET}"),
    r"useradd|usermod": (rf"{_REST}\s(?:-p|--password)[ =]{_SECRET}",),
    r"echo|printf": (
        r"\s+(?:-\w+\s+)*[\"']?(?P<key>[\w.-]+):(?P<bare>[^\s:\"'$|]+)[\"']?\s*\|\s*(?:sudo\s+)?chpasswd",
        r"\s+(?:-\w+\s+)*[\"']?(?P<bare>[^\s\"'$|]+)[\"']?\s*\|\s*(?:sudo\s+(?:-\w+\s+)*-\w*S|passwd\s+--stdin|(?:\w+\s+)+login\b)",
    ),
    r"rabbitmqctl": (rf"{_REST}\s(?:add_user|change_password|authenticate_user)\s+\S+\s+{_SECRET}",),
    r"aws": (rf"\s+configure\s+set\s+\S*(?:secret_access_key|session_token)\s+{_SECRET}",),
    r"vault|npm|cargo|doctl|heroku": (
        rf"\s+(?:login|config\s+set\s+\S*_auth(?:Token)?|auth\s+init\s+-t|auth:token)[ =]+(?:token=)?(?!-){_SECRET}",
    ),
    r"az|twine|oc|argocd|svn|cf|rsync|rclone|ansible\w*|glab|gh": (rf"{_REST}\s(?:-p|--(?:password|token))[ =]{_SECRET}",),
    r"mc": (rf"\s+(?:alias\s+set|config\s+host\s+add)\s+\S+\s+\S+\s+\S+\s+{_SECRET}",),
    # https://kubernetes.io/docs/reference/kubectl/generated/kubectl_create/
    r"kubectl": (
        rf"{_REST}--from-literal[ =][\"']?(?P<key>[\w.-]+)={_UNQUOTED}",
        rf"{_REST}--(?:docker-password|password|token)[ =]{_SECRET}",
    ),
    # PowerShell
    r"ConvertTo-SecureString": (rf"\s{_REST}(?:-String\s+)?{_SECRET}{_REST}-AsPlainText",),
}

# What stands anywhere: a name that says so, a header, an option, a URL with a user (RFC 3986, 3.2.1).
_NAME = r"[A-Za-z_]*(?i:password|passwd|pwd|secret|token|api_?key|access_?key|secret_?key|private_?key|passphrase|auth_?key|credential)s?"
_ANYWHERE = (
    rf"(?:^|(?<=[\s;&(\"']))(?P<key>{_NAME})=(?![=~]){_SECRET}",
    rf"^[ \t]*(?:ENV|ARG)[ \t]+(?P<key>{_NAME})[ \t]+{_SECRET}",
    rf"\bset\s+-\w*x\w*\s+(?P<key>{_NAME})\s+{_SECRET}",
    rf"(?<=\s)--?(?P<key>(?:\w+-)*(?:password|passwd|secret|token|api-?key|secret-?key|access-?key-secret))[ =](?!-){_SECRET}",
    r"(?P<key>(?i:authorization|x-api-key|x-auth-token|private-token|x-vault-token|job-token|api-key)):\s*(?:(?i:bearer|basic|token)\s+)?"
    r"(?P<bare>[^\s\"'$<{\\]{6,})",
    r"\b[a-z][a-z0-9+.-]{1,30}://[^\s:@/\"'$]{0,128}:(?P<bare>[^\s@/\"'${}<>]+)@(?=[\w\[])",
    r"\bhttps?://(?P<bare>[^\s:@/\"'${}<>]{20,200})@(?=[\w\[])",
)
# https://dev.mysql.com/doc/refman/8.4/en/create-user.html, https://www.postgresql.org/docs/current/sql-createrole.html,
# https://www.mongodb.com/docs/manual/reference/method/db.auth/, https://redis.io/docs/latest/commands/auth/
_DATABASE = (
    r"(?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?[\"'](?P<bare>[^\"'\r\n]+)[\"']",
    r"(?i)\b(?:user|role|login)\s[^\n;]{0,200}?\b(?P<key>password)\s*=?\s*'(?P<bare>[^'\r\n]+)'",
    r"(?i)\bset\s+(?P<key>password)\b[^\n;]{0,200}?=\s*(?:password\()?'(?P<bare>[^'\r\n]+)'\)?\s*;",
    r"\bdb\.auth\(\s*[\"'][^\"']{0,100}[\"']\s*,\s*[\"'](?P<bare>[^\"'\r\n]+)[\"']",
    r"(?:^|(?<=[\s{,]))[\"']?(?P<key>pwd)[\"']?\s*:\s*[\"'](?P<bare>[^\"'\r\n]+)[\"']",
    r"^(?i:auth)[ \t]+(?:\S+[ \t]+)?[\"']?(?P<bare>[^\s\"']+)[\"']?[ \t]*\r?$",
    r"^(?i:config\s+set)\s+(?P<key>(?i:requirepass|masterauth))\s+[\"']?(?P<bare>[^\s\"']+)",
)

_WORDS = rf"(?<![\w.$-])(?:{'|'.join(f'({words})' for words in _COMMANDS)})(?=[ \t])"


@cache  # compiled when the first script is met
def _compiled(patterns: tuple[str, ...]) -> list[re.Pattern[bytes]]:
    return [re.compile(pattern.encode(), re.MULTILINE) for pattern in patterns]


def _matches(text: bytes, patterns: tuple[str, ...]) -> Iterator[tuple[re.Match[bytes], str | None]]:
    """What says a password, and the command that it is for."""
    after = tuple(_COMMANDS.values())
    for word in _compiled((_WORDS,))[0].finditer(text):
        for pattern in _compiled(after[(word.lastindex or 1) - 1]):
            if match := pattern.match(text, word.end()):
                yield match, plain(word[0])
    for pattern in _compiled(patterns):
        yield from ((match, None) for match in pattern.finditer(text))


def _found(rule_id: str, patterns: tuple[str, ...]) -> Finder:
    def find(text: bytes) -> Iterator[Hit]:
        seen: set[int] = set()
        for match, command in _matches(text, patterns):
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
            *(".*_history", "*_history", ".history", "*.history", ".histfile", "history.txt", "*.hist", ".zhistory", ".dbshell"),
            *(".bash_history.*", ".bash_history-*"),
        ),
        (_HISTORY,),
        _found(_HISTORY.id, _ANYWHERE + _DATABASE),
    ),
    Format(
        (
            *("*.sh", "*.bash", "*.zsh", "*.fish", "*.bat", "*.cmd", "*.ps1", "dockerfile", "dockerfile.*", "*.dockerfile", "containerfile"),
            *("jenkinsfile", "jenkinsfile.*", "makefile", "*.mk", "justfile", "procfile", "vagrantfile", "crontab", "*.cron", "entrypoint"),
            *(".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".zprofile", ".bash_aliases", ".gitlab-ci.yml"),
        ),
        (_SCRIPT,),
        _found(_SCRIPT.id, _ANYWHERE),
    ),
)
