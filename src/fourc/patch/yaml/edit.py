"""Operations on a document as edits of its file's text; nothing is written anew that the operations leave alone.

A careful hand's rules, for whatever style the file has:

- `Set` changes a value where it stands and keeps the comment beside it and the quotes it had. A new key goes below the
  last one of its mapping, after the comment lines that stand there as deep as its keys. Missing parents are made once.
- `Remove` takes the lines of a key or item, the comment beside it, the comments inside it and those right below it that
  stand deeper than it. Comment lines above it stay: they may speak of more. A mapping or sequence that becomes empty
  goes with its key; as an item of a sequence it stays, as `{}` or `[]`. When the first key of `- name: x` goes, the
  dash moves to the next one.
- `Append` puts an item below the last one, indented and quoted as the others are.
- Flow collections stay in flow style and JSON stays JSON; `{}`, `[]` and null in a block become block collections.
- Indentation, dashes, quotes and line breaks follow what most of the file does.
"""

from collections.abc import Iterable, Sequence

from fourc.patch.text import TextEdit, apply

from .block import BlockEditor
from .difference import sharing_of
from .document import RawDocument
from .errors import YamlError
from .expansion import to_json
from .flow import FlowEditor
from .layout import layout_of
from .node import Json, Node
from .operations import Append, Operation, Remove, Set
from .reader import load, readable, split
from .refusal import EditRefused
from .source import Source
from .target import apply_operations, same, target

__all__ = ["Append", "EditRefused", "Operation", "Remove", "Set", "append_document", "apply_operations", "edits"]


def edits(text: str, root: Node, operations: Sequence[Operation]) -> tuple[TextEdit, ...]:
    """The edits of the file's text that carry out all operations on the document of which `root` is the tree.

    They are sorted, do not overlap, and are none where the document already is as wanted. Made, they give a document
    that reads as `apply_operations(to_json(root), operations)`: that is checked here by reading it.

    Raises:
        EditRefused: the operations fit the data not at all, or the text not without side effects.
    """
    before = to_json(root)
    wanted = target(before, operations)
    if same(before, wanted):
        return ()
    source = Source(text)
    layout, sharing = layout_of(source, root), sharing_of(source, root)
    editor = BlockEditor(source, layout, sharing, FlowEditor(source, layout, sharing))
    made = _joined(editor.change_root(root, wanted))
    _check(text, apply(text, made), root, wanted)
    return made


def append_document(text: str, document: str) -> TextEdit:
    """The edit that puts one more YAML document, given as text, at the end of the file.

    Raises:
        EditRefused: the file is JSON, or what is there would no longer read the same.
    """
    documents = list(split(text))
    if any(raw.is_json for raw in documents):
        raise EditRefused("a JSON file takes no YAML document", hint="put the new object in a file of its own")
    end = len(text)
    eol = Source(text).eol(end)
    lines = document.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if documents and text.rstrip().rpartition("\n")[2] != "---" and lines[0] != "---":
        lines.insert(0, "---")
    missing = eol if text.strip("\ufeff") and not text.endswith("\n") else ""
    edit = TextEdit(end, end, missing + "".join(line + eol for line in lines))
    after = list(split(apply(text, [edit])))
    if [load(raw) for raw in after[:-1]] != [load(raw) for raw in documents]:
        raise EditRefused("the documents of the file would not read as before")
    return edit


def _joined(made: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """The edits in order, insertions at one place as one: what stands deeper comes first, as it was made first."""
    joined: list[TextEdit] = []
    for edit in sorted(made, key=lambda edit: (edit.start, edit.end)):
        if joined and joined[-1].start == joined[-1].end == edit.start:
            joined[-1] = TextEdit(joined[-1].start, edit.end, joined[-1].new + edit.new)
        else:
            joined.append(edit)
    return tuple(edit for edit in joined if edit.start < edit.end or edit.new)


def _check(before: str, after: str, root: Node, wanted: Json) -> None:
    """Refuse an edit whose result does not read as wanted; every way in which a text can trick us ends here."""
    old = _document_at(before, root.start)
    if after.lstrip("\ufeff \t\r\n").startswith("{") and not old.is_json and len(list(readable(before))) > 1:
        raise EditRefused("the file would start with `{`, and kubectl would then read all its documents as JSON")
    try:
        new = next((raw for raw in readable(after) if raw.index == old.index), None)
        reads = new is not None and same(load(new), wanted)
    except YamlError as error:
        raise EditRefused(f"the edited text would not be readable: {error.message}") from error
    if not reads:
        raise EditRefused(f"the edited text would not read as meant (document from line {old.line})")


def _document_at(text: str, at: int) -> RawDocument:
    """The document that holds the character `at`."""
    found = None
    for raw in readable(text):
        if found is not None and raw.offset > at:
            break
        found = raw
    if found is None:
        raise EditRefused("the file has no document")
    return found
