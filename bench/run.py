"""Measure fourc, beside peers in the same run where they are installed, and write bench/RESULTS.md.

    python bench/run.py FOLDER [--checkov PATH] [--trivy PATH]

Every figure is the median of several runs; machines are noisy, so only ratios of one run mean something.
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
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
FOURC = (sys.executable, "-m", "fourc")
ENVIRONMENT = {**os.environ, "PATH": "/nonexistent"}  # rendering by helm and kubectl is not what is measured
SMALL = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx\n"


def measured(command: Sequence[str], runs: int) -> tuple[float, float, float]:
    """Median wall seconds, median CPU seconds and peak megabytes of a command."""
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
    return statistics.median(walls), statistics.median(cpus), peak


def copies(folder: Path, scratch: Path, times: int) -> Path:
    """The folder's manifests so many times, to see how time and memory grow."""
    target = scratch / f"times{times}"
    for i in range(times):
        for file in folder.rglob("*.y*ml"):
            to = target / str(i) / file.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    return target


def main() -> None:
    """Run everything and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checkov")
    parser.add_argument("--trivy")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    folder: Path = options.folder
    rows: list[tuple[str, float, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        small = scratch / "small"
        small.mkdir()
        (small / "pod.yaml").write_text(SMALL)
        manifests = copies(folder, scratch, 1)
        size = sum(f.stat().st_size for f in manifests.rglob("*") if f.is_file()) / 1e6
        tree = str(manifests)
        environment = [("fourc --help", (*FOURC, "--help")), ("fourc, one small file", (*FOURC, str(small)))]
        scan = (*FOURC, "scan", "config", tree, "-f", "json")
        environment += [("fourc scan config", scan), ("fourc plan", (*FOURC, "plan", tree))]
        environment += [
            (
                "fourc scan config, 4 times the files",
                (*FOURC, "scan", "config", str(copies(folder, scratch, 4)), "-f", "json"),
            )
        ]
        for title, command in environment:
            rows.append((title, *measured(command, options.runs)))
        if options.checkov:
            command = (options.checkov, "-d", tree, "--framework", "kubernetes", "--quiet", "--compact", "-o", "json")
            rows.append(("checkov, kubernetes checks", *measured(command, 1)))
        if options.trivy:
            command = (options.trivy, "config", "--skip-check-update", "--skip-version-check", "-f", "json", tree)
            rows.append(("trivy config", *measured(command, 1)))
    write(rows, size)


def write(rows: Sequence[tuple[str, float, float, float]], size: float) -> None:
    """The table, with every peer's time as a multiple of ours."""
    ours = next(wall for title, wall, _, _ in rows if title == "fourc scan config")
    lines = [
        "# Results",
        "",
        f"{size:.1f} MB of YAML, {os.cpu_count()} cores, Python {platform.python_version()}; medians, one run for peers.",
        "",
        "| what | wall | CPU | memory | against fourc scan config |",
        "|---|---|---|---|---|",
    ]
    for title, wall, cpu, peak in rows:
        lines.append(f"| {title} | {wall:.2f} s | {cpu:.2f} s | {peak:.0f} MB | {wall / ours:.1f} x |")
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
