"""The outcome of `netpol synth` for a person: what was written, what was proven, what stays open, what is not known."""

from collections.abc import Iterator, Sequence

from fourc.model.flows import Flow
from fourc.model.netpol import Proof, Stage, SynthReport, Witness
from fourc.model.network_plugin import NOBODY, Enforcement
from fourc.model.text import Lang, Text, join, same

_SHOWN = 10
_YES, _NO = Text("yes", "是"), Text("NO", "否")


def synth_lines(report: SynthReport, lang: Lang) -> Iterator[str]:
    """The lines in the order in which a person needs them."""
    yield f"fourc netpol synth · {report.name} -> {report.out}"
    yield ""
    yield from _written(report, lang)
    if report.synthesis.drafted:
        yield ""
        yield from _proven(report, lang)
        yield from _open(report.proof, lang)
    yield from _to_confirm(report, lang)
    yield from _not_known(report, lang)
    yield ""
    yield _LIMIT.say(lang)
    if report.synthesis.drafted:
        yield _NEXT.of(o=report.out).say(lang)


def _written(report: SynthReport, lang: Lang) -> Iterator[str]:
    counts = {stage: sum(d.stage is stage for d in report.synthesis.drafted) for stage in Stage}
    if not report.synthesis.drafted:
        yield _NOTHING.say(lang)
        return
    yield _COUNTS.of(
        n=len(report.synthesis.drafted),
        i=counts[Stage.INCOMING],
        o=counts[Stage.OUTGOING],
        d=counts[Stage.DEFAULT_DENY],
    ).say(lang)


def _proven(report: SynthReport, lang: Lang) -> Iterator[str]:
    proof = report.proof
    lost = [w for w in proof.broken if not w.before]
    yield _PROOF.say(lang)
    kept = proof.flows - len(proof.broken)
    yield _line(not lost, _KEPT.of(k=kept, n=proof.flows, p=proof.needed_pairs), lang)
    for witness in lost[:_SHOWN]:
        yield f"       {_said(witness, report, lang)}"
    earlier = [w for w in proof.broken if w.before]
    if earlier:
        yield _line(False, _BEFORE.of(n=len(earlier)), lang)
        for witness in earlier[:_SHOWN]:
            yield f"       {_said(witness, report, lang)}"
    if proof.unchecked:
        yield f"       {_UNCHECKED.of(n=len(proof.unchecked), f=_short(proof.unchecked[0])).say(lang)}"
    yield from _enforced(report, lang)
    without = [n for n, denied in sorted(proof.denied.items()) if not denied]
    every = Text("default deny in every namespace", "每个命名空间都默认拒绝")
    some = Text("default deny in every namespace; none in {n}", "每个命名空间都默认拒绝；没有的：{n}")
    yield _line(not without, some.of(n=join([same(n) for n in without])) if without else every, lang)
    if proof.other_pairs:
        share = int(1000 * proof.closed) / 10
        yield _line(
            None, _CLOSED.of(s=f"{share:.1f}".removesuffix(".0"), n=proof.other_pairs, e=proof.excess_pairs), lang
        )


def _enforced(report: SynthReport, lang: Lang) -> Iterator[str]:
    """Whether the policies have any effect at all; silence would be taken for a yes."""
    plugin = report.plugin
    if plugin.enforcement is Enforcement.NOT_SEEN:
        yield _line(None, NOBODY, lang)
    else:
        yield _line(plugin.enforcement is Enforcement.ENFORCED, plugin.why, lang)


def _line(held: bool | None, text: Text, lang: Lang) -> str:
    word = "" if held is None else (_YES if held else _NO).say(lang)
    return f"  {word:<4} {text.say(lang)}"


def _said(witness: Witness, report: SynthReport, lang: Lang) -> str:
    reason = witness.flow.evidence[0]
    policies = ", ".join(witness.policies[:3]) or "-"
    side = _SIDES[witness.side].say(lang)
    return f"{_short(witness.flow)} ({report.place(reason)}): {side} {policies}"


def _short(flow: Flow) -> str:
    port = "" if flow.port is None else f" : {flow.port}"
    return f"{flow.source} => {flow.target}{port}"


def _open(proof: Proof, lang: Lang) -> Iterator[str]:
    if proof.excess_pairs:
        yield ""
        by_read = _BY_READ.of(n=proof.excess_by_read).say(lang) if proof.excess_by_read else ""
        by_host = _BY_HOST.of(n=proof.excess_by_host).say(lang) if proof.excess_by_host else ""
        yield _EXCESS.of(n=proof.excess_pairs).say(lang) + by_read + by_host
        for pair in proof.excess[:_SHOWN]:
            yield f"  {pair.source} => {pair.target} : {pair.ports}"
        if proof.excess_pairs > _SHOWN:
            yield f"  {_MORE.of(n=proof.excess_pairs - _SHOWN).say(lang)}"
    if proof.wider:
        yield ""
        yield _WIDER.of(n=len(proof.wider)).say(lang)
        for pair in proof.wider[:_SHOWN]:
            yield f"  {pair.source} => {pair.target} : {pair.ports}"


def _to_confirm(report: SynthReport, lang: Lang) -> Iterator[str]:
    found: dict[Text, list[str]] = {}
    for drafted in report.synthesis.drafted:
        for text in drafted.fill_in:
            found.setdefault(text, []).append(drafted.path)
    if found:
        yield ""
        yield _CONFIRM.say(lang)
        for text, paths in found.items():
            more = f" (+{len(paths) - 1})" if len(paths) > 1 else ""
            yield f"  {text.say(lang)}"
            yield f"    {paths[0]}{more}"


def _not_known(report: SynthReport, lang: Lang) -> Iterator[str]:
    proof = report.proof
    if proof.without_evidence:
        yield ""
        yield _EVIDENCE.of(n=len(proof.without_evidence)).say(lang)
        yield f"  {_names([str(r) for r in proof.without_evidence])}"
    if report.synthesis.withheld:
        yield ""
        yield _WITHHELD.say(lang)
        for found in report.synthesis.withheld:
            yield f"  {found.namespace}: {_names([r.name for r in found.workloads])}"
            yield f"    {found.why.say(lang)}"
    if report.needed.dangling:
        yield ""
        yield _DANGLING.say(lang)
        for dangling in report.needed.dangling[:_SHOWN]:
            yield f"  {dangling.source} => {dangling.host}  {report.place(dangling.evidence)}"
    if report.needed.unmatched:
        yield ""
        first = report.needed.unmatched[0]
        text = _UNMATCHED.of(n=len(report.needed.unmatched), f=f"{first.source} => {first.target}", p=first.place)
        yield text.say(lang)
    for gap in report.gaps:
        where = f"{gap.location.path}:{gap.location.line}: " if gap.location else ""
        yield f"{_GAP.say(lang)}: {where}{gap.message.say(lang)}. {gap.remedy.say(lang)}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f", ... (+{len(names) - _SHOWN})" if len(names) > _SHOWN else "")


_COUNTS = Text(
    "{n} policies: {i} for incoming connections, {o} for outgoing, {d} default deny",
    "{n} 条策略：入站 {i} 条，出站 {o} 条，默认拒绝 {d} 条",
)
_NOTHING = Text("There is nothing for which a policy can be offered.", "没有可以生成策略的对象。")
_PROOF = Text("Worked out with every policy that was read:", "结合读到的所有策略计算：")
_KEPT = Text(
    "{k} of {n} needed connections are allowed ({p} pairs of workloads)",
    "{n} 条必需的连接中有 {k} 条放行（{p} 对工作负载）",
)
_BEFORE = Text(
    "{n} needed connections are denied by policies that were there before", "{n} 条必需的连接已被原有策略拒绝"
)
_UNCHECKED = Text(
    "{n} not checked: the port is a name that no container declares ({f})",
    "{n} 条未检查：端口名没有任何容器声明（{f}）",
)
_CLOSED = Text(
    "{s} % of the {n} pairs that nothing needs are closed ({e} stay open)",
    "{n} 对无需互通的工作负载中关闭了 {s} %（{e} 对仍开放）",
)
_SIDES = {
    "egress": Text("outgoing denied by", "出站被拒绝，策略："),
    "ingress": Text("incoming denied by", "入站被拒绝，策略："),
}
_EXCESS = Text("Open although nothing needs it, {n} in all", "无需互通却仍开放，共 {n} 对")
_BY_READ = Text("; {n} through policies that were there before", "；其中 {n} 对由原有策略放行")
_BY_HOST = Text(
    "; {n} with pods on the host's network, for which no policy holds",
    "；其中 {n} 对涉及主机网络的 Pod，策略对其无效",
)
_MORE = Text("... and {n} more", "……另有 {n} 对")
_WIDER = Text("Needed, but open on these ports too, {n} in all", "必需但多开放了端口，共 {n} 对")
_CONFIRM = Text("To confirm:", "需要确认：")
_EVIDENCE = Text(
    "Nothing but DNS and probes speaks for these ({n}); whoever calls them was not seen:",
    "以下工作负载（{n} 个）除 DNS 和探针外没有任何依据，没有看到谁访问它们：",
)
_WITHHELD = Text("No policy is offered for:", "未生成策略：")
_DANGLING = Text(
    "Named, but no Service of that name was read; these connections get no rule:",
    "被引用，但没有读到同名 Service；这些连接没有放行：",
)
_UNMATCHED = Text(
    "{n} seen connections name nothing that was read, such as {f} ({p}); addresses need the pods: kubectl get pods -A -o yaml",
    "{n} 条观测到的连接与读到的对象都不匹配，例如 {f}（{p}）；按地址匹配需要 Pod 列表：kubectl get pods -A -o yaml",
)
_GAP = Text("not seen", "没有看到")
_LIMIT = Text(
    "A connection that stands in no manifest and that nobody saw can break; --flows takes what was seen.",
    "没有写在清单里、也没有被观测到的连接可能会断；--flows 可以提供观测到的流量。",
)
_NEXT = Text("Next: read {o}/ROLLOUT.md", "下一步：阅读 {o}/ROLLOUT.md")
