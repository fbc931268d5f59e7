"""`fourc admit export`: checks as policies for the API server, Kyverno, Gatekeeper or a provider's own library."""

import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from fourc.cli.arguments import Arguments
from fourc.cli.common import CONFIG, OK, PATHS, lang_of, stdin_bytes
from fourc.cli.visible import show
from fourc.errors import UsageError
from fourc.model.text import Lang, Text
from fourc.model.version import NEWEST, KubeVersion

_FORMATS = ("psa", "vap", "map", "kyverno", "gatekeeper", "ack")
_READ_HERE = ("psa", "ack")  # they are about what there is, so the current folder is read where none is named
_STAGES = ("audit", "warn", "deny")
_LEFT_OUT = Text("not said, or not exactly, by these policies:", "这些策略没有表达、或没有完全表达的检查：")
_NOTES = Text("good to know:", "请注意：")
_FITS = {
    "narrower": Text("narrower", "范围更小"),
    "stricter": Text("stricter", "更严格"),
    "not-expressible": Text("not expressible", "无法表达"),
}
_WROTE = Text("{n} files written to {folder}", "已写入 {folder}：{n} 个文件")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the policies, or write them into a folder, and say on stderr what they do not say."""
    _flags(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    from fourc.app.admit_export import exemption, export, own, read, write  # noqa: PLC0415 - help needs none of it
    from fourc.enforce.export import Asked, Stage  # noqa: PLC0415

    if options.format == "map" and options.stage != _STAGES[0]:
        raise UsageError(
            Text(
                "the format map has no stages: a default is filled in, or it is not",
                "map 格式没有阶段：默认值要么填写，要么不填",
            ),
            hint=Text(
                "leave --stage out; -n tries it in one namespace", "请去掉 --stage；可以用 -n 先在一个命名空间试用"
            ),
        )
    paths = options.paths or (["."] if options.format in _READ_HERE and not options.namespace else [])
    lang, version = lang_of(options), options.settings.kubernetes_version or NEWEST
    asked = Asked(
        checks=frozenset(options.check),
        stage=Stage(options.stage),
        namespaces=frozenset(options.namespace),
        version=KubeVersion.parse(options.kubernetes_version) if options.kubernetes_version else version,
        lang=lang,
        exempt=frozenset(exemption(text) for text in options.exempt),
        own=own(options.paths, options.settings, options.own_checks),
        inventory=read(paths, stdin_bytes() if paths == ["-"] else None),
    )
    made = export(options.format, asked)
    left_out = [(x.check, x.fit.value, x.why) for x in made.left_out]
    said = [*_said(left_out, lang), *_told(made.told, lang)]
    texts = [(file.name, file.text) for file in made.files]
    if texts and said:
        comment = "".join(f"# {line}".rstrip() + "\n" for line in said)
        texts[0] = (texts[0][0], comment + texts[0][1])
    if options.output:
        write(Path(options.output), texts)
    if options.f == "json":
        told = [{"check": check, "fit": fit, "why": why.say(lang)} for check, fit, why in left_out]
        files = [{"name": name, "text": text} for name, text in texts]
        notes = [note.say(lang) for note in made.told]
        data = {"schema": 1, "files": files, "left_out": told, "notes": notes}
        show(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    elif not options.output:
        show("---\n".join(text for _, text in texts))
    if options.f != "json" and not options.quiet:
        written = [_WROTE.of(n=len(texts), folder=options.output).say(lang)] if options.output else []
        sys.stderr.write("".join(f"{line}\n" for line in (*written, *said)))
    return OK


def _flags(arguments: Arguments) -> None:
    arguments.value(
        "--format", choices=_FORMATS, required=True, said=Text("what is to enforce the checks", "由什么来执行这些检查")
    )
    arguments.value(
        "--stage",
        choices=_STAGES,
        default="audit",
        said=Text(
            "write to the audit log, warn as well, or refuse (default: audit)",
            "写审计日志、同时警告，或拒绝（默认：audit）",
        ),
    )
    arguments.values(
        "--check",
        metavar="ID",
        said=Text("only this check, as a policy of its own (may be repeated)", "只导出该检查，单独成为策略（可重复）"),
    )
    arguments.values(
        "--exempt",
        metavar="CHECK=NAMESPACE/NAME",
        said=Text("the check leaves this workload alone (may be repeated)", "该检查不管这个工作负载（可重复）"),
    )
    arguments.values(
        "--own-checks",
        metavar="PATH",
        said=Text("a file or folder with checks of your own (may be repeated)", "存放自有检查的文件或目录（可重复）"),
    )
    arguments.values(
        "-n",
        "--namespace",
        metavar="NAME",
        said=Text(
            "only in this namespace (may be repeated; default: all but the cluster's own)",
            "只在该命名空间（可重复；默认：除集群自身之外的全部）",
        ),
    )
    arguments.value(
        "--kubernetes-version",
        metavar="1.N",
        said=Text("write for this version (default: the newest)", "按该版本编写（默认：最新版本）"),
    )
    arguments.value("-o", "--output", metavar="FOLDER", said=Text("write files into this folder", "把文件写入该目录"))
    arguments.value("-f", choices=("text", "json"), default="text", said=Text("how to print it", "输出格式"))
    arguments.value("-c", "--config", metavar="FILE", said=CONFIG)
    arguments.value(
        "--lang",
        choices=[lang.value for lang in Lang],
        said=Text(
            "language of the messages, too (default: the locale's)", "语言，包括策略的提示（默认：系统区域设置）"
        ),
    )
    arguments.switch("-q", "--quiet", said=Text("do not list what the policies do not say", "不列出策略没有表达的检查"))
    arguments.positional("paths", PATHS, nargs="*", metavar="PATH")


def _told(notes: Sequence[Text], lang: Lang) -> Iterator[str]:
    """What else is worth knowing: what exists already, which version of a product the files need, in which order they go."""
    if notes:
        yield _NOTES.say(lang)
    for note in notes:
        yield from textwrap.wrap(
            note.say(lang), 120, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )


def _said(left_out: list[tuple[str, str, Text]], lang: Lang) -> Iterator[str]:
    if not left_out:
        return
    yield _LEFT_OUT.say(lang)
    alike: dict[tuple[str, str], list[str]] = {}
    for check, fit, why in left_out:
        alike.setdefault((fit, why.say(lang)), []).append(check)
    for (fit, why_not), checks in alike.items():
        text = f"{', '.join(checks)} ({_FITS[fit].say(lang)}): {why_not}"
        yield from textwrap.wrap(text, 120, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
