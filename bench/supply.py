"""Everything about packages, beside peers in the same run, and write bench/SUPPLY.md.

    python bench/supply.py ADVISORIES [--osv-scanner PATH] [--trivy PATH] [--syft PATH] [--runs 5] [--megabytes 800]

ADVISORIES is a folder from which a database is built. The peers are no dependencies: `go install` of
github.com/google/osv-scanner/v2/cmd/osv-scanner, github.com/anchore/syft/cmd/syft@v1.57.0, and trivy as `run.py` says. Every
figure is the median of whole cold processes (no memory: a child counts what this script held); machines are noisy, so only
ratios of one run mean something. fourc's own cache is in a folder of the run. What osv-scanner is asked is asked of fourc with
the same records.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import image
import run
from run import FOURC, HERE, Measured, measured

from vulns import records

_PACKAGES = 2_000
_LOCKED = 1_372
_NODE = 700
_FEW = 200
"""Packages of the second list of which anything is known: what most real lists are like."""


def main() -> None:
    """Run everything and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("advisories", type=Path)
    parser.add_argument("--osv-scanner")
    parser.add_argument("--trivy")
    parser.add_argument("--syft")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=800)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        run.ENVIRONMENT |= {
            "XDG_CACHE_HOME": str(scratch / "cache"),
            "OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY": str(scratch / "osv"),
            "PATH": os.environ["PATH"],
        }
        rows = [*ranges(scratch, asked), *locked(scratch, asked), *node(scratch, asked), *images(scratch, asked)]
        rows.append(built(scratch, asked))
    lines = [
        "# Packages and vulnerabilities, measured\n",
        f"`python bench/supply.py`, {asked.runs} runs each (median), {os.cpu_count()} processors.\n",
        "| | wall | CPU |\n|---|---|---|",
        *(f"| {row.title} | {row.wall:.2f} s | {row.cpu:.2f} s |" for row in rows),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    (HERE / "SUPPLY.md").write_text(text)


def ranges(scratch: Path, asked: argparse.Namespace) -> Iterator[Measured]:
    """2,000 packages against 100,000 ranges: all with advisories, and as most lists are, a tenth of them."""
    made = records()
    advisories = scratch / "ranges"
    advisories.mkdir()
    (advisories / "all.json").write_text(json.dumps(made))
    database = scratch / "ranges.db"
    subprocess.run((*FOURC, "db", "build", str(advisories), "-o", str(database)), check=True, stdout=subprocess.DEVNULL)
    if asked.osv_scanner:
        folder = scratch / "osv" / "osv-scalibr" / "npm"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for record in made:
                packed.writestr(f"{record['id']}.json", json.dumps(record))
    draw = random.Random(3)  # noqa: S311 - no secret
    names = sorted({part["package"]["name"] for record in made for part in record["affected"]})  # type: ignore[attr-defined]
    for known, said in ((_PACKAGES, "all known"), (_FEW, f"{_FEW} known")):
        chosen = draw.sample(names, known) + [f"unknown-{n}" for n in range(_PACKAGES - known)]
        listed = [(name, f"{draw.randrange(6)}.{draw.randrange(20)}.{draw.randrange(30)}") for name in chosen]
        bill = scratch / f"{known}.cdx.json"
        bill.write_text(json.dumps(cyclonedx(listed)))
        title = f"{_PACKAGES:,} packages ({said}), 100,000 ranges"
        scan = (*FOURC, "scan", "vulns", str(bill), "--db", str(database), "-f", "json")
        yield measured(f"fourc: {title}", scan, asked.runs)
        if asked.osv_scanner:
            offline = ("--offline", "--offline-vulnerabilities", "--format", "json")
            yield measured(
                f"osv-scanner: {title}", (asked.osv_scanner, "scan", "source", "-L", str(bill), *offline), asked.runs
            )


def cyclonedx(listed: list[tuple[str, str]]) -> dict[str, object]:
    """An SBOM of packages of npm."""
    parts = [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name}@{version}",
            "bom-ref": f"{name}@{version}",
        }
        for name, version in listed
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": parts}


def locked(scratch: Path, asked: argparse.Namespace) -> Iterator[Measured]:
    """The packages of a package-lock.json, without a database."""
    folder = scratch / "locked"
    folder.mkdir()
    draw = random.Random(5)  # noqa: S311 - no secret
    packages: dict[str, object] = {
        "": {"name": "shop", "version": "1.0.0", "dependencies": {f"p{n}": "^1.0.0" for n in range(60)}}
    }
    for n in range(_LOCKED):
        needs = {f"p{draw.randrange(_LOCKED)}": "^1.0.0" for _ in range(draw.randrange(4))}
        packages[f"node_modules/p{n}"] = {
            "version": f"1.{n % 40}.{n % 7}",
            "resolved": f"https://packages.example.com/p{n}/-/p{n}-1.{n % 40}.{n % 7}.tgz",
            "integrity": "sha512-" + "A" * 86 + "==",
            "license": "MIT",
            "dependencies": needs,
        }
    lock = folder / "package-lock.json"
    lock.write_text(
        json.dumps({"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}, indent=2)
    )
    title = f"package-lock.json with {_LOCKED:,} packages"
    yield measured(f"fourc: {title}", (*FOURC, "scan", "vulns", str(folder), "-f", "cyclonedx"), asked.runs)
    if asked.trivy:
        flags = ("--format", "cyclonedx", "--offline-scan", "--skip-version-check", "-q")
        yield measured(f"trivy: {title}", (asked.trivy, "fs", *flags, str(folder)), asked.runs)
    if asked.syft:
        yield measured(
            f"syft: {title}", (asked.syft, "scan", f"dir:{folder}", "-q", "-o", "cyclonedx-json"), asked.runs
        )


def node(scratch: Path, asked: argparse.Namespace) -> Iterator[Measured]:
    """A node of 700 packages of Debian, with the list of a security suite of 4,000."""
    root = scratch / "node"
    for folder in ("etc", "var/lib/dpkg", "var/lib/apt/lists"):
        (root / folder).mkdir(parents=True)
    (root / "etc/os-release").write_text('ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n')
    status = "Package: p{n}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.{n}-1\nDescription: x\n {filler}\n"
    filler = "words about the package " * 20
    (root / "var/lib/dpkg/status").write_text("\n".join(status.format(n=n, filler=filler) for n in range(_NODE)))
    offered = (
        "Package: p{n}\nArchitecture: amd64\nVersion: 1.{n}-1{more}\nFilename: pool/p{n}.deb\nDescription: x {filler}\n"
    )
    lists = "\n".join(offered.format(n=n, more="+deb12u1" if n % 3 == 0 else "", filler=filler) for n in range(4_000))
    name = "security.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages"
    (root / "var/lib/apt/lists" / name).write_text(lists)
    yield measured(f"fourc: node of {_NODE} packages", (*FOURC, "scan", "node", str(root), "-f", "json"), asked.runs)


def images(scratch: Path, asked: argparse.Namespace) -> Iterator[Measured]:
    """An image of this machine's own files, cold and unchanged, secrets in all layers looked for."""
    layout, archive = scratch / "image", scratch / "image.tar"
    size = image.write(layout, Path("/usr"), asked.megabytes << 20, 4) >> 20
    with tarfile.open(archive, "w") as tar:
        tar.add(layout, ".")
    scan = (*FOURC, "scan", "image", str(archive), "-f", "json")
    yield cold(f"fourc: image of {size} MB in gzip layers, cold", scan, scratch, asked.runs)
    yield measured("fourc: the same image again", scan, asked.runs)
    if asked.syft:
        command = (asked.syft, "scan", f"oci-dir:{layout}", "-q", "-o", "cyclonedx-json")
        yield measured("syft: the same image", command, min(3, asked.runs))
    if asked.trivy:
        flags = ("--format", "cyclonedx", "--offline-scan", "--skip-version-check", "-q")
        command = (asked.trivy, "image", *flags, "--input", str(layout))
        yield cold("trivy: the same image, packages alone, cold", command, scratch, asked.runs)
        yield measured("trivy: the same image again", command, min(3, asked.runs))
    shutil.rmtree(layout)


def cold(title: str, command: Sequence[str], scratch: Path, runs: int) -> Measured:
    """The median of a few runs, each with an empty cache."""
    emptied = ("sh", "-c", f"rm -rf {scratch}/cache; exec {' '.join(command)}")
    rows = sorted((measured(title, emptied, 1) for _ in range(min(3, runs))), key=lambda row: row.wall)
    return rows[len(rows) // 2]


def built(scratch: Path, asked: argparse.Namespace) -> Measured:
    """The database of all advisories."""
    database = scratch / "all.db"
    row = measured("", (*FOURC, "db", "build", str(asked.advisories), "-o", str(database)), 1)
    size = database.stat().st_size / 1e6
    return Measured(f"fourc: database of {asked.advisories.name}, {size:.1f} MB", row.wall, row.cpu, row.peak)


if __name__ == "__main__":
    main()
