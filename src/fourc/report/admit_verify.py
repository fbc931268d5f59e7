"""A prediction about Pod Security and the API server's word on it, for people and for machines."""

from collections.abc import Iterator, Mapping

from fourc import __version__
from fourc.model.pod_security import Level
from fourc.model.text import Lang, Text
from fourc.model.verified import Difference, Standing, Verified
from fourc.report.as_json import gap, subject
from fourc.report.json_text import json_text

_PREDICTED = Text("Predicted, on the way to {level}:", "预测（目标级别 {level}）：")
_NOTHING = Text("nothing here makes pods", "这里没有会创建 Pod 的对象")
_MEETS = Text("{n}: every workload meets {level}", "{n}：所有工作负载都符合 {level}")
_BELOW = Text("{n}: meets {level}; in the way of {target}:", "{n}：符合 {level}；还不符合 {target} 的有：")
_NO_LEVEL = Text("{n}: meets no level; in the way of {target}:", "{n}：不符合任何级别；还不符合 {target} 的有：")
_ALONE = Text(
    "No API server was asked, so this is our prediction alone; --kubeconfig FILE asks yours (dry runs, nothing changes).",
    "没有询问 API 服务器，以上只是我们的预测；用 --kubeconfig 文件 可向您的服务器核对（dry run，不作任何改动）。",
)
_AGREED = Text(
    "The API server (Kubernetes {v}) gave {n} answers as predicted, about {r} running pods too.",
    "API 服务器（Kubernetes {v}）有 {n} 个应答与预测一致，其中涉及 {r} 个正在运行的 Pod。",
)
_AGREED_FILES = Text(
    "The API server (Kubernetes {v}) gave {n} answers as predicted; no pod runs in these namespaces.",
    "API 服务器（Kubernetes {v}）有 {n} 个应答与预测一致；这些命名空间里没有正在运行的 Pod。",
)
_NOT_ASKED = Text("The API server said nothing that could be compared.", "API 服务器没有给出可以核对的应答。")
_DIFFERS = Text(
    "{k} {who}: the server judged it otherwise than predicted. Please send us what follows; values of variables, commands "
    "and images are left out of it.",
    "{k} {who}：服务器的判断与预测不同。请把下面的内容发给我们；其中已去掉环境变量的值、命令和镜像。",
)
_NOT_COMPARED = Text("Not compared:", "未能核对：")
_NOTE = Text("Note: {n}", "说明：{n}")


def verified_lines(verified: Verified, lang: Lang) -> Iterator[str]:
    """What is predicted, whether the server agrees, and a report to send for each difference."""
    yield _PREDICTED.of(level=verified.target.word).say(lang)
    if not verified.standings:
        yield f"  {_NOTHING.say(lang)}"
    for standing in verified.standings:
        yield from _standing_lines(standing, verified.target.word, lang)
    yield ""
    if verified.agreed:
        said = _AGREED if verified.running else _AGREED_FILES
        yield said.of(v=str(verified.server), n=verified.agreed, r=verified.running).say(lang)
    elif verified.server is None and not verified.gaps:
        yield _ALONE.say(lang)
    elif not verified.differences:
        yield _NOT_ASKED.say(lang)
    yield from (_NOTE.of(n=note).say(lang) for note in verified.notes)
    for difference in verified.differences:
        yield from _difference_lines(difference, verified, lang)
    if verified.gaps:
        yield _NOT_COMPARED.say(lang)
    for unseen in verified.gaps:
        yield f"  {unseen.reason.value}: {unseen.message.say(lang)}"
        yield f"      {unseen.remedy.say(lang)}"


def _standing_lines(standing: Standing, target: str, lang: Lang) -> Iterator[str]:
    if not standing.below:
        yield f"  {_MEETS.of(n=standing.namespace, level=standing.level.word).say(lang)}"
        return
    said = _NO_LEVEL if standing.level is Level.PRIVILEGED else _BELOW
    yield f"  {said.of(n=standing.namespace, level=standing.level.word, target=target).say(lang)}"
    for ref, controls in standing.below:
        yield f"    {ref.kind} {ref.name}: {', '.join(controls)}"


def _difference_lines(difference: Difference, verified: Verified, lang: Lang) -> Iterator[str]:
    """A report that stands for itself: its words are not translated, because we read it."""
    ref = difference.subject
    yield ""
    yield _DIFFERS.of(k=ref.kind, who=str(ref)).say(lang)
    yield "---- 8< ----"
    yield f"fourc {__version__}, API server 1.{verified.server.minor if verified.server else '?'}"
    yield f"asked: {difference.asked.level.word}, rules of {difference.asked.version}"
    yield f"predicted: {', '.join(difference.predicted) or 'let in'}"
    yield f"said: {difference.said or 'let in'}"
    yield difference.pod
    yield "---- >8 ----"


def verified_json(verified: Verified, lang: Lang) -> str:
    """The same for machines."""
    data = {
        "schema": 1,
        "target": verified.target.word,
        "predicted": [_standing(s) for s in verified.standings],
        "server": None if verified.server is None else str(verified.server),
        "agreed": verified.agreed,
        "running": verified.running,
        "differences": [
            {
                "subject": subject(d.subject),
                "namespace": d.namespace,
                "level": d.asked.level.word,
                "version": str(d.asked.version),
                "predicted": list(d.predicted),
                "said": d.said,
                "pod": d.pod,
            }
            for d in verified.differences
        ],
        "notes": [n.say(lang) for n in verified.notes],
        "gaps": [gap(g, lang) for g in verified.gaps],
    }
    return json_text(data) + "\n"


def _standing(standing: Standing) -> Mapping[str, object]:
    below = [{"subject": subject(ref), "controls": list(controls)} for ref, controls in standing.below]
    return {"namespace": standing.namespace, "level": standing.level.word, "below": below}
