"""What every command shares: flags, language, where output goes."""

import argparse
import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path

from fourc.app.scan import Request, stdin_bytes
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.text import Lang
from fourc.model.version import NEWEST, KubeVersion

OK, FAILED, USAGE, INCOMPLETE = 0, 1, 2, 3


def add_common(parser: argparse.ArgumentParser, *formats: str) -> None:
    """The flags that every command has."""
    parser.add_argument("--kubernetes-version", metavar="1.N", help="judge for this version (default: the newest)")
    parser.add_argument("-f", "--format", choices=formats or ("text", "json"), default="text", help="how to print it")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of to the screen")
    parser.add_argument(
        "-s", "--severity", choices=[s.word for s in Severity], default="info", help="leave out what is less severe"
    )
    parser.add_argument("--lang", choices=[lang.value for lang in Lang], help="language (default: the locale's)")
    parser.add_argument("--all-files", action="store_true", help="also read what git ignores")
    parser.add_argument("--offline", action="store_true", help="never use the network (which is the default)")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress and no hints")
    parser.add_argument("--exit-code", type=int, metavar="N", default=0, help="exit with N when there are findings")


def lang_of(options: argparse.Namespace) -> Lang:
    """The language asked for, else the locale's."""
    if options.lang:
        return Lang(options.lang)
    word = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not word:
        word = locale.getlocale()[0] or ""
    return Lang.ZH if word.lower().startswith("zh") else Lang.EN


def request_of(options: argparse.Namespace, paths: list[str]) -> Request:
    """The request that the flags make."""
    version = KubeVersion.parse(options.kubernetes_version) if options.kubernetes_version else NEWEST
    severity = next(s for s in Severity if s.word == options.severity)
    if "-" in paths and len(paths) > 1:
        raise UsageError("- stands for the standard input, alone", hint="leave the other paths out")
    stdin = stdin_bytes() if paths == ["-"] else None
    return Request(
        tuple(paths or ["."]), version=version, severity=severity, read_ignored=options.all_files, stdin=stdin
    )


def emit(options: argparse.Namespace, text: str) -> None:
    """Print to the screen or into the file that was asked for."""
    if options.output:
        try:
            Path(options.output).write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(
                f"{options.output} cannot be written: {error.strerror}", hint="name another file"
            ) from error
    else:
        sys.stdout.write(text)


def progress_of(options: argparse.Namespace) -> Callable[[str], None]:
    """Say on a terminal what is being done; nothing elsewhere."""
    if options.quiet or not sys.stderr.isatty():
        return lambda _: None

    def show(word: str) -> None:
        sys.stderr.write(f"\r\x1b[K{word} ..." if word else "\r\x1b[K")
        sys.stderr.flush()

    return show
