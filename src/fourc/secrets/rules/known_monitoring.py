"""Monitoring, logs, analytics, feature flags."""

from fourc.secrets.rows import ALNUM, HEX, WORD, assigned, betterleaks, gitleaks, numbered, token
from fourc.secrets.rule import Kind

_SUMO = r"(?-i:SUMO|[Ss]umo)"

RULES = (
    *gitleaks(
        assigned("datadog-access-token", "Datadog", Kind.ACCESS_TOKEN, "datadog", rf"{ALNUM}{{40}}", entropy=3.0),
        token(
            "dynatrace-api-token",
            "Dynatrace",
            Kind.ACCESS_TOKEN,
            rf"(?i:dt0c01)\.{ALNUM}{{24}}\.{ALNUM}{{64}}",
            "dt0c01.",
            entropy=3.5,
        ),
        token(
            "grafana-api-key",
            "Grafana",
            Kind.API_KEY,
            rf"(?i:eyJrIjoi){ALNUM}{{40,400}}={{0,3}}",
            "eyjrijoi",
            entropy=3.0,
        ),
        token(
            "grafana-cloud-api-token",
            "Grafana Cloud",
            Kind.ACCESS_TOKEN,
            r"glc_[A-Za-z0-9+/]{32,400}={0,3}",
            entropy=3.0,
        ),
        token(
            "grafana-service-account-token",
            "Grafana service account",
            Kind.ACCESS_TOKEN,
            rf"glsa_{ALNUM}{{32}}_{HEX}{{8}}",
            entropy=3.0,
        ),
        assigned(
            "launchdarkly-access-token",
            "LaunchDarkly",
            Kind.ACCESS_TOKEN,
            r"launch[ _-]?darkly",
            r"[\w=-]{40}",
            entropy=3.0,
        ),
        token("new-relic-browser-api-token", "New Relic browser", Kind.ACCESS_TOKEN, rf"NRJS-{HEX}{{19}}"),
        token("new-relic-insert-key", "New Relic insert", Kind.API_KEY, r"NRII-[0-9A-Za-z-]{32}"),
        assigned(
            "new-relic-user-api-id",
            "New Relic user API",
            Kind.CLIENT_ID,
            (r"new[_-]?relic",),
            rf"{ALNUM}{{64}}",
            entropy=3.0,
        ),
        token("new-relic-user-api-key", "New Relic user", Kind.API_KEY, rf"NRAK-{ALNUM}{{27}}"),
        assigned("sentry-access-token", "Sentry", Kind.ACCESS_TOKEN, "sentry", rf"{HEX}{{64}}"),
        token("sentry-user-token", "Sentry user", Kind.ACCESS_TOKEN, r"sntryu_[0-9a-f]{64}", entropy=3.0),
        token(
            "sentry-org-token",
            "Sentry organization",
            Kind.ACCESS_TOKEN,
            r"sntrys_eyJpYXQiO[A-Za-z0-9+/]{10,300}={0,2}_[A-Za-z0-9+/]{43}",
            entropy=4.0,
        ),
        assigned("sumologic-access-id", "Sumo Logic", Kind.CLIENT_ID, _SUMO, rf"su{ALNUM}{{12}}", entropy=3.0),
        assigned("sumologic-access-token", "Sumo Logic", Kind.ACCESS_TOKEN, _SUMO, rf"{ALNUM}{{64}}", entropy=3.0),
        token("readme-api-token", "ReadMe", Kind.API_KEY, r"rdme_[0-9a-z]{70}", entropy=3.0),
        assigned("looker-client-id", "Looker", Kind.CLIENT_ID, "looker", rf"{ALNUM}{{20}}", entropy=3.0),
        assigned("looker-client-secret", "Looker", Kind.CLIENT_SECRET, "looker", rf"{ALNUM}{{24}}", entropy=3.0),
    ),
    *betterleaks(
        assigned("datadog-api-key", "Datadog", Kind.API_KEY, (r"datadog", r"\bdd_api"), rf"{ALNUM}{{32}}", entropy=3.0),
        assigned(
            "honeycomb-api-key",
            "Honeycomb",
            Kind.API_KEY,
            "honeycomb",
            rf"[0-9a-f]{{32}}|{ALNUM}{{22}}|hc[abi][il]k_{ALNUM}{{58}}",
            entropy=3.0,
        ),
        assigned("amplitude-secret-key", "Amplitude", Kind.API_KEY, "amplitude", r"[0-9a-f]{32}", entropy=3.0),
        token("posthog-personal-api-key", "PostHog personal", Kind.API_KEY, rf"phx_{WORD}{{41,49}}", entropy=3.0),
        token("posthog-project-api-key", "PostHog project", Kind.API_KEY, rf"phc_{WORD}{{41,49}}", entropy=3.0),
        token("databento-api-key", "Databento", Kind.API_KEY, rf"db-{ALNUM}{{29}}", entropy=3.0),
    ),
    numbered(
        assigned(
            "segment-public-api-token",
            "Segment Public API",
            Kind.ACCESS_TOKEN,
            "segment",
            rf"sgp_{ALNUM}{{64}}",
            entropy=3.0,
        ),
        1,
    ),
)
