"""Tags of base images in a Dockerfile (https://docs.docker.com/reference/dockerfile/)."""

import re
from collections.abc import Iterator
from shlex import quote

from msgspec import Struct

from fourc.patch.manifests.refusal import VersionRefused, elsewhere
from fourc.patch.manifests.wanted import Wanted, absent
from fourc.patch.text import TextEdit
from fourc.text import Text, same

_LINE = re.compile(r"[^\n]*+(?:\n|\Z)")
_FROM = re.compile(r"[ \t]*+from[ \t]++(?:--\w[\w-]*+=\S*+[ \t]++)*+(?P<image>[^\s#]++)", re.IGNORECASE)
_ARG = re.compile(r"[ \t]*+arg[ \t]++(?P<rest>[^\n]*+)", re.IGNORECASE)
_DEFAULT = re.compile(
    r"(?P<name>[A-Za-z_]\w*+)(?:=(?:\"(?P<double>[^\"\n]*+)\"|'(?P<single>[^'\n]*+)'|(?P<bare>[^\s\"']*+)))?+"
)
_HEREDOC = re.compile(r"<<-?+([\"']?+)([A-Za-z_]\w*+)\1")
_ESCAPE = re.compile(r"#[ \t]*+escape[ \t]*+=[ \t]*+(\S)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w++)(?::?-(?P<default>[^{}$]*+))?+\}|(?P<bare>\w++))")
_HUB = ("index.docker.io/", "registry-1.docker.io/", "docker.io/")


class _Piece(Struct, frozen=True):
    """A part of an image's name: what it says, where that is written, and the variable that brings it."""

    value: str
    start: int
    end: int
    variable: str = ""


def from_line(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the tag in `FROM image:tag`, or of the `ARG` that holds it; `name` is the image without its tag.

    A tag beside a digest is left alone: the digest decides, and only a registry knows the new one.

    Raises:
        VersionRefused: no such image, or pinned by its digest, or the `ARG` has no default here or serves other images.
    """
    arguments: dict[str, _Piece] = {}
    edits: list[TextEdit] = []
    changed: set[str] = set()
    others: set[str] = set()
    seen: list[str] = []
    done = False
    for start, end, in_front in _instructions(wanted.text):
        match = _FROM.match(wanted.text, start, end)
        if match is None:
            if in_front:
                _defaults(wanted.text, start, end, arguments)
            continue
        pieces = list(_pieces(wanted.text, match, arguments))
        whole = "".join(piece.value for piece in pieces)
        name, tag, digest = _parts(whole)
        used = {piece.variable for piece in pieces if piece.variable}
        if not _same_image(name, wanted.name):
            others |= used
            continue
        if digest:
            raise _pinned(wanted)
        seen.append(tag)
        if tag == wanted.old:
            edit, variable = _tag_edit(wanted, pieces, len(name) + 1)
            edits.append(edit)
            changed |= {variable} if variable else set()
        elif tag == wanted.version:
            done = True
        else:
            others |= used
    if changed & others:
        raise elsewhere(wanted.name, f"ARG {min(changed & others)}")
    if not edits and not done:
        raise absent(wanted, [one for one in seen if one])
    return tuple(edit for edit in dict.fromkeys(edits) if wanted.text[edit.start : edit.end] != edit.new)


def _tag_edit(wanted: Wanted, pieces: list[_Piece], begin: int) -> tuple[TextEdit, str]:
    """The edit of the one piece that holds what differs between both tags, and the variable that it belongs to."""
    at = 0
    for piece in pieces:
        inside = max(0, begin - at)
        head = "".join(p.value for p in pieces)[begin : max(begin, at)]
        tail = "".join(p.value for p in pieces)[at + len(piece.value) :]
        at += len(piece.value)
        if at <= begin:
            continue
        old = piece.value[inside:]
        new = wanted.version.removeprefix(head).removesuffix(tail)
        if head + new + tail == wanted.version and head + old + tail == wanted.old and old and new:
            return TextEdit(piece.start + inside, piece.end, new), piece.variable
    raise elsewhere(wanted.name, "ARG")


def _pieces(text: str, match: re.Match[str], arguments: dict[str, _Piece]) -> Iterator[_Piece]:
    """The image's name in pieces, variables filled in."""
    at, stop = match.span("image")
    for variable in _VARIABLE.finditer(text, at, stop):
        if variable.start() > at:
            yield _Piece(text[at : variable.start()], at, variable.start())
        at = variable.end()
        name = variable["braced"] or variable["bare"]
        if name in arguments and arguments[name].value:
            yield arguments[name]
        elif variable["default"] is not None:
            yield _Piece(variable["default"], variable.start("default"), variable.end("default"))
        else:
            yield _Piece(variable[0], variable.start(), variable.end(), name)
    if at < stop:
        yield _Piece(text[at:stop], at, stop)


def _defaults(text: str, start: int, end: int, arguments: dict[str, _Piece]) -> None:
    """The defaults that an `ARG` before the first `FROM` gives."""
    match = _ARG.match(text, start, end)
    if match is None:
        return
    for one in _DEFAULT.finditer(text, match.start("rest"), min(match.end("rest"), end)):
        for kind in ("double", "single", "bare"):
            if one[kind] is not None and "$" not in one[kind]:
                arguments[one["name"]] = _Piece(one[kind], one.start(kind), one.end(kind), one["name"])


def _instructions(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each instruction's first line stands, and whether no `FROM` came before it."""
    escape = "\\"
    in_front, continued = True, False
    until: list[str] = []
    head = True
    for row in _LINE.finditer(text, 1 if text.startswith("\ufeff") else 0):
        line = row[0].strip()
        if until:
            if line == until[0]:
                until.pop(0)
            continue
        directive = _ESCAPE.fullmatch(line) if head else None
        if directive and directive[1] in "\\`":
            escape = directive[1]
        if line.startswith("#") or not line:
            continue
        head = False
        if not continued:
            yield row.start(), row.end(), in_front
            in_front = in_front and line[:4].lower() != "from"
        until = [found[2] for found in _HEREDOC.finditer(row[0])] if line[:5].lower() != "from " else []
        continued = line.endswith(escape)


def _parts(image: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image (https://github.com/distribution/reference)."""
    rest, _, digest = image.partition("@")
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        return rest, "", digest
    return name, tag, digest


def _same_image(written: str, name: str) -> bool:
    return written == name or _short(written) == _short(name)


def _short(name: str) -> str:
    """The image's name without the registry and the folder that Docker adds by itself."""
    for hub in _HUB:
        name = name.removeprefix(hub)
    return name.removeprefix("library/")


def _pinned(wanted: Wanted) -> VersionRefused:
    return VersionRefused(
        "hashes",
        Text("{name} is pinned by its digest", "{name} 用摘要固定").of(name=wanted.name),
        hint=Text(
            "look up the new digest and write both: {command}",
            "查询新的摘要，并同时写入标签和摘要：{command}",
        ).of(
            command=same(
                "docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "
                + quote(f"{wanted.name}:{wanted.version}")
            )
        ),
    )
