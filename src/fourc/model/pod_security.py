"""Pod Security levels and the labels of a namespace that ask for them (k8s.io/pod-security-admission/api)."""

import re
from collections.abc import Mapping
from enum import IntEnum

from msgspec import Struct

from fourc.model.version import NEWEST, KubeVersion

PREFIX = "pod-security.kubernetes.io/"
_PIN = re.compile(r"v1\.(0|[1-9][0-9]*)", re.ASCII)


class Level(IntEnum):
    """A level of the Pod Security Standards; the order counts."""

    PRIVILEGED = 0
    BASELINE = 1
    RESTRICTED = 2

    @property
    def word(self) -> str:
        """The value of a label."""
        return self.name.lower()


class LevelVersion(Struct, frozen=True):
    """A level and the version whose rules it means."""

    level: Level = Level.PRIVILEGED
    version: KubeVersion = NEWEST


class PodSecurityPolicy(Struct, frozen=True):
    """What a namespace asks for: what is refused, and what is only told to who creates it."""

    enforce: LevelVersion
    warn: LevelVersion


def policy_of(labels: Mapping[str, str], server: KubeVersion = NEWEST) -> PodSecurityPolicy:
    """What the labels of a namespace mean to a server of that version (api.PolicyToEvaluate), defaults unchanged.

    A level that is misspelt enforces *restricted* and warns of nothing; rules newer than the server are those of the server.
    """
    enforce = LevelVersion(
        _level(labels.get(f"{PREFIX}enforce"), Level.RESTRICTED),
        _version(labels.get(f"{PREFIX}enforce-version"), server),
    )
    warn = LevelVersion(
        _level(labels.get(f"{PREFIX}warn"), Level.PRIVILEGED), _version(labels.get(f"{PREFIX}warn-version"), server)
    )
    if f"{PREFIX}warn" not in labels and labels.get(f"{PREFIX}enforce") in _WORDS:
        pinned = f"{PREFIX}warn-version" in labels
        warn = LevelVersion(enforce.level, warn.version if pinned else enforce.version)
    return PodSecurityPolicy(enforce, warn)


_WORDS = {level.word: level for level in Level}


def _level(word: str | None, misspelt: Level) -> Level:
    return Level.PRIVILEGED if word is None else _WORDS.get(word, misspelt)


def _version(pin: str | None, server: KubeVersion) -> KubeVersion:
    if pin is None or _PIN.fullmatch(pin) is None:
        return server
    return min(KubeVersion.parse(pin), server)
