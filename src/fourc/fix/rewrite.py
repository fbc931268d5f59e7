"""What a set of remedies makes of the files: new texts, diffs, API patches, and what cannot be edited."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from fourc.errors import FourcError
from fourc.model.finding import Finding
from fourc.model.location import STDIN, Origin
from fourc.model.remedy import FixClass, NewFile, Remedy
from fourc.model.subject import Ref
from fourc.patch.text import unified_diff
from fourc.patch.yaml.edit import apply_operations
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Operation
from fourc.patch.yaml.reader import load, split
from fourc.patch.yaml.rewrite import rewrite

ReadText = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file before (None: new) and after, with the worst class among its edits."""

    path: str
    before: str | None
    after: str
    fix_class: FixClass

    @property
    def diff(self) -> str:
        """The unified diff, paths relative to the folder scanned."""
        return unified_diff(self.path, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding whose edit is impossible here, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that a set of findings' remedies does."""

    files: tuple[Rewritten, ...]
    patches: tuple[str, ...]
    refused: tuple[Refused, ...]


def propose(findings: Iterable[Finding], read: ReadText, upto: FixClass = FixClass.DECISION) -> Proposal:
    """Apply the remedies up to a class to the files' texts, in the findings' order; nothing is written."""
    before: dict[str, str | None] = {}
    after: dict[str, str] = {}
    classes: dict[str, FixClass] = defaultdict(lambda: FixClass.SAFE)
    refused: list[Refused] = []
    piped: dict[Ref, tuple[Origin, list[Operation]]] = {}
    for finding in findings:
        fix = finding.fix
        if not isinstance(fix, Remedy) or fix.fix_class > upto:
            continue
        if not finding.origin.editable:
            if finding.origin.path == STDIN:
                mine = piped.setdefault(finding.subject, (finding.origin, []))[1]
                mine += [o for o in fix.operations if o not in mine]
            continue
        path = finding.origin.path
        try:
            for new in fix.new_files:
                _add(new, before, after, read)
            if fix.operations:
                text = after.get(path) if path in after else read(path)
                if text is None:
                    raise FourcError(f"{path} cannot be read any more", hint="scan again")
                before.setdefault(path, text)
                after[path] = rewrite(text, finding.origin.document, rooted(fix.operations, finding.origin))
        except FourcError as error:
            refused.append(Refused(finding, error.message))
            continue
        for touched in (path, *(n.path for n in fix.new_files)):
            classes[touched] = max(classes[touched], fix.fix_class)
    files = tuple(
        Rewritten(p, before.get(p), text, classes[p]) for p, text in sorted(after.items()) if before.get(p) != text
    )
    patches = tuple(_patches(piped, read(STDIN) or "")) if piped else ()
    return Proposal(files, patches, tuple(refused))


def _patches(piped: Mapping[Ref, tuple[Origin, list[Operation]]], text: str) -> Iterator[str]:
    for ref, (origin, operations) in sorted(piped.items()):
        before = _object(text, origin)
        after = apply_operations(before, operations)
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
    document = next((d for d in split(text) if d.index == origin.document), None)
    data: Json = load(document) if document else None
    for key in origin.item:
        if isinstance(data, dict) and isinstance(key, str):
            data = data.get(key)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
    return data
