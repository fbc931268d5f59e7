"""The outcome of `netpol synth` for machines: flows with their reasons, policies, proof. The same bytes for the same input."""

import json
from collections.abc import Mapping

from fourc import __version__
from fourc.model.flows import Flow, Party
from fourc.model.netpol import Pair, SynthReport, Witness
from fourc.model.text import Lang
from fourc.report.as_json import gap

Value = object


def render(report: SynthReport, lang: Lang) -> str:
    """The whole report as JSON text."""
    proof = report.proof
    data = {
        "schema": 1,
        "tool": {"name": "fourc", "version": __version__},
        "synth": {
            "out": report.out,
            "files": list(report.files),
            "policies": [
                {
                    "path": d.path,
                    "namespace": d.namespace,
                    "name": d.policy.meta.name,
                    "stage": d.stage.folder,
                    "workloads": [str(r) for r in d.workloads],
                    "notes": [n.say(lang) for n in d.notes],
                    "to_confirm": [t.say(lang) for t in d.fill_in],
                }
                for d in report.synthesis.drafted
            ],
            "enforcement": {"state": report.plugin.enforcement.value, "plugin": report.plugin.name or None},
            "needed": [_flow(f, report) for f in report.needed.flows],
            "proof": {
                "holds": proof.holds,
                "flows": proof.flows,
                "broken": [_witness(w, report) for w in proof.broken],
                "unchecked": [_flow(f, report) for f in proof.unchecked],
                "default_deny": dict(sorted(proof.denied.items())),
                "pairs": proof.pairs,
                "needed_pairs": proof.needed_pairs,
                "other_pairs": proof.other_pairs,
                "closed_share": round(proof.closed, 4),
                "excess_pairs": proof.excess_pairs,
                "excess_by_read_policies": proof.excess_by_read,
                "excess_by_host_network": proof.excess_by_host,
                "excess": [_pair(p) for p in proof.excess],
                "wider": [_pair(p) for p in proof.wider],
            },
            "without_evidence": [_ref(str(r), r.kind) for r in proof.without_evidence],
            "unknown": [
                {**_ref(str(r), r.kind), "through": u.finder, "why": u.why.say(lang)}
                for r, u in sorted(report.needed.unknown.items())
            ],
            "withheld": [
                {
                    "namespace": w.namespace,
                    "workloads": [_ref(str(r), r.kind) for r in w.workloads],
                    "why": w.why.say(lang),
                    "default_deny": not w.no_default_deny,
                }
                for w in report.synthesis.withheld
            ],
            "dangling": [
                {"from": str(d.source), "host": d.host, "where": report.place(d.evidence)}
                for d in report.needed.dangling
            ],
            "unmatched": [
                {"source": s.source, "target": s.target, "port": s.port, "protocol": s.protocol, "where": s.place}
                for s in report.needed.unmatched
            ],
        },
        "gaps": [gap(g, lang) for g in report.gaps],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _flow(flow: Flow, report: SynthReport) -> Mapping[str, Value]:
    return {
        "from": _party(flow.source),
        "to": _party(flow.target),
        "port": None if flow.port is None else flow.port.port,
        "protocol": None if flow.port is None else flow.port.protocol,
        "evidence": [{"kind": e.kind.value, "where": report.place(e), "says": e.says} for e in flow.evidence],
    }


def _party(party: Party) -> Mapping[str, Value]:
    if party.ref is not None:
        return {"kind": party.kind.value, **_ref(str(party.ref), party.ref.kind)}
    labels = {"labels": dict(party.labels)} if party.labels else {}
    return {"kind": party.kind.value, "name": party.name or None, **labels}


def _ref(name: str, kind: str) -> Mapping[str, Value]:
    return {"name": name, "workload_kind": kind}


def _witness(witness: Witness, report: SynthReport) -> Mapping[str, Value]:
    return {
        "flow": _flow(witness.flow, report),
        "denied_by": witness.side,
        "policies": list(witness.policies),
        "before": witness.before,
    }


def _pair(pair: Pair) -> Mapping[str, Value]:
    return {"from": pair.source, "to": pair.target, "ports": pair.ports}
