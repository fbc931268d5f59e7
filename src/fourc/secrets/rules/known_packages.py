"""Package registries, image registries and the tools around them."""

from fourc.secrets.rows import ALNUM, HEX, WORD, assigned, betterleaks, gitleaks, token
from fourc.secrets.rule import Kind

_NUGET = r"(?i)<add key=\"(?:(?:clear_?text)?password)\"\s{1,20}value=\"(?P<secret>[^\"\n]{4,200})\"\s{0,9}/>"

RULES = (
    *gitleaks(
        token("npm-access-token", "npm", Kind.ACCESS_TOKEN, rf"npm_{ALNUM}{{36}}"),
        token("pypi-upload-token", "PyPI", Kind.ACCESS_TOKEN, rf"pypi-AgEIcHlwaS5vcmc{WORD}{{50,}}", entropy=3.0),
        token("rubygems-api-token", "RubyGems", Kind.ACCESS_TOKEN, rf"rubygems_{HEX}{{48}}"),
        token("clojars-api-token", "Clojars", Kind.ACCESS_TOKEN, rf"(?i:CLOJARS_){ALNUM}{{60}}", "clojars_"),
        token("artifactory-api-key", "JFrog Artifactory", Kind.API_KEY, rf"AKCp{ALNUM}{{68,69}}", entropy=4.0),
        token(
            "artifactory-reference-token",
            "JFrog Artifactory reference",
            Kind.ACCESS_TOKEN,
            rf"cmVmd{ALNUM}{{59}}",
            entropy=4.0,
        ),
        assigned(
            "jfrog-api-key",
            "JFrog",
            Kind.API_KEY,
            ("jfrog", "artifactory", "bintray", "xray"),
            rf"{ALNUM}{{73}}",
            entropy=3.0,
        ),
        assigned(
            "jfrog-identity-token",
            "JFrog",
            Kind.ACCESS_TOKEN,
            ("jfrog", "artifactory", "bintray", "xray"),
            rf"{ALNUM}{{64}}",
            entropy=3.0,
        ),
        token(
            "nuget-config-password",
            "NuGet",
            Kind.PASSWORD,
            _NUGET,
            "password",
            entropy=1.0,
            path=r"(?i)nuget\.config$",
        ),
        token("postman-api-token", "Postman", Kind.API_KEY, rf"PMAK-{HEX}{{24}}-{HEX}{{34}}", entropy=3.0),
        assigned(
            "rapidapi-access-token", "RapidAPI", Kind.API_KEY, ("rapidapi", "rapid_api"), rf"{WORD}{{50}}", entropy=3.0
        ),
    ),
    *betterleaks(
        token(
            "artifactory-jfrog-url",
            "JFrog",
            Kind.IDENTIFIER,
            r"[A-Za-z0-9][\w-]{1,62}\.jfrog\.io",
            ".jfrog.io",
            entropy=0,
        ),
        token(
            "cloudsmith-api-key",
            "Cloudsmith",
            Kind.API_KEY,
            rf"csa_{HEX}{{30}}{ALNUM}{{6}}|csa_{ALNUM}{{36}}",
            "csa_",
            entropy=3.0,
        ),
        token("crates-io-api-key", "crates.io", Kind.API_KEY, rf"cio{ALNUM}{{32}}", entropy=3.5),
        token(
            "dockerhub-organization-access-token",
            "Docker Hub organization",
            Kind.ACCESS_TOKEN,
            rf"dckr_oat_{WORD}{{32}}",
            entropy=3.0,
        ),
        token(
            "docker-swarm-join-token", "Docker Swarm", Kind.ACCESS_TOKEN, r"SWMTKN-1-[0-9a-z]{40,50}-[0-9a-z]{20,25}"
        ),
        token(
            "docker-swarm-unlock-key",
            "Docker Swarm",
            Kind.ENCRYPTION_KEY,
            r"SWMKEY-1-[A-Za-z0-9+/]{40,43}",
            entropy=3.0,
        ),
        token("apify-api-token", "Apify", Kind.ACCESS_TOKEN, rf"apify_api_{ALNUM}{{34,40}}", entropy=3.0),
    ),
)
