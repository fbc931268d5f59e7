"""One file over HTTP, from servers that are fine, that break off, that lie and that stall."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.collect.site import Site, served

from fourc.collect.fetch import Tag, fetch, last_bytes, shown_url, tag_file
from fourc.collect.receiving import AbsentError, FetchError, Patience, PlaceError

DATA = os.urandom(700_000)
HURRIED = Patience(connect=2.0, silence=2.0, opening=0.5, window=0.2, least=10_000, most=20.0)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this machine."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as made:
        made.files["/f"] = DATA
        yield made


def test_a_file_comes_whole_and_only_its_owner_may_read_it(site: Site, tmp_path: Path) -> None:
    part = tmp_path / "f.part"
    tag = fetch(site.url("/f"), part)
    assert part.read_bytes() == DATA
    assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert tag is not None
    assert tag.url == site.url("/f")
    assert site.asked == ["/f"]
    assert [p.name for p in tmp_path.iterdir()] == ["f.part"]


def test_what_breaks_off_goes_on_where_it_ended(site: Site, tmp_path: Path) -> None:
    site.cuts = [100_000, 200_000]
    fetch(site.url("/f"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert site.asked == ["/f", "/f bytes=100000-", "/f bytes=300000-"]


def test_the_next_run_goes_on_too(site: Site, tmp_path: Path) -> None:
    site.cuts = [100_000, 0, 0, 0]
    with pytest.raises(FetchError) as caught:
        fetch(site.url("/f"), tmp_path / "f.part")
    assert caught.value.hint is not None
    assert "it goes on where it ended" in caught.value.hint.en
    site.asked.clear()
    fetch(site.url("/f"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert site.asked == ["/f bytes=100000-"]


def test_a_file_that_changed_in_between_begins_anew(site: Site, tmp_path: Path) -> None:
    other = os.urandom(500_000)

    def change(_: str) -> None:
        if len(site.asked) == 2:
            site.files["/f"] = other

    site.cuts, site.before = [100_000], change
    fetch(site.url("/f"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == other
    assert site.headers[1]["If-Range"].startswith('"')


def test_a_server_without_ranges_sends_it_anew(site: Site, tmp_path: Path) -> None:
    site.ranges, site.cuts = False, [100_000]
    fetch(site.url("/f"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == DATA


def test_without_a_tag_nothing_is_gone_on_with_since_it_may_be_another_file(site: Site, tmp_path: Path) -> None:
    site.tags, site.cuts = False, [100_000]
    fetch(site.url("/f"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert site.asked == ["/f", "/f"]


def test_a_range_that_nobody_asked_for_is_not_joined_to_what_is_there(site: Site, tmp_path: Path) -> None:
    site.wrong_range, site.cuts = True, [100_000]
    with pytest.raises(FetchError, match="a range that nobody asked for"):
        fetch(site.url("/f"), tmp_path / "f.part")


def test_a_beginning_that_is_longer_than_the_file_is_dropped(site: Site, tmp_path: Path) -> None:
    part = tmp_path / "f.part"
    site.cuts = [100_000, 0, 0, 0]
    with pytest.raises(FetchError):
        fetch(site.url("/f"), part)
    part.write_bytes(DATA + b"more")
    fetch(site.url("/f"), part)
    assert part.read_bytes() == DATA


def test_a_file_that_is_known_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    tag = fetch(site.url("/f"), tmp_path / "f.part")
    (tmp_path / "f.part").unlink()
    assert fetch(site.url("/f"), tmp_path / "f.part", tag) is None
    assert not (tmp_path / "f.part").exists()
    site.files["/f"] = b"new"
    assert fetch(site.url("/f"), tmp_path / "f.part", tag) is not None
    assert (tmp_path / "f.part").read_bytes() == b"new"


def test_another_server_s_word_does_not_count(site: Site, tmp_path: Path) -> None:
    tag = fetch(site.url("/f"), tmp_path / "f.part")
    assert tag is not None
    assert fetch(site.url("/f"), tmp_path / "g.part", Tag("http://other.example.com/f", tag.etag)) is not None


@pytest.mark.parametrize(("off", "cut"), [(1000, None), (-1000, None), (0, 699_000)])
def test_a_length_that_lies_ends_in_an_error_or_in_a_file_that_nobody_will_open(
    site: Site, tmp_path: Path, off: int, cut: int | None
) -> None:
    site.length_off_by, site.cut_always, site.ranges = off, cut, False
    if off < 0:  # nothing tells: the database's digest will
        fetch(site.url("/f"), tmp_path / "f.part")
        assert (tmp_path / "f.part").read_bytes() == DATA[:-1000]
        return
    with pytest.raises(FetchError):
        fetch(site.url("/f"), tmp_path / "f.part")


def test_more_than_the_limit_is_not_taken(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="more than"):
        fetch(site.url("/f"), tmp_path / "f.part", limit=300_000)
    assert (tmp_path / "f.part").stat().st_size <= 300_000


def test_a_server_that_lets_bytes_drip_is_left(site: Site, tmp_path: Path) -> None:
    site.dripping = {"/f"}
    with pytest.raises(FetchError, match="too slowly"):
        fetch(site.url("/f"), tmp_path / "f.part", patience=HURRIED)
    assert len(site.asked) == 1


def test_a_server_that_lets_its_headers_drip_is_left(tmp_path: Path) -> None:
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            taken, _peer = listening.accept()
            with taken, suppress(OSError):
                while not ended.wait(0.05):
                    taken.sendall(b"H")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/f", tmp_path / "f.part", patience=HURRIED)
        ended.set()
        thread.join()


def test_redirects_are_followed_a_few_times_and_never_to_other_schemes(site: Site, tmp_path: Path) -> None:
    site.redirects = {"/a": "/b", "/b": "/f", "/loop": "/loop2", "/loop2": "/loop", "/ftp": "ftp://127.0.0.1/f"}
    fetch(site.url("/a"), tmp_path / "f.part")
    assert (tmp_path / "f.part").read_bytes() == DATA
    for path in ("/loop", "/ftp"):
        with pytest.raises(FetchError) as caught:
            fetch(site.url(path), tmp_path / "g.part")
        assert caught.value.hint is not None
    assert site.asked == ["/a", "/b", "/f", "/loop", "/loop2", "/loop", "/ftp"]


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [(404, AbsentError, "check the address"), (403, FetchError, "login"), (503, FetchError, "run it again")],
)
def test_a_refusal_says_what_to_do(site: Site, tmp_path: Path, status: int, kind: type[FetchError], hint: str) -> None:
    site.status = {"/f": status}
    with pytest.raises(kind, match=f"HTTP {status}") as caught:
        fetch(site.url("/f"), tmp_path / "f.part")
    assert caught.value.hint is not None
    assert hint in caught.value.hint.en
    assert site.asked == ["/f"]


def test_the_login_in_an_address_is_sent_and_never_shown(site: Site, tmp_path: Path) -> None:
    url = site.url("/f").replace("http://", "http://me:p%40ss@")
    site.redirects = {"/f": "/g"}
    with pytest.raises(FetchError) as caught:
        fetch(url, tmp_path / "f.part")
    assert site.headers[0]["Authorization"] == "Basic bWU6cEBzcw=="
    assert "Authorization" not in site.headers[1], "a redirect may lead anywhere"
    assert "p%40ss" not in caught.value.message.en
    assert shown_url(url) == site.url("/f")


def test_what_is_no_address_of_the_web_is_refused(tmp_path: Path) -> None:
    for url in (
        "ftp://127.0.0.1/f",
        "file:///etc/passwd",
        "http://",
        "http://[",
        "http://127.0.0.1:99999/f",
        "http://a b/",
    ):
        with pytest.raises(FetchError):
            fetch(url, tmp_path / "f.part")


def test_nobody_there_is_an_error_that_names_the_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError) as caught:
        fetch(f"http://127.0.0.1:{port}/f", tmp_path / "f.part")
    assert caught.value.hint is not None
    assert "proxy" in caught.value.hint.en


def test_a_place_that_cannot_be_written_is_an_error_of_the_place(site: Site, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("folder", "link", "none/f.part"):
        with pytest.raises(PlaceError):
            fetch(site.url("/f"), tmp_path / name)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("said", [b"", b"\x00", b"[]", b'{"url": 1}', b"{" * 100_000])
def test_a_broken_word_beside_a_beginning_counts_as_none(site: Site, tmp_path: Path, said: bytes) -> None:
    part = tmp_path / "f.part"
    part.write_bytes(b"old")
    tag_file(part).write_bytes(said)
    fetch(site.url("/f"), part)
    assert part.read_bytes() == DATA
    assert site.asked == ["/f"]


def test_the_end_of_a_file_can_be_asked_for_alone(site: Site) -> None:
    found = last_bytes(site.url("/f"), 32)
    assert found is not None
    assert found[0] == DATA[-32:]
    assert site.asked == ["/f bytes=-32"]
    assert last_bytes(site.url("/none"), 32) is None
    site.ranges = False
    assert last_bytes(site.url("/f"), 32) is None
