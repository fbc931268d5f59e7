"""Every row of the rule tables: a secret of its format is found however it is spelled, one that is nearly so is not."""

import re
from random import Random

import pytest
from tests.secrets.samples import SPELLINGS, sample, seeded

from fourc.secrets.reference import compiled, expression, hits
from fourc.secrets.registry import text_rules
from fourc.secrets.rule import Assigned, Rule, Structure, Token

RULES = {
    rule.id: rule
    for rule in text_rules()
    if any(name.startswith(("gitleaks:", "betterleaks:")) for name in rule.references) and not rule.generic
}
PATHS = {
    "hashicorp-tf-password": "main.tf",
    "nuget-config-password": "src/NuGet.Config",
    "freemius-secret-key": "plugin.php",
    "kubernetes-secret-yaml": "secret.yaml",
    "pkcs12-file": "certs/site.pfx",
}
# What is told by its surroundings is written out here; the rest is drawn from its pattern. The second text is nearly one.
WRITTEN = {
    "kubernetes-secret-yaml": (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: aHVudGVyMi1pcy1iYWQ=\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: db\ndata:\n  password: aHVudGVyMi1pcy1iYWQ=\n",
    ),
    "curl-auth-header": (
        "curl -X GET https://api.example.com \\\n  -H 'Authorization: Bearer 3f9Qz7Lm2Xw8'",
        "curl -X GET https://api.example.com \\\n  -H 'Authorization: Bearer $TOKEN'",
    ),
    "curl-auth-user": (
        'curl -u "deploy:n7Zx-4kQp" https://example.com',
        'curl -u "deploy:$PASSWORD" https://example.com',
    ),
    "snowflake-account-host": (
        "host=acme.eu-west-1.snowflakecomputing.com",
        "host=acme.snowflakecomputing.com.example.org",
    ),
    "pkcs12-file": ("", None),
}


def positive(rule: Rule, random: Random) -> tuple[str, str]:
    """A text with a secret of the rule, and the secret."""
    if rule.id in WRITTEN:
        return WRITTEN[rule.id][0], ""
    if isinstance(rule.shape, Token):
        return sample(rule.shape.pattern, random), ""
    assert isinstance(rule.shape, Assigned)
    value = sample(rule.shape.value, random)
    return f'{sample(rule.shape.words[0], random)} = "{value}"', value


def found(text: str, rule: Rule) -> list[str]:
    return [hit.value for hit in hits(text.encode(), PATHS.get(rule.id, "config.txt"), [rule])]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_secret_of_the_format_is_found(rule: Rule) -> None:
    random = seeded(rule.id)
    for _ in range(3):
        text, value = positive(rule, random)
        got = found(text, rule)
        assert got, text
        assert not value or got == [value], text


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_one_that_breaks_off_is_not(rule: Rule) -> None:
    random = seeded(rule.id)
    text, _ = positive(rule, random)
    if rule.id == "pkcs12-file":
        assert not hits(b"", "certs/site.crt", [rule])
        return
    if rule.id in WRITTEN:
        assert not found(str(WRITTEN[rule.id][1]), rule)
        return
    (hit,) = hits(text.encode(), PATHS.get(rule.id, "config.txt"), [rule])
    whole = text.encode()
    cut = whole[: hit.start + 2] + b"\n" + whole[hit.start + 2 :]
    assert not hits(cut, PATHS.get(rule.id, "config.txt"), [rule]), cut


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_assigned_value_is_found_however_it_is_spelled(spelling: str) -> None:
    for rule in RULES.values():
        if isinstance(rule.shape, Assigned):
            random = seeded(rule.id)
            word, value = sample(rule.shape.words[0], random), sample(rule.shape.value, random)
            text = spelling.format(x=word, X=word.upper(), v=value)
            assert value in found(text, rule), (rule.id, text)


def test_ids_are_kebab_case_and_references_name_a_catalogue() -> None:
    for rule in text_rules():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|jwt", rule.id), rule.id
        assert all(re.fullmatch(r"[a-z0-9.-]+:\S+", name) for name in rule.references), rule.references


def test_titles_are_the_provider_and_the_kind_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.title.en[0].isalnum(), rule.id
        assert rule.title.en.endswith(rule.kind.value.en), rule.id
        assert rule.title.zh.endswith(rule.kind.value.zh), rule.id


def test_a_keyword_stands_in_every_match() -> None:
    for rule in RULES.values():
        if isinstance(rule.shape, Token) and rule.shape.pattern:
            random = seeded(rule.id)
            text = sample(rule.shape.pattern, random).lower()
            assert any(keyword in text for keyword in rule.shape.keywords), (rule.id, text)


def test_every_pattern_is_re2_and_small() -> None:
    for rule in text_rules():
        assert not isinstance(rule.shape, Structure)
        pattern = expression(rule.shape)
        assert len(pattern) < 2500, rule.id
        compiled(pattern)


@pytest.mark.parametrize(
    ("name", "is_lob"),
    [("LOB_KEY", True), ("my_lob_key", True), ("myLobKey", True), ("blobKey", False), ("GLOBAL", False)],
)
def test_a_short_word_counts_only_where_a_part_of_a_name_begins(name: str, is_lob: bool) -> None:
    text = f"{name} = test_19994fe9adf0be1a0abf2f52f255a83aaa0"
    assert bool(found(text, RULES["lob-api-key"])) is is_lob


def test_text_rules_are_there_once_and_in_order() -> None:
    ids = [rule.id for rule in text_rules()]
    assert ids == sorted(set(ids))
    assert {"github-pat", "aws-secret-access-key", "private-key"} <= set(ids)
