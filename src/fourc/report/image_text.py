"""What an image says of itself, for someone who has to decide whether to run it."""

from collections.abc import Iterator

from fourc.model.image_facts import ImageFacts, plain_step
from fourc.model.inspected import Inspected
from fourc.model.text import Lang, Text, same
from fourc.report.listing import gap_line, one_line
from fourc.report.text import WIDTH, wrap

_SHOWN = 8
_STEP = 70
_COLUMN = 11
_ROOT = Text(
    "as root: the image names no user, so whoever breaks in may change everything in the container",
    "以 root：镜像没有指定用户，攻破者可以修改容器中的一切",
)
_AS_ROOT = Text(
    "as root: whoever breaks in may change everything in the container", "以 root：攻破者可以修改容器中的一切"
)
_USER = Text("as {user}", "以用户 {user}")
_NAMED_USER = Text(
    "as {user}; by a name Kubernetes cannot tell that this is not root (runAsNonRoot wants a number)",
    "以用户 {user}；仅凭名称 Kubernetes 无法判断它不是 root（runAsNonRoot 需要数字）",
)
_NOTHING = Text("nothing: it names no program", "没有指定程序")
_SEEN = Text("{name}: its {n} layers are the lowest here", "{name}：其 {n} 层正是这里最底部的层")
_TOLD = Text("{name}, as a label says; its layers were not seen yet", "{name}（仅由标签说明，其各层尚未见过）")
_NO_BASE = Text(
    "not known: no image that was scanned before has its lowest layers", "未知：以前扫描过的镜像都没有这些底层"
)
_PUBLISHED = Text("{name}, in the registry of its publisher", "{name}，位于其发布者的仓库")
_COPY = Text("a mirror's copy of {name}", "镜像站对 {name} 的副本")
_UNKNOWN = Text(
    "unknown: from this name nobody can tell who made it; your own registry, or somebody's copy",
    "未知：从名称无法判断是谁制作的；可能是你们自己的仓库，也可能是他人的副本",
)
_FILE = Text("not told: it is a file", "未说明：它是一个文件")
_PACKAGES = Text("{system}{n} packages", "{system}{n} 个软件包")
_NONE = Text("none", "无")
_SECRETS = Text("{n} found: fourc scan image {name} tells where", "发现 {n} 个：fourc scan image {name} 会指出位置")
_SETUID = Text("{n} files run with the rights of their owner: {names}", "{n} 个文件以其属主的权限运行：{names}")
_LABELS = {
    "starts": Text("Starts", "启动"),
    "runs": Text("Runs", "运行"),
    "ports": Text("Listens", "监听"),
    "variables": Text("Variables", "变量"),
    "base": Text("Built on", "基于"),
    "whose": Text("Published", "发布者"),
    "packages": Text("Packages", "软件包"),
    "setuid": Text("Setuid", "Setuid"),
    "secrets": Text("Secrets", "密钥"),
    "layers": Text("Layers", "层"),
}


def image_lines(inspected: Inspected, lang: Lang) -> Iterator[str]:
    """The whole text."""
    facts = inspected.facts
    built = f" · {facts.created[:10]}" if facts.created else ""
    yield one_line(f"fourc · {facts.name} · {facts.platform}{built}")
    yield one_line(facts.digest)
    yield ""
    for word, said in _facts(inspected):
        head = _LABELS[word].say(lang)
        lines = wrap(one_line(said.say(lang)), WIDTH - _COLUMN) or [""]
        yield head + " " * max(1, _COLUMN - _width(head)) + lines[0]
        yield from (" " * _COLUMN + line for line in lines[1:])
    yield ""
    yield _LABELS["layers"].say(lang)
    yield from _layers(facts)
    for gap in inspected.gaps:
        yield from wrap(gap_line(gap).say(lang), WIDTH)


def _facts(inspected: Inspected) -> Iterator[tuple[str, Text]]:
    facts = inspected.facts
    yield "starts", _user(facts)
    program = " ".join((*facts.entrypoint, *facts.command))
    yield "runs", same(program[:300]) if program else _NOTHING
    if facts.ports:
        yield "ports", same(", ".join(facts.ports))
    if facts.variables:
        yield "variables", same(", ".join(facts.variables))
    yield "base", _base(facts)
    yield "whose", _whose(facts)
    system = f"{facts.distribution}, " if facts.distribution else ""
    yield "packages", _PACKAGES.of(system=system, n=inspected.packages)
    names = [f"{file.path} ({file.mode}, {file.uid}:{file.gid})" for file in facts.privileged[:_SHOWN]]
    more = f" (+{len(facts.privileged) - _SHOWN})" if len(facts.privileged) > _SHOWN else ""
    setuid = _SETUID.of(n=len(facts.privileged), names=", ".join(names) + more)
    yield "setuid", setuid if facts.privileged else _NONE
    yield "secrets", _SECRETS.of(n=inspected.secrets, name=facts.name) if inspected.secrets else _NONE


def _user(facts: ImageFacts) -> Text:
    user = facts.user.partition(":")[0]
    if not user:
        return _ROOT
    if user in {"0", "root"}:
        return _AS_ROOT
    return _USER.of(user=facts.user) if user.isdecimal() else _NAMED_USER.of(user=facts.user)


def _base(facts: ImageFacts) -> Text:
    if not facts.base:
        return _NO_BASE
    return _SEEN.of(name=facts.base, n=facts.base_layers) if facts.base_layers else _TOLD.of(name=facts.base)


def _whose(facts: ImageFacts) -> Text:
    if not facts.origin:
        return _FILE
    if not facts.upstream:
        return _UNKNOWN
    return (_COPY if facts.origin == "mirror" else _PUBLISHED).of(name=facts.upstream)


def _layers(facts: ImageFacts) -> Iterator[str]:
    """Every layer with its size and the line of the build that made it, and the lines between that made none."""
    sizes = dict(zip(facts.layers, facts.sizes, strict=True))
    numbers = {digest: number for number, digest in enumerate(facts.layers, 1)}
    told: set[str] = set()
    for step in facts.history:
        line = one_line(plain_step(step.command))
        line = line if len(line) <= _STEP else line[: _STEP - 3] + "..."
        if step.layer:
            told.add(step.layer)
            yield f"{numbers[step.layer]:>4} {_size(sizes[step.layer]):>9}  {line}"
        else:
            yield f"{'':>4} {'-':>9}  {line}"
    for digest in facts.layers:
        if digest not in told:
            yield f"{numbers[digest]:>4} {_size(sizes[digest]):>9}  {digest[:19]}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text)
