"""Secrets that a documented text around them tells, whatever the file is called: logs, headers, calls, pasted settings."""

import base64
import binascii
import re

from msgspec.structs import replace

from fourc.model.finding import Severity
from fourc.secrets.assignments import is_password
from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rows import HEX, WORD, token
from fourc.secrets.rule import Kind

_LOGIN = re.compile(rb"[\w.+@|$-]{1,200}:(.{3,})", re.DOTALL)


def _is_login(value: str) -> bool:
    """Whether it is `user:password` in base64."""
    try:
        login = _LOGIN.fullmatch(base64.b64decode(value, validate=True))
    except binascii.Error:
        return False
    return login is not None and not is_placeholder(login[1].decode("utf-8", "replace"))


def _is_pass(value: str) -> bool:
    """Whether it is some text in base64."""
    try:
        return not is_placeholder(base64.b64decode(value, validate=True).decode())
    except (binascii.Error, UnicodeDecodeError):
        return False


RULES = (
    # amplitude.com/docs/sdks/analytics/browser: the key of a project, which may write events and not read
    token(
        "amplitude-init-key",
        "Amplitude",
        Kind.API_KEY,
        rf"amplitude\.(?:getInstance\([^()\n]{{0,40}}\)\.)?init\(\s{{0,8}}[\"'`](?P<secret>{HEX}{{32}})[\"'`]",
        "amplitude.",
        severity=Severity.LOW,
    ),
    # docs.djangoproject.com/en/stable/ref/settings/#secret-key: what startproject writes, 50 of these characters
    token(
        "django-insecure-secret-key",
        "Django",
        Kind.SIGNING_KEY,
        r"django-insecure-[a-z0-9!@#$%^&*()_=+-]{50}",
        end=r"(?:[\s\"'`,;]|\z)",
        severity=Severity.MEDIUM,
    ),
    # docs.docker.com/reference/cli/docker/login/#credential-stores, as it is pasted into scripts and notes
    replace(
        token(
            "registry-auth-entry",
            "container registry",
            Kind.CREDENTIAL,
            r"\"auth\"\s{0,4}:\s{0,8}\"(?P<secret>[0-9A-Za-z+/]{12,900}={0,2})\"",
            '"auth"',
            genuine=_is_login,
        ),
        generic=True,  # a file that is known for it tells the password itself
    ),
    # wiki.filezilla-project.org: sitemanager.xml and recentservers.xml, under whatever name they were exported
    replace(
        token(
            "filezilla-pass-entry",
            "FileZilla",
            Kind.PASSWORD,
            r"<Pass encoding=\"base64\">\s{0,8}(?P<secret>[0-9A-Za-z+/]{4,400}={0,2})\s{0,8}</Pass>",
            "<pass encoding",
            entropy=0,
            genuine=_is_pass,
        ),
        generic=True,
    ),
    # www.jenkins.io/doc/book/installing/linux/#unlocking-jenkins: the log of the first start
    token(
        "jenkins-initial-password",
        "Jenkins",
        Kind.PASSWORD,
        rf"Please use the following password to proceed to installation:\s{{1,12}}(?P<secret>{HEX}{{32}})\b",
        "proceed to installation",
    ),
    # learn.microsoft.com/dotnet/api/system.directoryservices.directoryentry.-ctor: path, user name, password
    token(
        "directory-entry-password",
        "Active Directory",
        Kind.PASSWORD,
        r"(?i:DirectoryEntry)\(\s{0,8}[\"'][^\"'\n]{1,200}[\"']\s{0,8},\s{0,8}[\"'][^\"'\n]{1,100}[\"']\s{0,8},\s{0,8}"
        r"[\"'](?P<secret>[^\"'\s$]{6,64})[\"']",
        "directoryentry",
        entropy=0,
        genuine=is_password,
    ),
    # developer.okta.com/docs/reference/core-okta-api/#authentication: the scheme of the header, then 00 and 40 characters
    token(
        "okta-ssws-token", "Okta", Kind.ACCESS_TOKEN, rf"SSWS[ ]{{1,3}}(?P<secret>00{WORD}{{40}})(?:[^\w-]|\z)", "ssws"
    ),
)
