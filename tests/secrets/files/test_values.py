"""What counts as a secret's name, as a value, and as a password inside of one."""

import pytest

from fourc.secrets.files import urls
from fourc.secrets.files.names import is_secret_name
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.files.registry import entries

NAMED = """
password DB_PASSWORD dbPassword mysqlpassword spring.datasource.password clientSecret SECRET_KEY_BASE apiKey
API-TOKEN aws_secret_access_key requirepass PASSWORD_PROD passphrase 数据库密码 access_key authToken SMTP_PASS
jwt.secret psk
"""
ABOUT = """
token_url passwordFile secretName existingSecret tlsSecret imagePullSecrets password_min_length PUBLIC_KEY
primary_key compass bypass tokenizer secretary access_key_id adminPasswordKey token.expiration keyboard author
passenger monkey secretKeyRef
"""


@pytest.mark.parametrize(
    "name",
    NAMED.split(),
)
def test_these_are_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    ABOUT.split(),
)
def test_these_only_speak_of_secrets_or_sound_like_it(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "''",
            "changeme",
            "change_me_please",
            "${VAR}",
            "$VAR",
            "<password>",
            "[token]",
            "{{ password }}",
            "%(PASSWORD)s",
            "%PASS%",
        ),
        *(
            "你的密码",
            "请填写",
            "请输入您的密钥",
            "数据库密码",
            "your-api-key",
            "YOUR_SECRET_HERE",
            "xxxxxxxx",
            "********",
            "ENC(abc=)",
            "null",
        ),
        *(
            "{cipher}0a1b",
            "ENC[AES256_GCM,data:x]",
            "$ANSIBLE_VAULT;1.1;AES256",
            "vault:secret/data/x#y",
            "op://vault/item",
            "password",
        ),
        *(
            "#{ENV['X']}",
            "<%= ENV['X'] %>",
            "os.environ['X']",
            "SONATYPE_PASSWORD",
            "@Microsoft.KeyVault(x)",
            "insert your password here",
        ),
    ],
)
def test_these_values_only_stand_where_a_secret_would(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "123456",
        "root",
        "admin123",
        "rootpassword",
        "blauer-Hund-42",
        "p<ss>w0rd",
        "{AQAAABAAAAAQ9w==}",
        "$2y$10$abcdefgh",
        "我家的猫七号",
    ],
)
def test_weak_and_odd_passwords_are_passwords(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    ("value", "password"),
    [
        ("postgresql://shop:roter-Fuchs@db/shop", "roter-Fuchs"),
        ("redis://:roter-Fuchs@cache:6379/0", "roter-Fuchs"),
        ("mongodb+srv://a:mit@Zeichen@db.example.org/x", "mit@Zeichen"),
        ("jdbc:mysql://db/shop?user=a&password=roter-Fuchs&ssl=true", "roter-Fuchs"),
        ("jdbc:sqlserver://db;user=sa;password=roter-Fuchs;encrypt=true", "roter-Fuchs"),
        ("jdbc:oracle:thin:shop/roter-Fuchs@//db:1521/x", "roter-Fuchs"),
        ("Server=db;User Id=sa;Password=roter-Fuchs;", "roter-Fuchs"),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=bm90IGEga2V5;", "bm90IGEga2V5"),
        ("shop:roter-Fuchs@tcp(db:3306)/shop", "roter-Fuchs"),
        ("host=db user=shop password=roter-Fuchs dbname=x", "roter-Fuchs"),
    ],
)
def test_the_password_of_an_address_is_found(value: str, password: str) -> None:
    raw = value.encode()
    assert [raw[a:b].decode() for a, b in urls.passwords(raw, 0, len(raw))] == [password]


@pytest.mark.parametrize(
    "value",
    ["https://example.org/a?b=c", "ssh://git@example.org/x.git", "jdbc:mysql://db:3306/shop", "http://[::1]:80/"],
)
def test_an_address_without_a_password_has_none(value: str) -> None:
    raw = value.encode()
    assert list(urls.passwords(raw, 0, len(raw))) == []


@pytest.mark.parametrize(
    ("command", "secret"),
    [
        ("mysqldump -u root --password=roter-Fuchs shop", "roter-Fuchs"),
        ("curl -s --user 'anna:roter-Fuchs' https://example.org", "roter-Fuchs"),
        ('curl -H "PRIVATE-TOKEN: kein-echtes-token-1" https://example.org', "kein-echtes-token-1"),
        ("docker login registry.example.org -u a \\\n  -p roter-Fuchs", "roter-Fuchs"),
        ("echo roter-Fuchs | sudo -S ls", "roter-Fuchs"),
        ("echo roter-Fuchs | docker login -u a --password-stdin", "roter-Fuchs"),
        ("htpasswd -nb anna roter-Fuchs", "roter-Fuchs"),
        ("smbclient -U anna%roter-Fuchs //srv/x", "roter-Fuchs"),
        ("keytool -list -storepass roter-Fuchs", "roter-Fuchs"),
        ("zip -P roter-Fuchs a.zip b", "roter-Fuchs"),
        ("set -gx API_TOKEN roter-Fuchs", "roter-Fuchs"),
        ("sqlplus shop/roter-Fuchs@db", "roter-Fuchs"),
    ],
)
def test_a_password_in_a_command_is_found(command: str, secret: str) -> None:
    assert [hit.value for hit in entries(".bash_history", f"ls\n{command}\n".encode())] == [secret]


@pytest.mark.parametrize(
    "command",
    [
        "mysql -u root -p",
        "docker login --password-stdin",
        "mkdir -p a/b",
        "export TOKEN=$(pass show x)",
        'curl -H "Authorization: Bearer $TOKEN" x',
        "ssh -p 22 host",
        "# sshpass -p roter-Fuchs ssh x",
        "kubectl create configmap x --from-literal=color=red",
    ],
)
def test_commands_without_a_password_have_none(command: str) -> None:
    assert list(entries("x.sh", f"{command}\n".encode())) == []
