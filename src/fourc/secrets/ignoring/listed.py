"""Lists of secrets that other scanners keep, and our own baseline: what is on one is known, and not reported again.

A list that holds the secrets, whole or hashed, is asked by content: a line that moved stays known, and another secret on a
listed line does not become so. Where it holds no content (`.gitleaksignore`, a redacted report) the line decides.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from fourc.errors import UsageError
from fourc.model.text import Text
from fourc.secrets.ignoring.fingerprints import is_fingerprint
from fourc.secrets.ignoring.sight import CATCH_ALL, Sight

Listed = Callable[[Sight], bool]
"""Whether a list has the sight."""

_SHA256_DIGITS = 64
_SHORTEST = 4
"""Characters from which on a part of a listed secret is taken for it."""
_UNKNOWN = Text("{file} is no list of known secrets", "{file} 不是已知密钥的列表")
_FORMATS = Text(
    "name a JSON report of gitleaks, a .secrets.baseline of detect-secrets, or what fourc baseline write made",
    "请指定 gitleaks 的 JSON 报告、detect-secrets 的 .secrets.baseline，或 fourc baseline write 生成的文件",
)


class GitleaksIgnore(Struct, frozen=True):
    """`.gitleaksignore`: `path:rule:line`, or with the commit before it, one a line; the line is that of the name, if any."""

    anywhere: frozenset[tuple[str, str, int]] = frozenset()
    in_commits: frozenset[tuple[str, str, str, int]] = frozenset()
    digests: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> "GitleaksIgnore":
        """What the file lists; a line that is none of its forms is passed over, as gitleaks does.

        betterleaks writes the SHA-256 of the secret alone.
        """
        anywhere, commits, digests = set(), set(), set()
        for line in filter(None, map(str.strip, text.splitlines())):
            parts = line.split(":")
            if len(parts) == 1 and len(line) == _SHA256_DIGITS:
                digests.add(line.lower())
            elif not line.startswith("#") and parts[-1].isdecimal():
                path = parts[-3].replace("\\", "/") if len(parts) >= 3 else ""
                if len(parts) == 3:
                    anywhere.add((path, parts[-2], int(parts[-1])))
                elif len(parts) == 4:
                    commits.add((parts[0], path, parts[-2], int(parts[-1])))
        return cls(frozenset(anywhere), frozenset(commits), frozenset(digests))

    def lists(self, sight: Sight) -> bool:
        """Whether the sight is listed."""
        places = {(sight.path, name, line) for name in sight.names for line in (sight.line, sight.name_line)}
        if places & self.anywhere:
            return True
        if sight.commit and {(sight.commit, *place) for place in places} & self.in_commits:
            return True
        if not self.digests:
            return False
        import hashlib  # noqa: PLC0415 - as below

        return hashlib.sha256(sight.value.encode()).hexdigest() in self.digests


class _Known(Struct, frozen=True):
    """An entry of a gitleaks report."""

    secret: str
    match: str
    first: int
    last: int
    rule: str

    @property
    def is_redacted(self) -> bool:
        """Whether it does not tell the secret; a rule about the file itself has none."""
        return self.secret in {"", "REDACTED"} or self.secret.endswith("...")

    def is_it(self, sight: Sight) -> bool:
        if self.is_redacted:
            near = self.first <= sight.last_line and sight.line <= max(self.last, 1)
            return near and (self.rule == CATCH_ALL or self.rule in sight.names)
        mine = ["".join(v.split()) for v in (sight.value, sight.raw) if v]
        secret, match = ("".join(v.split()) for v in (self.secret, self.match))
        return any(
            v == secret
            or (len(v) >= _SHORTEST and (v in match or v in secret))
            or (len(secret) >= _SHORTEST and secret in v)
            for v in mine
        )


class GitleaksReport(Struct, frozen=True):
    """A JSON report of gitleaks (or betterleaks, which writes the same): by path what stood there.

    Its paths begin where gitleaks was called, ours in the folder scanned: the end of the longer one is the other. So `ends`
    holds every entry under each end of its path too.
    """

    known: Mapping[str, Sequence[_Known]]
    ends: Mapping[str, Sequence[_Known]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> "GitleaksReport":
        """The report of its rows; raises `KeyError`, `TypeError` or `ValueError`."""
        known: dict[str, list[_Known]] = defaultdict(list)
        ends: dict[str, list[_Known]] = defaultdict(list)
        for row in rows:
            first = _number(row["StartLine"])
            path = str(row["File"]).replace("\\", "/")
            entry = _Known(
                str(row["Secret"]),
                str(row["Match"]),
                first,
                max(first, _number(row["EndLine"])),
                str(row["RuleID"]),
            )
            known[path].append(entry)
            for end in _ends(path):
                ends[end].append(entry)
        return cls(known, ends)

    def lists(self, sight: Sight) -> bool:
        """Whether the sight is what the report has in this file."""
        here = [self.known.get(path, ()) for path in (sight.path, *_ends(sight.path))]
        return any(known.is_it(sight) for listed in (*here, self.ends.get(sight.path, ())) for known in listed)


class SecretsBaseline(Struct, frozen=True):
    """`.secrets.baseline` of detect-secrets: by path the SHA-1 of every secret there."""

    hashes: Mapping[str, frozenset[str]]

    def lists(self, sight: Sight) -> bool:
        """Whether the sight is listed."""
        known = self.hashes.get(sight.path)
        return known is not None and any(_sha1(text) in known for text in (sight.value, sight.raw) if text)


class Baseline(Struct, frozen=True):
    """A list that was read, by its file: what it says of a sight, or the fingerprints and the salt that our own one holds."""

    file: str
    lists: Listed = lambda _: False
    fingerprints: frozenset[str] = frozenset()
    salt: str | None = None


def baseline_of(text: str, shown: str) -> Baseline:
    """The list that a file holds, by its content.

    Raises:
        UsageError: it is none of those that are known.
    """
    import json  # noqa: PLC0415 - as below

    try:
        data = json.loads(text)
        if isinstance(data, list):
            return Baseline(shown, GitleaksReport.of(data).lists)
        if "results" in data:
            found = {
                str(path).replace("\\", "/"): frozenset(str(row["hashed_secret"]) for row in rows)
                for path, rows in data["results"].items()
            }
            return Baseline(shown, SecretsBaseline(found).lists)
        prints = frozenset(str(row["fingerprint"]) for row in data["known"])
        if all(map(is_fingerprint, prints)):
            return Baseline(shown, fingerprints=prints, salt=str(data["salt"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(_UNKNOWN.of(file=shown), hint=_FORMATS) from error
    raise UsageError(_UNKNOWN.of(file=shown), hint=_FORMATS)


def _ends(path: str) -> list[str]:
    """The path without its first folder, without its first two, and so on."""
    parts = path.split("/")
    return ["/".join(parts[at:]) for at in range(1, len(parts))]


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    raise TypeError(value)


def _sha1(text: str) -> str:
    import hashlib  # noqa: PLC0415 - most folders have no list

    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
