"""Send requests to providers: the one place that opens a connection, and only for `--verify-live`.

HTTPS alone, with the certificate verified; through the proxy that the environment names (`https_proxy`, `no_proxy`); no
redirect is followed, so a secret goes to no address that was not told before. Neither requests nor answers are logged.
"""

import queue
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException

from msgspec import Struct

from fourc.model.gap import GapReason
from fourc.model.live import Answer, Question

_MAX_BODY = 64 * 1024
_PIECE = 8 * 1024


class Bounds(Struct, frozen=True):
    """How long one request may take, how long all of them, and how many are under way at a time."""

    seconds: float = 10.0
    all_seconds: float = 120.0
    at_once: int = 4


def answers_to(
    questions: Sequence[Question], bounds: Bounds | None = None, trusted: ssl.SSLContext | None = None
) -> list[Answer]:
    """The answers in the order of the questions; the certificates in `trusted` count, else those that the system trusts."""
    bounds = bounds or Bounds()
    opener = urllib.request.OpenerDirector()
    # none of urllib's other handlers: no redirects, no cookies, no plain HTTP, and any status is an answer
    opener.add_handler(urllib.request.ProxyHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=trusted or ssl.create_default_context()))
    answers = [Answer(failed=GapReason.TIMED_OUT)] * len(questions)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(questions)):
        waiting.put(number)
    until = time.monotonic() + bounds.all_seconds

    def work() -> None:
        while time.monotonic() < until:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            answers[number] = _answer(opener, questions[number], bounds.seconds)

    # daemons: one whose server sends a byte now and then must not keep the command from ending
    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(bounds.at_once, len(questions)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0.0, until - time.monotonic()))
    return [*answers]


def _answer(opener: urllib.request.OpenerDirector, question: Question, seconds: float) -> Answer:
    if not question.url.startswith("https://"):
        return Answer(failed=GapReason.UNSUPPORTED)
    until = time.monotonic() + seconds
    request = urllib.request.Request(  # noqa: S310 - HTTPS, as just seen
        question.url, question.body, dict(question.headers), method=question.method
    )
    try:
        with opener.open(request, timeout=seconds) as response:
            body = b""
            while len(body) < _MAX_BODY and time.monotonic() < until and (piece := response.read1(_PIECE)):
                body += piece
            return Answer(response.status, body)
    # what these say may quote the address, and so a secret: only their kind is kept
    except urllib.error.URLError as error:
        return Answer(failed=_reason(error.reason))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(failed=_reason(error))


def _reason(error: BaseException | str) -> GapReason:
    if isinstance(error, TimeoutError):
        return GapReason.TIMED_OUT
    if isinstance(error, ssl.SSLError):
        return GapReason.DENIED
    if isinstance(error, socket.gaierror | ConnectionError):
        return GapReason.MISSING
    if isinstance(error, HTTPException | ValueError):
        return GapReason.MALFORMED
    return GapReason.DENIED  # a proxy that refuses is an OSError of no particular kind
