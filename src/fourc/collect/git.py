"""What git ignores in a folder, asked so that the repository's own configuration runs nothing."""

import os
from pathlib import Path

from fourc.collect.process import Ending, run

_SECONDS = 10.0
_MAX_LISTING = 64 * 1024 * 1024
_SAFE = (
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "core.preloadIndex=false",
    "-c",
    "protocol.allow=never",
)


def ignored(folder: Path, seconds: float) -> frozenset[str] | None:
    """Paths below the folder that git ignores and does not track; an ignored folder stands for all that is in it.

    None where there is no git, no work tree, or git refuses it. A folder that is itself ignored but was named ignores
    nothing.
    """
    command = ["git", *_SAFE, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"]
    output = run(command, folder=folder, env=_environment(), seconds=min(seconds, _SECONDS), max_bytes=_MAX_LISTING)
    if output.ending is not Ending.DONE:
        return None
    paths = frozenset(os.fsdecode(path).rstrip("/") for path in output.out.split(b"\0") if path)
    return frozenset() if paths & {".", ""} else paths


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
