"""An image of two layers, and what is seen of an image when all of it is asked for."""

from pathlib import Path

from tests.collect.image.makers import file, layer

from fourc.collect.image.image import Contents
from fourc.collect.image.open import Choices, open_image
from fourc.collect.image.wishes import Interest, Wishes

ALL = Wishes((Interest("all", lambda *_: True),))
LAYERS = (layer(file("a", b"old"), file("b", b"b" * 100_000)), layer(file("a", b"new")))
SEEN = {"a": b"new", "b": b"b" * 100_000}


def walked(named: Path | str, **choices: object) -> Contents:
    return open_image(str(named), Choices(**choices)).walk(ALL)  # type: ignore[arg-type]


def seen(named: Path | str, **choices: object) -> dict[str, bytes]:
    return {one.path: one.facts for one in walked(named, **choices).files["all"]}
