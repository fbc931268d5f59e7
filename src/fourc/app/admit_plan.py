"""`admit plan`: read the manifests, judge every workload, and lead each namespace to the level step by step."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.deployed import deployed
from fourc.app.look import Progress, read_manifests
from fourc.app.numbers import number_in
from fourc.app.repository import uncommitted, write_files
from fourc.app.request import Request, folder_of, within
from fourc.app.suppose import assumptions_of
from fourc.app.teach import factors
from fourc.app.uncollected import uncollected
from fourc.checks.platform import sort_out
from fourc.checks.pod_security import verdicts
from fourc.collect.manifests.collected import Collected
from fourc.errors import UsageError
from fourc.fix.by_hand import refused
from fourc.fix.notes import cautions
from fourc.fix.rewrite import ReadText, Rewritten, propose
from fourc.model.gap import Gap
from fourc.model.infrastructure import Infrastructure
from fourc.model.inventory import Inventory
from fourc.model.location import Origin
from fourc.model.pod_security import Level
from fourc.model.remedy import ByHand
from fourc.model.rollout import RolloutStep
from fourc.model.subject import Ref
from fourc.model.text import Text, join, same
from fourc.plan.admission.rollout import Rollout, in_sequence, rollout
from fourc.plan.admission.situation import Agent, Judged, Terms, situations

_EXEMPT_DAYS = 365
_DOCUMENTED = Text("its work needs the node ({purpose})", "它的工作需要节点权限（{purpose}）")
_LOOKS_LIKE = Text(
    "it runs on every node and asks for the node itself ({what})", "它运行在每个节点上，并要求访问节点本身（{what}）"
)
_MADE_BEFORE = Text("nothing yet: an earlier step makes the file", "暂时不用：前面的步骤会创建这个文件")
_NODE = frozenset({"hostNamespaces", "hostPathVolumes", "privileged"})


class AdmitPlan(Struct, frozen=True):
    """The roll-out, and what was read for it."""

    name: str
    request: Request
    goal: Level
    rollout: Rollout
    read: ReadText
    gaps: tuple[Gap, ...]
    workloads: int
    until: str

    def step(self, word: str) -> RolloutStep:
        """The step with this number or id; raises `UsageError`."""
        return self.rollout.steps[number_in(self.rollout.steps, word) - 1]


class Taken(Struct, frozen=True):
    """A step with the files that it writes, commands for what was piped in, and what is left to a person."""

    step: RolloutStep
    files: tuple[Rewritten, ...]
    patches: tuple[str, ...]
    cautions: tuple[Text, ...]
    by_hand: tuple[Text, ...]


@uncollected()
def plan_admission(request: Request, goal: Level, progress: Progress = lambda _: None) -> AdmitPlan:
    """The steps from what stands in the files to the level enforced everywhere.

    Raises:
        UsageError: a path does not exist.
    """
    progress(Text("reading", "正在读取"))
    root, collected, _, read = read_manifests(request)
    progress(Text("judging", "正在判断"))
    inventory = deployed(collected)
    judged = tuple(_judged(collected, inventory, request))
    programs = dict(sort_out(inventory, ()).programs)
    until = (datetime.now(UTC).date() + timedelta(days=_EXEMPT_DAYS)).isoformat()
    taught = {} if request.stdin is not None else factors(root)
    terms = Terms(goal, request.version, until, taught, assumptions_of(request.settings).hours)
    found = situations(inventory, judged, lambda j, level: _agent(inventory, j, level, programs), terms)
    wanted = tuple(s for s in found if within(Ref("Namespace", None, s.name), request.namespaces))
    made = rollout(collected.inventory, wanted, terms)
    return AdmitPlan(
        folder_of(request).resolve().name,
        request,
        goal,
        made,
        read,
        collected.gaps,
        len(judged),
        until,
    )


def _judged(collected: Collected, inventory: Inventory, request: Request) -> Iterator[Judged]:
    """Every workload as it is deployed, with the object in a file that its edits belong to."""
    raw = {id(v.workload): v for v in verdicts(collected.inventory, request.version)}
    sources = {_key(o): source for source in collected.sights.items() for o in source[1]}
    made = verdicts(
        replace(inventory, workloads=tuple(w for w in inventory.workloads if id(w) not in raw)), request.version
    )
    of_variants = {id(v.workload): v for v in made}
    by_place = {(v.workload.meta.ref, v.workload.meta.origin.path): v for v in raw.values()}
    for workload in inventory.workloads:
        if id(workload) in raw:
            yield Judged(raw[id(workload)], raw[id(workload)])
        else:
            known = sources.get(_key(workload.meta.origin))
            yield Judged(of_variants[id(workload)], by_place.get(known[0]) if known else None)


def _key(origin: Origin) -> tuple[str, int]:
    return origin.path, origin.document


def _agent(inventory: Inventory, judged: Judged, level: Level, programs: Mapping[Ref, Infrastructure]) -> Agent | None:
    """Whether the workload can never meet the level: its documentation asks for the node, or it looks like a node agent."""
    verdict, workload = judged.verdict, judged.workload
    if verdict.meets(level):
        return None
    program = programs.get(workload.meta.ref)
    if program is not None:
        explained = sort_out(replace(inventory, workloads=(workload,)), verdict.findings(Level.BASELINE)).explained
        if explained:
            return Agent(workload, _DOCUMENTED.of(purpose=program.purpose))
    asked = _NODE & verdict.against(Level.BASELINE)
    if workload.meta.kind == "DaemonSet" and asked:
        return Agent(workload, _LOOKS_LIKE.of(what=join([same(c) for c in sorted(asked)], ", ", "、")))
    return None


def taken(plan: AdmitPlan) -> Iterator[Taken]:
    """Every step with what it makes of the files that the steps before it left."""
    written: dict[str, str] = {}

    def as_left(path: str) -> str | None:
        return written[path] if path in written else plan.read(path)

    for step in in_sequence(plan.rollout.steps):
        done = _taken(step, as_left)
        written |= {file.path: file.after for file in done.files}
        yield done


def taken_now(plan: AdmitPlan, step: RolloutStep) -> Taken:
    """The step with what it makes of the files as they are."""
    return _taken(step, plan.read)


def _taken(step: RolloutStep, read: ReadText) -> Taken:
    proposal = propose(step.findings, read)
    there = [r for r in proposal.refused if read(r.finding.origin.path) is not None]
    told = (refused(r.finding, r.why).fix for r in there)
    by_hand = (*step.by_hand, *(fix.why for fix in told if isinstance(fix, ByHand)))
    if len(there) < len(proposal.refused):
        by_hand += (_MADE_BEFORE,)
    return Taken(
        step,
        proposal.files,
        proposal.patches,
        (*step.cautions, *cautions(proposal.files)),
        tuple(dict.fromkeys(by_hand)),
    )


def undone(plan: AdmitPlan, step: RolloutStep) -> tuple[RolloutStep, ...]:
    """The steps that must be taken before this one."""
    return tuple(s for s in plan.rollout.steps if s.id in step.after)


def apply_step(plan: AdmitPlan, step: RolloutStep, *, force: bool) -> list[str]:
    """Write the step's files; returns their paths.

    Raises:
        UsageError: a step before it is not done, or a file holds uncommitted changes; `force` overrides both.
    """
    before = undone(plan, step)
    if before and not force:
        raise UsageError(
            Text("first: {steps}", "请先完成：{steps}").of(steps=join([s.title for s in before], "; ", "；")),
            hint=Text("take the steps in order, or add --force", "请按顺序执行各步骤，或加上 --force"),
        )
    root = folder_of(plan.request)
    files = taken_now(plan, step).files
    paths = [file.path for file in files]
    dirty = [] if force or not paths else uncommitted(root, paths)
    if dirty:
        raise UsageError(
            Text("uncommitted changes in {files}", "{files} 中有未提交的改动").of(files=", ".join(dirty)),
            hint=Text("commit or stash them first, or add --force", "请先提交或暂存（stash），或加上 --force"),
        )
    write_files(root, {file.path: file.after for file in files}, plan.request.paths)
    return paths
