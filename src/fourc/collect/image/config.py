"""What an image says of itself: the facts of its configuration."""

from msgspec import Struct

from fourc.collect.image.documents import Configuration


class Step(Struct, frozen=True):
    """One line of the build, and the place of the layer it made, None where it made none."""

    command: str
    layer: int | None


class ImageConfig(Struct, frozen=True):
    """How a container of the image starts, and how the image was built; what the image leaves out is empty."""

    os: str = ""
    architecture: str = ""
    created: str = ""
    user: str = ""
    environment: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    history: tuple[Step, ...] = ()


def config_of(found: Configuration, layers: int) -> ImageConfig:
    """The facts of a configuration of an image with so many layers."""
    running = found.config
    steps: list[Step] = []
    place = 0
    for line in found.history or ():
        is_layer = not line.empty_layer and place < layers
        steps.append(Step(line.created_by or line.comment or "", place if is_layer else None))
        place += is_layer
    if running is None:
        return ImageConfig(found.os, found.architecture, found.created or "", history=tuple(steps))
    return ImageConfig(
        os=found.os,
        architecture=found.architecture,
        created=found.created or "",
        user=running.user or "",
        environment=tuple(running.env or ()),
        entrypoint=_words(running.entrypoint),
        command=_words(running.cmd),
        ports=tuple(sorted(running.exposed_ports or ())),
        labels=tuple(sorted((running.labels or {}).items())),
        folder=running.working_dir or "",
        history=tuple(steps),
    )


def _words(given: list[str] | str | None) -> tuple[str, ...]:
    """A list; old builders wrote a text."""
    return (given,) if isinstance(given, str) else tuple(given or ())
