"""What a person asked for: where to look, at what, and how to rank it."""

import os
from pathlib import Path

from msgspec import Struct

from fourc.app.ignoring import Own
from fourc.app.suppose import NOTHING, Suppose
from fourc.collect.git import work_tree_of
from fourc.model.finding import Finding, Severity
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.model.subject import Ref
from fourc.model.version import NEWEST, KubeVersion
from fourc.plan.order import DEFAULT, Terms


class Request(Struct, frozen=True):
    """What the person asked for. Paths are shown relative to `root`: the one folder named, else the current one.

    `below` is the path from the top of the git work tree to `root`, so that a finding keeps its fingerprint whichever of
    its folders is scanned; None is found out. `secrets` looks for hard-coded ones in all files as well, `packages` for known
    vulnerabilities of packages.
    `own_checks` are files or folders with checks that the user wrote.
    """

    paths: tuple[str, ...] = (".",)
    root: Path | None = None
    below: str | None = None
    secrets: bool = False
    packages: bool = False
    version: KubeVersion = NEWEST
    severity: Severity = Severity.INFO
    read_ignored: bool = False
    stdin: bytes | None = None
    terms: Terms = DEFAULT
    suppose: Suppose = NOTHING
    namespaces: frozenset[str] = frozenset()
    settings: Settings = NO_SETTINGS
    own_checks: tuple[str, ...] = ()
    imported: tuple[str, ...] = ()
    """Reports of other scanners, whose matches count instead of the database's."""
    images: tuple[str, ...] = ()
    """Images to look into: those that are named (each asked of its registry if it is nowhere else), or all that run."""
    all_images: bool = False
    platform: str = ""
    offline: bool = False
    plain: bool = False
    vex: tuple[str, ...] = ()
    """Documents that say which vulnerabilities there is nothing to do about."""
    own: Own | None = None
    """The ignores to go by, where they are not those of the folder: a copy of it may lack them."""


def folder_of(request: Request) -> Path:
    """The folder that paths are shown relative to: the one that was named, else the current one."""
    only = Path(request.paths[0]) if len(request.paths) == 1 else Path()
    return request.root or (only if only.is_dir() else Path())


def below_top(folder: Path) -> str:
    """The path from the top of the git work tree that holds the folder, with `/`; empty at the top and outside of one."""
    real = Path(os.path.realpath(folder))
    top = work_tree_of(real)
    return "" if top in {None, real} else real.relative_to(top).as_posix()


def within(subject: Ref, namespaces: frozenset[str]) -> bool:
    """Whether an object is in one of the namespaces, none meaning all; a Namespace is in itself."""
    own = subject.name if subject.kind == "Namespace" else subject.namespace
    return not namespaces or own in namespaces


def asked_for(finding: Finding, request: Request) -> bool:
    """Whether a finding is grave enough and in a namespace that was asked for; a Namespace is in itself."""
    return finding.severity >= request.severity and within(finding.subject, request.namespaces)
