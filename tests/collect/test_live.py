"""Requests to providers: over verified HTTPS alone, bounded, and to no address but the one that was named."""

import socket
import threading
from pathlib import Path

import pytest
from tests.fake_providers import Said, fake_provider

from fourc.collect.live import Bounds, answers_to
from fourc.model.gap import GapReason
from fourc.model.live import Answer, Question

SECRET = "s3cret-value-0123456789"  # noqa: S105 - so that it can be looked for where it must not be
QUICK = Bounds(seconds=0.3, all_seconds=2)


def held(base: str, secret: str = SECRET) -> Question:
    return Question(f"{base}/user", headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_an_answer_of_any_status_is_an_answer_and_they_come_in_the_order_of_the_questions(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {"first": Said(200, b"a"), "third": Said(500, b"b")}) as fake:
        questions = [held(fake.base, name) for name in ("third", "second", "first")]
        made = answers_to(questions, trusted=fake.trusted)
    assert [(a.status, a.body, a.failed) for a in made] == [(500, b"b", None), (401, b"{}", None), (200, b"a", None)]


def test_a_certificate_that_nobody_here_trusts_ends_it_before_the_secret_is_sent(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {SECRET: Said()}) as fake:
        assert answers_to([held(fake.base)]) == [Answer(failed=GapReason.DENIED)]
        assert fake.asked == []


def test_a_trusted_certificate_for_another_name_ends_it_too(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {SECRET: Said()}, name="elsewhere.example") as fake:
        assert answers_to([held(fake.base)], trusted=fake.trusted) == [Answer(failed=GapReason.DENIED)]
        assert fake.asked == []


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {}) as other:
        away = Said(302, headers={"Location": f"{other.base}/take"})
        with fake_provider(tmp_path, {SECRET: away}) as fake:
            (answer,) = answers_to([held(fake.base)], trusted=fake.trusted)
            assert fake.calls() == ["GET /user"]
        assert other.asked == []
    assert answer.status == 302


def test_plain_http_is_never_spoken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        answers = answers_to([held(f"http://127.0.0.1:{server.getsockname()[1]}")])
        with pytest.raises(TimeoutError):
            server.accept()
    assert answers == [Answer(failed=GapReason.UNSUPPORTED)]


def test_who_does_not_answer_in_time_is_left(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {SECRET: Said()}, wait=30) as fake:
        assert answers_to([held(fake.base)], QUICK, fake.trusted) == [Answer(failed=GapReason.TIMED_OUT)]


def test_who_is_not_there_is_missing(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {}) as gone:
        pass
    assert answers_to([held(gone.base)], QUICK, gone.trusted) == [Answer(failed=GapReason.MISSING)]


def test_no_more_than_so_many_requests_are_under_way_at_a_time(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {SECRET: Said()}, wait=0.05) as fake:
        made = answers_to([held(fake.base)] * 8, Bounds(at_once=2), fake.trusted)
        assert {answer.status for answer in made} == {200}
        assert fake.most_at_once <= 2


def test_of_an_endless_body_the_beginning_is_read(tmp_path: Path) -> None:
    with fake_provider(tmp_path, {SECRET: Said(200, b"x" * (1 << 20))}) as fake:
        (answer,) = answers_to([held(fake.base)], trusted=fake.trusted)
    assert 0 < len(answer.body) < 1 << 17


def test_the_proxy_of_the_environment_is_used_and_sees_the_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        seen: list[bytes] = []

        def refuse() -> None:
            client, _ = proxy.accept()
            with client:
                seen.append(client.recv(4096))
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        answers = answers_to([held("https://api.example.com")])
        thread.join()
    assert answers == [Answer(failed=GapReason.DENIED)]
    assert seen[0].startswith(b"CONNECT api.example.com:443 ")
    assert SECRET.encode() not in seen[0]


def test_neither_questions_nor_answers_show_what_is_in_them() -> None:
    assert SECRET not in repr(held("https://api.example.com"))
    assert SECRET not in repr(Question(f"https://api.example.com/bot{SECRET}/getMe", body=SECRET.encode()))
    assert SECRET not in repr(Answer(200, SECRET.encode()))
