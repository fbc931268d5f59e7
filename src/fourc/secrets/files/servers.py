"""Where servers, networks and systems keep the passwords of their users and the keys of their peers."""

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import flow_text, xml_text, yaml_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.pairs_text import ASSIGNED, INI, PROPERTIES, SPACED
from fourc.secrets.rule import Kind

_HASH = r"\$(?:1|2[abxy]?|5|6|7|8|y|apr1|gy|argon2\w{1,2}|pbkdf2[\w-]*|scrypt)\$[^\s:,\"']{8,}"

FORMATS: tuple[Format, ...] = (
    # https://httpd.apache.org/docs/current/misc/password_encryptions.html; `htpasswd -p` writes plain text
    matched(
        rule("htpasswd-hash", "Apache htpasswd", severity=Severity.MEDIUM),
        ".htpasswd htpasswd *.htpasswd .htpasswd* .htdigest *.htdigest",
        r"^(?:\xef\xbb\xbf)?(?!#)(?P<key>[^\s:#]+):(?:[^\s:]+:(?=[0-9a-f]{32}\b))?(?P<secret>[^\s:][^\r\n:]*)",
    ),
    # shadow(5), master.passwd(5), passwd(5) of old; `*`, `!` and `x` are no passwords
    matched(
        rule("shadow-hash", "Unix password file"),
        "shadow shadow- shadow.bak *.shadow shadow.* gshadow master.passwd proftpdpasswd *.passwd passwd passwd- "
        "passwd.* opasswd smbpasswd",
        r"^(?:\xef\xbb\xbf)?(?P<key>[a-z_][\w.$-]{0,31}):(?P<secret>" + _HASH + r"|_?[./0-9A-Za-z]{13,20})(?=:)",
        r"^(?P<key>[A-Za-z_][\w.$-]{0,31}):\d+:(?:X{32}|[0-9A-F]{32}):(?P<secret>[0-9A-F]{32}):",
    ),
    keyed(
        rule("htaccess-secret", "Apache configuration", Kind.CREDENTIAL, generic=True),
        ".htaccess httpd.conf apache2.conf *.htaccess *vhost*.conf",
        SPACED,
    ),
    # https://tomcat.apache.org/tomcat-11.0-doc/realm-howto.html
    keyed(
        rule("tomcat-user-password", "Tomcat users"),
        "tomcat-users.xml tomcat-users*.xml jetty-users.xml",
        xml_text.leaves,
        r"\.password$",
    ),
    keyed(
        rule("tomcat-server-password", "Tomcat configuration"),
        "server.xml context.xml server-*.xml server*.xml context-*.xml",
        xml_text.leaves,
        r"(?:password|keystorepass|truststorepass|connectionpassword|certificatekeystorepassword|secret|pass)$",
    ),
    # https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header
    matched(
        rule("nginx-credential", "nginx", Kind.CREDENTIAL),
        "nginx.conf *.nginx nginx*.conf */nginx/*.conf */conf.d/*.conf */sites-available/* */sites-enabled/* *.nginx.conf",
        r"\bproxy_pass\s+https?://[^\s:@/]+:(?P<secret>[^\s@/$]+)@",
        r"(?i)\b(?P<key>authorization)[ \t]+[\"']?(?:basic|bearer)[ \t]+(?P<secret>[^\s\"';$]+)",
        r"(?i)\b(?P<key>\w*(?:password|secret|token|api_key))[ \t]+[\"']?(?P<secret>[^\s\"';$]{6,})[\"']?[ \t]*;",
    ),
    # https://kafka.apache.org/documentation/#security_sasl_jaasconfig: also inside properties
    matched(
        rule("jaas-password", "JAAS"),
        "*jaas*.conf *.jaas *jaas*.config producer.properties consumer.properties client*.properties server.properties "
        "kafka*.properties "
        "connect*.properties zookeeper*.properties admin.properties application*.properties application*.yml application*.yaml",
        r"\b(?P<key>password|user_[\w.-]+|clientSecret|oauth\.client\.secret|keyPassword|storePassword)\s*=\s*\\?\"(?P<secret>[^\"\\\r\n]+)\\?\"",
        holds=(b"LoginModule",),
    ),
    # https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
    keyed(
        rule("grafana-secret", "Grafana", Kind.CREDENTIAL),
        "grafana.ini grafana*.ini custom.ini ldap.toml */grafana/*.ini",
        INI,
        r"(?:password|secret_key|client_secret|bind_password|api_key|signing_secret|secret|token)$",
    ),
    # https://prometheus.io/docs/prometheus/latest/configuration/configuration/, https://prometheus.io/docs/alerting/latest/configuration/
    keyed(
        rule("prometheus-secret", "Prometheus", Kind.CREDENTIAL),
        "prometheus*.yml prometheus*.yaml alertmanager*.yml alertmanager*.yaml web-config.yml web.yml promtail*.yml "
        "promtail*.yaml "
        "loki*.yaml loki*.yml grafana-agent*.yaml blackbox*.yml thanos*.yaml datasources.yml datasources.yaml datasource*.yml",
        yaml_text.leaves,
        r"(?:password|bearer_token|credentials|client_secret|auth_secret|routing_key|service_key|api_key|token|user_key|smtp_auth_password|"
        r"secret_key|api_secret|api_url|apiurl|secret)$|basic_auth_users\.[^.]+$|securejsondata\.[^.]+$",
        but=r"(?:opsgenie_api_url|victorops_api_url|wechat_api_url|telegram_api_url)$|_file$",
    ),
    # https://doc.traefik.io/traefik/middlewares/http/basicauth/
    matched(
        rule("traefik-user", "Traefik users", severity=Severity.MEDIUM),
        "traefik*.yml traefik*.yaml traefik*.toml dynamic*.yml dynamic*.yaml dynamic*.toml docker-compose*.yml "
        "docker-compose*.yaml "
        "compose*.yml compose*.yaml *.htusers usersfile usersfile.*",
        r"(?:[\s\"'=,`]|^)(?P<key>[\w.@-]{1,64}):(?P<secret>\$\$?(?:apr1|2[aby]|1|5|6)\$\$?[^\s\"',`]{20,}|\{SHA\}[\w+/=]{28})",
    ),
    # https://openvpn.net/community-docs/community-articles/openvpn-2-6-manual.html (--auth-user-pass): a name, then a password
    matched(
        rule("openvpn-password", "OpenVPN"),
        "*/openvpn/*.txt */openvpn/*.auth */openvpn/*pass* */openvpn/*login* openvpn-auth* *.ovpn.auth vpn-auth.txt "
        "vpn*.txt auth-user-pass* "
        "*auth-user-pass*",
        r"\A(?:\xef\xbb\xbf)?[^\r\n]{1,100}\r?\n(?P<secret>[^\r\n]{1,100})\s*\Z",
    ),
    matched(
        rule("openvpn-static-key", "OpenVPN", Kind.ENCRYPTION_KEY),
        "*.ovpn *.conf ta.key static.key *.key tls-auth.key tls-crypt.key",
        r"-----BEGIN OpenVPN (?:Static key V1|tls-crypt-v2 (?:client|"
        r"server) key)-----\s+(?P<secret>[0-9A-Za-z+/=\s]{64,2000}?)\s*-----END",
        r"(?s)<auth-user-pass>\s*?\n[^\r\n]+\r?\n(?P<secret>[^\r\n<]+)\r?\n\s*</auth-user-pass>",
    ),
    # The manual pages wg(8) and wg-quick(8)
    keyed(
        rule("wireguard-key", "WireGuard", Kind.PRIVATE_KEY),
        "*.conf *.wg wg*.conf *.netdev",
        ASSIGNED,
        r"\b(?:privatekey|presharedkey)$",
        holds=(b"[Interface]", b"[Peer]", b"[WireGuard"),
    ),
    # wpa_supplicant.conf(5), NetworkManager's nm-settings-keyfile(5), hostapd.conf
    keyed(
        rule("wifi-password", "Wi-Fi", severity=Severity.MEDIUM),
        "wpa_supplicant*.conf *wpa_supplicant*.conf hostapd*.conf *.nmconnection */system-connections/* *.psk "
        "*/netplan/*.yaml *.8021x",
        INI,
        r"(?:^|\.)(?:psk|#psk|password|passphrase|passwd|wpa_passphrase|wpa_psk|wep_key[0-3]|wep-key[0-3]|private_key_passwd|sae_password|"
        r"private-key-password|secret|wireguard-psk|preshared-?key|private-key)$",
    ),
    # pppd(8): client, server, secret; ipsec.secrets(5)
    matched(
        rule("ppp-secret", "PPP secrets"),
        "chap-secrets pap-secrets *chap-secrets *pap-secrets",
        r"^(?!#)[ \t]*(?P<key>\"[^\"\n]*\"|\S+)[ \t]+(?:\"[^\"\n]*\"|\S+)[ \t]+\"?(?P<secret>[^\"\s]+)",
    ),
    matched(
        rule("ipsec-secret", "IPsec secrets", Kind.CREDENTIAL),
        "ipsec.secrets *.ipsec.secrets *.secrets swanctl.conf ipsec.*.secrets",
        r":[ \t]*(?P<key>PSK|EAP|XAUTH|NTLM)[ \t]+\"?(?P<secret>[^\"\s]+)",
        r"^\s*(?P<key>secret)\s*=\s*\"?(?P<secret>[^\"\s]+)",
    ),
    # mount.cifs(8), msmtp(1), fetchmail(1), mutt(1), postfix's sasl_passwd
    keyed(
        rule("smb-password", "SMB credentials"),
        ".smbcredentials smbcredentials *.smbcredentials .smb* smb-credentials* .cifs*",
        ASSIGNED,
        r"^pass(?:word|wd)?$",
    ),
    matched(
        rule("mail-password", "mail program"),
        ".msmtprc msmtprc .fetchmailrc fetchmailrc .mbsyncrc .offlineimaprc .muttrc muttrc .esmtprc .getmailrc .mailrc "
        "ssmtp.conf getmailrc",
        r"(?i)(?:^|\s)(?:set[ \t]+)?(?P<key>\w*pass(?:word|wd)?|authpass|"
        r"remotepass)[ \t]*[= \t][ \t]*[\"']?(?P<secret>[^\"'\s;]+)",
    ),
    matched(
        rule("sasl-password", "Postfix SASL"),
        "sasl_passwd sasl_password relay_password sasl_passwd.*",
        r"^(?!#)[ \t]*(?P<key>\S+)[ \t]+[^\s:]+:(?P<secret>\S+)",
    ),
    # https://docs.strongswan.org, https://www.freeradius.org: clients and users
    matched(
        rule("radius-secret", "RADIUS", Kind.CREDENTIAL),
        "clients.conf radiusd.conf */freeradius/*/users */raddb/users */raddb/*.conf",
        r"^\s*(?P<key>secret|shared_secret)\s*=\s*[\"']?(?P<secret>[^\"'\s]+)",
        r"^(?P<key>\S+)\s+(?:Cleartext|User|NT|Crypt|MD5)-Password\s*:=\s*\"(?P<secret>[^\"\r\n]+)\"",
    ),
    # MIT krb5 documentation, `.k5login` has none; keytabs are binary: see `private_keys`. Java Kafka and ZooKeeper key stores
    keyed(
        rule("java-server-password", "Java server", generic=True),
        "client.properties server.properties producer.properties consumer.properties ssl*.properties "
        "credential*.properties jmxremote.password",
        PROPERTIES,
        r"(?:password|passwd|secret|token|pass)$",
    ),
    matched(
        rule("jmx-password", "JMX remote", severity=Severity.HIGH),
        "jmxremote.password *.jmxremote.password",
        r"^(?!#)\s*(?P<key>\w+)[ \t]+(?P<secret>\S+)",
    ),
    keyed(
        rule("snmp-credential", "SNMP", Kind.CREDENTIAL, Severity.MEDIUM, Confidence.MEDIUM),
        "snmpd.conf snmp.conf",
        SPACED,
        r"\b(?:authpassphrase|privpassphrase|defauthpassphrase|defprivpassphrase|defpassphrase)$",
    ),
    keyed(
        rule("mosquitto-user", "Mosquitto", severity=Severity.MEDIUM),
        "mosquitto.conf",
        SPACED,
        r"\b(?:remote_password|bridge_psk|keyform_pass)$",
    ),
    keyed(
        rule("docker-registry-config-secret", "container registry", Kind.CREDENTIAL),
        "harbor.yml harbor.cfg registries.yaml registries.yml",
        yaml_text.leaves,
        r"(?:password|secret|auth|token|secretkey)$",
    ),
    keyed(
        rule("mc-secret", "MinIO client", Kind.CREDENTIAL),
        "*/.mc/config.json */.mcli/config.json",
        flow_text.leaves,
        r"\.secretkey$|\.sessiontoken$",
    ),
)
