import posixpath
import re
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.availability import Served, budget_file, each_long_running, has_budget
from fourc.checks.host_paths import danger_of, normal
from fourc.fix.images import known_image
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.pod import Volume, Workload
from fourc.model.remedy import NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """服务只有一个副本

## 为什么重要
只有一个副本时，节点故障、节点维护或程序崩溃都会让服务中断，直到新 Pod 启动完成。

## 修复会改变什么
把 `replicas` 设为 2，还没有中断预算（PodDisruptionBudget）时新建一个文件，让节点维护时每次只迁移一个副本。这需
要你来决定：内存里保存会话、写本地文件或自己执行定时任务的程序，不一定能同时运行两份（用户被登出，任务执行两
次）；CPU 和内存的占用也会加倍。保存数据的程序（带持久卷的，或数据库）没有自动修复，请使用它自己的集群方式。从名称
或镜像看同一时间只应有一份在工作的程序（operator、controller、collector、exporter、scheduler 等）也没有自动修复，除非
其参数启用了选主（leader election）：否则两份会互相竞争，或把每个指标报告两次。

## 何时可以允许
内部工具，以及中断几分钟也没有人在意的服务。

## 示例
见英文页面的 YAML。"""

_DATA = Text(
    "{name} keeps data, and a second copy needs its program's own way of replication: follow its manual, or rely on "
    "backups and a quick restart",
    "{name} 保存数据，第二个副本需要程序自己的复制方式：请按其手册操作，或依靠备份和快速重启",
)
_ONCE = Text(
    "going by the word {word}, only one copy of {name} may work at a time: two compete, do each task twice or report "
    "every number twice. Leave one, unless its manual describes several (mostly by leader election)",
    "从 {word} 一词看，{name} 同一时间只应有一份在工作：两份会互相竞争、重复执行任务或重复上报指标。"
    "请保持一份，除非其手册说明如何运行多份（通常是选主）",
)
_MAY_IT = Text(
    "may two copies of {name} run at once? Ask whoever wrote it: if it keeps sessions or files to itself, users are "
    "signed out; if it runs timed tasks, each runs twice",
    "{name} 能同时运行两份吗？请先问开发者：如果它自己保存会话或文件，用户会被登出；如果它自己执行定时任务，每个任务会执行两次",
)
_STORES = frozenset({"database", "cache", "queue", "search", "registry", "ci"})
# What acts or counts for the whole cluster or application: a second copy does it a second time.
_ONCE_WORDS = (
    r"(?P<word>kube-state-metrics|operator|controller|[a-z]*collector|[a-z]*exporter|[a-z]*scheduler|autoscaler|"
    r"provisioner|reconciler|reloader|cron(?:d|tab|jobs?)?|supercronic|(?:celery|metric|heart)?beat)s?"
)
_IN_NAME = re.compile(rf"(?:^|[^a-z]){_ONCE_WORDS}(?![a-z])")
_AS_COMMAND = re.compile(rf"(?:[a-z]+-)*{_ONCE_WORDS}(?:-manager)?")
_ENTRANCE = re.compile(r"(?:^|[^a-z])ingress(?![a-z])")  # serves requests, side by side with others
_ELECTS = re.compile(r"-{1,2}(?:enable-)?leader-?elect(?:ion)?(?:[.-]enabled?)?(?:=(?:true|1))?", re.IGNORECASE)


@check(
    each_long_running,
    layer=Layer.CLUSTER,
    severity=Severity.INFO,
    references="kube-linter:minimum-three-replicas",
    zh=ZH,
)
def single_replica(served: Served, judge: Judge) -> Iterator[Found]:
    """A service has one copy only.

    ## Why it matters
    With a single copy the service stops whenever its node fails or is serviced, or the program crashes, until the new
    pod has started.

    ## What the fix changes
    It sets `replicas` to 2, and where there is no PodDisruptionBudget yet a new file holds one, so that nodes are
    emptied one copy at a time. That is a decision: a program that keeps sessions in memory, writes local files or
    runs timed tasks by itself may not work twice (users are signed out, a task runs twice), and CPU and memory
    double. What keeps data (with a persistent volume, or a database) gets no edit; use its own way of clustering. Nor
    does what by its name or image should work once only (an operator, controller, collector, exporter, scheduler and
    the like), unless its arguments switch leader election on: two of them compete, or report every number twice.

    ## When to allow it
    Tools inside the team, and services of which nobody minds a few minutes' break.

    ## Example
    Bad:
    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
    ```
    Good:
    ```yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 2
      selector:
        matchLabels:
          app: web
      template:
        metadata:
          labels:
            app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.4
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 8080
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: web
    ```
    """
    workload = served.workload
    if workload.meta.kind not in {"Deployment", "StatefulSet"} or workload.replicas != 1:
        return
    if workload.autoscaled or not served.services:
        return
    yield Found(
        workload.meta,
        Text(
            "{name} has one copy only: the service stops with its node",
            "{name} 只有一个副本：节点停止，服务就中断",
        ).of(name=workload.meta.name),
        ("spec", "replicas"),
        _fix(workload, judge),
    )


def _fix(workload: Workload, judge: Judge) -> Remedy | NoFix:
    images = (known_image(c.image) for c in workload.pod.regular)
    stores = any(f is not None and f.kind in _STORES for f in images)
    if workload.meta.kind == "StatefulSet" or stores or any(_keeps_data(workload, v) for v in workload.pod.volumes):
        return NoFix(_DATA.of(name=workload.meta.name))
    if word := _works_once(workload):
        return NoFix(_ONCE.of(name=workload.meta.name, word=word))
    new = () if has_budget(judge.inventory, workload) else (budget_file(workload, judge.version),)
    caution = _MAY_IT.of(name=workload.meta.name)
    return remedy("add-replica", workload.meta.ref, Set(("spec", "replicas"), 2), caution=caution, new_files=new)


def _works_once(workload: Workload) -> str:
    """The word by which a second copy would do the same work again; empty for what serves requests or elects a leader.

    Of the containers only the first counts, beside the command it is given: an exporter next to a web server is no
    reason against two web servers.
    """
    main = workload.pod.regular[:1]
    said = [text for c in workload.pod.regular for text in (*c.command, *c.args)]
    if any(_ELECTS.fullmatch(word) for text in said for word in text.split()):
        return ""
    names = [workload.meta.name, *(name for c in main for name in (c.name, _program_of(c.image)))]
    names = [name.lower() for name in names]
    if any(_ENTRANCE.search(name) for name in names):
        return ""
    commands = (posixpath.basename(word) for c in main for text in (*c.command, *c.args) for word in text.split())
    hits = (*(_IN_NAME.search(name) for name in names), *(_AS_COMMAND.fullmatch(word) for word in commands))
    return next((match["word"] for match in hits if match), "")


def _program_of(image: str) -> str:
    """The image's own name: without registry and folders, tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def _keeps_data(workload: Workload, volume: Volume) -> bool:
    """Whether a volume outlives the pod with the program's data; the node's own files are none, nor is its `/tmp`."""
    if volume.source in {"configMap", "downwardAPI", "emptyDir", "ephemeral", "image", "projected", "secret"}:
        return False
    if not any(workload.pod.mounters(volume.name)):
        return False
    if volume.source != "hostPath":
        return True
    path = normal(volume.host_path)
    return danger_of(path) is None and not path.startswith(("/tmp/", "/var/tmp/"))  # noqa: S108 - paths of the node
