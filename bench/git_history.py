"""How long it takes to see every blob of a 50,000-commit history, beside kingfisher on the same repository.

    python bench/git_history.py make REPOSITORY [--commits 50000] [--seed 1]
    python bench/git_history.py time REPOSITORY [--kingfisher PATH] [--rounds 3]

`make` writes a history through `git fast-import` and packs it as a server does. `time` prints wall and CPU seconds of
streaming every blob (two processes), of finding the commits of those that hold a planted secret, and of kingfisher with its
validation over the network turned off. `scan` is where an engine goes.
"""

import argparse
import multiprocessing
import random
import re
import resource
import shutil
import string
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from fourc.collect.content.attribution import attribute
from fourc.collect.content.blob import Blob
from fourc.collect.content.history import Piece, pieces, read_blobs
from fourc.collect.content.repository import Repository, find_repository

TEXT = (
    "account address amount apply array async await base batch body buffer build bytes cache call cancel channel check child "
    "class client close cluster code column commit config connect const context copy count create current cursor data date "
    "decode default delete depth device domain driver element encode entry error event export extend field file filter find "
    "float flush folder format frame function group handle hash header height host image import index init input insert int "
    "item join key label layer length level limit line list load local lock log logger map match member merge message method "
    "mode model module mount name next node number object offset open option order output owner page param parent parse path "
    "pattern pending pod policy pool port prefix print private process public query queue random range read record region "
    "remove render reply report request reset resource result retry return role root route rule run sample save scale schema "
    "scope search select send server service session size sort source split stack start state status stop store stream string "
    "style suffix switch table tag target task test text thread timeout title token total trace tree type unit update upload "
    "url user valid value variable vector version view volume wait watch weight width window worker write zone"
)
WORDS = TEXT.split()
FOLDERS = tuple(f"{top}/{below}" for top in ("src", "lib", "deploy", "web", "tests") for below in WORDS[:60:3])
ENDINGS = (".py", ".go", ".ts", ".java", ".yaml", ".md", ".json")
FILES = 3000
SECRET_EVERY = 500
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PLANTED = re.compile(rb"ghp_[0-9A-Za-z]{36}")
WORKERS = 2


def line(rng: random.Random) -> str:
    """A line that looks like code."""
    words = rng.choices(WORDS, k=6)
    shapes = (
        f"    {words[0]}_{words[1]} = {words[2]}.{words[3]}({words[4]}, {rng.randrange(1000)})",
        f"    if {words[0]}.{words[1]} != {words[2]}_{words[3]}:",
        f'        "{words[0]}-{words[1]}": "{words[2]} {words[3]} {words[4]}",',
        f"  {words[0]}: {words[1]}-{words[2]}  # {words[3]} {words[4]} {words[5]}",
        f"def {words[0]}_{words[1]}({words[2]}: {words[3]}) -> {words[4]}:",
        "",
    )
    return rng.choice(shapes)


def secret_line(rng: random.Random) -> str:
    """A line with a GitHub token that no one ever had; its last six characters are the CRC-32 of those before."""
    body = "".join(rng.choices(BASE62, k=30))
    rest, check = zlib.crc32(body.encode()), ""
    while len(check) < 6:
        rest, digit = divmod(rest, 62)
        check = BASE62[digit] + check
    return f'    token = "ghp_{body}{check}"'


def stream(commits: int, rng: random.Random) -> Iterator[bytes]:
    """The history in the format of `git fast-import`: files grow, change in a few lines, and are deleted now and then."""
    files: dict[str, list[str]] = {}
    names: list[str] = []
    for number in range(commits):
        message = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {number}"
        author = f"Author {rng.randrange(40)} <a{rng.randrange(40)}@example.com> {1_500_000_000 + 600 * number} +0000"
        yield f"commit refs/heads/main\ncommitter {author}\ndata {len(message)}\n{message}\n".encode()
        for _ in range(min(8, 1 + int(rng.expovariate(0.9)))):
            if len(names) < FILES and (rng.random() < 0.05 or len(names) < 20):
                path = f"{rng.choice(FOLDERS)}/{rng.choice(WORDS)}_{len(names)}{rng.choice(ENDINGS)}"
                names.append(path)
                files[path] = [line(rng) for _ in range(int(min(4000, 12 + rng.lognormvariate(4.3, 1.0))))]
            else:
                path = names[int(len(names) * rng.random() ** 2)]
                text = files[path]
                at = rng.randrange(len(text))
                text[at : at + rng.randrange(4)] = [line(rng) for _ in range(1 + int(rng.expovariate(0.3)))]
            if number % SECRET_EVERY == SECRET_EVERY - 1:
                text = files[path]
                text.insert(rng.randrange(len(text)), secret_line(rng))
            data = "\n".join(files[path]).encode()
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)
        yield b"\n"


def make(repository: Path, commits: int, seed: int) -> None:
    """Write the repository; the same seed writes the same objects."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    command = ["git", "-C", str(repository), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for part in stream(commits, random.Random(seed)):  # noqa: S311 - to be repeated
            process.stdin.write(part)
        process.stdin.close()
    assert process.returncode == 0
    subprocess.run(["git", "-C", str(repository), "repack", "-adfq", "--window=10", "--depth=50"], check=True)


Hits = list[tuple[str, str, int]]


def scan(blob: Blob) -> Hits:
    """Where an engine goes: the planted tokens with blob and line. Finding them costs next to nothing."""
    assert blob.object_id is not None
    return [
        (match[0].decode(), blob.object_id, blob.data.count(b"\n", 0, match.start()) + 1)
        for match in PLANTED.finditer(blob.data)
    ]


def scanned(task: tuple[Repository, Piece]) -> tuple[int, Hits]:
    """The bytes of a piece and the hits in it."""
    size, hits = 0, []
    for part in read_blobs(*task):
        assert isinstance(part, Blob)
        size += len(part.data)
        hits += scan(part)
    return size, hits


def ours(folder: Path) -> str:
    """Stream every blob and say who brought the tokens."""
    began = time.perf_counter()
    repository = find_repository(folder, ".", 3600)
    assert isinstance(repository, Repository)
    size = 0
    holders: dict[str, dict[str, int]] = {}
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        tasks = ((repository, piece) for piece in pieces(repository) if isinstance(piece, Piece))
        for its, hits in pool.imap_unordered(scanned, tasks):
            size += its
            for secret, blob, line in hits:
                holders.setdefault(secret, {}).setdefault(blob, line)
    streamed = time.perf_counter() - began
    known = attribute(repository, holders).known
    assert known.keys() == holders.keys()
    blobs = len({blob for its in holders.values() for blob in its})
    spent = time.perf_counter() - began - streamed
    return f"{size >> 20} MiB streamed in {streamed:.2f} s, {len(known)} tokens in {blobs} blobs attributed in {spent:.2f} s"


def measured(name: str, command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of the command with its children, printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = next((line for line in reversed(done.stdout.splitlines()) if "streamed" in line or "Findings" in line), "")
    print(f"{name:12} {wall:6.2f} s wall {cpu:6.2f} s CPU  {said.strip()}", flush=True)
    return wall, cpu


def compare(repository: Path, kingfisher: str | None, rounds: int) -> None:
    """Both in turns, so that what else the machine does is fair to both."""
    for _ in range(rounds):
        mine = measured("fourc", [sys.executable, __file__, "once", str(repository)])
        if kingfisher:
            options = ["--no-validate", "--no-update-check"]
            theirs = measured("kingfisher", [kingfisher, "scan", *options, str(repository)])
            print(f"{'ratio':12} {theirs[0] / mine[0]:6.2f}   wall {theirs[1] / mine[1]:6.2f}   CPU")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making, timing, once = (commands.add_parser(name) for name in ("make", "time", "once"))
    for command in (making, timing, once):
        command.add_argument("repository", type=Path)
    making.add_argument("--commits", type=int, default=50_000)
    making.add_argument("--seed", type=int, default=1)
    timing.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    timing.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.command == "make":
        make(arguments.repository, arguments.commits, arguments.seed)
    elif arguments.command == "once":
        print(ours(arguments.repository))
    else:
        compare(arguments.repository, arguments.kingfisher, arguments.rounds)


if __name__ == "__main__":
    main()
