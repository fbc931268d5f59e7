"""Measure the walk over an image of about 800 MB in gzip layers, cold and from the cache, beside peers in the same run.

    python bench/image.py [--folder /usr] [--megabytes 800] [--layers 4] [--syft PATH] [--runs 3]

The image is made of this machine's own files, so only ratios of one run mean something. `tarfile` is what Python's own
library needs to name the same layers' entries, without hashing. syft: `go install github.com/anchore/syft/cmd/syft@v1.57.0`.
"""

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from run import Measured, measured

WALK = """
import sys
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.open import open_image
from fourc.collect.image.wishes import Interest, Wishes
WANTED = ("var/lib/dpkg/status", "/package.json", "/METADATA", "lib/apk/db/installed")
wishes = Wishes((Interest("bench 1", lambda path, size, head: path.endswith(WANTED)),))
cache = LayerCache() if sys.argv[2:] else None
open_image(sys.argv[1]).walk(wishes, cache)
"""
TARFILE = """
import sys, tarfile
from pathlib import Path
for path in Path(sys.argv[1]).iterdir():
    with path.open("rb") as head:
        packed = head.read(2) == b"\\x1f\\x8b"
    if packed:
        with tarfile.open(path, "r|gz") as tar:
            for member in tar:
                pass
"""


def put(folder: Path, data: bytes) -> dict[str, object]:
    """A blob, and its description."""
    digest = hashlib.sha256(data).hexdigest()
    (folder / digest).write_bytes(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def write(folder: Path, source: Path, size: int, count: int) -> int:
    """A layout of so many layers of files of the source folder; how many bytes they are unpacked."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    paths = (Path(base, name) for base, _, names in os.walk(source) for name in sorted(names))
    layers, ids, total = [], [], 0
    for _ in range(count):
        plain = folder / "layer.tar"
        with tarfile.open(plain, "w") as tar:
            while tar.offset < size // count and (path := next(paths, None)) is not None:
                if path.is_file() and not path.is_symlink():
                    tar.add(path, str(path).lstrip("/"))
        with plain.open("rb") as made:
            ids.append(f"sha256:{hashlib.file_digest(made, 'sha256').hexdigest()}")
        total += plain.stat().st_size
        layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **pack(blobs, plain)})
        plain.unlink()
    config = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": ids}}
    about = {"mediaType": "application/vnd.oci.image.config.v1+json", **put(blobs, json.dumps(config).encode())}
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": about, "layers": layers}
    top = {"mediaType": kind, **put(blobs, json.dumps(manifest).encode())}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return total


def pack(blobs: Path, plain: Path) -> dict[str, object]:
    """A layer as builders pack it, and its description."""
    packed = blobs / "packed"
    with plain.open("rb") as source, gzip.open(packed, "wb", 6) as target:
        while piece := source.read(1 << 20):
            target.write(piece)
    with packed.open("rb") as made:
        digest = hashlib.file_digest(made, "sha256").hexdigest()
    packed.rename(blobs / digest)
    return {"digest": f"sha256:{digest}", "size": (blobs / digest).stat().st_size}


def main() -> None:
    """Make the image, run everybody, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/usr"))
    parser.add_argument("--megabytes", type=int, default=800)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--syft")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        layout, archive = Path(place, "image"), Path(place, "image.tar")
        total = write(layout, asked.folder, asked.megabytes << 20, asked.layers)
        with tarfile.open(archive, "w") as tar:
            tar.add(layout, ".")
        os.environ["XDG_CACHE_HOME"] = os.path.join(place, "cache")  # noqa: PTH118 - as the environment wants it
        walk = (sys.executable, "-c", WALK, str(archive))
        rows: list[Measured] = [measured("fourc, cold", walk, asked.runs)]
        measured("", (*walk, "cache"), 1)
        rows.append(measured("fourc, unchanged", (*walk, "cache"), asked.runs))
        names = (sys.executable, "-c", TARFILE, str(layout / "blobs/sha256"))
        rows.append(measured("tarfile, names only", names, asked.runs))
        if asked.syft:
            command = (asked.syft, "scan", f"oci-dir:{layout}", "-q", "-o", "cyclonedx-json")
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            rows.append(measured("syft", command, asked.runs))
        print(f"{total >> 20} MB in {asked.layers} layers, {archive.stat().st_size >> 20} MB packed\n")
        print("| | wall | CPU | memory |\n|---|---|---|---|")
        for row in rows:
            print(f"| {row.title} | {row.wall:.2f} s | {row.cpu:.2f} s | {row.peak:.0f} MB |")


if __name__ == "__main__":
    main()
