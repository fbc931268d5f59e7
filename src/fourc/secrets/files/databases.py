"""Where the clients and servers of databases keep passwords."""

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import flow_text, xml_text, yaml_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.pairs_text import ASSIGNED, INI, SPACED
from fourc.secrets.rule import Kind

_RABBITMQ = rule("rabbitmq-password", "RabbitMQ")

FORMATS: tuple[Format, ...] = (
    # https://www.postgresql.org/docs/current/libpq-pgpass.html: `\` escapes `:` and `\`
    matched(
        rule("pgpass-password", "PostgreSQL .pgpass"),
        ".pgpass pgpass pgpass.conf",
        r"^(?:\xef\xbb\xbf)?(?!#)(?:(?:[^:\\\r\n]|\\.)*:){3}(?P<key>(?:[^:\\\r\n]|\\.)*):(?P<secret>(?:[^:\\\r\n]|\\.)+)",
    ),
    # https://www.postgresql.org/docs/current/libpq-pgservice.html
    keyed(
        rule("pg-service-password", "PostgreSQL service file"), ".pg_service.conf pg_service.conf", INI, r"\bpassword$"
    ),
    # https://www.pgbouncer.org/config.html#authentication-file-format
    matched(
        rule("pgbouncer-password", "PgBouncer"),
        "userlist.txt",
        r'^(?:\xef\xbb\xbf)?"(?P<key>(?:[^"\r\n]|"")*)"[ \t]+"(?P<secret>[^"\r\n]+)"',
    ),
    # https://dev.mysql.com/doc/refman/8.4/en/option-files.html
    keyed(
        rule("mysql-option-password", "MySQL option file"),
        ".my.cnf my.cnf my.ini .mylogin.cnf debian.cnf client.cnf *.my.cnf */mysql/*.cnf */conf.d/*.cnf",
        ASSIGNED,
        r"(?:^|[.\-_])(?:password[123]?|passwd|pass)$",
    ),
    # https://guides.rubyonrails.org/configuring.html#configuring-a-database
    keyed(
        rule("database-yml-password", "database configuration", generic=True),
        "database.yml database.yaml mongoid.yml redis.yml cable.yml *.database.yml dbconfig.yml databases.yml",
        yaml_text.leaves,
    ),
    # https://redis.io/docs/latest/operate/oss_and_stack/management/security/
    matched(
        rule("redis-password", "Redis"),
        "redis.conf redis*.conf sentinel.conf valkey.conf users.acl",
        r'^[ \t]*(?P<key>requirepass|masterauth|masteruser-password)[ \t]+"?(?P<secret>[^"\s]+)',
        r'^[ \t]*sentinel[ \t]+(?P<key>auth-pass)[ \t]+\S+[ \t]+"?(?P<secret>[^"\s]+)',
        r"^[ \t]*user[ \t]+(?P<key>\S+)[ \t](?:[^\n]*[ \t])?(?P<secret>[>#][^\s]+)",
    ),
    # https://www.mongodb.com/docs/manual/reference/configuration-options/
    keyed(
        rule("mongod-password", "MongoDB configuration"),
        "mongod.conf mongos.conf mongod*.conf",
        yaml_text.leaves,
        r"password$|passphrase$",
    ),
    # https://www.rabbitmq.com/docs/definitions, https://www.rabbitmq.com/docs/configure
    keyed(
        _RABBITMQ,
        "rabbitmq.conf rabbitmq*.conf",
        INI,
        r"default_pass$|password$|erlang_cookie$",
    ),
    keyed(
        _RABBITMQ,
        "definitions.json rabbitmq*.json *definitions*.json",
        flow_text.leaves,
        r"default_pass$|password_hash$|password$|erlang_cookie$",
        holds=(b"rabbit", b"password_hash"),  # else definitions of anything, such as a schema's
    ),
    matched(
        rule("erlang-cookie", "Erlang cookie", Kind.CREDENTIAL), ".erlang.cookie", r"\A\s*(?P<secret>[^\s]{6,255})\s*\Z"
    ),
    # https://www.elastic.co/guide/en/elasticsearch/reference/current/security-settings.html
    keyed(
        rule("elastic-password", "Elastic configuration"),
        "elasticsearch.yml kibana.yml logstash.yml filebeat.yml metricbeat.yml *beat.yml opensearch.yml "
        "opensearch_dashboards.yml",
        yaml_text.leaves,
        r"password$|passphrase$|api_key$|encryptionkey$|service_?(?:account_?)?token$|secret$|secure_password$|hash$",
    ),
    # https://dbeaver.com/docs/dbeaver/Admin-Manage-Connections/
    keyed(
        rule("dbeaver-password", "DBeaver connection"),
        "data-sources*.json .dbeaver-data-sources*.xml dbeaver-data-sources*.xml",
        lambda text: (
            xml_text.leaves(text) if text.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else flow_text.leaves(text)
        ),
        r"password$|passphrase$|private-?key$",
    ),
    # Encrypted with a key that stands in DBeaver's sources
    matched(
        rule("dbeaver-credentials-file", "DBeaver"), "credentials-config.json", r"(?s)\A(?P<secret>[^{\s].{15,4000})"
    ),
    # https://dev.mysql.com/doc/refman/8.4/en/create-user.html, and tables of users as dumps hold them
    matched(
        rule("sql-dump-password", "SQL dump", severity=Severity.MEDIUM),
        "*.sql",
        r"(?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?'(?P<secret>[^'\r\n]{1,200})'",
        r"(?i)\b(?:user|role|login)\s[^\n;]{0,200}?\bpassword\s*=?\s*'(?P<secret>[^'\r\n]{1,200})'",
        r"'(?P<secret>\$(?:2[aby]|1|5|6|argon2\w{1,2}|P|S|H)\$[^'\s]{16,200})'",
    ),
    # https://github.com/Studio3T/robomongo/wiki
    keyed(
        rule("robo3t-password", "Robo 3T connection"),
        "robo3t.json robomongo.json studio3t.json */.3t/*.json",
        flow_text.leaves,
        r"(?:password|passphrase|passwordencrypted|passphraseencrypted)$",
        but=r"askpassword|ask.?for",
    ),
    # https://dev.mysql.com/doc/workbench/en/wb-mysql-connections-methods.html
    keyed(
        rule("mysql-workbench-password", "MySQL Workbench connection"),
        "connections.xml server_instances.xml workbench_user_data.xml",
        xml_text.leaves,
        r"\.(?:ssh)?password(?:\.value)?$",
        but=r"\.(?:key|type|struct-name)$",
    ),
    # Encrypted with a key that the program holds for everybody: as good as plain text.
    keyed(
        rule("navicat-password", "Navicat connection", confidence=Confidence.MEDIUM),
        "*.ncx connections.ncx",
        xml_text.leaves,
        r"\b(?:ssh_|http_)?(?:password|passphrase)$",
    ),
    # https://www.jetbrains.com/help/datagrip/import-export-data-sources.html
    keyed(
        rule("datasource-url-password", "IDE data source"),
        "datasources.xml datasources.local.xml",
        xml_text.leaves,
        r"password$",
    ),
    # https://docs.openldap.org/doc/admin26/slapdconfig.html
    keyed(
        rule("ldap-password", "LDAP"),
        "slapd.conf ldap.conf nslcd.conf sssd.conf pam_ldap.conf *.ldaprc",
        SPACED,
        r"\b(?:rootpw|bindpw|rootbindpw|credentials|ldap_default_authtok)$",
    ),
    matched(
        rule("ldif-password", "LDIF", severity=Severity.MEDIUM),
        "*.ldif",
        r"^(?P<key>userPassword|olcRootPW|unicodePwd|sambaNTPassword)::?[ \t]+(?P<secret>\S[^\r\n]*)",
    ),
)
