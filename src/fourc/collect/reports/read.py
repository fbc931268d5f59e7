"""Which scanner a report is of, and what it tells."""

import msgspec
from msgspec import Raw, Struct

from fourc.collect.reports.found import Imported, ReportError, refused
from fourc.collect.reports.grype import read_grype
from fourc.collect.reports.trivy import read_trivy
from fourc.model.text import Text, same

MAX_BYTES = 100 * 1024 * 1024
MAX_PARTS = 1_500_000
"""Objects in the report; a package or a vulnerability has about ten."""
_ABSENT = Raw(b"")
_READERS = {"trivy": read_trivy, "grype": read_grype}


class _Marks(Struct, frozen=True):
    """What tells the two reports apart."""

    Results: Raw = _ABSENT
    ArtifactName: Raw = _ABSENT
    matches: Raw = _ABSENT


def read_report(path: str, data: bytes, scanner: str = "") -> Imported:
    """The packages and vulnerabilities of a report of `trivy` or `grype`; without a name the content tells which.

    Raises:
        ReportError: it is neither, or is broken.
    """
    if len(data) > MAX_BYTES:
        raise refused(path, Text("it is larger than 100 MiB", "它大于 100 MiB"))
    if data.count(b"{") > MAX_PARTS:
        raise refused(path, Text("it has more than 1,500,000 parts", "它包含超过 1,500,000 个部分"))
    plain = data.removeprefix(b"\xef\xbb\xbf")
    try:
        reader = _READERS.get(scanner) or _READERS.get(_scanner(plain))
        if reader is None:
            raise refused(path, Text("it is neither of trivy nor of grype", "它既不是 trivy 也不是 grype 的报告"))
        return reader(plain)
    except msgspec.DecodeError as error:
        raise refused(path, same(str(error))) from error
    except RecursionError as error:
        raise refused(path, Text("it is nested too deep", "嵌套过深")) from error


def _scanner(data: bytes) -> str:
    marks = msgspec.json.decode(data, type=_Marks)
    if marks.matches is not _ABSENT:
        return "grype"
    return "trivy" if _ABSENT is not marks.Results or _ABSENT is not marks.ArtifactName else ""


__all__ = ["Imported", "ReportError", "read_report"]
