"""Workers send what they have in its order; what one is lost with is told, and none is left behind."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourc.collect import workers
from fourc.collect.limits import Budget, Limits, Options, SourceFile
from fourc.collect.manifests import ahead
from fourc.collect.manifests.collect import collect_manifests
from fourc.collect.manifests.collected import Collected
from fourc.collect.reading import read_file
from fourc.collect.workers import LostError, Worker, begun, hand_out, shares, spread
from fourc.model.gap import Gap

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: c, image: i}]}\n"
FILES = ("a", "b", "c", "d", "e", "f")

pytestmark = pytest.mark.skipif(workers.worker_count() == 1, reason="no workers on this machine")


@pytest.fixture(autouse=True)
def _three_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three workers whatever the machine has, and for however little."""
    monkeypatch.setattr(ahead, "worker_count", lambda: 3)
    monkeypatch.setattr(workers, "worker_count", lambda: 3)
    monkeypatch.setattr(ahead, "WORTH_IT", 0)


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    """Every worker has ended and was waited for when a test is over."""
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def soon() -> float:
    """A deadline that is not meant to be reached."""
    return time.monotonic() + 30


def folder(root: Path) -> Path:
    """One pod in each of the files."""
    for name in FILES:
        (root / f"{name}.yaml").write_text(POD % name)
    return root


def pods(collected: Collected) -> list[str]:
    """The names of the pods that were read."""
    return [w.meta.name for w in collected.inventory.workloads]


def gaps(collected: Collected) -> list[tuple[str, str]]:
    """Reason and path of every gap."""
    return [(g.reason.value, g.location.path) for g in collected.gaps if g.location]


def dying_at(name: str, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Let whoever reads the file of that name be killed, or wait for ever, if it is a worker."""
    parent = os.getpid()

    def read(source: SourceFile, budget: Budget) -> bytes | Gap:
        if source.shown == name and os.getpid() != parent:
            if how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(600)
        return read_file(source, budget)

    monkeypatch.setattr(ahead, "read_file", read)


def test_values_come_in_their_order_whatever_their_size() -> None:
    worker = Worker(lambda: ["a" * 3_000_000, b"", ("x", 1), None])
    values = [worker.take(soon()) for _ in range(4)]
    worker.close()
    assert values == ["a" * 3_000_000, b"", ("x", 1), None]


def test_after_its_last_value_a_worker_is_lost() -> None:
    worker = Worker(lambda: [1])
    assert worker.take(soon()) == 1
    for _ in range(2):
        with pytest.raises(LostError):
            worker.take(soon())


def test_a_worker_that_fails_is_lost() -> None:
    worker = Worker(lambda: (1 // n for n in (1, 0)))
    assert worker.take(soon()) == 1
    with pytest.raises(LostError):
        worker.take(soon())


def test_a_worker_that_is_too_slow_is_ended() -> None:
    worker = Worker(lambda: map(time.sleep, [600]))
    began = time.monotonic()
    with pytest.raises(LostError):
        worker.take(began + 0.1)
    assert time.monotonic() - began < 30


def test_a_worker_that_nobody_reads_any_more_ends_with_close() -> None:
    worker = Worker(lambda: ("x" * 1_000_000 for _ in range(1000)))
    assert worker.take(soon()) == "x" * 1_000_000
    worker.close()
    worker.close()


def test_work_goes_to_whoever_has_least_to_do() -> None:
    assert [*shares([9, 1, 1, 1, 9, 1], 2)] == [0, 1, 1, 1, 1, 0]


def test_what_is_spread_comes_back_in_order_and_what_is_lost_is_done_here() -> None:
    parent = os.getpid()

    def work(piece: int) -> int:
        if piece == 4 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return piece * piece

    assert [*spread(work, range(9), [1] * 9)] == [n * n for n in range(9)]


def test_one_piece_is_not_spread() -> None:
    parent = os.getpid()
    assert [*spread(lambda _: os.getpid() == parent, [1], [1])] == [True]


def test_workers_read_what_one_process_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents, problems with their lines, broken files, JSON of others: facts, gaps and counts are the same."""
    folder(tmp_path)
    (tmp_path / "bad.yaml").write_text("a: [\n")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfea: \xff")
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "problem.yaml").write_text(POD % "p" + "---\n" + "\n\n" + POD % "{}")
    (tmp_path / "definition.yaml").write_text("apiVersion: v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\n")
    by_workers = collect_manifests(tmp_path, options=Options(render=False))
    monkeypatch.setattr(ahead, "worker_count", lambda: 1)
    assert by_workers == collect_manifests(tmp_path, options=Options(render=False))
    assert ("malformed", "bad.yaml") in gaps(by_workers)


def test_a_worker_that_is_killed_costs_the_file_that_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying_at("b.yaml", monkeypatch, "killed")
    collected = collect_manifests(folder(tmp_path), options=Options(render=False))
    assert pods(collected) == ["a", "c", "d", "e", "f"]
    assert gaps(collected) == [("unreadable", "b.yaml")]


def test_a_worker_that_hangs_ends_the_reading_when_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying_at("c.yaml", monkeypatch, "hangs")
    began = time.monotonic()
    collected = collect_manifests(folder(tmp_path), options=Options(render=False, limits=Limits(seconds=0.5)))
    assert pods(collected) == ["a", "b"]
    assert gaps(collected) == [("timed-out", "c.yaml")]
    assert time.monotonic() - began < 30


def test_a_limit_ends_the_workers_too(tmp_path: Path) -> None:
    collected = collect_manifests(folder(tmp_path), options=Options(render=False, limits=Limits(objects=2)))
    assert pods(collected) == ["a", "b"]
    assert gaps(collected) == [("too-large", "c.yaml")]


def test_without_processes_everything_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert pods(collect_manifests(folder(tmp_path), options=Options(render=False))) == [*FILES]
    assert [*spread(abs, [-1, -2], [1, 1])] == [1, 2]


def test_what_a_worker_has_begun_is_made_once_and_here_where_the_worker_was_lost() -> None:
    parent = os.getpid()

    def elsewhere() -> bool:
        return os.getpid() != parent

    def lost() -> bool:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    with begun(elsewhere, worth_it=True) as result:
        assert result()
    with begun(elsewhere, worth_it=False) as result:
        assert not result()
    with begun(lost, worth_it=True) as result:
        assert not result()


def test_pieces_are_handed_out_to_whoever_is_free() -> None:
    """The results come in the order of the pieces, and more than one process made them."""

    def work(piece: int) -> tuple[int, int]:
        time.sleep(0.02 if piece else 0.2)  # who has the first takes few others
        return piece, os.getpid()

    results = [*hand_out(work, range(30))]
    assert [piece for piece, _ in results] == [*range(30)]
    counts = [sum(who == pid for _, who in results) for pid in {who for _, who in results}]
    assert len(counts) == 3
    assert min(counts) < 10


def test_no_worker_waits_for_what_it_has_sent_to_be_wanted() -> None:
    """However much: results are taken in between this process's own pieces, else a full pipe would stop the worker."""
    parent = os.getpid()

    def work(_: int) -> tuple[int, bytes]:
        time.sleep(0.02)
        return os.getpid(), bytes(400_000)

    results = [*hand_out(work, range(60))]
    assert sum(len(data) for _, data in results) == 60 * 400_000
    assert sum(who != parent for who, _ in results) > 15


@pytest.mark.parametrize("pieces", [[], [1]])
def test_few_pieces_need_no_worker(pieces: list[int]) -> None:
    """One process takes one piece."""
    assert [*hand_out(lambda piece: (piece, os.getpid()), pieces)] == [(piece, os.getpid()) for piece in pieces]


def test_what_a_lost_worker_took_is_done_here() -> None:
    """However it ended."""
    parent = os.getpid()

    def work(piece: int) -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return piece * piece

    assert [*hand_out(work, range(20))] == [piece * piece for piece in range(20)]


def test_very_many_pieces_are_done_in_order_too() -> None:
    """More than fit into a pipe."""
    assert [*hand_out(lambda piece: piece, range(10_000))] == [*range(10_000)]


def test_hand_out_does_without_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more files may be open, this process does it all."""

    def refuse() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "pipe", refuse)
    assert [*hand_out(lambda piece: piece, range(5))] == [*range(5)]
