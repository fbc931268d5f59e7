"""Images in a registry: Debian's docker-registry where it is installed, and one of our own for what that never does."""

import base64
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct, field
from tests.collect.image.makers import MANIFEST, blobs_for, digest_of, file, layer, layout

from fourc.collect.image.credentials import credentials_for
from fourc.collect.image.errors import DigestError, ImageError
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.limits import Limits
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.wishes import Interest, Wishes
from fourc.model.gap import GapReason

ALL = Wishes((Interest("all", lambda *_: True),))
LAYERS = (layer(file("a", b"old"), file("b", os.urandom(900_000))), layer(file("a", b"new")))
USER, PASSWORD, TOKEN = "user", "s3cret", "t0ken"
HASHED = "$2y$04$abcdefghijklmnopqrstuuLZYjhNQAOdpbzt4WxWlUHjv1wsyH5DG"  # of PASSWORD, by bcrypt


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's logins, proxies and stores."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "DOCKER_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    (tmp_path / "docker").mkdir()


def logged_in(folder: Path, host: str, user: str = USER, password: str = PASSWORD) -> None:
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "docker/config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))


def first_bytes(named: str, **choices: object) -> bytes:
    (found,) = [one for one in open_image(named, Choices(**choices)).walk(ALL).files["all"] if one.path == "a"]  # type: ignore[arg-type]
    return found.facts


@contextmanager
def debians(folder: Path, *, login: bool) -> Iterator[str]:
    """Debian's docker-registry on a free port; it ends with the block."""
    if shutil.which("docker-registry") is None or shutil.which("skopeo") is None:
        pytest.skip("docker-registry or skopeo is not installed")
    (folder / "htpasswd").write_text(f"{USER}:{HASHED}\n")
    auth = {"auth": {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}}} if login else {}
    config = {
        "version": 0.1,
        "log": {"level": "info", "formatter": "text"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "registry")}},
        "http": {"addr": "127.0.0.1:0"},
        **auth,
    }
    (folder / "registry.json").write_text(json.dumps(config))  # JSON is YAML
    command = ["docker-registry", "serve", str(folder / "registry.json")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        said = next((line for line in process.stderr if "listening on" in line), "")
        assert said, "it did not start"
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        yield said.partition("listening on ")[2].partition('"')[0].strip()
        process.terminate()
        drain.join()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def pushed(place: Path, host: str, name: str, *flags: str) -> None:
    target = f"docker://{host}/{name}"
    subprocess.run(
        ["skopeo", "copy", "-q", "--dest-tls-verify=false", *flags, f"oci:{place}:latest", target], check=True
    )


def test_an_image_is_read_from_debians_registry_by_tag_and_by_digest(tmp_path: Path) -> None:
    with debians(tmp_path, login=False) as host:
        pushed(layout(tmp_path / "image", LAYERS), host, "team/app:1")
        image = open_image(f"{host}/team/app:1")
        assert {one.path: one.facts for one in image.walk(ALL).files["all"]}["a"] == b"new"
        assert first_bytes(f"docker://{host}/team/app@{image.manifest_digest}") == b"new"
        with pytest.raises(ImageError) as refused:
            open_image(f"{host}/team/app:2")
        assert refused.value.reason is GapReason.MISSING
        with pytest.raises(ImageError) as refused:
            open_image(f"{host}/team/app:1", Choices(offline=True))
        assert refused.value.reason is GapReason.MISSING


def test_debians_registry_lets_in_who_is_logged_in(tmp_path: Path) -> None:
    with debians(tmp_path, login=True) as host:
        pushed(layout(tmp_path / "image", LAYERS), host, "app:1", "--dest-creds", f"{USER}:{PASSWORD}")
        for login in (None, "wrong"):
            if login:
                logged_in(tmp_path, host, password=login)
            with pytest.raises(ImageError, match="does not let you") as refused:
                open_image(f"{host}/app:1")
            assert refused.value.reason is GapReason.DENIED
            assert refused.value.hint is not None
            assert "docker login" in refused.value.hint.en
        logged_in(tmp_path, host)
        assert first_bytes(f"{host}/app:1") == b"new"


def test_an_image_of_a_registry_is_not_downloaded_twice(tmp_path: Path) -> None:
    with debians(tmp_path, login=False) as host:
        pushed(layout(tmp_path / "image", LAYERS), host, "app:1")
        cache = LayerCache(tmp_path / "cache")
        first = open_image(f"{host}/app:1").walk(ALL, cache)
        shutil.rmtree(tmp_path / "registry/docker/registry/v2/blobs/sha256" / LAYERS[0].digest[7:9])
        second = open_image(f"{host}/app:1").walk(ALL, cache)
    assert (len(first.read_layers), second.read_layers) == (2, ())
    assert first.files == second.files


class Asked(Struct):
    """A request."""

    host: str
    path: str
    authorization: str
    range: str


class Fake(Struct):
    """A registry that does what it is told; `asked` is all that it was asked."""

    blobs: dict[str, bytes]
    tags: dict[str, str]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    token: str = ""
    login: str = ""
    away: str = ""
    realm: str = ""
    breaks: int = 0
    ranges: bool = True
    lies: Callable[[bytes], bytes] = lambda data: data

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def faking(**settings: object) -> Iterator[Fake]:  # noqa: C901 - a server in one piece
    digest, blobs = blobs_for(LAYERS)
    fake = Fake(blobs, {"1": digest}, **settings)  # type: ignore[arg-type]

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing: tests print nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fake.asked.append(Asked(self.headers["Host"], f"{self.path} {body}", "", ""))
            self._say(200, json.dumps({"access_token": fake.token}).encode())

        def do_GET(self) -> None:
            authorization = self.headers.get("Authorization", "")
            asked = Asked(self.headers["Host"], self.path, authorization, self.headers.get("Range", ""))
            fake.asked.append(asked)
            if self.path.startswith("/token"):
                good = not fake.login or authorization == fake.login
                self._say(200 if good else 401, json.dumps({"token": fake.token}).encode() if good else b"")
            elif fake.token and self.path.startswith("/v2/") and authorization != f"Bearer {fake.token}":
                realm = fake.realm or f"http://{fake.host}/token"
                self._say(401, b"", [("WWW-Authenticate", f'Bearer realm="{realm}",service="test"')])
            else:
                self._give(asked)

        def _give(self, asked: Asked) -> None:
            name = asked.path.rpartition("/")[2]
            data = fake.blobs.get(fake.tags.get(name, name))
            if data is None:
                self._say(404, b"{}")
            elif "/manifests/" in asked.path:
                self._say(200, data, [("Content-Type", MANIFEST), ("Docker-Content-Digest", digest_of(data))])
            elif fake.away and asked.path.startswith("/v2/"):
                self._say(307, b"", [("Location", f"{fake.away}/blob/{name}")])
            else:
                self._pour(asked, fake.lies(data))

        def _pour(self, asked: Asked, data: bytes) -> None:
            start = int(asked.range.removeprefix("bytes=").rstrip("-") or 0) if fake.ranges else 0
            headers = [("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")] if start else []
            rest = data[start:]
            self.send_response(206 if start else 200)
            for key, value in [*headers, ("Content-Length", str(len(rest)))]:
                self.send_header(key, value)
            self.end_headers()
            if fake.breaks and len(rest) > 100_000:
                fake.breaks -= 1
                rest = rest[:100_000]
                self.close_connection = True
            self.wfile.write(rest)

        def _say(self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None) -> None:
            self.send_response(status)
            for key, value in [*(headers or []), ("Content-Length", str(len(body)))]:
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


def test_a_token_is_asked_for_once_with_the_scope_and_the_login_that_the_user_has(tmp_path: Path) -> None:
    login = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
    with faking(token=TOKEN, login=login) as fake:
        logged_in(tmp_path, fake.host)
        assert first_bytes(f"{fake.host}/team/app:1") == b"new"
        tokens = [one for one in fake.asked if one.path.startswith("/token")]
        assert [(one.path, one.authorization) for one in tokens] == [
            ("/token?service=test&scope=repository%3Ateam%2Fapp%3Apull", login)
        ]
        assert all(one.authorization in {"", "Bearer t0ken"} for one in fake.asked if one.path.startswith("/v2/"))


def test_a_token_is_asked_for_without_login_where_there_is_none() -> None:
    with faking(token=TOKEN) as fake:
        assert first_bytes(f"{fake.host}/app:1") == b"new"
        assert {one.authorization for one in fake.asked} == {"", "Bearer t0ken"}


def test_an_identity_token_is_exchanged(tmp_path: Path) -> None:
    with faking(token=TOKEN) as fake:
        (tmp_path / "docker/config.json").write_text(json.dumps({"auths": {fake.host: {"identitytoken": "id/1"}}}))
        assert first_bytes(f"{fake.host}/app:1") == b"new"
        (exchange,) = [one.path for one in fake.asked if one.path.startswith("/token")]
        assert exchange == (
            "/token service=test&scope=repository%3Aapp%3Apull&grant_type=refresh_token&refresh_token=id%2F1&client_id=fourc"
        )


def test_a_login_is_not_sent_to_a_token_service_that_is_not_encrypted(tmp_path: Path) -> None:
    with faking(token=TOKEN, realm="http://tokens.example.com/token") as fake:
        logged_in(tmp_path, fake.host)
        with pytest.raises(ImageError, match=r"tokens\.example\.com") as refused:
            open_image(f"{fake.host}/app:1", Choices(plain=False))
        assert refused.value.reason in {GapReason.DENIED, GapReason.UNREADABLE}


def test_a_blob_elsewhere_is_fetched_without_the_login() -> None:
    with faking() as store, faking(token=TOKEN) as fake:
        fake.away = f"http://localhost:{store.port}"
        assert first_bytes(f"{fake.host}/app:1") == b"new"
        assert {one.path.partition("/blob/")[2] for one in store.asked} == set(store.blobs) - {store.tags["1"]}
        assert {one.authorization for one in store.asked} == {""}


def test_redirects_in_a_circle_end() -> None:
    with faking() as fake:
        fake.away = f"http://{fake.host}/v2/app/blobs"
        with pytest.raises(ImageError):
            first_bytes(f"{fake.host}/app:1")
        assert len(fake.asked) < 20


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_breaks_off_is_taken_up_where_it_broke(ranges: bool) -> None:
    with faking(breaks=3, ranges=ranges) as fake:
        assert first_bytes(f"{fake.host}/app:1") == b"new"
        assert [one.range for one in fake.asked if one.range] == [
            "bytes=100000-",
            *(["bytes=200000-", "bytes=300000-"] if ranges else fake_repeats(fake)),
        ]


def fake_repeats(fake: Fake) -> list[str]:
    """A server without ranges breaks off where it did before, so the same is asked for again."""
    return [one.range for one in fake.asked if one.range][1:]


def test_a_download_that_breaks_off_again_and_again_is_given_up() -> None:
    with faking(breaks=1000, ranges=False) as fake:
        with pytest.raises(ImageError) as refused:
            first_bytes(f"{fake.host}/app:1")
        assert refused.value.reason is GapReason.UNREADABLE
        assert len(fake.asked) < 30


@pytest.mark.parametrize(
    "lies", [lambda data: data + b"more", lambda data: data[:-1] + b"x", lambda data: b"x" * len(data)]
)
def test_a_registry_that_gives_other_bytes_is_found_out(lies: Callable[[bytes], bytes]) -> None:
    with faking(lies=lies) as fake, pytest.raises(DigestError):
        first_bytes(f"{fake.host}/app:1")


def test_a_manifest_that_is_not_what_its_digest_promises_is_found_out() -> None:
    with faking() as fake:
        digest = fake.tags["1"]
        fake.blobs[digest] = fake.blobs[digest] + b" "
        with pytest.raises(DigestError):
            open_image(f"{fake.host}/app@{digest}")


def test_a_manifest_longer_than_registries_take_is_refused() -> None:
    with faking() as fake:
        fake.blobs[fake.tags["1"]] = b" " * (5 << 20)
        with pytest.raises(ImageError) as refused:
            open_image(f"{fake.host}/app:1")
        assert refused.value.reason is GapReason.TOO_LARGE


def test_nobody_there_is_an_error_that_says_so() -> None:
    with faking() as fake:
        host = fake.host
    with pytest.raises(ImageError, match="cannot be reached") as refused:
        open_image(f"{host}/app:1")
    assert refused.value.reason is GapReason.UNREADABLE


def test_plain_http_is_spoken_to_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with faking() as fake:
        monkeypatch.setattr("fourc.collect.image.download._is_loopback", lambda _: False)
        with pytest.raises(ImageError, match="cannot be reached"):
            open_image(f"{fake.host}/app:1")
        assert fake.asked == []
        assert first_bytes(f"{fake.host}/app:1", plain=True) == b"new"


def test_a_layer_may_say_no_size_of_its_own_beyond_the_limits() -> None:
    with faking() as fake, pytest.raises(ImageError) as refused:
        open_image(f"{fake.host}/app:1", Choices(limits=Limits(config_bytes=10)))
    assert refused.value.reason is GapReason.TOO_LARGE


HELPER = """#!/bin/sh
[ "$1" = get ] || exit 1
read server
printf '{"ServerURL": "x", "Username": "USER", "Secret": "from %s"}' "$server"
"""


@pytest.mark.parametrize("key", ["credHelpers", "credsStore"])
@pytest.mark.parametrize("user", ["me", "<token>"])
def test_the_users_own_helper_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, user: str) -> None:
    program = tmp_path / "docker-credential-mine"
    program.write_text(HELPER.replace("USER", user))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    named: object = {"reg.example.com": "mine"} if key == "credHelpers" else "mine"
    (tmp_path / "docker/config.json").write_text(json.dumps({key: named, "auths": {"reg.example.com": {}}}))
    login = credentials_for("reg.example.com", "a/b")
    assert login is not None
    made = (login.user, login.password) if user == "me" else ("", login.identity_token)
    assert made == ("me" if user == "me" else "", "from reg.example.com")
    assert "from" not in repr(login)


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "absent", "-x"])
def test_a_helper_whose_name_is_a_path_or_that_is_not_there_is_not_started(tmp_path: Path, name: str) -> None:
    (tmp_path / "docker/config.json").write_text(json.dumps({"credsStore": name}))
    assert credentials_for("reg.example.com", "a") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"auths": 5}', '{"auths": {"reg.example.com": {"auth": "%%%"}}}', "[" * 100_000]
)
def test_a_broken_file_of_logins_is_no_login(tmp_path: Path, text: str) -> None:
    (tmp_path / "docker/config.json").write_text(text)
    assert credentials_for("reg.example.com", "a") is None


def test_podmans_file_may_name_a_part_of_a_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def auth(user: str) -> dict[str, str]:
        return {"auth": base64.b64encode(f"{user}:p".encode()).decode()}

    auths = {
        "reg.example.com": auth("all"),
        "reg.example.com/team": auth("team"),
        "https://index.docker.io/v1/": auth("hub"),
    }
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "auth.json"))
    (tmp_path / "auth.json").write_text(json.dumps({"auths": auths}))
    asked = (
        ("reg.example.com", "team/app"),
        ("reg.example.com", "other"),
        ("docker.io", "library/nginx"),
        ("quay.io", "a"),
    )
    assert [login and login.user for login in (credentials_for(*one) for one in asked)] == ["team", "all", "hub", None]
