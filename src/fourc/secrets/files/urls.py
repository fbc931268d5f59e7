"""Passwords in the middle of a value: URLs with a user, JDBC and DSN strings, connection strings of ADO.NET and Azure."""

from collections.abc import Iterator

from fourc.secrets.late import late

# RFC 3986 3.2.1; a password that was not encoded may hold `@` and `/`, so the last `@` before a space or a quote ends it.
_URL = late(
    rb"""(?x) (?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{1,30}+:)++//[^\s"'`:@/?\#<>,;]{0,128}+ :
    (?P<p>[^\s"'`<>/?\#,;@\\]{1,200}(?:@[^\s"'`<>/?\#,;@.:\\]{1,40})?) @ (?=[\w\[.-])"""
)
_PARAMETER = late(
    rb"""(?ix) (?:^|[;?&"'\s]|amp;)(?:password|pwd|passwd|pass|[a-z]{0,20}password|accountkey|sharedaccesskey|sharedsecret|secret|
    access_?token|auth_?token|api_?key|client_?secret|secretkey|sig)\s{0,4}=\s{0,4}
    (?P<p>"[^"]{1,200}"|'[^']{1,200}'|[^\s;&"'<>]{1,500})"""
)
# https://github.com/go-sql-driver/mysql#dsn-data-source-name
_GO = late(rb"""(?:^|["'\s])[\w.-]{1,64}:(?P<p>[^\s"'`:]{1,100})@(?:tcp|unix)\(""")
# https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/data-sources-and-URLs.html
_ORACLE = late(rb"jdbc:oracle:\w{1,10}:[\w.$#-]{1,64}/(?P<p>[^\s@\"'/]{1,100})@")
_CONNECTION = late(rb"(?i)[;?&]|=[^=]*\s\w+=|host=")
_MAX_LENGTH = 8192  # of a value; nobody writes a longer address


def is_address(value: bytes) -> bool:
    """Whether a value is one of these, so that it is no secret as a whole."""
    return b"://" in value or b"jdbc:" in value


def passwords(text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the passwords between `start` and `end`, each once."""
    if end - start > _MAX_LENGTH:
        return
    value = text[start:end]
    seen = -1
    patterns = [_URL] if b"://" in value else []
    if b"=" in value and _CONNECTION.search(value):
        patterns.append(_PARAMETER)
    if b"@" in value:
        patterns += [_GO, _ORACLE]
    for pattern in patterns:
        for match in pattern.finditer(value):
            a, b = match.span("p")
            if value[a] in b"\"'" and b - a > 2:
                a, b = a + 1, b - 1
            if a != seen:
                seen = a
                yield start + a, start + b
