"""What nobody named and nobody looked at, said plainly."""

from fourc.collect.manifests.collected import Coverage
from fourc.model.report import Unseen
from fourc.model.text import Text, same
from fourc.plan import exact

_KINDS = "deploy,sts,ds,cj,svc,ing,netpol,sa,role,rolebinding,clusterrole,clusterrolebinding"
LIVE = f"kubectl get {_KINDS} -A -o yaml | fourc -"


def extras_of() -> tuple[Unseen, ...]:
    """What the extras that are not installed would do."""
    if exact.available():
        return ()
    what = Text(
        "the exact best set of changes for a budget (--budget then takes a good set and says how far it may be from the best)",
        "预算内的精确最优改动组合（目前 --budget 给出较优组合，并说明距最优至多差多少）",
    )
    return (Unseen(what, same(f'pip install "fourc[{exact.EXTRA}]"')),)


def unseen_of(coverage: Coverage) -> tuple[Unseen, ...]:
    """The holes of a run over manifests, the ones that are easiest to close first."""
    unseen: list[Unseen] = []
    if coverage.charts and "helm" not in coverage.tools:
        count = len(coverage.charts)
        what = Text("{n} charts (helm is not installed)", "{n} 个 chart（未安装 helm）").of(n=count)
        what = what if count > 1 else Text("one chart (helm is not installed)", "1 个 chart（未安装 helm）")
        remedy = Text(
            "install helm, or pipe what it renders: helm template DIR | fourc -",
            "安装 helm，或用管道传入渲染结果：helm template 目录 | fourc -",
        )
        unseen.append(Unseen(what, remedy))
    if coverage.overlays and "kustomize" not in coverage.tools:
        what = Text("{n} overlays (kubectl is not installed)", "{n} 个 overlay（未安装 kubectl）")
        remedy = Text(
            "install kubectl, or pipe what it renders: kubectl kustomize DIR | fourc -",
            "安装 kubectl，或用管道传入渲染结果：kubectl kustomize 目录 | fourc -",
        )
        unseen.append(Unseen(what.of(n=len(coverage.overlays)), remedy))
    unseen.append(
        Unseen(
            Text("images", "镜像"),
            Text(
                "this version does not look into images: known vulnerabilities in them are not part of the plan",
                "本版本不检查镜像内容：其中的已知漏洞不在计划内",
            ),
        )
    )
    unseen.append(
        Unseen(
            Text("the cluster", "集群"),
            Text(
                f"pipe in what runs: {LIVE}",
                f"用管道传入运行中的对象：{LIVE}",
            ),
        )
    )
    unseen.append(
        Unseen(
            Text("the cloud account", "云账号"),
            Text(
                "this version does not read cloud accounts: security groups and load balancers there are not part of the plan",
                "本版本不读取云账号：安全组和负载均衡不在计划内",
            ),
        )
    )
    return tuple(unseen)
