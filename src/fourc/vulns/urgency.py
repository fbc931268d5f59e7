"""When to deal with a vulnerability: now, this sprint, or it can wait, and why."""

from msgspec import Struct

from fourc.model.finding import Severity
from fourc.model.supply import Urgency, When
from fourc.model.text import Text
from fourc.model.vulnerability import Match

LIKELY = 0.1
"""EPSS from which exploitation within 30 days counts as likely: guess."""
POSSIBLE = 0.01
"""EPSS from which it is more than noise: guess; most published vulnerabilities have less (https://www.first.org/epss/)."""
GRAVE = Severity.HIGH
"""Severity from which an exposed workload is dealt with in this sprint whatever EPSS says: guess."""


class Context(Struct, frozen=True):
    """What is known of the place where the package is; None is unknown, which never makes anything wait.

    `exposed`: the Internet reaches it. `privileged`: who takes it over holds the node or the cluster. `runs`: it is
    started at all. `loaded`: the package is used by what runs, not only lying there.
    """

    exposed: bool | None = None
    privileged: bool | None = None
    runs: bool | None = None
    loaded: bool | None = None


_KEV = Text("attackers already exploit it (CISA, {date})", "已有攻击者在利用它（CISA，{date}）")
_KEV_DEV = Text(
    "attackers already exploit it (CISA, {date}), but the package only builds or tests",
    "已有攻击者在利用它（CISA，{date}），但该包仅用于构建或测试",
)
_EPSS_EXPOSED = Text(
    "it is exploited within 30 days with a chance of {chance}, and the Internet may reach it",
    "30 天内被利用的概率为 {chance}，且可能从互联网访问",
)
_EPSS_POWER = Text(
    "it is exploited within 30 days with a chance of {chance}, and who takes it over holds more than this workload",
    "30 天内被利用的概率为 {chance}，且攻破后可控制的不止该工作负载",
)
_EPSS = Text("it is exploited within 30 days with a chance of {chance}", "30 天内被利用的概率为 {chance}")
_CRITICAL_EXPOSED = Text("it is critical and the Internet reaches it", "它是严重漏洞，且可从互联网访问")
_GRAVE_EXPOSED = Text(
    "its severity is {severity} and the Internet may reach it", "严重程度为 {severity}，且可能从互联网访问"
)
_GRAVE_POWER = Text(
    "its severity is {severity} and who takes it over holds more than this workload",
    "严重程度为 {severity}，且攻破后可控制的不止该工作负载",
)
_NOT_RUN = Text("nothing runs it", "没有任何东西运行它")
_NOT_LOADED = Text("what runs does not use the package", "运行的程序没有使用该包")
_DEV = Text("the package only builds or tests", "该包仅用于构建或测试")
_INSIDE = Text("the Internet does not reach it", "无法从互联网访问它")
_UNLIKELY = Text("it is unlikely to be exploited ({chance} within 30 days)", "不太可能被利用（30 天内 {chance}）")
_ANY_UNLIKELY = Text("an attack is unlikely (below 1 % within 30 days)", "不太可能被利用（30 天内低于 1%）")
_MILD = Text("its severity is {severity}", "严重程度为 {severity}")
_NO_FIX = Text("nobody has mended it yet", "目前还没有修复版本")


def urgency(match: Match, context: Context) -> Urgency:
    """The word for a match in its context. What is exploited comes first, then what is likely to be, then what would be grave."""
    vulnerability = match.vulnerability
    idle = _idle(match, context)
    if vulnerability.kev:
        exploited = _KEV.of(date=vulnerability.kev)
        if idle is None:
            return _judged(When.NOW, exploited)
        if idle is _DEV:
            return _judged(When.THIS_SPRINT, _KEV_DEV.of(date=vulnerability.kev))
    if idle is not None:
        return _judged(When.CAN_WAIT, idle)
    return _by_chance(match, context) or _by_severity(match, context)


def _idle(match: Match, context: Context) -> Text | None:
    """Why the package is no way in at present, None where it may be one."""
    if context.runs is False:
        return _NOT_RUN
    if match.package.dev:
        return _DEV
    return _NOT_LOADED if context.loaded is False else None


def _by_chance(match: Match, context: Context) -> Urgency | None:
    """What EPSS alone decides."""
    epss = match.vulnerability.epss
    if epss is None or epss < POSSIBLE:
        return None
    chance = _percent(epss)
    if epss < LIKELY:
        return _judged(When.THIS_SPRINT, _EPSS.of(chance=chance)) if context.exposed is not False else None
    if context.exposed is not False:
        return _judged(When.NOW, _EPSS_EXPOSED.of(chance=chance))
    if context.privileged:
        return _judged(When.NOW, _EPSS_POWER.of(chance=chance))
    return _judged(When.THIS_SPRINT, _EPSS.of(chance=chance))


def _by_severity(match: Match, context: Context) -> Urgency:
    """What the damage decides, where exploitation is unlikely or nobody knows its chance."""
    vulnerability = match.vulnerability
    severity = vulnerability.severity.label
    unknown = vulnerability.epss is None
    if unknown and vulnerability.severity is Severity.CRITICAL and context.exposed and match.fixed:
        return _judged(When.NOW, _CRITICAL_EXPOSED)
    if vulnerability.severity >= GRAVE and (context.exposed or (unknown and context.exposed is None)):
        return _judged(When.THIS_SPRINT, _GRAVE_EXPOSED.of(severity=severity))
    if vulnerability.severity >= GRAVE and context.privileged:
        return _judged(When.THIS_SPRINT, _GRAVE_POWER.of(severity=severity))
    why = _why_not(match, context)
    return Urgency(When.CAN_WAIT, why, _ANY_UNLIKELY if why.en.startswith(_UNLIKELY.en[:20]) else why)


def _why_not(match: Match, context: Context) -> Text:
    """The strongest reason for waiting."""
    vulnerability = match.vulnerability
    if not match.fixed:
        return _NO_FIX
    if vulnerability.epss is not None and vulnerability.epss < POSSIBLE:
        return _UNLIKELY.of(chance=_percent(vulnerability.epss))
    if context.exposed is False:
        return _INSIDE
    return _MILD.of(severity=vulnerability.severity.label)


def _percent(chance: float) -> str:
    """Two digits that count: 0.04 %, 1.3 %, 94 %."""
    return f"{chance * 100:.2g} %"


def _judged(when: When, why: Text) -> Urgency:
    return Urgency(when, why, why)
