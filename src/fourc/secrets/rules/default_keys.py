"""Keys that everybody knows: what products come with until somebody changes it; whoever reaches the product holds them."""

import re

from fourc.model.finding import Severity
from fourc.secrets.rule import Kind, Rule, Token


def _known(name: str, product: str, *keys: str) -> Rule:
    """Values that are only written where the product uses them; they are found wherever they stand."""
    pattern = "|".join(re.escape(key) for key in keys)
    return _default(
        name, product, rf"(?:^|[^0-9A-Za-z+/])(?P<secret>{pattern})(?:[^0-9A-Za-z+/]|$)", *(key.lower() for key in keys)
    )


def _set(name: str, product: str, setting: str, value: str, *keywords: str) -> Rule:
    """A value that is a default only where the product's setting holds it."""
    return _default(
        name,
        product,
        rf"(?i:{setting})[\"'\]]{{0,2}}[ \t]*(?:[:=]|,|>)[ \t]*[\"']?(?P<secret>{value})(?:[\"'\s;,<}}#]|$)",
        *keywords,
    )


def _default(name: str, product: str, pattern: str, *keywords: str) -> Rule:
    return Rule(name, product, Kind.DEFAULT_KEY, Token(pattern, keywords), severity=Severity.CRITICAL)


# AES keys of Shiro's remember-me cookie that were copied from manuals, starters and answers into thousands of applications.
_SHIRO = (
    "kPH+bIxk5D2deZiIxcaaaA==",
    "4AvVhmFLUs0KTA3Kprsdag==",
    "Z3VucwAAAAAAAAAAAAAAAA==",
    "fCq+/xW488hMTCD+cmJ3aQ==",
    "zSyK5Kp6PZAAjlT+eeNMlg==",
    "0AvVhmFLUs0KTA3Kprsdag==",
    "1AvVhdsgUs0FSA3SDFAdag==",
    "1QWLxg+NYmxraMoxAXu/Iw==",
    "25BsmdYwjnfcWmnhAciDDg==",
    "2AvVhdsgUs0FSA3SDFAdag==",
    "3AvVhmFLUs0KTA3Kprsdag==",
    "3JvYhmBLUs0ETA5Kprsdag==",
    "r0e3c16IdVkouZgk1TKVMg==",
    "5aaC5qKm5oqA5pyvAAAAAA==",
    "5AvVhmFLUs0KTA3Kprsdag==",
    "6AvVhmFLUs0KTA3Kprsdag==",
    "6NfXkC7YVCV5DASIrEm1Rg==",
    "6ZmI6I2j5Y+R5aSn5ZOlAA==",
    "cmVtZW1iZXJNZQAAAAAAAA==",
    "7AvVhmFLUs0KTA3Kprsdag==",
    "8AvVhmFLUs0KTA3Kprsdag==",
    "8BvVhmFLUs0KTA3Kprsdag==",
    "9AvVhmFLUs0KTA3Kprsdag==",
    "OUHYQzxQ/W9e/UjiAGu6rg==",
    "a3dvbmcAAAAAAAAAAAAAAA==",
    "aU1pcmFjbGVpTWlyYWNsZQ==",
    "bWluZS1hc3NldC1rZXk6QQ==",
    "bWljcm9zAAAAAAAAAAAAAA==",
    "bXRvbnMAAAAAAAAAAAAAAA==",
    "ZUdsaGJuSmxibVI2ZHc9PQ==",
    "wGiHplamyXlVB11UXWol8g==",
    "U3ByaW5nQmxhZGUAAAAAAA==",
    "MTIzNDU2Nzg5MGFiY2RlZg==",
    "L7RioUULEFhRyxM7a2R/Yg==",
    "WcfHGU25gNnTxTlmJMeSpw==",
    "a2VlcE9uR29pbmdBbmRGaQ==",
    "e0OA34PkcuxGXf/6D/23gg==",
    "3qDVdLawoIr1xFd6ietnwg==",
    "d2ViUmVtZW1iZXJNZUtleQ==",
    "fsHspZw/92PrS3XrPW+vxw==",
    "sHdIjUN6tzhl8xZMG3ULCQ==",
    "WuB+y2gcHRnY2Lg9+Aqmqg==",
    "2itfW92XazYRi5ltW0M2yA==",
    "f/SY5TIve5WWzT4aQlABJA==",
    "Jt3C93kMR9D5e8QzwfsiMw==",
    "66v1O8keKNV3TTcGPK1wzg==",
    "Q01TX0JGTFlLRVlfMjAxOQ==",
    "ZmFsYWRvLnh5ei5zaGlybw==",
    "5J7bIJIV0LQSN3c9LPitBQ==",
    "ZnJlc2h6Y24xMjM0NTY3OA==",
    "yeAAo1E8BOeAYfBlm4NG9Q==",
    "4BvVhmFLUs0KTA3Kprsdag==",
    "s0KTA3mFLUprK4AvVhsdag==",
    "yNeUgSzL/CfiWw1GALg6Ag==",
    "SDKOLKn2J1j/2BHjeZwAoQ==",
)

RULES: tuple[Rule, ...] = (
    _known(
        "nacos-default-token-key",
        "Nacos",
        "SecretKey012345678901234567890123456789012345678901234567890123456789",
        "SecretKey01234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "VGhpc0lzTXlDdXN0b21TZWNyZXRLZXkwMTIzNDU2Nzg=",
        "U2VjcmV0S2V5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk=",
    ),
    _set(
        "nacos-default-identity",
        "Nacos",
        r"(?:nacos\.core\.auth\.|NACOS_AUTH_|nacos_)(?:server[._])?identity[._](?:key|value)",
        "serverIdentity|security",
        "identity",
    ),
    _set(
        "nacos-default-password",
        "Nacos",
        r"nacos[\w.]{0,40}password|spring\.cloud\.nacos[\w.]{0,40}\.password",
        "nacos",
        "nacos",
    ),
    _known("shiro-default-key", "Apache Shiro", *_SHIRO),
    _default(
        "shiro-cipher-key",
        "Apache Shiro",
        r"(?i:cipher_?key|rememberMe[\w.]{0,20}key)[^\n]{0,60}?[\"'(= ](?P<secret>[0-9A-Za-z+/]{22}==)",
        "cipher",
        "rememberme",
    ),
    _set("ruoyi-default-token-secret", "RuoYi", r"(?:token\.)?secret", "abcdefghijklmnopqrstuvwxyz", "secret"),
    _set(
        "xxl-job-default-token", "XXL-JOB", r"(?:xxl[._]job[._])?access_?token", "default_token|xxl-job-token", "token"
    ),
    _default(
        "druid-default-password",
        "Druid console",
        r"(?i:(?:stat-?view-?servlet|druid)[\s\S]{0,300}?login-?(?:username[^\n]{1,40}\n\s*"
        r"(?:[\w.]*login-?)?)?password)[\"']?[ ]*(?:[:=,]|>)[ ]*[\"']?(?P<secret>admin|123456|druid|root|password|ruoyi)\b",
        "druid",
        "stat-view",
        "statview",
    ),
    _known("jeecg-boot-default-sign-secret", "JeecgBoot", "dd05f1c54d63749eda95f9fa6d49v442a"),
    _set(
        "apollo-default-password",
        "Apollo",
        r"apollo[\w.-]{0,30}(?:portal)?[\w.-]{0,20}password",
        "apollo|admin",
        "apollo",
    ),
    _set(
        "skywalking-default-password",
        "SkyWalking",
        r"(?:SW_|skywalking)[\w.-]{0,40}password",
        "admin|skywalking",
        "sw_",
        "skywalking",
    ),
    _known("harbor-default-password", "Harbor", "Harbor12345"),
    _known("harbor-default-secret-key", "Harbor", "not-a-secure-key"),
    _set(
        "grafana-default-password",
        "Grafana",
        r"GF_SECURITY_ADMIN_PASSWORD|grafana[\w.-]{0,20}admin_?-?password|adminPassword",
        "admin|prom-operator|strongpassword",
        "password",
    ),
    _set(
        "minio-default-password",
        "MinIO",
        r"MINIO_(?:ROOT_PASSWORD|SECRET_KEY)|minio[\w.-]{0,30}(?:secret_?-?key|password)|secret_?key",
        "minioadmin|minio123|minio12345",
        "minio",
    ),
    _known(
        "apisix-default-admin-key",
        "Apache APISIX",
        "edd1c9f034335f136f87ad84b625c8f1",
        "4054f7cf07e344346cd3f287985e76a2",
    ),
    _known(
        "superset-default-secret-key",
        "Apache Superset",
        "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
        "thisISaSECRET_1234",
        "TEST_NON_DEV_SECRET",
        "YOUR_OWN_RANDOM_GENERATED_SECRET_KEY",
    ),
    _set(
        "airflow-default-secret-key",
        "Apache Airflow",
        r"(?:AIRFLOW__WEBSERVER__|AIRFLOW__API__)?secret_key",
        "temporary_key",
        "secret_key",
    ),
    _set(
        "dolphinscheduler-default-password",
        "DolphinScheduler",
        r"dolphinscheduler[\w.-]{0,40}password",
        "dolphinscheduler123|admin",
        "dolphinscheduler",
    ),
    _known("gogs-default-secret-key", "Gogs and old Gitea", "!#@FDEWREWR&*("),
    _set(
        "redash-default-secret",
        "Redash",
        r"REDASH_(?:COOKIE_)?SECRET(?:_KEY)?",
        "c292a0a3aa32397cdb050e233733900f",
        "redash",
    ),
    _set("sentinel-default-password", "Sentinel dashboard", r"sentinel[\w.-]{0,30}password", "sentinel", "sentinel"),
    _set(
        "dubbo-admin-default-password", "Dubbo Admin", r"admin\.root\.(?:user\.)?password", "root|guest", "admin.root"
    ),
    _set(
        "spring-boot-admin-default-password",
        "Spring Boot Admin",
        r"spring[._]boot[._]admin[\w._-]{0,40}password|spring\.security\.user\.password",
        "admin|123456|password|user",
        "spring",
    ),
    _set(
        "rabbitmq-default-password",
        "RabbitMQ",
        r"RABBITMQ_(?:DEFAULT_)?PASS(?:WORD)?|spring\.rabbitmq\.password",
        "guest",
        "rabbitmq",
    ),
    _set(
        "activemq-default-password",
        "ActiveMQ",
        r"(?:spring\.)?activemq[\w.]{0,20}password|ACTIVEMQ_\w{0,20}PASSWORD",
        "admin|system",
        "activemq",
    ),
    _set("nexus-default-password", "Nexus", r"nexus[\w.-]{0,20}password", "admin123", "nexus"),
    _set(
        "elasticsearch-default-password",
        "Elasticsearch",
        r"ELASTIC(?:SEARCH)?_PASSWORD|xpack\.[\w.]{0,40}password|elasticsearch\.password",
        "changeme|elastic",
        "elastic",
        "xpack",
    ),
    _set("zabbix-default-password", "Zabbix", r"zabbix[\w.-]{0,20}password", "zabbix", "zabbix"),
    _set("sonarqube-default-password", "SonarQube", r"sonar[\w.-]{0,20}(?:password|login)", "admin", "sonar"),
    _set(
        "keycloak-default-password",
        "Keycloak",
        r"(?:KEYCLOAK_ADMIN|KC_BOOTSTRAP_ADMIN|KEYCLOAK)_PASSWORD",
        "admin|password",
        "keycloak",
        "kc_bootstrap",
    ),
    _set("argocd-default-signing-key", "Argo CD", r"server\.secretkey", "(?i:changeme|secret)", "server.secretkey"),
    _set("kkfileview-default-password", "kkFileView", r"(?:kk\.)?delete\.password", "123456", "delete.password"),
    _set("yapi-default-salt", "YApi", r"passsalt", "abcde", "passsalt"),
    _known("dataease-default-key", "DataEase", "DataEase@123456", "dataease@123456"),
)
