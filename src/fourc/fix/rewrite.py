"""What a set of remedies makes of the files: new texts, diffs, API patches, and what cannot be edited."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from fourc.errors import FourcError
from fourc.model.finding import Finding
from fourc.model.location import Origin
from fourc.model.remedy import FixClass, NewFile, Remedy
from fourc.model.subject import Ref
from fourc.patch.text import unified_diff
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Append, Operation, Remove, Set
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
    piped: dict[Ref, list[Operation]] = defaultdict(list)
    for finding in findings:
        fix = finding.fix
        if not isinstance(fix, Remedy) or fix.fix_class > upto:
            continue
        if not finding.origin.editable:
            piped[finding.subject] += [o for o in fix.operations if o not in piped[finding.subject]]
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
    patches = tuple(kubectl_patch(ref, operations) for ref, operations in sorted(piped.items()) if operations)
    return Proposal(files, patches, tuple(refused))


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


def kubectl_patch(ref: Ref, operations: Iterable[Operation]) -> str:
    """The `kubectl patch` command (RFC 6902) that makes the operations on a live object."""
    patch: list[dict[str, object]] = []
    made: set[Path] = set()
    for operation in operations:
        pointer = "/" + "/".join(str(k).replace("~", "~0").replace("/", "~1") for k in operation.path)
        if isinstance(operation, Remove):
            patch.append({"op": "remove", "path": pointer})
        elif isinstance(operation, Set):
            patch.append({"op": "add", "path": pointer, "value": operation.value})
        elif isinstance(operation, Append):
            value = operation.value if operation.path in made else [operation.value]
            patch.append({"op": "add", "path": f"{pointer}/-" if operation.path in made else pointer, "value": value})
            made.add(operation.path)
    where = f" -n {ref.namespace}" if ref.namespace else ""
    text = json.dumps(patch, ensure_ascii=False).replace("'", "'\\''")
    return f"kubectl patch {ref.kind.lower()} {ref.name}{where} --type json -p '{text}'"
