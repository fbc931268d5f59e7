"""`fourc netpol`: who may connect to whom by the network policies."""

import argparse
from collections.abc import Callable, Mapping, Sequence

from fourc.app.netpol import Focus, State, compare, inspect, listing, notes, port_of, read_state, summary
from fourc.cli import netpol_synth
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, emit, lang_of, stdin_bytes
from fourc.cli.netpol_flags import DIR, add_shared, declared_of
from fourc.cli.visible import tell
from fourc.errors import UsageError
from fourc.model.connectivity import Direction
from fourc.model.gap import Gap
from fourc.model.text import Lang, Text
from fourc.reach.classes import Reading

_SAME = Text("nothing differs: both allow the same connections", "没有差异：两者放行的连接相同")
_ACTION = Text("what to do: fourc netpol ACTION --help tells more", "要做的事：fourc netpol ACTION --help 显示更多说明")


def run(arguments: Arguments, words: list[str]) -> int:
    """Run one of the actions."""
    action = ACTIONS.get(words[0]) if words else None
    if action is None:
        if words[:1] in (["-h"], ["--help"]):
            arguments.positional("action", _ACTION, metavar="|".join(ACTIONS))
            arguments.parse(words)
        raise UsageError(
            Text("say what to do with the network policies", "请说明要对网络策略做什么"),
            hint=Text("fourc netpol {actions} DIR", "fourc netpol {actions} 目录").of(actions="|".join(ACTIONS)),
        )
    arguments.within(words[0])
    return action(arguments, words[1:])


def list_connections(arguments: Arguments, words: list[str]) -> int:
    """`netpol list`."""
    arguments.optional("dir", DIR, metavar="DIR", default=".")
    arguments.switch(
        "--exposure",
        said=Text(
            "also to which pods that were not read, and to which addresses, each workload is open",
            "同时列出每个工作负载对未读取的 Pod 和外部地址开放的端口",
        ),
    )
    arguments.switch(
        "--explain",
        said=Text(
            "for every pair the policies and rules that allow or deny", "对每一对连接说明是哪条策略、哪条规则放行或拒绝"
        ),
    )
    arguments.values(
        "--focus",
        metavar="WORKLOAD",
        said=Text(
            "only connections of this workload: name or namespace/name (may be repeated)",
            "只看该工作负载的连接：名称或 命名空间/名称（可重复）",
        ),
    )
    arguments.values(
        "--peer",
        metavar="WORKLOAD",
        said=Text(
            "only connections with this one (with --focus; may be repeated)", "只看与它的连接（配合 --focus；可重复）"
        ),
    )
    arguments.value(
        "--direction",
        choices=[d.value.lower() for d in Direction],
        said=Text(
            "only what goes into the workloads of --focus, or out of them", "只看进入或离开 --focus 工作负载的连接"
        ),
    )
    arguments.value(
        "--on",
        metavar="PORT",
        said=Text("only connections on this port, such as tcp-80", "只看该端口的连接，例如 tcp-80"),
    )
    arguments.switch(
        "--summary",
        said=Text(
            "how many pods there are, and how many ordered pairs of different pods with any port allowed",
            "Pod 数量，以及至少放行一个端口的有序 Pod 对数量",
        ),
    )
    arguments.switch(
        "--expand",
        said=Text("name every pair, also with more than 1,000 workloads", "超过 1,000 个工作负载时也逐对列出"),
    )
    _common(arguments, "text", "json", "dot", "html")
    options = arguments.parse(words, _paths)
    lang = lang_of(options)
    state = _state(options, options.dir)
    emit(options, _summed(state, options) if options.summary else _listed(state, options, lang))
    for note in () if options.quiet else notes(state):
        tell(f"{note.say(lang)}\n")
    return _told(options, lang, state.gaps)


def _summed(state: State, options: argparse.Namespace) -> str:
    pods, pairs = summary(state)
    if options.format == "json":
        from fourc.report.netpol_json import summary_json  # noqa: PLC0415 - one format is loaded, not all

        return summary_json(pods, pairs)
    return f"pods {pods}\npairs {pairs}\n"


def _listed(state: State, options: argparse.Namespace, lang: Lang) -> str:
    direction = next((d for d in Direction if d.value.lower() == options.direction), None)
    on = port_of(options.on) if options.on else None
    found = listing(
        state,
        Focus(tuple(options.focus), direction, tuple(options.peer), on),
        expand=options.expand,
        exposed=options.exposure,
        explained=options.explain,
        why=options.format in {"json", "html"},
    )
    if options.format == "json":
        from fourc.report.netpol_json import listing_json  # noqa: PLC0415 - the same

        return listing_json(found, state.gaps, state.place_of, lang)
    if options.format == "dot":
        from fourc.report.netpol_dot import listing_dot  # noqa: PLC0415 - the same

        return listing_dot(found)
    if options.format == "html":
        from fourc.report.netpol_html import listing_html  # noqa: PLC0415 - the same

        return listing_html(found, state.gaps, state.place_of, lang)
    from fourc.report.netpol_text import listing_text, rule_places  # noqa: PLC0415 - the same

    if not options.quiet and found.explained is not None:
        tell(rule_places(found.explained, state.place_of))
    return listing_text(found)


def compare_states(arguments: Arguments, words: list[str]) -> int:
    """`netpol diff`."""
    arguments.positional("dir1", Text("the state before", "之前的状态"), metavar="DIR1")
    arguments.positional("dir2", Text("the state after", "之后的状态"), metavar="DIR2")
    _common(arguments, "text", "json")
    options = arguments.parse(words, _paths)
    lang = lang_of(options)
    before, after = _state(options, options.dir1), _state(options, options.dir2)
    # what holds of both as a whole is said once; at the same place in both it is still said of each
    gaps = (*before.gaps, *(g for g in after.gaps if g.location or g not in before.gaps))
    changes = compare(before, after)
    if options.format == "json":
        from fourc.report.netpol_json import difference_json  # noqa: PLC0415 - the same

        emit(options, difference_json(changes, gaps, lang))
    else:
        from fourc.report.netpol_text import difference_text  # noqa: PLC0415 - the same

        emit(options, difference_text(changes, "dir1", "dir2"))
        if not changes and not options.quiet:
            tell(f"{_SAME.say(lang)}\n")
    return _told(options, lang, gaps)


def check_policies(arguments: Arguments, words: list[str]) -> int:
    """`netpol check`: what is wrong with the policies; the exit code says it only with `--exit-code`."""
    arguments.optional("dir", DIR, metavar="DIR", default=".")
    _common(arguments, "text", "json")
    arguments.count("--exit-code", metavar="N", said=Text("exit with N when something is wrong", "发现错误时以 N 退出"))
    options = arguments.parse(words, _paths)
    lang = lang_of(options)
    state = _state(options, options.dir)
    problems = inspect(state)
    inventory = state.inventory
    policies = len(inventory.policies) + len(inventory.admin_policies)
    if options.format == "json":
        from fourc.report.netpol_problems import problems_json  # noqa: PLC0415 - the same

        emit(options, problems_json(problems, policies, state.gaps, lang))
    else:
        from fourc.report.netpol_problems import problems_text  # noqa: PLC0415 - the same

        emit(options, problems_text(problems, policies, len(inventory.foreign_policies), lang))
    told = _told(options, lang, state.gaps)
    return told or (int(options.exit_code) if any(p.wrong for p in problems) else OK)


ACTIONS: Mapping[str, Callable[[Arguments, list[str]], int]] = {
    "list": list_connections,
    "check": check_policies,
    "diff": compare_states,
    "synth": netpol_synth.run,
}


def _paths(options: argparse.Namespace) -> Sequence[str]:
    return [options.dir] if "dir" in options else [options.dir1]


def _common(arguments: Arguments, *formats: str) -> None:
    arguments.value(
        "--reading",
        choices=[r.value for r in Reading],
        default="np-guard",
        said=Text(
            "np-guard: host-network pods are like others. api: policies do not hold for them, as with most plug-ins, and"
            " administrators' rules about every address are about pods too (default: np-guard)",
            "np-guard：使用主机网络的 Pod 与其他 Pod 相同。api：策略对它们无效（多数插件如此），"
            "且管理员针对所有地址的规则也作用于 Pod（默认：np-guard）",
        ),
    )
    arguments.value("-f", "--format", choices=formats, default="text", said=Text("how to print it", "输出格式"))
    arguments.value(
        "-o",
        "--output",
        metavar="FILE",
        said=Text("write there instead of to the screen", "写入该文件，而不是输出到屏幕"),
    )
    add_shared(arguments)


def _state(options: argparse.Namespace, path: str) -> State:
    stdin = stdin_bytes() if path == "-" else None
    return read_state(
        path, Reading(options.reading), declared=declared_of(options), read_ignored=options.all_files, stdin=stdin
    )


def _told(options: argparse.Namespace, lang: Lang, gaps: Sequence[Gap]) -> int:
    """Say on the standard error what could not be seen; the exit code that it asks for."""
    if not options.quiet:
        for gap in gaps:
            place = f"{gap.location.path}:{gap.location.line}: " if gap.location else ""
            tell(f"{place}{gap.reason.value}: {gap.message.say(lang)}\n  {gap.remedy.say(lang)}\n")
    return INCOMPLETE if any(gap.named for gap in gaps) else OK
