"""`fourc fix`: print, write or commit changes of the plan."""

import argparse
import sys

from fourc.app.fix import Fixing, apply, branch, choose, verify
from fourc.app.scan import plan_for, upto_class
from fourc.app.verify import Proof
from fourc.cli.common import FAILED, INCOMPLETE, OK, add_common, lang_of, progress_of, request_of
from fourc.collect.dry_run import Cluster
from fourc.errors import UsageError
from fourc.model.remedy import FixClass
from fourc.model.text import Lang, Text


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Work on the chosen changes; without --apply or --branch nothing is written."""
    parser.add_argument("wanted", nargs="+", metavar="{N... | all} [PATH]", help="numbers of the plan, or all")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print the diff and nothing else (the default)")
    how.add_argument("--apply", action="store_true", help="write the files")
    how.add_argument("--branch", action="store_true", help="commit on a new local branch, with a merge-request text")
    parser.add_argument(
        "--verify", action="store_true", help="prove it on copies first; nothing is written if it fails"
    )
    parser.add_argument("--kubeconfig", metavar="FILE", help="with --verify: ask this cluster too (a dry run)")
    parser.add_argument(
        "--context", metavar="NAME", help="with --verify: ask the cluster of this context too (a dry run)"
    )
    parser.add_argument("--upto", choices=[c.word for c in FixClass], help="the riskiest class of edits to take")
    parser.add_argument("--force", action="store_true", help="also edit files with uncommitted changes")
    add_common(parser, "text")
    options = parser.parse_intermixed_args(words)
    numbers, paths = split_numbers(options.wanted)
    progress = progress_of(options)
    planned = plan_for(request_of(options, paths), progress)
    fixing = choose(planned, numbers, upto_class(options.upto) if options.upto else None)
    lang = lang_of(options)
    if options.verify:
        progress("proving")
        named = options.kubeconfig or options.context
        proof = verify(fixing, Cluster(options.kubeconfig, options.context) if named else None)
        progress("")
        sys.stderr.write("".join(f"{line}\n" for line in proof_lines(proof, lang)))
        if not proof.holds:
            nothing = Text("Nothing was written.\n", "没有写入任何内容。\n")
            sys.stderr.write(nothing.say(lang))
            return FAILED
    progress("")
    if options.apply:
        return _apply(fixing, lang, force=options.force)
    if options.branch:
        name, message = branch(fixing, lang)
        sys.stdout.write(
            Text("Branch {b} is ready. Its text:\n\n", "分支 {b} 已就绪，说明如下：\n\n").of(b=name).say(lang) + message
        )
        return OK
    sys.stdout.write(fixing.diff)
    if fixing.left_out and not options.quiet and not options.diff:
        hint = Text(
            "{n} riskier edits are left out (--upto try-first or decision takes them).\n",
            "另有 {n} 处风险更高的修改未包含（--upto try-first 或 decision 可以包含）。\n",
        )
        sys.stderr.write(hint.of(n=fixing.left_out).say(lang))
    return OK


def split_numbers(words: list[str]) -> tuple[list[str], list[str]]:
    """The numbers (or `all`) that come first, and the paths behind them."""
    numbers = [words[0]] if words[0] == "all" else []
    if not numbers:
        while len(numbers) < len(words) and words[len(numbers)].isdecimal():
            numbers.append(words[len(numbers)])
    if not numbers:
        raise UsageError(f"{words[0]} is not a number of the plan", hint="fourc fix 1 --diff, or fourc fix all --diff")
    return numbers, words[len(numbers) :]


def _apply(fixing: Fixing, lang: Lang, *, force: bool) -> int:
    for change in fixing.changes if len(fixing.changes) <= 3 else ():
        risk = Text("{t}: may break ({p}%): {w}.", "{t}：可能影响（{p}%）：{w}。")
        line = risk.of(t=change.title, p=round(100 * change.breaks.probability), w=change.breaks.what).say(lang)
        sys.stderr.write(f"{line}\n" + "".join(f"  {c.say(lang)}\n" for c in change.cautions))
    if fixing.planned.seen.request.stdin is not None:
        hint = Text("Nothing can be written into a pipe; run these commands:\n", "无法写入管道；请运行以下命令：\n")
        sys.stderr.write(hint.say(lang))
        sys.stdout.write(fixing.diff)
        return OK
    written = apply(fixing, force=force)
    said = Text("{n} files changed", "修改了 {n} 个文件").of(n=len(written)).say(lang)
    sys.stdout.write(said + "".join(f"\n  {path}" for path in written) + "\n")
    if written:
        renumbered = Text(
            "The plan is numbered anew: see fourc before the next fix.\n",
            "计划已重新编号：下一次修复前请先查看 fourc。\n",
        )
        sys.stderr.write(renumbered.say(lang))
    for refused in fixing.proposal.refused:
        sys.stderr.write(f"{refused.finding.origin.path}: {refused.finding.rule}: {refused.why}\n")
    return INCOMPLETE if fixing.proposal.refused else OK


def proof_lines(proof: Proof, lang: Lang) -> list[str]:
    """One line for each thing that was asked."""
    words = {True: Text("yes", "是"), False: Text("NO", "否"), None: Text("not checked", "未检查")}
    return [f"  {words[c.held].say(lang):<12} {c.what.say(lang)}{f' ({c.why})' if c.why else ''}" for c in proof.claims]
