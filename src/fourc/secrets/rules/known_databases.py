"""Databases, queues, search, spreadsheets."""

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, WORD, assigned, betterleaks, gitleaks, numbered, token
from fourc.secrets.rule import Kind

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_USER = r"[^\s:/@\"'<>]{1,128}"
_WRITTEN_OUT = r"(?P<secret>[^\s:/@\"'<>{}$]{3,128})"  # written out: neither a variable nor a template

RULES = (
    *gitleaks(
        token(
            "clickhouse-cloud-api-secret-key",
            "ClickHouse Cloud",
            Kind.CLIENT_SECRET,
            rf"4b1d{ALNUM}{{38}}",
            entropy=3.0,
        ),
        assigned("confluent-access-token", "Confluent", Kind.ACCESS_TOKEN, "confluent", rf"{ALNUM}{{16}}"),
        assigned("confluent-secret-key", "Confluent", Kind.CLIENT_SECRET, "confluent", rf"{ALNUM}{{64}}", entropy=3.0),
        token("databricks-api-token", "Databricks", Kind.ACCESS_TOKEN, rf"dapi{HEX}{{32}}(?:-\d)?", entropy=3.0),
        token("planetscale-api-token", "PlanetScale", Kind.ACCESS_TOKEN, r"pscale_tkn_[\w=.-]{32,64}", entropy=3.0),
        token(
            "planetscale-oauth-token",
            "PlanetScale OAuth",
            Kind.ACCESS_TOKEN,
            r"pscale_oauth_[\w=.-]{32,64}",
            entropy=3.0,
        ),
        token(
            "planetscale-password",
            "PlanetScale",
            Kind.PASSWORD,
            r"(?i:pscale_pw_)[\w=.-]{32,64}",
            "pscale_pw_",
            entropy=3.0,
        ),
        assigned("algolia-api-key", "Algolia", Kind.API_KEY, "algolia", rf"{ALNUM}{{32}}", entropy=3.0),
        assigned("airtable-api-key", "Airtable", Kind.API_KEY, "airtable", rf"{ALNUM}{{17}}"),
        token(
            "airtable-personnal-access-token",
            "Airtable personal",
            Kind.ACCESS_TOKEN,
            rf"pat{ALNUM}{{14}}\.{HEX}{{64}}",
            "pat",
            entropy=3.5,
        ),
        assigned(
            "contentful-delivery-api-token",
            "Contentful delivery",
            Kind.ACCESS_TOKEN,
            "contentful",
            r"[\w=-]{43}",
            entropy=3.0,
        ),
    ),
    *betterleaks(
        assigned(
            "airtable-oauth-token",
            "Airtable OAuth",
            Kind.ACCESS_TOKEN,
            "airtable",
            rf"{ALNUM}{{14,20}}\.v1\.[\w=-]{{8,200}}\.[0-9a-f]{{40,128}}",
            entropy=3.5,
        ),
        token(
            "aiven-auth-token",
            "Aiven",
            Kind.ACCESS_TOKEN,
            r"(?i:aiven)[\w.-]{0,30}[\"']?(?:\s{1,3}|\s{0,3}[:=]>?\s{0,3})[\"']?(?P<secret>[A-Za-z0-9+/]{200,400}={0,2})(?:[^\w+/=]|\z)",
            "aiven",
            entropy=4.0,
        ),
        assigned(
            "clickhouse-cloud-key-id", "ClickHouse Cloud", Kind.CLIENT_ID, "clickhouse", rf"{ALNUM}{{20}}", entropy=3.0
        ),
        token(
            "cockroachlabs-cloud-api-key",
            "CockroachDB Cloud",
            Kind.API_KEY,
            rf"CCDB1_{ALNUM}{{22}}_{ALNUM}{{40}}",
            entropy=3.0,
        ),
        assigned(
            "couchbase-capella-api-key",
            "Couchbase Capella",
            Kind.API_KEY,
            ("couchbase", "capella"),
            r"[A-Za-z0-9+/!#@%]{64,90}={0,2}",
            entropy=4.0,
        ),
        token(
            "datastax-astra-application-token",
            "DataStax Astra",
            Kind.ACCESS_TOKEN,
            rf"AstraCS:{ALNUM}{{20,40}}(?::[0-9a-f]{{64}})?",
            entropy=3.0,
        ),
        token("elastic-cloud-api-key", "Elastic Cloud", Kind.API_KEY, r"essu_[A-Za-z0-9+/=_-]{40,120}", entropy=3.5),
        assigned(
            "influxdb-api-token",
            "InfluxDB",
            Kind.ACCESS_TOKEN,
            r"influx(?:db)?[\w\s.-]{0,40}?token",
            rf"{WORD}{{86}}==",
            entropy=3.5,
        ),
        token(
            "mongodb-atlas-service-account-id",
            "MongoDB Atlas service account",
            Kind.CLIENT_ID,
            r"mdb_sa_id_[0-9a-f]{24}",
        ),
        token(
            "mongodb-atlas-service-account-secret",
            "MongoDB Atlas service account",
            Kind.CLIENT_SECRET,
            rf"mdb_sa_sk_{WORD}{{40}}",
            entropy=3.0,
        ),
        token(
            "mongodb-connection-string",
            "MongoDB",
            Kind.URL,
            rf"(?i:mongodb(?:\+srv)?)://{_USER}:{_WRITTEN_OUT}@[\w.-]{{1,120}}",
            "mongodb",
            entropy=1.0,
        ),
        token(
            "neon-connection-uri",
            "Neon",
            Kind.URL,
            rf"postgres(?:ql)?://{_USER}:{_WRITTEN_OUT}@[\w.-]{{1,120}}\.neon\.tech",
            ".neon.tech",
            entropy=1.0,
        ),
        assigned("planetscale-id", "PlanetScale", Kind.CLIENT_ID, (r"planet[_-]?scale", "pscale"), r"[0-9a-z]{12}"),
        token(
            "supabase-management-token", "Supabase management", Kind.ACCESS_TOKEN, rf"sbp_{ALNUM}{{40}}", entropy=3.0
        ),
        token("supabase-project-api-key", "Supabase project", Kind.API_KEY, rf"sb_secret_{WORD}{{31}}", entropy=3.0),
        token(
            "supabase-project-url",
            "Supabase project",
            Kind.IDENTIFIER,
            r"https://[0-9a-z]{20}\.supabase\.co",
            ".supabase.co",
            end=r"(?:[^\w.-]|\z)",
        ),
    ),
    numbered(
        token(
            "snowflake-account-host",
            "Snowflake",
            Kind.IDENTIFIER,
            rf"(?:{_HOST}\.){{1,6}}snowflakecomputing\.com",
            "snowflakecomputing.com",
            end=r"(?:[^\w.-]|\z)",
        ),
        1,
    ),
    numbered(
        assigned(
            "snowflake-programmatic-access-token",
            "Snowflake programmatic",
            Kind.ACCESS_TOKEN,
            "snowflake",
            rf"{WORD}{{120,400}}|eyJ[\w-]{{10,400}}\.[\w-]{{10,600}}\.[\w-]{{20,400}}",
            entropy=3.5,
        ),
        1,
    ),
    numbered(
        assigned(
            "tableau-personal-access-token-name",
            "Tableau token name",
            Kind.IDENTIFIER,
            r"tableau[_.-]?(?:pat|(?:personal[_.-]?access[_.-]?)?token)[_.-]?name",
            r"[\w-]{3,64}",
            entropy=0,
        ),
        1,
    ),
    numbered(
        assigned(
            "tableau-personal-access-token",
            "Tableau personal",
            Kind.ACCESS_TOKEN,
            "tableau",
            rf"[A-Za-z0-9+/]{{22}}==:{ALNUM}{{32}}",
            entropy=3.5,
        ),
        1,
    ),
    numbered(
        assigned(
            "tableau-server-host",
            "Tableau server",
            Kind.IDENTIFIER,
            "tableau",
            r"(?:https?://)?[\w-]{1,63}\.online\.tableau\.com",
            entropy=0,
            severity=Severity.INFO,
        ),
        1,
    ),
)
