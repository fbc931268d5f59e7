"""What every command shares: flags, where output goes, what is said meanwhile."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from fourc.cli.arguments import Arguments
from fourc.cli.visible import show, visible
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.settings import Settings
from fourc.model.text import Lang, Text
from fourc.model.version import NEWEST, KubeVersion

if TYPE_CHECKING:
    from fourc.app.request import Request

OK, FAILED, USAGE, INCOMPLETE = 0, 1, 2, 3
PATHS = Text("folders or files, or - for the standard input", "目录或文件；- 表示标准输入")

_CLOSED = Text("the standard input is closed", "标准输入已关闭")
_PIPE = Text("pipe manifests in, or name a folder", "请用管道传入清单，或指定目录")
CONFIG = Text(
    "the configuration (default: the nearest fourc.toml or pyproject.toml with [tool.fourc])",
    "配置文件（默认：最近的 fourc.toml，或含 [tool.fourc] 的 pyproject.toml）",
)


def add_common(arguments: Arguments, *formats: str) -> None:
    """The flags that every command has."""
    arguments.value(
        "--kubernetes-version",
        metavar="1.N",
        said=Text("judge for this version (default: the newest)", "按该版本判断（默认：最新版本）"),
    )
    arguments.value(
        "-f",
        "--format",
        choices=formats or ("text", "json"),
        default="text",
        said=Text("how to print it", "输出格式"),
    )
    arguments.value(
        "-o",
        "--output",
        metavar="FILE",
        said=Text("write there instead of to the screen", "写入该文件，而不是输出到屏幕"),
    )
    arguments.value(
        "-s",
        "--severity",
        choices=[s.word for s in Severity],
        said=Text("leave out what is less severe", "忽略低于该严重程度的问题"),
    )
    arguments.value(
        "-c",
        "--config",
        metavar="FILE",
        said=CONFIG,
    )
    arguments.values(
        "-n",
        "--namespace",
        metavar="NAME",
        said=Text(
            "report and plan only what is in this namespace (may be repeated)", "只报告和规划该命名空间的内容（可重复）"
        ),
    )
    arguments.switch("-A", "--all-namespaces", said=Text("every namespace (the default)", "所有命名空间（默认）"))
    arguments.value(
        "--lang",
        choices=[lang.value for lang in Lang],
        said=Text("language (default: the locale's)", "语言（默认：系统区域设置）"),
    )
    arguments.values(
        "--own-checks",
        metavar="PATH",
        said=Text("a file or folder with checks of your own (may be repeated)", "存放自有检查的文件或目录（可重复）"),
    )
    arguments.value(
        "--db",
        metavar="FILE",
        said=Text(
            "the file of known vulnerabilities (default: FOURC_DB, else what fourc db update fetched)",
            "已知漏洞数据库文件（默认：FOURC_DB，否则为 fourc db update 获取的文件）",
        ),
    )
    arguments.switch("--all-files", said=Text("also read what git ignores", "也读取 git 忽略的文件"))
    arguments.switch("--offline", said=Text("never use the network (which is the default)", "从不使用网络（默认如此）"))
    arguments.switch("-q", "--quiet", said=Text("no progress and no hints", "不显示进度和提示"))
    arguments.count("--exit-code", metavar="N", said=Text("exit with N when there are findings", "发现问题时以 N 退出"))


def add_imported(arguments: Arguments) -> None:
    """The flag of the commands that see what `fourc import` has planned."""
    arguments.values(
        "--imported",
        metavar="FILE",
        said=Text(
            "packages as this report of trivy or grype has them, instead of a database (may be repeated)",
            "软件包以 trivy 或 grype 的该报告为准，代替数据库（可重复）",
        ),
    )


_SEEING = (
    *("--kubernetes-version", "--severity", "--config", "--namespace", "--own-checks", "--db", "--imported"),
    "--all-files",
)
"""Common flags that decide what is seen, and so which changes there are and how they are numbered."""


def again_of(options: argparse.Namespace, paths: Sequence[str]) -> list[str]:
    """The words with which another command sees the same: the flags that were given, not what the environment says."""
    words: list[str] = []
    for flag in _SEEING:
        given = getattr(options, flag.removeprefix("--").replace("-", "_"), None)
        if given is True:
            words.append(flag)
        elif given:
            words += [word for value in ([given] if isinstance(given, str) else given) for word in (flag, value)]
    # a folder that is called 2024 must not be taken for a number of the plan
    return words + [f"./{path}" if path.isdecimal() else path for path in paths]


def lang_of(options: argparse.Namespace) -> Lang:
    """The language in which the command speaks."""
    lang: Lang = options.lang
    return lang


def settings_of(options: argparse.Namespace) -> Settings:
    """The configuration, overruled by the flags that name the same."""
    settings: Settings = options.settings
    return replace(settings, database=options.db) if options.db else settings


def request_of(options: argparse.Namespace, paths: list[str], *, everything: bool = False) -> "Request":
    """The request that the flags and the configuration make; `everything` looks for secrets and at packages, too."""
    from fourc.app.request import Request  # noqa: PLC0415 - a scan for secrets needs none of what reads manifests

    settings: Settings = options.settings
    version = KubeVersion.parse(options.kubernetes_version) if options.kubernetes_version else None
    severity = next((s for s in Severity if s.word == options.severity), None) or settings.severity
    if "-" in paths and len(paths) > 1:
        raise UsageError(
            Text("- stands for the standard input, alone", "- 表示标准输入，只能单独使用"),
            hint=Text("leave the other paths out", "请去掉其他路径"),
        )
    if options.namespace and options.all_namespaces:
        raise UsageError(
            Text("-n and -A exclude each other", "-n 与 -A 不能同时使用"), hint=Text("leave one out", "请去掉其中一个")
        )
    stdin = stdin_bytes() if paths == ["-"] else None
    if stdin is not None and not stdin.strip():
        raise UsageError(
            Text("nothing came through the pipe", "管道中没有任何内容"),
            hint=Text("see whether the command before it failed", "请检查管道前面的命令是否失败"),
        )
    return Request(
        tuple(paths or ["."]),
        version=version or settings.kubernetes_version or NEWEST,
        severity=Severity.INFO if severity is None else severity,
        read_ignored=options.all_files,
        stdin=stdin,
        namespaces=frozenset(options.namespace),
        secrets=everything,
        packages=everything,
        settings=settings_of(options),
        own_checks=tuple(options.own_checks),
        imported=tuple(getattr(options, "imported", ())),
    )


def stdin_stream() -> BinaryIO:
    """What is piped in.

    Raises:
        UsageError: the pipe is closed.
    """
    if not hasattr(sys.stdin, "buffer"):
        raise UsageError(_CLOSED, hint=_PIPE)
    return sys.stdin.buffer


def stdin_bytes() -> bytes:
    """Everything piped in; raises `UsageError`."""
    try:
        return stdin_stream().read()
    except OSError as error:  # a bad descriptor: the pipe is closed
        raise UsageError(_CLOSED, hint=_PIPE) from error


def emit(options: argparse.Namespace, text: str) -> None:
    """Print to the screen or into the file that was asked for."""
    if options.output:
        try:
            Path(options.output).write_text(visible(text), "utf-8")
        except OSError as error:
            raise UsageError(
                Text("{file} cannot be written: {why}", "无法写入 {file}：{why}").of(
                    file=options.output, why=error.strerror or ""
                ),
                hint=Text("name another file", "请指定其他文件"),
            ) from error
    else:
        show(text)


def progress_of(options: argparse.Namespace) -> Callable[[Text | None], None]:
    """Say on a terminal what is being done; nothing elsewhere."""
    if options.quiet or not sys.stderr.isatty():
        return lambda _: None

    def show(word: Text | None) -> None:
        sys.stderr.write(f"\r\x1b[K{word.say(lang_of(options))} ..." if word else "\r\x1b[K")
        sys.stderr.flush()

    return show
