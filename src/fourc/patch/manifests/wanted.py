"""What an editor is asked, and how a version that stands in a text becomes another one."""

import re
from collections.abc import Iterable

from msgspec import Struct

from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.text import TextEdit
from fourc.text import Text

KEPT = 4
"""Files that are kept as they were read, as one is asked again for each package that is to be changed in it."""
_LONGEST = 300
"""Characters of the longest text that is looked at as a version: nobody writes one like it."""
_SPEC = re.compile(
    r"\s*+(?P<operator>[\^~=<>!\[(]*+)\s*+(?P<version>[^\s,|<>=^~\[\]()!;\"']++)\s*+(?P<end>[\])]?+)\s*+"
)


class Wanted(Struct, frozen=True):
    """`name` is to stand in `text` in `version` instead of `old`."""

    text: str
    name: str
    version: str
    old: str


class Site(Struct, frozen=True):
    """A place, `text[start:end]`, that says which version of the package is taken."""

    start: int
    end: int


def exchanged(
    wanted: Wanted, sites: Iterable[Site], operators: Iterable[str] = ("", "=", "==")
) -> tuple[TextEdit, ...]:
    """The edits that write the version where a site holds the old one behind one of the operators, which stay.

    Nothing is to be done, `()`, where the new version stands already and the old one nowhere.

    Raises:
        VersionRefused: no site holds either.
    """
    edits: list[TextEdit] = []
    done = False
    seen: list[str] = []
    for site in dict.fromkeys(sites):
        spec = wanted.text[site.start : min(site.end, site.start + _LONGEST)]
        match = _SPEC.fullmatch(spec)
        if match is None or match["operator"] not in operators:
            seen.append(spec)
            continue
        written = match["version"]
        if same_version(written, wanted.old):
            start = site.start + match.start("version")
            edits.append(TextEdit(start, start + len(written), as_written(written, wanted.version)))
        elif same_version(written, wanted.version):
            done = True
        else:
            seen.append(spec)
    if not edits and not done:
        raise absent(wanted, seen)
    return tuple(edit for edit in edits if wanted.text[edit.start : edit.end] != edit.new)


def same_version(written: str, version: str) -> bool:
    """Whether both are one version, of which one may be written with the `v` of its tag."""
    return written.strip().removeprefix("v") == version.strip().removeprefix("v")


def as_written(before: str, version: str) -> str:
    """The version with or without `v`, as the one before it was."""
    bare = version.removeprefix("v")
    return f"v{bare}" if before.startswith("v") else bare


def absent(wanted: Wanted, seen: list[str]) -> VersionRefused:
    """The refusal where no site holds the version; `seen` is what the sites hold instead."""
    if not seen:
        return VersionRefused(
            "absent",
            Text("{name} {old} does not stand here", "这里没有 {name} {old}").of(name=wanted.name, old=wanted.old),
        )
    return VersionRefused(
        "range" if any(_SPEC.fullmatch(spec) is None or spec.strip()[:1] in "<>!^~*" for spec in seen) else "absent",
        Text("{name} stands here as {spec}, not in version {old}", "{name} 在这里写作 {spec}，不是版本 {old}").of(
            name=wanted.name, spec=_shown(seen[0]), old=wanted.old
        ),
    )


def _shown(spec: str) -> str:
    return f"`{spec.strip()[:60] or '*'}`"
