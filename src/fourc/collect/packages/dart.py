"""Dart and Flutter: `pubspec.lock`."""

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.model.package import Listing

ECOSYSTEM = "Pub"


def _plain(text: str) -> str:
    return text.strip().strip("\"'")


def read_lock(given: Given) -> Listing:
    """`pubspec.lock` (https://dart.dev/tools/pub/glossary#lockfile), as `pub` writes it: two spaces a level.

    The file does not tell what needs what, so of transitive packages nobody knows whether only development needs them.
    """
    found = Found(given.path, ECOSYSTEM)
    name, start = "", 0
    told: dict[str, str] = {}
    inside = False

    def note() -> None:
        dependency = told.get("dependency", "")
        found.add(
            name, told.get("version", ""), start, dev=dependency == "direct dev", direct=dependency.startswith("direct")
        )

    for number, line in lines_of(given):
        indent = len(line) - len(line.lstrip(" "))
        key, colon, value = line.partition(":")
        if not colon or line.lstrip().startswith("#"):
            continue
        if indent == 0:
            inside = key == "packages"
        elif inside and indent == 2:
            note()
            name, start, told = _plain(key), number, {}
        elif inside and indent == 4:
            told[key.strip()] = _plain(value)
    note()
    return found.listing(found.direct)
