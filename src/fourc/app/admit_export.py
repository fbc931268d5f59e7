"""Write checks as policies that something else enforces."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from fourc.app.own_checks import own_checks
from fourc.app.request import Request
from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.enforce.export import MARK, Asked, Exemption, Exported
from fourc.enforce.formats import exported
from fourc.enforce.own_check import OwnCheck
from fourc.errors import UsageError
from fourc.model.inventory import Inventory
from fourc.model.settings import Settings
from fourc.model.text import Text

_NO_CHECK = Text("there is no check {name}", "没有检查 {name}")
_MEANT = Text("did you mean {names}?", "是否想写 {names}？")
_LIST = Text("`fourc rules` lists them", "`fourc rules` 会列出它们")
_EXEMPT = Text("{text} does not say which object of which check is exempt", "{text} 没有写明豁免哪个检查的哪个对象")
_WRITE_EXEMPT = Text(
    "write CHECK=NAMESPACE/NAME, for example host-path-volume=logging/agent (CHECK=/NAME for an object of the whole cluster)",
    "请写成 检查=命名空间/名称，例如 host-path-volume=logging/agent（整个集群的对象写 检查=/名称）",
)
_THEIRS = Text("{file} is there already and was not written by fourc", "{file} 已存在，且不是由 fourc 写入的")
_CANNOT_WRITE = Text("{file} cannot be written: {why}", "无法写入 {file}：{why}")


def own(paths: list[str], settings: Settings, own_paths: list[str]) -> tuple[OwnCheck, ...]:
    """The checks that users wrote, as a scan of the paths finds them; raises `UsageError`."""
    stdin = b"" if paths == ["-"] else None
    return own_checks(Request(tuple(paths or ["."]), stdin=stdin, settings=settings, own_checks=tuple(own_paths)))


def export(name: str, asked: Asked) -> Exported:
    """What the format makes of the checks that were asked for.

    Raises:
        UsageError: one of the checks does not exist.
    """
    known = {check.id for check in all_checks()} | {check.id for check in asked.own}
    for check in sorted((asked.checks | {x.check for x in asked.exempt}) - known):
        near = get_close_matches(check, sorted(known), 3, 0.5)
        raise UsageError(_NO_CHECK.of(name=check), hint=_MEANT.of(names=", ".join(near)) if near else _LIST)
    return exported(name, asked)


def exemption(text: str) -> Exemption:
    """The exemption that `CHECK=NAMESPACE/NAME` says; raises `UsageError`."""
    check, equals, place = text.partition("=")
    namespace, slash, name = place.partition("/")
    if not (check and equals and slash and name):
        raise UsageError(_EXEMPT.of(text=text), hint=_WRITE_EXEMPT)
    return Exemption(check, namespace, name)


def read(paths: list[str], stdin: bytes | None) -> Inventory | None:
    """What stands in the paths, None where none was named."""
    if stdin is not None:
        return collect_stdin(stdin).inventory
    if not paths:
        return None
    for path in paths:
        if not Path(path).exists():
            raise UsageError(
                Text("{path} does not exist", "{path} 不存在").of(path=path),
                hint=Text("name a folder or file, or leave it out", "请指定目录或文件，或省略它"),
            )
    only = Path(paths[0])
    root = only if len(paths) == 1 and only.is_dir() else Path()
    return collect_manifests(root, [Path(p) for p in paths]).inventory


def _is_ours(file: Path) -> bool:
    """Whether an earlier export wrote the file, as such files say."""
    return file.is_file() and MARK in file.read_text("utf-8", "replace")


def write(folder: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write the files into the folder, which is made where it is not there.

    Raises:
        UsageError: a file cannot be written, or one of that name is there that no export has written.
    """
    texts, file = list(texts), folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, _ in texts:
            file = folder / name
            if file.exists() and not _is_ours(file):
                raise UsageError(
                    _THEIRS.of(file=str(file)), hint=Text("name an empty folder with -o", "请用 -o 指定一个空目录")
                )
        for name, text in texts:
            file = folder / name
            file.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            _CANNOT_WRITE.of(file=str(file), why=error.strerror or ""),
            hint=Text("name another folder with -o", "请用 -o 指定另一个目录"),
        ) from error
