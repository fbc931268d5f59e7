"""Write network policies that keep what must talk, and prove that they do."""

import hashlib
import ipaddress
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.deployed import deployed
from fourc.app.look import Progress
from fourc.app.request import Request
from fourc.collect.limits import Options
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.manifests.collected import Collected
from fourc.collect.talk.code import read_code
from fourc.collect.talk.sightings import read_sightings
from fourc.errors import UsageError
from fourc.flows.needed import needed
from fourc.model.flows import Code, Evidence, Sighting
from fourc.model.gap import Gap, GapReason
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.location import STDIN
from fourc.model.netpol import SynthReport
from fourc.model.network_plugin import network_plugin
from fourc.model.text import Lang, Text
from fourc.plan.netpol.draft import synthesise
from fourc.plan.netpol.files import texts_of
from fourc.plan.netpol.proof import prove

STATE = ".fourc-netpol.json"
"""The list of our files in the output folder, with their digests: what is not on it is the user's."""


class Wish(Struct, frozen=True):
    """What the person asked for: where to write, files of flows, addresses by host name.

    `enforced` is what was declared about the cluster enforcing network policies; None leaves it to what was read.
    """

    request: Request
    out: Path
    flows: tuple[str, ...] = ()
    addresses: Mapping[str, tuple[str, ...]] | None = None
    lang: Lang = Lang.EN
    enforced: bool | None = None


def synth(wish: Wish, progress: Progress = lambda _: None) -> SynthReport:
    """Read, work out the needed flows, write the files, read them back and prove.

    Raises:
        UsageError: a path is missing, or the output folder holds something that is not ours.
    """
    root, collected, locator = _read(wish.request, wish.out, progress)
    inventory = deployed(collected, _relative(wish.out, root))
    sightings, gaps = _sightings(wish.flows)
    progress(Text("looking for connections", "正在查找连接"))
    wanted = needed(inventory, sightings)
    if wanted.unknown and wish.request.stdin is None:
        progress(Text("reading sources", "正在读取源代码"))
        code: Code = read_code(root)
        wanted = needed(inventory, sightings, code)
    progress(Text("writing policies", "正在写策略"))
    synthesis = synthesise(inventory, wanted, wish.addresses or {})
    place = _places(locator)
    texts = texts_of(synthesis, wish.out.as_posix(), place, wish.lang)
    progress(Text("proving", "正在证明"))
    policies = read_back(texts)
    proof = prove(inventory, policies, wanted)
    if texts or wish.out.exists():
        write_out(wish.out, texts)
    found = (*collected.gaps, *gaps, *_not_rendered(collected))
    files = tuple(sorted(texts))
    name = root.resolve().name if wish.request.stdin is None else STDIN
    return SynthReport(
        name,
        wish.out.as_posix(),
        wanted,
        synthesis,
        proof,
        files,
        found,
        network_plugin(inventory, wish.enforced),
        place,
    )


def read_back(texts: Mapping[str, str]) -> tuple[NetworkPolicy, ...]:
    """The policies as a cluster would read them from the files."""
    found: list[NetworkPolicy] = []
    for path in sorted(texts):
        if path.endswith(".yaml"):
            for policy in collect_stdin(texts[path].encode()).inventory.policies:
                origin = replace(policy.meta.origin, path=path)
                found.append(replace(policy, meta=replace(policy.meta, origin=origin)))
    return tuple(found)


def parse_addresses(words: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """`HOST=CIDR` words by host; a single address becomes a range of one, several are separated by commas.

    Raises:
        UsageError: a word is something else.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        host, _, listed = word.partition("=")
        try:
            networks = tuple(str(ipaddress.ip_network(part.strip())) for part in listed.split(","))
        except ValueError as error:
            raise UsageError(_NO_ADDRESS.of(w=word, e=str(error)), hint=_WRITE_ADDRESS) from error
        found[host.lower()] = (*found.get(host.lower(), ()), *networks)
    return found


def _read(request: Request, out: Path, progress: Progress) -> tuple[Path, Collected, Locator]:
    """What was read of one folder, one file, or what was piped in; first of all the output folder is looked at."""
    check_out(out)
    progress(Text("reading", "正在读取"))
    if request.stdin is not None:
        return Path(), collect_stdin(request.stdin), Locator(Path(), stdin=request.stdin)
    path = Path(request.paths[0])
    if not path.exists():
        raise UsageError(_ABSENT.of(p=str(path)), hint=_NAME_INPUT)
    root = path if path.is_dir() else path.parent
    return root, collect_manifests(root, [path], Options(read_ignored=request.read_ignored)), Locator(root)


def _not_rendered(collected: Collected) -> Iterator[Gap]:
    """Charts and overlays whose objects were not seen, since the user's own tools are not there."""
    coverage = collected.coverage
    for files, tool, text in ((coverage.charts, "helm", _CHARTS), (coverage.overlays, "kustomize", _OVERLAYS)):
        if files and tool not in coverage.tools:
            yield Gap(GapReason.MISSING, text.of(n=len(files)), _INSTALL, subject=files[0], named=False)


_CHARTS = Text("{n} charts were not rendered: helm is not installed", "{n} 个 chart 没有渲染：未安装 helm")
_OVERLAYS = Text("{n} overlays were not rendered: kubectl is not installed", "{n} 个 overlay 没有渲染：未安装 kubectl")
_INSTALL = Text(
    "install it, or pipe in what it renders: helm template DIR | fourc netpol synth - -o OUT",
    "请安装它，或用管道传入渲染结果：helm template 目录 | fourc netpol synth - -o 输出目录",
)


def _relative(out: Path, root: Path) -> str:
    """The output folder as paths of the scan name it; "" where it lies elsewhere."""
    try:
        return out.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return ""


def _sightings(paths: Sequence[str]) -> tuple[list[Sighting], list[Gap]]:
    sightings: list[Sighting] = []
    gaps: list[Gap] = []
    for path in paths:
        found, missing = read_sightings(Path(path), path)
        sightings += found
        gaps += missing
    return sightings, gaps


def _places(locator: Locator) -> Callable[[Evidence], str]:
    """`path:line` and the name found there; what was rendered has no line of its own."""

    def place(evidence: Evidence) -> str:
        if evidence.place or evidence.origin is None:
            return f"{evidence.place} ({evidence.says})" if evidence.says else evidence.place
        if evidence.origin.rendered_by:
            return f"{evidence.origin.path} ({evidence.subject}, {evidence.says})"
        where = locator.locate(evidence.origin, evidence.at)
        return f"{where.path}:{where.line} ({evidence.says})"

    return place


def check_out(out: Path) -> None:
    """Nothing of the user's is overwritten: the folder is new, empty, or as we left it.

    Raises:
        UsageError: it is something else.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(_IS_FILE.of(o=str(out)), hint=_NAME_OUT)
    found = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_symlink() or not p.is_dir())
    ours = _state(out)
    strange = [p for p in found if p not in ours and p != STATE]
    if strange:
        raise UsageError(_STRANGE.of(o=str(out), f=strange[0]), hint=_NEW_OUT)
    changed = [p for p in found if p in ours and _digest((out / p).read_bytes()) != ours[p]]
    if changed:
        raise UsageError(_CHANGED.of(f=f"{out}/{changed[0]}"), hint=_KEEP_CHANGE)


_ABSENT = Text("{p} does not exist", "{p} 不存在")
_NAME_INPUT = Text(
    "name a folder that holds manifests, or - for the standard input", "请指定含清单的目录；- 表示标准输入"
)
_NO_ADDRESS = Text("not HOST=CIDR: {w} ({e})", "不是 主机=网段：{w}（{e}）")
_WRITE_ADDRESS = Text("write it as db.example.com=10.0.3.7/32", "写法：db.example.com=10.0.3.7/32")
_IS_FILE = Text("{o} is a file", "{o} 是一个文件")
_NAME_OUT = Text("name a folder for the policies: -o netpol", "请为策略指定一个目录：-o netpol")
_STRANGE = Text("{o} holds {f}, which netpol synth did not write", "{o} 中有 {f}，它不是 netpol synth 写的")
_NEW_OUT = Text("name a new folder, or move the file away", "请指定新目录，或移走该文件")
_CHANGED = Text("{f} was changed after it was written", "{f} 写出后被修改过")
_KEEP_CHANGE = Text(
    "name a new folder and compare, or delete the file; --address HOST=CIDR keeps confirmed addresses",
    "请指定新目录后对比，或删除该文件；--address 主机=网段 可以保留已确认的地址",
)
_UNWRITABLE = Text("{o} cannot be written: {w}", "无法写入 {o}：{w}")
_OTHER_OUT = Text("name another folder", "请指定其他目录")


def _state(out: Path) -> Mapping[str, str]:
    try:
        data = json.loads((out / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    files = data.get("files") if isinstance(data, dict) else None
    return {str(k): str(v) for k, v in files.items()} if isinstance(files, dict) else {}


def write_out(out: Path, texts: Mapping[str, str]) -> None:
    """Write the files; our own earlier ones that are not made any more are removed.

    Raises:
        UsageError: the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(_state(out).keys() - texts.keys()):
            if (out / path).resolve().is_relative_to(out.resolve()):  # the list itself may have been changed
                (out / path).unlink(missing_ok=True)
        digests = {path: _digest(text.encode()) for path, text in sorted(texts.items())}
        (out / STATE).write_text(json.dumps({"files": digests}, indent=1) + "\n", "utf-8")
        for path, text in texts.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        for folder in sorted((p for p in out.rglob("*") if p.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise UsageError(_UNWRITABLE.of(o=str(out), w=why), hint=_OTHER_OUT) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
