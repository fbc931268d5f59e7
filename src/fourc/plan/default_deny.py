"""Default deny for a namespace in which it cuts nothing: every pod that listens there has a policy of its own, or gets one."""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from fourc.checks.availability import beside, scalar
from fourc.checks.policies import selecting
from fourc.fix.recipes import remedy
from fourc.graph.stores import listening
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import FixClass, NewFile, NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text

RULE = "namespace-without-default-deny"
_CAUTION = Text(
    "Every pod that listens in {n} has a policy of its own: this one changes only what comes later.",
    "{n} 中每个监听端口的 Pod 都已有自己的策略：这条策略只影响以后新增的 Pod。",
)


def with_default_deny(
    inventory: Inventory, findings: Sequence[Finding], unknown: Collection[str] = (), moved: Collection[str] = ()
) -> list[Finding]:
    """The findings, with a default deny as the remedy where nothing that runs now would notice it.

    In the namespaces `unknown` a registry decides who calls whom: a pod may listen there where no manifest says so.
    For the namespaces `moved` none is made: their workloads run elsewhere, and it would close whatever runs there too.
    """
    closed = {f.subject for f in findings if f.rule == "workload-without-policy" and isinstance(f.fix, Remedy)}
    return [
        _mended(inventory, f, closed, sure=f.detail not in unknown) if f.rule == RULE and f.detail not in moved else f
        for f in findings
    ]


def _mended(inventory: Inventory, finding: Finding, closed: set[Ref], *, sure: bool) -> Finding:
    namespace = finding.detail
    mine = [w for w in inventory.workloads if (w.meta.namespace or "default") == namespace]
    if not isinstance(finding.fix, NoFix) or not all(_minds_nothing(inventory, w, closed, sure=sure) for w in mine):
        return finding
    later = any(w.meta.ref in closed for w in mine)
    meta = next((n.meta for n in inventory.namespaces if n.meta.name == namespace), mine[0].meta)
    text = "\n".join(
        (
            "apiVersion: networking.k8s.io/v1",
            "kind: NetworkPolicy",
            "metadata:",
            "  name: default-deny-ingress",
            f"  namespace: {scalar(namespace)}",
            "spec:",
            "  podSelector: {}",
            "  policyTypes:",
            "    - Ingress",
            "",
        )
    )
    fix = remedy(
        "restrict-network",
        Ref("NetworkPolicy", None, "internal-services") if later else Ref("Namespace", None, namespace),
        caution=_CAUTION.of(n=namespace),
        fix_class=FixClass.TRY_FIRST if later else FixClass.SAFE,
        new_files=(NewFile(beside(meta, f"{namespace}-default-deny.yaml"), text),),
    )
    return replace(finding, fix=fix)


def _minds_nothing(inventory: Inventory, workload: Workload, closed: set[Ref], *, sure: bool) -> bool:
    """Whether a default deny changes nothing for it: policies are about it already, or soon, or nobody connects to it."""
    if workload.pod.host_network or workload.meta.ref in closed or (sure and not listening(inventory, workload)):
        return True
    return any(p.ingress is not None for p in selecting(inventory, workload))
