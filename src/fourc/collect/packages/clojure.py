"""Clojure: exact Maven versions in `deps.edn`; ranges are left open, folders and git are no packages."""

import re

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.maven import exact
from fourc.model.package import Listing

_LIBRARY = re.compile(
    r"(?<![\w./:$-])(?P<library>[A-Za-z][\w.-]{0,200}(?:/[\w.-]{1,200})?)(?:\$[\w-]{1,100})?"
    r'[\s,]{1,50}\{[^{}"]{0,200}:mvn/version[\s,]{1,50}"(?P<version>[^"]{1,200})"'
)


def read_deps(given: Given) -> Listing:
    """`deps.edn` (https://clojure.org/reference/deps_edn): `{group/artifact {:mvn/version "1.0"}}`, also of aliases."""
    found = Found(given.path, "Maven")
    pieces: list[str] = []
    starts: list[int] = []
    for number, line in lines_of(given):
        code = line.partition(";")[0].rstrip() + "\n"
        if not code.isspace():
            pieces.append(code)
            starts.append(number)
    text = "".join(pieces)
    row = at = 0
    for match in _LIBRARY.finditer(text):
        row += text.count("\n", at, match.start())
        at = match.start()
        group, _, artifact = match["library"].partition("/")
        found.ask(f"{group}:{artifact or group}", exact(match["version"]), starts[row])
    return found.listing(found.direct)
