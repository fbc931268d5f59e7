"""Known vulnerabilities for someone who has ten minutes: the few upgrades that end most of them, and what may wait and why."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fourc.model.change import Change
from fourc.model.finding import Finding, Severity
from fourc.model.gap import GapReason
from fourc.model.image_facts import ImageFacts
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.report import Report
from fourc.model.supply import Supply, Urgency, When
from fourc.model.text import Lang, Text, join, same
from fourc.report.commands import with_commands
from fourc.report.listing import gap_line, one_line
from fourc.report.text import WIDTH, clip, span, tail_of, width, wrap

SHOWN = 10
"""Changes on the first screen."""
_NAMES = 3
_HANDS = 3
"""Different texts of one change about what is to be done by hand."""
_GAPS = 10
_INDENT = "    "

_NO_SECRETS = ("image-runs-as-root",)
_UPDATES = Text("{n} security update{s} missing", "缺少 {n} 个安全更新")
_SECRETS = Text("{n} secret{s}", "{n} 个密钥")
_SECRETS_IN = Text("Secrets in the image:", "镜像中的密钥：")
_MORE_SECRETS = Text("(+{n}: -f json lists them)", "（还有 {n} 个：-f json 会列出）")
_IN_CONFIG = {
    "image-config/environment": Text("its environment variable", "其环境变量"),
    "image-config/labels": Text("its labels", "其标签"),
    "image-config/command": Text("the command that it starts", "其启动命令"),
    "image-config/history": Text("the history of its build", "其构建历史"),
}
_BROUGHT = Text("brought in by {step}", "由 {step} 带入")
_NO_PACKAGES = Text(
    "No packages were found in it: neither a package database nor what languages install.",
    "其中没有找到软件包：既没有软件包数据库，也没有各语言安装的软件包。",
)
_CHANGES = Text("These {n} changes ({h})", "以下 {n} 项改动（{h}）")
_CHANGE = Text("This change ({h})", "以下改动（{h}）")
_HEAD = Text("fourc · {name} · {packages} in {files} · {known}", "fourc · {name} · {files}中的 {packages} · {known}")
_PACKAGES = Text("{n} package{s}", "{n} 个软件包")
_FILES = Text("{n} file{s}", "{n} 个文件")
_KNOWN = Text("{n} known vulnerabilities", "{n} 个已知漏洞")
_ONE_KNOWN = Text("one known vulnerability", "1 个已知漏洞")
_NONE_LEFT = Text("nothing to report", "没有需要报告的内容")
_NO_VERSION_KNOWN = Text("no versions known", "版本未知")
_NOT_JUDGED = Text("none of them was judged", "均未检查")
_UNASKED = Text("no database was asked", "没有查询数据库")
_CLEAN = Text(
    "None of these packages has a vulnerability that the database of {date} knows.",
    "{date} 的数据库中没有这些软件包的已知漏洞。",
)
_CLEAN_OTHERS = Text(
    "The database of {date} can judge {n} of the {all} packages, and knows no vulnerability of these.",
    "{date} 的数据库能检查 {all} 个软件包中的 {n} 个，这些没有已知漏洞。",
)
_UNJUDGED = Text(
    "The database of {date} knows nothing of these kinds of packages, so none of them was judged.",
    "{date} 的数据库没有这些种类软件包的资料，因此都没有检查。",
)
_LEFT_OUT = Text(
    "Nothing is left to report: {n} known {vulnerabilities} left out (less severe than asked for, ignored, or known before).",
    "没有需要报告的内容：已略去 {n} 个已知漏洞（低于要求的严重程度、被忽略或此前已知）。",
)
_EMPTY = Text(
    "No lock file or manifest was found here, so nothing is known about packages (an SBOM is read where it is named).",
    "这里没有锁文件或清单，因此对软件包一无所知（SBOM 需指定文件名才会读取）。",
)
_NO_VERSIONS = Text(
    "{files} {name} packages, but none of them an exact version, so nobody can tell what is in use: commit a lock file.",
    "{files}列出了软件包，但都没有写明确切版本，因此无法判断实际使用的版本：请提交锁文件。",
)
_UNLOCKED = Text(
    "{files} {name} packages, but which are in use only a lock file tells, and there is none: commit it.",
    "{files}列出了软件包，但只有锁文件能说明实际使用的是哪些，而这里没有锁文件：请提交锁文件。",
)
_UNREADABLE = Text(
    "What tells of packages here could not be read, so nothing is known about them.",
    "这里记录软件包的文件无法读取，因此对软件包一无所知。",
)
_THESE = Text("{these} end{s} {them}{exploited}:", "{these}可消除{them}{exploited}：")
_SOME_OF = Text("{n} of {all} findings", "{all} 个问题中的 {n} 个")
_ALL_OF = Text("all {n} findings", "全部 {n} 个问题")
_IT = Text("it", "它")
_EXPLOITED = Text(", {n} that attackers use among them", "（含 {n} 个已被攻击者利用的）")
_UPGRADES = Text("These {n} upgrades ({h})", "以下 {n} 项升级（{h}）")
_UPGRADE = Text("This upgrade ({h})", "以下升级（{h}）")
_ENDS = Text("ends {n}", "消除 {n} 个")
_GRAVEST = Text("worst {severity}", "最高 {severity}")
_MORE = Text(
    "Then {n} more upgrades, each for less: -f json lists them.", "之后还有 {n} 项收益更小的升级：-f json 会列出。"
)
_ONE_MORE = Text("Then one more upgrade, for less: -f json lists it.", "之后还有 1 项收益更小的升级：-f json 会列出。")
_WAIT = Text("Can wait: {n}. {why}", "可以等待：{n} 个。{why}")
_NOT_MENDED = Text(
    "No version mends {n} yet: {names}. They come back into the list when one does.",
    "{n} 个尚无修复版本：{names}。出现修复版本后会重新列入。",
)
_ONE_NOT_MENDED = Text(
    "No version mends one yet: {names}. It comes back into the list when one does.",
    "1 个尚无修复版本：{names}。出现修复版本后会重新列入。",
)
_ALSO = Text("Also: {what}: {why}.", "另外：{what}：{why}。")
_AS = Text("runs as {user}", "以 {user} 运行")
_LAYERS = Text("{n} layer{s}", "{n} 层")
_PRIVILEGED = Text("{n} setuid or setgid file{s}", "{n} 个 setuid 或 setgid 文件")
_TOLD_BASE = Text("built on {name} as a label says", "标签称其基于 {name}")
_BASE = Text("built on {name}", "基于 {name}")
_COPY = Text("a copy of {name}", "{name} 的镜像副本")
_ASKED = Text("The database is of {date}: {known}.", "数据库日期 {date}：{known}。")
_HOLDS = Text("{ecosystem} {n} advisor{y}{newest}", "{ecosystem} {n} 条{newest}")
_NEWEST = Text(", the newest dated {date}", "，最新日期 {date}")
_UNSEEN = Text("Not seen: {what} ({remedy})", "没有看到：{what}（{remedy}）")
_MORE_UNSEEN = Text(
    "not seen: {n} more file{s} or part{s}; -f json lists them.", "没有看到：另有 {n} 个文件或部分；-f json 会列出。"
)
_NEXT = Text(
    "Next: `fourc fix {id} --diff`; name an upgrade by its id: numbers mean those of fourc plan."
    " -f json lists every finding, -f cyclonedx every package.",
    "下一步：`fourc fix {id} --diff`；请用 id 指定升级：编号指的是 fourc plan 中的编号。"
    "-f json 列出所有问题，-f cyclonedx 列出所有软件包。",
)
_LIST = Text(
    "-f json lists every finding, -f cyclonedx every package.", "-f json 列出所有问题，-f cyclonedx 列出所有软件包。"
)


def vulnerability_lines(report: Report, lang: Lang, again: Sequence[str] = ()) -> Iterator[str]:
    """The whole text: the head, at most ten changes, what may wait, what nothing mends, what was not seen.

    `again` are the words with which another command sees the same packages.
    """
    supply = report.supply or Supply(0, 0)
    yield _head(report, supply, lang)
    if report.image is not None:
        yield from wrap(_image(report.image).say(lang), WIDTH)
    yield ""
    if not supply.packages:
        yield from wrap(_empty(report, supply).say(lang), WIDTH)
    elif supply.database and not any(f.fingerprint in supply.matches or _is_update(f) for f in report.findings):
        yield from wrap(_clean(supply).say(lang), WIDTH)
    shown = report.changes[: min(SHOWN, report.stop or SHOWN)]
    if shown:
        yield from _opening(report, shown, lang)
        yield ""
        for number, change in enumerate(shown, 1):
            yield from _change(number, change, report, supply, lang)
        yield ""
    yield from _rest(report, supply, shown, lang, again)


def _head(report: Report, supply: Supply, lang: Lang) -> str:
    count = sum(f.fingerprint in supply.matches for f in report.findings)
    known = _UNASKED if not supply.database else _ONE_KNOWN if count == 1 else _KNOWN.of(n=count)
    if supply.database and supply.packages and not count:
        known = _NONE_LEFT if supply.matches or supply.cleared else known if _judged(supply) else _NOT_JUDGED
    elif supply.database and not supply.packages and report.image is None:
        known = _NO_VERSION_KNOWN
    updates = sum(_is_update(f) for f in report.findings)
    secrets = len(_secrets(report))
    more = [_UPDATES.of(n=updates, s="" if updates == 1 else "s")] if updates else []
    more += [_SECRETS.of(n=secrets, s="" if secrets == 1 else "s")] if secrets else []
    known = join([known, *more], " · ", " · ")
    packages = _PACKAGES.of(n=supply.packages, s="" if supply.packages == 1 else "s")
    files = _files(supply.files)
    return _HEAD.of(name=one_line(report.name), packages=packages, files=files, known=known).say(lang)


def _files(count: int) -> Text:
    return _FILES.of(n=count, s="" if count == 1 else "s")


def _unlocked(report: Report) -> int:
    """How many files name packages of which nothing here tells the versions."""
    return len({g.location.path for g in report.gaps if g.location is not None and g.reason is GapReason.NO_DATA})


def _empty(report: Report, supply: Supply) -> Text:
    """Why no package is known."""
    if report.image is not None:
        return _NO_PACKAGES
    unlocked = _unlocked(report)
    count = supply.files or unlocked
    if count:
        said = _NO_VERSIONS if supply.files else _UNLOCKED
        return said.of(files=_files(count), name="names" if count == 1 else "name")
    return _UNREADABLE if any(gap.location is not None for gap in report.gaps) else _EMPTY


def _is_update(finding: Finding) -> bool:
    """Whether it is about a version that a distribution offers, not about a vulnerability."""
    return finding.rule == "pending-security-update"


def _secrets(report: Report) -> list[Finding]:
    """The secrets in images, gravest first."""
    return sorted((f for f in report.findings if f.package is None and _is_secret(f)), key=lambda f: -f.severity)


def _is_secret(finding: Finding) -> bool:
    return finding.subject.kind == "Image" and bool(finding.image) and finding.rule not in _NO_SECRETS


def _image(facts: ImageFacts) -> Text:
    """How it would start, in a line."""
    user = facts.user or "root"
    parts = [same(facts.platform), *([same(facts.distribution)] if facts.distribution else [])]
    parts += [_AS.of(user=user), _counted(_LAYERS, facts.layers), _counted(_PRIVILEGED, facts.privileged)]
    parts += [(_BASE if facts.base_layers else _TOLD_BASE).of(name=facts.base)] if facts.base else []
    parts += [_COPY.of(name=facts.upstream)] if facts.origin == "mirror" else []
    return join(parts, " · ", " · ")


def _counted(said: Text, things: Sequence[object]) -> Text:
    return said.of(n=len(things), s="" if len(things) == 1 else "s")


def _judged(supply: Supply) -> int:
    """How many packages are of a kind that the database holds something of."""
    return sum(each.packages for each in supply.known if each.advisories)


def _clean(supply: Supply) -> Text:
    """What it means that nothing is reported: never more than the database can tell."""
    judged = _judged(supply)
    left_out = len(supply.matches) + supply.cleared
    if left_out:
        return _LEFT_OUT.of(n=left_out, vulnerabilities="vulnerability is" if left_out == 1 else "vulnerabilities are")
    said = _CLEAN if judged == supply.packages else _CLEAN_OTHERS if judged else _UNJUDGED
    return said.of(date=supply.database, n=judged, all=supply.packages)


def _opening(report: Report, shown: Sequence[Change], lang: Lang) -> Iterator[str]:
    ended = {fingerprint for change in shown for fingerprint in change.findings}
    used = sum(_is_exploited(f, report) for f in report.findings if f.fingerprint in ended)
    hours = f"{sum(change.hours.likely for change in shown):.1f}".removesuffix(".0")
    time = Text("about {h} h", "约 {h} 小时").of(h=hours)
    upgrades = all(change.kind is ChangeKind.UPGRADE for change in shown)
    one, several = (_UPGRADE, _UPGRADES) if upgrades else (_CHANGE, _CHANGES)
    these = one.of(h=time) if len(shown) == 1 else several.of(n=len(shown), h=time)
    said = _THESE.of(
        these=these,
        s="s" if len(shown) == 1 else "",
        them=_IT
        if len(report.findings) == 1
        else (_ALL_OF if len(ended) == len(report.findings) else _SOME_OF).of(n=len(ended), all=len(report.findings)),
        exploited=_EXPLOITED.of(n=used) if used else same(""),
    )
    yield from wrap(said.say(lang), WIDTH)


def _is_exploited(finding: Finding, report: Report) -> bool:
    return finding.fingerprint in report.exploited


def _change(number: int, change: Change, report: Report, supply: Supply, lang: Lang) -> Iterator[str]:
    ended = set(change.findings)
    mine = sorted(
        (f for f in report.findings if f.fingerprint in ended),
        key=lambda f: (_when(f, supply), not _is_exploited(f, report), -f.severity),
    )
    gravest = max((f.severity for f in mine), default=Severity.INFO)
    when = list(When)[min((_when(f, supply) for f in mine), default=-1)]
    facts = [_ENDS.of(n=len(mine)), _GRAVEST.of(severity=gravest.label), when.label]
    title = clip(f"{number:>2}  {one_line(change.title.say(lang))}", WIDTH)
    told = f"{span(change.hours, lang)}   {join(facts, ', ', '，').say(lang)}"
    yield from [f"{title}   {told}"] if width(title) + 3 + width(told) <= WIDTH else [title, _INDENT + told]
    paths = change.places or tuple(dict.fromkeys(f.location.path for f in mine if f.location is not None))
    ids = [change.id] if _is_planned(report) else []
    places = [tail_of(path, 40 if ids else 60) + _more(len(paths) - 1) for path in paths[:1]]
    names = list(dict.fromkeys(_id_of(f) for f in mine))
    rows = (
        _INDENT + " · ".join([*ids, *places, ", ".join(names[:kept]) + _more(len(names) - kept)])
        for kept in range(min(_NAMES, len(names)), 0, -1)
    )
    yield clip(next((row for row in rows if width(row) <= WIDTH), _INDENT + " · ".join([*ids, *places])), WIDTH)
    said = [change.story] if any(f.package is not None and f.package.via for f in mine) else []
    said += [
        Text(f"{_id_of(f)}: {u.why.en}", f"{_id_of(f)}：{u.why.zh}") for f in mine[:1] if (u := _urgency(f, supply))
    ]
    hands = dict.fromkeys(hand.what for hand in change.by_hand)
    for text in (*said, *list(hands)[:_HANDS], *change.cautions):
        yield from (_INDENT + line for line in wrap(text.say(lang), WIDTH - len(_INDENT)))


def _is_planned(report: Report) -> bool:
    """Whether `show` and `fix` know the changes by their ids: what is in images they do not look at."""
    return report.image is None and not report.images


def _urgency(finding: Finding, supply: Supply) -> Urgency | None:
    return supply.urgency.get(finding.fingerprint)


def _when(finding: Finding, supply: Supply) -> int:
    urgency = _urgency(finding, supply)
    return list(When).index(urgency.when if urgency is not None else When.CAN_WAIT)


def _more(count: int) -> str:
    return f" (+{count})" if count > 0 else ""


def _id_of(finding: Finding) -> str:
    """The CVE where there is one, else the advisory's own id (of several CVEs, too); a distribution's by its package."""
    if _is_update(finding):
        return finding.subject.name
    ids = [reference.partition(":")[2] for reference in finding.references]
    cves = [i for i in ids if i.startswith("CVE-")]
    return cves[0] if len(cves) == 1 else ids[0] if ids else finding.rule


def _rest(report: Report, supply: Supply, shown: Sequence[Change], lang: Lang, again: Sequence[str]) -> Iterator[str]:
    if len(report.changes) > len(shown):
        more = len(report.changes) - len(shown)
        yield (_ONE_MORE if more == 1 else _MORE.of(n=more)).say(lang)
    said = [*_waiting(report, supply), *_unmended(report), *_others(report), *_held(supply)]
    said += report.left_out
    said += [gap_line(gap) for gap in report.gaps[:_GAPS]]
    hidden = len(report.gaps) - _GAPS
    said += [_MORE_UNSEEN.of(n=hidden, s="" if hidden == 1 else "s")] if hidden > 0 else []
    said += [_UNSEEN.of(what=unseen.what, remedy=unseen.remedy) for unseen in report.coverage.unseen]
    yield from _secret_lines(report, lang)
    for text in said:
        yield from wrap(text.say(lang), WIDTH)
    if report.findings:
        yield from with_commands(_next(report, shown).say(lang), again)


def _next(report: Report, shown: Sequence[Change]) -> Text:
    """What to type now: the first change that is an edit, by its id."""
    written = {f.fingerprint for f in report.findings if isinstance(f.fix, Remedy)} if _is_planned(report) else set()
    first = next((change for change in shown if not written.isdisjoint(change.findings)), None)
    return _NEXT.of(id=first.id) if first else _LIST


def _waiting(report: Report, supply: Supply) -> Iterator[Text]:
    """What may wait, counted by its reason."""
    waiting = [u for f in report.findings if (u := _urgency(f, supply)) and u.when is When.CAN_WAIT]
    if waiting:
        counted = Counter(u.kind for u in waiting).most_common()
        why = join([Text(f"{why.en} ({n})", f"{why.zh}（{n}）") for why, n in counted], "; ", "；")
        yield _WAIT.of(n=len(waiting), why=why)


def _unmended(report: Report) -> Iterator[Text]:
    """What no version mends."""
    helpless = [f for f in report.findings if f.package is not None and isinstance(f.fix, NoFix) and f.remedy is None]
    if helpless:
        ranked = sorted(helpless, key=lambda f: -f.severity)
        names = list(dict.fromkeys(f"{_id_of(f)} ({f.subject.name})" for f in ranked))
        said = _ONE_NOT_MENDED if len(helpless) == 1 else _NOT_MENDED
        yield said.of(n=len(helpless), names=", ".join(names[:_NAMES]) + _more(len(names) - _NAMES))


def _secret_lines(report: Report, lang: Lang) -> Iterator[str]:
    """The secrets of images, each with its place and what brought it."""
    secrets = _secrets(report)
    if secrets:
        yield _SECRETS_IN.say(lang)
    for finding in secrets[:SHOWN]:
        facts = [_place_of(finding, report)]
        if finding.brought is not None and finding.brought.step:
            facts.append(_BROUGHT.of(step=same(finding.brought.step)))
        facts += [same(finding.image)] if report.image is None else []
        yield _INDENT + one_line(f"{finding.severity.label.say(lang)}  {finding.message.say(lang)}")
        yield from (_INDENT * 2 + line for line in wrap(join(facts, " · ", " · ").say(lang), WIDTH - 8))
    if len(secrets) > SHOWN:
        yield _INDENT + _MORE_SECRETS.of(n=len(secrets) - SHOWN).say(lang)


def _others(report: Report) -> Iterator[Text]:
    """What is wrong but with a package, and is no secret."""
    for other in (f for f in report.findings if f.package is None and not _is_secret(f)):
        why = other.fix.why if isinstance(other.fix, NoFix) else same("")
        yield _ALSO.of(what=other.message, why=why)


def _y(count: int) -> str:
    return "y" if count == 1 else "ies"


def _held(supply: Supply) -> Iterator[Text]:
    """How much the database knows of what is here, and of which day."""
    holds = [
        _HOLDS.of(
            ecosystem=each.ecosystem,
            n=each.advisories,
            y=_y(each.advisories),
            newest=_NEWEST.of(date=each.newest) if each.newest else "",
        )
        for each in supply.known
        if each.advisories
    ]
    if supply.database and holds:
        yield _ASKED.of(date=supply.database, known=join(holds, "; ", "；"))


def _place_of(finding: Finding, report: Report) -> Text:
    """Where a secret of an image stands, in words where that is no file."""
    if finding.location is None:
        return same("")
    path, line, more = finding.location.path, finding.location.line, _more(len(finding.places))
    said = _IN_CONFIG.get(path)
    if said is None:
        return same(f"{path}:{line}{more}")
    images = report.images if report.image is None else (report.image,)
    names = next((facts.variables for facts in images if facts.name == finding.image), ())
    name = names[line - 1] if path.endswith("/environment") and line <= len(names) else ""
    return Text(f"{said.en}{name and ' '}{name}{more}", f"{said.zh}{name and ' '}{name}{more}")
