"""What somebody has said of vulnerabilities already: VEX documents that were named, and the files of `.trivyignore`."""

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from fourc.collect.named_file import Hints, named_file
from fourc.model.package import Listing
from fourc.model.purl import purl_of
from fourc.model.text import Text
from fourc.model.vex import VexStatement, applies
from fourc.model.vulnerability import Match

_IGNORES = (".trivyignore", ".trivyignore.yaml", ".trivyignore.yml")
_MOST_BYTES = 64 << 20
_HINTS = Hints(
    special=Text("name another file", "请指定另一个文件"),
    unread=Text("name another file, or see its permissions", "请指定另一个文件，或检查其权限"),
    large=Text("name a smaller file", "请指定更小的文件"),
)


class Judgements(Struct, frozen=True):
    """The statements that count today, the newest last."""

    statements: tuple[VexStatement, ...] = ()

    def clear(self, match: Match, listings: Sequence[Listing], inside: str = "") -> bool:
        """Whether the last statement about the match says that there is nothing to do; `inside` is the image's package URL.

        A statement about some files counts where every file that the package stands in is among them.
        """
        if not self.statements:
            return False
        ids = (match.vulnerability.id, *match.vulnerability.aliases)
        there = [listing for listing in listings if match.package in listing.packages]
        distribution = next((one.distribution for one in there if one.distribution is not None), None)
        purl = purl_of(match.package, distribution)
        paths = [match.package.path or listing.path for listing in there]
        about = [s for s in self.statements if applies(s, purl, ids, within=inside) and _in_files(s, paths)]
        return bool(about) and about[-1].clears


def _in_files(statement: VexStatement, paths: Sequence[str]) -> bool:
    return not statement.paths or all(any(fnmatch(path, glob) for glob in statement.paths) for path in paths)


def judgements_for(folders: Iterable[Path], named: Sequence[str] = ()) -> Judgements:
    """What lies in the folders for trivy to pass over, then what the documents that were named say.

    Raises:
        UsageError: a file cannot be read or makes no sense.
        VexError: a document is neither OpenVEX nor CSAF.
    """
    found: list[VexStatement] = []
    for folder in dict.fromkeys(folders):
        for name in _IGNORES:
            file = folder / name
            if file.is_file():
                from fourc.vulns.trivy_ignore import trivyignore, trivyignore_yaml  # noqa: PLC0415 - most have none

                data = named_file(str(file), _MOST_BYTES, _HINTS)
                text = data.decode("utf-8", "replace")
                found += trivyignore(str(file), text) if name == _IGNORES[0] else trivyignore_yaml(str(file), data)
    for document in named:
        from fourc.vulns.vex import vex_statements  # noqa: PLC0415 - most runs name none

        found += vex_statements(document, named_file(document, _MOST_BYTES, _HINTS))
    today = date.today().isoformat()  # noqa: DTZ011 - the day where the person is
    return Judgements(tuple(s for s in found if not s.until or s.until > today))
