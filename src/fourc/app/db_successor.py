"""Whether a database of known vulnerabilities may take the place of the one that is there: it must not know less."""

from collections.abc import Iterator

from msgspec import Struct

from fourc.model.text import Text, join, same
from fourc.vulns.database import Database
from fourc.vulns.database.file import DatabaseError

_ELDER = Text("{source} is of {date}, older than yours of {mine}", "{source} 的日期为 {date}，早于现有的 {mine}")
_POORER = Text(
    "{source} is of {date} as yours is, but holds less: {less}", "{source} 与现有数据库同为 {date}，但内容更少：{less}"
)
_FEWER = Text("{n} vulnerabilities instead of {mine}", "{n} 个漏洞，而现有 {mine} 个")
_LACKS = Text("nothing of {ecosystems}", "缺少 {ecosystems}")
_MORE = Text("{n} more", "另外 {n} 种")
_NAMES = 5
_FORCE = Text(
    "a mirror may lag behind, and who holds updates back hides vulnerabilities; if you do want it: --force",
    "镜像源可能滞后，扣住更新也会掩盖漏洞；如确实需要，请使用 --force",
)
_WHOLE = Text(
    "yours stays; it was most likely built from fewer advisories: build it from all of them, or name another source; if you do"
    " want it: --force",
    "现有数据库保持不变；新的可能由较少的公告生成：请用全部公告重新生成，或指定其他来源；如确实需要，请使用 --force",
)


class BehindError(DatabaseError):
    """The database is older than the one that is there, or of the same day and knows less."""


class Standing(Struct, frozen=True):
    """A database as another one is compared with it: its digest (hex) and day, and how much it holds of what."""

    digest: str
    date: str
    vulnerabilities: int
    ecosystems: tuple[str, ...]

    @classmethod
    def of(cls, database: Database) -> "Standing":
        """That of an open database."""
        about = database.about
        held = tuple(each.ecosystem for each in about.coverage if each.vulnerabilities)
        return cls(database.digest, about.date, about.vulnerabilities, held)


def check_successor(came: Standing, present: Standing, source: str) -> None:
    """Refuse what would make the user know less; of a newer day fewer are fine, since advisories are withdrawn.

    Raises:
        BehindError: it is older, or of the same day with fewer vulnerabilities, or without an ecosystem.
    """
    if came.date < present.date:
        raise BehindError(_ELDER.of(source=source, date=came.date, mine=present.date), hint=_FORCE)
    less = [*_less(came, present)] if came.date == present.date else []
    if less:
        raise BehindError(_POORER.of(source=source, date=came.date or "-", less=join(less)), hint=_WHOLE)


def _less(came: Standing, present: Standing) -> Iterator[Text]:
    """In what a database is poorer."""
    if came.vulnerabilities < present.vulnerabilities:
        yield _FEWER.of(n=came.vulnerabilities, mine=present.vulnerabilities)
    lacking = [same(each) for each in present.ecosystems if each not in came.ecosystems]
    if lacking:
        more = [_MORE.of(n=len(lacking) - _NAMES)] if len(lacking) > _NAMES else []
        yield _LACKS.of(ecosystems=join([*lacking[:_NAMES], *more]))
