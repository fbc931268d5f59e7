"""The command line: picks the command, prints errors with what to do next, and sets the exit code."""

import atexit
import gc
import importlib
import io
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fourc import __version__
from fourc.cli.language import spoken
from fourc.cli.visible import tell
from fourc.errors import FourcError
from fourc.text import Lang, Text

if TYPE_CHECKING:
    from fourc.cli.arguments import Arguments

COMMANDS = {
    "plan": Text(
        "the few changes that remove the most risk here (the default command)",
        "最值得先做的几项改动：消除最多的风险（默认命令）",
    ),
    "show": Text(
        "one change of the plan: why, what may break, and its diff", "计划中的一项改动：原因、可能的影响和 diff"
    ),
    "why": Text(
        "everything about one finding, change or attack path, by its id", "按 id 查看一个问题、改动或攻击路径的全部信息"
    ),
    "fix": Text(
        "print (--diff), write (--apply) or commit (--branch) changes of the plan",
        "输出（--diff）、写入（--apply）或提交（--branch）计划中的改动",
    ),
    "done": Text(
        "say how long a change took, so that the estimates become yours", "记录一项改动的实际用时，让估计符合你的团队"
    ),
    "scan": Text("every finding, for those who want the list", "列出所有问题"),
    "import": Text(
        "the plan, with the vulnerabilities that a report of trivy or grype lists",
        "计划，并纳入 trivy 或 grype 报告列出的漏洞",
    ),
    "db": Text(
        "the file of known vulnerabilities: make one (build), fetch one (update), what it holds (status)",
        "已知漏洞数据库：生成（build）、获取（update）、查看内容（status）",
    ),
    "image": Text(
        "an image: how it starts, what it is built of and whose it is (inspect), the list of what is in it (sbom)",
        "镜像：如何启动、由什么构成、来自谁（inspect），以及其软件包清单（sbom）",
    ),
    "ignore": Text(
        "leave one finding out from now on, with the reason, in a file that is reviewed like code",
        "今后忽略某个问题，并写明理由；记录在像代码一样可评审的文件中",
    ),
    "baseline": Text(
        "what is known today (write), what is new since (diff), and forget what is gone (prune)",
        "记录今天已知的问题（write），查看此后新增的（diff），清除已消失的（prune）",
    ),
    "graph": Text(
        "what an attacker can reach from where, and the likeliest paths", "攻击者从哪里能到达哪里，以及最可能的路径"
    ),
    "rbac": Text(
        "who can do something, who can become administrator, and what nobody uses",
        "谁能做某件事、谁能成为管理员、哪些权限没有人用",
    ),
    "rule": Text(
        "the page of one rule: why it matters, what the fix changes, when to allow it",
        "一条规则的说明：为什么重要、修复会改变什么、何时可以允许",
    ),
    "rules": Text("all rules", "所有规则"),
    "doctor": Text("what could not be seen, and how to have it seen", "哪些内容没有看到，以及如何让它们被看到"),
    "admit": Text(
        "Pod Security step by step: what to change before the switch (plan), policies (export), the server's own word (verify)",
        "逐步启用 Pod 安全：开启前要改什么（plan）、导出策略（export）、由真实 API 服务器核对（verify）",
    ),
    "netpol": Text(
        "who may connect to whom by the network policies (list, check, diff), and policies made for you (synth)",
        "按网络策略，谁可以连接谁（list、check、diff），以及生成策略（synth）",
    ),
}
_MODULES = {"import": "import_report"}
"""Commands whose module cannot be called what they are: the word is Python's own."""
USAGE = 2
_NOBODY_READS = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    _set_encodings()
    atexit.register(gc.freeze)  # all goes at once with the process: it need not be gone through
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = spoken(words, os.environ)
    if words[:1] in (["-h"], ["--help"], ["help"]):
        sys.stdout.write(overview(lang))
        return 0
    if words[:1] == ["--version"]:
        sys.stdout.write(f"fourc {__version__}\n")
        return 0
    command = words.pop(at) if (at := _command_at(words)) is not None else "plan"
    level = logging.getLevelNamesMapping().get(os.environ.get("FOURC_LOG", "").upper(), logging.WARNING)
    logging.basicConfig(level=level, format="%(name)s: %(message)s")
    from fourc.cli.arguments import Arguments  # noqa: PLC0415 - the overview needs no parser

    taken = Arguments(command, COMMANDS[command], lang)
    try:
        return _run(command, taken, words)
    except FourcError as error:
        hint = f"\n{error.hint.say(taken.lang)}" if error.hint else ""
        tell(f"fourc: {error.message.say(taken.lang)}{hint}\n")
        return USAGE
    except OSError as error:
        # a full disk behind the output, a folder that is gone, a path that no file system takes
        tell(f"fourc: {error.strerror or error}{f': {error.filename}' if error.filename else ''}\n")
        return USAGE
    except KeyboardInterrupt:
        stopped = Text("stopped", "已停止")
        sys.stderr.write(f"\nfourc: {stopped.say(taken.lang)}\n")
        return 130


_WITH_VALUE = frozenset(
    {
        "--kubernetes-version",
        "-f",
        "--format",
        "-o",
        "--output",
        "-s",
        "--severity",
        "-c",
        "--config",
        "-n",
        "--namespace",
    }
    | {"--lang", "--own-checks", "--db", "--exit-code"}
)
"""Flags of every command behind which a value stands."""


def _command_at(words: Sequence[str]) -> int | None:
    """Where the command stands: flags that every command has may come before it."""
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        at += 2 if words[at] in _WITH_VALUE else 1
    return at if at < len(words) and words[at] in COMMANDS else None


def _run(command: str, taken: "Arguments", words: list[str]) -> int:
    """The command's code. After `fourc | head` the rest goes nowhere, and the code is that of a process that SIGPIPE ends.

    The signal itself stays ignored: a server, a kubectl or a proxy that hangs up must not end the program.
    """
    module = _MODULES.get(command, command)
    try:
        code = int(importlib.import_module(f"fourc.cli.{module}").run(taken, words))
        sys.stdout.flush()
    except BrokenPipeError:
        with suppress(OSError, ValueError):  # a stream without a file
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
    return code


def _set_encodings() -> None:
    """Never end for a character that the locale lacks; off a terminal UTF-8, as files, patches and JSON have it.

    What is written to a stream that the caller has closed goes nowhere.
    """
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


_HEAD = Text(
    """\
fourc: the few changes that remove the most Kubernetes risk per hour of work.

usage: fourc [PATH | -]           the plan for the manifests in PATH (default: here) or piped in
       fourc COMMAND [ARGUMENTS]  fourc COMMAND --help tells more
""",
    """\
fourc：用最少的工时消除最多的 Kubernetes 风险。

用法： fourc [PATH | -]           PATH（默认：当前目录）中或管道传入的清单的改动计划
       fourc COMMAND [ARGUMENTS]  fourc COMMAND --help 显示更多说明
""",
)
_FOOT = Text(
    """\
It reads, and writes only what fix --apply, fix --branch, done, ignore, baseline, admit plan --apply and db are asked to.
It opens no connection but those that are asked for by name: admit verify, fix --context, scan secrets --verify-live,
scan image, image and plan --image(s) of a registry's, db update.
Exit codes: 0 fine, 1 the gate failed, 2 wrong usage, 3 something that was named could not be read whole.
""",
    """\
它只读取；只有 fix --apply、fix --branch、done、ignore、baseline、admit plan --apply 和 db 会按要求写入。
除非点名要求（admit verify、fix --context、scan secrets --verify-live、scan image、image 和 plan --image(s) 指定仓库镜像、
db update），它不打开任何网络连接。
退出码：0 正常，1 未通过检查，2 用法错误，3 指定的内容没有完整读取。
""",
)


def overview(lang: Lang) -> str:
    """The help text of `fourc --help`."""
    lines = "".join(f"  {name:<8} {text.say(lang)}\n" for name, text in COMMANDS.items())
    return f"{_HEAD.say(lang)}\n{lines}\n{_FOOT.say(lang)}"


if __name__ == "__main__":
    sys.exit(main())
