"""The traps: small manifests whose reading by the real kubectl is recorded, and that the reader reads alike."""

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TypedDict, cast

import pytest

from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import YamlError, check_syntax, compose, decode, load, split, to_json

TRAPS = Path(__file__).parent / "traps"


class Recorded(TypedDict):
    """The objects that kubectl prints, and whether it then refuses the rest."""

    objects: list[object]
    refused: bool


KUBECTL = cast("dict[str, Recorded]", json.loads((TRAPS / "recorded.json").read_text()))
NAMES = sorted(trap.stem for trap in TRAPS.glob("*.yaml"))

DIFFERENT = {  # the known differences that the reader's documentation lists
    "double-quoted-apostrophe": "libyaml refuses the escape",
    "double-quoted-slash-refused": "libyaml takes the escape",
    "flow-colon-end": "libyaml refuses a plain scalar that ends so",
    "utf8-invalid": "kubectl replaces what is not UTF-8",
}
ALIKE = [name for name in NAMES if name not in DIFFERENT]

RESOLVED_LATER = {  # kubectl refuses these for what the values mean: their syntax is in order
    "anchor-cycle-refused",
    "anchor-other-document-refused",
    "anchor-unknown-refused",
    "inf-minus-refused",
    "inf-refused",
    "json-range-refused",
    "key-mapping-refused",
    "key-null-refused",
    "key-sequence-refused",
    "key-uint64-refused",
    "merge-list-alias-refused",
    "merge-list-scalar-refused",
    "merge-null-refused",
    "merge-scalar-refused",
    "nan-refused",
    "tag-binary-refused",
    "tag-bool-refused",
    "tag-float-bool-refused",
    "tag-int-empty-refused",
    "tag-int-refused",
    "tag-null-refused",
    "tag-timestamp-refused",
}


def canonical(value: object) -> str:
    """One text for equal JSON: kubectl prints whole floats as integers and drops digits past int64."""
    return json.dumps(_number_as_sent(value), sort_keys=True)


def _number_as_sent(value: object) -> object:
    if isinstance(value, dict):
        return {key: _number_as_sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_number_as_sent(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(Decimal(repr(value)))
    return value


def read(name: str) -> tuple[list[Json], bool]:
    """The objects of a trap, and whether the rest is refused."""
    objects: list[Json] = []
    try:
        for document in split(decode((TRAPS / f"{name}.yaml").read_bytes())):
            value = load(document)
            if value is not None:
                objects.append(value)
    except YamlError:
        return objects, True
    return objects, False


def test_every_trap_is_recorded() -> None:
    """A trap without a record would test nothing, a record without a trap is left over."""
    assert sorted(KUBECTL) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_name_says_whether_kubectl_refuses(name: str) -> None:
    """A trap that kubectl refuses, wholly or from some place on, says so in its name."""
    assert KUBECTL[name]["refused"] == name.endswith("-refused")


@pytest.mark.parametrize("name", ALIKE)
def test_a_trap_reads_as_kubectl_read_it(name: str) -> None:
    """The same objects in the same order, and an error exactly where kubectl has one."""
    objects, refused = read(name)
    assert [canonical(value) for value in objects] == [canonical(value) for value in KUBECTL[name]["objects"]]
    assert refused == KUBECTL[name]["refused"]


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_known_difference_is_one(name: str) -> None:
    """A difference that went away leaves the list, here and in the documentation."""
    assert read(name)[1] != KUBECTL[name]["refused"]


@pytest.mark.parametrize("name", ALIKE)
def test_the_tree_of_a_trap_holds_the_loaded_data(name: str) -> None:
    """Composing gives the same data, or the same error, as loading."""
    try:
        for document in split(decode((TRAPS / f"{name}.yaml").read_bytes())):
            value = load(document)
            tree = compose(document)
            assert canonical(None if tree is None else to_json(tree)) == canonical(value)
    except YamlError:
        assert name.endswith("-refused")


@pytest.mark.parametrize("name", ALIKE)
def test_the_syntax_check_refuses_what_cannot_be_parsed(name: str) -> None:
    """The quick check has kubectl's verdict, save where only the meaning of a value is wrong."""
    refused = False
    try:
        for document in split(decode((TRAPS / f"{name}.yaml").read_bytes())):
            check_syntax(document)
    except YamlError:
        refused = True
    assert refused == (KUBECTL[name]["refused"] and name not in RESOLVED_LATER)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not on PATH: only the record is compared")
def test_the_record_is_what_this_machine_s_kubectl_says() -> None:
    """The record has not drifted from the real program."""
    run = subprocess.run([sys.executable, TRAPS / "record.py"], capture_output=True, check=True)
    live = cast("dict[str, Recorded]", json.loads(run.stdout))
    assert {name for name in NAMES if live[name] != KUBECTL[name]} == set()
