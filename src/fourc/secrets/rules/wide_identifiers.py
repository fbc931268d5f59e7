"""What is no secret by itself but says whose a secret beside it is, or where it opens: accounts, hosts, ids of applications."""

from msgspec.structs import replace

from fourc.model.finding import Confidence, Severity
from fourc.secrets.rows import token
from fourc.secrets.rule import Kind, Rule
from fourc.secrets.rules.generic import SETTINGS


def _identifier(rule_id: str, provider: str, pattern: str, *keywords: str) -> Rule:
    row = token(rule_id, provider, Kind.IDENTIFIER, pattern, *keywords, entropy=1.5, severity=Severity.INFO)
    return replace(row, confidence=Confidence.LOW, path=SETTINGS)


def _host(rule_id: str, provider: str, *suffixes: str) -> Rule:
    pattern = "|".join(suffix.replace(".", r"\.") for suffix in suffixes)
    return _identifier(
        rule_id,
        provider,
        rf"(?P<secret>[0-9A-Za-z][\w-]{{1,60}}(?:\.[a-z]{{2}}\d?)?\.(?:{pattern}))(?:[^\w.-]|\z)",
        *suffixes,
    )


def _named(rule_id: str, provider: str, name: str, value: str, *keywords: str) -> Rule:
    return _identifier(
        rule_id,
        provider,
        rf"(?:^|[^A-Za-z])(?i:{name})[\"'\]]{{0,2}}[ ]{{0,3}}(?:[:=]|=>)[ \"']{{0,4}}(?P<secret>{value})(?:[^\w-]|\z)",
        *keywords,
    )


RULES = (
    _identifier(
        "aws-arn",
        "AWS resource",
        r"arn:aws[\w-]*:(?P<secret>[\w-]+:[\w-]*:(?:\d{12})?:[\w:/.*${}-]{3,200})",
        "arn:aws",
    ),
    _identifier(
        "aws-account-id",
        "AWS account",
        r"(?i:aws)_?-?(?i:account)(?:_?-?(?i:id))?[\"']?[ ]{0,3}[:=][ \"']{0,3}(?P<secret>\d{12})\b",
        "account",
    ),
    _identifier(
        "aws-s3-bucket",
        "AWS S3 bucket",
        r"(?P<secret>[\w-]{3,63}\.s3[.-](?:[\w-]{4,30}\.)?amazonaws\.com|s3[.-](?:[\w-]{4,30}\.)?amazonaws\.com/[\w.-]{3,63})",
        "amazonaws.com",
    ),
    _identifier(
        "google-storage-bucket",
        "Google Cloud Storage bucket",
        r"(?P<secret>[\w.-]{1,63}\.storage\.googleapis\.com|storage\.googleapis\.com/[\w.-]{3,63})",
        "storage.googleapis.com",
    ),
    _identifier(
        "google-oauth-client-id",
        "Google OAuth",
        r"\d{8,}-[0-9a-z]{32}\.apps\.googleusercontent\.com",
        "apps.googleusercontent.com",
    ),
    _host("atlassian-site", "Atlassian", "atlassian.net"),
    _host("auth0-domain", "Auth0", "auth0.com"),
    _host(
        "azure-endpoint",
        "Azure",
        "openai.azure.com",
        "cognitiveservices.azure.com",
        "search.windows.net",
        "blob.core.windows.net",
    ),
    _identifier(
        "azure-devops-organization",
        "Azure DevOps",
        r"dev\.azure\.com/(?P<secret>[0-9A-Za-z][\w-]{2,50})",
        "dev.azure.com",
    ),
    _named(
        "azure-storage-account",
        "Azure storage",
        "AccountName|storage_?(?:account)?_?name",
        "[0-9a-z]{3,24}",
        "accountname",
        "storage",
    ),
    _host("databricks-workspace", "Databricks", "cloud.databricks.com", "azuredatabricks.net"),
    _host("datadog-site", "Datadog", "api.datadoghq.com", "datadoghq.com", "ddog-gov.com"),
    _named(
        "datadog-site-setting",
        "Datadog",
        "DD_SITE|DATADOG_SITE",
        r"(?:[a-z0-9]+\.)?datadoghq\.(?:com|eu)",
        "dd_site",
        "datadog_site",
    ),
    _named("discord-id", "Discord", r"(?:discord|bot)[\w-]{0,20}id|discord", r"\d{17,19}", "discord", "bot"),
    _named(
        "facebook-app-id",
        "Facebook",
        r"(?:fb|facebook)[\w-]{0,10}(?:app|client)_?id",
        r"\d{15,16}",
        "fb",
        "facebook",
    ),
    _host("freshdesk-domain", "Freshdesk", "freshdesk.com"),
    _named("algolia-app-id", "Algolia", r"algolia[\w-]{0,10}app[\w-]{0,14}id", "[0-9A-Z]{10}", "algolia"),
    _named(
        "launchdarkly-client-id",
        "LaunchDarkly",
        r"(?:ld|launchdarkly)[\w-]{0,12}client[\w-]{0,8}id",
        "[0-9a-f]{24}",
        "ld",
        "launchdarkly",
    ),
    _host("looker-host", "Looker", "looker.com"),
    _named("looker-client", "Looker", r"looker[\w\- ]{0,10}client_?id", "[0-9a-z]{20}", "looker"),
    _named(
        "mattermost-server",
        "Mattermost",
        r"(?:mattermost|mm)[_-]?(?:url|server|host)",
        r"https?://[\w.:/-]{4,100}",
        "mattermost",
        "mm",
    ),
    _named(
        "maxmind-account-id",
        "MaxMind",
        r"(?:maxmind|geoip)[\w-]{0,12}(?:account|user)[\w-]{0,8}",
        r"\d{4,8}",
        "maxmind",
        "geoip",
    ),
    _named(
        "mongodb-atlas-public-key",
        "MongoDB Atlas",
        r"(?:mongodb|atlas)[\w-]{0,8}public[\w-]{0,6}",
        "[0-9A-Za-z]{8,10}",
        "mongodb",
        "atlas",
    ),
    _host("nylas-host", "Nylas", "api.nylas.com", "nylas.com"),
    _named(
        "react-app-user",
        "React application",
        r"\b(?:REACT_APP|VUE_APP|VITE|NEXT_PUBLIC)_\w{0,40}USER(?:NAME)?",
        r"[\w.@-]{3,60}",
        "react_app",
        "vue_app",
        "vite",
        "next_public",
    ),
    _host("riot-host", "Riot Games", "api.riotgames.com"),
    _host("salesforce-domain", "Salesforce", "my.salesforce.com"),
    _host("shopify-domain", "Shopify", "myshopify.com"),
)
