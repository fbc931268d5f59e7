"""Commands of Poetry, PDM, uv and Pipenv."""

import posixpath
from shlex import quote

from fourc.patch.manifests import VersionRefused, toml_strings
from fourc.vulns.commands.asked import Asked, Command, Near, joined, parted

_PYPROJECT = ("pyproject", "pyproject.toml")


def poetry(asked: list[Asked], near: Near) -> Command:
    """`poetry add` for what is asked for, `poetry update` for the rest (https://python-poetry.org/docs/cli/)."""
    direct, below = parted(asked)
    groups: dict[str, list[str]] = {}
    exactly = not below
    for one in direct:
        group = _group(one, near)
        option = f" --group {quote(group)}" if group else ""
        exact = near.pins(*_PYPROJECT, one, bare=True)
        exactly = exactly and exact
        groups.setdefault(option, []).append(one.at if exact else quote(f"{one.name}@^{one.new}"))
    lines = [f"poetry add{option} {' '.join(some)}" for option, some in groups.items()]
    line = joined(*lines, f"poetry update {_names(below)}" if below else "")
    return Command(line, certain=not below, exact=exactly)


def pdm(asked: list[Asked], near: Near) -> Command:
    """`pdm add` where the manifest pins the version, else `pdm update` (https://pdm-project.org/en/latest/reference/cli/)."""
    direct, below = parted(asked)
    pinned = [one for one in direct if near.pins(*_PYPROJECT, one, bare=False)]
    rest = [one for one in direct if one not in pinned]
    lines = [
        f"pdm add {' '.join(one.pinned for one in pinned)}" if pinned else "",
        f"pdm update --unconstrained {_names(rest)}" if rest else "",
        f"pdm update --update-eager {_names([_parent(one) for one in below])}" if below else "",
    ]
    return Command(joined(*lines), certain=not below, exact=not below and not rest)


def uv(asked: list[Asked], near: Near) -> Command:
    """`uv add` where the manifest pins the version, else `uv lock --upgrade-package` (https://docs.astral.sh/uv/reference/cli/)."""
    pinned = [one for one in asked if not one.under and near.pins(*_PYPROJECT, one, bare=False)]
    rest = [one for one in asked if one not in pinned]
    groups: dict[str, list[str]] = {}
    for one in pinned:
        group = _group(one, near)
        groups.setdefault(f" --group {quote(group)}" if group else "", []).append(one.pinned)
    lines = [f"uv add{option} {' '.join(some)}" for option, some in groups.items()]
    upgrades = " ".join(f"--upgrade-package {one.pinned}" for one in rest)
    return Command(joined(*lines, f"uv lock {upgrades}" if rest else ""), certain=not rest)


def pipenv(asked: list[Asked], near: Near) -> Command:
    """`pipenv upgrade`, which leaves everything else as it is (https://pipenv.pypa.io/en/latest/commands.html)."""
    direct, below = parted(asked)
    lines = [
        f"pipenv upgrade{' --dev' if dev else ''} {' '.join(one.pinned for one in some)}"
        for dev in (False, True)
        if (some := [one for one in direct if one.dev is dev])
    ]
    if below:
        lines.append(f"pipenv update --lock-only {_names(below)}")
    del near
    return Command(joined(*lines), certain=not below, exact=not below)


def pylock(asked: list[Asked], near: Near) -> Command:
    """`uv pip compile`, which writes the standard lock file too (https://docs.astral.sh/uv/pip/compile/)."""
    output = quote(posixpath.basename(near.path))
    upgrades = " ".join(f"--upgrade-package {one.pinned}" for one in asked)
    return Command(f"uv pip compile pyproject.toml --output-file {output} {upgrades}", certain=False)


def _group(one: Asked, near: Near) -> str:
    """The group of dependencies that asks for the package, empty for the main ones."""
    text = near.beside("pyproject.toml")
    try:
        paths = [(place.path, place.value) for place in toml_strings.strings(text)]
    except VersionRefused:
        return "dev" if one.dev else ""
    low = one.name.lower().replace("_", "-")
    for path, value in paths:
        match path:
            case ("tool", "poetry", "group", group, "dependencies", name, *_) if name.lower().replace("_", "-") == low:
                return group
            case ("dependency-groups", group, "[]") if value.lower().replace("_", "-").startswith(low):
                return group
            case ("tool", "poetry", "dev-dependencies", name, *_) if name.lower().replace("_", "-") == low:
                return "dev"
            case _:
                pass
    return ""


def _parent(one: Asked) -> Asked:
    return Asked(one.under, "", "", one.jump)


def _names(asked: list[Asked]) -> str:
    return " ".join(dict.fromkeys(quote(one.name) for one in asked))
