"""Make a history of 50,000 commits, as `secret_scan.py` measures it.

    python bench/git_history.py REPOSITORY [--commits 50000] [--seed 1]

It is written through `git fast-import` and packed as a server does; the same seed gives the same objects.
"""

import argparse
import random
import string
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

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


def main() -> None:
    """Parse and make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make(options.repository, options.commits, options.seed)


if __name__ == "__main__":
    main()
