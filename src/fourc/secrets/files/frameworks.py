"""The settings of applications, by framework: here names say what is secret, and a provider's own rule may know more."""

from fourc.model.finding import Severity
from fourc.secrets.files import code_text, flow_text, xml_text, yaml_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.pairs_text import ASSIGNED, INI, PROPERTIES
from fourc.secrets.rule import Kind

FORMATS: tuple[Format, ...] = (
    # https://github.com/motdotla/dotenv#readme, https://docs.docker.com/reference/compose-file/services/#env_file-format
    keyed(
        rule("dotenv-secret", "environment file", Kind.CREDENTIAL, generic=True),
        ".env .env.* *.env .env-* env.local env.prod* env.dev* env.stag* .envrc .flaskenv .dev.vars */env *.env.* environment",
        INI,
        but=r"^vite_public|^next_public_|^react_app_public",
    ),
    # https://developer.wordpress.org/advanced-administration/wordpress/wp-config/
    keyed(
        rule("wordpress-config-secret", "WordPress configuration", Kind.CREDENTIAL),
        "wp-config.php wp-config*.php wp-config.php.* *.wp-config.php",
        code_text.worthwhile_leaves,
        r"^(?:\w*(?:db_password|ftp_pass|_password|_secret|api_key|license_key|_token)|(?:secure_auth|logged_in|auth|nonce)_(?:key|salt))$",
    ),
    # https://docs.djangoproject.com/en/stable/ref/settings/#secret-key
    keyed(
        rule("django-settings-secret", "Django settings", Kind.CREDENTIAL, generic=True),
        "settings.py settings_*.py *_settings.py local_settings.py */settings/*.py */config/*.py config.py "
        "configuration.py secrets.py "
        "credentials.py superset_config.py jupyter_*_config.py default_settings.py airflow_local_settings.py config_*.py "
        "*_config.py",
        code_text.worthwhile_leaves,
        but=r"^auth_password_validators$|^csrf_|^password_hashers",
    ),
    # https://guides.rubyonrails.org/security.html#custom-credentials
    keyed(
        rule("rails-secret", "Rails secrets", Kind.CREDENTIAL),
        "secrets.yml secrets.yaml *.secrets.yml secrets.*.yml secrets.*.yaml secrets-*.yaml secret.yml secret.yaml "
        "credentials.yml "
        "credentials.yaml",
        yaml_text.leaves,
        lacks=(b"apiVersion:",),  # a manifest of Kubernetes is often called so, too
    ),
    matched(
        rule("rails-master-key", "Rails master key", Kind.ENCRYPTION_KEY, Severity.CRITICAL),
        "*/config/master.key master.key */config/credentials/*.key */config/credentials.yml.key",
        r"\A(?:\xef\xbb\xbf)?\s*(?P<secret>[0-9a-f]{32}|[0-9a-f]{64})\s*\Z",
    ),
    matched(
        rule("rails-secret-token", "Rails secret token", Kind.SIGNING_KEY),
        "secret_token.rb session_store.rb devise.rb */initializers/*.rb",
        r"\b(?P<key>secret_token|secret_key_base|secret_key|pepper)\s*=\s*[\"'](?P<secret>[^\"'\r\n]+)[\"']",
    ),
    # https://laravel.com/docs/encryption#configuration
    matched(
        rule("laravel-app-key", "Laravel", Kind.ENCRYPTION_KEY),
        "app.php .env .env.*",
        r"(?P<key>\bkey|APP_KEY)['\"]?\s*=>?\s*['\"]?(?P<secret>base64:[A-Za-z0-9+/]{22,86}={0,2})",
    ),
    # https://laravel.com/docs/configuration, Symfony, phpMyAdmin, Joomla, Drupal, MediaWiki, Magento, ThinkPHP, Typecho, Discuz!
    keyed(
        rule("php-config-secret", "PHP configuration", Kind.CREDENTIAL, generic=True),
        "config.php config.inc.php configuration.php settings.php settings.*.php localsettings.php env.php database.php db.php "
        "config_global.php config_ucenter.php config.*.php *.config.php *.conf.php config_*.php *_config.php conn.php "
        "connect.php "
        "parameters.php localconfiguration.php mail.php services.php app.php cache.php queue.php broadcasting.php "
        "filesystems.php "
        "common.inc.php */config/*.php constants.php dbconfig.php config-*.php",
        code_text.worthwhile_leaves,
    ),
    # https://docs.spring.io/spring-boot/reference/features/external-config.html; Nacos, Apollo, Druid, Dubbo use it too
    keyed(
        rule("spring-properties-secret", "Java properties", Kind.CREDENTIAL, generic=True),
        "*.properties *.properties.* application*.properties bootstrap*.properties",
        PROPERTIES,
        but=r"^(?:org\.gradle|label|message|msg|error|title)\.|\.(?:label|message|title|tooltip)s?\b",
    ),
    keyed(
        rule("spring-yaml-secret", "Spring configuration", Kind.CREDENTIAL, generic=True),
        "application.yml application.yaml application-*.yml application-*.yaml bootstrap.yml bootstrap.yaml bootstrap-*.yml "
        "bootstrap-*.yaml apollo*.yml nacos*.yml druid*.yml dubbo*.yml *.application.yml config.yml config.yaml "
        "config.*.yml config.*.yaml "
        "settings.yml settings.yaml parameters.yml parameters.yaml app.yml app.yaml conf.yml conf.yaml config-*.yml "
        "config-*.yaml",
        yaml_text.leaves,
    ),
    keyed(
        rule("spring-xml-secret", "Spring XML configuration", Kind.CREDENTIAL, generic=True),
        "applicationcontext*.xml spring*.xml hibernate.cfg.xml *hibernate*.xml persistence.xml datasource*.xml *-ds.xml "
        "standalone*.xml "
        "domain.xml mybatis-config.xml druid*.xml dubbo*.xml *-config.xml *config*.xml *-context.xml quartz*.xml "
        "log4j*.xml logback*.xml "
        "jetty*.xml web.xml",
        xml_text.leaves,
    ),
    # https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/, .NET Framework's web.config
    keyed(
        rule("appsettings-secret", ".NET settings", Kind.CREDENTIAL, generic=True),
        "appsettings.json appsettings.*.json local.settings.json secrets.json launchsettings.json *.settings.json *.secrets.json",
        flow_text.leaves,
        r"(?:password|passwd|pwd|secret|token|apikey|api_key|accountkey|accesskey|key|passphrase)$",
        but=r"(?:publickey|public_key|publickeytoken|cachekey|\.iskey|instrumentationkeytype)$",
    ),
    keyed(
        rule("web-config-secret", ".NET web.config", Kind.CREDENTIAL, generic=True),
        "web.config web.*.config app.config *.exe.config *.dll.config *.config connectionstrings.config "
        "appsettings.config machine.config",
        xml_text.leaves,
        r"(?:password|passwd|pwd|secret|token|apikey|api_key|accountkey|accesskey|validationkey|decryptionkey|passphrase)$",
        but=r"\.(?:key|name|type)$|publickeytoken",
    ),
    # JSON settings of Node.js and others
    keyed(
        rule("json-config-secret", "JSON configuration", Kind.CREDENTIAL, generic=True),
        "config.json heroku.json deployment-config.json config.*.json *.config.json ormconfig.json default.json "
        "production.json development.json "
        "settings.json database.json "
        "credentials.json credential.json conf.json app.json db.json env.json secret.json development.config.json *.env.json",
        flow_text.leaves,
    ),
    keyed(
        rule("js-config-secret", "JavaScript configuration", Kind.CREDENTIAL, generic=True),
        "config.js config.ts config.*.js knexfile.js ormconfig.js database.js ecosystem.config.js settings.js secrets.js "
        "environment.ts "
        "environment.*.ts env.js */config/*.js credentials.js",
        code_text.worthwhile_leaves,
    ),
    keyed(
        rule("toml-config-secret", "TOML configuration", Kind.CREDENTIAL, generic=True),
        "config.toml secrets.toml .secrets.toml settings.toml credentials.toml app.toml config.*.toml *.secrets.toml "
        "production.toml",
        ASSIGNED,
    ),
    keyed(
        rule("ini-config-secret", "INI configuration", Kind.CREDENTIAL, generic=True),
        "*.ini odoo.conf .odoorc odoo*.conf alembic.ini "
        "airflow.cfg "
        "config.cfg settings.cfg  .credentials credentials credentials.conf "
        "supervisord.conf "
        "application.conf uwsgi.ini *.cfg dolphinscheduler*.conf app.conf",
        INI,
    ),
)
