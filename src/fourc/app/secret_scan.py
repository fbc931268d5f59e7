"""`scan secrets`: look, leave out what the team knows of, and report the rest."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from fourc.app.ignoring import Own, Salting, SecretIgnores, new_against, own_ignores, secret_ignores
from fourc.app.pattern_cache import Progress
from fourc.app.secrets import Secrets, SecretsRequest, look_for_secrets
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.gap import Gap
from fourc.model.location import STDIN
from fourc.model.report import Coverage, Report
from fourc.model.text import Text
from fourc.secrets.engine import Meaning
from fourc.secrets.files.registry import entries_or_deep
from fourc.secrets.ignoring.own import Ignore
from fourc.secrets.ignoring.sight import Sight, names_of
from fourc.secrets.providers import secret_page
from fourc.secrets.reference import expression
from fourc.secrets.registry import all_rules
from fourc.secrets.verdict import is_secret

if TYPE_CHECKING:
    from fourc.app.live import Asking


class SecretScan(Struct, frozen=True):
    """What the person asked for; the words are those of `SecretsRequest`.

    `baselines` are files of known secrets, `cut` says that more was piped in than is read.
    """

    paths: tuple[str, ...] = (".",)
    severity: Severity = Severity.INFO
    read_ignored: bool = False
    history: bool = False
    unreferenced: bool = False
    staged: bool = False
    stdin: bytes | None = None
    cut: Gap | None = None
    is_diff: bool = False
    baselines: tuple[str, ...] = ()
    own: Own | None = None
    """The ignores to go by, where they are not those of the folder."""

    @property
    def root(self) -> Path:
        """The folder that paths are shown relative to: the one that was named, else the current one."""
        only = Path(self.paths[0]) if len(self.paths) == 1 else Path()
        return only if only.is_dir() else Path()

    @property
    def is_part(self) -> bool:
        """Whether only what is about to be committed, or was piped in, is looked at."""
        return self.staged or self.stdin is not None


class Found(Struct, frozen=True):
    """What a search has found, and what it went by."""

    secrets: Secrets
    own: Own
    ignores: SecretIgnores
    gaps: tuple[Gap, ...]


def search(scan: SecretScan, progress: Progress = lambda _: None, *, keep: bool = False) -> Found:
    """The secrets, without those that lists of other scanners let stand; our own ignores are not applied yet.

    `keep` gives their values back, too.

    Raises:
        UsageError: a path does not exist, or a file of ignores makes no sense.
    """
    for path in scan.paths if scan.stdin is None else ():
        if not os.path.lexists(path):
            hint = Text("name a folder or a file", "请指定目录或文件")
            raise UsageError(Text("{path} does not exist", "{path} 不存在").of(path=path), hint=hint)
    own = scan.own or own_ignores(scan.root)
    ignores = secret_ignores(scan.root, own, all_rules(), scan.baselines)
    salting = Salting(own, ignores.baselines)
    request = SecretsRequest(
        scan.root,
        tuple(map(Path, scan.paths)),
        ignores.team.rules,
        Meaning(expression, is_secret, entries_or_deep),
        salting.of,
        ignores.standing,
        lambda rule, value, at: ignores.hides(
            Sight(rule.id, at.path, at.line, value, names=names_of(rule), commit=at.commit)
        ),
        read_ignored=scan.read_ignored,
        history=scan.history,
        unreferenced=scan.unreferenced,
        staged=scan.staged,
        stdin=scan.stdin,
        is_diff=scan.is_diff,
        keep=keep,
    )
    with salting.begun(worth_it=not scan.is_part):
        found = look_for_secrets(request, progress)
        gaps = (*found.gaps, *ignores.gaps, *(salting.gaps if found.findings else ()))
    return Found(found, own, ignores, (*gaps, *((scan.cut,) if scan.cut else ())))


def scan_secrets(scan: SecretScan, progress: Progress = lambda _: None, asking: "Asking | None" = None) -> Report:
    """The report of a run; `asking` asks providers about what is reported, which nothing else does.

    Raises:
        UsageError: a path does not exist, or a file of ignores makes no sense.
    """
    found = search(scan, progress, keep=asking is not None)
    own, ignores = found.own, found.ignores
    kept, stale = own.apply(found.secrets.findings, lambda ignore: _could_tell(ignore, scan, own))
    by_id = ignores.team.by_id
    grave = (f for f in kept if f.severity >= scan.severity)
    reported, withheld = new_against(ignores.baselines, grave, asked=True)
    gaps = found.gaps
    if asking is not None:
        from fourc.app.live import asked  # noqa: PLC0415 - the one run that opens a connection

        ours = {rule.id: rule.shape for rule in all_rules()}
        reported, unsaid = asked(
            reported, found.secrets.values, lambda rule: rule in ours and by_id[rule].shape == ours[rule], asking
        )
        gaps += unsaid
    return Report(
        name=scan.root.resolve().name if scan.stdin is None else STDIN,
        kubernetes_version="",
        findings=reported,
        gaps=gaps,
        coverage=Coverage(files=found.secrets.files),
        stale=stale,
        withheld=withheld,
        pages={f.rule: secret_page(by_id[f.rule]) for f in reported},
    )


def _could_tell(ignore: Ignore, scan: SecretScan, own: Own) -> bool:
    """Whether the run would have met the finding of an entry, were it still there.

    An entry without a rule was written for what only the history holds.
    """
    if scan.is_part or [os.path.realpath(path) for path in scan.paths] != [str(own.folder)]:
        return False
    from fourc.checks.registry import all_checks  # noqa: PLC0415 - most runs have no entry to judge

    return ignore.rule not in {check.id for check in all_checks()} if ignore.rule else scan.history
