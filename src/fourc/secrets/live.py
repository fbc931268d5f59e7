"""Which provider would be asked, and how, whether a secret still works: the list alone, nothing here opens a connection."""

from collections.abc import Iterable, Mapping

from fourc.model.finding import Finding

# By the beginning of a rule's id: a documented call that changes nothing and needs no more than the secret.
_CALLS: Mapping[str, str] = {
    "anthropic-": "GET https://api.anthropic.com/v1/models",
    "cloudflare-": "GET https://api.cloudflare.com/client/v4/user/tokens/verify",
    "deepseek-": "GET https://api.deepseek.com/models",
    "digitalocean-": "GET https://api.digitalocean.com/v2/account",
    "dingtalk-": "GET https://oapi.dingtalk.com/gettoken",
    "discord-api-token": "GET https://discord.com/api/v10/users/@me",
    "github-": "GET https://api.github.com/user",
    "gitlab-pat": "GET https://gitlab.com/api/v4/user",
    "huggingface-": "GET https://huggingface.co/api/whoami-v2",
    "mailgun-": "GET https://api.mailgun.net/v3/domains",
    "npm-": "GET https://registry.npmjs.org/-/whoami",
    "openai-": "GET https://api.openai.com/v1/models",
    "sendgrid-": "GET https://api.sendgrid.com/v3/scopes",
    "slack-": "POST https://slack.com/api/auth.test",
    "stripe-": "GET https://api.stripe.com/v1/balance",
    "telegram-": "GET https://api.telegram.org/bot<token>/getMe",
}


def asked(findings: Iterable[Finding]) -> list[str]:
    """The calls that would be made for the findings, each once, with the finding that it is for."""
    return [
        f"{call}  ({found.rule} {found.fingerprint})"
        for found in findings
        for begin, call in _CALLS.items()
        if found.rule.startswith(begin)
    ]
