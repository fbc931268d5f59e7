"""Measure fourc, beside peers in the same run where they are installed, and write bench/RESULTS.md.

    python bench/run.py [FOLDER] [--checkov PATH] [--trivy PATH] [--runs 5]

Two inputs: the manifests of FOLDER, where one is named (much of a real repository is CRDs and dashboards, which cost
peers little), and 2,000 objects as charts render them (`corpus.py`), which is what peers usually work on. Every figure is
the median of several runs; machines are noisy, so only ratios of one run mean something. The peers are no dependencies:
`pip install checkov` in an environment of its own; trivy 0.74 builds in a scratch module with GOEXPERIMENT=jsonv2 and
CGO_ENABLED=0 by `go get -tool github.com/aquasecurity/trivy/cmd/trivy@v0.74.0`, then `go install` of the same path.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus import write as write_corpus
from msgspec import Struct

HERE = Path(__file__).parent
FOURC = (sys.executable, "-m", "fourc")
# Rendering by helm and kubectl is not what is measured, nor is compiling Python, which an installation does once.
ENVIRONMENT = {**os.environ, "PATH": "/nonexistent"}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
SMALL = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx\n"
CHARTS = 100


class Measured(Struct, frozen=True):
    """Median wall and CPU seconds, workers included, and the peak megabytes of the largest process."""

    title: str
    wall: float
    cpu: float
    peak: float


def measured(title: str, command: Sequence[str], runs: int) -> Measured:
    """Run the command so many times."""
    walls: list[float] = []
    cpus: list[float] = []
    peak = 0.0
    for _ in range(runs):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        _, _, used = os.wait4(process.pid, 0)
        walls.append(time.perf_counter() - began)
        cpus.append(used.ru_utime + used.ru_stime)
        peak = max(peak, used.ru_maxrss / (1 if sys.platform == "darwin" else 1024))
        process.returncode = 0
    return Measured(title, statistics.median(walls), statistics.median(cpus), peak)


def copies(folder: Path, target: Path, times: int) -> Path:
    """The folder's manifests so many times."""
    for i in range(times):
        for file in folder.rglob("*.y*ml"):
            to = target / str(i) / file.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    return target


def start_up(scratch: Path, runs: int) -> Iterator[Measured]:
    """What even the smallest run costs."""
    small = scratch / "small"
    small.mkdir()
    (small / "pod.yaml").write_text(SMALL)
    yield measured("fourc --help", (*FOURC, "--help"), runs)
    yield measured("fourc, one small file, the whole plan", (*FOURC, str(small)), runs)


def compared(tree: Path, scratch: Path, options: argparse.Namespace) -> Iterator[Measured]:
    """One input by us and by the peers, and by us what four times as much costs."""
    scan = (*FOURC, "scan", "config", "-f", "json")
    yield measured("fourc scan config", (*scan, str(tree)), options.runs)
    yield measured("fourc plan", (*FOURC, "plan", str(tree)), options.runs)
    four = copies(tree, scratch / f"{tree.name}-4", 4)
    yield measured("fourc scan config, 4 times the files", (*scan, str(four)), options.runs)
    peer_runs = max(1, options.runs // 5)
    if options.checkov:
        command = (options.checkov, "-d", str(tree), "--framework", "kubernetes", "--quiet", "--compact", "-o", "json")
        yield measured("checkov, kubernetes checks", command, peer_runs)
    if options.trivy:
        command = (options.trivy, "config", "--skip-check-update", "--skip-version-check", "-f", "json", str(tree))
        yield measured("trivy config", command, peer_runs)


def table(title: str, rows: Sequence[Measured]) -> list[str]:
    """One table; where our scan is among the rows, every time as a multiple of it."""
    ours = next((row for row in rows if row.title == "fourc scan config"), None)
    times = " wall, times ours | CPU, times ours |" if ours else ""
    lines = [
        "",
        f"## {title}",
        "",
        f"| what | wall | CPU | memory |{times}",
        f"|---|---|---|---|{'---|' * (2 * bool(ours))}",
    ]
    for row in rows:
        line = f"| {row.title} | {row.wall:.2f} s | {row.cpu:.2f} s | {row.peak:.0f} MB |"
        lines.append(f"{line} {row.wall / ours.wall:.1f} | {row.cpu / ours.cpu:.1f} |" if ours else line)
    return lines


def main() -> None:
    """Run everything and write the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--checkov")
    parser.add_argument("--trivy")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    how = f"medians of {options.runs} runs, of {max(1, options.runs // 5)} for peers"
    busy = (
        f"Load average at the start: {os.getloadavg()[0]:.1f}; where others work on the cores too, CPU is what counts."
    )
    lines = [
        "# Results",
        "",
        f"Written by `bench/run.py`. {where}; {how}. Memory is that of the largest process.",
        busy,
    ]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        lines += table("Start-up", list(start_up(scratch, options.runs)))
        inputs: list[tuple[str, Path]] = []
        if options.folder:
            inputs.append(("The manifests of real repositories", copies(options.folder, scratch / "real", 1)))
        objects = write_corpus(scratch / "corpus", CHARTS)
        inputs.append((f"{objects:,} objects as charts render them", scratch / "corpus"))
        for title, tree in inputs:
            size = sum(f.stat().st_size for f in tree.rglob("*") if f.is_file()) / 1e6
            lines += table(f"{title}, {size:.1f} MB", list(compared(tree, scratch, options)))
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
