"""`fourc db`: build, fetch and look at the file of known vulnerabilities."""

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, settings_of
from fourc.errors import UsageError
from fourc.model.database import DatabaseFacts
from fourc.model.gap import Gap
from fourc.model.text import Text, join, same

_ACTIONS = {
    "build": Text("make one from advisories", "用安全公告生成"),
    "update": Text("fetch one", "获取"),
    "status": Text("what it holds, and of which day", "内容和日期"),
}


_BUILD = Text("fourc db build FOLDER... -o FILE", "fourc db build 目录... -o 文件")
_BUILD_OR_FETCH = Text(
    "fourc db update, or fourc db build FOLDER... -o FILE", "fourc db update，或 fourc db build 目录... -o 文件"
)


def run(arguments: Arguments, words: list[str]) -> int:
    """Do what the action says."""
    arguments.positional("action", metavar=f"{{{','.join(_ACTIONS)}}}", said=_about())
    arguments.positional(
        "sources",
        nargs="*",
        metavar="SRC",
        said=Text(
            "build: folders and files of advisories; update: a file, a URL or oci://REGISTRY/NAME:TAG, mirrors behind it",
            "build：存放安全公告的目录和文件；update：文件、URL 或 oci://仓库/名称:标签，其后为镜像源",
        ),
    )
    arguments.value(
        "--sign",
        metavar="FILE",
        said=Text("build: sign it with this Ed25519 key (PEM)", "build：用该 Ed25519 私钥（PEM）签名"),
    )
    arguments.values(
        "--delta-from",
        metavar="OLD",
        said=Text(
            "build: also write what makes it out of this older database (may be repeated)",
            "build：同时写出由该旧数据库生成新数据库的增量文件（可重复）",
        ),
    )
    arguments.switch(
        "--force",
        said=Text(
            "update: take a database that is older than the one that is here, or of its day and holds less",
            "update：接受比现有数据库更旧、或日期相同但内容更少的数据库",
        ),
    )
    add_common(arguments, "text", "json")
    options = arguments.parse(words)
    action = {"build": _build, "update": _update, "status": _status}.get(options.action)
    if action is None:
        raise UsageError(
            Text("fourc db cannot {what}", "fourc db 不能 {what}").of(what=options.action),
            hint=Text("it can {some}", "可以 {some}").of(some=join([same(a) for a in _ACTIONS], ", ", "、")),
        )
    for flag, (given, owner) in _flags(options).items():
        if given and options.action != owner:
            raise UsageError(
                Text("{flag} is about {owner}", "{flag} 只用于 {owner}").of(flag=flag, owner=owner),
                hint=same(f"fourc db {owner} SRC... {flag}"),
            )
    return action(options)


def _flags(options: argparse.Namespace) -> dict[str, tuple[bool, str]]:
    """Whether a flag was given, and the one action that knows it."""
    return {
        "--sign": (bool(options.sign), "build"),
        "--delta-from": (bool(options.delta_from), "build"),
        "--force": (options.force, "update"),
    }


def _about() -> Text:
    parts = [Text(f"{name}: {said.en}", f"{name}：{said.zh}") for name, said in _ACTIONS.items()]
    return join(parts, "; ", "；")


def _build(options: argparse.Namespace) -> int:
    from fourc.app.database import facts_of  # noqa: PLC0415 - one action is loaded, not all
    from fourc.app.db_build import build_database, signing_key  # noqa: PLC0415 - the same

    if not options.sources:
        raise UsageError(
            Text("nothing was named to build a database from", "没有指定用于生成数据库的来源"), hint=_BUILD
        )
    output = options.output or options.db
    if not output:
        raise UsageError(Text("where is the database to be written?", "数据库写到哪里？"), hint=_BUILD)
    progress = progress_of(options)
    progress(Text("building", "正在生成"))
    key = signing_key(Path(options.sign)) if options.sign else None
    built, deltas = build_database(
        [Path(source) for source in options.sources],
        Path(output),
        sign_key=key,
        delta_from=[Path(old) for old in options.delta_from],
    )
    progress(None)
    options.output = None  # it is the database's own place
    facts = replace(facts_of(built.path, built.digest, built.about), deltas=deltas)
    _tell(options, facts, built.gaps)
    return INCOMPLETE if any(gap.named for gap in built.gaps) else OK


def _update(options: argparse.Namespace) -> int:
    from fourc.app.database import facts_of, kept_file, open_database  # noqa: PLC0415 - the same
    from fourc.app.db_update import update_database  # noqa: PLC0415 - the same

    settings = settings_of(options)
    target = Path(options.output or settings.database or kept_file())
    progress = progress_of(options)
    try:
        updated = update_database(
            options.sources, target, settings, progress, force=options.force, offline=options.offline
        )
    finally:
        progress(None)
    options.output = None
    database = open_database(replace(settings, database=str(target)))
    assert database is not None  # noqa: S101 - it was named
    facts = replace(facts_of(target, database.digest, database.about), updated=updated)
    _tell(options, facts, today=_today())
    return OK


def _status(options: argparse.Namespace) -> int:
    from fourc.app.database import database_file, facts_of, open_database  # noqa: PLC0415 - the same

    if options.sources:
        raise UsageError(
            Text("fourc db status takes no sources", "fourc db status 不接受来源"),
            hint=Text("name the database with --db FILE", "请用 --db FILE 指定数据库"),
        )
    settings = settings_of(options)
    file, database = database_file(settings), open_database(settings)
    if file is None or database is None:
        raise UsageError(Text("there is no database yet", "还没有数据库"), hint=_BUILD_OR_FETCH)
    _tell(options, facts_of(file, database.digest, database.about), today=_today())
    return OK


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _tell(
    options: argparse.Namespace, facts: DatabaseFacts, gaps: Sequence[Gap] = (), today: date | None = None
) -> None:
    from fourc.report.databases import database_json, database_lines  # noqa: PLC0415 - the same

    lang = lang_of(options)
    if options.format == "json":
        emit(options, database_json(facts, lang, gaps, today))
    else:
        emit(options, "\n".join(database_lines(facts, lang, gaps, today)) + "\n")
