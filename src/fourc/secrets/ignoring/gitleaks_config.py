"""`.gitleaks.toml` as gitleaks 8 reads it: the team's own rules, what it changed in ours, and what is let stand.

Keys are known in any case, a text may stand where a list of texts is wanted (its parts by commas), unknown keys are passed
over: all as in gitleaks. Without `extend.useDefault` only the rules of the file count, as its documentation says. Of what
betterleaks adds, filters and `components`, its name for `required`, are read; what asks providers is a gap.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.errors import UsageError
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location
from fourc.model.text import Text, same
from fourc.secrets.ignoring.allowlist import Allowlist, Target
from fourc.secrets.ignoring.expressions import ExpressionError, Filter, filter_of
from fourc.secrets.ignoring.go_patterns import PatternError, compiled, groups_in, with_secret
from fourc.secrets.ignoring.team_rules import Required, TeamRules
from fourc.secrets.ignoring.toml_table import Table, WrongTableError
from fourc.secrets.rule import Kind, Rule, Token

_DEPTH = 2
"""Files that a file may extend, one after the other: gitleaks stops there, without a word."""
_PROVIDERS = ("validate", "analyze", "revoke")
"""What betterleaks asks providers with: nothing is asked here."""
_CORRECT = Text(
    "correct it; the format is gitleaks' own (its README, Configuration)",
    "请修正它；格式与 gitleaks 相同（见其 README 的 Configuration）",
)

Read = Callable[[str], str | None]
"""The text of the file that `extend.path` names, None where there is none."""


class _Row(Struct):
    """A rule while files are laid over each other."""

    id: str
    base: Rule | None = None
    description: str = ""
    pattern: str = ""
    group: int = 0
    entropy: float = 0.0
    path: str = ""
    keywords: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    allowlists: list[Allowlist] = field(default_factory=list)
    required: list[Required] = field(default_factory=list)
    silent: bool = False
    filters: list[Filter] = field(default_factory=list)


class _Layer(Struct):
    """What one file, with those that it extends, comes to."""

    rows: dict[str, _Row]
    allowlists: list[Allowlist] = field(default_factory=list)
    targeted: list[tuple[str, Allowlist]] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    extends_ours: bool = False


def team_rules(text: str, shown: str, read: Read, ours: Sequence[Rule]) -> TeamRules:
    """What a configuration, shown under this name in errors, makes of our rules.

    Raises:
        UsageError: gitleaks would refuse it too; the hint says what to do.
    """
    gaps: list[Gap] = []
    layer = _layer(text, shown, read, ours, 0, gaps)
    for rule, allowed in layer.targeted:
        if rule in layer.rows:
            layer.rows[rule].allowlists.append(allowed)
        elif layer.extends_ours:
            gaps.append(_gap(shown, _NO_RULE.of(rule=rule), _NOTHING_LOST))
        else:
            raise _wrong(shown, Text("[[allowlists]]", "[[allowlists]]"), _NO_RULE.of(rule=rule))
    rules: list[Rule] = []
    for row in layer.rows.values():
        try:
            rules.append(_rule(row, shown))
        except PatternError as error:
            if not error.too_large:
                raise _wrong(shown, same(row.id), same(str(error))) from error
            gaps.append(_gap(shown, _TOO_LARGE.of(rule=row.id), Text("make the pattern smaller", "请缩小该模式")))
    known = {rule.id for rule in rules}
    for row in layer.rows.values():
        for needed in row.required:
            if needed.rule not in known:
                raise _wrong(shown, same(f"{row.id}: required"), _NO_RULE.of(rule=needed.rule))
    return TeamRules(
        rules=tuple(rules),
        allowlists=tuple(layer.allowlists),
        of_rule={r.id: tuple(r.allowlists) for r in layer.rows.values() if r.allowlists},
        keywords={r.id: tuple(r.keywords) for r in layer.rows.values() if r.keywords},
        required={r.id: tuple(r.required) for r in layer.rows.values() if r.required},
        filters={r.id: tuple(r.filters) for r in layer.rows.values() if r.filters}
        | ({"": tuple(layer.filters)} if layer.filters else {}),
        silent=frozenset(r.id for r in layer.rows.values() if r.silent),
        gaps=tuple(gaps),
        extends_ours=layer.extends_ours,
    )


def _layer(text: str, shown: str, read: Read, ours: Sequence[Rule], depth: int, gaps: list[Gap]) -> _Layer:
    try:
        table = Table.of(tomllib.loads(text))
        return _read_layer(table, shown, read, ours, depth, gaps)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(shown, None, same(str(error))) from error
    except WrongTableError as error:
        raise _wrong(shown, same(error.where), error.why) from error


def _read_layer(table: Table, shown: str, read: Read, ours: Sequence[Rule], depth: int, gaps: list[Gap]) -> _Layer:
    mine = [_row(t, shown, gaps) for t in table.tables("rules")]
    extend = table.table("extend")
    base = _Layer({})
    path, default = extend.text("path"), extend.truth("usedefault")
    if path and default:
        raise WrongTableError(
            "extend", Text("path and useDefault exclude each other", "path 与 useDefault 不能同时使用")
        )
    if default and depth < _DEPTH:
        base = _Layer({r.id: _Row(r.id, r) for r in ours}, extends_ours=True)
    elif path and depth < _DEPTH:
        extended = read(path)
        if extended is None:
            raise WrongTableError("extend.path", Text("there is no file {path}", "没有文件 {path}").of(path=path))
        base = _layer(extended, path, read, ours, depth + 1, gaps)
    for rule in extend.texts("disabledrules"):
        base.rows.pop(rule, None)
    for row in mine:
        base.rows[row.id] = _over(row, base.rows[row.id]) if row.id in base.rows else row
    base.filters += _filters(table, "", shown, gaps)
    for allowed, targets in _allowlists(table, "", shown):
        if targets:
            base.targeted += [(rule, allowed) for rule in targets]
        else:
            base.allowlists.append(allowed)
    return base


def _over(row: _Row, base: _Row) -> _Row:
    """The base with what the row says laid over it: single values replace, lists are added."""
    return _Row(
        base.id,
        base.base,
        row.description or base.description,
        row.pattern or base.pattern,
        row.group or base.group,
        row.entropy or base.entropy,
        row.path or base.path,
        base.keywords + row.keywords,
        base.tags + row.tags,
        base.allowlists + row.allowlists,
        base.required + row.required,
        base.silent or row.silent,
        base.filters + row.filters,
    )


def _row(table: Table, shown: str, gaps: list[Gap]) -> _Row:
    rule = table.text("id").strip()
    if not rule:
        told = table.text("description") or table.text("regex") or table.text("path")
        raise WrongTableError("[[rules]]", Text("a rule has no id ({what})", "有规则没有 id（{what}）").of(what=told))
    gaps += [_gap(shown, _ASKS.of(key=key, rule=rule), _NOTHING_LOST) for key in _PROVIDERS if table.has(key)]
    if table.truth("tokenefficiency"):
        gaps.append(_gap(shown, _UNKNOWN.of(rule=rule, names="tokenEfficiency"), _USE_ALLOWLISTS))
    return _Row(
        rule,
        None,
        table.text("description"),
        table.text("regex"),
        int(table.number("secretgroup")),
        table.number("entropy"),
        table.text("path"),
        [word.lower() for word in table.texts("keywords")],
        list(table.texts("tags")),
        [allowed for allowed, _ in _allowlists(table, rule, shown)],
        [*_required(table, rule)],
        table.truth("skipreport"),
        [*_filters(table, rule, shown, gaps)],
    )


def _filters(table: Table, rule: str, shown: str, gaps: list[Gap]) -> Iterator[Filter]:
    """The filters of a rule, or of all (""); what of one is not known here is a gap."""
    for key in ("prefilter", "filter"):
        text = table.text(key)
        try:
            made = filter_of(text) if text.strip() else None
        except ExpressionError as error:
            told = _UNREADABLE.of(key=key, rule=rule or "*", why=str(error)[:100])
            gaps.append(_gap(shown, told, _USE_ALLOWLISTS))
            continue
        if made is not None:
            if made.unknown:
                gaps.append(_gap(shown, _UNKNOWN.of(rule=rule or "*", names=", ".join(made.unknown)), _USE_ALLOWLISTS))
            yield made


def _required(table: Table, rule: str) -> Iterator[Required]:
    for each in table.tables("required"):
        lines, columns = (int(each.number(key)) if each.has(key) else None for key in ("withinlines", "withincolumns"))
        yield Required(_named(each, rule), lines, columns)
    for each in table.tables("components"):
        bounds = {part[-1:].upper(): int(part[:-1]) for part in each.texts("within") if part[:-1].isdecimal()}
        yield Required(_named(each, rule), bounds.get("L"), bounds.get("C"))


def _named(table: Table, rule: str) -> str:
    if not table.text("id"):
        raise WrongTableError(f"{rule}: required", Text("it has no id", "缺少 id"))
    return table.text("id")


def _allowlists(table: Table, rule: str, shown: str) -> Iterator[tuple[Allowlist, tuple[str, ...]]]:
    """The allowlists of a rule, or of all (""), each with the rules that it is for."""
    old, new = table.has("allowlist"), table.tables("allowlists")
    where = f"{rule}: [[rules.allowlists]]" if rule else "[[allowlists]]"
    if old and new:
        raise WrongTableError(
            where, Text("the old [allowlist] cannot stand beside it", "不能与旧的 [allowlist] 同时使用")
        )
    for each in [table.table("allowlist")] if old else new:
        yield _allowlist(each, where, shown), each.texts("targetrules")


def _allowlist(table: Table, where: str, shown: str) -> Allowlist:
    condition, target = table.text("condition").upper(), table.text("regextarget") or Target.SECRET
    if condition not in {"", "OR", "||", "AND", "&&"}:
        raise WrongTableError(where, Text("condition must be AND or OR", "condition 必须是 AND 或 OR"))
    if target not in set(Target):
        raise WrongTableError(
            where, Text("regexTarget must be secret, match or line", "regexTarget 必须是 secret、match 或 line")
        )
    commits = frozenset(c.strip().lower() for c in table.texts("commits"))
    paths, texts = table.texts("paths"), table.texts("regexes")
    words = tuple(dict.fromkeys(w.lower() for w in table.texts("stopwords")))
    if not (commits or paths or texts or words):
        none = Text("it needs commits, paths, regexes or stopwords", "需要 commits、paths、regexes 或 stopwords 之一")
        raise WrongTableError(where, none)
    for pattern in (*paths, *texts):
        try:
            compiled(pattern)
        except PatternError as error:
            raise _wrong(shown, same(where), same(str(error))) from error
    return Allowlist(condition in {"AND", "&&"}, commits, paths, texts, Target(target), words)


def _rule(row: _Row, shown: str) -> Rule:
    """The rule of a row, compiled once to see that it can be; raises `PatternError`."""
    if row.path:
        compiled(row.path)
    own = row.base
    if own is None and not (row.pattern or row.path):
        raise _wrong(shown, same(row.id), Text("it has neither regex nor path", "既没有 regex 也没有 path"))
    pattern = row.pattern or (own.shape.pattern if own and isinstance(own.shape, Token) else "")
    if row.group > groups_in(pattern):
        few = Text("secretGroup is {n}, the regex has {m} groups", "secretGroup 为 {n}，但 regex 只有 {m} 个分组")
        raise _wrong(shown, same(row.id), few.of(n=row.group, m=groups_in(pattern)))
    if row.pattern or row.group:
        compiled(pattern)  # before anything is changed in it: an error names what stands in the file
        pattern = with_secret(pattern, row.group)
        compiled(pattern)
    if own is None:
        made = Rule(row.id, "", Kind.SECRET, Token(pattern, ()), row.entropy, path=row.path or None, team=True)
        return replace(made, description=row.description or row.id, tags=tuple(row.tags))
    return replace(
        own,
        shape=Token(pattern, ()) if row.pattern or row.group else own.shape,
        entropy=row.entropy or own.entropy,
        path=row.path or own.path,
        description=row.description or own.description,
        tags=own.tags + tuple(row.tags),
        genuine=None if row.pattern else own.genuine,
        team=own.team or bool(row.pattern),
    )


def _wrong(shown: str, where: Text | None, why: Text) -> UsageError:
    place = Text("{file}: {where}", "{file}：{where}").of(file=shown, where=where) if where else same(shown)
    return UsageError(Text("{place}: {why}", "{place}：{why}").of(place=place, why=why), hint=_CORRECT)


def _gap(shown: str, message: Text, remedy: Text) -> Gap:
    return Gap(GapReason.UNSUPPORTED, message, remedy, Location(shown, 1, 1, 1, 1), named=False)


_NO_RULE = Text("there is no rule {rule}", "没有规则 {rule}")
_NOTHING_LOST = Text("take it out, or name another rule", "请删除它，或改用其他规则")
_TOO_LARGE = Text("the pattern of {rule} is too large for RE2", "{rule} 的模式对 RE2 来说太大")
_ASKS = Text(
    "the {key} of {rule} asks its provider, which is not done here", "{rule} 的 {key} 会询问服务商，此处不会执行"
)
_UNKNOWN = Text("the filter of {rule} uses {names}, which is not known here", "{rule} 的过滤器使用了此处未知的 {names}")
_UNREADABLE = Text("the {key} of {rule} cannot be read here: {why}", "此处无法读取 {rule} 的 {key}：{why}")
_USE_ALLOWLISTS = Text("write it as [[allowlists]], which both read", "请改写为两者都支持的 [[allowlists]]")
