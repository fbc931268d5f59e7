"""Conan, the package manager of C and C++: `conan.lock`, and `conanfile.txt` with exact versions and ranges."""

import re

from msgspec import Struct, field

from fourc.collect.packages.decoding import json_of, lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.model.package import Listing

ECOSYSTEM = "ConanCenter"

_STRING = re.compile(rb'^[ \t]*"([^"\\\n]{1,500})"[ \t]{0,50},?[ \t\r]{0,50}$', re.MULTILINE)
_REFERENCE = re.compile(r"(?P<name>[A-Za-z0-9_][\w.+-]*)/(?P<version>[A-Za-z0-9_][\w.+-]*)(?:[@#:%].*)?")

_NAMED = re.compile(r"([A-Za-z0-9_][\w.+-]*)/")


class _Node(Struct):
    ref: str | None = None
    pref: str | None = None
    path: str | None = None
    context: str | None = None
    requires: list[str] | None = None
    build_requires: list[str] | None = None


class _Graph(Struct):
    nodes: dict[str, _Node] | None = None


class _Lock(Struct):
    graph_lock: _Graph | None = None
    requires: list[str] = field(default_factory=list)
    build_requires: list[str] = field(default_factory=list)
    python_requires: list[str] = field(default_factory=list)


def _reference(text: str) -> tuple[str, str]:
    """Name and version of `name/version@user/channel#revision:package%time`."""
    match = _REFERENCE.fullmatch(text.strip())
    return (match["name"], match["version"]) if match is not None else ("", "")


def _graph(given: Given, nodes: dict[str, _Node]) -> Listing:
    """Conan 1: a graph, whose root is the consumer; what is only built with is `dev`."""
    lines = lines_of_keys(given)
    roots = [key for key, node in nodes.items() if node.path or not (node.ref or node.pref)]
    wanted = {key for root in roots for key in nodes[root].requires or ()}
    tools = {key for node in nodes.values() for key in node.build_requires or ()}
    tools -= {key for node in nodes.values() for key in node.requires or ()}
    found = Found(given.path, ECOSYSTEM)
    at: dict[str, int] = {}
    for key, node in nodes.items():
        if key not in roots:
            dev = node.context == "build" or key in tools
            direct = key in wanted or any(key in (nodes[root].build_requires or ()) for root in roots)
            name, version = _reference(node.pref or node.ref or "")
            at[key] = found.add(name, version, lines.get(key, 0), dev=dev, direct=direct)
    for key, position in at.items():
        needed = (*(nodes[key].requires or ()), *(nodes[key].build_requires or ()))
        found.need(position, (at.get(other, NOTHING) for other in needed))
    return found.listing(found.direct if roots else None, needs=True)


def read_lock(given: Given) -> Listing:
    """`conan.lock` of Conan 1 (a graph) and 2 (lists); https://docs.conan.io/2/tutorial/versioning/lockfiles.html."""
    lock = json_of(given, _Lock)
    if lock.graph_lock is not None and lock.graph_lock.nodes is not None:
        return _graph(given, lock.graph_lock.nodes)
    lines = lines_of_keys(given, _STRING)
    found = Found(given.path, ECOSYSTEM)
    for references, dev in ((lock.requires, False), (lock.build_requires, True), (lock.python_requires, True)):
        for reference in references:
            found.add(*_reference(reference), lines.get(reference, 0), dev=dev)
    return found.listing()


def read_text(given: Given) -> Listing:
    """`conanfile.txt` (https://docs.conan.io/2/reference/conanfile_txt.html): a reference with a range is left open."""
    found = Found(given.path, ECOSYSTEM)
    section = ""
    for number, line in lines_of(given):
        line = line.partition(" #")[0].strip()  # noqa: PLW2901 - the same line, without its comment
        if line.startswith("["):
            section = line.strip("[]")
        elif section in {"requires", "tool_requires", "build_requires", "test_requires"}:
            name, version = _reference(line)
            named = _NAMED.match(line)
            found.ask(name or (named[1] if named is not None else ""), version, number, dev=section != "requires")
    return found.listing(found.direct)
