"""Secrets in images: in every layer, told with what brought them, and never with their value."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.image.makers import Made, config_for, file, hard_link, layer, layout, symlink, tar_of

from fourc.app.ignoring import own_ignores
from fourc.app.layer_secrets import LARGEST_TEXT, Looker, is_searched
from fourc.app.opened_image import Asking, Opened, read_image
from fourc.model.finding import Finding
from fourc.model.gap import GapReason

PASSWORD, TOKEN, OTHER = "Xk29fjwLq0zP", "glpat-Zx8Yb3kQw7LmN2pRsT4v", "glpat-9x8Yb3kQw7LmN2pRsT4w"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without anything of a team's, and a cache of its own."""
    folder = tmp_path / "team"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def opened(place: Path, *layers: Made, **config: object) -> Opened:
    layout(place, layers, config_for(layers, **config))
    return read_image(str(place), Asking(), Looker(own_ignores(Path())))


def found(place: Path, *layers: Made, **config: object) -> list[Finding]:
    return list(opened(place, *layers, **config).secrets.findings)


def told(finding: Finding) -> tuple[str, str, int]:
    assert finding.location is not None
    return finding.rule, finding.location.path, finding.location.line


def test_what_a_later_layer_deletes_is_found_and_said_to_be_in_the_image_still(tmp_path: Path) -> None:
    low, high = layer(file("app/.env", f"A=1\nDB_PASSWORD={PASSWORD}\n".encode())), layer(file("app/.wh..env"))
    history = [{"created_by": "COPY . /app # buildkit"}, {"created_by": "RUN /bin/sh -c rm /app/.env # buildkit"}]
    (one,) = found(tmp_path / "image", low, high, history=history)
    assert told(one) == ("dotenv-secret", "app/.env", 2)
    assert "deleted in a later layer, still in the image" in one.message.en
    assert one.brought is not None
    assert (one.brought.diff_id, one.brought.step, one.brought.gone) == (low.diff_id, "COPY . /app", True)
    assert one.layer.value == "container"


def test_a_folder_that_is_made_anew_deletes_what_was_in_it(tmp_path: Path) -> None:
    low, high = (
        layer(file("app/a.py", f'token = "{TOKEN}"'.encode())),
        layer(file("app/.wh..wh..opq"), file("app/b", b"b")),
    )
    (one,) = found(tmp_path / "image", low, high)
    assert one.brought is not None
    assert one.brought.gone


def test_what_a_later_layer_replaces_is_said_to_be_replaced(tmp_path: Path) -> None:
    low, high = layer(file("app/a.py", f'token = "{TOKEN}"'.encode())), layer(file("app/a.py", b"token = None"))
    (one,) = found(tmp_path / "image", low, high)
    assert "replaced in a later layer, still in the image" in one.message.en


def test_what_is_still_there_is_told_without_such_words_also_behind_a_link(tmp_path: Path) -> None:
    low, high = layer(symlink("srv", "app")), layer(file("srv/a.py", f'token = "{TOKEN}"'.encode()))
    (one,) = found(tmp_path / "image", low, high)
    assert "later layer" not in one.message.en
    assert one.brought is not None
    assert (one.brought.diff_id, one.brought.gone) == (high.diff_id, False)


def test_a_value_in_two_layers_is_one_finding_where_it_still_is(tmp_path: Path) -> None:
    text = f'token = "{TOKEN}"\n'.encode()
    low, high = layer(file("old.py", text)), layer(file(".wh.old.py"), file("new.py", b"#\n" + text))
    (one,) = found(tmp_path / "image", low, high)
    assert told(one)[1:] == ("new.py", 2)
    assert [(place.path, place.line) for place in one.places] == [("old.py", 1)]
    assert "later layer" not in one.message.en


def test_environment_labels_command_and_history_are_searched(tmp_path: Path) -> None:
    words = {
        "Env": ["PATH=/bin", f"API_TOKEN={TOKEN}"],
        "Labels": {"token": OTHER},
        "Cmd": ["app", "--token=glpat-7x8Yb3kQw7LmN2pRsT5u"],
    }
    history = [{"created_by": "ENV API_TOKEN=" + TOKEN, "empty_layer": True}, {"created_by": "COPY x /"}]
    whole = opened(tmp_path / "image", layer(file("x", b"x")), config=words, history=history)
    places = {told(one)[1:]: [(p.path, p.line) for p in one.places] for one in whole.secrets.findings}
    assert places == {
        ("image-config/environment", 2): [("image-config/history", 1)],
        ("image-config/labels", 1): [],
        ("image-config/command", 2): [],
    }
    assert whole.secrets.said.history == ("ENV API_TOKEN=glpa…", "COPY x /")
    assert whole.secrets.said.command == ("app", "--token=glpa…")


def test_no_value_is_in_what_is_kept_or_told(tmp_path: Path, alone: Path) -> None:
    text = f'token = "{TOKEN}"'
    words = {"Env": [f"DB_PASSWORD={PASSWORD}"]}
    history = [{"created_by": f"RUN echo '{text}' > /a.py"}]
    for _ in range(2):
        whole = opened(tmp_path / "image", layer(file("a.py", text.encode())), config=words, history=history)
        assert len(whole.secrets.findings) == 2
        shown = repr([whole.secrets, whole.contents])
        assert PASSWORD not in shown
        assert TOKEN not in shown
    import zstandard  # noqa: PLC0415 - only here

    for entry in (tmp_path / "cache").rglob("*.layer"):
        kept = zstandard.ZstdDecompressor().decompress(entry.read_bytes()[46:], max_output_size=1 << 24)
        assert PASSWORD.encode() not in kept
        assert TOKEN.encode() not in kept
    del alone


def test_a_second_scan_tells_the_same_without_reading_a_layer(tmp_path: Path) -> None:
    layers = (layer(file("a.py", f'token = "{TOKEN}"'.encode())), layer(file(".wh.a.py")))
    first, second = opened(tmp_path / "image", *layers), opened(tmp_path / "image", *layers)
    assert first.contents.read_layers != ()
    assert second.contents.read_layers == ()
    assert second.secrets == first.secrets


def test_what_the_team_changes_counts_at_once(tmp_path: Path, alone: Path) -> None:
    layers = (layer(file("a.py", f'token = "{TOKEN}"'.encode()), file("b.py", f'token = "{OTHER}"'.encode())),)
    assert [told(one)[1] for one in found(tmp_path / "image", *layers)] == ["a.py", "b.py"]
    (alone / ".gitleaks.toml").write_text("[extend]\nuseDefault = true\n[allowlist]\npaths = ['''a\\.py''']\n")
    assert [told(one)[1] for one in found(tmp_path / "image", *layers)] == ["b.py"]


def test_another_salt_makes_other_fingerprints_although_the_layer_is_known(tmp_path: Path, alone: Path) -> None:
    layers = (layer(file("a.py", f'token = "{TOKEN}"'.encode())),)
    (before,) = found(tmp_path / "image", *layers)
    (alone / ".fourc").mkdir()
    (alone / ".fourc/ignore.toml").write_text(f'salt = "{"ab" * 16}"\n')
    (after,) = found(tmp_path / "image", *layers)
    assert before.fingerprint != after.fingerprint


def test_what_lies_in_an_archive_is_found_and_belongs_to_the_archives_layer(tmp_path: Path) -> None:
    inner = tar_of(file("conf/a.py", f'token = "{TOKEN}"'.encode()))
    (one,) = found(tmp_path / "image", layer(file("srv/conf.tar", inner)), layer(file("srv/.wh.conf.tar")))
    assert told(one)[1] == "srv/conf.tar!conf/a.py"
    assert one.brought is not None
    assert one.brought.gone


def test_packages_of_others_are_not_searched_and_a_teams_own_files_are() -> None:
    text = b"text"
    skipped = [
        "usr/lib/python3/x.py",
        "usr/share/doc/a",
        "app/node_modules/a/index.js",
        "venv/lib/python3.12/site-packages/a.py",
        "root/go/pkg/mod/a/a.go",
        "etc/ssl/certs/a.pem",
        "var/lib/dpkg/status",
    ]
    searched = [
        "usr/share/nginx/html/app.js",
        "usr/local/bin/start.sh",
        "usr/bin/start",
        "etc/app.conf",
        "root/.npmrc",
        "home/me/.ssh/id_rsa",
        "library/a.py",
        "opt/node_modules.txt",
    ]
    assert [path for path in skipped + searched if is_searched(path, 4, text)] == searched
    assert not is_searched("usr/bin/tool", 4, b"\x7fELF\0")
    assert not is_searched("empty", 0, b"")
    assert is_searched("app.jar", 4, b"PK\x03\x04\0")
    assert is_searched("key.der", 4, b"\x30\x82\0")


def test_a_large_text_is_a_gap_that_makes_nothing_incomplete(tmp_path: Path) -> None:
    big = b"x" * (LARGEST_TEXT + 1)
    whole = opened(tmp_path / "image", layer(file("app/big.log", big), file("usr/lib/big.log", big)))
    gaps = [(g.reason, g.location.path, g.named) for g in whole.secrets.gaps if g.location is not None]
    assert gaps == [(GapReason.TOO_LARGE, "app/big.log", False)]


def test_a_hard_link_is_no_second_place_and_does_no_harm(tmp_path: Path) -> None:
    made = layer(file("a.py", f'token = "{TOKEN}"'.encode()), hard_link("b.py", "a.py"))
    (one,) = found(tmp_path / "image", made)
    assert told(one)[1] == "a.py"


@given(name=st.text(min_size=1, max_size=40).filter(lambda t: t.strip("/.") and "\0" not in t))
def test_any_name_of_a_file_is_taken(name: str) -> None:
    is_searched(name, 3, name.encode("utf-8", "surrogatepass")[:64])


def test_an_archive_that_grows_without_end_is_a_gap_and_the_rest_is_searched(tmp_path: Path) -> None:
    import zipfile  # noqa: PLC0415 - only here

    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(6):
            made.writestr(f"{number}.txt", bytes(40 << 20))
    text = f'token = "{TOKEN}"'.encode()
    whole = opened(tmp_path / "image", layer(file("srv/bomb.zip", bomb.read_bytes()), file("srv/a.py", text)))
    assert [told(one)[1] for one in whole.secrets.findings] == ["srv/a.py"]
    paths = {gap.location.path.partition("!")[0] for gap in whole.secrets.gaps if gap.location is not None}
    assert paths == {"srv/bomb.zip"}
    assert not any(gap.named for gap in whole.secrets.gaps)
