"""From a finding to operations: the one table that says how far each recipe's edit can be trusted, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourc.model.remedy import ChangeKind, FixClass, NewFile, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.operations import Operation

SAFE, TRY_FIRST, DECISION = FixClass.SAFE, FixClass.TRY_FIRST, FixClass.DECISION


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to mend: in which kind of change it lands, its class, and the reason for the class."""

    kind: ChangeKind
    fix_class: FixClass
    why: Text


RECIPES: Mapping[str, Recipe] = {
    "restrict-network": Recipe(
        ChangeKind.RESTRICT_NETWORK,
        TRY_FIRST,
        Text(
            "a client that no manifest names is cut off",
            "清单中没有写明的客户端会被切断",
        ),
    ),
    "stop-privileged": Recipe(
        ChangeKind.ISOLATE_FROM_HOST,
        TRY_FIRST,
        Text(
            "a program that really manages the node stops working without it",
            "真正管理节点的程序失去特权后会停止工作",
        ),
    ),
    "forbid-escalation": Recipe(
        ChangeKind.HARDEN,
        TRY_FIRST,
        Text(
            "only programs that call sudo or another setuid file notice, and whether one does was not seen",
            "只有调用 sudo 或其他 setuid 文件的程序会受影响，而是否如此未曾看到",
        ),
    ),
}


def remedy(
    recipe: str,
    owner: Ref,
    *operations: Operation,
    caution: Text | None = None,
    fix_class: FixClass | None = None,
    new_files: tuple[NewFile, ...] = (),
) -> Remedy:
    """The recipe applied to one object; `fix_class` where facts (the image table) make it more or less certain."""
    row = RECIPES[recipe]
    return Remedy(
        recipe,
        row.kind,
        owner,
        operations,
        row.fix_class if fix_class is None else fix_class,
        caution,
        new_files,
    )
