"""What is kept of layers from one run to the next."""

import os
import stat
import time
from pathlib import Path

import pytest
from tests.collect.image.makers import Made, docker_archive, file, hard_link, layer, layout, tar_of, write_blob
from tests.collect.image.test_walk import Listening

from fourc.collect.image.errors import DigestError
from fourc.collect.image.image import Contents
from fourc.collect.image.layer_cache import LayerCache
from fourc.collect.image.open import open_image
from fourc.collect.image.wishes import Interest, Search, Wishes

LAYERS = (
    layer(file("a", b"old"), file("su", b"s", mode=0o4755), hard_link("l", "a")),
    layer(file(".wh.a"), file("b", b"b")),
)
ALL = Wishes((Interest("all 1", lambda *_: True),), (Search("s 1", Listening),))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times of change cannot be set, so the clock goes on instead."""
    real = time.time_ns
    monkeypatch.setattr("fourc.collect.image.files.time.time_ns", lambda: real() + 10**10)


def walked(place: Path, cache: LayerCache, wishes: Wishes = ALL) -> Contents:
    return open_image(str(place)).walk(wishes, cache)


def said(contents: Contents) -> tuple[object, ...]:
    return contents.files, contents.found, contents.privileged, contents.gaps


@pytest.mark.usefixtures("settled")
def test_an_unchanged_image_is_not_unpacked_again_and_tells_the_same(tmp_path: Path) -> None:
    place, cache = layout(tmp_path / "image", LAYERS), LayerCache(tmp_path / "cache")
    first, second = walked(place, cache), walked(place, cache)
    assert [one.place for one in first.read_layers] == [0, 1]
    assert second.read_layers == ()
    assert said(first) == said(second)


@pytest.mark.usefixtures("settled")
def test_of_a_changed_image_only_the_new_layer_is_read(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path / "cache")
    place = layout(tmp_path / "image", LAYERS)
    walked(place, cache)
    new = layer(file("c", b"c"))
    assert [one.diff_id for one in walked(layout(place, (*LAYERS, new)), cache).read_layers] == [new.diff_id]


@pytest.mark.usefixtures("settled")
def test_another_version_of_an_interest_or_search_reads_again(tmp_path: Path) -> None:
    place, cache = layout(tmp_path / "image", LAYERS), LayerCache(tmp_path / "cache")
    walked(place, cache)
    newer = Wishes((Interest("all 2", lambda *_: True),), ALL.searches)
    assert len(walked(place, cache, newer).read_layers) == 2
    assert len(walked(place, cache, Wishes(ALL.interests, (Search("s 2", Listening),))).read_layers) == 2
    assert walked(place, cache, newer).read_layers == ()


@pytest.mark.parametrize("old", [True, False])
def test_a_file_whose_times_do_not_tell_is_told_by_its_digest_without_being_unpacked(tmp_path: Path, old: bool) -> None:
    cache = LayerCache(tmp_path / "cache")
    tars = [tar_of(file("a", b"old")), tar_of(file("b", b"b"))]

    def made(name: str) -> Path:
        return docker_archive(tmp_path / name, tars) if old else layout(tmp_path / name, LAYERS)

    first, copied = walked(made("one"), cache), walked(made("two"), cache)
    assert (len(first.read_layers), copied.read_layers) == (2, ())
    assert said(first)[0] == said(copied)[0]


def test_a_young_file_that_was_changed_is_held_to_its_digest_again(tmp_path: Path) -> None:
    place, cache = layout(tmp_path / "image", LAYERS), LayerCache(tmp_path / "cache")
    walked(place, cache)
    write_blob(place, LAYERS[1].digest, layer(file("evil")).stored)
    with pytest.raises(DigestError):
        walked(place, cache)


@pytest.mark.usefixtures("settled")
def test_a_file_that_was_changed_is_held_to_its_digest_again(tmp_path: Path) -> None:
    place, cache = layout(tmp_path / "image", LAYERS), LayerCache(tmp_path / "cache")
    walked(place, cache)
    write_blob(place, LAYERS[1].digest, layer(file("evil")).stored)
    with pytest.raises(DigestError):
        walked(place, cache)


@pytest.mark.usefixtures("settled")
def test_a_layer_that_only_claims_a_known_digest_is_read(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path / "cache")
    walked(layout(tmp_path / "good", LAYERS), cache)
    lying = Made(layer(file("evil")).stored, LAYERS[0].diff_id)
    with pytest.raises(DigestError):
        walked(layout(tmp_path / "bad", [lying, LAYERS[1]]), cache)


@pytest.mark.usefixtures("settled")
def test_an_archives_layers_are_told_apart_by_their_place(tmp_path: Path) -> None:
    tars = [tar_of(file("a", b"old")), tar_of(file("b", b"b"))]
    path, cache = docker_archive(tmp_path / "old.tar", tars), LayerCache(tmp_path / "cache")
    first, second = walked(path, cache), walked(path, cache)
    assert (len(first.read_layers), second.read_layers) == (2, ())
    assert said(first) == said(second)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("harm", ["cut", "flipped", "swapped", "emptied", "foreign", "folder"])
def test_a_broken_cache_is_done_without_and_mended(tmp_path: Path, harm: str) -> None:
    place, folder = layout(tmp_path / "image", LAYERS), tmp_path / "cache"
    cache = LayerCache(folder)
    first = walked(place, cache)
    entries = sorted(folder.iterdir())
    for number, path in enumerate(entries):
        data = path.read_bytes()
        if harm == "cut":
            path.write_bytes(data[:-3])
        elif harm == "flipped":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        elif harm == "swapped":
            path.write_bytes(entries[number - 1].read_bytes())
        elif harm == "emptied":
            path.write_bytes(b"")
        elif harm == "foreign":
            path.chmod(0o666)
        else:
            path.unlink()
            path.mkdir()
    again = walked(place, cache)
    assert len(again.read_layers) == 2
    assert said(first) == said(again)
    if harm != "folder":
        assert walked(place, cache).read_layers == ()


def test_entries_are_their_owners_alone(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path / "new" / "cache")
    cache.put("kind", "name", b"data")
    (entry,) = (tmp_path / "new" / "cache").iterdir()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "cache", entry)]
    assert modes == [0o700, 0o600]
    assert (cache.get("kind", "name"), cache.get("kind", "other"), cache.get("other", "name")) == (b"data", None, None)


def test_where_there_is_no_room_the_longest_unused_go(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path, max_bytes=2500)
    for number in range(4):
        cache.put("kind", str(number), os.urandom(1000))
        for path in tmp_path.iterdir():
            os.utime(path, ns=(path.stat().st_mtime_ns - 10**9,) * 2)
    assert cache.get("kind", "0") is not None
    cache.tidy()
    assert [cache.get("kind", str(number)) is not None for number in range(4)] == [True, False, False, True]


def test_more_than_an_entry_may_have_is_not_kept(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path, entry_bytes=5000)
    cache.put("kind", "large", os.urandom(5000))
    assert cache.get("kind", "large") is None


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    contents = walked(layout(tmp_path / "image", LAYERS), LayerCache(tmp_path / "file" / "cache"))
    assert [one.path for one in contents.files["all 1"]] == ["b", "l", "su"]
