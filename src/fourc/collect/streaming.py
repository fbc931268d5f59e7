"""Running the user's own tools whose output is too long to be kept: it is read as it comes."""

import io
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Self, cast

_BUFFER = 1 << 20
_ERRORS_KEPT = 8192
_PIPE_SIZE = 1 << 20
_F_SETPIPE_SZ = 1031  # Linux only, like the constant in `fcntl`


def scratch(lines: Iterable[bytes] = ()) -> IO[bytes]:
    """A file that no one else sees, with these lines, ready to be read from its start."""
    if hasattr(os, "memfd_create"):
        file: IO[bytes] = os.fdopen(os.memfd_create("fourc"), "w+b")
    else:  # pragma: no cover
        import tempfile  # noqa: PLC0415 - costs a hook 10 ms

        file = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - the caller's to close
    file.writelines(lines)
    file.seek(0)
    return file


class Stream:
    """What the last of some processes prints, each reading what the one before it prints; all end with the `with` block.

    `given` is what the first one reads. Reading `out` raises TimeoutError after the monotonic time `deadline`.

    Raises:
        OSError: a process could not be started.
    """

    def __init__(
        self,
        *commands: Sequence[str],
        folder: Path,
        env: Mapping[str, str],
        deadline: float,
        given: IO[bytes] | None = None,
    ) -> None:
        self._deadline = deadline
        self._processes: list[subprocess.Popen[bytes]] = []
        self._errors = scratch()
        source: int = os.open(os.devnull, os.O_RDONLY) if given is None else os.dup(given.fileno())
        with ExitStack() as undo:
            undo.callback(self.close)
            undo.callback(lambda: os.close(source))
            for command in commands:
                source = self._start(command, source, folder, env)
            undo.pop_all()
        self.out = io.BufferedReader(_Patient(source, deadline), _BUFFER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what still runs; safe to call twice."""
        for process in self._processes:
            if process.poll() is None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if hasattr(self, "out"):
            self.out.close()
        self._errors.close()

    def failed(self) -> bool:
        """Whether a process failed, asked once everything was read.

        Raises:
            TimeoutError: they have not ended by the deadline.
        """
        try:
            return any(process.wait(max(0.1, self._deadline - time.monotonic())) for process in self._processes)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error

    def errors(self) -> str:
        """The first of what the processes said on stderr."""
        return os.pread(self._errors.fileno(), _ERRORS_KEPT, 0).decode("utf-8", "replace")

    def _start(self, command: Sequence[str], source: int, folder: Path, env: Mapping[str, str]) -> int:
        """Start a process that reads `source`, which is closed here; where to read what it prints."""
        reading, writing = os.pipe()
        with ExitStack() as undo:
            undo.callback(os.close, reading)
            try:
                process = subprocess.Popen(
                    list(command),
                    cwd=folder,
                    env=dict(env),
                    stdin=source,
                    stdout=writing,
                    stderr=self._errors,
                    start_new_session=True,
                )
            finally:
                os.close(writing)
            undo.pop_all()
        os.close(source)
        self._processes.append(process)
        _widen(reading)
        return reading


class _Patient(io.RawIOBase):
    """A pipe whose reader waits no longer than to the deadline."""

    def __init__(self, handle: int, deadline: float) -> None:
        self._handle = handle
        self._deadline = deadline
        self._waiting = select.poll()
        self._waiting.register(handle, select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # what BufferedReader gives
        left = self._deadline - time.monotonic()
        if left <= 0 or not self._waiting.poll(min(1e9, 1000 * left)):
            raise TimeoutError
        return os.readv(self._handle, [buffer])

    def close(self) -> None:
        if not self.closed:
            os.close(self._handle)
        super().close()


def _widen(handle: int) -> None:
    """A pipe that holds more, so that writer and reader seldom wait for each other."""
    import fcntl  # noqa: PLC0415 - not on every system

    with suppress(OSError):
        fcntl.fcntl(handle, _F_SETPIPE_SZ, _PIPE_SIZE)
