"""What mends vulnerabilities of packages: an upgrade as a remedy of findings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from fourc.app.vulnerable import Mend
from fourc.fix.recipes import remedy
from fourc.model.remedy import ByHand, FixClass, NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text, join, same
from fourc.model.vulnerability import Match
from fourc.vulns.upgrade import Upgrade

_Key = tuple[tuple[str, str, str], str]
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
_SYSTEM = Text("Update {n} package{s} of {name}", "更新 {name} 的 {n} 个软件包")
_RUN = Text("run in {folder}: {command}", "在 {folder} 中运行：{command}")
_RUN_HERE = Text("run: {command}", "运行：{command}")
_WRITE = Text("write {name} {new} into {file}", "在 {file} 中写入 {name} {new}")
_THEN = Text("then {run}", "然后{run}")
_MAYBE = Text("another package may hold the version back: the command says so", "其他软件包可能限制版本：命令会提示")
_VIA = Text("{first} brings it in: {way}.", "由 {first} 引入：{way}。")
_MOST_OLD = 3


class _Owned:
    """The upgrades of one package, which are one change: they share title, story and what is left to a person."""

    def __init__(self, upgrades: Sequence[Upgrade]) -> None:
        self.upgrades = upgrades
        first = upgrades[0]
        self.owner = Ref("Package", first.ecosystem.partition(":")[0], first.name)
        self.title = _title(upgrades)
        ways = [move.via for upgrade in upgrades for move in upgrade.moves if move.via]
        way = " > ".join(package.name for package in ways[0]) if ways else ""
        self.story = _VIA.of(first=ways[0][0].name, way=way) if ways else None
        runs = list(dict.fromkeys(run_of(upgrade) for upgrade in upgrades if upgrade.command))
        self.run = join(runs, "; ", "；") if runs else None
        self._made: dict[tuple[int, ...], Remedy | NoFix] = {}

    def remedy(self, mine: Sequence[Upgrade]) -> Remedy | NoFix:
        """What these of the upgrades are to a finding that they end; the same for all that the same ones end."""
        key = tuple(map(id, mine))
        if key not in self._made:
            self._made[key] = self._remedy(mine)
        return self._made[key]

    def _remedy(self, mine: Sequence[Upgrade]) -> Remedy | NoFix:
        by_edits = all(upgrade.edits for upgrade in mine)
        bumps = dict.fromkeys(bump for upgrade in mine for edit in upgrade.edits for bump in edit.bumps)
        made = remedy(
            "upgrade-patch" if all(u.fix_class is FixClass.SAFE for u in mine) else "upgrade-package",
            self.owner,
            caution=_THEN.of(run=self.run) if self.run is not None and by_edits else None,
            bumps=tuple(bumps) if by_edits else (),
            title=self.title,
            story=self.story,
        )
        if by_edits:
            return made
        refused = (_refusal(upgrade) for upgrade in mine if upgrade.refused is not None)
        written = (_WRITE.of(name=u.name, new=u.new, file=edit.path) for u in mine for edit in u.edits)
        steps = [*([self.run] if self.run is not None else []), *dict.fromkeys(written)]
        why = join(steps, "; ", "；") if steps else next(refused, None) or _OUT_OF_REACH.of(fixed=mine[0].new)
        return ByHand(why, made.kind, remedy=made)


def mend_by(upgrades: Iterable[Upgrade]) -> Mend:
    """What mends a match by these upgrades: their edits, or the commands where edits alone do not."""
    by_owner: dict[tuple[str, str], list[Upgrade]] = defaultdict(list)
    by_match: dict[_Key, list[Upgrade]] = defaultdict(list)
    for upgrade in upgrades:
        by_owner[upgrade.ecosystem, upgrade.name].append(upgrade)
        for match in upgrade.clears:
            by_match[_key(match)].append(upgrade)
    owned = {owner: _Owned(found) for owner, found in by_owner.items()}

    def mend(match: Match) -> Remedy | NoFix:
        # an upgrade holds all that it ends, so it is told apart by being the same, which is quick
        found = list({id(upgrade): upgrade for upgrade in by_match.get(_key(match), ())}.values())
        if found:
            return owned[found[0].ecosystem, found[0].name].remedy(found)
        return NoFix(_OUT_OF_REACH.of(fixed=match.fixed[0]) if match.fixed else _NOT_MENDED)

    return mend


def _key(match: Match) -> _Key:
    return match.package.identity, match.vulnerability.id


def run_of(upgrade: Upgrade) -> Text:
    """The command and where it is run."""
    run = (
        _RUN.of(folder=upgrade.folder, command=upgrade.command)
        if upgrade.folder
        else _RUN_HERE.of(command=upgrade.command)
    )
    return run if upgrade.certain else join([run, _MAYBE], "; ", "；")


def _refusal(upgrade: Upgrade) -> Text:
    """Why nothing is edited, and what to do instead."""
    said = [said for said in (upgrade.refused, upgrade.hint) if said is not None]
    return join(said, ": ", "：")


def _title(upgrades: Sequence[Upgrade]) -> Text:
    first = upgrades[0]
    if first.kind == "distribution":
        count = len({move.name for upgrade in upgrades for move in upgrade.moves})
        return _SYSTEM.of(n=count, s="" if count == 1 else "s", name=first.ecosystem.replace(":", " "))
    said = _TOOLCHAIN if first.kind == "toolchain" else _TITLE
    name = "Go" if first.kind == "toolchain" and first.ecosystem == "Go" else first.name
    moves = [move for upgrade in upgrades for move in upgrade.moves if move.name == first.name]
    return said.of(name=name, old=_some([m.old for m in moves]), new=_some([m.new for m in moves]))


def _some(versions: Iterable[str]) -> Text:
    once = list(dict.fromkeys(versions))
    more = [same("...")] if len(once) > _MOST_OLD else []
    return join([*map(same, once[:_MOST_OLD]), *more], ", ", "、")
