"""Mail, chat, telephone and push messages."""

from msgspec.structs import replace

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks, numbered, token, whole
from fourc.secrets.rule import Kind

RULES = (
    *gitleaks(
        token(
            "slack-bot-token",
            "Slack bot",
            Kind.ACCESS_TOKEN,
            r"xoxb-\d{10,13}-\d{10,13}[0-9A-Za-z-]{0,80}",
            entropy=3.0,
        ),
        token(
            "slack-user-token",
            "Slack user",
            Kind.ACCESS_TOKEN,
            rf"xox[pe](?:-\d{{7,13}}){{3}}-{ALNUM}{{28,34}}",
            *("xoxp-", "xoxe-"),
        ),
        token(
            "slack-app-token",
            "Slack app-level",
            Kind.ACCESS_TOKEN,
            r"(?i:xapp)-\d-[A-Za-z0-9]{5,15}-\d{8,16}-[0-9a-z]{30,80}",
            "xapp-",
        ),
        token(
            "slack-config-access-token",
            "Slack configuration",
            Kind.ACCESS_TOKEN,
            r"(?i:xoxe\.xox[bp])-\d-[0-9A-Za-z]{163,166}",
            *("xoxe.xoxb-", "xoxe.xoxp-"),
        ),
        token(
            "slack-config-refresh-token",
            "Slack configuration",
            Kind.REFRESH_TOKEN,
            r"(?i:xoxe)-\d-[0-9A-Za-z]{146}",
            "xoxe-",
        ),
        token(
            "slack-legacy-bot-token",
            "Slack legacy bot",
            Kind.ACCESS_TOKEN,
            r"xoxb-\d{8,14}-[A-Za-z0-9]{18,26}",
            entropy=2.5,
        ),
        token(
            "slack-legacy-token",
            "Slack legacy",
            Kind.ACCESS_TOKEN,
            r"xox[os](?:-\d{5,15}){3}-[0-9a-fA-F]{10,70}",
            *("xoxo-", "xoxs-"),
        ),
        token(
            "slack-legacy-workspace-token",
            "Slack legacy workspace",
            Kind.ACCESS_TOKEN,
            r"xox[ar]-(?:\d-)?[0-9A-Za-z-]{8,64}",
            *("xoxa-", "xoxr-"),
        ),
        token(
            "slack-webhook-url",
            "Slack",
            Kind.WEBHOOK,
            r"(?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,80}",
            "hooks.slack.com/",
        ),
        assigned("discord-api-token", "Discord", Kind.ACCESS_TOKEN, "discord", rf"{HEX}{{64}}"),
        assigned("discord-client-id", "Discord", Kind.CLIENT_ID, "discord", r"\d{17,19}", entropy=2.0),
        assigned("discord-client-secret", "Discord", Kind.CLIENT_SECRET, "discord", r"[\w=-]{32}", entropy=2.0),
        assigned(
            "mattermost-access-token", "Mattermost", Kind.ACCESS_TOKEN, "mattermost", rf"{ALNUM}{{26}}", entropy=3.0
        ),
        assigned("gitter-access-token", "Gitter", Kind.ACCESS_TOKEN, "gitter", rf"{WORD}{{40}}", entropy=3.0),
        assigned(
            "telegram-bot-api-token",
            "Telegram bot",
            Kind.ACCESS_TOKEN,
            r"telegr[ao]?",
            r"\d{5,16}:A[\w-]{34}",
            entropy=2.5,
        ),
        assigned("mailchimp-api-key", "Mailchimp", Kind.API_KEY, "mailchimp", rf"{HEX}{{32}}-us\d{{1,2}}"),
        assigned("mailgun-private-api-token", "Mailgun", Kind.API_KEY, "mailgun", rf"key-{HEX}{{32}}"),
        assigned(
            "mailgun-pub-key", "Mailgun public", Kind.API_KEY, "mailgun", rf"pubkey-{HEX}{{32}}", severity=Severity.LOW
        ),
        assigned(
            "mailgun-signing-key",
            "Mailgun webhook",
            Kind.SIGNING_KEY,
            "mailgun",
            r"[0-9A-Ha-h]{32}-[0-9A-Ha-h]{8}-[0-9A-Ha-h]{8}",
        ),
        token("sendgrid-api-token", "SendGrid", Kind.API_KEY, r"SG\.[\w=.-]{66}", entropy=3.0),
        token("sendinblue-api-token", "Brevo (Sendinblue)", Kind.API_KEY, rf"xkeysib-{HEX}{{64}}-{ALNUM}{{16}}"),
        assigned(
            "messagebird-api-token",
            "MessageBird",
            Kind.ACCESS_TOKEN,
            r"message[_-]?bird",
            rf"{ALNUM}{{25}}",
            entropy=3.0,
        ),
        assigned("messagebird-client-id", "MessageBird", Kind.CLIENT_ID, r"message[_-]?bird", UUID),
        token("twilio-api-key", "Twilio", Kind.API_KEY, r"SK[0-9a-fA-F]{32}", "sk", entropy=3.0),
        assigned("sendbird-access-id", "Sendbird", Kind.CLIENT_ID, "sendbird", UUID),
        assigned("sendbird-access-token", "Sendbird", Kind.ACCESS_TOKEN, "sendbird", rf"{HEX}{{40}}"),
        assigned("intercom-api-key", "Intercom", Kind.ACCESS_TOKEN, "intercom", r"[\w=-]{60}", entropy=3.0),
        assigned("beamer-api-token", "Beamer", Kind.API_KEY, "beamer", r"b_[\w=-]{44}", entropy=3.0),
    ),
    *betterleaks(
        token(
            "slack-session-token",
            "Slack",
            Kind.SESSION_TOKEN,
            r"xoxc(?:-\d{9,16}){3}-[0-9a-f]{64}|xoxc-[0-9A-Za-z-]{70,130}",
            "xoxc-",
        ),
        token(
            "slack-session-cookie",
            "Slack",
            Kind.SESSION_TOKEN,
            r"xoxd-[A-Za-z0-9%+/=_\\-]{60,400}[A-Za-z0-9%+/=_-]",
            entropy=3.5,
            end=r"(?:[\s\"'`;,<>)\]}&]|\z)",
        ),
        token(
            "onesignal-rich-authentication-token",
            "OneSignal",
            Kind.API_KEY,
            r"os_v2_(?:app|org)_[0-9a-z]{102,104}",
            entropy=3.0,
        ),
        token("mailersend-api-token", "MailerSend", Kind.ACCESS_TOKEN, r"mlsn\.[0-9A-Za-z]{30,80}", entropy=3.0),
        token(
            "canadian-digital-service-notify-api-key",
            "GC Notify",
            Kind.API_KEY,
            rf"(?i:gcntfy)-[\w.-]{{1,64}}-{UUID}-{UUID}",
            "gcntfy-",
        ),
        assigned("plivo-auth-id", "Plivo", Kind.CLIENT_ID, "plivo", r"[MS]A[A-Z0-9]{18}", entropy=3.0),
        assigned(
            "plivo-auth-token",
            "Plivo",
            Kind.ACCESS_TOKEN,
            r"plivo[_ .-]?(?:auth[_ .-]?)?token",
            rf"{WORD}{{40}}",
            entropy=3.5,
        ),
        token("lark-app-id", "Lark/Feishu app", Kind.CLIENT_ID, rf"cli_{ALNUM}{{16}}", entropy=3.0),
        assigned(
            "lark-app-secret",
            "Lark/Feishu app",
            Kind.CLIENT_SECRET,
            (whole("lark"), "feishu"),
            rf"{ALNUM}{{32}}",
            entropy=3.0,
        ),
    ),
    replace(
        token(
            "telegram-bot-url",
            "Telegram bot",
            Kind.URL,
            r"api\.telegram\.org/bot(?P<secret>\d{5,16}:A[\w-]{34})(?:\W|\z)",
            "api.telegram.org/bot",
        ),
        references=("gitleaks:telegram-bot-api-token",),
    ),
    numbered(
        assigned("telnyx-api-v2-key", "Telnyx", Kind.API_KEY, "telnyx", rf"KEY{HEX}{{32}}_{WORD}{{22}}", entropy=3.0), 1
    ),
)
