"""What an API server says of a prediction about Pod Security."""

from msgspec import Struct

from fourc.model.gap import Gap
from fourc.model.pod_security import Level, LevelVersion
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.model.version import KubeVersion


class Standing(Struct, frozen=True):
    """What is predicted of a namespace: the strictest level that all its workloads meet, and what keeps them from the target."""

    namespace: str
    level: Level
    below: tuple[tuple[Ref, tuple[str, ...]], ...]


class Difference(Struct, frozen=True):
    """A pod of which the server said something else than was predicted.

    `predicted` are the controls that it should violate, none: it should be let in. `pod` is what Pod Security judges of it,
    as YAML, without values of variables, commands and images.
    """

    subject: Ref
    namespace: str
    asked: LevelVersion
    predicted: tuple[str, ...]
    said: str
    pod: str


class Verified(Struct, frozen=True):
    """The prediction for each namespace, and the server's word on it: `agreed` answers were as predicted.

    `server` is None where nobody was asked. `notes` say what could not be compared and is nobody's fault.
    """

    target: Level
    standings: tuple[Standing, ...]
    server: KubeVersion | None = None
    agreed: int = 0
    running: int = 0
    differences: tuple[Difference, ...] = ()
    notes: tuple[Text, ...] = ()
    gaps: tuple[Gap, ...] = ()
