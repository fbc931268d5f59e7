"""Host names in texts: variables, arguments and configuration, without knowing the program that reads them.

What stands in a host's place counts: after a scheme, before a port, or as the whole value of a field whose name speaks of
a host. A bare word in prose does not.
"""

import ipaddress
import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from msgspec import Struct


class Sign(Enum):
    """What shows that a word is a host: its scheme, its port, the name of its field, or nothing."""

    SCHEME = "scheme"
    FIELD = "field"
    PORT = "port"
    NONE = "none"


class Host(Struct, frozen=True):
    """A name or address with the port that is written or that its scheme stands for.

    A bare word (no sign) counts only where a Service of that name was read.
    """

    name: str
    port: int | None
    sign: Sign = Sign.NONE

    @property
    def placed(self) -> bool:
        """Whether something shows that it is a host."""
        return self.sign is not Sign.NONE


_PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "redis": 6379, "rediss": 6379, "mysql": 3306, "mariadb": 3306,
    "postgres": 5432, "postgresql": 5432, "mongodb": 27017, "mongodb+srv": 27017, "amqp": 5672, "amqps": 5671,
    "nats": 4222, "kafka": 9092, "ldap": 389, "ldaps": 636, "smtp": 25, "smtps": 465, "memcached": 11211, "nacos": 8848,
    "zookeeper": 2181, "sqlserver": 1433, "clickhouse": 8123, "bolt": 7687, "ftp": 21, "ssh": 22, "git": 9418,
}  # fmt: skip
_SPLIT = re.compile(r"""[\s,;'"()\[\]{}<>|&`\\=]+""")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)\.?(?::(\d{{1,5}}))?\Z")
_SCHEME = re.compile(r"(?:jdbc:)?(?:[a-z]+:)*?([a-z][a-z0-9+.-]*):(?:[a-z]+:)*//", re.IGNORECASE)
_HOSTISH = re.compile(
    r"host|addr|server|url|uri|endpoint|upstream|backend|target|service|broker|node|peer|seed|contact|dsn|proxy|master"
    r"|primary|replica|redis|mysql|postgres|mongo|kafka|rabbit|amqp|elastic|listen_to|connect|remote|domain|gateway"
    r"|registry|nacos|eureka|consul|zookeeper|apollo|issuer|issue|api\b|db\b|link|join|cluster",
    re.IGNORECASE,
)
_NAMES_ELSE = re.compile(
    r"(?:^|[_.-])(?:user|username|passw(?:or)?d|database|db|schema|namespace|bucket|topic|group|label|tag|version|mode"
    r"|profiles?|token|secret|prefix|level|db_?name|database_?name)$",
    re.IGNORECASE,
)
_INJECTED = re.compile(r"\$[({]?([A-Z][A-Z0-9_]*)_SERVICE_HOST")
_FILES = frozenset({
    "yaml", "yml", "json", "conf", "cfg", "ini", "toml", "xml", "sh", "py", "js", "ts", "crt", "pem", "key", "cert", "csr",
    "properties", "html", "htm", "log", "txt", "so", "jar", "war", "go", "java", "class", "md", "sql", "lua", "tmpl", "tpl",
    "css", "png", "svg", "ico", "sock", "pid", "db", "gz", "zip", "tar", "env", "lock", "p12", "jks", "rb", "php", "cnf",
})  # fmt: skip
# Names that identify an XML or JSON schema or stand in documentation; nothing calls them.
_NO_CALL = re.compile(
    r"(?:^|\.)(?:w3\.org|java\.sun\.com|xmlsoap\.org|springframework\.org|maven\.apache\.org|json-schema\.org"
    r"|jboss\.org|localhost|localdomain)\Z|\Alocalhost",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"^\s*(?:#|//|;|--\s).*$|\s#\s.*$")
_PAIR = re.compile(r"""(?<![\w.-])["']?([A-Za-z_][\w.-]{0,80})["']?\s{0,8}[:=]\s{0,8}["']?([^\s,;"'{}\[\]()]{1,512})""")
_NO_NETWORK = frozenset({
    "file", "unix", "data", "classpath", "jar", "oci", "docker", "docker-image", "s3", "gs", "oss", "cos", "abfs", "env",
    "secret", "vault", "ref+vault", "urn", "mailto", "javascript",
})  # fmt: skip
_LONGEST, _LONGEST_WORD, _SHORT = 262_144, 1024, 200


def in_value(text: str, key: str = "") -> Iterator[Host]:
    """The hosts of a variable's value or an argument; `key` is the variable's name."""
    if text.isdecimal():
        return
    for name in _INJECTED.findall(text):
        yield Host(name.lower().replace("_", "-"), None)
    words = [word for word in _SPLIT.split(text[:_LONGEST]) if word]
    bare = not _NAMES_ELSE.search(key)
    fitting = bool(_HOSTISH.search(key)) and bare and len(words) <= 16
    for at, word in enumerate(words):
        port = words[at + 1] if at + 1 < len(words) and len(words) > 1 else ""
        yield from _hosts(word, port if port.isdecimal() else "", bare=bare, fitting=fitting)


def in_config(text: str) -> Iterator[Host]:
    """The hosts of a configuration text, line by line, comments left out."""
    for line in text[:_LONGEST].splitlines():
        bare = line.strip()
        if len(bare) > _SHORT:
            yield from _in_line(_COMMENT.sub("", bare))
        elif bare:
            yield from _in_short_line(bare)


@lru_cache(maxsize=20_000)  # dashboards and long lists say the same lines again and again
def _in_short_line(line: str) -> tuple[Host, ...]:
    return tuple(_in_line(_COMMENT.sub("", line)))


def _in_line(line: str) -> Iterator[Host]:
    item = line.lstrip().startswith("- ")
    if ":" not in line and not item and not _HOSTISH.search(line):  # no scheme, no port, no field of a host's name
        return
    words = [word for word in _SPLIT.split(line) if word]
    if not words:
        return
    for name, value in _PAIR.findall(line):
        if _HOSTISH.search(name) and not _NAMES_ELSE.search(name):
            yield from _hosts(value, "", bare=True, fitting=True)
    key = " ".join(words[:-1]) or words[0]
    item = item and len(words) <= 2
    fitting = bool(_HOSTISH.search(key)) and not _NAMES_ELSE.search(words[0].rstrip(":")) and len(words) <= 5
    for at, word in enumerate(words):
        if word.endswith(":") and at == 0:
            continue
        last = at == len(words) - 1
        yield from _hosts(word, "", bare=last and (fitting or item), fitting=last and fitting)


def _hosts(word: str, port: str, *, bare: bool, fitting: bool) -> Iterator[Host]:
    if len(word) > _LONGEST_WORD:  # a key, a picture: no URL is that long
        return
    scheme = _SCHEME.match(word)
    if scheme and scheme[1].lower() in _NO_NETWORK:
        return
    rest = (word[scheme.end() :] if scheme else word).lstrip("/" if scheme else ".")
    if not scheme and "/" in rest and ":" not in rest.partition("/")[0]:
        return
    rest = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    match = _HOST.match(rest)
    if match is None:
        return
    name = match[1].lower()
    number = int(match[2]) if match[2] else None
    if number is None and scheme:
        number = _PORTS.get(scheme[1].lower())
    sign = Sign.SCHEME if scheme else Sign.FIELD if fitting else Sign.PORT if match[2] else Sign.NONE
    if number is None and port and 0 < int(port) < 65536:
        number = int(port)
    if (number is not None and not 0 < number < 65536) or _NO_CALL.search(name) or name.isdecimal():
        return
    if bare or sign is not Sign.NONE:
        yield Host(name, number, sign)


def is_address(name: str) -> bool:
    """Whether it is an IP address that is worth a rule: not loopback, unspecified or link-local."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)


def is_public_name(host: Host) -> bool:
    """Whether it can be a name of the DNS: labels and a last one of letters that is no file's ending."""
    labels = host.name.split(".")
    last = labels[-1]
    return (
        host.placed
        and len(labels) > 1
        and len(last) > 1
        and (last.isalpha() or last.startswith("xn--"))
        and last not in _FILES
        and not (host.port is None and labels[0] in {"com", "org", "io", "net", "java", "javax", "cn"})
    )
