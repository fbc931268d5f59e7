"""Versions in `Cargo.toml` (https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html)."""

from fourc.patch.manifests import toml_strings
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.text import TextEdit

_TABLES = frozenset(
    ("dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies")
)
_OPERATORS = ("", "=", "^", "~")


def cargo_toml(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the package's requirements in every table, also under another name (`package = `).

    Raises:
        VersionRefused: no such dependency.
    """
    versions: dict[tuple[str, ...], Site] = {}
    names: dict[tuple[str, ...], str] = {}
    for place in toml_strings.strings(wanted.text):
        path = _dependency(place.path)
        if not path:
            continue
        match place.path[len(path) :]:
            case () | ("version",):
                versions[path] = Site(place.start, place.end)
            case ("package",):
                names[path] = place.value
            case _:
                pass
    sites = [site for path, site in versions.items() if names.get(path, path[-1]) == wanted.name]
    return exchanged(wanted, sites, _OPERATORS)


def _dependency(path: tuple[str, ...]) -> tuple[str, ...]:
    """The part of the path that names a dependency, `()` where none does."""
    match path:
        case (table, _, *_) if table in _TABLES:
            return path[:2]
        case ("workspace", table, _, *_) if table in _TABLES:
            return path[:3]
        case ("target", _, table, _, *_) if table in _TABLES:
            return path[:4]
        case _:
            return ()
