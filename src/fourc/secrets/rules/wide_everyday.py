"""Keys of providers that are called by everyday words, so that only names such as `box_api_key` tell them."""

from fourc.secrets.rule import Kind, Rule
from fourc.secrets.rules.wide_shapes import HEX32, HEX64, UUID, everyday

_LONG = "[0-9A-Za-z_-]{20,}={0,2}"
_SHORT = "[0-9A-Za-z]{16,}"

RULES: tuple[Rule, ...] = (
    everyday("abyssale", "Abyssale", _LONG),
    everyday("alegra", "Alegra", _SHORT),
    everyday("apacta", "Apacta", _LONG),
    everyday("artsy", "Artsy", _SHORT),
    everyday("box", "Box", "[0-9A-Za-z]{32}"),
    everyday("checio", "Checio", "pk_[0-9A-Za-z]{40,50}"),
    everyday("coda", "Coda", UUID),
    everyday("daily", "Daily", HEX64),
    everyday(
        "discord-bot", "Discord", r"[\w-]{24,28}\.[\w-]{6}\.[\w-]{27,45}", names=("discord",), kind=Kind.ACCESS_TOKEN
    ),
    everyday("ditto", "Ditto", UUID),
    everyday("enigma", "Enigma", "[0-9A-Za-z]{40}"),
    everyday("eraser", "Eraser", "[0-9a-zA-Z]{20,24}"),
    everyday("file-io", "File.io", r"[0-9A-Z]{16,40}(?:\.[0-9A-Z-]{7,40}){0,3}", names=("fileio", "file.io")),
    everyday("flat-io", "Flat", "[0-9a-f]{128}", names=("flat", "flatio")),
    everyday("float", "Float", "[0-9A-Za-z+/]{40,}={1,2}"),
    everyday("front", "Front", r"[0-9A-Za-z]{20,}(?:\.[\w-]{20,}){0,2}", names=("frontapp", "front_api")),
    everyday("guardian", "The Guardian", UUID),
    everyday("guru", "Guru", UUID),
    everyday("hive", "Hive", _SHORT),
    everyday("holistic", "Holistic", "[0-9a-z]{60,}", names=("holistic", "holistics")),
    everyday("host-io", "Host.io", "[0-9a-z]{14}", names=("host.io", "hostio")),
    everyday("karma", "karmaCRM", "[0-9a-zA-Z]{20}", names=("karma", "karmacrm")),
    everyday("kraken-io", "Kraken.io", HEX32, names=("krakenio", "kraken.io")),
    everyday("magnetic", "Magnetic", UUID),
    everyday("manifest", "Manifest", "[0-9A-Za-z]{32}"),
    everyday("mite", "mite", "[0-9a-z]{16}"),
    everyday("nimble", "Nimble", "[0-9A-Za-z]{30}"),
    everyday("raven", "Raven", "[0-9A-Z]{8}-[0-9A-Z]{8}"),
    everyday("ramp", "Ramp", "[0-9A-Za-z]{32,48}"),
    everyday("rev", "Rev", "[0-9A-Za-z_-]{54,60}"),
    everyday("route", "Route", UUID, names=("route.com",)),
    everyday("square-old", "Square", "EAAA[0-9A-Za-z_-]{60}", names=("square", "squareup")),
    everyday("surge", "Surge", HEX32),
    everyday("tly", "T.LY", "[0-9A-Za-z]{60}", names=("tly", "t.ly")),
    everyday("wit", "Wit.ai", "[0-9A-Z]{32}"),
)
