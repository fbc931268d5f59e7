"""An image that was looked at without asking a database."""

from msgspec import Struct

from fourc.model.gap import Gap
from fourc.model.image_facts import ImageFacts


class Inspected(Struct, frozen=True):
    """What the image says of itself, how many packages and secrets are in it, and what could not be read."""

    facts: ImageFacts
    packages: int
    secrets: int
    gaps: tuple[Gap, ...] = ()
