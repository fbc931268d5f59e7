"""Which files of a folder are read: manifests by their extension, without what git ignores and without links."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from fourc.collect.gaps import file_gap
from fourc.collect.git import ignored
from fourc.collect.limits import Budget, SourceFile
from fourc.collect.reading import error_gap, special_gap
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

EXTENSIONS = frozenset({".yaml", ".yml", ".json"})
KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})

_OUT = Text("a link that leads out of the folder; it is not followed", "指向目录之外的链接；不会跟随它")
_OUT_REMEDY = Text("scan the place that it leads to as well", "请另外扫描它指向的位置")
_LOOP = Text("a link that leads in a circle", "循环的链接")
_BROKEN = Text("a link to something that does not exist", "指向不存在目标的链接")
_REMOVE = Text("remove or correct the link", "请删除或修正该链接")
_NAME = Text("a file name that is not UTF-8: {name}", "文件名不是 UTF-8：{name}")
_RENAME = Text("rename the file", "请重命名该文件")
MANY = Text(
    "more than {limit} files and folders; the rest was not looked at", "文件和目录超过 {limit} 个；其余的没有查看"
)
_LATE = Text(
    "the time of {seconds} s was over; the rest was not looked at", "已超过 {seconds} 秒的时限；其余的没有查看"
)
NARROW = Text("scan its parts one after the other", "请分部分扫描")
ABSENT = Text("there is nothing at this path", "该路径不存在")
CORRECT = Text("correct the path", "请更正路径")


def list_files(
    root: Path,
    paths: Sequence[Path],
    budget: Budget,
    *,
    read_ignored: bool = False,
    extensions: frozenset[str] = EXTENSIONS,
) -> tuple[list[SourceFile], list[Gap]]:
    """The files below the paths in the order of their shown names, each once, and what stands in the way.

    Folders give the files with one of the extensions, by default a manifest's; a file that is named itself is read whatever
    it is called.
    """
    listing = _Listing(root, budget, read_ignored=read_ignored, extensions=extensions)
    for path in paths:
        listing.add(path)
    return sorted(listing.files.values(), key=lambda file: file.shown), listing.gaps


def shown_path(path: Path, root: Path) -> str:
    """The path as reports show it: relative to the root, with `/`."""
    return os.path.relpath(path, root).replace(os.sep, "/")


class _Listing:
    def __init__(self, root: Path, budget: Budget, *, read_ignored: bool, extensions: frozenset[str]) -> None:
        self.root = Path(os.path.realpath(root))
        self.files: dict[str, SourceFile] = {}
        self.gaps: list[Gap] = []
        self._budget = budget
        self._read_ignored = read_ignored
        self._extensions = extensions
        self._looked_at = 0

    def add(self, path: Path) -> None:
        """A path that the user named; it is followed where it is a link."""
        shown = shown_path(path, self.root)
        try:
            real = Path(os.path.realpath(path, strict=True))
            mode = real.stat().st_mode
        except FileNotFoundError:
            self.gaps.append(file_gap(GapReason.MISSING, shown, ABSENT, CORRECT))
            return
        except (OSError, ValueError) as error:
            self.gaps.append(error_gap(error, shown))
            return
        if stat.S_ISDIR(mode):
            self._walk(real)
        elif stat.S_ISREG(mode):
            self.files[shown] = SourceFile(path, shown, named=True)
        else:
            self.gaps.append(special_gap(mode, shown))

    def _walk(self, top: Path) -> None:
        stack: list[tuple[str, frozenset[str], str]] = [(str(top), frozenset(), str(top))]
        while stack:
            folder, hidden, base = stack.pop()
            if self._stopped(folder):
                return
            shown = shown_path(Path(folder), self.root)
            try:
                with os.scandir(folder) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except (OSError, ValueError) as error:
                self.gaps.append(error_gap(error, shown))
                continue
            if not self._read_ignored and (folder == str(top) or any(e.name == ".git" for e in found)):
                listed = ignored(Path(folder), self._budget.seconds_left)
                if listed is not None:
                    hidden, base = listed, folder
            below = []
            for entry in found:
                self._looked_at += 1
                if entry.name == ".git" or (hidden and os.path.relpath(entry.path, base) in hidden):
                    continue
                if self._is_folder(entry, top):
                    below.append((entry.path, hidden, base))
            stack += reversed(below)

    def _stopped(self, folder: str) -> bool:
        limits = self._budget.limits
        shown = shown_path(Path(folder), self.root)
        if self._looked_at > limits.entries:
            self.gaps.append(file_gap(GapReason.TOO_LARGE, shown, MANY.of(limit=limits.entries), NARROW))
            return True
        if self._budget.late:
            self.gaps.append(file_gap(GapReason.TIMED_OUT, shown, _LATE.of(seconds=int(limits.seconds)), NARROW))
            return True
        return False

    def _is_folder(self, entry: "os.DirEntry[str]", top: Path) -> bool:
        """Take the entry in; whether it is a folder to look into."""
        shown = shown_path(Path(entry.path), self.root)
        try:
            shown.encode()
        except UnicodeEncodeError:
            printable = os.fsencode(shown).decode("utf-8", "backslashreplace")
            self.gaps.append(file_gap(GapReason.UNREADABLE, printable, _NAME.of(name=printable), _RENAME))
            return False
        try:
            if entry.is_symlink():
                self.gaps += link_gaps(entry.path, shown, top)
                return False
            if entry.is_dir(follow_symlinks=False):
                return True
            if not entry.is_file(follow_symlinks=False):
                self.gaps.append(special_gap(entry.stat(follow_symlinks=False).st_mode, shown))
                return False
        except OSError as error:
            self.gaps.append(error_gap(error, shown))
            return False
        if os.path.splitext(entry.name)[1].lower() in self._extensions or entry.name in KUSTOMIZATIONS:  # noqa: PTH122
            self.files.setdefault(shown, SourceFile(Path(entry.path), shown))
        return False


def link_gaps(path: str, shown: str, top: Path) -> Iterator[Gap]:
    """A link within the folder is none: its target is read under its own name."""
    try:
        target = os.path.realpath(path, strict=True)
    except FileNotFoundError:
        yield file_gap(GapReason.MISSING, shown, _BROKEN, _REMOVE)
        return
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            yield error_gap(error, shown)
        else:
            yield file_gap(GapReason.UNREADABLE, shown, _LOOP, _REMOVE)
        return
    if not Path(target).is_relative_to(top):
        yield file_gap(GapReason.UNREADABLE, shown, _OUT, _OUT_REMEDY)
    elif Path(path).is_relative_to(target):
        yield file_gap(GapReason.UNREADABLE, shown, _LOOP, _REMOVE)
