"""What a Python project asks for: `pyproject.toml` (PEP 621, PEP 735, poetry, pdm, uv), `Pipfile`, `setup.cfg`, `setup.py`."""

import ast
import configparser
import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import text_of, told_beside, told_upwards, toml_of
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import LineSearch
from fourc.collect.packages.pypi import (
    ARCHIVES,
    ECOSYSTEM,
    exact_pin,
    is_elsewhere,
    normalised,
    requirement_of,
    sounds_like_dev,
)
from fourc.collect.packages.values import Table, table, text, words
from fourc.model.package import Listing, Project
from fourc.text import Text

_PLAIN = re.compile(r"={0,2}\s*v?(\d[0-9A-Za-z.!+_-]*)")
_LONGEST_SETUP = 1 << 20
_REPOSITORIES = frozenset({"git", "hg", "svn", "bzr"})
_SETTINGS = Text("it is not a file of settings ({what})", "不是配置文件（{what}）")


class Asked(Struct, frozen=True):
    """A requirement of a project: its name, the one version that it allows (or nothing), the text that says so.

    What lies `elsewhere`, in a folder or a repository of git, is no release whose version would have to be told.
    """

    name: str
    pin: str
    text: str
    dev: bool
    elsewhere: bool = False


class Asking(Struct, frozen=True):
    """A project and all that it requires."""

    project: Project
    requirements: tuple[Asked, ...]
    dev_groups: frozenset[str]

    def names(self, *, dev: bool) -> list[str]:
        """Names that are required to run, or to develop."""
        return [each.name for each in self.requirements if each.dev is dev]


def project_beside(given: Given) -> Asking | None:
    """What the `pyproject.toml` beside a lock file asks for."""
    tables = told_beside(given, "pyproject.toml", toml_of)
    return None if tables is None else _asking(tables)


def read_pyproject(given: Given) -> Listing:
    """Exact pins of `pyproject.toml`; ranges are left open."""
    tables = toml_of(given)
    asking = _asking(tables)
    return _pins(given, asking.requirements, asking.project, _sourced(given, tables))


def read_pipfile(given: Given) -> Listing:
    """Exact pins of `Pipfile`; ranges are left open."""
    tables = toml_of(given)
    return _pins(given, tuple(_piped(tables)), None)


def pipfile_beside(given: Given) -> tuple[Asked, ...] | None:
    """What the `Pipfile` beside a lock file asks for."""
    tables = told_beside(given, "Pipfile", toml_of)
    return None if tables is None else tuple(_piped(tables))


def read_setup_cfg(given: Given) -> Listing:
    """Exact pins of `setup.cfg` (https://setuptools.pypa.io/en/latest/userguide/declarative_config.html)."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text_of(given))
    except configparser.Error as error:
        raise malformed(given.path, _SETTINGS.of(what=str(error)[:200])) from error
    asked = list(_required(parser.get("options", "install_requires", fallback="").splitlines(), dev=False))
    if parser.has_section("options.extras_require"):
        for group, listed in parser.items("options.extras_require"):
            asked += _required(listed.splitlines(), dev=sounds_like_dev(group))
    name, version = parser.get("metadata", "name", fallback=""), parser.get("metadata", "version", fallback="")
    return _pins(given, tuple(asked), Project(ECOSYSTEM, name, "" if ":" in version else version))


def read_setup_py(given: Given) -> Listing:
    """Exact pins that `setup.py` gives to `setup()` as they stand, or by a name; it is parsed, never run."""
    try:
        tree = ast.parse(text_of(given)) if len(given.data) <= _LONGEST_SETUP else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # a Python 2 file, or one that is hostile: it tells nothing, as one that computes its requirements
        tree = None
    named = _named(tree)
    asked: list[Asked] = []
    name = version = ""
    for node in () if tree is None else ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "setup":
            given_words = {keyword.arg: keyword.value for keyword in node.keywords}
            required = given_words.get("install_requires")
            asked += _required(_constants(named.get(getattr(required, "id", ""), required)), dev=False)
            name, version = ("".join(_constants(given_words.get(key))) for key in ("name", "version"))
    return _pins(given, tuple(asked), Project(ECOSYSTEM, name, version))


def _named(tree: ast.Module | None) -> dict[str, ast.expr]:
    """What a script calls by a name before it calls `setup()`."""
    set_to = [node for node in tree.body if isinstance(node, ast.Assign)] if tree is not None else []
    return {name.id: node.value for node in set_to for name in node.targets if isinstance(name, ast.Name)}


def _constants(node: ast.expr | None) -> list[str]:
    """The strings of a constant, a list or a tuple; others are left out."""
    nodes = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _pins(given: Given, asked: tuple[Asked, ...], project: Project | None, elsewhere: Collection[str] = ()) -> Listing:
    """The pins as versions, what else is no release left out, and the rest left open; extras may name the project itself."""
    own = {*elsewhere, *(each.name for each in asked if each.elsewhere), normalised(project.name if project else "")}
    found = Found(given.path, ECOSYSTEM)
    lines = LineSearch(given)
    for each in asked:
        if each.pin:
            found.add(each.name, each.pin, lines.line_of(each.text), dev=each.dev, direct=True)
        elif each.name not in own:
            found.leave_open(each.name)
    return found.listing(found.direct, project)


def _sourced(given: Given, tables: Table) -> set[str]:
    """What uv takes from elsewhere (https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources).

    Members of a workspace take the sources of its root over.
    """
    above = (_uv(each) for each in told_upwards(given, "pyproject.toml", toml_of, start=1))
    root = next((uv for uv in above if "workspace" in uv), {})
    told = (pair for uv in (root, _uv(tables)) for pair in table(uv.get("sources")).items())
    sources = {normalised(name): source for name, source in told}
    return {name for name, source in sources.items() if _is_elsewhere(source)}


def _uv(tables: Table) -> Table:
    return table(table(tables.get("tool")).get("uv"))


def _is_elsewhere(source: object) -> bool:
    """It leads to a folder, a member of the workspace or a repository, as poetry, pipenv and uv write it; of a list all do."""
    if isinstance(source, list):
        return bool(source) and all(isinstance(each, dict) and _is_elsewhere(each) for each in source)
    facts = table(source)
    path = text(facts.get("path")) or text(facts.get("file"))
    if path:
        return "://" not in path and not path.endswith(ARCHIVES)
    return facts.get("workspace") is True or not _REPOSITORIES.isdisjoint(facts)


def _asking(tables: Table) -> Asking:
    project = table(tables.get("project"))
    tool = table(tables.get("tool"))
    poetry = table(tool.get("poetry"))
    asked = list(_required(words(project.get("dependencies")), dev=False))
    for group, listed in table(project.get("optional-dependencies")).items():
        asked += _required(words(listed), dev=sounds_like_dev(group))
    groups = table(tables.get("dependency-groups"))
    pdm = table(table(tool.get("pdm")).get("dev-dependencies"))
    for listed in (*groups.values(), *pdm.values(), _uv(tables).get("dev-dependencies")):
        asked += _required(words(listed), dev=True)
    asked += _poetic(table(poetry.get("dependencies")), dev=False)
    asked += _poetic(table(poetry.get("dev-dependencies")), dev=True)
    poetic = table(poetry.get("group"))
    for group, facts in poetic.items():
        asked += _poetic(table(table(facts).get("dependencies")), dev=group != "main")
    name, version = (text(project.get(key)) or text(poetry.get(key)) for key in ("name", "version"))
    dev_groups = frozenset((*groups, *pdm, *poetic, "dev"))
    return Asking(Project(ECOSYSTEM, name, version), tuple(asked), dev_groups)


def _required(requirements: Iterable[str], *, dev: bool) -> Iterator[Asked]:
    for requirement in requirements:
        parsed = requirement_of(requirement.strip())
        if parsed is not None:
            yield Asked(parsed[0], exact_pin(parsed[1]), requirement.strip(), dev, is_elsewhere(parsed[1]))


def _poetic(wanted: Table, *, dev: bool) -> Iterator[Asked]:
    """Poetry's own table, in which a bare `1.2.3` is exact."""
    for name, value in wanted.items():
        for each in value if isinstance(value, list) else [value]:
            asked = text(table(each).get("version")) if isinstance(each, dict) else text(each)
            match = _PLAIN.fullmatch(asked.strip())
            if name != "python":
                yield Asked(normalised(name), match[1] if match else "", f"{name} =", dev, _is_elsewhere(value))


def _piped(tables: Table) -> Iterator[Asked]:
    """Pipenv's tables; all that are no settings are categories of packages."""
    for category, packages in tables.items():
        if category in {"source", "requires", "scripts", "pipenv"}:
            continue
        dev = category == "dev-packages" or sounds_like_dev(category)
        for name, value in table(packages).items():
            asked = text(table(value).get("version")) if isinstance(value, dict) else text(value)
            yield Asked(normalised(name), exact_pin(asked), f"{name} =", dev, _is_elsewhere(value))
