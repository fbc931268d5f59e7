"""What each provider is asked and what its answers mean, as its documentation has it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from fourc.model.live import Answer, Live, Question
from fourc.secrets.live.providers import PROVIDERS, Provider
from fourc.secrets.live.signatures import Moment, alibaba_identity, aws_identity
from fourc.secrets.registry import all_rules

MOMENT = Moment(datetime(2015, 8, 30, 12, 36, tzinfo=UTC), "5f1c3a")
SECRET, HALF = "tokenAAAA1111bbbb2222", "otherHALFcccc3333dddd"
BY_NAME = {provider.name: provider for provider in PROVIDERS}


def asked(provider: Provider) -> Question:
    return provider.ask(provider.base, SECRET, HALF, MOMENT)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.key)
def test_a_row_is_about_rules_that_exist_and_asks_what_it_shows(provider: Provider) -> None:
    rules = {rule.id for rule in all_rules()}
    assert {*provider.rules, *provider.halves} - rules == set()
    method, path, *_ = provider.shown.split(" ")
    question = asked(provider)
    url = urlsplit(question.url)
    assert question.method == method
    assert f"{url.scheme}://{url.netloc}" == provider.base
    assert url.scheme == "https"
    assert url.path == path.replace("<token>", SECRET)


def test_no_rule_is_asked_about_at_two_providers() -> None:
    rules = [rule for provider in PROVIDERS for rule in provider.rules]
    assert sorted(rules) == sorted(set(rules))


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if not p.halves], ids=lambda p: p.key)
def test_a_token_stands_in_a_header_or_where_the_provider_wants_it_in_the_path(provider: Provider) -> None:
    question = asked(provider)
    in_path = SECRET in question.url
    assert in_path == (provider.name == "Telegram"), "a URL is logged on its way, so nothing else has a secret in it"
    assert in_path or any(SECRET in value for value in question.headers.values())


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if p.name in {"AWS", "Alibaba Cloud"}], ids=lambda p: p.key)
def test_the_secret_half_of_a_signing_pair_never_leaves(provider: Provider) -> None:
    question = asked(provider)
    assert HALF not in f"{question.url}{question.headers}{question.body!r}"
    assert SECRET in f"{question.url}{question.headers}{question.body!r}"


def test_aws_s_signature_is_the_one_that_botocore_makes() -> None:
    """Made with botocore 1.44.8 for the same request, keys and time."""
    question = aws_identity(
        "https://sts.amazonaws.com", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", MOMENT
    )
    assert question.headers["x-amz-date"] == "20150830T123600Z"
    assert question.headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request,"
        " SignedHeaders=content-type;host;x-amz-date, Signature=6fb20d31f734d876c5682fdd2678d194cf68b862755f83b7ba1373c0874be25c"
    )


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sts.amazonaws.com", "us-east-1"),
        ("sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("localhost:1", "us-east-1"),
    ],
)
def test_aws_is_asked_in_the_region_of_the_address(host: str, region: str) -> None:
    question = aws_identity(f"https://{host}", "AKIDEXAMPLE", "x", MOMENT)
    assert f"/20150830/{region}/sts/aws4_request" in question.headers["authorization"]


def test_alibaba_cloud_s_signature_is_the_one_that_its_own_client_makes() -> None:
    """Made with aliyun-python-sdk-core 2.16.1 for the same parameters."""
    query = parse_qs(urlsplit(alibaba_identity("https://sts.aliyuncs.com", "testid", "testsecret", MOMENT).url).query)
    assert query["Signature"] == ["iW/xe1LSf0QzSGhckDFqc0NVK4k="]
    assert query["Timestamp"] == ["2015-08-30T12:36:00Z"]


GENERIC = [
    "Airtable",
    "DeepSeek",
    "Groq",
    "Hugging Face",
    "Notion",
    "OpenRouter",
    "Postman",
    "Replicate",
    "SendGrid",
    "npm",
]
INVALID_AWS = b"<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>"
MISMATCH_AWS = b"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"


@pytest.mark.parametrize(
    ("name", "status", "body", "means"),
    [
        *((name, 200, b"{}", Live.LIVE) for name in GENERIC),
        *((name, 401, b"{}", Live.REVOKED) for name in GENERIC),
        *((name, 403, b"{}", Live.UNKNOWN) for name in GENERIC),
        *((provider.name, 500, b"", Live.UNKNOWN) for provider in PROVIDERS),
        *((provider.name, 429, b"", Live.UNKNOWN) for provider in PROVIDERS),
        *((provider.name, 302, b"", Live.UNKNOWN) for provider in PROVIDERS),
        ("AWS", 200, b"<GetCallerIdentityResponse/>", Live.LIVE),
        ("AWS", 403, INVALID_AWS, Live.REVOKED),
        ("AWS", 403, MISMATCH_AWS, Live.UNKNOWN),
        ("Alibaba Cloud", 200, b'{"AccountId": "1"}', Live.LIVE),
        ("Alibaba Cloud", 404, b'{"Code": "InvalidAccessKeyId.NotFound"}', Live.REVOKED),
        ("Alibaba Cloud", 403, b'{"Code": "InvalidAccessKeyId.Inactive"}', Live.REVOKED),
        ("Alibaba Cloud", 400, b'{"Code": "SignatureDoesNotMatch"}', Live.UNKNOWN),
        ("Alibaba Cloud", 403, b'{"Code": "Forbidden.AccessDenied"}', Live.LIVE),
        ("Anthropic", 200, b"{}", Live.LIVE),
        ("Anthropic", 401, b'{"error": {"type": "authentication_error"}}', Live.REVOKED),
        ("Anthropic", 403, b'{"error": {"type": "permission_error"}}', Live.LIVE),
        ("Cloudflare", 200, b'{"result": {"status": "active"}}', Live.LIVE),
        ("Cloudflare", 200, b'{"result": {"status": "disabled"}}', Live.REVOKED),
        ("Cloudflare", 401, b'{"result": null}', Live.UNKNOWN),
        ("DigitalOcean", 200, b"{}", Live.LIVE),
        ("DigitalOcean", 403, b"{}", Live.LIVE),
        ("DigitalOcean", 401, b"{}", Live.REVOKED),
        ("DingTalk", 200, b'{"errcode": 0, "access_token": "x"}', Live.LIVE),
        ("DingTalk", 200, b'{"errcode": 40089}', Live.REVOKED),
        ("DingTalk", 200, b'{"errcode": 88}', Live.UNKNOWN),
        ("Feishu", 200, b'{"code": 0}', Live.LIVE),
        ("Feishu", 200, b'{"code": 10014}', Live.REVOKED),
        ("Feishu", 200, b'{"code": 99991400}', Live.UNKNOWN),
        ("Figma", 403, b'{"status": 403, "err": "Invalid token"}', Live.REVOKED),
        ("Figma", 403, b'{"status": 403, "err": "Invalid scope(s): files:read"}', Live.LIVE),
        ("GitHub", 200, b"{}", Live.LIVE),
        ("GitHub", 401, b'{"message": "Bad credentials"}', Live.REVOKED),
        ("GitHub", 403, b'{"message": "Resource not accessible by integration"}', Live.LIVE),
        ("GitHub", 403, b'{"message": "API rate limit exceeded"}', Live.UNKNOWN),
        ("GitLab", 401, b'{"message": "401 Unauthorized"}', Live.REVOKED),
        ("GitLab", 403, b'{"error": "insufficient_scope"}', Live.LIVE),
        ("Linear", 200, b'{"data": {"viewer": {"id": "1"}}}', Live.LIVE),
        ("Linear", 400, b'{"errors": [{"extensions": {"code": "AUTHENTICATION_ERROR"}}]}', Live.REVOKED),
        ("Linear", 200, b'{"errors": []}', Live.UNKNOWN),
        ("OpenAI", 401, b"{}", Live.REVOKED),
        ("OpenAI", 403, b'{"error": {"message": "You have insufficient permissions"}}', Live.LIVE),
        ("OpenAI", 403, b'{"error": {"message": "Country not supported"}}', Live.UNKNOWN),
        ("Slack", 200, b'{"ok": true}', Live.LIVE),
        ("Slack", 200, b'{"ok": false, "error": "token_revoked"}', Live.REVOKED),
        ("Slack", 200, b'{"ok": false, "error": "ratelimited"}', Live.UNKNOWN),
        ("Stripe", 403, b"{}", Live.LIVE),
        ("Telegram", 200, b'{"ok": true}', Live.LIVE),
        ("Telegram", 404, b'{"ok": false}', Live.REVOKED),
        ("Vercel", 403, b'{"error":{"code":"forbidden","invalidToken":true}}', Live.REVOKED),
        ("Vercel", 403, b'{"error":{"code":"forbidden","saml":true}}', Live.UNKNOWN),
        ("xAI", 400, b'{"error": "Incorrect API key provided"}', Live.REVOKED),
        ("Slack", 200, b"not JSON", Live.UNKNOWN),
        ("Feishu", 200, b"[" * 60_000, Live.UNKNOWN),
        ("DingTalk", 200, b'{"errcode": [1]}', Live.UNKNOWN),
    ],
)
def test_what_an_answer_means(name: str, status: int, body: bytes, means: Live) -> None:
    assert BY_NAME[name].judge(Answer(status, body)) is means


def test_feishu_and_dingtalk_are_asked_with_both_halves() -> None:
    assert json.loads(asked(BY_NAME["Feishu"]).body or b"") == {"app_id": SECRET, "app_secret": HALF}
    assert parse_qs(urlsplit(asked(BY_NAME["DingTalk"]).url).query) == {"appkey": [SECRET], "appsecret": [HALF]}


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.key)
def test_the_page_lists_the_call(provider: Provider) -> None:
    row = f"| {provider.name} | `{provider.base.removeprefix('https://')}` | `{provider.shown}` |"
    assert row in (Path(__file__).parents[3] / "docs" / "secrets.md").read_text("utf-8").splitlines()
