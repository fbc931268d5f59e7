"""Operations on a document as edits of its file's text; nothing is written anew that the operations leave alone.

A careful hand's rules, for whatever style the file has:

- `Set` changes a value where it stands and keeps the comment beside it and the quotes it had. A new key goes below the
  last one of its mapping, after the comment lines that stand there as deep as its keys. Missing parents are made once.
- `Remove` takes the lines of a key or item, the comment beside it, the comments inside it and those right below it that
  stand deeper than it. Comment lines above a key stay: they may speak of more; those right above an item, as deep as
  its dash and without a blank line between, go with it. A mapping or sequence that becomes empty goes with its key; as
  an item of a sequence it stays, as `{}` or `[]`. When the first key of `- name: x` goes, the dash moves to the next one.
- `Set` of a whole list leaves alone the items that are in both and changes the one that an item has become, so that
  comments stay with what they speak of.
- `Append` puts an item below the last one, indented and quoted as the others are.
- Flow collections stay in flow style and JSON stays JSON; `{}`, `[]` and null in a block become block collections.
- Indentation, dashes, quotes and line breaks follow what most of the file does.
"""

from collections.abc import Iterable, Sequence

from fourc.patch.text import EditConflictError, TextEdit, apply
from fourc.text import Text

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

_IS_JSON = Text("a JSON file takes no YAML document", "JSON 文件不能加入 YAML 文档")
_OWN_FILE = Text("put the new object in a file of its own", "请把新对象放进单独的文件")
_OTHERS_CHANGE = Text("the documents of the file would not read as before", "文件中其他文档的含义会改变")
_BECOMES_JSON = Text(
    "the file would start with `{`, and kubectl would then read all its documents as JSON",
    "文件会以 `{` 开头，kubectl 会把其中所有文档都当作 JSON",
)
_UNREADABLE = Text("the edited text would not be readable: {why}", "修改后的文本无法读取：{why}")
_NOT_AS_MEANT = Text(
    "the edited text would not read as meant (document from line {line})",
    "修改后的文本含义与预期不符（从第 {line} 行开始的文档）",
)
_NO_DOCUMENT = Text("the file has no document", "文件中没有文档")


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
    try:
        after = apply(text, made)
    except EditConflictError as error:
        raise EditRefused(error.message) from error
    _check(text, after, root, wanted)
    return made


def append_document(text: str, document: str) -> TextEdit:
    """The edit that puts one more YAML document, given as text, at the end of the file.

    Raises:
        EditRefused: the file is JSON, or what is there would no longer read the same.
    """
    documents = list(split(text))
    if any(raw.is_json for raw in documents):
        raise EditRefused(_IS_JSON, hint=_OWN_FILE)
    end = len(text)
    eol = Source(text).eol(end)
    lines = document.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if documents and text.rstrip().rpartition("\n")[2] != "---" and lines[0] != "---":
        lines.insert(0, "---")
    missing = eol if text.strip("\ufeff") and not text.endswith("\n") else ""
    edit = TextEdit(end, end, missing + "".join(line + eol for line in lines))
    after = list(split(apply(text, [edit])))
    if [load(raw) for raw in after[:-1]] != [load(raw) for raw in documents]:
        raise EditRefused(_OTHERS_CHANGE)
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
        raise EditRefused(_BECOMES_JSON)
    try:
        new = next((raw for raw in readable(after) if raw.index == old.index), None)
        reads = new is not None and same(load(new), wanted)
    except YamlError as error:
        raise EditRefused(_UNREADABLE.of(why=error.message)) from error
    if not reads:
        raise EditRefused(_NOT_AS_MEANT.of(line=old.line))


def _document_at(text: str, at: int) -> RawDocument:
    """The document that holds the character `at`."""
    found = None
    for raw in readable(text):
        if found is not None and raw.offset > at:
            break
        found = raw
    if found is None:
        raise EditRefused(_NO_DOCUMENT)
    return found
