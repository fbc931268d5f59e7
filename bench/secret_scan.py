"""Measure the search for secrets beside kingfisher on the same trees in the same run, and write bench/SECRETS.md.

    python bench/secret_scan.py [--kingfisher PATH] [--size 500] [--rounds 3] [FOLDER...]

`kingfisher` is the command of the PyPI package kingfisher-bin. The tree is made anew for each round, so nothing that was
kept of an earlier one helps; a FOLDER is measured as well. Machines are noisy: only ratios of one run mean something.
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

from msgspec import Struct, field

HERE = Path(__file__).parent
OURS = (sys.executable, "-m", "fourc", "scan", "secrets")
QUIET = ("--no-validate", "--no-update-check", "--git-history", "none", "--quiet", "--format", "json")
_MIB = 1 << 20
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What is installed has its byte code beside it: without this a run from sources would compile them each time."""


class Runs(Struct):
    """What the runs of one command took: wall and CPU seconds, and the most megabytes of one process."""

    name: str
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    peak: float = 0.0

    def run(self, command: Sequence[str]) -> None:
        """Run it once more."""
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_ENVIRONMENT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.walls.append(time.perf_counter() - began)
        self.cpus.append(used.ru_utime + used.ru_stime)
        self.peak = max(self.peak, used.ru_maxrss / (_MIB if sys.platform == "darwin" else 1024))

    def row(self, tree: str, ours: "Runs") -> str:
        """A line of the table; ratios are medians of each round's."""
        wall = statistics.median(theirs / our for theirs, our in zip(self.walls, ours.walls, strict=True))
        cpu = statistics.median(theirs / our for theirs, our in zip(self.cpus, ours.cpus, strict=True))
        times = f"{statistics.median(self.walls):.2f} s | {statistics.median(self.cpus):.2f} s | {self.peak:.0f} MB"
        return f"| {tree} | {self.name} | {times} | {wall:.2f} | {cpu:.2f} |"


def measured(tree: str, folders: Sequence[Path], kingfisher: str | None) -> list[str]:
    """Rows for what each command takes for the folders, one after the other so that all meet the same noise."""
    ours, theirs, turbo = Runs("fourc"), Runs("kingfisher"), Runs("kingfisher --turbo")
    for folder in folders:
        subprocess.run(
            ["cat", *(str(p) for p in folder.rglob("*") if p.is_file())][:2000], stdout=subprocess.DEVNULL, check=False
        )
        ours.run([*OURS, str(folder)])
        if kingfisher:
            output = ("--output", str(folder.parent / "kingfisher.json"))
            theirs.run([kingfisher, "scan", str(folder), *QUIET, *output])
            turbo.run([kingfisher, "scan", str(folder), *QUIET, *output, "--turbo"])
    return [runs.row(tree, ours) for runs in (ours, theirs, turbo) if runs.walls]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    parser.add_argument("--size", type=int, default=500, help="megabytes of the tree that is made")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as made:
        from secrets_tree import write_tree  # noqa: PLC0415 - scans need it not

        ours, theirs, turbo = Runs("fourc"), Runs("kingfisher"), Runs("kingfisher --turbo")
        told = ""
        compiling = Path(made, "compiling")
        write_tree(compiling, 20 * _MIB, 0)  # enough for the rules to be compiled, which is kept
        subprocess.run([*OURS, str(compiling)], stdout=subprocess.DEVNULL, check=False, env=_ENVIRONMENT)
        for folder in options.folders:
            rows += measured(folder.name, [folder] * options.rounds, options.kingfisher)
        for seed in range(options.rounds):
            folder = Path(made, "tree")
            files, size = write_tree(folder, options.size * _MIB, int(time.time()) + seed)
            told = f"{size // _MIB} MB in {files:,} files, made"
            ours.run([*OURS, str(folder)])
            if options.kingfisher:
                command = [options.kingfisher, "scan", str(folder), *QUIET, "--output", str(Path(made, "out.json"))]
                theirs.run(command)
                turbo.run([*command, "--turbo"])
            shutil.rmtree(folder)
        rows += [runs.row(told, ours) for runs in (ours, theirs, turbo) if runs.walls]
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
nothing and reads no history.

| tree | command | wall | CPU | memory | wall by fourc's | CPU by fourc's |
|---|---|---|---|---|---|---|
{rows}
"""

if __name__ == "__main__":
    main()
