"""A trial of edits on a copy: the folder as it would be, so that it can be read again; the user's own files stay."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from fourc.app.look import Seen
from fourc.app.repository import top_of
from fourc.app.request import Request
from fourc.collect.files import EXTENSIONS, list_files
from fourc.collect.limits import Budget, Limits
from fourc.fix.rewrite import Rewritten
from fourc.patch.yaml.reader import encode

_NEVER = frozenset({".git", "node_modules", ".venv"})
_ALSO = frozenset({".tpl", ".toml", ".txt", ".tgz", ".env", ".properties", ".conf", ""})
_PACKAGES = frozenset(
    {
        ".cfg",
        ".config",
        ".csproj",
        ".exs",
        ".fsproj",
        ".gradle",
        ".kts",
        ".lock",
        ".lockfile",
        ".locked",
        ".mod",
        ".props",
    }
    | {".py", ".resolved", ".sbt", ".sum", ".swift", ".vbproj", ".work", ".xml"}
)
"""What packages are told by and versions are written in."""


@contextmanager
def tried(seen: Seen, files: Sequence[Rewritten]) -> Iterator[Request]:
    """The request that reads the same paths, under the same names, from a copy with the edits made.

    Copied is the git work tree around the paths, so that overlays find their bases; outside of one the named paths alone.
    What the first reading left out (ignored by git) stays out.
    """
    root = Path(os.path.realpath(seen.root))
    paths = [Path(os.path.realpath(p)) for p in seen.request.paths]
    top = top_of(root)
    whole = [Path(os.path.realpath(top))] if top is not None and all(p.is_relative_to(top) for p in paths) else paths
    above = Path(os.path.commonpath([root, *whole]))
    listed, _ = list_files(root, paths, Budget(Limits()), read_ignored=seen.request.read_ignored)
    read = {os.path.realpath(f.path) for f in listed}
    with tempfile.TemporaryDirectory(prefix="fourc-") as name:
        copy = Path(os.path.realpath(name))
        for path in whole:
            for file in _below(path, copy):
                if file.suffix.lower() in EXTENSIONS and str(file) not in read and _under(file, paths):
                    continue
                _copy(file, copy / file.relative_to(above))
        there = copy / root.relative_to(above)
        there.mkdir(parents=True, exist_ok=True)
        for edited in files:
            target = there / edited.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(encode(edited.after, target.read_bytes() if target.is_file() else b""))
        moved = tuple(str(copy / p.relative_to(above)) for p in paths)
        yield replace(seen.request, paths=moved, root=there, read_ignored=True, secrets=False)


def _below(path: Path, copy: Path) -> Iterator[Path]:
    """The path itself or the files and links below it, without what no manifest needs and without the copy."""
    if not path.is_dir():
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(b for b in below if b not in _NEVER and Path(folder, b) != copy)
        yield from (Path(folder, b) for b in below if Path(folder, b).is_symlink())
        yield from (Path(folder, n) for n in sorted(names) if _suffix(n) in EXTENSIONS | _ALSO | _PACKAGES)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, once for each file of a tree


def _under(file: Path, paths: Sequence[Path]) -> bool:
    return any(file.is_relative_to(p) for p in paths)


def _copy(file: Path, target: Path) -> None:
    """A file or link; what cannot be read is a gap of the first reading and stays one by being absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        target.symlink_to(file.readlink())
    elif file.is_file() and os.access(file, os.R_OK):
        shutil.copyfile(file, target)
