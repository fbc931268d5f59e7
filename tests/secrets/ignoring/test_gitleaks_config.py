"""`.gitleaks.toml` loads as it is and means what gitleaks means by it."""

from pathlib import Path

import pytest
from tests.secrets.ignoring import leaky

from fourc.app.ignoring import Own
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.errors import UsageError
from fourc.model.gap import GapReason
from fourc.secrets import confirm
from fourc.secrets.hit import Hit
from fourc.secrets.ignoring import go_patterns
from fourc.secrets.ignoring.fingerprints import Fingerprinter
from fourc.secrets.ignoring.gitleaks_config import team_rules
from fourc.secrets.ignoring.go_patterns import PatternError, compiled, groups_in, with_secret
from fourc.secrets.ignoring.own import IgnoreFile
from fourc.secrets.ignoring.sight import Sight
from fourc.secrets.ignoring.team_rules import TeamRules
from fourc.secrets.rule import Assigned, Kind, Rule, Token

SALT = b"s" * 16
OURS = (
    Rule("generic-api-key", "", Kind.API_KEY, Assigned(("key",), "[a-z0-9]{16,}"), 3.5, generic=True),
    Rule(
        "github-pat", "GitHub personal", Kind.ACCESS_TOKEN, Token("ghp_[0-9a-zA-Z]{36}", ("ghp_",)), 3.0, genuine=bool
    ),
)


def loaded(text: str, **files: str) -> TeamRules:
    """The configuration, with the files that it may extend by their names (dots for underscores)."""
    return team_rules(text, ".gitleaks.toml", {k.replace("_", "."): v for k, v in files.items()}.get, OURS)


def refused(text: str, **files: str) -> tuple[str, str]:
    """What is said of a configuration that makes no sense, and the hint."""
    with pytest.raises(UsageError) as error:
        loaded(text, **files)
    assert error.value.hint is not None
    return error.value.message.en, error.value.hint.en


def test_a_folder_with_every_feature_is_reported_as_gitleaks_itself_reports_it(tmp_path: Path) -> None:
    folder = leaky.write(tmp_path)
    report = scan_secrets(SecretScan((str(folder),), own=Own(folder, said=IgnoreFile(SALT))))
    of = Fingerprinter(SALT).of
    found = {(f.fingerprint, p.path, p.line) for f in report.findings for p in (f.location, *f.places) if p}
    expected = {(of(rule, secret), path, line) for rule, path, line, secret in leaky.reported()}
    assert found == expected
    assert report.gaps == ()


def test_without_use_default_only_the_rules_of_the_file_count() -> None:
    assert [r.id for r in loaded('[[rules]]\nid = "a"\nregex = "x"').rules] == ["a"]


def test_use_default_brings_our_rules_and_disabled_ones_are_gone() -> None:
    team = loaded('[extend]\nuseDefault = true\ndisabledRules = ["generic-api-key"]')
    assert [r.id for r in team.rules] == ["github-pat"]


def test_a_rule_of_ours_is_changed_where_the_file_says_so_and_kept_where_it_does_not() -> None:
    team = loaded(
        '[extend]\nuseDefault = true\n[[rules]]\nid = "github-pat"\nentropy = 4.5\ntags = ["x"]\npath = "ours"\n'
        '[[rules.allowlists]]\nregexTarget = "line"\nregexes = ["MY-ghp"]'
    )
    rule = team.by_id["github-pat"]
    assert (rule.entropy, rule.tags, rule.path, rule.shape) == (4.5, ("x",), "ours", OURS[1].shape)
    assert rule.genuine is bool
    assert rule.provider == "GitHub personal"
    assert not rule.team
    assert team.allows(Sight("github-pat", "a", 1, "ghp_x", text="MY-ghp_x"))
    assert not team.allows(Sight("generic-api-key", "a", 1, "ghp_x", text="MY-ghp_x"))


def test_a_regex_of_the_team_takes_the_place_of_ours_and_is_theirs_to_filter() -> None:
    rule = loaded('[extend]\nuseDefault = true\n[[rules]]\nid = "generic-api-key"\nregex = "(a)(b)"').by_id[
        "generic-api-key"
    ]
    assert rule.shape == Token("(a)(b)", ())
    assert rule.team


def test_files_extend_each_other_two_deep_and_no_further() -> None:
    def rule(name: str) -> str:
        return f'[[rules]]\nid = "{name}"\nregex = "{name}"\n'

    team = loaded(
        '[extend]\npath = "b.toml"\n' + rule("a"),
        b_toml='[extend]\npath = "c.toml"\n' + rule("b"),
        c_toml='[extend]\npath = "d.toml"\n' + rule("c"),
        d_toml=rule("d"),
    )
    assert {r.id for r in team.rules} == {"a", "b", "c"}


def test_a_file_that_extends_itself_ends() -> None:
    assert [
        r.id
        for r in loaded('[extend]\npath = "me"\n[[rules]]\nid = "a"\nregex = "a"', me='[extend]\npath = "me"').rules
    ] == ["a"]


def test_keys_are_known_in_any_case_and_one_text_stands_for_a_list() -> None:
    team = loaded(
        '[[Rules]]\nID = "a"\nRegex = "(x)(y)"\nSECRETGROUP = "2"\nkeywords = "One,Two"\n'
        '[[Rules.AllowLists]]\nstopWords = "fake"'
    )
    assert team.by_id["a"].shape == Token("(x)(?P<secret>y)", ())
    assert team.keywords["a"] == ("one", "two")
    assert team.allows(Sight("a", "p", 1, "aFAKEb"))


def test_the_title_of_a_team_s_rule_is_its_description_else_its_id() -> None:
    team = loaded('[[rules]]\nid = "a"\nregex = "a"\ndescription = "ACME key"\n[[rules]]\nid = "b"\nregex = "b"')
    assert [r.title.en for r in team.rules] == ["ACME key", "b"]


@pytest.mark.parametrize(
    ("toml", "sight", "stands"),
    [
        ('commits = ["ABC "]', Sight("r", "p", 1, "v", commit="abc"), True),
        ('commits = ["abc"]', Sight("r", "p", 1, "v"), False),
        ('paths = ["^a/"]', Sight("r", "a/b", 1, "v"), True),
        ('paths = ["^a/"]', Sight("r", "b/a/", 1, "v"), False),
        ('regexes = ["^v$"]', Sight("r", "p", 1, "v", text="the v", match="= v"), True),
        ('regexTarget = "secret"\nregexes = ["the"]', Sight("r", "p", 1, "v", text="the v"), False),
        ('regexTarget = "line"\nregexes = ["the"]', Sight("r", "p", 1, "v", text="the v"), True),
        ('regexTarget = "match"\nregexes = ["="]', Sight("r", "p", 1, "v", match="= v"), True),
        ('stopwords = ["Mock"]', Sight("r", "p", 1, "a_mOCk_1"), True),
        ('stopwords = ["mock"]', Sight("r", "mock", 1, "v", text="mock"), False),
        ('stopwords = ["m"]\npaths = ["x"]', Sight("r", "x", 1, "v"), True),
        ('condition = "and"\nstopwords = ["m"]\npaths = ["x"]', Sight("r", "x", 1, "v"), False),
        ('condition = "&&"\nstopwords = ["m"]\npaths = ["x"]', Sight("r", "x", 1, "mv"), True),
        ('condition = "AND"\ncommits = ["c"]\npaths = ["x"]', Sight("r", "x", 1, "v", commit="c"), True),
        ('paths = ["(?i)A", "b"]', Sight("r", "B", 1, "v"), False),
    ],
)
@pytest.mark.parametrize("form", ["[[allowlists]]", "[allowlist]", "[[rules.allowlists]]", "[rules.allowlist]"])
def test_an_allowlist_lets_stand_what_it_says(form: str, toml: str, sight: Sight, stands: bool) -> None:
    team = loaded(f'[[rules]]\nid = "r"\nregex = "v"\n{form}\n{toml}')
    assert team.allows(sight) is stands


def test_a_list_for_some_rules_is_not_for_others() -> None:
    two = '[[rules]]\nid = "a"\nregex = "a"\n[[rules]]\nid = "b"\nregex = "b"\n'
    team = loaded(two + '[[allowlists]]\ntargetRules = ["a"]\npaths = ["x"]')
    assert [team.allows(Sight(rule, "x", 1, "v")) for rule in ("a", "b")] == [True, False]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[rules]", ".gitleaks.toml: Expected"),
        ('[[rules]]\nregex = "a"', ".gitleaks.toml: [[rules]]: a rule has no id (a)"),
        ('[[rules]]\nid = "a"', ".gitleaks.toml: a: it has neither regex nor path"),
        ('[[rules]]\nid = "a"\nregex = "("', ".gitleaks.toml: a: missing ): ("),
        ('[[rules]]\nid = "a"\nregex = "a(?=b)"', ".gitleaks.toml: a: invalid perl operator: (?="),
        (
            '[[rules]]\nid = "a"\nregex = "(a)"\nsecretGroup = 2',
            ".gitleaks.toml: a: secretGroup is 2, the regex has 1 groups",
        ),
        ('[[rules]]\nid = "a"\nregex = 3', ".gitleaks.toml: regex: it must be a text"),
        ('[[rules]]\nid = "a"\nregex = "a"\nentropy = "high"', ".gitleaks.toml: entropy: it must be a number"),
        ('rules = "a"', ".gitleaks.toml: rules: it must be tables: [[rules]]"),
        ("[[allowlists]]", ".gitleaks.toml: [[allowlists]]: it needs commits, paths, regexes or stopwords"),
        ('[[allowlists]]\nregexes = ["("]', ".gitleaks.toml: [[allowlists]]: missing ): ("),
        ('[[allowlists]]\nregexTarget = "mtach"\npaths = ["a"]', ".gitleaks.toml: [[allowlists]]: regexTarget must be"),
        (
            '[[allowlists]]\ncondition = "XOR"\npaths = ["a"]',
            ".gitleaks.toml: [[allowlists]]: condition must be AND or OR",
        ),
        ('[allowlist]\npaths = ["a"]\n[[allowlists]]\npaths = ["b"]', "the old [allowlist] cannot stand beside it"),
        (
            '[[allowlists]]\ntargetRules = ["none"]\npaths = ["a"]',
            ".gitleaks.toml: [[allowlists]]: there is no rule none",
        ),
        (
            '[[rules]]\nid = "a"\nregex = "a"\n[[rules.required]]\nid = "b"',
            ".gitleaks.toml: a: required: there is no rule b",
        ),
        (
            '[[rules]]\nid = "a"\nregex = "a"\n[[rules.required]]\nwithinLines = 1',
            ".gitleaks.toml: a: required: it has no id",
        ),
        ('[extend]\npath = "none.toml"', ".gitleaks.toml: extend.path: there is no file none.toml"),
        ('[extend]\npath = "a"\nuseDefault = true', "path and useDefault exclude each other"),
    ],
)
def test_what_gitleaks_refuses_is_refused_and_the_place_is_named(toml: str, said: str) -> None:
    message, hint = refused(toml)
    assert said in message
    assert "correct it" in hint


def test_a_broken_file_that_is_extended_is_named_itself() -> None:
    assert refused('[extend]\npath = "b.toml"', b_toml="[[")[0].startswith("b.toml: ")


def test_a_list_for_a_rule_that_only_gitleaks_has_is_a_gap_where_our_rules_count() -> None:
    team = loaded('[extend]\nuseDefault = true\n[[allowlists]]\ntargetRules = ["beamer"]\npaths = ["a"]')
    assert [(g.reason, g.message.en, g.named) for g in team.gaps] == [
        (GapReason.UNSUPPORTED, "there is no rule beamer", False)
    ]


def test_a_pattern_that_is_too_large_for_re2_is_a_gap_and_the_other_rules_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go_patterns, "_MEMORY", 1024 * 1024)
    huge = "\\\\pL{1000}"
    team = loaded(f'[[rules]]\nid = "huge"\nregex = "{huge}"\n[[rules]]\nid = "a"\nregex = "a"')
    assert [r.id for r in team.rules] == ["a"]
    assert [g.message.en for g in team.gaps] == ["the pattern of huge is too large for RE2"]


def test_what_betterleaks_asks_providers_with_is_a_gap_and_its_components_are_read() -> None:
    team = loaded(
        '[[rules]]\nid = "a"\nregex = "a"\nvalidate = "http.get(1)"\n'
        'components = [{ id = "b", within = "5L,100C" }]\n[[rules]]\nid = "b"\nregex = "b"'
    )
    assert [g.message.en for g in team.gaps] == ["the validate of a asks its provider, which is not done here"]
    assert [(r.rule, r.lines, r.columns) for r in team.required["a"]] == [("b", 5, 100)]


@pytest.mark.parametrize(
    ("expression", "discarded"),
    [
        ('entropy(finding["secret"]) <= 2.5', True),
        ("filter.entropy(finding.secret) <= 0.5", False),
        (r'matchesAny(attributes[?"path"].orValue(""), [r"""(?i)\.(?:MD|txt)$"""])', True),
        (r"filter.matchesAny(attributes['path'], [`\.go$`])", False),
        ('containsAny(finding["line"], ["Example:", "Placeholder:"])', True),
        ('finding["secret"] == "aab" || false', True),
        ('!(finding["secret"] == "aab")', False),
        ('attributes[?"git.author_name"].orValue("").endsWith("[bot]")', False),
        ('attributes["path"].startsWith("docs/") && // the docs\nfinding["rule_id"] in ["r", "s"]', True),
        ("true", True),
        ('failsTokenEfficiency(finding["secret"])', False),
        ('failsTokenEfficiency(finding["secret"]) || entropy(finding["secret"]) <= 2.5', True),
        ('!failsTokenEfficiency(finding["secret"])', False),
        ('attributes["none"] == "x" || attributes["none"] != "x"', False),
        ('finding["secret"] <= 3', False),
    ],
)
@pytest.mark.parametrize("where", ["filter = '''{}'''\n[[rules]]\n{r}", "[[rules]]\n{r}\nfilter = '''{}'''"])
def test_a_filter_of_betterleaks_discards_what_it_is_certainly_true_of(
    where: str, expression: str, discarded: bool
) -> None:
    team = loaded(where.replace("{r}", 'id = "r"\nregex = "a+b"').replace("{}", expression))
    assert team.allows(Sight("r", "docs/a.txt", 1, "aab", text="Example: aab", match="aab")) is discarded


def test_a_filter_that_uses_what_is_not_known_is_a_gap_that_names_it() -> None:
    rule = '[[rules]]\nid = "a"\nregex = "a"\n'
    team = loaded(f"{rule}filter = 'failsTokenEfficiency(finding.secret) && x.y(1)'")
    named = "the filter of a uses failsTokenEfficiency, .y, which is not known here"
    assert [g.message.en for g in team.gaps] == [named]
    for odd in ("a ? b : c", "a +", "__import__('os')[", "(" * 500, "x" * 30_000, "[i for i in 'a']", "lambda: 0"):
        team = loaded(f'{rule}filter = "{odd}"')
        assert [g.reason for g in team.gaps] == [GapReason.UNSUPPORTED], odd
        assert "a" in team.by_id


@pytest.mark.parametrize("mark", ["gitleaks:allow", "betterleaks:allow", "pragma: allowlist secret"])
def test_a_mark_on_the_line_of_a_secret_lets_it_stand_and_no_other_line(mark: str) -> None:
    team = loaded('[[rules]]\nid = "a"\nregex = "k[0-9]"')
    text = f"x k1 # {mark}\nx k2\n".encode()
    hits = [Hit("a", 2, 4, "k1"), Hit("a", text.index(b"k2"), text.index(b"k2") + 2, "k2")]
    assert [h.value for h in team.standing(hits, text, "f")] == ["k2"]


def test_a_mark_on_the_last_line_of_a_secret_of_several_lines_counts() -> None:
    team = loaded('[[rules]]\nid = "a"\nregex = "(?s)BEGIN.*END"')
    text = b"BEGIN\nabc\nEND gitleaks:allow\n"
    assert team.standing([Hit("a", 0, 13, "BEGIN\nabc\nEND")], text, "f") == []


@pytest.mark.parametrize(
    ("pattern", "group", "named"),
    [
        (r"(a)(?:b)(c)", 2, r"(a)(?:b)(?P<secret>c)"),
        (r"[(](x)\((y)", 2, r"[(](x)\((?P<secret>y)"),
        (r"\Q(\E(z)", 1, r"\Q(\E(?P<secret>z)"),
        (r"(?P<name>a)(?<secret>b)", 1, r"(?P<secret>a)(b)"),
        (r"[]()](q)", 1, r"[]()](?P<secret>q)"),
        (r"[[:alpha:](](q)", 1, r"[[:alpha:](](?P<secret>q)"),
        (r"(?i)[^]\](](q)", 1, r"(?i)[^]\](](?P<secret>q)"),
        (r"(?P<secret>a)(b)", 0, r"(a)(b)"),
    ],
)
def test_the_group_that_is_the_secret_is_named_wherever_it_stands(pattern: str, group: int, named: str) -> None:
    assert with_secret(pattern, group) == named
    assert groups_in(pattern) == compiled(pattern).groups == compiled(named).groups


def test_what_go_takes_and_others_do_not_is_taken() -> None:
    for pattern in (r"(?<name>x)", r"\Qa.b\E", r"\pL\x{10FFFF}", r"(?i:a)(?-i:B)", r"[\w-.]", r"a\z", r"(?s).{1000}"):
        compiled(pattern)
    with pytest.raises(PatternError, match="invalid repetition"):
        compiled("x{1001}")


def test_groups_may_stand_in_groups_as_deep_as_go_allows() -> None:
    assert compiled("(" * 999 + r"\)[)]a" + ")" * 999).groups == 999
    with pytest.raises(PatternError, match="nests too deeply"):
        compiled("(" * 20_000 + "a" + ")" * 20_000)


def test_a_file_whose_brackets_never_end_is_refused_with_its_name() -> None:
    assert refused(f"x = {'[' * 100_000}")[0].startswith(".gitleaks.toml: ")


@pytest.mark.parametrize("pattern", [".", "(((((a*)*)*)*)*)*", "(a?){500}(a){500}"])
def test_a_pattern_that_never_stops_matching_is_stopped_with_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """And the other rules find what they find."""
    monkeypatch.setattr(confirm, "_MOST", 2000)
    monkeypatch.setattr(confirm, "_SECONDS", 0.2)
    (tmp_path / ".gitleaks.toml").write_text(
        f"[[rules]]\nid = 'bomb'\nregex = {pattern!r}\n[[rules]]\nid = 'fine'\nregex = 'corp-[0-9]{{4}}'\n"
    )
    (tmp_path / "long.txt").write_text("a" * 100_000 + " corp-1234")
    report = scan_secrets(SecretScan((str(tmp_path),), own=Own(tmp_path, said=IgnoreFile(SALT))))
    assert "fine" in {finding.rule for finding in report.findings}
    (gap,) = (gap for gap in report.gaps if gap.location and gap.location.path == "long.txt")
    assert (gap.reason, "pattern of bomb" in gap.message.en) == (GapReason.TOO_LARGE, True)
