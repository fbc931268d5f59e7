"""What mends vulnerabilities of packages: an upgrade as a remedy of findings."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from fourc.fix.recipes import remedy
from fourc.model.remedy import ByHand, FixClass, NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text, join
from fourc.model.vulnerability import Match
from fourc.vulns.upgrade import Upgrade

Mend = Callable[[Match], Remedy | NoFix]
"""What mends a match."""

_NOT_MENDED = Text(
    "no version mends it yet: it comes back into the list when one does",
    "目前没有修复版本：出现修复版本后会重新列入",
)
_OUT_OF_REACH = Text(
    "{fixed} mends it, but nothing that was read says how the project gets there",
    "{fixed} 已修复，但读到的内容没有说明项目如何升级到该版本",
)
_TITLE = Text("Upgrade {name} {old} to {new}", "将 {name} 从 {old} 升级到 {new}")
_TOOLCHAIN = Text("Build with {name} {new} instead of {old}", "改用 {name} {new} 构建（现为 {old}）")
_SYSTEM = Text("Update {n} packages of {name}", "更新 {name} 的 {n} 个软件包")
_RUN = Text("run in {folder}: {command}", "在 {folder} 中运行：{command}")
_RUN_HERE = Text("run: {command}", "运行：{command}")
_THEN = Text("then {run}", "然后{run}")
_MAYBE = Text("another package may hold the version back: the command says so", "其他软件包可能限制版本：命令会提示")


def mend_by(upgrades: Sequence[Upgrade]) -> Mend:
    """What mends a match by these upgrades: their edits, or the commands where edits alone do not."""
    by_match: dict[tuple[tuple[str, str, str], str], list[Upgrade]] = defaultdict(list)
    for upgrade in upgrades:
        for match in upgrade.clears:
            by_match[match.package.identity, match.vulnerability.id].append(upgrade)

    def mend(match: Match) -> Remedy | NoFix:
        found = by_match.get((match.package.identity, match.vulnerability.id))
        if found:
            return _remedy(list(dict.fromkeys(found)))
        return NoFix(_OUT_OF_REACH.of(fixed=match.fixed[0]) if match.fixed else _NOT_MENDED)

    return mend


def _remedy(upgrades: Sequence[Upgrade]) -> Remedy | NoFix:
    first = upgrades[0]
    owner = Ref("Package", first.ecosystem.partition(":")[0], first.name)
    bumps = tuple(dict.fromkeys(edit.bump for upgrade in upgrades for edit in upgrade.edits))
    by_edits = all(upgrade.edits for upgrade in upgrades)
    runs = list(dict.fromkeys(run_of(upgrade) for upgrade in upgrades if upgrade.command))
    recipe = "upgrade-patch" if all(u.fix_class is FixClass.SAFE for u in upgrades) else "upgrade-package"
    told = join(runs, "; ", "；") if runs else None
    caution = _THEN.of(run=told) if told is not None and by_edits else None
    made = remedy(recipe, owner, caution=caution, bumps=bumps if by_edits else (), title=title_of(first))
    if by_edits:
        return made
    why = told or next((u.refused for u in upgrades if u.refused is not None), None) or _OUT_OF_REACH.of(fixed=first.new)
    return ByHand(why, made.kind, remedy=made)


def run_of(upgrade: Upgrade) -> Text:
    """The command and where it is run."""
    run = _RUN.of(folder=upgrade.folder, command=upgrade.command) if upgrade.folder else _RUN_HERE.of(command=upgrade.command)
    return run if upgrade.certain else join([run, _MAYBE], "; ", "；")


def title_of(upgrade: Upgrade) -> Text:
    """What the change is called."""
    if upgrade.kind == "distribution":
        return _SYSTEM.of(n=len(upgrade.moves), name=upgrade.ecosystem.replace(":", " "))
    said = _TOOLCHAIN if upgrade.kind == "toolchain" else _TITLE
    name = "Go" if upgrade.kind == "toolchain" and upgrade.ecosystem == "Go" else upgrade.name
    return said.of(name=name, old=upgrade.old, new=upgrade.new)
