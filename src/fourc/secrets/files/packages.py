"""Where package managers and build tools keep the tokens of their registries and the passwords of their signing keys."""

from collections.abc import Iterator

from fourc.secrets.files import code_text, flow_text, xml_text, yaml_text
from fourc.secrets.files.base64_text import decoded_text
from fourc.secrets.files.format import Format, keyed, matched, rule
from fourc.secrets.files.leaf import plain
from fourc.secrets.files.pairs_text import ASSIGNED, INI, PROPERTIES
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Kind

_NPM = rule("npmrc-token", "npm registry", Kind.ACCESS_TOKEN)
_AUTH = late(
    rb"""(?m)^(?:\xef\xbb\xbf)?(?![#;])(?:[^\s=]*:)?(?P<name>_authToken|_auth|_password)[ \t]*=[ \t]*"?(?P<secret>[^"\s]+)"""
)


def _npm(text: bytes) -> Iterator[Hit]:
    """https://docs.npmjs.com/cli/configuring-npm/npmrc: `_auth` and `_password` are base64, `_authToken` is not."""
    for match in _AUTH.finditer(text):
        name, value = plain(match["name"]), plain(match["secret"])
        decoded = decoded_text(value) if name != "_authToken" else None
        if not is_placeholder(decoded or value):
            yield Hit(_NPM.id, *match.span("secret"), decoded or value, ("base64",) if decoded else (), name)


FORMATS: tuple[Format, ...] = (
    Format((".npmrc", "npmrc", ".yarnrc"), (_NPM,), _npm),
    # https://yarnpkg.com/configuration/yarnrc
    keyed(
        rule("yarnrc-token", "Yarn registry", Kind.ACCESS_TOKEN),
        ".yarnrc.yml .yarnrc.yaml",
        yaml_text.leaves,
        r"\.npmauth(?:token|ident)$",
    ),
    # https://packaging.python.org/en/latest/specifications/pypirc/
    keyed(rule("pypirc-password", "Python package index"), ".pypirc pypirc", INI, r"\bpassword$"),
    # https://pip.pypa.io/en/stable/topics/authentication/: in the URL of the index
    keyed(
        rule("pip-index-password", "pip index"),
        "pip.conf pip.ini .pydistutils.cfg .condarc requirements*.txt pipfile poetry.toml uv.toml constraints*.txt",
        INI,
        r"\bpassword$",
    ),
    keyed(
        rule("poetry-password", "Poetry repository"), "*/pypoetry/auth.toml", ASSIGNED, r"password$|token$|pypi-token\."
    ),
    # https://learn.microsoft.com/en-us/nuget/reference/nuget-config-file#packagesourcecredentials
    keyed(
        rule("nuget-config-password", "NuGet", references=("gitleaks:nuget-config-password",)),
        "nuget.config *.nuget.config",
        xml_text.leaves,
        r"(?:^|\.)(?:cleartextpassword|password)$|\bapikeys\.[^.].*(?<!\.key)$",
    ),
    # https://getcomposer.org/doc/articles/authentication-for-private-packages.md
    keyed(
        rule("composer-auth", "Composer", Kind.CREDENTIAL),
        "auth.json",
        flow_text.leaves,
        r"^(?:github-oauth|gitlab-token|gitlab-oauth|bearer|bitbucket-oauth|http-basic|forgejo-token|custom-headers)\..*",
        but=r"\.(?:username|consumer-key)$",
        holds=(b"-oauth", b"-token", b"bearer", b"http-basic", b"custom-headers"),
    ),
    # https://doc.rust-lang.org/cargo/reference/config.html#credentials
    keyed(
        rule("cargo-token", "Cargo registry", Kind.ACCESS_TOKEN),
        "*/.cargo/credentials */.cargo/credentials.toml */cargo/credentials.toml",
        ASSIGNED,
        r"(?:token|secret-key)$",
    ),
    # https://guides.rubygems.org/api-key-scopes/, https://bundler.io/man/bundle-config.1.html
    keyed(
        rule("rubygems-credential", "RubyGems", Kind.CREDENTIAL),
        "*/.gem/credentials .gemrc */.bundle/config */gem/credentials",
        yaml_text.leaves,
        r"api_key$|\.:?[\w.-]*rubygems[\w.-]*$|\.bundle_[a-z0-9_]*__[a-z0-9_]*$|^0\.:?https?://",
        but=r"bundle_(?:mirror|path|without|build|jobs|local)",
    ),
    # https://maven.apache.org/settings.html#servers, https://maven.apache.org/guides/mini/guide-encryption.html
    keyed(
        rule("maven-password", "Maven"),
        "settings.xml settings-security.xml *settings*.xml */.m2/*.xml pom.xml",
        xml_text.leaves,
        r"\.(?:password|passphrase|master|privatekeypassphrase|[\w.-]*(?:password|secret|token))$",
        holds=(b"<settings", b"<project"),
    ),
    # https://docs.gradle.org/current/userguide/build_environment.html
    keyed(
        rule("gradle-property", "Gradle property", Kind.CREDENTIAL, generic=True),
        "gradle.properties local.properties",
        PROPERTIES,
    ),
    # https://developer.android.com/studio/publish/app-signing
    keyed(
        rule("android-keystore-password", "Android signing key"),
        "keystore.properties key.properties signing.properties *keystore*.properties",
        PROPERTIES,
        r"pass(?:word)?$|pwd$",
    ),
    keyed(
        rule("build-script-credential", "build script", Kind.CREDENTIAL, generic=True),
        "*.gradle *.gradle.kts build.sbt jenkinsfile *.jenkinsfile *.groovy podfile fastfile appfile matchfile",
        code_text.worthwhile_leaves,
    ),
    # https://www.scala-sbt.org/1.x/docs/Publishing.html#Credentials
    keyed(
        rule("sbt-password", "sbt repository"),
        "*/.sbt/.credentials */.ivy2/.credentials .credentials",
        PROPERTIES,
        r"^password$",
    ),
    # https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
    matched(
        rule("netrc-password", ".netrc"),
        ".netrc _netrc netrc *.netrc .authinfo authinfo",
        r'(?:^|\s)(?:password|passwd)\s+"?(?P<secret>(?:(?<=")[^"\r\n]+|[^"\s]+))',
    ),
)
