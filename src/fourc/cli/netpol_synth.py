"""`fourc netpol synth`: network policies that keep what must talk."""

from pathlib import Path

from fourc.app.request import Request
from fourc.app.synth import Wish, parse_addresses, synth
from fourc.cli.arguments import Arguments
from fourc.cli.common import FAILED, INCOMPLETE, OK, lang_of, progress_of, stdin_bytes
from fourc.cli.netpol_flags import DIR, add_shared, declared_of
from fourc.cli.visible import show
from fourc.model.text import Text


def run(arguments: Arguments, words: list[str]) -> int:
    """Write the policies into a folder and print what was proven about them."""
    arguments.optional("dir", DIR, metavar="DIR", default=".")
    arguments.value(
        "-o",
        "--output",
        metavar="OUT",
        required=True,
        said=Text("the folder to write the policies into", "策略写入的目录"),
    )
    arguments.values(
        "--flows",
        metavar="FILE",
        said=Text(
            "connections that were seen (hubble observe -o json, conntrack -L, a table source,target,port,protocol) or a "
            "registry's export (Nacos, Consul, Dubbo); may be repeated",
            "观测到的连接（hubble observe -o json、conntrack -L、表格 source,target,port,protocol）或注册中心的导出"
            "（Nacos、Consul、Dubbo）；可重复",
        ),
    )
    arguments.values(
        "--address",
        metavar="HOST=CIDR",
        said=Text(
            "the address of a host outside that you confirm; kubernetes=CIDR for the API server; may be repeated",
            "你确认的外部主机地址；API 服务器用 kubernetes=网段；可重复",
        ),
    )
    arguments.value(
        "-f",
        "--format",
        choices=("text", "json"),
        default="text",
        said=Text("how to print the proof", "证明的输出格式"),
    )
    add_shared(arguments)
    arguments.switch("--offline", said=Text("never use the network (which is the default)", "从不使用网络（默认如此）"))
    options = arguments.parse(words, lambda given: [given.dir])
    progress, lang = progress_of(options), lang_of(options)
    stdin = stdin_bytes() if options.dir == "-" else None
    request = Request((options.dir,), read_ignored=options.all_files, stdin=stdin, settings=options.settings)
    addresses = parse_addresses(options.address)
    wish = Wish(request, Path(options.output), tuple(options.flows), addresses, lang, declared_of(options))
    report = synth(wish, progress)
    progress(None)
    if options.format == "json":
        from fourc.report.synth_json import render  # noqa: PLC0415 - one format is loaded, not all

        show(render(report, lang))
    else:
        from fourc.report.synth_text import synth_lines  # noqa: PLC0415 - the same

        show("\n".join(synth_lines(report, lang)) + "\n")
    if not report.proof.holds:
        return FAILED
    return INCOMPLETE if any(g.named for g in report.gaps) else OK
