"""Secrets that the documented text around them tells, in files of any name; and what only looks alike."""

import base64

import pytest

from fourc.secrets.reference import hits
from fourc.secrets.rules.wide_places import RULES


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def found(text: str) -> set[tuple[str, str]]:
    return {(hit.rule, hit.value) for hit in hits(text.encode(), "notes.txt", RULES)}


KEY = "_du9e^cmago!%(^+=gr@cu@v9-v7ulhbk2s3!w&39w4+n3*k*$"
OKTA = "00Qr7AjX4MlVkWPxMs2Tz-9LqWnBvC3uYhK0HmjFxv"


@pytest.mark.parametrize(
    ("text", "rule", "value"),
    [
        (
            "amplitude.init('e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9', {})",
            "amplitude-init-key",
            "e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9",
        ),
        (
            'amplitude.getInstance().init("9f3c1a7be2d845609f3c1a7be2d84561")',
            "amplitude-init-key",
            "9f3c1a7be2d845609f3c1a7be2d84561",
        ),
        (f"SECRET_KEY = 'django-insecure-{KEY}'\n", "django-insecure-secret-key", f"django-insecure-{KEY}"),
        (
            f'oc create secret <<< \'{{"auths": {{"quay.io": {{"auth" : "{b64("robot+ci:Kq27mZ9xLw")}"}}}}}}\'',
            "registry-auth-entry",
            b64("robot+ci:Kq27mZ9xLw"),
        ),
        (f'<Pass encoding="base64">{b64("Kq27mZ9x")}</Pass>', "filezilla-pass-entry", b64("Kq27mZ9x")),
        (
            "Please use the following password to proceed to installation:\n\nbd9627decc6346d780b3b6ab6ea8fe1f\n\n",
            "jenkins-initial-password",
            "bd9627decc6346d780b3b6ab6ea8fe1f",
        ),
        (
            r'New-Object System.DirectoryServices.DirectoryEntry("LDAP://10.0.0.1", "CORP\svc", "Kq27mZ9x!")',
            "directory-entry-password",
            "Kq27mZ9x!",
        ),
        (f"Authorization: SSWS {OKTA}\n", "okta-ssws-token", OKTA),
    ],
)
def test_the_documented_text_tells_it(text: str, rule: str, value: str) -> None:
    assert found(text) == {(rule, value)}


@pytest.mark.parametrize(
    "text",
    [
        "amplitude.init(API_KEY)",
        "amplitude.init('YOUR_API_KEY')",
        "SECRET_KEY = 'django-insecure-change-me'",
        f'{{"auth": "{b64("user:password")}"}}',
        '{"auth": "aGVsbG8gd29ybGQhIQ=="}',
        '{"auth": "bearer-token-required"}',
        '<Pass encoding="crypt">Kq27mZ9xKq27mZ9x</Pass>',
        f'<Pass encoding="base64">{b64("password")}</Pass>',
        "Please use the following password to proceed to installation:\n\nsee the log\n",
        'DirectoryEntry("LDAP://10.0.0.1", $user, $password)',
        'DirectoryEntry("LDAP://10.0.0.1", "user", "password")',
        "Authorization: SSWS ${API_TOKEN}",
        "Authorization: SSWS 00xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ],
)
def test_what_only_looks_alike_is_none(text: str) -> None:
    assert found(text) == set()
