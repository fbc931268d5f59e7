"""The flags of `fourc scan secrets`, and its run."""

import argparse

from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.cli.arguments import Arguments
from fourc.cli.common import progress_of, stdin_stream
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.report import Report
from fourc.model.settings import Settings
from fourc.model.text import Text

FLAGS = ("--history", "--unreferenced", "--staged", "--diff", "--verify-live")
"""Those that mean nothing elsewhere."""


def add_flags(arguments: Arguments) -> None:
    """What only secrets are looked for with."""
    arguments.switch(
        "--history",
        said=Text("secrets: also in every commit of the git history", "密钥：也检查 git 历史中的每个提交"),
    )
    arguments.switch(
        "--unreferenced",
        said=Text(
            "secrets: also what git still keeps but no branch or tag reaches",
            "密钥：也检查 git 仍保留、但没有分支或标签可达的内容",
        ),
    )
    arguments.switch(
        "--staged", said=Text("secrets: only what the next commit would add", "密钥：只检查下一次提交将新增的内容")
    )
    arguments.switch(
        "--diff",
        said=Text(
            "secrets: only the lines that the diff on the standard input adds", "密钥：只检查标准输入中的 diff 新增的行"
        ),
    )
    arguments.values(
        "--baseline",
        metavar="FILE",
        said=Text(
            "leave out what is listed there: a JSON report of gitleaks, a .secrets.baseline, or what fourc baseline"
            " write made (may be repeated)",
            "忽略该文件已列出的内容：gitleaks 的 JSON 报告、.secrets.baseline 或 fourc baseline write 的输出（可重复）",
        ),
    )
    arguments.switch(
        "--verify-live",
        said=Text(
            "secrets: say which providers would have to be asked whether a secret still works; this version asks none",
            "密钥：列出需要向哪些服务商询问密钥是否仍然有效；此版本不会发出任何请求",
        ),
    )


def secrets_report(options: argparse.Namespace) -> Report:
    """What a scan for secrets has to say.

    Raises:
        UsageError: flags contradict each other.
    """
    piped = options.diff or options.targets == ["-"]
    _check(options, piped=piped)
    settings: Settings = options.settings
    severity = next((s for s in Severity if s.word == options.severity), None) or settings.severity or Severity.INFO
    data, cut = None, None
    if piped:
        from fourc.collect.content.diffs import read_stdin  # noqa: PLC0415 - only what is piped in needs it

        data, cut = read_stdin(stdin_stream())
    scan = SecretScan(
        (".",) if piped else tuple(options.targets or ["."]),
        severity=severity,
        read_ignored=options.all_files,
        history=options.history or options.unreferenced,
        unreferenced=options.unreferenced,
        staged=options.staged,
        stdin=data,
        cut=cut,
        is_diff=options.diff,
        baselines=tuple(options.baseline),
    )
    progress = progress_of(options)
    progress(Text("looking for secrets", "正在查找密钥"))
    report = scan_secrets(scan, progress)
    progress(None)
    if options.verify_live:
        _refuse_to_ask(report)
    return report


def _check(options: argparse.Namespace, *, piped: bool) -> None:
    if "-" in options.targets and len(options.targets) > 1:
        raise UsageError(
            Text("- stands for the standard input, alone", "- 表示标准输入，只能单独使用"),
            hint=Text("leave the other paths out", "请去掉其他路径"),
        )
    if options.diff and options.targets not in ([], ["-"]):
        raise UsageError(
            Text("--diff reads the standard input", "--diff 读取标准输入"),
            hint=Text("git diff main | fourc scan secrets --diff", "git diff main | fourc scan secrets --diff"),
        )
    where = [flag for flag, given in (("--staged", options.staged), ("--diff", piped)) if given]
    if len(where) + (options.history or options.unreferenced) > 1:
        raise UsageError(
            Text("--history, --staged and --diff exclude each other", "--history、--staged 与 --diff 不能同时使用"),
            hint=Text("run one after the other", "请分别运行"),
        )


def _refuse_to_ask(report: Report) -> None:
    """Say what would be asked, and end: nothing is asked."""
    from fourc.secrets.live import asked  # noqa: PLC0415 - rarely needed

    calls = asked(report.findings)
    lines = "".join(f"\n  {call}" for call in calls)
    none = Text("nothing that was found could be asked about", "找到的内容都无法询问")
    some = Text(
        "it would make these calls, each with the secret in it:{lines}", "它会发出以下请求，每个都带有该密钥：{lines}"
    )
    raise UsageError(
        Text("--verify-live cannot ask providers in this version", "此版本的 --verify-live 不能询问服务商"),
        hint=some.of(lines=lines) if calls else none,
    )
