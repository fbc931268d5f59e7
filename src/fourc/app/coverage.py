"""What nobody named and nobody looked at, said plainly."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from fourc.app.database import database_file
from fourc.app.request import Request
from fourc.collect.git import has_commits, work_tree_of
from fourc.collect.manifests.collected import Coverage
from fourc.model.report import Unseen
from fourc.model.text import Text, same
from fourc.plan import exact

_IMAGES = Text("images", "镜像")
_OTHER_IMAGES = Text("the other images", "其他镜像")
_LOOK_INTO = Text(
    "fourc plan --image REF looks into one, --images into all that run here; fourc scan image lists what is in them",
    "fourc plan --image REF 检查一个镜像，--images 检查此处运行的全部镜像；fourc scan image 列出其中的内容",
)
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


def _secrets_unseen(request: Request) -> tuple[Unseen, ...]:
    """Where hard-coded secrets were asked for and not looked for: in git's history, and everywhere with -n."""
    there = [path for path in request.paths if os.path.lexists(path)]
    if not request.secrets or request.stdin is not None or not there:
        return ()
    tops = {path: top for path in there if (top := work_tree_of(Path(os.path.realpath(path)))) is not None}
    past = [path for path, top in tops.items() if has_commits(top)]
    if request.namespaces:
        what = Text("secrets in files and in the git history", "文件和 git 历史中的密钥")
        what = what if past else Text("secrets in files", "文件中的密钥")
        return (Unseen(what, _WITHOUT_NAMESPACE.of(command=_command(past or there, history=bool(past)))),)
    if not past:
        return ()
    return (Unseen(Text("secrets in the git history", "git 历史中的密钥"), same(_command(past, history=True))),)


def _packages_unseen(request: Request) -> tuple[Unseen, ...]:
    """Known vulnerabilities of packages, where there is no database to ask."""
    if not request.packages or request.stdin is not None or request.imported or database_file(request.settings):
        return ()
    what = Text("known vulnerabilities", "已知漏洞")
    return (Unseen(what, same("fourc db update")),)


_WITHOUT_NAMESPACE = Text(
    "-n leaves out what is in no namespace: {command}", "-n 会略去不属于任何命名空间的内容：{command}"
)


def _command(paths: Sequence[str], *, history: bool) -> str:
    """What looks there; the history is looked at one repository at a time."""
    flag = " --history" if history else ""
    named = "" if list(paths) == ["."] else f" {shlex.quote(paths[0])}"
    return f"fourc scan secrets{named}{flag}"


def unseen_of(coverage: Coverage, request: Request) -> tuple[Unseen, ...]:
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
    unseen += _secrets_unseen(request)
    unseen += _packages_unseen(request)
    if not request.all_images:
        unseen.append(Unseen(_OTHER_IMAGES if request.images else _IMAGES, _LOOK_INTO))
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
