"""Versions in `package.json` and `composer.json`."""

from fourc.patch.manifests import json_strings
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.text import TextEdit

_NPM = frozenset(("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"))
_COMPOSER = frozenset(("require", "require-dev"))
_OPERATORS = ("", "=", "==", "^", "~")
_ALIAS = "npm:"


def package_json(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `package.json`; `^` and `~` stay (https://docs.npmjs.com/cli/configuring-npm/package-json).

    Raises:
        VersionRefused: no such dependency.
    """
    sites: list[Site] = []
    for place in json_strings.strings(wanted.text):
        if len(place.path) == 2 and place.path[0] in _NPM:
            if place.value.startswith(_ALIAS):
                name, at, _ = place.value[len(_ALIAS) :].rpartition("@")
                if at and name == wanted.name:
                    sites.append(Site(place.start + len(_ALIAS) + len(name) + 1, place.end))
            elif place.path[1] == wanted.name:
                sites.append(Site(place.start, place.end))
    return exchanged(wanted, sites, _OPERATORS)


def composer_json(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `composer.json` (https://getcomposer.org/doc/articles/versions.md).

    Raises:
        VersionRefused: no such requirement.
    """
    sites = [
        Site(place.start, place.end)
        for place in json_strings.strings(wanted.text)
        if len(place.path) == 2 and place.path[0] in _COMPOSER and _slashed(place.path[1]) == wanted.name.lower()
    ]
    return exchanged(wanted, sites, _OPERATORS)


def _slashed(name: str) -> str:
    """The name as Composer compares it; JSON may write `/` with a backslash."""
    return name.replace("\\/", "/").lower()
