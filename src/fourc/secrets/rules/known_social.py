"""Social networks, media and publishing."""

from msgspec.structs import replace

from fourc.model.finding import Severity
from fourc.secrets.rows import ALNUM, HEX, WORD, assigned, betterleaks, gitleaks, numbered, token
from fourc.secrets.rule import Kind

RULES = (
    *gitleaks(
        token(
            "facebook-access-token",
            "Facebook app",
            Kind.ACCESS_TOKEN,
            r"\d{15,16}(?:\||%(?:7[Cc])?)[0-9A-Za-z_-]{27,40}",
            *("|", "%"),
            entropy=3.0,
        ),
        token(
            "facebook-page-access-token",
            "Facebook page",
            Kind.ACCESS_TOKEN,
            r"EAA[MC][A-Za-z0-9]{100,300}",
            *("eaam", "eaac"),
            entropy=4.0,
        ),
        assigned("facebook-secret", "Facebook", Kind.CLIENT_SECRET, "facebook", r"[0-9a-fA-F]{32}", entropy=3.0),
        assigned("twitter-access-secret", "X (Twitter)", Kind.CLIENT_SECRET, "twitter", rf"{ALNUM}{{45}}", entropy=3.0),
        assigned(
            "twitter-access-token",
            "X (Twitter)",
            Kind.ACCESS_TOKEN,
            "twitter",
            rf"\d{{15,25}}-{ALNUM}{{20,40}}",
            entropy=3.0,
        ),
        assigned("twitter-api-key", "X (Twitter)", Kind.API_KEY, "twitter", rf"{ALNUM}{{25}}", entropy=3.0),
        assigned("twitter-api-secret", "X (Twitter)", Kind.CLIENT_SECRET, "twitter", rf"{ALNUM}{{50}}", entropy=3.0),
        assigned(
            "twitter-bearer-token",
            "X (Twitter) bearer",
            Kind.ACCESS_TOKEN,
            "twitter",
            r"A{22}[A-Za-z0-9%]{80,100}",
            entropy=3.0,
        ),
        assigned("twitch-api-token", "Twitch", Kind.ACCESS_TOKEN, "twitch", rf"{ALNUM}{{30}}", entropy=3.0),
        assigned("linkedin-client-id", "LinkedIn", Kind.CLIENT_ID, r"linked[_-]?in", rf"{ALNUM}{{14}}"),
        assigned("linkedin-client-secret", "LinkedIn", Kind.CLIENT_SECRET, r"linked[_-]?in", rf"{ALNUM}{{16}}"),
        assigned("flickr-access-token", "Flickr", Kind.ACCESS_TOKEN, "flickr", rf"{ALNUM}{{32}}", entropy=3.0),
        assigned(
            "nytimes-access-token",
            "New York Times",
            Kind.ACCESS_TOKEN,
            (r"nytimes", r"new-york-times", "newyorktimes"),
            r"[\w=-]{32}",
            entropy=3.0,
        ),
        token("intra42-client-secret", "42 Intra", Kind.CLIENT_SECRET, rf"s-s4t2(?:ud|af)-{HEX}{{64}}", entropy=3.0),
    ),
    *betterleaks(
        assigned("bitly-access-token", "Bitly", Kind.ACCESS_TOKEN, r"bit\.?ly", r"[0-9a-f]{40}", entropy=3.0),
        assigned("disqus-api-key", "Disqus", Kind.API_KEY, "disqus", rf"{ALNUM}{{64}}", entropy=3.0),
        assigned(
            "cloudinary-cloud-name",
            "Cloudinary",
            Kind.IDENTIFIER,
            r"cloudinary[_.-]?(?:cloud[_.-]?)?name",
            r"[0-9a-z][0-9a-z-]{2,29}",
            entropy=0,
        ),
        assigned(
            "cloudinary-api-key",
            "Cloudinary",
            Kind.API_KEY,
            "cloudinary",
            r"\d{15}",
            entropy=2.0,
            severity=Severity.LOW,
        ),
        assigned(
            "cloudinary-api-secret", "Cloudinary", Kind.CLIENT_SECRET, "cloudinary", rf"{WORD}{{27,32}}", entropy=3.5
        ),
        token(
            "lichess-personal-access-token",
            "Lichess personal",
            Kind.ACCESS_TOKEN,
            rf"lip_{ALNUM}{{16,24}}",
            entropy=3.0,
        ),
        token("pinterest-access-token", "Pinterest", Kind.ACCESS_TOKEN, rf"pina_{ALNUM}{{20,120}}", entropy=3.0),
        assigned("canva-client-id", "Canva", Kind.CLIENT_ID, "canva", rf"OC-{WORD}{{8,14}}"),
    ),
    replace(
        token("canva-client-secret", "Canva", Kind.CLIENT_SECRET, rf"cnvca{WORD}{{40,80}}", entropy=3.5),
        references=("github:canva_connect_api_secret",),
    ),
    numbered(assigned("weatherstack-api-key", "weatherstack", Kind.API_KEY, "weatherstack", r"[0-9a-f]{32}"), 1),
)
