"""Our own ignores, of findings of every kind: `.fourc/ignore.toml`, a file that people read, review and edit.

A finding is known by its fingerprint: of a secret by its value, of everything else by the object and the rule. So a moved
line, a rebase or a squash change nothing, and another secret on the same line is another finding.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from fourc.errors import UsageError
from fourc.model.finding import Finding
from fourc.model.report import StaleIgnore
from fourc.model.text import Text, same
from fourc.secrets.ignoring.fingerprints import is_fingerprint, salt_of
from fourc.secrets.ignoring.toml_table import Table, WrongTableError
from fourc.secrets.late import late

FILE = ".fourc/ignore.toml"
EVERYWHERE = "**"
_HEADER = late(r"(?m)^(?=[ \t]*\[\[[ \t]*ignore[ \t]*\]\])")
_TOP = """\
# What fourc does not report, and why. `fourc ignore` writes it; edit it as you like, and commit it.
# The salt makes fingerprints of secrets the same for everyone who has this repository, and of no use to others: keep it.
salt = "{salt}"
"""
_MEND = Text("correct it, or write the entry anew with fourc ignore", "请修正它，或用 fourc ignore 重新写入该条目")


class Ignore(Struct, frozen=True):
    """An entry: findings with this fingerprint in files whose path fits `path` are not reported, up to and on `until`."""

    fingerprint: str
    reason: str
    rule: str = ""
    path: str = EVERYWHERE
    until: date | None = None

    def has_ended(self, today: date) -> bool:
        """Whether its end date is in the past."""
        return self.until is not None and self.until < today


class IgnoreFile(Struct, frozen=True):
    """What stands in the file."""

    salt: bytes | None = None
    ignores: tuple[Ignore, ...] = ()


class Judged(Struct, frozen=True):
    """The findings that are reported, and the entries that hid one."""

    kept: tuple[Finding, ...]
    used: frozenset[Ignore]


def ignore_file(text: str, shown: str = FILE) -> IgnoreFile:
    """What the file says.

    Raises:
        UsageError: it makes no sense: an entry without a reason, or a date that is none.
    """
    import tomllib  # noqa: PLC0415 - most folders have no such file

    try:
        table = Table.of(tomllib.loads(text))
        return IgnoreFile(_salt(table), tuple(_entry(each) for each in table.tables("ignore")))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(_WRONG.of(file=shown, why=same(str(error))), hint=_MEND) from error
    except WrongTableError as error:
        why = Text("{where}: {why}", "{where}：{why}").of(where=error.where, why=error.why)
        raise UsageError(_WRONG.of(file=shown, why=why), hint=_MEND) from error


_WRONG = Text("{file}: {why}", "{file}：{why}")


def _salt(table: Table) -> bytes | None:
    salt = salt_of(table.text("salt"))
    if salt is None and table.has("salt"):
        raise WrongTableError("salt", Text("it must be 32 hex digits", "应当是 32 位十六进制数字"))
    return salt


def _entry(table: Table) -> Ignore:
    fingerprint, reason = table.text("fingerprint"), table.text("reason")
    if not is_fingerprint(fingerprint):
        raise WrongTableError("[[ignore]]", Text("an entry has no fingerprint", "有条目没有 fingerprint"))
    if not reason.strip():
        raise WrongTableError(fingerprint, Text("it has no reason", "缺少 reason"))
    until = table.values.get("until")
    path = table.text("path") or EVERYWHERE
    return Ignore(fingerprint, reason, table.text("rule"), path, None if until is None else _date(until, fingerprint))


def _date(value: object, fingerprint: str) -> date:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    made = day(value) if isinstance(value, str) else None
    if made is None:
        raise WrongTableError(
            fingerprint, Text("until must be a date such as 2027-01-31", "until 应当是日期，例如 2027-01-31")
        )
    return made


def day(text: str) -> date | None:
    """The day that is written as `2027-01-31`; None where it is none."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def with_ignore(text: str, salt: bytes, ignore: Ignore) -> str:
    """The file's text with one more entry in place of an earlier one of the same fingerprint; all else stays as it is."""
    import tomllib  # noqa: PLC0415 - as above

    parts = _HEADER.split(text)
    if not parts[0].strip() or "salt" not in tomllib.loads(parts[0]):
        parts[0] = _TOP.format(salt=salt.hex()) + (f"\n{parts[0].lstrip()}" if parts[0].strip() else "")
    written, done = [parts[0]], False
    for part in parts[1:]:
        if ignore_file(part).ignores[0].fingerprint != ignore.fingerprint:
            written.append(part)
        elif not done:
            written.append(_block(ignore) + _after(part))
            done = True
    if not done:
        written[-1] = written[-1].rstrip("\n") + "\n\n"
        written.append(_block(ignore))
    return "".join(written)


def _block(ignore: Ignore) -> str:
    rows = ["[[ignore]]", f'fingerprint = "{ignore.fingerprint}"']
    rows += [f"rule = {_quoted(ignore.rule)}"] if ignore.rule else []
    rows += [f"path = {_quoted(ignore.path)}", f"reason = {_quoted(ignore.reason)}"]
    rows += [f"until = {ignore.until.isoformat()}"] if ignore.until else []
    return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    """The text as TOML's basic string, which is JSON's but for one character."""
    import json  # noqa: PLC0415 - most runs write nothing

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _after(part: str) -> str:
    """The comments and empty lines at the end of an entry: they are about the next one."""
    tail: list[str] = []
    for line in reversed(part.splitlines(keepends=True)):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        tail.append(line)
    return "".join(reversed(tail))


def judged(findings: Iterable[Finding], ignores: Sequence[Ignore], today: date, prefix: str = "") -> Judged:
    """The findings without what is ignored; `prefix` stands before a path to make it one of the ignore file's folder."""
    by_print: dict[str, list[Ignore]] = {}
    for ignore in ignores:
        if not ignore.has_ended(today):
            by_print.setdefault(ignore.fingerprint, []).append(ignore)
    kept: list[Finding] = []
    used: set[Ignore] = set()
    for found in findings:
        left: Finding | None = found
        for ignore in by_print.get(found.fingerprint, ()):
            before, left = left, _without(left, ignore, prefix) if left else None
            if left is not before:
                used.add(ignore)
        if left is not None:
            kept.append(left)
    return Judged(tuple(kept), frozenset(used))


def _without(found: Finding, ignore: Ignore, prefix: str) -> Finding | None:
    """The finding without the places that the entry is about; None where none is left."""
    where = found.location
    if where is None:
        return None if fits(prefix + found.origin.path, ignore.path) else found
    places = (where, *found.places)
    left = tuple(place for place in places if not fits(prefix + place.path, ignore.path))
    if len(left) == len(places):
        return found
    return replace(found, location=left[0], places=left[1:]) if left else None


def stale(
    ignores: Sequence[Ignore], used: frozenset[Ignore], today: date, could_tell: Callable[[Ignore], bool]
) -> Iterator[StaleIgnore]:
    """Entries that hide nothing: those that have ended and, where the run `could_tell`, those that nothing fitted."""
    for ignore in ignores:
        if ignore.until is not None and ignore.has_ended(today):
            yield _stale(ignore, _ENDED.of(day=ignore.until.isoformat()))
        elif ignore not in used and could_tell(ignore):
            yield _stale(ignore, _UNUSED)


def _stale(ignore: Ignore, why: Text) -> StaleIgnore:
    return StaleIgnore(ignore.fingerprint, ignore.rule, ignore.reason, why)


_ENDED = Text("it ended on {day} and hides nothing any more", "已于 {day} 到期，不再隐藏任何内容")
_UNUSED = Text("nothing fits it any more", "已没有与之对应的内容")


def fits(path: str, glob: str) -> bool:
    """Whether a path fits a glob: `*` and `?` within a folder's name, `**` over any number of folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.fullmatch("".join(meant.get(part) or re.escape(part) for part in parts), path, re.DOTALL) is not None
