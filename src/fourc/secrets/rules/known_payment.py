"""Payment, banking and shops."""

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks, token, whole
from fourc.secrets.rule import Kind

_LOB_ENVIRONMENT = "(?:live|test)"

RULES = (
    *gitleaks(
        token(
            "stripe-access-token",
            "Stripe",
            Kind.ACCESS_TOKEN,
            rf"[sr]k_(?:test|live|prod)_{ALNUM}{{10,99}}",
            *("sk_test", "sk_live", "sk_prod", "rk_test", "rk_live", "rk_prod"),
            severity=Severity.CRITICAL,
        ),
        token(
            "square-access-token",
            "Square",
            Kind.ACCESS_TOKEN,
            rf"(?:EAAA|sq0atp-){WORD}{{22,60}}",
            *("eaaa", "sq0atp-"),
            entropy=3.0,
        ),
        assigned("plaid-client-id", "Plaid", Kind.CLIENT_ID, "plaid", rf"{ALNUM}{{24}}", entropy=3.0),
        assigned("plaid-secret-key", "Plaid", Kind.CLIENT_SECRET, "plaid", rf"{ALNUM}{{30}}", entropy=3.0),
        token(
            "plaid-api-token",
            "Plaid",
            Kind.ACCESS_TOKEN,
            rf"access-(?:sandbox|development|production)-{UUID}",
            "access-",
        ),
        token(
            "flutterwave-public-key",
            "Flutterwave public",
            Kind.API_KEY,
            rf"FLWPUBK_TEST-{HEX}{{32}}-X",
            severity=Severity.LOW,
        ),
        token("flutterwave-secret-key", "Flutterwave", Kind.API_KEY, rf"FLWSECK_TEST-{ALNUM}{{32}}-X"),
        token("flutterwave-encryption-key", "Flutterwave", Kind.ENCRYPTION_KEY, rf"FLWSECK_TEST-{ALNUM}{{12}}"),
        assigned("finicity-api-token", "Finicity", Kind.API_KEY, "finicity", rf"{HEX}{{32}}"),
        assigned("finicity-client-secret", "Finicity", Kind.CLIENT_SECRET, "finicity", rf"{ALNUM}{{20}}"),
        assigned("gocardless-api-token", "GoCardless", Kind.ACCESS_TOKEN, "gocardless", r"live_[\w=-]{40}"),
        token("duffel-api-token", "Duffel", Kind.ACCESS_TOKEN, r"duffel_(?:test|live)_[\w=-]{43}"),
        token("easypost-api-token", "EasyPost", Kind.API_KEY, rf"EZAK{ALNUM}{{54}}", entropy=3.0),
        token("easypost-test-api-token", "EasyPost test", Kind.API_KEY, rf"EZTK{ALNUM}{{54}}", entropy=3.0),
        assigned("lob-api-key", "Lob", Kind.API_KEY, whole("lob"), rf"{_LOB_ENVIRONMENT}_{HEX}{{35}}"),
        assigned("lob-pub-api-key", "Lob public", Kind.API_KEY, whole("lob"), rf"{_LOB_ENVIRONMENT}_pub_{HEX}{{31}}"),
        token("shippo-api-token", "Shippo", Kind.ACCESS_TOKEN, rf"shippo_(?:live|test)_{HEX}{{40}}"),
        token("shopify-access-token", "Shopify", Kind.ACCESS_TOKEN, rf"shpat_{HEX}{{32}}"),
        token("shopify-custom-access-token", "Shopify custom app", Kind.ACCESS_TOKEN, rf"shpca_{HEX}{{32}}"),
        token("shopify-private-app-access-token", "Shopify private app", Kind.ACCESS_TOKEN, rf"shppa_{HEX}{{32}}"),
        token("shopify-shared-secret", "Shopify", Kind.CLIENT_SECRET, rf"shpss_{HEX}{{32}}"),
        assigned("etsy-access-token", "Etsy", Kind.ACCESS_TOKEN, r"(?-i:ETSY|[Ee]tsy)", rf"{ALNUM}{{24}}", entropy=3.0),
        token(
            "freemius-secret-key",
            "Freemius",
            Kind.CLIENT_SECRET,
            r"(?i)[\"']secret_key[\"']\s{0,9}=>\s{0,9}[\"'](?P<secret>sk_\S{29})[\"']",
            "secret_key",
            path=r"(?i)\.php$",
        ),
        assigned(
            "freshbooks-access-token", "FreshBooks", Kind.ACCESS_TOKEN, "freshbooks", rf"{ALNUM}{{64}}", entropy=3.0
        ),
    ),
    *betterleaks(
        token(
            "asaas-api-token",
            "Asaas",
            Kind.ACCESS_TOKEN,
            r"\$aact_(?P<secret>(?:hmlg|prod|YTU|MzkwODA)_?[A-Za-z0-9+/=:_-]{20,200})(?:[^\w+/=-]|\z)",
            "$aact_",
        ),
        assigned(
            "ebay-client-id",
            "eBay",
            Kind.CLIENT_ID,
            "ebay",
            r"[\w-]{3,40}-PRD-[0-9a-f]{9}-[0-9a-f]{8}|[\w]{1,30}-[\w]{1,30}-PRD-[0-9a-f]{8}-[0-9a-f]{8}",
        ),
        assigned(
            "ebay-client-secret",
            "eBay",
            Kind.CLIENT_SECRET,
            "ebay",
            r"PRD-[0-9a-f]{8,12}(?:-[0-9a-f]{4,12}){3,5}",
        ),
        assigned(
            "etsy-open-api-key", "Etsy Open API", Kind.API_KEY, r"etsy", r"[0-9a-z]{24}:[0-9a-z]{10}", entropy=3.0
        ),
        assigned(
            "highnote-secret-live-key",
            "Highnote",
            Kind.API_KEY,
            "highnote",
            r"sk_live_a2V5Xz[A-Za-z0-9+/=]{60,160}",
            entropy=3.5,
        ),
        token(
            "mercury-production-api-token",
            "Mercury",
            Kind.ACCESS_TOKEN,
            r"(?:secret-token:)?mercury_production_[a-z]{3}_[0-9A-Za-z]{30,60}_yrucrem",
            "mercury_production_",
        ),
        assigned(
            "midtrans-production-server-client-key",
            "Midtrans",
            Kind.API_KEY,
            "midtrans",
            rf"Mid-(?:server|client)-{WORD}{{16,24}}",
        ),
        token(
            "paddle-live-api-key", "Paddle", Kind.API_KEY, rf"pdl_live_apikey_[0-9a-z]{{26}}_{ALNUM}{{22}}_{ALNUM}{{3}}"
        ),
        assigned(
            "rainforest-pay-production-api-key", "Rainforest Pay", Kind.API_KEY, "rainforest", r"apikey_[0-9a-f]{64}"
        ),
        token("ramp-client-id", "Ramp", Kind.CLIENT_ID, rf"ramp_id_{ALNUM}{{40}}"),
        token("ramp-client-secret", "Ramp", Kind.CLIENT_SECRET, rf"ramp_sec_{ALNUM}{{48}}"),
        token(
            "polar-personal-access-token",
            "Polar personal",
            Kind.ACCESS_TOKEN,
            rf"polar_pat_{WORD}{{20,60}}",
            entropy=3.0,
        ),
        token(
            "polar-organization-access-token",
            "Polar organization",
            Kind.ACCESS_TOKEN,
            rf"polar_oat_{WORD}{{20,60}}",
            entropy=3.0,
        ),
    ),
)
