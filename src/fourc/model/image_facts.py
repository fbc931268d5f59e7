"""How an image would start, what it is made of, and whose it is."""

from msgspec import Struct


class ImageStep(Struct, frozen=True):
    """A line of the build; `layer` is the unpacked layer's digest, empty where the line made none."""

    command: str
    layer: str = ""


class Privileged(Struct, frozen=True):
    """A file that runs with its owner's or group's rights, with its mode (octal) and owner."""

    path: str
    mode: str
    uid: int
    gid: int


class ImageFacts(Struct, frozen=True):
    """What an image says of itself. `variables` are names of its environment: values may be secrets.

    `upstream` is the image that it is a copy of (itself where it is the original), `origin` whether its place is the
    publisher's, a mirror that is known, or unknown. `base` is the image that it was built on: its layers, `base_layers` of
    them, were seen to be the lowest here; none means that only a label says so.
    """

    name: str
    digest: str
    platform: str
    created: str = ""
    user: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    history: tuple[ImageStep, ...] = ()
    privileged: tuple[Privileged, ...] = ()
    distribution: str = ""
    upstream: str = ""
    origin: str = ""
    base: str = ""
    base_layers: int = 0
    sizes: tuple[int, ...] = ()


def plain_step(command: str) -> str:
    """The line as people write it in a Dockerfile."""
    line = " ".join(command.split()).removesuffix("# buildkit").strip()
    shell = "/bin/sh -c "
    if line.startswith(f"{shell}#(nop)"):
        return line.removeprefix(f"{shell}#(nop)").strip()
    line = line.replace(f"RUN {shell}", "RUN ", 1)
    return f"RUN {line.removeprefix(shell)}" if line.startswith(shell) else line
