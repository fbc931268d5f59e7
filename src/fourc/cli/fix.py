"""`fourc fix`: print, write or commit changes of the plan."""

import sys

from fourc.app.fix import Fixing, apply, branch, choose, verify
from fourc.app.plan import plan_for, upto_class
from fourc.app.teach import remember_applied
from fourc.app.verify import Proof
from fourc.cli.arguments import Arguments
from fourc.cli.common import FAILED, INCOMPLETE, OK, add_common, add_imported, lang_of, progress_of, request_of
from fourc.cli.visible import show, tell
from fourc.collect.api_server import Cluster
from fourc.errors import UsageError
from fourc.fix.notes import cautions
from fourc.model.remedy import FixClass
from fourc.model.text import Lang, Text
from fourc.plan.changes import is_change_id


def run(arguments: Arguments, words: list[str]) -> int:
    """Work on the chosen changes; without --apply or --branch nothing is written."""
    arguments.positional(
        "wanted",
        nargs="+",
        metavar="{N|ID... | all} [PATH]",
        said=Text("numbers of the plan or ids of changes, or all", "计划中的编号或改动的 id，或 all（全部）"),
    )
    arguments.one_of(
        {
            "--diff": Text("print the diff and nothing else (the default)", "只输出 diff（默认）"),
            "--apply": Text("write the files", "写入文件"),
            "--branch": Text(
                "commit on a new local branch, with a merge-request text", "提交到新的本地分支，并附上合并请求的说明"
            ),
        }
    )
    arguments.switch(
        "--verify",
        said=Text("prove it on copies first; nothing is written if it fails", "先在副本上证明；失败则不写入任何内容"),
    )
    arguments.value(
        "--kubeconfig",
        metavar="FILE",
        said=Text(
            "with --verify: ask this cluster too (a dry run)", "配合 --verify：同时询问该集群（dry run，不改动）"
        ),
    )
    arguments.value(
        "--context",
        metavar="NAME",
        said=Text(
            "with --verify: ask the cluster of this context too (a dry run)",
            "配合 --verify：同时询问该 context 的集群（dry run，不改动）",
        ),
    )
    arguments.value(
        "--upto",
        choices=[c.word for c in FixClass],
        said=Text("the riskiest class of edits to take", "最多接受哪一级风险的修改"),
    )
    arguments.switch("--force", said=Text("also edit files with uncommitted changes", "也修改有未提交改动的文件"))
    add_common(arguments, "text")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: split_numbers(given.wanted)[1])
    numbers, paths = split_numbers(options.wanted)
    progress = progress_of(options)
    planned = plan_for(request_of(options, paths, everything=True), progress)
    fixing = choose(planned, numbers, upto_class(options.upto) if options.upto else None)
    lang = lang_of(options)
    if options.verify:
        progress(Text("proving", "正在证明"))
        named = options.kubeconfig or options.context
        proof = verify(fixing, Cluster(options.kubeconfig, options.context) if named else None)
        progress(None)
        tell("".join(f"{line}\n" for line in proof_lines(proof, lang)))
        if not proof.holds:
            nothing = Text("Nothing was written.\n", "没有写入任何内容。\n")
            tell(nothing.say(lang))
            return FAILED
    progress(None)
    if not options.quiet:
        tell("".join(f"{line}\n" for line in _hand_lines(fixing, numbers, lang)))
    if options.apply:
        return _apply(fixing, lang, force=options.force)
    if options.branch:
        name, message = branch(fixing, lang)
        show(
            Text("Branch {b} is ready. Its text:\n\n", "分支 {b} 已就绪，说明如下：\n\n").of(b=name).say(lang) + message
        )
        return OK
    show(fixing.diff) if sys.stdout.isatty() else sys.stdout.write(fixing.diff)
    if fixing.left_out and not options.quiet and not options.diff:
        hint = Text(
            "{n} riskier edits are left out (--upto try-first or decision takes them).\n",
            "另有 {n} 处风险更高的修改未包含（--upto try-first 或 decision 可以包含）。\n",
        )
        tell(hint.of(n=fixing.left_out).say(lang))
    return OK


def _hand_lines(fixing: Fixing, numbers: list[str], lang: Lang) -> list[str]:
    """What is left to a person: word for word for changes that were named, a count for all of them."""
    if not fixing.by_hand:
        return []
    if numbers == ["all"]:
        count = Text(
            "{n} edits are to be made by hand (templates and the like): fourc show N says how",
            "另有 {n} 处需要手动修改（模板等）：fourc show N 会说明如何修改",
        )
        return [count.of(n=len(fixing.by_hand)).say(lang)]
    return [Text("To do by hand:", "需要手动完成：").say(lang), *(f"  - {h.what.say(lang)}" for h in fixing.by_hand)]


def split_numbers(words: list[str]) -> tuple[list[str], list[str]]:
    """The numbers and ids (or `all`) that come first, and the paths behind them."""
    numbers = [words[0]] if words[0] == "all" else []
    if not numbers:
        while len(numbers) < len(words) and _names_change(words[len(numbers)]):
            numbers.append(words[len(numbers)])
    if not numbers:
        raise UsageError(
            Text("{word} is not a number of the plan", "{word} 不是计划中的编号").of(word=words[0]),
            hint=Text("fourc fix 1 --diff, or fourc fix all --diff", "fourc fix 1 --diff，或 fourc fix all --diff"),
        )
    return numbers, words[len(numbers) :]


def _names_change(word: str) -> bool:
    return word.isdecimal() or is_change_id(word)


def _apply(fixing: Fixing, lang: Lang, *, force: bool) -> int:
    for change in fixing.changes:
        risk = Text("{t}: may break ({p}%): {w}.", "{t}：有 {p}% 的可能出问题：{w}。")
        line = risk.of(t=change.title, p=round(100 * change.breaks.probability), w=change.breaks.what).say(lang)
        tell(f"{line}\n" + "".join(f"  {c.say(lang)}\n" for c in fixing.cautions(change)))
    tell("".join(f"  {note.say(lang)}\n" for note in cautions(fixing.proposal.files)))
    if fixing.planned.seen.request.stdin is not None:
        hint = Text("Nothing can be written into a pipe; run these commands:\n", "无法写入管道；请运行以下命令：\n")
        tell(hint.say(lang))
        show(fixing.diff)
        return OK
    written = apply(fixing, force=force)
    if written:
        changes = fixing.planned.plan.changes
        remember_applied(fixing.planned.seen.root, {changes.index(c) + 1: c for c in fixing.changes})
    one = Text("1 file changed", "修改了 1 个文件")
    many = Text("{n} files changed", "修改了 {n} 个文件").of(n=len(written))
    said = (one if len(written) == 1 else many).say(lang)
    show(said + "".join(f"\n  {path}" for path in written) + "\n")
    if written:
        renumbered = Text(
            "The plan is numbered anew: see fourc before the next fix, or name a change by its id.\n",
            "计划已重新编号：下一次修复前请先查看 fourc，或用 id 指定改动。\n",
        )
        tell(renumbered.say(lang))
    for refused in fixing.proposal.refused:
        tell(f"{refused.finding.origin.path}: {refused.finding.rule}: {refused.why.say(lang)}\n")
    return INCOMPLETE if fixing.proposal.refused else OK


def proof_lines(proof: Proof, lang: Lang) -> list[str]:
    """One line for each thing that was asked."""
    words = {True: Text("yes", "是"), False: Text("NO", "否"), None: Text("not checked", "未检查")}
    lines = []
    for claim in proof.claims:
        why = f" ({claim.why.say(lang)})" if claim.why.en else ""
        lines.append(f"  {words[claim.held].say(lang):<12} {claim.what.say(lang)}{why}")
    return lines
