"""`fourc netpol synth`: network policies that keep what must talk."""

import argparse
import sys
from itertools import pairwise
from pathlib import Path

from fourc.app.scan import Request, stdin_bytes
from fourc.app.synth import Wish, parse_addresses, synth
from fourc.cli.common import FAILED, INCOMPLETE, OK, lang_of, progress_of
from fourc.model.text import Lang, Text

_WORDS = {
    "dir": Text(
        "a folder or file that holds manifests, or - for the standard input", "含清单的目录或文件；- 表示标准输入"
    ),
    "output": Text("the folder to write the policies into", "策略写入的目录"),
    "flows": Text(
        "connections that were seen (hubble observe -o json, conntrack -L, a table source,target,port,protocol) or a "
        "registry's export (Nacos, Consul, Dubbo); may be repeated",
        "观测到的连接（hubble observe -o json、conntrack -L、表格 source,target,port,protocol）或注册中心的导出"
        "（Nacos、Consul、Dubbo）；可重复",
    ),
    "address": Text(
        "the address of a host outside that you confirm; kubernetes=CIDR for the API server; may be repeated",
        "你确认的外部主机地址；API 服务器用 kubernetes=网段；可重复",
    ),
    "format": Text("how to print the proof", "证明的输出格式"),
    "lang": Text("language (default: the locale's)", "语言（默认：系统区域设置）"),
    "all_files": Text("also read what git ignores", "也读取 git 忽略的文件"),
    "offline": Text("never use the network (which is the default)", "从不使用网络（默认如此）"),
    "quiet": Text("no progress", "不显示进度"),
}


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Write the policies into a folder and print what was proven about them."""
    say = {key: text.say(_lang_in(words)).replace("%", "%%") for key, text in _WORDS.items()}
    parser.add_argument("dir", nargs="?", default=".", metavar="DIR", help=say["dir"])
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help=say["output"])
    parser.add_argument("--flows", action="append", default=[], metavar="FILE", help=say["flows"])
    parser.add_argument("--address", action="append", default=[], metavar="HOST=CIDR", help=say["address"])
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help=say["format"])
    parser.add_argument("--lang", choices=[lang.value for lang in Lang], help=say["lang"])
    parser.add_argument("--all-files", action="store_true", help=say["all_files"])
    parser.add_argument("--offline", action="store_true", help=say["offline"])
    parser.add_argument("-q", "--quiet", action="store_true", help=say["quiet"])
    options = parser.parse_intermixed_args(words)
    progress = progress_of(options)
    lang = lang_of(options)
    stdin = stdin_bytes() if options.dir == "-" else None
    request = Request((options.dir,), read_ignored=options.all_files, stdin=stdin)
    wish = Wish(request, Path(options.output), tuple(options.flows), parse_addresses(options.address), lang)
    report = synth(wish, progress)
    progress("")
    if options.format == "json":
        from fourc.report.synth_json import render  # noqa: PLC0415 - one format is loaded, not all

        sys.stdout.write(render(report, lang))
    else:
        from fourc.report.synth_text import synth_lines  # noqa: PLC0415 - the same

        sys.stdout.write("\n".join(synth_lines(report, lang)) + "\n")
    if not report.proof.holds:
        return FAILED
    return INCOMPLETE if any(g.named for g in report.gaps) else OK


def _lang_in(words: list[str]) -> Lang:
    """The language of the command line, before it is parsed: help is asked for in it too."""
    chosen = next((b for a, b in pairwise(words) if a == "--lang"), None)
    chosen = next((w.partition("=")[2] for w in words if w.startswith("--lang=")), chosen)
    known = {lang.value for lang in Lang}
    return lang_of(argparse.Namespace(lang=chosen if chosen in known else None))
