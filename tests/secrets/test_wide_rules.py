"""The rules of further providers, Chinese services and default keys: each finds what its format describes, nothing masked."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from tests.secrets.samples import sample, seeded

from fourc.secrets import rules
from fourc.secrets.hit import Hit
from fourc.secrets.reference import compiled, expression, hits
from fourc.secrets.rule import Kind, Rule, Token


def _tables() -> Iterator[Rule]:
    for module in pkgutil.iter_modules(rules.__path__):
        if module.name.startswith(("wide_", "chinese_", "default_", "generic")):
            yield from getattr(importlib.import_module(f"{rules.__name__}.{module.name}"), "RULES", ())


RULES = tuple(sorted(_tables(), key=lambda rule: rule.id))
# Default keys are all of one text; what is in base64 is not drawn by chance. Both have examples of their own below.
_ENCODED = {"generic-basic-authorization", "registry-auth-entry"}
HELD = tuple(rule for rule in RULES if rule.kind is not Kind.DEFAULT_KEY and rule.id not in _ENCODED)


def _drawn(rule: Rule) -> tuple[str, Hit]:
    """A text that the rule's format describes, and what is found in it."""
    for seed in range(200):
        text = f" {sample(expression(rule.shape), seeded(f'{rule.id} {seed}'))}\n"
        for hit in hits(text.encode(), "", [rule]):
            return text, hit
    pytest.fail(f"nothing that {rule.id} describes is found")


@pytest.mark.parametrize("rule", HELD, ids=lambda rule: rule.id)
def test_a_text_of_the_format_is_found_and_a_masked_one_is_not(rule: Rule) -> None:
    """What the format describes is found at its bytes; the same text with the value masked holds nothing."""
    text, hit = _drawn(rule)
    encoded = text.encode()
    assert encoded[hit.start : hit.end].decode() == hit.value
    masked = encoded[: hit.start] + b"x" * (hit.end - hit.start) + encoded[hit.end :]
    assert hit.value not in {found.value for found in hits(masked, "", [rule])}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_keyword_stands_in_every_text_of_the_format(rule: Rule) -> None:
    """The letters that say where looking is worth while are there, in whatever case, in all that the pattern describes."""
    if not isinstance(rule.shape, Token):
        return
    assert all(word == word.lower() for word in rule.shape.keywords)
    for seed in range(6):
        text = sample(rule.shape.pattern, seeded(f"{rule.id} {seed}"))
        if compiled(rule.shape.pattern).search(text.encode()):
            assert any(word in text.lower() for word in rule.shape.keywords), text


@pytest.mark.parametrize(
    ("rule_id", "text"),
    [
        ("shiro-default-key", 'manager.setCipherKey(Base64.decode("4AvVhmFLUs0KTA3Kprsdag=="));'),
        ("shiro-cipher-key", 'manager.setCipherKey(Base64.decode("Hd82kfLq0PzXc7VbN1mJtw=="));'),
        ("nacos-default-token-key", "token.secret.key=VGhpc0lzTXlDdXN0b21TZWNyZXRLZXkwMTIzNDU2Nzg="),
        ("nacos-default-identity", "nacos.core.auth.server.identity.key=serverIdentity"),
        ("ruoyi-default-token-secret", "token:\n  header: Authorization\n  secret: abcdefghijklmnopqrstuvwxyz\n"),
        ("xxl-job-default-token", "xxl.job.accessToken=default_token\n"),
        (
            "druid-default-password",
            "druid:\n  stat-view-servlet:\n    login-username: ruoyi\n    login-password: 123456\n",
        ),
        ("jeecg-boot-default-sign-secret", "signatureSecret: dd05f1c54d63749eda95f9fa6d49v442a"),
        ("apollo-default-password", "apollo.portal.password=apollo\n"),
        ("harbor-default-password", "harbor_admin_password: Harbor12345"),
        ("grafana-default-password", "GF_SECURITY_ADMIN_PASSWORD=admin\n"),
        ("minio-default-password", "MINIO_ROOT_PASSWORD: minioadmin\n"),
        ("apisix-default-admin-key", "    key: edd1c9f034335f136f87ad84b625c8f1\n"),
        ("rabbitmq-default-password", "spring.rabbitmq.password=guest\n"),
        ("superset-default-secret-key", 'SECRET_KEY = "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET"'),
    ],
)
def test_a_default_key_is_known_where_it_stands_and_another_value_is_none(rule_id: str, text: str) -> None:
    """A published key is recognised in the setting that its product's manual shows; with other letters it is none."""
    rule = next(rule for rule in RULES if rule.id == rule_id)
    pattern = compiled(expression(rule.shape))
    found = pattern.search(text.encode())
    assert found, text
    start, end = found.span(1)
    other = text.encode()[:start] + b"Zq7" + text.encode()[end:]
    assert not pattern.search(other)


@pytest.mark.parametrize(
    ("rule_id", "text", "value"),
    [
        ("airbrake-api-key", "AIRBRAKE_KEY=4f8c2d19ab37e6504f8c2d19ab37e650", "4f8c2d19ab37e6504f8c2d19ab37e650"),
        ("shodan-api-key", "my shodan key: Ab7dK2mQ9xR4tV6wY8zB3cD5", "Ab7dK2mQ9xR4tV6wY8zB3cD5"),
        ("dingtalk-webhook", f"https://oapi.dingtalk.com/robot/send?access_token={'0a1b2c3d' * 8}", "0a1b2c3d" * 8),
        ("wechat-app-secret", "wx.appSecret = 'c3ab8ff13720e8ad9047dd39466b3c89'", "c3ab8ff13720e8ad9047dd39466b3c89"),
        ("amap-key", "高德 key: c3ab8ff13720e8ad9047dd39466b3c89", "c3ab8ff13720e8ad9047dd39466b3c89"),
        ("generic-basic-authorization", "Authorization: Basic bWFyaWE6VGg3IXIzYWw=", "bWFyaWE6VGg3IXIzYWw="),
        ("tencent-secret-id", "SecretId: AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMHqB", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMHqB"),
    ],
)
def test_a_known_spelling_is_found(rule_id: str, text: str, value: str) -> None:
    """A key in a spelling that people use is found whole, by the rule of its provider."""
    rule = next(rule for rule in RULES if rule.id == rule_id)
    assert [hit.value for hit in hits(text.encode(), "", [rule])] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "sqlalchemy/sql/cache_key.py,sha256=OihJqOVsdU0F_IShr0FIptTRHtIlM1UIZ_5LR8LQd0Q,28872",
        "github.com/launchdarkly/go-sdk-common v1.2.3 h1:OihJqOVsdU0F/IShr0FIptTRHtIlM1UIZ5LR8LQd0Q=",
        "var ToggleGroupItem = __TURBOPACK__imported__module__95184__.forwardRef",
        "mailjet_api_key = os.environ['MAILJET_API_KEY']",
        "hunterio_api_key: ${HUNTERIO_API_KEY}",
        "postmark_token = your-postmark-token-2024-here",
        "see https://docs.scraperapi.com/guides/api-key-rotation-2023",
    ],
)
def test_a_provider_s_name_beside_what_is_no_key_is_no_finding(text: str) -> None:
    """Checksums of lock files, identifiers, references, placeholders and addresses beside a provider's name are left alone."""
    specific = [rule for rule in RULES if not rule.generic]
    assert hits(text.encode(), "src/code.py", specific) == []


def test_no_two_rules_of_all_tables_share_an_id() -> None:
    """An id names one rule, in these tables and beside those of the better known providers."""
    ids = [
        rule.id
        for module in pkgutil.iter_modules(rules.__path__)
        for rule in getattr(importlib.import_module(f"{rules.__name__}.{module.name}"), "RULES", ())
    ]
    assert sorted(set(ids)) == sorted(ids)
