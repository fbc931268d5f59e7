"""Known vulnerabilities: how fast a database is built, and 2,000 packages are asked for in 100,000 ranges.

    python bench/vulns.py build FOLDER      build a database of all advisories in a folder
    python bench/vulns.py match [RUNS]      a cold process: open, check, match; wall time and memory

The packages and ranges are made up, every package asked for has advisories.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_RANGES = 100_000
_PACKAGES = 2_000
_KNOWN = 10_000
_COLD = """
import json, sys, time
begun = time.perf_counter()
from pathlib import Path
from fourc.model.package import Package
from fourc.vulns.database import Database
from fourc.vulns.match import match
imported = time.perf_counter()
database = Database.open(Path(sys.argv[1]))
opened = time.perf_counter()
packages = [Package(*one) for one in json.loads(Path(sys.argv[2]).read_bytes())]
read = time.perf_counter()
matches = match(database, packages)
done = time.perf_counter()
print(len(matches), f"{imported - begun:.3f} {opened - imported:.3f} {done - read:.3f}",
      [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0], "kB")
"""


def main() -> None:
    """Run the part that is asked for."""
    if sys.argv[1:2] == ["build"]:
        _build(Path(sys.argv[2]))
    else:
        _match(int(sys.argv[2]) if len(sys.argv) > 2 else 7)


def _build(folder: Path) -> None:
    from fourc.app.db_build import build_database  # noqa: PLC0415 - not part of what is measured elsewhere

    with tempfile.TemporaryDirectory() as scratch:
        begun, used = time.perf_counter(), time.process_time()
        built = build_database([folder], Path(scratch, "fourc.db"))
        print(f"{built.about.vulnerabilities} vulnerabilities, {built.size / 1e6:.1f} MB")
        print(f"wall {time.perf_counter() - begun:.1f} s, cpu {time.process_time() - used:.1f} s")


def records(seed: int = 7) -> list[dict[str, object]]:
    """OSV records with so many ranges together."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    made: list[dict[str, object]] = []
    left = _RANGES
    while left > 0:
        name = f"package-{int(draw.triangular(0, _KNOWN, 0))}"
        count = min(left, draw.choice((1, 1, 1, 2, 3)))
        left -= count
        ranges = []
        for _ in range(count):
            major, minor, patch = draw.randrange(6), draw.randrange(20), draw.randrange(30)
            events = [{"introduced": f"{major}.0.0"}, {"fixed": f"{major}.{minor}.{patch}"}]
            ranges.append({"type": "SEMVER", "events": events})
        number = len(made)
        made.append(
            {
                "id": f"GHSA-{number:012x}",
                "modified": "2026-01-01T00:00:00Z",
                "aliases": [f"CVE-{2010 + number % 16}-{1000 + number}"],
                "summary": f"Something is wrong in {name} when it reads {draw.getrandbits(64):x}",
                "database_specific": {"severity": "HIGH"},
                "affected": [{"package": {"ecosystem": "npm", "name": name}, "ranges": ranges}],
            }
        )
    return made


def _match(runs: int) -> None:
    from fourc.vulns.database.build import build  # noqa: PLC0415 - as above

    draw = random.Random(11)  # noqa: S311 - no secret
    names = draw.sample(range(_KNOWN), _PACKAGES)
    asked = [("npm", f"package-{n}", f"{draw.randrange(6)}.{draw.randrange(20)}.{draw.randrange(30)}") for n in names]
    with tempfile.TemporaryDirectory() as scratch:
        path, listed = Path(scratch, "fourc.db"), Path(scratch, "packages.json")
        built = build([("all.json", json.dumps(records()).encode())], path)
        listed.write_text(json.dumps(asked))
        print(
            f"database {built.size / 1e6:.1f} MB, {built.about.packages} packages, {built.about.vulnerabilities} vulnerabilities"
        )
        walls: list[float] = []
        for _ in range(runs):
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _COLD, path, listed], check=True, capture_output=True, text=True
            )
            walls.append(time.perf_counter() - begun)
            print("matches; import, open, match in s; peak:", done.stdout.strip())
        print(f"wall: best {min(walls):.3f} s, median {sorted(walls)[len(walls) // 2]:.3f} s")


if __name__ == "__main__":
    main()
