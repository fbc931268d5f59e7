"""`fourc netpol synth`: network policies that keep what must talk."""

import argparse
import sys
from pathlib import Path

from fourc.app.scan import Request
from fourc.app.synth import Wish, parse_addresses, synth
from fourc.cli.common import FAILED, INCOMPLETE, OK, lang_of, progress_of
from fourc.model.text import Lang


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Write the policies into a folder and print what was proven about them."""
    parser.add_argument("dir", nargs="?", default=".", metavar="DIR", help="the folder that holds the manifests")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the folder to write the policies into")
    parser.add_argument(
        "--flows",
        action="append",
        default=[],
        metavar="FILE",
        help="connections that were seen: hubble observe -o json, conntrack -L, a table (source,target,port,protocol), "
        "or an export of Nacos' subscribers, Consul's intentions or Dubbo's URLs",
    )
    parser.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="HOST=CIDR",
        help="the address of a host outside the cluster, which you confirm; kubernetes=CIDR for the API server",
    )
    parser.add_argument("-f", "--format", choices=("text", "json"), default="text", help="how to print the proof")
    parser.add_argument("--lang", choices=[lang.value for lang in Lang], help="language (default: the locale's)")
    parser.add_argument("--all-files", action="store_true", help="also read what git ignores")
    parser.add_argument("--offline", action="store_true", help="never use the network (which is the default)")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")
    options = parser.parse_intermixed_args(words)
    progress = progress_of(options)
    lang = lang_of(options)
    request = Request((options.dir,), read_ignored=options.all_files)
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
