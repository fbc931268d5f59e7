"""The flags of `fourc scan secrets`, and its run."""

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.cli.common import lang_of, progress_of, stdin_stream
from fourc.cli.visible import visible
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.report import Report
from fourc.model.settings import Settings
from fourc.model.text import Text, join, same

if TYPE_CHECKING:
    from fourc.app.live import Asking, Intent


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
    report = scan_secrets(scan, progress, _asking(options, progress))
    progress(None)
    return report


def _asking(options: argparse.Namespace, progress: Callable[[Text | None], None]) -> "Asking | None":
    """How providers are to be asked; None where nobody said that they are."""
    if not options.verify_live:
        if options.live_host:
            raise UsageError(
                Text("--live-host says where --verify-live asks", "--live-host 指定 --verify-live 的询问地址"),
                hint=Text("give both", "请同时使用"),
            )
        return None
    from fourc.app.live import Asking  # noqa: PLC0415 - what opens connections is loaded for who asks for it

    lang = lang_of(options)
    offline = bool(options.offline)

    def tell(intent: "Intent") -> None:
        progress(None)
        sys.stderr.write("".join(f"{visible(line.say(lang))}\n" for line in _told(intent, offline=offline)))
        sys.stderr.flush()

    return Asking(tell, dict(map(_host, options.live_host)), offline)


def _told(intent: "Intent", *, offline: bool) -> Iterator[Text]:
    """What is about to be asked, before it is."""
    calls = Text(
        "asking providers; each request holds a secret and changes nothing there:",
        "正在询问服务商；每个请求都带有一个密钥，不会更改任何内容：",
    )
    none = Text(
        "--offline: these calls are not made, each would hold a secret:", "--offline：不发出以下带有密钥的请求："
    )
    if intent.calls:
        yield none if offline else calls
    for call in intent.calls:
        yield Text("  {n} x {provider}: {url}", "  {n} 次 {provider}：{url}").of(
            n=call.secrets, provider=call.provider, url=call.url
        )
    if intent.nobody:
        some = join([same(f"{rule} ({n})") for rule, n in sorted(intent.nobody.items())], ", ", "、")
        yield Text(
            "nobody can be asked without doing something, or its other half is not beside it: {some}",
            "无法在不产生影响的情况下询问，或缺少配对的另一半：{some}",
        ).of(some=some)
    if not intent.calls and not intent.nobody:
        yield Text("nothing was found to ask about", "没有找到可询问的内容")


def _host(given: str) -> tuple[str, str]:
    """A provider and where it is asked instead.

    Raises:
        UsageError: no such provider runs elsewhere, or the address is none that a secret may be sent to.
    """
    from fourc.secrets.live.providers import PROVIDERS  # noqa: PLC0415 - the same

    name, _, url = given.partition("=")
    names = [provider.key for provider in PROVIDERS if provider.elsewhere]
    if name not in names:
        raise UsageError(
            Text("{name} cannot be asked elsewhere", "{name} 不能在其他地址询问").of(name=name),
            hint=Text("{names} can", "可以的有：{names}").of(names=join([same(n) for n in names], ", ", "、")),
        )
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            Text("{url} is no address that a secret may be sent to", "{url} 不是可以发送密钥的地址").of(url=url),
            hint=Text("as in {name}=https://git.example.com", "例如 {name}=https://git.example.com").of(name=name),
        )
    return name, url.rstrip("/")


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
