"""Hex: Elixir's `mix.lock`, Erlang's `rebar.lock`, Gleam's `manifest.toml`."""

import re

from fourc.collect.packages.decoding import lines_of, text_of, told_beside, toml_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.values import items, table, text, words
from fourc.model.package import Listing

ECOSYSTEM = "Hex"

# an entry is a tuple: `:hex`, the package, its version, its checksum, what builds it, what it needs, where it comes from
_ENTRY = re.compile(
    r'\s*"(?P<app>[^"]{1,200})"\s*:\s*\{:hex,\s*:"?(?P<name>[\w.@-]{1,200})"?,\s*"(?P<version>[^"]{1,200})"'
)
_NEEDED = re.compile(r'\{:"?(?P<app>[\w.@-]{1,200})"?,\s*"[^"]*",\s*\[')
_WANTED = re.compile(r"\{\s*:(?P<app>\w{1,200})\s*,(?P<how>[^{}]{0,2000})\}")
_ONLY = re.compile(r"only:\s*(?::(?P<one>\w+)|\[(?P<list>[^\]]*)\])")
_UMBRELLA = "apps_path:"


def _code(given: Given) -> str:
    return "\n".join(line.partition("#")[0] for _, line in lines_of(given))


def _wanted(given: Given) -> dict[str, bool]:
    """What `mix.exs` beside asks for, and whether only outside production; nothing where it leaves that to applications."""
    code = told_beside(given, "mix.exs", _code)
    if code is None or _UMBRELLA in code:
        return {}
    wanted: dict[str, bool] = {}
    for match in _WANTED.finditer(code):
        only = _ONLY.search(match["how"])
        environments = re.findall(r"\w+", only["one"] or only["list"]) if only is not None else []
        wanted.setdefault(match["app"], bool(environments) and "prod" not in environments)
    return wanted


def read_mix(given: Given) -> Listing:
    """`mix.lock` (https://hexdocs.pm/mix/Mix.Tasks.Deps.html): packages of Hex; what comes from git has no version.

    `dev` is what only those lead to that `mix.exs` beside keeps out of production.
    """
    found = Found(given.path, ECOSYSTEM)
    wanted = _wanted(given)
    at: dict[str, int] = {}
    dev: set[int] = set()
    needs: dict[str, list[str]] = {}
    for number, line in lines_of(given):
        match = _ENTRY.match(line)
        if match is None:
            continue
        app = match["app"]
        at[app] = found.add(match["name"], match["version"], number, direct=app in wanted)
        if wanted.get(app, False):
            dev.add(at[app])
        needs[app] = [needed["app"] for needed in _NEEDED.finditer(line, match.end())]
    for app, others in needs.items():
        found.need(at[app], (at.get(other, NOTHING) for other in others))
    found.tell_dev((found.direct | found.roots()) - dev, dev)
    return found.listing(found.direct if wanted else None, needs=True)


_LOCKED = re.compile(
    r'\{<<"(?P<app>[^"]{1,200})">>,\s*\{pkg,\s*<<"(?P<name>[^"]{1,200})">>,\s*<<"(?P<version>[^"]{1,200})">>[^}]{0,500}\},\s*(?P<level>\d{1,4})\}'
)


_GLEAM = re.compile(rb'\bname\s{0,20}=\s{0,20}"([^"\n]{1,200})"')
_STARTS = re.compile(rb'\{<<"([^"\n]{1,200})">>,')


def read_rebar(given: Given) -> Listing:
    """`rebar.lock` (https://rebar3.org/docs/workflow/dependencies/#lock-files); level 0 is what the project asks for."""
    lines = lines_of_keys(given, _STARTS)
    found = Found(given.path, ECOSYSTEM)
    for match in _LOCKED.finditer(text_of(given)):
        found.add(match["name"], match["version"], lines.get(match["app"], 0), direct=match["level"] == "0")
    return found.listing(found.direct)


def read_gleam(given: Given) -> Listing:
    """Gleam's `manifest.toml` (https://gleam.run/writing-gleam/gleam-toml/); `gleam.toml` beside says what is for development."""
    tables = toml_of(given)
    wanted = table(tables.get("requirements"))
    own = told_beside(given, "gleam.toml", toml_of) or {}
    for_dev = {*table(own.get("dev-dependencies")), *table(own.get("dev_dependencies"))}
    lines = lines_of_keys(given, _GLEAM)
    found = Found(given.path, ECOSYSTEM)
    at: dict[str, int] = {}
    entries = [table(entry) for entry in items(tables.get("packages"))]
    for entry in entries:
        name = text(entry.get("name"))
        version = text(entry.get("version")) if entry.get("source") == "hex" else ""
        at[name] = found.add(name, version, lines.get(name, 0), direct=name in wanted)
    for entry in entries:
        needed = words(entry.get("requirements"))
        found.need(at[text(entry.get("name"))], (at.get(other, NOTHING) for other in needed))
    dev = {at[name] for name in for_dev if name in at}
    found.tell_dev((found.direct | found.roots()) - dev, dev)
    return found.listing(found.direct, needs=True)
