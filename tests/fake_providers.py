"""Providers as they answer over HTTPS, on loopback, with a certificate made for the test."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from msgspec import Struct, field


class Said(Struct):
    """What a fake says to a request that holds `secret` somewhere, else to one without it."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


class Fake(Struct):
    """A provider that runs: its address, what it was asked (`METHOD path`, with headers and body), and what it says to whom."""

    base: str
    trusted: ssl.SSLContext
    certificate: Path
    says: dict[str, Said]
    asked: list[tuple[str, dict[str, str], bytes]]
    most_at_once: int = 0

    def calls(self) -> list[str]:
        """The requests, in order of their text."""
        return sorted(line for line, _, _ in self.asked)


@contextmanager
def fake_provider(
    folder: Path, says: Mapping[str, Said], *, name: str = "localhost", wait: float = 0
) -> Iterator[Fake]:
    """A provider that answers 401 to whatever holds none of the secrets in `says`, each answer after `wait` seconds."""
    authority = trustme.CA()
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(served)
    trusted = ssl.create_default_context(cafile=str(certificate))
    fake = Fake("", trusted, certificate, dict(says), [])
    lock, under_way = threading.Lock(), [0]
    idle = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            line = f"{self.command} {self.path}"
            with lock:
                under_way[0] += 1
                fake.most_at_once = max(fake.most_at_once, under_way[0])
                fake.asked.append((line, dict(self.headers), body))
            idle.wait(wait)
            seen = f"{line}\n{self.headers}\n".encode() + body
            said = next((s for secret, s in fake.says.items() if secret.encode() in seen), Said(401))
            with lock:
                under_way[0] -= 1
            self.send_response(said.status)
            for header, value in said.headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = _answer  # noqa: N815 - the server's names

        def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the server's signature
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # so that closing waits for them: a test that forks must find no thread
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is what some tests do
    server.socket = served.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.base = f"https://localhost:{server.server_port}"
    try:
        yield fake
    finally:
        idle.set()
        server.shutdown()
        server.server_close()
