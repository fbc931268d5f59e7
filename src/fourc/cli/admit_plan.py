"""`fourc admit plan`: the steps to Pod Security, one of them in full, or written."""

from fourc.app.admit_plan import AdmitPlan, Taken, apply_step, plan_admission, taken, taken_now, undone
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, USAGE, add_common, emit, lang_of, progress_of, request_of
from fourc.cli.visible import tell
from fourc.errors import UsageError
from fourc.model.change import FileEdit
from fourc.model.pod_security import Level
from fourc.model.text import Text
from fourc.plan.admission.moves import UNTIL
from fourc.plan.admission.situation import Situation
from fourc.plan.costs import WORK
from fourc.report.admission import (
    AdmitReport,
    Between,
    Exempt,
    NamespaceRow,
    StepRow,
    render,
    screen_lines,
    step_lines,
)

_GOALS = (Level.BASELINE, Level.RESTRICTED)


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the steps, or show or write one."""
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value(
        "--to",
        choices=[level.word for level in _GOALS],
        default=Level.RESTRICTED.word,
        said=Text("the level that is to be enforced (default: restricted)", "要强制执行的级别（默认：restricted）"),
    )
    arguments.value(
        "--step", metavar="N|ID", said=Text("one step in full, with its diff", "查看某一步的全部内容和 diff")
    )
    arguments.switch("--apply", said=Text("write the files of this step", "写入该步骤的文件"))
    arguments.switch(
        "--force",
        said=Text("also before its turn, and over uncommitted changes", "不按顺序、有未提交的改动时也写入"),
    )
    add_common(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    if options.apply and not options.step:
        raise UsageError(
            Text("--apply needs the step", "--apply 需要指定步骤"),
            hint=Text("fourc admit plan --step 1 --apply", "fourc admit plan --step 1 --apply"),
        )
    progress, lang = progress_of(options), lang_of(options)
    request = request_of(options, options.paths)
    goal = next(level for level in _GOALS if level.word == options.to)
    plan = plan_admission(request, goal, progress)
    progress(None)
    code = INCOMPLETE if any(g.named for g in plan.gaps) else OK
    if not options.step:
        report = report_of(plan, edits=options.format == "json")
        emit(
            options, render(report, lang) if options.format == "json" else "\n".join(screen_lines(report, lang)) + "\n"
        )
        return code
    step = plan.step(options.step)
    if options.apply:
        written = apply_step(plan, step, force=options.force)
        told = taken_now(plan, step).by_hand if not written else ()
        for hand in told:
            tell(Text("by hand: {t}\n", "手动：{t}\n").of(t=hand).say(lang))
        if told and not step.commands:
            return USAGE
        for path in written:
            tell(Text("written: {p}\n", "已写入：{p}\n").of(p=path).say(lang))
    number = plan.rollout.steps.index(step) + 1
    row = _row(taken_now(plan, step))
    if not options.apply:
        emit(options, "\n".join(step_lines(number, row, [s.title for s in undone(plan, step)], lang)) + "\n")
    else:
        emit(options, "".join(f"{c}\n" for c in step.commands))
    return code


def report_of(plan: AdmitPlan, *, edits: bool) -> AdmitReport:
    """The roll-out as the reporters want it; `edits` works out every diff."""
    steps = list(taken(plan)) if edits else [Taken(s, (), (), s.cautions, s.by_hand) for s in plan.rollout.steps]
    return AdmitReport(
        plan.name,
        plan.goal.word,
        str(plan.request.version),
        plan.workloads,
        tuple(
            NamespaceRow(
                s.name,
                s.enforced.word,
                s.meets.word,
                s.goal.word,
                s.is_done,
                bool(s.judged),
                tuple(
                    Between(j.workload.meta.ref, s.goal.word, tuple(sorted(j.verdict.against(s.goal))))
                    for j in s.others
                    if not s.is_done and not j.verdict.meets(s.goal)
                ),
                tuple(Exempt(a.workload.meta.ref, a.why, _until(s, plan)) for a in s.agents),
            )
            for s in plan.rollout.situations
        ),
        plan.rollout.left_alone,
        tuple(map(_row, steps)),
        plan.gaps,
    )


def _until(situation: Situation, plan: AdmitPlan) -> str:
    """The date in the namespace's file, else the one that would be written there."""
    noted = situation.meta.annotations if situation.meta else {}
    return noted.get(UNTIL, plan.until)


def _row(done: Taken) -> StepRow:
    step = done.step
    edits = [FileEdit(file.path, file.fix_class, file.diff) for file in done.files]
    edits += [FileEdit("-", step.fix_class, "", command) for command in (*done.patches, *step.commands)]
    return StepRow(step, WORK[step.kind].upkeep, tuple(edits), done.by_hand, done.cautions)
