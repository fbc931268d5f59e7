"""Running the user's own tools with bounds on time and output."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import IO

from msgspec import Struct

_CHUNK = 65536
_ERRORS_KEPT = 8192


class Ending(Enum):
    """How a process ended."""

    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    TOO_LARGE = "too-large"
    NOT_STARTED = "not-started"


class Output(Struct, frozen=True):
    """What a process printed, and how it ended; `errors` are the first of what it said on stderr."""

    ending: Ending
    out: bytes = b""
    errors: str = ""


def run(command: Sequence[str], *, folder: Path, env: Mapping[str, str], seconds: float, max_bytes: int) -> Output:
    """Run the command with exactly this environment and without input; it and its children end with this call."""
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Output(Ending.NOT_STARTED, errors=str(error))
    with process:
        out, errors, ending = _gather(process, time.monotonic() + seconds, max_bytes)
        if ending is not Ending.DONE:
            _end(process)
        code = process.wait()
    if ending is Ending.DONE and code != 0:
        ending = Ending.FAILED
    return Output(ending, out, errors.decode("utf-8", "replace"))


def _gather(process: subprocess.Popen[bytes], deadline: float, max_bytes: int) -> tuple[bytes, bytes, Ending]:
    kept: dict[IO[bytes], bytearray] = {s: bytearray() for s in (process.stdout, process.stderr) if s is not None}
    bounds = {process.stdout: max_bytes, process.stderr: _ERRORS_KEPT}
    ending = Ending.DONE
    with selectors.DefaultSelector() as waiting:
        for stream in kept:
            waiting.register(stream, selectors.EVENT_READ, stream)
        while waiting.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                ending = Ending.TIMED_OUT
                break
            for key, _ in waiting.select(left):
                stream = key.data
                chunk = os.read(stream.fileno(), _CHUNK)
                if not chunk:
                    waiting.unregister(stream)
                    continue
                kept[stream] += chunk[: max(0, bounds[stream] - len(kept[stream]))]
                if stream is process.stdout and len(kept[stream]) >= max_bytes:
                    ending = Ending.TOO_LARGE
            if ending is Ending.TOO_LARGE:
                break
    texts = [bytes(text) for text in kept.values()]
    return texts[0], texts[1], ending


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
