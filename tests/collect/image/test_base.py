"""Which known image another was built on."""

from pathlib import Path

from fourc.collect.image.base import DIGEST, NAME, Base, KnownImage, base_of, known_images, remember_image
from fourc.collect.image.layer_cache import LayerCache

DEBIAN = KnownImage("debian:12", ("d1",))
PYTHON = KnownImage("python:3.12", ("d1", "p1", "p2"))
OTHER = KnownImage("other:1", ("d1", "x"))


def test_the_base_is_the_known_image_with_most_of_the_lowest_layers() -> None:
    assert base_of(("d1", "p1", "p2", "app"), [DEBIAN, PYTHON, OTHER]) == Base("python:3.12", 3, seen=True)
    assert base_of(("d1", "p1", "app"), [DEBIAN, PYTHON, OTHER]) == Base("debian:12", 1, seen=True)


def test_an_image_is_not_its_own_base() -> None:
    assert base_of(("d1", "p1", "p2"), [PYTHON]) is None


def test_of_two_names_for_the_same_layers_the_first_in_order_is_told() -> None:
    copy = KnownImage("a-copy:12", ("d1",))
    assert (
        base_of(("d1", "x"), [DEBIAN, copy]) == base_of(("d1", "x"), [copy, DEBIAN]) == Base("a-copy:12", 1, seen=True)
    )


def test_what_the_image_says_counts_where_no_layer_tells() -> None:
    said = {NAME: "docker.io/library/debian:12", DIGEST: "sha256:abc"}
    assert base_of(("z",), [DEBIAN], said) == Base("docker.io/library/debian:12", 0, seen=False, digest="sha256:abc")
    assert base_of(("d1", "z"), [DEBIAN], said) == Base("debian:12", 1, seen=True)


def test_nothing_known_and_nothing_said_is_none() -> None:
    assert base_of(("z",), [DEBIAN, KnownImage("empty", ())]) is None


def test_what_was_seen_is_known_in_the_next_run_and_its_newest_layers_count(tmp_path: Path) -> None:
    remember_image(LayerCache(tmp_path), DEBIAN)
    remember_image(LayerCache(tmp_path), PYTHON)
    remember_image(LayerCache(tmp_path), KnownImage("debian:12", ("d2",)))
    assert known_images(LayerCache(tmp_path)) == (KnownImage("debian:12", ("d2",)), PYTHON)


def test_a_broken_memory_is_none(tmp_path: Path) -> None:
    assert known_images(LayerCache(tmp_path)) == ()
    LayerCache(tmp_path).put("known images 1", "all", b"broken")
    assert known_images(LayerCache(tmp_path)) == ()
