"""Offices, projects, customers, design."""

from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks, numbered, token, whole
from fourc.secrets.rule import Kind

_JWT = r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"

RULES = (
    *gitleaks(
        assigned("adafruit-api-key", "Adafruit IO", Kind.API_KEY, "adafruit", rf"{WORD}{{32}}", entropy=3.0),
        assigned("asana-client-id", "Asana", Kind.CLIENT_ID, whole("asana"), r"\d{16}", entropy=2.0),
        assigned("asana-client-secret", "Asana", Kind.CLIENT_SECRET, whole("asana"), rf"{ALNUM}{{32}}", entropy=3.0),
        token(
            "dropbox-short-lived-api-token",
            "Dropbox short-lived",
            Kind.ACCESS_TOKEN,
            r"sl\.[\w=-]{135,}",
            entropy=3.5,
        ),
        assigned("dropbox-api-token", "Dropbox", Kind.API_KEY, "dropbox", rf"{ALNUM}{{15}}"),
        assigned(
            "dropbox-long-lived-api-token",
            "Dropbox long-lived",
            Kind.ACCESS_TOKEN,
            "dropbox",
            rf"{ALNUM}{{11}}A{{10}}[\w=-]{{43}}",
            entropy=3.0,
        ),
        token("frameio-api-token", "Frame.io", Kind.ACCESS_TOKEN, r"fio-u-[\w=-]{64}", entropy=3.0),
        assigned("hubspot-api-key", "HubSpot", Kind.API_KEY, "hubspot", UUID),
        token("linear-api-key", "Linear", Kind.API_KEY, rf"lin_api_{ALNUM}{{40}}"),
        assigned("linear-client-secret", "Linear", Kind.CLIENT_SECRET, whole("linear"), rf"{HEX}{{32}}"),
        assigned(
            "mapbox-api-token",
            "Mapbox",
            Kind.ACCESS_TOKEN,
            "mapbox",
            rf"[ps]k\.{ALNUM}{{60,100}}\.{WORD}{{22}}",
            entropy=3.0,
        ),
        token("notion-api-token", "Notion", Kind.ACCESS_TOKEN, rf"ntn_\d{{11}}{ALNUM}{{35}}", entropy=3.0),
        token(
            "settlemint-application-access-token",
            "SettleMint application",
            Kind.ACCESS_TOKEN,
            rf"sm_aat_{ALNUM}{{16}}",
            entropy=3.0,
        ),
        token(
            "settlemint-personal-access-token",
            "SettleMint personal",
            Kind.ACCESS_TOKEN,
            rf"sm_pat_{ALNUM}{{16}}",
            entropy=3.0,
        ),
        token(
            "settlemint-service-access-token",
            "SettleMint service",
            Kind.ACCESS_TOKEN,
            rf"sm_sat_{ALNUM}{{16}}",
            entropy=3.0,
        ),
        token("typeform-api-token", "Typeform", Kind.ACCESS_TOKEN, r"tfp_[\w=.-]{59}", entropy=3.0),
        assigned("zendesk-secret-key", "Zendesk", Kind.CLIENT_SECRET, "zendesk", rf"{ALNUM}{{40}}", entropy=3.0),
        assigned(
            "cisco-meraki-api-key",
            "Cisco Meraki",
            Kind.API_KEY,
            r"(?-i:MERAKI|[Mm]eraki)",
            r"[0-9a-f]{40}",
            entropy=3.0,
        ),
    ),
    *betterleaks(
        assigned(
            "clickup-personal-api-token",
            "ClickUp personal",
            Kind.ACCESS_TOKEN,
            "clickup",
            r"pk_\d{8,9}_[0-9A-Z]{32}",
            entropy=3.0,
        ),
        token(
            "figma-personal-access-token",
            "Figma personal",
            Kind.ACCESS_TOKEN,
            rf"fig[dou][a-z]?_{WORD}{{38,60}}",
            *("figd_", "figo", "figu"),
            entropy=3.0,
        ),
        assigned(
            "figma-personal-access-header-token",
            "Figma personal",
            Kind.ACCESS_TOKEN,
            (r"x-figma-token", "figma"),
            rf"{HEX}{{4}}-{UUID}",
        ),
    ),
    numbered(
        token(
            "salesforce-access-token",
            "Salesforce",
            Kind.SESSION_TOKEN,
            r"00[A-Za-z0-9]{13,16}![A-Za-z0-9._-]{80,260}",
            "!",
            entropy=3.5,
        ),
        1,
    ),
    numbered(
        token(
            "salesforce-instance-url",
            "Salesforce",
            Kind.IDENTIFIER,
            r"https://(?:[A-Za-z0-9][\w-]{0,80}(?:\.\w{1,20})?\.my|[a-z]{2,4}\d{1,4})\.salesforce\.com",
            ".salesforce.com",
            end=r"(?:[^\w.-]|\z)",
        ),
        1,
    ),
    numbered(
        token("samsara-api-token", "Samsara", Kind.ACCESS_TOKEN, rf"samsara_api_{ALNUM}{{24,40}}", entropy=3.0), 1
    ),
    numbered(assigned("temporal-cloud-api-key", "Temporal Cloud", Kind.API_KEY, "temporal", _JWT, entropy=3.5), 1),
    numbered(
        token(
            "workato-developer-api-token",
            "Workato developer",
            Kind.ACCESS_TOKEN,
            r"wrka[a-z]{0,4}-eyJ[\w-]{6,}\.[\w-]{10,}\.[\w-]{20,}",
            entropy=3.5,
        ),
        1,
    ),
)
