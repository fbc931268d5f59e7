"""Clouds."""

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks, token, whole
from fourc.secrets.rule import Kind

_SERVICE_ACCOUNT = (  # the file that the console downloads, as it is or inside a string
    r"service_account\\?\"[^{}]*?\"private_key\\?\"\s*:\s*\\?\""
    r"(?P<secret>-----BEGIN (?:RSA )?PRIVATE KEY-----(?:\s|\\+n)*[A-Za-z0-9+/]{24,}[A-Za-z0-9+/=\s\\-]*)"
)
_ENTRA = r"(?:\A|[\\'\"`\s>=:(,])(?P<secret>[\w~.]{3}\dQ~[\w~.-]{31,34})(?:\z|[\\'\"`\s<),;]|\.\s)"

RULES = (
    *gitleaks(
        token(
            "aws-access-token",
            "AWS",
            Kind.API_KEY,
            r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
            *("a3t", "akia", "asia", "abia", "acca"),
            entropy=3.0,
            severity=Severity.CRITICAL,
        ),
        token(
            "aws-amazon-bedrock-api-key-long-lived",
            "Amazon Bedrock",
            Kind.API_KEY,
            r"ABSK[A-Za-z0-9+/]{109,269}={0,2}",
            entropy=2.5,
        ),
        token(
            "aws-amazon-bedrock-api-key-short-lived",
            "Amazon Bedrock",
            Kind.SESSION_TOKEN,
            r"bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=_.-]*",
            end=r"(?:[^\w+/=.-]|\z)",
        ),
        token("azure-ad-client-secret", "Microsoft Entra ID", Kind.CLIENT_SECRET, _ENTRA, "q~", entropy=3.0),
        token("gcp-api-key", "Google Cloud", Kind.API_KEY, rf"AIza{WORD}{{35}}", entropy=3.8),
        token(
            "alibaba-access-key-id", "Alibaba Cloud", Kind.CLIENT_ID, rf"LTAI{ALNUM}{{12,20}}", severity=Severity.HIGH
        ),
        assigned("alibaba-secret-key", "Alibaba Cloud", Kind.CLIENT_SECRET, ("alibaba", "aliyun"), rf"{ALNUM}{{30}}"),
        token("digitalocean-access-token", "DigitalOcean OAuth", Kind.ACCESS_TOKEN, rf"doo_v1_{HEX}{{64}}"),
        token("digitalocean-pat", "DigitalOcean personal", Kind.ACCESS_TOKEN, rf"dop_v1_{HEX}{{64}}"),
        token("digitalocean-refresh-token", "DigitalOcean", Kind.REFRESH_TOKEN, rf"(?i:dor_v1_){HEX}{{64}}", "dor_v1_"),
        token(
            "yandex-access-token",
            "Yandex Cloud IAM",
            Kind.ACCESS_TOKEN,
            r"t1\.[A-Z0-9a-z_-]{3,200}[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2}",
        ),
        token("yandex-api-key", "Yandex Cloud", Kind.API_KEY, r"AQVN[\w-]{35,38}"),
        token(
            "yandex-aws-access-token",
            "Yandex Object Storage",
            Kind.CLIENT_SECRET,
            rf"YC{WORD}{{38}}",
            "yc",
            entropy=3.5,
        ),
    ),
    *betterleaks(
        assigned(
            "aws-secret-access-key",
            "AWS",
            Kind.CLIENT_SECRET,
            (r"aws[ _.-]?(?:\w{1,20}[_.-])?(?:secret|key|token)", r"secret[_-]?access[_-]?key", r"secretaccesskey"),
            r"[A-Za-z0-9/+=]{40}",
            entropy=3.5,
            severity=Severity.CRITICAL,
        ),
        token("alibaba-sts-access-key-id", "Alibaba Cloud STS", Kind.CLIENT_ID, rf"STS\.{ALNUM}{{16,32}}", entropy=3.0),
        token(
            "alibaba-sts-security-token",
            "Alibaba Cloud STS",
            Kind.SESSION_TOKEN,
            r"CAIS[A-Za-z0-9+/]{40,}={0,2}",
            entropy=3.5,
        ),
        token(
            "azure-app-configuration-connection-string",
            "Azure App Configuration",
            Kind.URL,
            r"Endpoint=https://[\w.-]{1,63}\.azconfig\.io;Id=(?P<id>[\w+/:-]{4,40});Secret=(?P<secret>[A-Za-z0-9+/]{36,100}={0,2})",
            ".azconfig.io",
        ),
        assigned(
            "azure-storage-account-name",
            "Azure Storage account",
            Kind.IDENTIFIER,
            r"azure_?storage_?account(?:_?name)?",
            "[a-z0-9]{3,24}",
            entropy=0,
        ),
        assigned(
            "azure-tenant-id",
            "Azure tenant",
            Kind.IDENTIFIER,
            (r"azure[_.-]?(?:ad[_.-]?)?tenant(?:[_.-]?id)?", r"arm_tenant_id"),
            UUID,
        ),
        token("gcp-gemini-api", "Google Gemini", Kind.API_KEY, rf"AQ\.Ab8{WORD}{{40,60}}", entropy=3.5),
        token(
            "gcp-service-account", "Google Cloud service account", Kind.PRIVATE_KEY, _SERVICE_ACCOUNT, "service_account"
        ),
        assigned(
            "ibm-cloud-user-api-key",
            "IBM Cloud",
            Kind.API_KEY,
            (r"ibm[ _.-]?(?:cloud|platform|api|iam|key)", r"ic_api_key", r"bluemix"),
            rf"{WORD}{{44}}",
            entropy=3.5,
        ),
        assigned("scaleway-secret-key", "Scaleway", Kind.CLIENT_SECRET, (r"scaleway", whole("scw")), UUID),
        token("exoscale-api-key", "Exoscale", Kind.API_KEY, r"EXO[0-9A-Za-z]{24}"),
        assigned("exoscale-api-secret", "Exoscale", Kind.CLIENT_SECRET, "exoscale", rf"{WORD}{{40,43}}", entropy=3.5),
        assigned(
            "ovh-application-key",
            "OVHcloud application",
            Kind.API_KEY,
            r"ovh[_.-]?(?:application|app)[_.-]?key",
            rf"{ALNUM}{{16}}",
        ),
        assigned(
            "ovh-application-secret",
            "OVHcloud application",
            Kind.CLIENT_SECRET,
            r"ovh[_.-]?(?:application|app)[_.-]?secret",
            rf"{WORD}{{32}}",
        ),
        assigned(
            "ovh-consumer-key",
            "OVHcloud consumer",
            Kind.API_KEY,
            r"ovh[_.-]?(?:application[_.-]?)?consumer[_.-]?key",
            rf"{WORD}{{32}}",
        ),
        assigned("civo-api-key", "Civo", Kind.API_KEY, "civo", rf"{ALNUM}{{50}}"),
        assigned(
            "infomaniak-api-token", "Infomaniak", Kind.ACCESS_TOKEN, "infomaniak", rf"{WORD}{{64,90}}", entropy=3.5
        ),
        token("upcloud-api-token", "UpCloud", Kind.ACCESS_TOKEN, r"ucat_[0-9A-Za-z]{24,32}"),
    ),
)
