"""What a set of remedies makes of the files: new texts, diffs, API patches, and what cannot be edited."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fourc.fix.kustomize import Kustomizations
from fourc.model.finding import Finding
from fourc.model.location import STDIN, Origin
from fourc.model.remedy import Bump, FixClass, NewFile, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.text import TextEdit, apply, unified_diff
from fourc.patch.yaml.node import Json, Node
from fourc.patch.yaml.operations import Operation, Remove
from fourc.patch.yaml.outline import Outline
from fourc.patch.yaml.reader import compose, load, readable
from fourc.patch.yaml.refusal import EditRefused

if TYPE_CHECKING:
    from fourc.patch.programs import Literal

ReadText = Callable[[str], str | None]
ReadTree = Callable[[str, int], Node | None]
ReadOutline = Callable[[str, int], Outline | None]
_MOVED = Text("the secret does not stand in {path} any more", "该密钥已不在 {path} 中")
_GONE = Text("the document is not there any more", "文档已不存在")


class Rewritten(Struct, frozen=True):
    """One file before (None: new) and after, with the worst class among its edits."""

    path: str
    before: str | None
    after: str
    fix_class: FixClass

    @property
    def diff(self) -> str:
        """The unified diff, paths relative to the folder scanned."""
        return unified_diff(self.path, self.before, self.after)


class Refused(Struct, frozen=True):
    """A finding whose edit is impossible here, and why."""

    finding: Finding
    why: Text


class Proposal(Struct, frozen=True):
    """Everything that a set of findings' remedies does."""

    files: tuple[Rewritten, ...]
    patches: tuple[str, ...]
    refused: tuple[Refused, ...]


def propose(
    findings: Iterable[Finding],
    read: ReadText,
    upto: FixClass = FixClass.DECISION,
    trees: ReadTree | None = None,
    kustomizations: Kustomizations | None = None,
) -> Proposal:
    """Apply the remedies up to a class to the files' texts; nothing is written.

    A file is read and split once, and all operations on one document are made in one pass; where that is refused, each
    finding's operations are tried by themselves, so that only those that cannot be made are left out. `trees` gives the
    tree of a file's document to those who have read it already, `kustomizations` what was looked up before. A new file
    beside one that a kustomization lists is listed there too.
    """
    listing = kustomizations or Kustomizations(read)
    refused: list[Refused] = []
    taken: list[tuple[Finding, Remedy]] = []
    piped: dict[Ref, tuple[Origin, list[Operation]]] = {}
    new_objects: list[str] = []
    for finding in findings:
        fix = finding.fix
        if not isinstance(fix, Remedy) or fix.fix_class > upto:
            continue
        if finding.origin.editable:
            taken.append((finding, fix))
        elif finding.origin.path == STDIN:
            mine = piped.setdefault(finding.subject, (finding.origin, []))[1]
            mine += [o for o in fix.operations if o not in mine]
            new_objects += [n.text for n in fix.new_files if n.text not in new_objects]
    taken = _listable(taken, listing, refused)
    before: dict[str, str | None] = {}
    after: dict[str, str] = {}
    for path in dict.fromkeys(f.origin.path for f, fix in taken if fix.operations):
        mine_here = [(f, fix) for f, fix in taken if f.origin.path == path and fix.operations]
        text = read(path)
        if text is None:
            refused += [
                Refused(f, Text("{path} cannot be read any more", "无法再读取 {path}").of(path=path))
                for f, _ in mine_here
            ]
            continue
        before[path] = text
        after[path] = _edited(text, mine_here, refused, trees or _Trees(text).tree)
    _write_readings(taken, before, after, read, refused)  # first: their places are those of the text as it was
    _write_versions(taken, before, after, read, refused)
    left_out = {r.finding.fingerprint for r in refused}
    made = [(f, fix) for f, fix in taken if f.fingerprint not in left_out]
    classes = _classes(made)
    for finding, fix in made:
        for new in fix.new_files:
            is_new = new.path not in after and read(new.path) is None
            _add(new, before, after, read)
            if is_new and (listed := listing.governing(finding.origin.path)):
                before.setdefault(listed, read(listed))
                after[listed] = listing.entered(new.path, finding.origin.path, after.get(listed))
                classes[listed] = max(classes[listed], fix.fix_class)
    files = tuple(
        Rewritten(p, before.get(p), text, classes[p]) for p, text in sorted(after.items()) if before.get(p) != text
    )
    # what a patch refers to, such as a service account, must be there before it
    patches = (*map(kubectl_apply, new_objects), *(_patches(piped, read(STDIN) or "") if piped else ()))
    return Proposal(files, patches, tuple(refused))


def _listable(
    taken: Sequence[tuple[Finding, Remedy]], listing: Kustomizations, refused: list[Refused]
) -> list[tuple[Finding, Remedy]]:
    """Those whose new files can be entered where they must; the others are added to `refused`, whole."""
    kept: list[tuple[Finding, Remedy]] = []
    for finding, fix in taken:
        refusals = [listing.refusal(new.path, finding.origin.path) for new in fix.new_files]
        why_not = next((r for r in refusals if r is not None), None)
        if why_not is None:
            kept.append((finding, fix))
        else:
            refused.append(Refused(finding, why_not))
    return kept


def _classes(made: Sequence[tuple[Finding, Remedy]]) -> dict[str, FixClass]:
    """For every file the worst class among its edits."""
    classes: dict[str, FixClass] = defaultdict(lambda: FixClass.SAFE)
    for finding, fix in made:
        for path in (finding.origin.path, *fix.more_paths):
            classes[path] = max(classes[path], fix.fix_class)
    return classes


def _write_versions(
    taken: Sequence[tuple[Finding, Remedy]],
    before: dict[str, str | None],
    after: dict[str, str],
    read: ReadText,
    refused: list[Refused],
) -> None:
    """Versions of packages, each once however many findings ask for it; whose version cannot be written is refused."""
    whys: dict[Bump, Text | None] = {}
    for finding, fix in taken:
        for bump in fix.bumps:
            if bump not in whys:
                whys[bump] = _write_version(bump, before, after, read)
            why = whys[bump]
            if why is not None:
                refused.append(Refused(finding, why))
                break


def _write_version(bump: Bump, before: dict[str, str | None], after: dict[str, str], read: ReadText) -> Text | None:
    """Write one version; why it cannot be, where it cannot."""
    from fourc.patch.manifests import VersionRefused, set_version  # noqa: PLC0415 - most changes touch no version

    text = after.get(bump.path, read(bump.path))
    if text is None:
        return Text("{path} cannot be read any more", "无法再读取 {path}").of(path=bump.path)
    try:
        edited = apply(text, set_version(bump.form, text, bump.name, bump.new, bump.old))
    except VersionRefused as error:
        return error.message
    before.setdefault(bump.path, text)
    after[bump.path] = edited
    return None


def _write_readings(
    taken: Sequence[tuple[Finding, Remedy]],
    before: dict[str, str | None],
    after: dict[str, str],
    read: ReadText,
    refused: list[Refused],
) -> None:
    """Programs, so that they read variables of the environment; a finding of which one place cannot be edited is refused."""
    from fourc.patch.programs import edits_for, literal_at  # noqa: PLC0415 - most changes touch no program

    known: dict[str, str | None] = {}
    wanted: dict[str, dict[Literal, str]] = {}
    for finding, fix in taken:
        mine: list[tuple[str, Literal, str]] = []
        for reading in fix.readings:
            text = known.setdefault(reading.path, read(reading.path))
            at = (reading.line, reading.column, reading.end_column)
            literal = literal_at(reading.path, text, *at) if text is not None else None
            if literal is None:
                refused.append(Refused(finding, _MOVED.of(path=reading.path)))
                mine = []
                break
            mine.append((reading.path, literal, reading.name))
        for path, literal, name in mine:
            wanted.setdefault(path, {})[literal] = name
    for path, named in wanted.items():
        text = known[path] or ""
        before[path], after[path] = text, apply(text, edits_for(path, text, [*named.items()]))


def is_sure(finding: Finding, outlines: ReadOutline) -> bool:
    """Whether the finding has no edit, or one that can surely be made: then the editor need not be asked."""
    fix, origin = finding.fix, finding.origin
    if isinstance(fix, Remedy) and (fix.bumps or fix.readings):
        return False
    if not isinstance(fix, Remedy) or not origin.editable or not fix.operations:
        return True
    known = outlines(origin.path, origin.document)
    return known is not None and known.fits(rooted(fix.operations, origin))


def can_be_listed(finding: Finding, kustomizations: Kustomizations) -> bool:
    """Whether every file that the finding's fix adds can be entered into the kustomization that must list it."""
    fix, origin = finding.fix, finding.origin
    if not isinstance(fix, Remedy) or not origin.editable:
        return True
    return not any(kustomizations.refusal(new.path, origin.path) for new in fix.new_files)


class _Trees:
    """The trees of one file's text."""

    def __init__(self, text: str) -> None:
        self.documents = {d.index: d for d in readable(text)}

    def tree(self, _path: str, index: int) -> Node | None:
        return compose(self.documents[index]) if index in self.documents else None


def _edited(text: str, taken: Sequence[tuple[Finding, Remedy]], refused: list[Refused], trees: ReadTree) -> str:
    """One file's text with everything that can be made; what cannot is added to `refused`."""
    from fourc.patch.yaml.edit import edits  # noqa: PLC0415 - the editor is loaded when something is edited

    made: list[TextEdit] = []
    for index in dict.fromkeys(f.origin.document for f, _ in taken):
        mine = [(f, rooted(fix.operations, f.origin)) for f, fix in taken if f.origin.document == index]
        root = trees(mine[0][0].origin.path, index)
        if root is None:
            refused += [Refused(f, _GONE) for f, _ in mine]
            continue
        try:
            made += edits(text, root, in_order(o for _, operations in mine for o in operations))
        except EditRefused:
            made += _one_by_one(text, root, mine, refused)
    return apply(text, made)


def _one_by_one(
    text: str, root: Node, mine: Sequence[tuple[Finding, list[Operation]]], refused: list[Refused]
) -> tuple[TextEdit, ...]:
    from fourc.patch.yaml.edit import edits  # noqa: PLC0415 - as above

    kept: list[Operation] = []
    for finding, operations in mine:
        try:
            edits(text, root, in_order([*kept, *operations]))
        except EditRefused as error:
            refused.append(Refused(finding, error.message))
        else:
            kept += operations
    return edits(text, root, in_order(kept)) if kept else ()


def in_order(operations: Iterable[Operation]) -> list[Operation]:
    """Each operation once, and list items removed last, from the end on: so every index means the item it meant."""
    once: list[Operation] = []
    for operation in operations:
        if operation not in once:
            once.append(operation)
    items = [o for o in once if isinstance(o, Remove) and isinstance(o.path[-1], int)]
    rest = [o for o in once if o not in items]
    return [*rest, *sorted(items, key=lambda o: [(isinstance(k, str), k) for k in o.path], reverse=True)]


def _patches(piped: Mapping[Ref, tuple[Origin, list[Operation]]], text: str) -> Iterator[str]:
    from fourc.patch.yaml.edit import apply_operations  # noqa: PLC0415 - as above

    for ref, (origin, operations) in sorted(piped.items()):
        before = _object(text, origin)
        after = apply_operations(before, in_order(operations))
        if after != before:
            yield kubectl_patch(ref, before, after)


def _add(new: NewFile, before: dict[str, str | None], after: dict[str, str], read: ReadText) -> None:
    """A new file; where one of that name stands already, its text stays and the new one follows as a document."""
    old = after.get(new.path) if new.path in after else read(new.path)
    before.setdefault(new.path, None if new.path in after else old)
    if old is None:
        after[new.path] = new.text
    elif new.text.strip() not in old:
        after[new.path] = f"{old.rstrip()}\n---\n{new.text}"


def rooted(operations: Iterable[Operation], origin: Origin) -> list[Operation]:
    """The operations with paths from the document's root instead of the object's (they differ inside a List)."""
    return [replace(o, path=origin.item + o.path) for o in operations]


def kubectl_patch(ref: Ref, before: Json, after: Json) -> str:
    """The `kubectl patch` command that turns one state of a live object into another (RFC 7386 merge patch)."""
    where = f" -n {ref.namespace}" if ref.namespace else ""
    text = json.dumps(merge_patch(before, after), ensure_ascii=False).replace("'", "'\\''")
    return f"kubectl patch {ref.kind.lower()} {ref.name}{where} --type merge -p '{text}'"


def kubectl_apply(text: str) -> str:
    """The command that makes a new object in the cluster that was piped in."""
    return f"kubectl apply -f - <<'EOF'\n{text.rstrip()}\nEOF"


def merge_patch(before: Json, after: Json) -> Json:
    """The RFC 7386 patch from one to the other; lists are replaced whole."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    patch: dict[str, Json] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before:
            patch[key] = value
        elif before[key] != value:
            patch[key] = merge_patch(before[key], value)
    return patch


def _object(text: str, origin: Origin) -> Json:
    """The data of one object in a file's text."""
    document = next((d for d in readable(text) if d.index == origin.document), None)
    data: Json = load(document) if document else None
    for key in origin.item:
        if isinstance(data, dict) and isinstance(key, str):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
    return data
