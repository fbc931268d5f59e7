"""The providers that can be asked whether a secret of theirs works: one documented call each, which changes nothing.

A call is in the table only if it is harmless: it reads, it sends nothing to anybody, it makes no key invalid. So WeChat's
access tokens are not (a new one ends the old), nor webhooks (to ask is to post), nor what is of no use without a user's name.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

from msgspec import Struct

from fourc import __version__
from fourc.model.live import Question
from fourc.secrets.live import answers
from fourc.secrets.live.answers import Judge
from fourc.secrets.live.signatures import Moment, alibaba_identity, aws_identity

Ask = Callable[[str, str, str, Moment], Question]
"""From the provider's address, the secret, its other half (or nothing) and the moment."""


class Provider(Struct, frozen=True):
    """One row: secrets of these `rules` are asked about with the call `shown` at `base`.

    `halves` are the rules of what the secret is of use with: without one in the same file nothing can be asked.
    `fits` (a pattern for the beginning) leaves out what the call would refuse though it works. `elsewhere` says that people run
    it themselves too, so that `--live-host` may name another address; `anywhere` that most of them do, so that a refusal at the
    usual address means nothing.
    """

    name: str
    base: str
    shown: str
    rules: tuple[str, ...]
    ask: Ask
    judge: Judge
    halves: tuple[str, ...] = ()
    fits: str = ""
    elsewhere: bool = False
    anywhere: bool = False

    @property
    def key(self) -> str:
        """What `--live-host` calls it."""
        return self.name.lower().replace(" ", "-")


def _get(path: str, header: str = "Authorization", before: str = "Bearer ", more: Mapping[str, str] = {}) -> Ask:
    def ask(base: str, secret: str, _half: str, _moment: Moment) -> Question:
        return Question(base + path, headers={**_WHO, **more, header: before + secret})

    return ask


def _post(path: str, body: bytes = b"", kind: str = "application/json", before: str = "Bearer ") -> Ask:
    def ask(base: str, secret: str, _half: str, _moment: Moment) -> Question:
        headers = {**_WHO, "Content-Type": kind, "Authorization": before + secret}
        return Question(base + path, "POST", headers, body)

    return ask


def _telegram(base: str, secret: str, _half: str, _moment: Moment) -> Question:
    return Question(f"{base}/bot{quote(secret, safe=':')}/getMe", headers=_WHO)


def _dingtalk(base: str, key: str, secret: str, _moment: Moment) -> Question:
    return Question(f"{base}/gettoken?appkey={quote(key, safe='')}&appsecret={quote(secret, safe='')}", headers=_WHO)


def _feishu(base: str, app: str, secret: str, _moment: Moment) -> Question:
    body = json.dumps({"app_id": app, "app_secret": secret}).encode()
    headers = {**_WHO, "Content-Type": "application/json; charset=utf-8"}
    return Question(f"{base}/open-apis/auth/v3/tenant_access_token/internal", "POST", headers, body)


_WHO = {"User-Agent": f"fourc/{__version__}", "Accept": "application/json"}
_by_status = answers.by_status()

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "AWS",
        "https://sts.amazonaws.com",
        "POST / (GetCallerIdentity)",
        ("aws-access-token",),
        aws_identity,
        answers.aws,
        halves=("aws-secret-access-key",),
        fits="AKIA",  # what is temporary is of use with a third part only
        elsewhere=True,  # China has endpoints of its own
    ),
    Provider(
        "Airtable",
        "https://api.airtable.com",
        "GET /v0/meta/whoami",
        ("airtable-personnal-access-token",),
        _get("/v0/meta/whoami"),
        _by_status,
    ),
    Provider(
        "Alibaba Cloud",
        "https://sts.aliyuncs.com",
        "GET / (GetCallerIdentity)",
        ("alibaba-access-key-id",),
        alibaba_identity,
        answers.alibaba,
        halves=("alibaba-secret-key", "aliyun-access-key-secret"),
    ),
    Provider(
        "Anthropic",
        "https://api.anthropic.com",
        "GET /v1/models",
        ("anthropic-api-key",),
        _get("/v1/models", "x-api-key", "", {"anthropic-version": "2023-06-01"}),
        answers.anthropic,
    ),
    Provider(
        "Cloudflare",
        "https://api.cloudflare.com",
        "GET /client/v4/user/tokens/verify",
        ("cloudflare-api-key",),
        _get("/client/v4/user/tokens/verify"),
        answers.cloudflare,
    ),
    Provider(
        "DeepSeek",
        "https://api.deepseek.com",
        "GET /models",
        ("deepseek-api-key",),
        _get("/models"),
        _by_status,
    ),
    Provider(
        "DigitalOcean",
        "https://api.digitalocean.com",
        "GET /v2/account",
        ("digitalocean-pat", "digitalocean-access-token"),
        _get("/v2/account"),
        answers.limited,
    ),
    Provider(
        "DingTalk",
        "https://oapi.dingtalk.com",
        "GET /gettoken",
        ("dingtalk-app-key",),
        _dingtalk,
        answers.dingtalk,
        halves=("dingtalk-app-secret",),
    ),
    Provider(
        "Feishu",
        "https://open.feishu.cn",
        "POST /open-apis/auth/v3/tenant_access_token/internal",
        ("feishu-app-id", "lark-app-id"),
        _feishu,
        answers.feishu,
        halves=("feishu-app-secret", "feishu-app-secret-pair", "lark-app-secret"),
        elsewhere=True,  # Lark is the same elsewhere: https://open.larksuite.com
        anywhere=True,
    ),
    Provider(
        "Figma",
        "https://api.figma.com",
        "GET /v1/me",
        ("figma-personal-access-token", "figma-personal-access-header-token"),
        _get("/v1/me", "X-Figma-Token", ""),
        answers.figma,
    ),
    Provider(
        "GitHub",
        "https://api.github.com",
        "GET /user",
        ("github-pat", "github-fine-grained-pat", "github-oauth", "github-app-token"),
        _get("/user", more={"Accept": "application/vnd.github+json"}),
        answers.github,
        elsewhere=True,  # Enterprise Server: https://HOST/api/v3
    ),
    Provider(
        "GitLab",
        "https://gitlab.com",
        "GET /api/v4/user",
        ("gitlab-pat", "gitlab-pat-routable", "gitlab-pat-routable-versioned"),
        _get("/api/v4/user", "PRIVATE-TOKEN", ""),
        answers.gitlab,
        elsewhere=True,
        anywhere=True,
    ),
    Provider(
        "Groq",
        "https://api.groq.com",
        "GET /openai/v1/models",
        ("groq-api-key",),
        _get("/openai/v1/models"),
        _by_status,
    ),
    Provider(
        "Hugging Face",
        "https://huggingface.co",
        "GET /api/whoami-v2",
        ("huggingface-access-token", "huggingface-token", "huggingface-organization-api-token"),
        _get("/api/whoami-v2"),
        _by_status,
    ),
    Provider(
        "Linear",
        "https://api.linear.app",
        "POST /graphql (viewer)",
        ("linear-api-key",),
        _post("/graphql", b'{"query":"{ viewer { id } }"}', before=""),
        answers.linear,
    ),
    Provider(
        "Notion",
        "https://api.notion.com",
        "GET /v1/users/me",
        ("notion-api-token", "notion-old-token"),
        _get("/v1/users/me", more={"Notion-Version": "2022-06-28"}),
        _by_status,
    ),
    Provider(
        "OpenAI",
        "https://api.openai.com",
        "GET /v1/models",
        ("openai-api-key",),
        _get("/v1/models"),
        answers.openai,
        fits="(?!sk-admin-)",  # keys of administrators may not use models
    ),
    Provider(
        "OpenRouter",
        "https://openrouter.ai",
        "GET /api/v1/key",
        ("openrouter-api-key",),
        _get("/api/v1/key"),
        _by_status,
    ),
    Provider(
        "Postman",
        "https://api.getpostman.com",
        "GET /me",
        ("postman-api-token",),
        _get("/me", "X-Api-Key", ""),
        _by_status,
    ),
    Provider(
        "Replicate",
        "https://api.replicate.com",
        "GET /v1/account",
        ("replicate-api-token",),
        _get("/v1/account"),
        _by_status,
    ),
    Provider(
        "SendGrid",
        "https://api.sendgrid.com",
        "GET /v3/scopes",
        ("sendgrid-api-token",),
        _get("/v3/scopes"),
        _by_status,
    ),
    Provider(
        "Slack",
        "https://slack.com",
        "POST /api/auth.test",
        ("slack-bot-token", "slack-user-token", "slack-legacy-bot-token", "slack-legacy-token"),
        _post("/api/auth.test", kind="application/x-www-form-urlencoded"),
        answers.slack,
    ),
    Provider(
        "Stripe",
        "https://api.stripe.com",
        "GET /v1/balance",
        ("stripe-access-token",),
        _get("/v1/balance"),
        answers.limited,
    ),
    Provider(
        "Telegram",
        "https://api.telegram.org",
        "GET /bot<token>/getMe",
        ("telegram-bot-token", "telegram-bot-api-token", "telegram-bot-url"),
        _telegram,
        answers.telegram,
    ),
    Provider(
        "Vercel",
        "https://api.vercel.com",
        "GET /v2/user",
        ("vercel-personal-access-token",),
        _get("/v2/user"),
        answers.vercel,
    ),
    Provider(
        "npm",
        "https://registry.npmjs.org",
        "GET /-/whoami",
        ("npm-access-token",),
        _get("/-/whoami"),
        _by_status,
    ),
    Provider(
        "xAI",
        "https://api.x.ai",
        "GET /v1/api-key",
        ("xai-api-key",),
        _get("/v1/api-key"),
        answers.xai,
    ),
)
