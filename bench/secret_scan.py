"""Measure the search for secrets beside kingfisher on the same trees in the same run, and write bench/SECRETS.md.

    python bench/secret_scan.py [--kingfisher PATH] [--size 500] [--commits 50000] [--rounds 3] [FOLDER...]

`kingfisher` is the command of the PyPI package kingfisher-bin. A tree is made anew for each round, and what was kept of a
history is thrown away, so nothing of an earlier round helps; each FOLDER is measured as well. First comes what a commit of 60
files costs (`--staged`). Machines are noisy: only ratios of one run mean something.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from git_history import make
from msgspec import Struct, field
from secrets_tree import write_tree

HERE = Path(__file__).parent
OURS = (sys.executable, "-m", "fourc", "scan", "secrets")
QUIET = ("--no-validate", "--no-update-check", "--quiet", "--format", "json")
_MIB = 1 << 20
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What is installed has its byte code beside it: without this a run from sources would compile them each time."""


class Runs(Struct):
    """What the runs of one command took: wall and CPU seconds, and the most megabytes of one process."""

    name: str
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    peak: float = 0.0

    def run(self, command: Sequence[str], folder: Path | None = None) -> None:
        """Run it once more."""
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_ENVIRONMENT, cwd=folder
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.walls.append(time.perf_counter() - began)
        self.cpus.append(used.ru_utime + used.ru_stime)
        if command[: len(OURS)] == [*OURS] and process.returncode not in {0, 3}:
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
        self.peak = max(self.peak, used.ru_maxrss / (_MIB if sys.platform == "darwin" else 1024))

    def row(self, tree: str, ours: "Runs") -> str:
        """A line of the table; ratios are medians of each round's."""
        wall = statistics.median(theirs / our for theirs, our in zip(self.walls, ours.walls, strict=True))
        cpu = statistics.median(theirs / our for theirs, our in zip(self.cpus, ours.cpus, strict=True))
        times = f"{statistics.median(self.walls):.2f} s | {statistics.median(self.cpus):.2f} s | {self.peak:.0f} MB"
        return f"| {tree} | {self.name} | {times} | {wall:.2f} | {cpu:.2f} |"


class Round(Struct):
    """fourc and its peers over the same things in the same run, one after the other so that all meet the same noise."""

    kingfisher: str | None
    scratch: Path
    ours: Runs = field(default_factory=lambda: Runs("fourc"))
    theirs: Runs = field(default_factory=lambda: Runs("kingfisher"))
    turbo: Runs = field(default_factory=lambda: Runs("kingfisher --turbo"))

    def folder(self, folder: Path) -> None:
        """A tree of files, which was read before, so that no one pays for the disk."""
        for path in folder.rglob("*"):
            if path.is_file():
                path.read_bytes()
        self.ours.run([*OURS, str(folder)])
        if self.kingfisher:
            command = [self.kingfisher, "scan", str(folder), *QUIET, "--git-history", "none", *self._out()]
            self.theirs.run(command)
            self.turbo.run([*command, "--turbo"])

    def history(self, repository: Path) -> None:
        """Every blob of a history, and who brought what was found."""
        shutil.rmtree(Path(_ENVIRONMENT["XDG_CACHE_HOME"], "fourc", "seen"), ignore_errors=True)
        self.ours.run([*OURS, "--history", str(repository)])
        if self.kingfisher:
            self.theirs.run([self.kingfisher, "scan", str(repository), *QUIET, *self._out()])

    def rows(self, name: str) -> list[str]:
        """Their lines of the table."""
        return [runs.row(name, self.ours) for runs in (self.ours, self.theirs, self.turbo) if runs.walls]

    def _out(self) -> tuple[str, str]:
        return "--output", str(self.scratch / "kingfisher.json")


def staged(scratch: Path, rounds: int) -> list[str]:
    """What a hook costs: the 60 files of this project's application tier, about to be committed."""
    folder = scratch / "staged"
    below = folder / "app"
    below.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for path in sorted((HERE.parent / "src/fourc/app").glob("*.py"))[:60]:
        shutil.copy(path, below)
    subprocess.run(["git", "-C", str(folder), "add", "-A"], check=True)
    runs = Runs("fourc --staged")
    for _ in range(3 * rounds):
        runs.run([*OURS, "--staged"], folder)
    return [runs.row("60 files about to be committed", runs)]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    parser.add_argument("--size", type=int, default=500, help="megabytes of the tree that is made")
    parser.add_argument("--commits", type=int, default=50_000, help="of the history that is made")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        _ENVIRONMENT["XDG_CACHE_HOME"] = str(scratch / "cache")
        compiling = scratch / "compiling"
        write_tree(compiling, 20 * _MIB, 0)  # enough for the rules to be compiled, which is kept
        subprocess.run([*OURS, str(compiling)], stdout=subprocess.DEVNULL, check=False, env=_ENVIRONMENT)
        rows += staged(scratch, options.rounds)
        for folder in options.folders:
            beside = Round(options.kingfisher, scratch)
            for _ in range(options.rounds):
                beside.folder(folder)
            rows += beside.rows(folder.name)
        beside, told = Round(options.kingfisher, scratch), ""
        for seed in range(options.rounds):
            tree = scratch / "tree"
            files, size = write_tree(tree, options.size * _MIB, int(time.time()) + seed)
            told = f"{size // _MIB} MB in {files:,} files, made"
            beside.folder(tree)
            shutil.rmtree(tree)
        rows += beside.rows(told)
        repository = scratch / "history"
        make(repository, options.commits, 1)
        beside = Round(options.kingfisher, scratch)
        for _ in range(options.rounds):
            beside.history(repository)
        rows += beside.rows(f"history of {options.commits:,} commits, made")
    page = PAGE.format(
        python=platform.python_version(),
        cores=len(os.sched_getaffinity(0)),
        load=os.getloadavg()[0],
        rows="\n".join(rows),
    )
    (HERE / "SECRETS.md").write_text(page, "utf-8")
    print(page)


PAGE = """\
# Secrets

Python {python}, {cores} cores, load {load:.1f} at the end.
Made by `python bench/secret_scan.py`. Wall and CPU time are medians of whole processes, memory is that of the largest process;
the ratios are to fourc in the same round, medians over the rounds. Generic rules and decoding are on; kingfisher validates
nothing, and reads the history only where that is what is measured.

| tree | command | wall | CPU | memory | wall by fourc's | CPU by fourc's |
|---|---|---|---|---|---|---|
{rows}
"""

if __name__ == "__main__":
    main()
