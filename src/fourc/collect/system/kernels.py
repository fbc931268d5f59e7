"""Which kernel runs, which are installed, and whether the system itself asks for a reboot."""

import re

from msgspec import Struct

from fourc.collect.system.rooted import Rooted

_RELEASE = "proc/sys/kernel/osrelease"
_VERSION = "proc/version"
_MODULES = ("usr/lib/modules", "lib/modules")
_BOOT = "boot"
_IMAGE = "vmlinuz-"
_REQUIRED = ("run/reboot-required", "var/run/reboot-required")
# what is more than an empty folder that a removed kernel left: the image itself, or what Alpine and Arch put there
_MARKS = ("vmlinuz", "kernel-suffix", "pkgbase")
_NAME = re.compile(r"\d+\.\d+[^\s/]{0,200}")
_RUNNING = re.compile(r"Linux version (\S{1,200})")
# Debian names the version of the package that the kernel came from: `#1 SMP Debian 6.1.76-1 (2024-02-01)`
_BUILD = re.compile(r"\bDebian (\d\S{0,100}) \(\d{4}-")
_TEXT = 4096
_MOST_PACKAGES = 200
_MOST_FOLDERS = 1000


class Kernels(Struct, frozen=True):
    """`running` is what `uname -r` says, empty where nothing below the root tells; `build` is the version of its package.

    `installed` are the releases whose files are there. `asked` says that the system asks for a reboot, `asked_by` for which
    packages.
    """

    running: str = ""
    build: str = ""
    installed: tuple[str, ...] = ()
    asked: bool = False
    asked_by: tuple[str, ...] = ()


def read_kernels(tree: Rooted) -> Kernels:
    """What the files below the root say; they are those of a running system where its `/proc` is there too."""
    version = _text(tree, _VERSION)
    found = _RUNNING.search(version)
    running = _text(tree, _RELEASE).strip() or (found[1] if found else "")
    build = _BUILD.search(version)
    asked = next((path for path in _REQUIRED if tree.exists(path)), None)
    packages = _text(tree, f"{asked}.pkgs").split() if asked else []
    return Kernels(
        running if _NAME.fullmatch(running) else "",
        build[1] if build else "",
        _installed(tree),
        asked is not None,
        tuple(sorted(set(packages)))[:_MOST_PACKAGES],
    )


def _installed(tree: Rooted) -> tuple[str, ...]:
    found = {name.removeprefix(_IMAGE) for name in tree.names(_BOOT) if name.startswith(_IMAGE)}
    for folder in _MODULES:
        for name in tree.folders(folder)[:_MOST_FOLDERS]:
            if name not in found and any(tree.exists(f"{folder}/{name}/{mark}") for mark in _MARKS):
                found.add(name)
    return tuple(sorted(name for name in found if _NAME.fullmatch(name)))


def _text(tree: Rooted, path: str) -> str:
    return (tree.read(path) or b"")[:_TEXT].decode("utf-8", "replace")
