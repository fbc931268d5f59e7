"""Keys of well-known providers where the usual lists miss them: in sentences, comments and loosely written notes."""

from fourc.secrets.rows import ALNUM, HEX, token
from fourc.secrets.rule import Kind
from fourc.secrets.rules.wide_shapes import HEX32, HEX40, UUID, service

RULES = (
    service("asana-note", "Asana", r"[0-9]/[0-9]{12,20}:[0-9a-f]{32}|[0-9a-fA-F]{32,36}|[0-9]{16}", names=("asana",)),
    service(
        "bitbucket-note",
        "Bitbucket",
        "[0-9a-z]{24,34}|[0-9a-z]{48,64}",
        names=("bitbucket_id", "bitbucket.client", "bitbucket_secret", "bitbucket_token"),
    ),
    service("codecov-note", "Codecov", UUID, names=("codecov",)),
    service("datadog-note", "Datadog", HEX40, names=("dd_secret", "dd_application", "dd_app_key", "datadog_app")),
    service("deepgram-note", "Deepgram", "[0-9a-z]{40,44}", names=("deepgram",)),
    service("flickr-note", "Flickr", "[0-9a-z]{32}", names=("flickr",)),
    service("gitter-note", "Gitter", "[0-9A-Za-z_-]{40}", names=("gitter",)),
    service(
        "launchdarkly-note",
        "LaunchDarkly",
        rf"(?:sdk-|mob-|api-)?{UUID}|(?:api|sdk)-[0-9a-z]{{36}}",
        names=("launchdarkly",),
    ),
    service(
        "newrelic-note",
        "New Relic",
        "[0-9A-Za-z]{4}-[0-9A-Za-z]{40,42}|[0-9a-f]{40}",
        names=("newrelic", "new_relic"),
    ),
    service(
        "onesignal-note",
        "OneSignal",
        UUID,
        names=("onesignal_key", "onesignal_secret", "onesignal_rest", "onesignal_api"),
    ),
    service("ollama-note", "Ollama", r"[0-9a-f]{32}\.[\w-]{24}", names=("ollama",)),
    service("ibm-note", "IBM Cloud", r"[\w-]{44}", names=("ibmcloud", "ibm_cloud", "bluemix")),
    service("sendbird-note", "Sendbird", "[0-9a-f]{24}", names=("sendbird",)),
    service("snyk-note", "Snyk", UUID, names=("snyk",)),
    service("splunk-note", "Splunk", rf"{UUID}|[0-9A-Za-z]{{22}}", names=("splunk",)),
    service(
        "twitter-note",
        "Twitter",
        "[0-9A-Za-z]{18,25}|[0-9]{15,20}-[0-9A-Za-z]{20,45}",
        names=("twitter_id", "twitter_key", "x_api_client", "x_api_access", "twitter_access"),
    ),
    service("wandb-note", "Weights & Biases", HEX40, names=("wandb",)),
    service("yandex-note", "Yandex", r"[0-9A-Za-z_-]{64,120}|[0-9A-Za-z_-]{40}", names=("yandex",)),
    token("adafruit-io-key", "Adafruit IO", Kind.API_KEY, rf"aio_{ALNUM}{{28}}", "aio_"),
    token(
        "algolia-key-note",
        "Algolia",
        Kind.API_KEY,
        rf"(?i:algolia)[\w\- ]{{0,24}}[=:][ \"']{{0,3}}(?P<secret>{HEX32}|[0-9a-z]{{32}})\b",
        "algolia",
        entropy=3.0,
    ),
    token(
        "anthropic-other-key",
        "Anthropic",
        Kind.API_KEY,
        r"sk-ant-(?:api\d{3}|sid\d\d|oat\d\d)-[\w-]{60,120}",
        "sk-ant-",
    ),
    token("clickup-key", "ClickUp", Kind.API_KEY, r"pk_\d{6,9}_[0-9A-Z]{31,33}", "pk_", entropy=3.5),
    token("contentful-personal-token", "Contentful", Kind.ACCESS_TOKEN, r"CFPAT-[\w-]{40,46}", "cfpat-"),
    token(
        "cloudflare-service-key",
        "Cloudflare",
        Kind.API_KEY,
        r"(?i:service[_-]key)[\"' ]{0,3}[=:][\"' ]{0,3}(?P<secret>v1\.0-[0-9a-f]{24,64}-[0-9a-f]{60,300})",
        "service",
    ),
    token("notion-old-token", "Notion", Kind.ACCESS_TOKEN, r"secret_[0-9A-Za-z]{43}", "secret_", entropy=3.5),
    token("dropbox-short-lived-token", "Dropbox", Kind.ACCESS_TOKEN, r"sl\.[A-Za-z][\w-]{100,150}", "sl."),
    token("mailgun-key", "Mailgun", Kind.API_KEY, rf"key-{HEX}{{32}}", "key-"),
    token("slack-rotated-token", "Slack", Kind.ACCESS_TOKEN, r"xoxe(?:\.xox[bp])?-\d-[0-9A-Za-z]{140,180}", "xoxe"),
    token("telegram-bot-token", "Telegram", Kind.ACCESS_TOKEN, r"\d{8,10}:AA[\w-]{32,33}", ":aa", entropy=3.5),
    token("teamwork-token", "Teamwork", Kind.ACCESS_TOKEN, r"tkn\.v1_[0-9A-Za-z+/]{60,90}={0,2}", "tkn.v1_"),
    token("vault-long-service-token", "HashiCorp Vault", Kind.ACCESS_TOKEN, r"s\.CAES[\w-]{80,200}", "s.caes"),
)
