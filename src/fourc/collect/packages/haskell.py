"""Haskell: `stack.yaml.lock`, `cabal.project.freeze`, and exact versions in `stack.yaml`."""

import re

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.model.package import Listing

ECOSYSTEM = "Hackage"
_NAME = r"(?P<name>[A-Za-z0-9-]{1,200})"
_VERSION = r"(?P<version>[0-9][0-9.]{0,100})"
_HACKAGE = re.compile(rf"""^\s*(?:-\s+)?hackage:\s*["']?{_NAME}-{_VERSION}(?:@|["'\s]|$)""")
_EXTRA = re.compile(rf"""^\s*-\s+["']?{_NAME}-{_VERSION}(?:@[^\s"']*)?["']?\s*(?:#.*)?$""")
_CONSTRAINT = re.compile(rf"(?:^|[\s,:])(?:any\.)?{_NAME}\s{{0,20}}==\s{{0,20}}{_VERSION}(?=\s{{0,20}}(?:,|$))")


def read_stack_lock(given: Given) -> Listing:
    """`stack.yaml.lock` (https://docs.haskellstack.org/en/stable/topics/lock_files/): packages beyond the snapshot's own."""
    found = Found(given.path, ECOSYSTEM)
    for number, line in lines_of(given):
        match = _HACKAGE.match(line)
        if match is not None:
            found.add(match["name"], match["version"], number)
    return found.listing()


def read_stack(given: Given) -> Listing:
    """`stack.yaml`: the exact versions of its `extra-deps`."""
    found = Found(given.path, ECOSYSTEM)
    inside = False
    for number, line in lines_of(given):
        if line and not line.startswith((" ", "-", "#", "\t")):
            inside = line.startswith("extra-deps:")
        match = _EXTRA.match(line) if inside else None
        if match is not None:
            found.add(match["name"], match["version"], number, direct=True)
    return found.listing(found.direct)


def read_freeze(given: Given) -> Listing:
    """`cabal.project.freeze` (https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze)."""
    found = Found(given.path, ECOSYSTEM)
    for number, line in lines_of(given):
        if not line.lstrip().startswith("--"):
            for match in _CONSTRAINT.finditer(line):
                found.add(match["name"], match["version"], number)
    return found.listing()
