"""The texts of the output folder: a file for each policy, how to roll out, how to go back."""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from fourc.model.flows import Evidence, Flow, PartyKind
from fourc.model.kubernetes.network import Peer, PolicyPart, Selector
from fourc.model.netpol import Drafted, Stage, Synthesis
from fourc.model.text import Lang, Text

PlaceOf = Callable[[Evidence], str]
ROLLOUT, ROLLBACK = "ROLLOUT.md", "rollback.sh"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_MOST_REASONS = 12


def policy_text(drafted: Drafted, place: PlaceOf, lang: Lang) -> str:
    """One policy as a file, with the reason of each rule above it."""
    policy = drafted.policy
    namespace = [f"  namespace: {quoted(drafted.namespace)}"] if policy.meta.namespace_written else []
    lines = [
        *(_comment(note.say(lang)) for note in drafted.notes),
        *(_comment(f"{_CONFIRM.say(lang)}{text.say(lang)}") for text in drafted.fill_in),
        "apiVersion: networking.k8s.io/v1",
        "kind: NetworkPolicy",
        "metadata:",
        f"  name: {quoted(policy.meta.name)}",
        *namespace,
        "spec:",
        *_selector("podSelector", policy.selector, "  "),
        "  policyTypes:",
        *(f"    - {kind}" for kind in _types(drafted)),
    ]
    for side, word, parts in (("ingress", "from", policy.ingress), ("egress", "to", policy.egress)):
        if parts:
            lines.append(f"  {side}:")
            for index, part in enumerate(parts):
                reasons = drafted.reasons[index] if index < len(drafted.reasons) else ()
                lines += [f"    {_comment(line)}" for line in _reasons(reasons, side, place)]
                lines += _rule(part, word)
    return "\n".join(lines) + "\n"


_CONFIRM = Text("TO CONFIRM: ", "请确认：")


def _comment(text: str) -> str:
    """One line, whatever the names in it hold."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)


def _types(drafted: Drafted) -> list[str]:
    policy = drafted.policy
    kinds = [("Ingress", policy.ingress), ("Egress", policy.egress)]
    return [kind for kind, parts in kinds if parts is not None]


def _reasons(flows: Sequence[Flow], side: str, place: PlaceOf) -> Iterator[str]:
    """Who it is for and where that is written; the same for many workloads (DNS) once."""
    lines: dict[str, None] = {}
    for flow in flows:
        other = flow.source if side == "ingress" else flow.target
        if other.kind is PartyKind.DNS:
            lines["dns"] = None
            continue
        evidence = flow.evidence[0]
        more = f" (+{len(flow.evidence) - 1})" if len(flow.evidence) > 1 else ""
        port = "" if flow.port is None else f" {flow.port}"
        lines[f"{other}{port}: {evidence.kind.value} {place(evidence)}{more}"] = None
    shown = list(lines)
    yield from shown[:_MOST_REASONS]
    if len(shown) > _MOST_REASONS:
        yield f"... +{len(shown) - _MOST_REASONS}"


def _rule(part: PolicyPart, word: str) -> list[str]:
    lines: list[str] = []
    if part.peers:
        lines.append(f"{word}:")
        lines += [f"  {line}" for peer in part.peers for line in _peer(peer)]
    if part.ports:
        lines.append("ports:")
        for port in part.ports:
            number = quoted(port.port) if isinstance(port.port, str) else port.port
            lines += [f"  - protocol: {port.protocol}", *([f"    port: {number}"] if number is not None else [])]
    if not lines:
        return ["    - {}"]
    return [f"    - {lines[0]}", *(f"      {line}" for line in lines[1:])]


def _peer(peer: Peer) -> list[str]:
    if peer.cidr is not None:
        lines = ["ipBlock:", f"  cidr: {quoted(peer.cidr)}"]
        if peer.excluded:
            lines += ["  except:", *(f"    - {quoted(cidr)}" for cidr in peer.excluded)]
    else:
        lines = []
        if peer.pods is not None:
            lines += _selector("podSelector", peer.pods, "")
        if peer.namespaces is not None:
            lines += _selector("namespaceSelector", peer.namespaces, "")
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _selector(field: str, selector: Selector, indent: str) -> list[str]:
    if selector.empty:
        return [f"{indent}{field}: {{}}"]
    lines = [f"{indent}{field}:"]
    if selector.labels:
        lines.append(f"{indent}  matchLabels:")
        lines += [f"{indent}    {quoted(k)}: {quoted(v)}" for k, v in sorted(selector.labels.items())]
    if selector.expressions:
        lines.append(f"{indent}  matchExpressions:")
        for requirement in selector.expressions:
            lines += [
                f"{indent}    - key: {quoted(requirement.key)}",
                f"{indent}      operator: {requirement.operator}",
            ]
            lines += [f"{indent}      values:", *(f"{indent}        - {quoted(v)}" for v in requirement.values)]
    return lines


def quoted(value: str) -> str:
    """The value as YAML 1.1 reads it back as the same text."""
    return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else json.dumps(value)


def rollout_text(synthesis: Synthesis, out: str, lang: Lang) -> str:
    """How to apply the stages one after the other, what to watch, what to confirm first, what is left out."""
    lines = [f"# {_TITLE.say(lang)}", "", _INTRO.say(lang), ""]
    for stage in Stage:
        mine = [d for d in synthesis.drafted if d.stage is stage]
        if mine:
            lines += [
                f"{stage.value}. {_STAGES[stage].say(lang)}",
                "",
                _command("kubectl apply -R -f", f"{out}/{stage.folder}"),
                "",
            ]
    lines += [_WATCH.say(lang), "", _BACK.say(lang), "", _command("sh", f"{out}/{ROLLBACK}"), ""]
    confirm = list(dict.fromkeys((t, d.path) for d in synthesis.drafted for t in d.fill_in))
    if confirm:
        lines += [f"## {_FIRST.say(lang)}", ""]
        for text in dict.fromkeys(t for t, _ in confirm):
            paths = [path for t, path in confirm if t == text]
            lines.append(f"- {text.say(lang)}: " + ", ".join(f"`{p}`" for p in paths))
        lines.append("")
    if synthesis.withheld:
        lines += [f"## {_LEFT_OUT.say(lang)}", ""]
        for found in synthesis.withheld:
            names = ", ".join(r.name for r in found.workloads[:8]) + (", ..." if len(found.workloads) > 8 else "")
            lines.append(f"- `{found.namespace}` ({names}): {found.why.say(lang)}")
        lines.append("")
    return "\n".join([*lines, f"## {_LIMIT_TITLE.say(lang)}", "", LIMIT.say(lang), _PLUGIN.say(lang), ""])


def _command(words: str, path: str) -> str:
    return f"       {words} {shlex.quote(path)}"


def rollback_text(synthesis: Synthesis) -> str:
    """A script that takes the policies out again, default deny first."""
    lines = ["#!/bin/sh", "# Default deny goes first: from then on nothing is cut any more.", "set -u"]
    for stage in reversed(Stage):
        by_namespace: dict[str, list[Drafted]] = {}
        for drafted in synthesis.drafted:
            if drafted.stage is stage:
                flag = f" -n {shlex.quote(drafted.namespace)}" if drafted.policy.meta.namespace_written else ""
                by_namespace.setdefault(flag, []).append(drafted)
        for flag in sorted(by_namespace):
            names = " ".join(shlex.quote(d.policy.meta.name) for d in by_namespace[flag])
            lines.append(f"kubectl delete networkpolicy{flag} --ignore-not-found {names}")
    return "\n".join(lines) + "\n"


def texts_of(synthesis: Synthesis, out: str, place: PlaceOf, lang: Lang) -> Mapping[str, str]:
    """Every file of the output folder by its path below it."""
    files = {d.path: policy_text(d, place, lang) for d in synthesis.drafted}
    if files:
        files[ROLLOUT] = rollout_text(synthesis, out, lang)
        files[ROLLBACK] = rollback_text(synthesis)
    return files


_TITLE = Text("Rolling out the network policies", "上线网络策略")
_INTRO = Text(
    "Apply one stage, watch for a while (a day, and once through every job that runs rarely), then the next. "
    "The cluster's network plug-in has to enforce policies (Calico, Cilium, Terway with policies on; Flannel alone does not).",
    "先应用一个阶段，观察一段时间（一天，并等每个很少运行的任务都跑过一次），再应用下一个阶段。"
    "集群的网络插件必须执行策略（Calico、Cilium、开启策略的 Terway 可以；单独的 Flannel 不行）。",
)
_STAGES: Mapping[Stage, Text] = {
    Stage.INCOMING: Text(
        "Incoming: each workload answers its known callers only.", "入站：每个工作负载只应答已知的客户端。"
    ),
    Stage.OUTGOING: Text(
        "Outgoing: each workload calls only what it is known to need.", "出站：每个工作负载只访问已知需要的目标。"
    ),
    Stage.DEFAULT_DENY: Text(
        "Default deny, last: it also holds for pods that are new.", "最后是默认拒绝：对新出现的 Pod 也生效。"
    ),
}
_WATCH = Text(
    "What a policy cuts shows as a time-out in the caller's log (not as a refused connection).",
    "被策略切断的连接在调用方日志中表现为超时（而不是连接被拒绝）。",
)
_BACK = Text("To go back at any time:", "随时可以回退：")
_FIRST = Text("To confirm first", "需要先确认")
_LEFT_OUT = Text("Left out", "未包含")
_LIMIT_TITLE = Text("What this cannot know", "它无法知道的")
LIMIT = Text(
    "A connection that stands in no manifest and that nobody saw can break: addresses inside images and databases, rare jobs, "
    "people's own access. Observed flows (--flows) close that hole.",
    "没有写在清单里、也没有被观测到的连接可能会断：写在镜像或数据库里的地址、很少运行的任务、人工访问。"
    "提供观测到的流量（--flows）可以补上这个缺口。",
)
_PLUGIN = Text(
    "With Cilium a range of addresses does not cover the API server and the nodes: there add a CiliumNetworkPolicy with "
    "toEntities kube-apiserver for the workloads that call it.",
    "在 Cilium 中，地址段不包含 API 服务器和节点：请为访问 API 服务器的工作负载另加 CiliumNetworkPolicy"
    "（toEntities kube-apiserver）。",
)
