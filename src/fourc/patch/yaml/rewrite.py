"""A file's text with operations made on one of its documents."""

from collections.abc import Sequence

from fourc.patch.text import apply
from fourc.patch.yaml.edit import edits
from fourc.patch.yaml.operations import Operation
from fourc.patch.yaml.reader import compose, split
from fourc.patch.yaml.refusal import EditRefused


def rewrite(text: str, index: int, operations: Sequence[Operation]) -> str:
    """The file's text with the operations made, in order, on its document number `index` (from 0).

    Raises:
        EditRefused: the place is shared (anchor, alias, merge key), not a collection, or gone.
        YamlError: the text cannot be read.
    """
    document = next((d for d in split(text) if d.index == index), None)
    root = compose(document) if document else None
    if root is None:
        raise EditRefused(f"the file has no document {index + 1}", hint="scan again: the file has changed")
    return apply(text, edits(text, root, operations))
