"""A web server that does what real ones do, and what broken ones do."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Files by path, and how they are served; `asked` are the requests, with the range that was asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.ranges = True
        self.tags = True
        self.cuts: list[int] = []
        """So many bytes of each next body are sent, then the connection breaks."""
        self.cut_always: int | None = None
        self.length_off_by = 0
        self.redirects: dict[str, str] = {}
        self.status: dict[str, int] = {}
        self.dripping: set[str] = set()
        self.wrong_range = False
        self.before: Callable[[str], None] = lambda _: None
        self.closing = threading.Event()
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        site = self.site
        path, wanted = self.path, self.headers.get("Range", "")
        site.asked.append(f"{path} {wanted}".strip())
        site.headers.append(dict(self.headers.items()))
        site.before(path)
        if path in site.redirects:
            self._send(302, b"", {"Location": site.redirects[path]})
        elif path in site.status or path not in site.files:
            self._send(site.status.get(path, 404), b"no\n", {})
        else:
            self._file(site.files[path], wanted)

    def _file(self, data: bytes, wanted: str) -> None:
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        said = {"ETag": tag} if self.site.tags else {}
        if self.headers.get("If-None-Match") == tag:
            self._send(304, b"", said)
            return
        found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted)
        if not self.site.ranges or not found or self.headers.get("If-Range", tag) != tag:
            self._send(200, data, said)
            return
        start = int(found[1]) if found[1] else len(data) - int(found[2])
        if start >= len(data):
            self._send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            return
        begin = 0 if self.site.wrong_range else start
        self._send(206, data[start:], {**said, "Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        site = self.site
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        length = len(body) + (site.length_off_by if status == 200 else 0)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if status < 300 and self.path in site.dripping:
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                if site.closing.wait(0.02):
                    break
            self.close_connection = True
            return
        cut = site.cuts.pop(0) if status < 300 and site.cuts else site.cut_always
        if status < 300 and cut is not None:
            body, self.close_connection = body[:cut], True
        self.wfile.write(body if length >= len(body) else body[:length])
        self.close_connection |= length != len(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        del format, args


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def served() -> Iterator[Site]:
    """A site on loopback, as long as the block lasts."""
    site = Site()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.closing.set()
        server.shutdown()
        server.server_close()
