"""Hosting platforms, content delivery and domains."""

from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks, numbered, token
from fourc.secrets.rule import Kind

# Macaroons: base64 after the version; an application is given several of them, joined by commas.
_FLY_MACAROON = r"fm[12][ar]?_[A-Za-z0-9+/]{60,}={0,3}"

RULES = (
    *gitleaks(
        assigned("heroku-api-key", "Heroku", Kind.API_KEY, "heroku", UUID),
        token("heroku-api-key-v2", "Heroku", Kind.API_KEY, rf"HRKU-AA{WORD}{{58}}", entropy=3.5),
        token(
            "flyio-access-token",
            "Fly.io",
            Kind.ACCESS_TOKEN,
            rf"fo1_{WORD}{{43}}|{_FLY_MACAROON}|FlyV1 [A-Za-z0-9+/=_,-]{{60,}}",
            *("fo1_", "fm1", "fm2", "flyv1"),
            entropy=3.5,
        ),
        assigned("cloudflare-api-key", "Cloudflare", Kind.API_KEY, "cloudflare", rf"{WORD}{{40}}"),
        assigned("cloudflare-global-api-key", "Cloudflare global", Kind.API_KEY, "cloudflare", r"[0-9a-f]{37}"),
        token("cloudflare-origin-ca-key", "Cloudflare Origin CA", Kind.API_KEY, r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
        assigned("fastly-api-token", "Fastly", Kind.ACCESS_TOKEN, "fastly", r"[\w=-]{32}", entropy=3.0),
        assigned("netlify-access-token", "Netlify", Kind.ACCESS_TOKEN, "netlify", r"[\w=-]{40,46}", entropy=3.0),
        token("scalingo-api-token", "Scalingo", Kind.ACCESS_TOKEN, rf"tk-us-{WORD}{{48}}"),
        token("defined-networking-api-token", "Defined Networking", Kind.ACCESS_TOKEN, r"dnkey-[\w=-]{26}-[\w=-]{52}"),
        assigned("squarespace-access-token", "Squarespace", Kind.ACCESS_TOKEN, "squarespace", UUID),
        assigned(
            "maxmind-license-key", "MaxMind", Kind.API_KEY, "maxmind", rf"{ALNUM}{{6}}_{ALNUM}{{29}}_mmk", entropy=3.5
        ),
        token(
            "microsoft-teams-webhook",
            "Microsoft Teams",
            Kind.WEBHOOK,
            r"https://[\w-]{1,63}\.webhook\.office\.com/webhookb2/[0-9a-z-]{36}@[0-9a-z-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-z-]{36}"
            r"(?:/[\w-]{20,60})?",
            ".webhook.office.com/",
        ),
    ),
    *betterleaks(
        token("render-api-key", "Render", Kind.API_KEY, rf"rnd_{ALNUM}{{28}}"),
        token("vercel-personal-access-token", "Vercel personal", Kind.ACCESS_TOKEN, rf"vcp_{WORD}{{56}}", entropy=3.0),
        token("vercel-integration-token", "Vercel integration", Kind.ACCESS_TOKEN, rf"vci_{WORD}{{56}}", entropy=3.0),
        token("vercel-app-access-token", "Vercel app", Kind.ACCESS_TOKEN, rf"vca_{WORD}{{56}}", entropy=3.0),
        token("vercel-app-refresh-token", "Vercel app", Kind.REFRESH_TOKEN, rf"vcr_{WORD}{{56}}", entropy=3.0),
        token("vercel-ai-gateway-key", "Vercel AI Gateway", Kind.API_KEY, rf"vck_{WORD}{{56}}", entropy=3.0),
        assigned("vercel-api-token", "Vercel", Kind.ACCESS_TOKEN, "vercel", rf"{ALNUM}{{24}}", entropy=3.0),
        token("deno-account-token", "Deno Deploy", Kind.ACCESS_TOKEN, rf"dd[po]_{ALNUM}{{36}}", *("ddp_", "ddo_")),
        assigned(
            "datagov-api-key",
            "api.data.gov",
            Kind.API_KEY,
            (r"data\.gov", r"data_?gov", r"nasa[_-]?api"),
            rf"{ALNUM}{{40}}",
            entropy=3.5,
        ),
        token("cfxre-server-key", "Cfx.re server", Kind.API_KEY, rf"cfxk_{ALNUM}{{20,24}}_{ALNUM}{{5,8}}"),
    ),
    numbered(token("redirect-pizza-api-token", "redirect.pizza", Kind.ACCESS_TOKEN, r"rpa_[0-9A-Za-z]{30}"), 1),
    numbered(assigned("sslmate-api-key", "SSLMate", Kind.API_KEY, "sslmate", "[0-9A-Za-z_]{24,40}", entropy=3.0), 1),
    numbered(token("val-town-api-token", "Val Town", Kind.ACCESS_TOKEN, rf"vtwn_{ALNUM}{{20,40}}"), 1),
    numbered(token("zuplo-consumer-api-key", "Zuplo consumer", Kind.API_KEY, rf"zpka_{ALNUM}{{32}}_{HEX}{{8}}"), 1),
)
