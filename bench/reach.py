"""Measure reachability, beside `nca` in the same run where it is installed, and write bench/REACH.md.

    python bench/reach.py [--nca PATH] [--large] [--runs 3]

`nca` is the command of the PyPI package network-config-analyzer. Machines are noisy: only ratios of one run mean
something. The core is the CPU time from facts to the count of pairs that may connect, best of the runs; the rest is wall
time (and CPU time) of whole processes, the median of the runs.
"""

import argparse
import gc
import json
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

from clusters import write

HERE = Path(__file__).parent
FOURC = (sys.executable, "-m", "fourc", "netpol", "list")
SIZES = ((300, 30, 120), (1_000, 100, 300), (10_000, 300, 500))
LARGE = (100_000, 2_000, 5_000)
MOST_FOR_NCA = 300
"""Above so many pods nca takes minutes to hours."""


def measured(command: Sequence[str], runs: int) -> str:
    """Median wall and CPU seconds and peak megabytes of a command."""
    walls: list[float] = []
    cpus: list[float] = []
    peak = 0.0
    for _ in range(runs):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        walls.append(time.perf_counter() - began)
        cpus.append(used.ru_utime + used.ru_stime)
        peak = max(peak, used.ru_maxrss / (1 if sys.platform == "darwin" else 1024))
    return f"{statistics.median(walls):.2f} s ({statistics.median(cpus):.2f} s), {peak:.0f} MB"


def core(folder: Path, runs: int) -> None:
    """Print seconds, classes and pairs of the engine alone, the facts given."""
    from fourc.app.netpol import read_state  # noqa: PLC0415 - only here, in a process of its own
    from fourc.reach.classes import Reading  # noqa: PLC0415 - the same
    from fourc.reach.engine import reachability  # noqa: PLC0415 - the same

    inventory = read_state(str(folder), Reading.API).inventory
    gc.disable()  # as the command does
    best = float("inf")
    found = (0, 0)
    for _ in range(runs):
        began = time.process_time()
        reach = reachability(inventory)
        found = len(reach.classes), reach.pairs()
        best = min(best, time.process_time() - began)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": best, "classes": found[0], "pairs": found[1], "mb": used}))


def main() -> None:
    """Run everything and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--nca", help="the nca command to compare with")
    parser.add_argument("--large", action="store_true", help="also 100,000 pods and 5,000 policies")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--core", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.core:
        core(options.core, options.runs)
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in (*SIZES, *([LARGE] if options.large else [])):
            folder = Path(scratch) / str(size[0])
            write(folder, *size)
            runs = options.runs if size != LARGE else 1
            whole = measured((*FOURC, str(folder), "--summary", "-f", "json", "-q"), runs)
            inner = (sys.executable, str(Path(__file__)), "--core", str(folder), "--runs", "5")
            told = json.loads(subprocess.run(inner, check=True, capture_output=True, text=True).stdout)
            listed = peer = "-"
            if size[0] <= 1_000:
                listed = measured((*FOURC, str(folder), "-q"), runs)
            if options.nca and size[0] <= MOST_FOR_NCA:
                command = (options.nca, "--connectivity", "--resource_list", str(folder), "--output_format", "txt")
                peer = measured(command, 1)
            shown = " / ".join(f"{n:,}" for n in size)
            core_time = f"{told['seconds']:.3f} s"
            rows.append(f"| {shown} | {told['classes']:,} | {core_time} | {whole} | {listed} | {peer} |")
            print(rows[-1], flush=True)
    text = [
        "# Reachability",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.",
        "Made by `python bench/reach.py`; the clusters are those of `bench/clusters.py`. The core is CPU time from facts to",
        "the count of pairs; the others are wall time (CPU time) and memory of whole processes.",
        "",
        "| pods / namespaces / policies | classes | core | YAML to answer | every pair listed | nca |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    (HERE / "REACH.md").write_text("\n".join(text), "utf-8")


if __name__ == "__main__":
    main()
