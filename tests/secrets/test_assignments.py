"""What a generic assignment's value must look like: each filter lets a secret through and stops what is none."""

import pytest

from fourc.secrets import assignments
from fourc.secrets.reference import hits
from fourc.secrets.rules.generic import RULES, is_basic


def found(text: str, path: str = "") -> set[tuple[str, str]]:
    """The rules that find something in a text, with what they find."""
    return {(hit.rule, hit.value) for hit in hits(text.encode(), path, RULES)}


@pytest.mark.parametrize(
    "value",
    [
        "${DB_PASSWORD}",
        "{{ vault_password }}",
        "$(pass show db)",
        "$PASSWORD",
        "%DB_PASS%",
        "<password>",
        "ENC(kf83nd82nK==)",
        "getpass.getpass()",
        "os.environ['X1']",
        "config.db2.password",
        "vault:secret/data/db#pw",
        "!Ref DbPassword",
        "Bearer %s",
    ],
)
def test_a_reference_is_no_value(value: str) -> None:
    """Templates, variables, calls, vaults and what is encrypted already stand for a value that is elsewhere."""
    assert assignments.is_reference(value)
    assert not assignments.is_password(value)


@pytest.mark.parametrize(
    "value",
    [
        "your-password-1",
        "changeme123",
        "xxxxxxxx1",
        "example-pass1",
        "<insert1>",
        "REDACTED_1",
        "你的密码123",
        "请填写pass1",
        "foo-bar-1",
        "1111",
    ],
)
def test_a_placeholder_is_no_value(value: str) -> None:
    """What asks for a value, in English or Chinese, is none."""
    assert assignments.is_placeholder(value) or assignments.is_reference(value)
    assert not assignments.is_password(value)


@pytest.mark.parametrize(
    "value",
    [
        "ops@corp.io",
        "https://auth.corp.io/token1",
        "/run/secrets/db1",
        "certs/server1.pem",
        "v1.20.3-rc1",
        "2024-05-01T10:00:00Z",
        "10.0.0.1:5432",
        "sha256:0afae57f3ccfd9d7f5767067bc48b30f",
        "$2y$12$atWJ1Nx6ep65tNx0YIJ4I.jzgI86znQbNRI3lF0qIt/XCYnEPxSc2",
        "#ff00aa",
        "api.corp.io",
    ],
)
def test_what_has_another_look_is_no_value(value: str) -> None:
    """Addresses, paths, versions, dates and hashes are known by their look."""
    assert assignments.is_shaped(value)
    assert not assignments.is_password(value)
    assert not assignments.is_key(value)


@pytest.mark.parametrize(
    "value",
    ["0afae57f3ccfd9d7f5767067bc48b30f", "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB", "dafa7817-e246-48f3-91a7-e87653d587b8"],
)
def test_what_a_machine_drew_is_a_key(value: str) -> None:
    """Letters and digits that change places all the time were drawn by a machine."""
    assert assignments.is_key(value)


@pytest.mark.parametrize(
    "value",
    [
        "create-oauth2-token",
        "Ed25519PublicKey",
        "aws.route53.KeySigningKey",
        "NEXUS-GPT4-API-KEY",
        "libc.Uint32FromInt32",
        "refresh_token_v2",
        "c2VjcmV0IGlzIHNlY3VyZQ==",
        "s_rsa1024_priv.pem",
        "executed",
    ],
)
def test_what_is_made_of_words_is_no_key(value: str) -> None:
    """Names of things, with a digit here and there, and words in base64 are no keys."""
    assert not assignments.is_key(value)


@pytest.mark.parametrize(
    "value", ["super$ecret", "1qay@WXS????", "Rrhh1234", "Prestigitariu$", "P4ss!word7", "thisismysentence"]
)
def test_what_a_person_chose_is_a_password(value: str) -> None:
    """A word with a digit or a sign in it, or words run together, is what people choose."""
    assert assignments.is_password(value)


@pytest.mark.parametrize(
    "value",
    [
        "password",
        "userPassword1",
        "new-password-2",
        "current_password",
        "#add-password",
        "Enter",
        "12345",
        "secret_key",
    ],
)
def test_what_is_called_after_a_password_is_none(value: str) -> None:
    """Labels, ids of fields and keys of maps carry the word; a number alone says nothing."""
    assert not assignments.is_password(value)


def test_basic_authorization_is_a_name_and_a_password_in_base64() -> None:
    """Only what decodes to `user:password` counts, and only with a password that is one."""
    assert is_basic("bWFyaWE6VGg3IXIzYWw=")
    assert not is_basic("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")
    assert not is_basic("dXNlcjp5b3VyLXBhc3N3b3Jk")


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        ('db_password = "h0rse$Battery"', "generic-password", "h0rse$Battery"),
        ("数据库密码: 'h0rse$Battery'", "generic-password", "h0rse$Battery"),
        ("API_KEY=0afae57f3ccfd9d7f5767067bc48b30f", "generic-api-key", "0afae57f3ccfd9d7f5767067bc48b30f"),
        ("redis.password=h0rse7Battery\n", "generic-password-setting", "h0rse7Battery"),
        (
            "SECRET_KEY = 'wwf*2-86t64!fgh6yav+aoeuo@u2o@fy&gg76q'",
            "generic-secret",
            "wwf*2-86t64!fgh6yav+aoeuo@u2o@fy&gg76q",
        ),
        ("postgres://app:h0rse7Battery@db.corp.io/app", "generic-url-password", "h0rse7Battery"),
        ("postgres://app:tiger@db.corp.io/app", "generic-weak-url-password", "tiger"),
        ("Server=db;Database=app;User Id=sa;Password=h0rse7Battery;", "generic-connection-string", "h0rse7Battery"),
        ("jdbc:mysql://db:3306/app?user=app&password=h0rse7Battery", "generic-jdbc-password", "h0rse7Battery"),
        (
            "Authorization: Bearer 0afae57f3ccfd9d7f5767067bc48b30f",
            "generic-authorization-header",
            "0afae57f3ccfd9d7f5767067bc48b30f",
        ),
        ("tool --db-password h0rse7Battery --now", "generic-password-argument", "h0rse7Battery"),
        ("sshpass -p h0rse7Battery ssh root@db", "generic-command-password", "h0rse7Battery"),
        ("net use Z: \\\\srv\\share /user:corp\\bob h0rse7Battery", "generic-command-password", "h0rse7Battery"),
        ("mysql -uroot -ph0rse7Battery app", "generic-command-password", "h0rse7Battery"),
        ("CREATE USER 'app' IDENTIFIED BY 'h0rse7Battery';", "generic-sql-password", "h0rse7Battery"),
        ('ConvertTo-SecureString "h0rse7Battery" -AsPlainText -Force', "generic-windows-password", "h0rse7Battery"),
        ('echo "root:h0rse7Battery" | chpasswd', "generic-password-line", "h0rse7Battery"),
        ("jasypt.encryptor.password=h0rseBattery", "jasypt-password", "h0rseBattery"),
        ("machine db.corp.io login app password h0rse7Battery", "netrc-password", "h0rse7Battery"),
        ("数据库密码：h0rse7Battery", "generic-password-setting", "h0rse7Battery"),
        ("密码是“h0rse7Battery”", "generic-told-password", "h0rse7Battery"),
        ('variable "db_password" {\n  default = "h0rse7Battery"\n}', "generic-terraform-default", "h0rse7Battery"),
    ],
)
def test_every_way_to_give_a_password_is_read(text: str, rule: str, value: str) -> None:
    """Code, settings, addresses, command lines, SQL and sentences: the value is found whole by the rule for its place."""
    assert (rule, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "password = getPassword(user1)",
        "password: str = None",
        "token_url = 'https://corp.io/oauth2/token1'",
        "password_hash = 'h0rse$Battery'",
        "public_key = '9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit'",
        "report_access_id: e8e4df51-2054-49b0-ab1c-516ac95c691d",
        "primaryKey=c6oq0Zf50MFxiOE0JXl6x=3WpktX2s",
        "spring.datasource.password=ENC(9kd83jdk20skdj38==)",
        "password: '${DB_PASSWORD}'",
        "postgres://app:${DB_PASSWORD}@db.corp.io/app",
        "Authorization: Bearer ${TOKEN}",
        "tool --password-file /run/secrets/db1",
        "the object identified by 'name'",
        "密码: '请输入密码123'",
        "密码：你的密码123",
        "密码：长度不少于8位",
        'armed_custom_bypass":"x7$kd83",',
    ],
)
def test_what_only_looks_like_an_assignment_is_left_alone(text: str) -> None:
    """References, names of other things, encrypted values, prompts and prose are no findings."""
    assert found(text) == set()


def test_weak_evidence_counts_in_settings_only() -> None:
    """A dictionary word in an address is a finding in a YAML file, and an example in code."""
    text = "url: postgres://app:tiger@db.corp.io/app"
    assert ("generic-weak-url-password", "tiger") in found(text, "deploy/app.yaml")
    assert found(text, "src/app.py") == set()
