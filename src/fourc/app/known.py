"""What is wrong today, by fingerprint: for an ignore that names one, and for baselines."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.ignoring import Own, Salting, own_ignores
from fourc.app.look import look
from fourc.app.request import Request, folder_of
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.errors import UsageError
from fourc.model.finding import Finding
from fourc.model.text import Text
from fourc.secrets.ignoring.fingerprints import is_fingerprint
from fourc.secrets.ignoring.listed import baseline_of
from fourc.secrets.ignoring.own import IgnoreFile

_SHORTEST = 4


def findings_of(request: Request, own: Own, *, history: bool = False) -> tuple[Finding, ...]:
    """Everything that the scans find, configuration and packages first, by these ignores."""
    config = look(replace(request, own=own, packages=True)).findings
    scan = SecretScan(request.paths, read_ignored=request.read_ignored, history=history, own=own)
    return (*config, *scan_secrets(scan).findings)


def named(request: Request, word: str) -> Finding | None:
    """The finding with this fingerprint, or the only one whose fingerprint begins so; ignored ones count.

    None where a whole fingerprint is given that nothing in the folder has: the history may hold its secret.

    Raises:
        UsageError: several begin so, or none does and it is no fingerprint.
    """
    own = own_ignores(folder_of(request))
    everything = replace(own, said=IgnoreFile(own.said.salt))
    found = {f.fingerprint: f for f in findings_of(request, everything) if f.fingerprint.startswith(word)}
    if len(found) == 1 and len(word) >= _SHORTEST:
        return next(iter(found.values()))
    if not found and is_fingerprint(word):
        return None
    several = Text("more than one finding has the id {id}", "id {id} 对应多个问题")
    none = Text("no finding has the id {id}", "没有 id 为 {id} 的问题")
    raise UsageError(
        (several if found else none).of(id=word),
        hint=Text(
            "the ids (16 hex digits) are the fingerprints of -f json",
            "id（16 位十六进制数字）是 -f json 中的 fingerprint",
        ),
    )


class Difference(Struct, frozen=True):
    """Against a baseline: findings that it lacks, and rows of it that no finding has any more."""

    new: tuple[Finding, ...]
    gone: tuple[dict[str, str], ...]
    kept: tuple[dict[str, str], ...]


def written(findings: Iterable[Finding], own: Own) -> str:
    """The baseline of these findings: fingerprints, and where each was, for people; no secret is in it."""
    rows = [{"fingerprint": f.fingerprint, "rule": f.rule, "path": f.origin.path} for f in findings]
    return _text(rows, Salting(own).salt.hex())


def difference(text: str, shown: str, findings: Sequence[Finding]) -> Difference:
    """What changed since a baseline was written.

    Raises:
        UsageError: it is none of ours.
    """
    if not baseline_of(text, shown).salt:
        raise UsageError(
            Text("{file} is no baseline of fourc", "{file} 不是 fourc 的基线").of(file=shown),
            hint=Text("fourc baseline write makes one", "fourc baseline write 可以生成"),
        )
    rows = json.loads(text)["known"]
    known, now = {row["fingerprint"] for row in rows}, {f.fingerprint for f in findings}
    return Difference(
        tuple(f for f in findings if f.fingerprint not in known),
        tuple(row for row in rows if row["fingerprint"] not in now),
        tuple(row for row in rows if row["fingerprint"] in now),
    )


def pruned(text: str, changed: Difference) -> str:
    """The baseline without what is gone."""
    return _text(changed.kept, json.loads(text)["salt"])


def _text(rows: Iterable[dict[str, str]], salt: str) -> str:
    kept = sorted(rows, key=lambda row: (row["path"], row["rule"], row["fingerprint"]))
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in kept)
    return f'{{\n "schema": 1,\n "salt": "{salt}",\n "known": [\n{lines}\n ]\n}}\n'


def place_of(folder: Path, named_file: str | None, default: str) -> Path:
    """The file that was named, else the default one of the folder."""
    return Path(named_file) if named_file else folder / default
