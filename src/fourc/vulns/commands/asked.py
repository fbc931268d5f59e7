"""What a command is made from."""

import posixpath
from collections.abc import Callable
from shlex import quote

from msgspec import Struct

from fourc.patch.manifests import VersionRefused, set_version
from fourc.patch.text import TextEdit
from fourc.vulns.upgrade import Jump


class Asked(Struct, frozen=True):
    """A package that is to go from `old` to `new`; `under` is the direct dependency that pulls it, empty where it is one."""

    name: str
    old: str
    new: str
    jump: Jump
    dev: bool = False
    under: str = ""

    @property
    def at(self) -> str:
        """`name@new`, quoted for a shell."""
        return quote(f"{self.name}@{self.new}")

    @property
    def pinned(self) -> str:
        """`name==new`, quoted for a shell."""
        return quote(f"{self.name}=={self.new}")


class Near(Struct, frozen=True):
    """The lock file at `path` and the files beside it."""

    path: str
    read: Callable[[str], str | None]

    @property
    def text(self) -> str:
        """The lock file itself."""
        return self.read(self.path) or ""

    def beside(self, name: str) -> str:
        """The text of a file in the same folder, empty where there is none."""
        return self.read(posixpath.join(posixpath.dirname(self.path), name)) or ""

    def edits(self, form: str, name: str, asked: Asked) -> tuple[TextEdit, ...]:
        """The edits with which the manifest beside would take the new version where it asks for the very one in use."""
        text = self.beside(name)
        if not text:
            return ()
        try:
            return set_version(form, text, asked.name, asked.new, asked.old)
        except VersionRefused:
            return ()

    def pins(self, form: str, name: str, asked: Asked, *, bare: bool) -> bool:
        """Whether the manifest beside allows nothing but the version in use; `bare` says that a version alone does so."""
        text = self.beside(name)
        for edit in self.edits(form, name, asked):
            before = text[max(0, edit.start - 8) : edit.start].rstrip()
            if before.endswith("=") or (bare and before.endswith(('"', "'"))):
                return True
        return False


class Command(Struct, frozen=True):
    """A line for the shell.

    `certain` is False where another package may hold a version back, `exact` where not the named versions come but the
    newest ones that are allowed.
    """

    line: str
    certain: bool = True
    exact: bool = True


Builder = Callable[[list[Asked], Near], Command]


def joined(*lines: str) -> str:
    """The lines that are not empty, each run only if the one before it did what it should."""
    return " && ".join(line for line in lines if line)


def parted(asked: list[Asked]) -> tuple[list[Asked], list[Asked]]:
    """What the project asks for itself, and what comes with that."""
    return [one for one in asked if not one.under], [one for one in asked if one.under]
