"""Copies of this process that compute ahead and send what they have, one value after the other.

Forked, so that they start in milliseconds and know all that is known here; only on Linux, where forking a Python process
is sound. What a worker was lost with is told to who waits for it, and no worker outlives `close`.
"""

import os
import pickle
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Generic, TypeVar

Value = TypeVar("Value")
Piece = TypeVar("Piece")

_LENGTH = struct.Struct("!Q")
_PIPE_SIZE = 1 << 20
_CHUNK = 1 << 18
_MOST = 4
_PATIENCE, _MOST_PATIENCE = 10.0, 60.0
_LONG = 3600.0
_TICKET = struct.Struct("!I")
_GROUPS = 1024
"""So many tickets fit into any pipe."""


class LostError(Exception):
    """The worker ended, or was too slow, before its next value was there."""


def worker_count() -> int:
    """How many processes can work at once; 1 where there can be no workers: with threads forking is not sound either."""
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return min(_MOST, len(os.sched_getaffinity(0)))


class Worker(Generic[Value]):
    """A forked process that yields the values; the caller takes them in their order.

    It is `lost` once nothing more can be taken, from the start where no process could be made.
    """

    def __init__(self, values: Callable[[], Iterable[Value]]) -> None:
        self.lost = True
        try:
            self._handle, theirs = os.pipe()
        except OSError:  # too many open files: a worker less
            return
        try:
            self._pid = os.fork()
        except OSError:  # too many processes, too little memory
            os.close(self._handle)
            os.close(theirs)
            return
        if self._pid == 0:
            os.close(self._handle)
            _send_all(values, theirs)
        os.close(theirs)
        self.lost = False
        self._ahead = bytearray()
        self._waiting = select.poll()
        self._waiting.register(self._handle, select.POLLIN)

    def take(self, deadline: float) -> Value:
        """The next value.

        Raises:
            LostError: there is none before the monotonic time `deadline`, or none any more. It is over with this worker.
        """
        if self.lost:
            raise LostError
        try:
            (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
            value: Value = pickle.loads(self._read(length, deadline))  # noqa: S301 - our own process wrote it
        except (LostError, pickle.UnpicklingError, EOFError, OSError) as error:
            self.close()
            raise LostError from error
        return value

    def take_in(self) -> None:
        """Keep what has been sent so far, so that the process need not wait for a `take` to send more."""
        while not self.lost and self._waiting.poll(0) and (chunk := os.read(self._handle, _CHUNK)):
            self._ahead += chunk

    def close(self) -> None:
        """End the process if it still runs; safe to call twice."""
        if self.lost:
            return
        self.lost = True
        os.close(self._handle)
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)

    def _read(self, length: int, deadline: float) -> bytes:
        chunks = [bytes(self._ahead[:length])]
        del self._ahead[:length]
        length -= len(chunks[0])
        while length:
            ready = self._waiting.poll(1000 * max(0.0, deadline - time.monotonic()))
            chunk = os.read(self._handle, min(length, _CHUNK)) if ready else b""
            if not chunk:
                raise LostError
            chunks.append(chunk)
            length -= len(chunk)
        return b"".join(chunks)


def _send_all(values: Callable[[], Iterable[Value]], handle: int) -> None:
    """What the forked process does; it ends here, without what the parent would do at its end."""
    code = 1
    try:
        _widen(handle)
        for value in values():
            data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            _write(handle, _LENGTH.pack(len(data)) + data)
        code = 0
    finally:
        os._exit(code)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _widen(handle: int) -> None:
    """A pipe that holds more, so that the worker seldom waits."""
    import fcntl  # noqa: PLC0415 - not on every system

    with suppress(OSError):
        fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def spread(work: Callable[[Piece], Value], pieces: Sequence[Piece], sizes: Sequence[int]) -> Iterator[Value]:
    """What `work` makes of every piece, in their order, shared with workers; what a lost worker leaves is done here."""
    count = min(worker_count(), len(pieces))
    owners = [*shares(sizes, count)]

    def part(owner: int) -> Iterator[Value]:
        return (work(piece) for piece, its in zip(pieces, owners, strict=True) if its == owner)

    workers = [Worker(partial(part, owner)) for owner in range(1, count)]
    try:
        mine = iter([*part(0)])
        for piece, owner in zip(pieces, owners, strict=True):
            if owner == 0:
                yield next(mine)
                continue
            try:
                yield workers[owner - 1].take(time.monotonic() + _PATIENCE)
            except LostError:
                yield work(piece)
    finally:
        for worker in workers:
            worker.close()


@contextmanager
def begun(work: Callable[[], Value], *, worth_it: bool) -> Iterator[Callable[[], Value]]:
    """A call for what `work` makes: a worker has begun with it, where that is worth it, else it is done when called."""
    worker = Worker(lambda: [work()]) if worth_it and worker_count() > 1 else None

    def result() -> Value:
        if worker is not None:
            with suppress(LostError):
                return worker.take(time.monotonic() + _MOST_PATIENCE)
        return work()

    try:
        yield result
    finally:
        if worker is not None:
            worker.close()


def hand_out(work: Callable[[Piece], Value], pieces: Sequence[Piece]) -> Iterator[Value]:
    """What `work` makes of every piece, in their order; each worker, this process too, takes the next piece when it is free.

    For pieces of which nobody knows how long they take. What a lost worker leaves is done here.
    """
    count = min(worker_count(), len(pieces))
    tickets = _tickets(len(pieces)) if count > 1 else None
    if tickets is None:
        yield from map(work, pieces)
        return

    def done() -> Iterator[tuple[int, Value]]:
        # so few bytes are read at once, or not at all: no two processes get parts of one ticket
        while ticket := os.read(tickets, _TICKET.size):
            (group,) = _TICKET.unpack(ticket)
            for place in range(group, len(pieces), _GROUPS):
                yield place, work(pieces[place])

    workers = [Worker(done) for _ in range(1, count)]
    results: dict[int, Value] = {}
    try:
        for place, value in done():
            results[place] = value
            for worker in workers:
                worker.take_in()
        for worker in workers:
            results |= _left(worker)
        for place, piece in enumerate(pieces):
            yield results.pop(place) if place in results else work(piece)
    finally:
        os.close(tickets)
        for worker in workers:
            worker.close()


def _left(worker: Worker[tuple[int, Value]]) -> dict[int, Value]:
    """What the worker has not been asked for yet."""
    values: dict[int, Value] = {}
    with suppress(LostError):
        while True:
            place, value = worker.take(time.monotonic() + _LONG)
            values[place] = value
    return values


def _tickets(count: int) -> int | None:
    """A pipe with a number for every piece, or every group of them where there are very many; None where there can be none."""
    try:
        handle, pool = os.pipe()
    except OSError:
        return None
    os.write(pool, b"".join(map(_TICKET.pack, range(min(count, _GROUPS)))))
    os.close(pool)
    return handle


def shares(sizes: Iterable[int], count: int) -> Iterator[int]:
    """For each piece of work in turn the worker that does it: the one with the least to do so far."""
    loads = [0] * count
    for size in sizes:
        least = loads.index(min(loads))
        loads[least] += size
        yield least
