"""What is not to be reported in a folder: where its lists lie, what they say, and how one more entry is written."""

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.collect.gaps import file_gap
from fourc.collect.git import work_tree_of
from fourc.collect.reading import error_gap
from fourc.collect.salt import Facts, facts_of
from fourc.errors import UsageError
from fourc.model.finding import Finding
from fourc.model.gap import Gap, GapReason
from fourc.model.report import StaleIgnore, Withheld
from fourc.model.text import Text
from fourc.secrets.hit import Hit
from fourc.secrets.ignoring.fingerprints import Fingerprinter, salt_from, salt_of
from fourc.secrets.ignoring.listed import Baseline, GitleaksIgnore, Listed, baseline_of
from fourc.secrets.ignoring.own import FILE, Ignore, IgnoreFile, ignore_file, judged, stale, with_ignore
from fourc.secrets.ignoring.sight import Lines, Sight, sight_of
from fourc.secrets.ignoring.team_rules import TeamRules
from fourc.secrets.rule import Rule

CONFIGS = (".betterleaks.toml", ".gitleaks.toml")
IGNORE_FILES = (".gitleaksignore", ".betterleaksignore")
DETECT_SECRETS = ".secrets.baseline"
BASELINE = ".fourc/baseline.json"
_MOST = 64 * 1024 * 1024
_TOO_LARGE = Text(
    "it is larger than {mib} MiB, so nothing that it lists is left out", "超过 {mib} MiB，因此其中列出的内容未被忽略"
)
_NOT_UTF8 = Text("it is not UTF-8, so nothing that it lists is left out", "不是 UTF-8，因此其中列出的内容未被忽略")
_SHORTEN = Text("take out of it what is no entry, or delete it", "请删去其中不是条目的内容，或删除该文件")


class Own(Struct, frozen=True):
    """Our ignore file, or its place where there is none yet; `prefix` leads from its folder to the one scanned."""

    folder: Path
    prefix: str = ""
    said: IgnoreFile = field(default_factory=IgnoreFile)

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / FILE

    def apply(
        self, findings: Iterable[Finding], could_tell: Callable[[Ignore], bool]
    ) -> tuple[tuple[Finding, ...], tuple[StaleIgnore, ...]]:
        """The findings that are reported, and the stale entries; `could_tell` is whether the run would have met its finding."""
        today = date.today()  # noqa: DTZ011 - the day where the person is
        seen = judged(findings, self.said.ignores, today, self.prefix)
        return seen.kept, tuple(stale(self.said.ignores, seen.used, today, could_tell))


def own_ignores(root: Path) -> Own:
    """The ignore file that counts for a folder: the nearest one in it or above, within its git work tree.

    Raises:
        UsageError: it makes no sense.
    """
    start = Path(os.path.realpath(root))
    start = start if start.is_dir() else start.parent
    top = work_tree_of(start)
    for folder in (start, *start.parents):
        text = _read(folder / FILE, str(folder / FILE))
        if isinstance(text, Gap):
            raise UsageError(
                Text("{file}: {why}", "{file}：{why}").of(file=str(folder / FILE), why=text.message), hint=text.remedy
            )
        if text is not None:
            return Own(folder, _prefix(start, folder), ignore_file(text, str(folder / FILE)))
        if folder == top:
            break
    at = top or start
    return Own(at, _prefix(start, at))


def _prefix(start: Path, folder: Path) -> str:
    below = start.relative_to(folder).as_posix()
    return "" if below == "." else f"{below}/"


def add(own: Own, ignore: Ignore, salt: bytes) -> None:
    """Write one more entry, in place of an earlier one of its fingerprint, and nothing else.

    Raises:
        UsageError: the file cannot be edited or written.
    """
    after = with_ignore(text_of(own.file) or "", own.said.salt or salt, ignore)
    wanted = [*(i for i in own.said.ignores if i.fingerprint != ignore.fingerprint), ignore]
    try:
        is_right = sorted(map(repr, ignore_file(after).ignores)) == sorted(map(repr, wanted))
    except UsageError:
        is_right = False
    if not is_right:
        raise UsageError(
            Text("{file} is written in a way that fourc cannot edit", "{file} 的写法使 fourc 无法编辑").of(
                file=own.file.name
            ),
            hint=Text("add the entry by hand: see docs/secrets.md", "请手动添加该条目：见 docs/secrets.md"),
        )
    from fourc.app.repository import write_files  # noqa: PLC0415 - most runs write nothing

    write_files(own.folder, {FILE: after})


class Salting:
    """The salt of a folder's fingerprints, worked out when the first one is asked for: most runs find nothing.

    The ignore file's own salt comes first, then a baseline's, then what follows from the repository.
    """

    def __init__(self, own: Own, baselines: Sequence[Baseline] = ()) -> None:
        self._folder = own.folder
        self._written = own.said.salt
        if self._written is None:
            beside = text_of(own.folder / BASELINE)
            known = [*baselines, *([baseline_of(beside, BASELINE)] if beside else [])]
            self._written = next((salt for b in known if b.salt and (salt := salt_of(b.salt))), None)
        self._ahead: Callable[[], tuple[Facts, bytes]] | None = None

    @contextmanager
    def begun(self, *, worth_it: bool) -> Iterator[None]:
        """It is worked out meanwhile, where a process more is worth it: a long history and scrypt take a while."""
        if not worth_it or self._written is not None:
            yield
            return
        from fourc.collect.workers import begun  # noqa: PLC0415 - a hook needs no workers

        with begun(self._worked_out, worth_it=True) as result:
            self._ahead = cache(result)
            yield

    def _worked_out(self) -> tuple[Facts, bytes]:
        facts = facts_of(self._folder)
        return facts, salt_from(facts.data)

    @cached_property
    def _facts(self) -> Facts:
        return self._ahead()[0] if self._ahead else facts_of(self._folder)

    @cached_property
    def mark(self) -> str:
        """Tells salts apart, for what is kept from run to run; cheaper than the salt itself."""
        import hashlib  # noqa: PLC0415 - brings OpenSSL, which most runs need not

        return hashlib.sha256(b"mark\0" + (self._written or self._facts.data)).hexdigest()

    @cached_property
    def salt(self) -> bytes:
        """The salt itself."""
        return self._written or (self._ahead()[1] if self._ahead else salt_from(self._facts.data))

    def of(self, rule: str, value: str) -> str:
        """The fingerprint of a secret."""
        return Fingerprinter(self.salt).of(rule, value)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """That fingerprints are not those of a full clone, where the history is cut off or git does not tell it."""
        if self._written is not None:
            return ()
        return (_SHALLOW,) if self._facts.shallow else (_REFUSED,) if self._facts.refused else ()


_REFUSED = Gap(
    GapReason.MISSING,
    Text(
        "git is not installed or refuses this repository, so fingerprints of secrets are not those of other machines",
        "没有安装 git 或 git 拒绝访问该仓库，因此密钥的指纹与其他机器上的不同",
    ),
    Text(
        "install git, see what git status says, or commit a .fourc/ignore.toml, which holds the salt",
        "请安装 git、查看 git status 的输出，或提交含 salt 的 .fourc/ignore.toml",
    ),
    subject="fingerprints",
    named=False,
)
_SHALLOW = Gap(
    GapReason.MISSING,
    Text(
        "this clone lacks the beginning of the history, so fingerprints of secrets are not those of a full one",
        "该克隆缺少历史的开头，因此密钥的指纹与完整克隆中的不同",
    ),
    Text(
        "fetch it (git fetch --unshallow; GIT_DEPTH: 0 in GitLab), or commit a .fourc/ignore.toml, which holds the salt",
        "请获取完整历史（git fetch --unshallow；GitLab 中设 GIT_DEPTH: 0），或提交含 salt 的 .fourc/ignore.toml",
    ),
    subject="fingerprints",
    named=False,
)


class SecretIgnores(Struct, frozen=True):
    """What rules to look with, and which secrets are known: everything that files of the folder say about secrets.

    `skipped` are paths of these files themselves, relative to the folder: what they quote is not to be reported. `prefix` leads
    from the folder of the team's configuration to the one scanned. `gaps` say which files could not be read or followed.
    """

    team: TeamRules
    lists: tuple[Listed, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    skipped: frozenset[str] = frozenset()
    prefix: str = ""
    gaps: tuple[Gap, ...] = ()

    def standing(self, hits: Sequence[Hit], text: bytes, path: str, first_line: int = 1) -> list[Hit]:
        """The hits in a text that are reported; `first_line` is the number of its first line where it is a part of a file.

        What a list knows under one rule's name is known under all: hits that overlap a listed one are not reported either.
        """
        if not hits or path in self.skipped:
            return []
        found = self.team.standing(hits, text, self.prefix + path)
        if not self.lists:
            return found
        lines = Lines(text, first_line)
        sights = [(hit, sight_of(hit, text, path, self.team.by_id, lines)) for hit in found]
        known = {hit for hit, sight in sights if any(lists(sight) for lists in self.lists)}
        spans = sorted((hit.start, hit.end) for hit in known)
        starts, reached = [start for start, _ in spans], list(accumulate((end for _, end in spans), max))

        def overlaps(hit: Hit) -> bool:
            before = bisect_left(starts, hit.end)
            return before > 0 and reached[before - 1] > hit.start

        return [hit for hit in found if hit not in known and not overlaps(hit)]

    def hides(self, sight: Sight) -> bool:
        """Whether a place is not to be reported after all, now that its commit is known."""
        if sight.path in self.skipped or any(lists(sight) for lists in self.lists):
            return True
        return self.team.allows(replace(sight, path=self.prefix + sight.path))


def secret_ignores(root: Path, own: Own, ours: Sequence[Rule], baselines: Sequence[str] = ()) -> SecretIgnores:
    """What lies in the folder scanned, or at the top of its repository, and the baselines that were named.

    Raises:
        UsageError: a file makes no sense, or a baseline is not there.
    """
    start = Path(os.path.realpath(root))
    start = start if start.is_dir() else start.parent
    folders = list(dict.fromkeys((start, own.folder)))
    config = next((found for folder in folders for name in CONFIGS if (found := folder / name).is_file()), None)
    team = TeamRules(tuple(ours))
    if config is not None:
        from fourc.secrets.ignoring.gitleaks_config import team_rules  # noqa: PLC0415 - most folders have none

        team = team_rules(_needed(config), str(_shown(config, start)), lambda path: _extended(config, path), ours)
    read = {Path(name): baseline_of(_needed(Path(name)), name) for name in baselines}
    lists = [b.lists for b in read.values()]
    gaps: list[Gap] = [*team.gaps]
    used = [*read, *([config] if config else []), own.file, own.folder / BASELINE]
    for folder in folders:
        used += [folder / name for name in (*IGNORE_FILES, DETECT_SECRETS)]
        base = _from(folder, start)
        for name in (*IGNORE_FILES, DETECT_SECRETS):
            text = _read(folder / name, str(_shown(folder / name, start)))
            if isinstance(text, Gap):
                gaps.append(text)
            elif text is not None:
                known = baseline_of(text, name).lists if name == DETECT_SECRETS else GitleaksIgnore.of(text).lists
                lists.append(_moved(known, base))
    skipped = frozenset(s for path in used if (s := _below(path, start)) is not None)
    prefix = _from(config.parent, start) if config is not None else ""
    return SecretIgnores(team, tuple(lists), tuple(read.values()), skipped, prefix, tuple(gaps))


def baselines_in(files: Iterable[str]) -> tuple[Baseline, ...]:
    """The lists in these files; raises `UsageError`."""
    return tuple(baseline_of(_needed(Path(name)), name) for name in dict.fromkeys(files))


def new_against(
    baselines: Iterable[Baseline], findings: Iterable[Finding], *, asked: bool = False
) -> tuple[tuple[Finding, ...], tuple[Withheld, ...]]:
    """The findings that no baseline knows, and what each of them held back.

    `asked` says that lists of other scanners were asked of each sight: what these held back was never counted.
    """
    left, withheld = tuple(findings), []
    for baseline in baselines:
        kept = tuple(f for f in left if f.fingerprint not in baseline.fingerprints)
        if len(kept) < len(left):
            withheld.append(Withheld(baseline.file, len(left) - len(kept)))
        elif asked and baseline.salt is None:
            withheld.append(Withheld(baseline.file))
        left = kept
    return left, tuple(withheld)


def _from(folder: Path, start: Path) -> str:
    """What leads from a list's folder to the one scanned."""
    return _prefix(start, folder) if start.is_relative_to(folder) else ""


def _moved(lists: Listed, prefix: str) -> Listed:
    """The list asked with paths of its own folder."""
    return (lambda sight: lists(replace(sight, path=prefix + sight.path))) if prefix else lists


def _below(path: Path, start: Path) -> str | None:
    real = Path(os.path.realpath(path))
    return real.relative_to(start).as_posix() if real.is_relative_to(start) else None


def _shown(path: Path, start: Path) -> Path:
    return path.relative_to(start) if path.is_relative_to(start) else path


def _extended(config: Path, path: str) -> str | None:
    """The file that a configuration extends: gitleaks takes it from where it is called, which is its folder mostly."""
    return next((text for base in (config.parent, Path()) if (text := text_of(base / path)) is not None), None)


def _needed(path: Path) -> str:
    text = text_of(path)
    if text is None:
        raise UsageError(
            Text("{file} cannot be read", "无法读取 {file}").of(file=str(path)),
            hint=Text("name another file, or see its permissions", "请指定另一个文件，或检查其权限"),
        )
    return text


def text_of(path: Path) -> str | None:
    """A file's text; None where there is no such file, it is no UTF-8 or too large to be meant."""
    text = _read(path, str(path))
    return text if isinstance(text, str) else None


def _read(path: Path, shown: str) -> str | Gap | None:
    """A file's text, or why there is one that cannot be read; None where there is none."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            return file_gap(GapReason.TOO_LARGE, shown, _TOO_LARGE.of(mib=_MOST >> 20), _SHORTEN)
        return data.decode()
    except OSError as error:
        return error_gap(error, shown)
    except ValueError:
        return file_gap(GapReason.MALFORMED, shown, _NOT_UTF8, _SHORTEN)
