"""Ask providers whether the secrets that were found still work: what would be asked first, then the calls."""

import re
import secrets
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.collect.live import Bounds, answers_to
from fourc.model.finding import Finding
from fourc.model.gap import Gap, GapReason
from fourc.model.live import Answer, Live, Question
from fourc.model.text import Text
from fourc.secrets.live.providers import PROVIDERS, Provider
from fourc.secrets.live.signatures import Moment


class Call(Struct, frozen=True):
    """A call that is made once for each of so many secrets."""

    provider: str
    url: str
    secrets: int


class Intent(Struct, frozen=True):
    """What is about to be asked, and how many secrets of which rule nobody can be asked about."""

    calls: tuple[Call, ...]
    nobody: Mapping[str, int]


class Asking(Struct, frozen=True):
    """How to ask: `tell` is told before any call is made; `hosts` has other addresses of providers, by their key.

    `offline` makes no call. `trusted` are the certificates that count, if not the system's.
    """

    tell: Callable[[Intent], None]
    hosts: Mapping[str, str] = field(default_factory=dict)
    offline: bool = False
    bounds: Bounds = Bounds()
    trusted: ssl.SSLContext | None = None


class _Asked(Struct, frozen=True):
    """One question, and the findings that its answer is about.

    A refusal is `final` unless the secret may belong to another half or another installation.
    """

    provider: Provider
    about: tuple[str, ...]
    question: Question
    final: bool = True


_MESSAGE = Text(
    "{provider} did not say whether secrets of it still work: {n}", "{provider} 没有回答其密钥是否仍然有效：{n} 个"
)
_REMEDIES = {
    GapReason.TIMED_OUT: Text(
        "no answer in time: see whether {host} can be reached from here, then ask again",
        "超时无应答：请检查此处能否访问 {host}，然后重试",
    ),
    GapReason.MISSING: Text(
        "no connection: see whether {host} can be reached from here (https_proxy names a proxy), then ask again",
        "无法连接：请检查此处能否访问 {host}（可用 https_proxy 指定代理），然后重试",
    ),
    GapReason.DENIED: Text(
        "a proxy refused, or the certificate of {host} is not trusted here: have your network's people look, then ask again",
        "代理拒绝，或此处不信任 {host} 的证书：请联系网络管理员，然后重试",
    ),
}
_ELSE = Text(
    "its answer means neither yes nor no: replace the secret as if it worked",
    "其回答不能说明是否有效：请按仍然有效处理并更换",
)
_WHERE = Text(
    "it may be that of another installation: say which with --live-host {key}=https://... ({key}={base} if it is that one)",
    "它可能属于另一个服务：请用 --live-host {key}=https://... 指明（如确为该服务，用 {key}={base}）",
)


def asked(
    findings: Sequence[Finding], values: Mapping[str, str], ours: Callable[[str], bool], asking: Asking
) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    """The findings with what their providers say, those that work first, and a gap for each provider that did not say.

    `values` has the secrets by fingerprint. Of a rule that is not `ours` nobody knows whose secrets it finds.
    """
    known = [found for found in findings if ours(found.rule) and found.fingerprint in values]
    moment = datetime.now(UTC)
    questions = [*_questions(known, values, moment, asking.hosts)]
    answered = {fingerprint for one in questions for fingerprint in one.about}
    rest = Counter(found.rule for found in findings if found.fingerprint not in answered)
    asking.tell(Intent(_calls(questions, asking.hosts), rest))
    said: dict[str, Live] = {}
    gaps: tuple[Gap, ...] = ()
    if not asking.offline:
        answers = answers_to([one.question for one in questions], asking.bounds, asking.trusted)
        unsaid: Counter[tuple[Provider, GapReason]] = Counter()
        for one, answer in zip(questions, answers, strict=True):
            verdict = _verdict(one, answer)
            if verdict is Live.UNKNOWN:
                unsaid[one.provider, answer.failed or GapReason.NO_DATA] += 1
            # a half that belongs to a pair that works does so whatever another pair says
            said |= {f: verdict for f in one.about if said.get(f) is not Live.LIVE}
        gaps = tuple(_gap(provider, reason, n, asking.hosts) for (provider, reason), n in unsaid.items())
    judged = [replace(found, live=said.get(found.fingerprint, Live.UNKNOWN)) for found in findings]
    return tuple(sorted(judged, key=lambda found: found.live is not Live.LIVE)), gaps


def _verdict(one: _Asked, answer: Answer) -> Live:
    verdict = Live.UNKNOWN if answer.failed else one.provider.judge(answer)
    return Live.UNKNOWN if verdict is Live.REVOKED and not one.final else verdict


def _questions(
    findings: Sequence[Finding], values: Mapping[str, str], now: datetime, hosts: Mapping[str, str]
) -> Iterator[_Asked]:
    by_rule = {rule: provider for provider in PROVIDERS for rule in provider.rules}
    for found in findings:
        provider = by_rule.get(found.rule)
        if provider is None or not re.match(provider.fits, values[found.fingerprint]):
            continue
        halves = _halves(found, [other for other in findings if other.rule in provider.halves])
        if provider.halves and not halves:
            continue
        half = halves[:1]
        question = provider.ask(
            _base(provider, hosts),
            values[found.fingerprint],
            "".join(values[other] for other in half),
            Moment(now, secrets.token_hex(16)),
        )
        final = len(halves) < 2 and (not provider.anywhere or provider.key in hosts)
        yield _Asked(provider, (found.fingerprint, *half), question, final)


def _halves(found: Finding, others: Sequence[Finding]) -> list[str]:
    """Those in a file that holds both, by fingerprint, the nearest first."""
    near = sorted(
        (abs(there.line - here.line), there.line < here.line, other.fingerprint)
        for other in others
        for there in (other.location, *other.places)
        for here in (found.location, *found.places)
        if there and here and there.path == here.path
    )
    return [*dict.fromkeys(fingerprint for _, _, fingerprint in near)]


def _base(provider: Provider, hosts: Mapping[str, str]) -> str:
    return hosts.get(provider.key, provider.base)


def _calls(questions: Sequence[_Asked], hosts: Mapping[str, str]) -> tuple[Call, ...]:
    counted = Counter(one.provider for one in questions)
    rows = []
    for provider in sorted(counted, key=lambda p: p.key):
        method, path, *more = provider.shown.split(" ", 2)
        rows.append(Call(provider.name, " ".join([method, _base(provider, hosts) + path, *more]), counted[provider]))
    return tuple(rows)


def _gap(provider: Provider, reason: GapReason, count: int, hosts: Mapping[str, str]) -> Gap:
    message = _MESSAGE.of(provider=provider.name, n=count)
    where = provider.anywhere and provider.key not in hosts
    remedy = _REMEDIES.get(reason, _WHERE if where else _ELSE)
    host = _base(provider, hosts).removeprefix("https://")
    return Gap(reason, message, remedy.of(host=host, key=provider.key, base=provider.base), subject=provider.name)
