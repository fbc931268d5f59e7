"""Hours that the team really took, so that the estimates become its own: `.fourc/times.json` in the folder scanned."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from fourc.errors import UsageError
from fourc.model.change import Change
from fourc.model.remedy import ChangeKind
from fourc.model.text import Text

TIMES = Path(".fourc") / "times.json"
APPLIED = Path(".fourc") / "applied.json"
_MEND = Text("mend or delete the file", "请修正或删除该文件")


def factors(root: Path) -> Mapping[ChangeKind, float]:
    """By kind of change: the median of taken over estimated hours; kinds that nobody taught are absent.

    Raises:
        UsageError: the file is there but cannot be understood.
    """
    ratios: dict[ChangeKind, list[float]] = defaultdict(list)
    for row in _rows(root):
        try:
            ratios[ChangeKind(str(row["kind"]))].append(float(str(row["took"])) / float(str(row["estimated"])))
        except (KeyError, ValueError, ZeroDivisionError) as error:
            raise UsageError(
                Text("{file} holds a line that makes no sense: {row}", "{file} 中有一行无法理解：{row}").of(
                    file=str(TIMES), row=str(row)
                ),
                hint=_MEND,
            ) from error
    if not ratios:
        return {}
    from statistics import median  # noqa: PLC0415 - most folders were taught nothing, and it is slow to load

    return {kind: median(values) for kind, values in ratios.items()}


class Applied(Struct, frozen=True):
    """A change that was made, as far as the estimates need to know it."""

    id: str
    kind: ChangeKind
    estimated: float
    title: Text


def teach(root: Path, change: Applied, took: float) -> None:
    """Remember that this change took so many hours; a second word on the same change replaces the first."""
    rows = [r for r in _rows(root) if r.get("change") != change.id]
    rows.append({"change": change.id, "kind": change.kind.value, "estimated": change.estimated, "took": took})
    file = root / TIMES
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(sorted(rows, key=lambda r: str(r.get("change"))), indent=1) + "\n", "utf-8")


def remember_applied(root: Path, changes: Mapping[int, Change]) -> None:
    """Keep what the last `fix --apply` did under the numbers that it had, so that `done` can name it afterwards."""
    rows = [
        {
            "number": n,
            "change": c.id,
            "kind": c.kind.value,
            "estimated": c.hours.likely,
            "en": c.title.en,
            "zh": c.title.zh,
        }
        for n, c in changes.items()
    ]
    file = root / APPLIED
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (file.parent / ".gitignore").write_text(f"{APPLIED.name}\n.gitignore\n", "utf-8")


def applied(root: Path, word: str) -> Applied | None:
    """The change of the last `fix --apply` that had this number or id; None where there was none."""
    try:
        rows = json.loads((root / APPLIED).read_text("utf-8"))
        made = [
            Applied(str(r["change"]), ChangeKind(r["kind"]), float(r["estimated"]), Text(str(r["en"]), str(r["zh"])))
            for r in rows
            if word in {str(r["number"]), r["change"]}
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return None  # nothing was applied here, or the note of it is spoilt: the plan's own numbers count
    return made[0] if made else None


class Most(Struct, frozen=True):
    """The longest time that makes sense somewhere, in hours, and what to say of a longer one."""

    hours: float
    said: Text
    hint: Text


ONE_CHANGE = Most(
    160.0,
    Text("{text} is longer than a month of work", "{text} 超过一个月的工作量"),
    Text("write the hours of this one change, such as 1h30m", "请写这一项改动的时间，例如 1h30m"),
)
BUDGET = Most(
    10_000.0,
    Text("{text} is more than five years of work", "{text} 超过五年的工作量"),
    Text("leave --budget out to see the whole plan", "去掉 --budget 即可查看整个计划"),
)


def hours_of(text: str, most: Most = ONE_CHANGE) -> float:
    """`40m`, `1h`, `1h30m`, `1.5h` as hours.

    Raises:
        UsageError: it is none of these, or more than `most`.
    """
    match = re.fullmatch(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+)m(?:in)?)?", text.strip())
    hours = float(match[1] or 0) + float(match[2] or 0) / 60 if match else 0.0
    if hours > most.hours:
        raise UsageError(most.said.of(text=text), hint=most.hint)
    if not hours:
        raise UsageError(
            Text("not a time: {text}", "不是时间：{text}").of(text=text),
            hint=Text("write it as 40m, 2h or 1h30m", "请写成 40m、2h 或 1h30m"),
        )
    return hours


def _rows(root: Path) -> list[dict[str, object]]:
    file = root / TIMES
    if not file.is_file():
        return []
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(Text("{file} cannot be read", "无法读取 {file}").of(file=str(TIMES)), hint=_MEND) from error
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise UsageError(Text("{file} is not a list of times", "{file} 不是时间列表").of(file=str(TIMES)), hint=_MEND)
    return data
