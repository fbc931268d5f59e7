"""Markets, exchanges and wallets."""

from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, betterleaks, gitleaks
from fourc.secrets.rule import Kind

RULES = (
    *gitleaks(
        assigned("bittrex-access-key", "Bittrex", Kind.API_KEY, "bittrex", rf"{ALNUM}{{32}}", entropy=3.0),
        assigned("bittrex-secret-key", "Bittrex", Kind.CLIENT_SECRET, "bittrex", rf"{ALNUM}{{32}}", entropy=3.0),
        assigned("coinbase-access-token", "Coinbase", Kind.ACCESS_TOKEN, "coinbase", rf"{WORD}{{64}}", entropy=3.0),
        assigned("finnhub-access-token", "Finnhub", Kind.ACCESS_TOKEN, "finnhub", rf"{ALNUM}{{20}}", entropy=3.0),
        assigned("kraken-access-token", "Kraken", Kind.ACCESS_TOKEN, "kraken", r"[\w/=+-]{80,90}", entropy=3.5),
        assigned("kucoin-access-token", "KuCoin", Kind.ACCESS_TOKEN, "kucoin", rf"{HEX}{{24}}"),
        assigned("kucoin-secret-key", "KuCoin", Kind.CLIENT_SECRET, "kucoin", UUID),
    ),
    *betterleaks(
        assigned(
            "polymarket-address",
            "Polymarket wallet",
            Kind.IDENTIFIER,
            r"poly(?:market)?[_.-]?(?:\w{1,12}[_.-])?address",
            r"0x[0-9a-fA-F]{40}",
        ),
        assigned("polymarket-api-key", "Polymarket", Kind.API_KEY, r"poly(?:market)?[_.-]?(?:api[_.-]?)?key", UUID),
        assigned(
            "polymarket-api-secret",
            "Polymarket",
            Kind.CLIENT_SECRET,
            r"poly(?:market)?[_.-]?(?:api[_.-]?)?secret",
            r"[A-Za-z0-9+/_-]{40,90}={0,3}",
            entropy=3.5,
        ),
        assigned(
            "polymarket-passphrase",
            "Polymarket",
            Kind.PASSWORD,
            r"poly(?:market)?[_.-]?(?:api[_.-]?)?passphrase",
            r"[\w-]{8,64}",
            entropy=1.5,
        ),
        assigned(
            "polymarket-private-key",
            "Polymarket wallet",
            Kind.PRIVATE_KEY,
            r"poly(?:market)?[_.-]?(?:wallet[_.-]?)?private[_.-]?key",
            r"(?:0x)?[0-9a-fA-F]{64}",
        ),
    ),
)
