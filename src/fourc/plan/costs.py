"""What a change costs: hours by kind, upkeep, and the chance that it stops something. Every number is a guess until taught.

`hours = base(kind) + further(kind) * (findings - 1) + review * files + restarts * workloads + P(break) * incident
hours`; `cost = hours + 12 * upkeep + 12 * money / hourly rate`.
"""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.change import Breaks, Range
from fourc.model.remedy import ChangeKind, FixClass
from fourc.model.text import Text


class Work(Struct, frozen=True):
    """The cost of one kind of change (hours; upkeep in hours a month).

    `further` is what each finding after the first adds, where they are not mended in one go.
    """

    base: Range
    upkeep: float
    breaks: float
    what: Text
    further: Range | None = None


REVIEW = Range(0.03, 0.05, 0.1)
RESTART = Range(0.05, 0.1, 0.25)
INCIDENT_HOURS = 2.0
HOURLY_RATE = 50.0
RISKY = {FixClass.SAFE: 0.1, FixClass.TRY_FIRST: 1.0, FixClass.DECISION: 1.3}

WORK: Mapping[ChangeKind, Work] = {
    ChangeKind.ISOLATE_FROM_HOST: Work(
        Range(0.4, 0.6, 1.0),
        0.0,
        0.15,
        Text("a program that really needs the node stops working", "确实需要访问节点的程序会停止工作"),
    ),
    ChangeKind.HARDEN: Work(
        Range(0.2, 0.4, 0.8),
        0.0,
        0.10,
        Text(
            "a program that needs root or writes into its image does not start",
            "需要 root 或要写入镜像目录的程序无法启动",
        ),
    ),
    ChangeKind.DROP_TOKEN: Work(
        Range(0.1, 0.2, 0.4),
        0.0,
        0.05,
        Text("a program that calls the Kubernetes API is refused", "调用 Kubernetes API 的程序会被拒绝"),
    ),
    ChangeKind.NARROW_PERMISSIONS: Work(
        Range(0.3, 0.6, 1.2),
        0.05,
        0.20,
        Text("a call that needs the removed permission is refused (403)", "需要被移除权限的调用会被拒绝（403）"),
    ),
    ChangeKind.CLOSE_EXPOSURE: Work(
        Range(0.2, 0.5, 1.0),
        0.05,
        0.15,
        Text("whoever used the open port from outside is cut off", "从外部使用该端口的人会断开"),
    ),
    ChangeKind.RESTRICT_NETWORK: Work(
        Range(1.0, 1.5, 2.5),
        0.15,
        0.15,
        Text("a client that nobody wrote down is cut off", "未被记录的客户端会断开"),
    ),
    ChangeKind.ENCRYPT: Work(
        Range(0.5, 1.0, 2.0),
        0.05,
        0.05,
        Text("a client that only speaks plain HTTP is refused", "只支持明文 HTTP 的客户端会被拒绝"),
    ),
    ChangeKind.SIZE_RESOURCES: Work(
        Range(0.2, 0.4, 0.8),
        0.05,
        0.10,
        Text("a program that needs more than the limit is killed", "用量超过上限的程序会被终止"),
    ),
    ChangeKind.KEEP_AVAILABLE: Work(
        Range(0.15, 0.3, 0.6),
        0.0,
        0.05,
        Text("a probe that asks too early restarts the program", "探测过早会使程序被重启"),
    ),
    ChangeKind.MOVE_SECRETS: Work(
        Range(0.5, 1.0, 2.0),
        0.05,
        0.10,
        Text("a program that still uses the old password cannot log in", "仍使用旧密码的程序无法登录"),
        further=Range(0.1, 0.25, 0.5),  # each is replaced where it is accepted, and put where the program reads it
    ),
    ChangeKind.GUARD_ADMISSION: Work(
        Range(0.1, 0.2, 0.5),
        0.0,
        0.02,
        Text("only warnings appear; nothing is refused", "只会出现警告，不会拒绝任何东西"),
    ),
    ChangeKind.MEET_BASELINE: Work(
        Range(0.4, 0.6, 1.0),
        0.0,
        0.15,
        Text("a program that really needs the node stops working", "确实需要访问节点的程序会停止工作"),
    ),
    ChangeKind.MEET_RESTRICTED: Work(
        Range(0.2, 0.4, 0.8),
        0.0,
        0.10,
        Text("a program that needs root does not start", "需要 root 的程序无法启动"),
    ),
    ChangeKind.MOVE_AGENT: Work(
        Range(0.3, 0.5, 1.0),
        0.02,
        0.10,
        Text(
            "whoever finds the agent by its old namespace does not find it any more",
            "按旧命名空间查找该代理的程序会找不到它",
        ),
    ),
    ChangeKind.ENFORCE_ADMISSION: Work(
        Range(0.1, 0.2, 0.5),
        0.02,
        0.05,
        Text(
            "a pod that stands in no file that was read is refused when it starts anew",
            "没有读到的 Pod 在重新启动时会被拒绝",
        ),
    ),
    ChangeKind.PIN_IMAGE: Work(
        Range(0.1, 0.2, 0.4),
        0.1,
        0.02,
        Text("updates no longer come by themselves", "更新不再自动到来"),
    ),
    ChangeKind.UPDATE_NODE: Work(
        Range(0.2, 0.4, 1.0),
        0.0,
        0.05,
        Text("a service of the node restarts or behaves differently", "节点上的服务会重启或行为有变化"),
    ),
    ChangeKind.REBOOT: Work(
        Range(0.2, 0.3, 1.0),
        0.0,
        0.05,
        Text("what runs once only is gone for some minutes", "只有一个副本的程序会中断几分钟"),
    ),
    ChangeKind.UPGRADE: Work(
        Range(0.15, 0.4, 1.5),
        0.0,
        0.10,
        Text("something that the program used is gone or works differently", "程序用到的某些功能被移除或行为有变化"),
    ),
}


def hours(
    kind: ChangeKind,
    files: int,
    restarts: int,
    fix_class: FixClass,
    own: Mapping[str, float] | None = None,
    *,
    findings: int = 1,
) -> Range:
    """Hours from the first look to the finished roll-out; `own` are the likely hours that the user gives by name.

    Those of a kind are for one finding: what each further one adds grows with them.
    """
    own = own or {}
    work = WORK[kind]
    total = _likely(work.base, own.get(kind.value))
    if work.further is not None:
        total = total.plus(work.further.scaled(total.likely / work.base.likely), max(0, findings - 1))
    total = total.plus(_likely(REVIEW, own.get("review")), files).plus(_likely(RESTART, own.get("restart")), restarts)
    incident = chance_to_break(kind, fix_class) * own.get("incident", INCIDENT_HOURS)
    return total.plus(Range(0.0, incident, 2 * incident))


def _likely(guess: Range, own: float | None) -> Range:
    """The guess moved to the user's own likely value, its spread kept."""
    return guess if own is None else guess.scaled(own / guess.likely)


def chance_to_break(kind: ChangeKind, fix_class: FixClass) -> float:
    """The chance that the change stops something, by the worst class among its edits."""
    return round(WORK[kind].breaks * RISKY[fix_class], 3)


def breaks(kind: ChangeKind, fix_class: FixClass) -> Breaks:
    """The chance with what it would be."""
    return Breaks(chance_to_break(kind, fix_class), WORK[kind].what)


def yearly_cost(likely_hours: float, upkeep: float, money: float, rate: float = HOURLY_RATE) -> float:
    """The cost of a year in hours."""
    return likely_hours + 12 * upkeep + 12 * money / rate
