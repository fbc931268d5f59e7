"""Images in the local stores: docker's daemon over its own protocol, programs that save, containerd's files."""

import gzip
import http.server
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.collect.image.makers import blobs_for, docker_archive, file, layer, tar_of, write_blob

from fourc.collect.image import local
from fourc.collect.image.errors import ImageError
from fourc.collect.image.image import Image
from fourc.collect.image.limits import Limits
from fourc.collect.image.local import containerd_image
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.source import Wanted
from fourc.collect.image.wishes import Interest, Wishes
from fourc.model.gap import GapReason

ALL = Wishes((Interest("all", lambda *_: True),))
OFFLINE = Choices(offline=True)
SAVE = """#!/bin/sh
echo "$0 $*" >> {log}
case "$*" in *{fails}*) echo "no such image" >&2; exit 1;; esac
exec {cat} {archive}
"""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store of this machine's."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()


def files(image: Image) -> dict[str, bytes]:
    return {one.path: one.facts for one in image.walk(ALL).files["all"]}


@contextmanager
def daemon(place: Path, archive: Path, asked: list[str]) -> Iterator[None]:
    """What docker's daemon answers on its socket."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing: tests print nothing."""

        def address_string(self) -> str:
            return "socket"

        def do_GET(self) -> None:
            asked.append(self.path)
            is_known = self.path == "/images/docker.io/library/app:1/get"
            body = archive.read_bytes() if is_known else b'{"message": "No such image"}'
            self.send_response(200 if is_known else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with socketserver.ThreadingUnixStreamServer(str(place), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_an_image_of_dockers_daemon_is_read_and_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, asked = docker_archive(tmp_path / "saved.tar", [tar_of(file("a", b"a"))]), list[str]()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "bin"))
    with daemon(tmp_path / "docker.sock", archive, asked):
        assert files(open_image("docker-daemon:app:1")) == {"a": b"a"}
        assert files(open_image("app:1", OFFLINE)) == {"a": b"a"}
        with pytest.raises(ImageError) as refused:
            open_image("docker-daemon:other", OFFLINE)
    assert refused.value.reason is GapReason.MISSING
    assert asked == [*["/images/docker.io/library/app:1/get"] * 2, "/images/docker.io/library/other:latest/get"]
    assert list((tmp_path / "bin").iterdir()) == []


def test_without_a_daemon_that_is_what_is_said() -> None:
    with pytest.raises(ImageError, match="docker-daemon is not on this machine"):
        open_image("docker-daemon:app:1")


@pytest.mark.parametrize(
    ("program", "word", "fails", "commands"),
    [
        ("podman", "podman", "never", ["save --format oci-archive docker.io/library/app:1"]),
        ("podman", "", "never", ["save --format oci-archive docker.io/library/app:1"]),
        (
            "nerdctl",
            "containerd",
            "k8s.io",
            ["-n k8s.io save docker.io/library/app:1", "-n default save docker.io/library/app:1"],
        ),
        ("ctr", "containerd", "never", ["-n k8s.io images export - docker.io/library/app:1"]),
    ],
)
def test_the_users_own_programs_save_an_image(
    tmp_path: Path, program: str, word: str, fails: str, commands: list[str]
) -> None:
    archive, log = docker_archive(tmp_path / "saved.tar", [tar_of(file("a", b"a"))]), tmp_path / "log"
    path = tmp_path / "bin" / program
    cat = next(str(place) for place in (Path("/bin/cat"), Path("/usr/bin/cat")) if place.exists())
    path.write_text(SAVE.format(log=log, fails=fails, cat=cat, archive=archive))
    path.chmod(0o755)
    assert files(open_image(f"{word}:app:1" if word else "app:1", OFFLINE)) == {"a": b"a"}
    assert log.read_text().splitlines() == [f"{path} {command}" for command in commands]


def test_a_program_that_has_no_such_image_is_no_answer_and_its_words_are_told(tmp_path: Path) -> None:
    path = tmp_path / "bin" / "podman"
    path.write_text("#!/bin/sh\necho 'image not known' >&2\nexit 125\n")
    path.chmod(0o755)
    with pytest.raises(ImageError, match="image not known"):
        open_image("podman:app:1")
    with pytest.raises(ImageError, match="not in a local store"):
        open_image("app:1", OFFLINE)


def test_containerds_files_are_read_by_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [layer(file("a", b"a"))]
    digest, blobs = blobs_for(made)
    for one, data in blobs.items():
        write_blob(tmp_path / "content", one, data)
    assert containerd_image("sha256:" + "0" * 64, Wanted(), Limits(), tmp_path / "content") is None
    real = local.containerd_image
    monkeypatch.setattr(
        local, "containerd_image", lambda one, wanted, limits: real(one, wanted, limits, tmp_path / "content")
    )
    assert files(open_image(f"app@{digest}", OFFLINE)) == {"a": b"a"}
    assert files(open_image(f"containerd:app@{digest}")) == {"a": b"a"}


def test_a_temporary_file_never_takes_the_last_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = docker_archive(tmp_path / "saved.tar", [tar_of(file("a", b"a"))])
    (tmp_path / "image.tgz").write_bytes(gzip.compress(archive.read_bytes()))
    monkeypatch.setattr("fourc.collect.image.spool._SPARE", 1 << 62)
    with pytest.raises(ImageError, match="no space") as refused:
        open_image(str(tmp_path / "image.tgz"))
    assert refused.value.reason is GapReason.TOO_LARGE


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.tgz").write_bytes(gzip.compress(bytes(8 << 20)))
    with pytest.raises(ImageError) as refused:
        open_image(str(tmp_path / "bomb.tgz"), Choices(limits=Limits(free_bytes=1 << 20)))
    assert refused.value.reason is GapReason.TOO_LARGE
