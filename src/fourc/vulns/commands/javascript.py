"""Commands of npm, Yarn, pnpm and Bun."""

from functools import lru_cache
from shlex import quote

import msgspec

from fourc.vulns.commands.asked import Asked, Command, Near, joined, parted
from fourc.vulns.commands.npm_ranges import allows
from fourc.vulns.versions import key

_PACKAGE_JSON = ("package-json", "package.json")


class _Entry(msgspec.Struct, rename="camel"):
    """What matters of an entry of `package-lock.json` (https://docs.npmjs.com/cli/configuring-npm/package-lock-json)."""

    dependencies: dict[str, object] = {}
    dev_dependencies: dict[str, object] = {}
    optional_dependencies: dict[str, object] = {}
    peer_dependencies: dict[str, object] = {}


class _Lock(msgspec.Struct):
    packages: dict[str, _Entry] = {}


_Asks = dict[str, list[tuple[str, str]]]
"""For the name of a package who asks for it (the path in the lock file; the projects' own lie in no `node_modules`) and how."""


def npm(asked: list[Asked], near: Near) -> Command:
    """`npm install` for what is asked for, `npm update` for what follows from it, `overrides` where a range forbids that.

    https://docs.npmjs.com/cli/commands/npm-update, https://docs.npmjs.com/cli/configuring-npm/package-json#overrides
    """
    direct, below = parted(asked)
    asks = _asks(near.text)
    lines = _installs(direct, near, asks)
    free = [one for one in below if _is_free(one, asks)]
    # the first rule that fits is npm's, so the lowest one comes first
    held = sorted((one for one in below if one not in free), key=lambda one: key("npm", one.new))
    if held:
        sets = " ".join(quote(f"overrides[{one.name}@<{one.new}]={one.new}") for one in held)
        lines.append(f"npm pkg set {sets} && npm install")
    if free:
        lines.append(f"npm update {_names(free)}")
    return Command(joined(*lines), certain=bool(asks) or not free, exact=not free)


def yarn(asked: list[Asked], near: Near) -> Command:
    """Yarn 1 by `resolutions`, later ones by `yarn up` (https://yarnpkg.com/cli/up)."""
    direct, below = parted(asked)
    if "__metadata:" in near.text[:2_000]:
        lines = [f"yarn up {_at(direct)}" if direct else "", f"yarn up -R {_names(below)}" if below else ""]
        return Command(joined(*lines), certain=not below, exact=not below)
    sets = " ".join(quote(f"resolutions[**/{one.name}]={one.new}") for one in below)
    lines = [_upgrade_classic(direct, near), f"npm pkg set {sets} && yarn install" if below else ""]
    return Command(joined(*lines))


def pnpm(asked: list[Asked], near: Near) -> Command:
    """`pnpm update`, in every package of a workspace (https://pnpm.io/cli/update)."""
    direct, below = parted(asked)
    everywhere = " -r" if near.beside("pnpm-workspace.yaml") else ""
    lines = [
        f"pnpm update{everywhere} {_at(direct)}" if direct else "",
        f"pnpm update{everywhere} --depth Infinity {_names(below)}" if below else "",
    ]
    return Command(joined(*lines), certain=not below, exact=not below)


def bun(asked: list[Asked], near: Near) -> Command:
    """`bun add`, and `overrides` for what comes with others (https://bun.sh/docs/install/overrides)."""
    direct, below = parted(asked)
    exact = [one for one in direct if near.pins(*_PACKAGE_JSON, one, bare=True)]
    sets = " ".join(quote(f"overrides[{one.name}]={one.new}") for one in below)
    lines = [
        f"bun add --exact {_at(exact)}" if exact else "",
        *(
            f"bun add{' --dev' if dev else ''} {_at(some)}"
            for dev in (False, True)
            if (some := [one for one in direct if one not in exact and one.dev is dev])
        ),
        f"npm pkg set {sets} && bun install" if below else "",
    ]
    return Command(joined(*lines))


def _installs(direct: list[Asked], near: Near, asks: _Asks) -> list[str]:
    """One `npm install` for each member of a workspace and each way of pinning."""
    groups: dict[str, list[Asked]] = {}
    for one in direct:
        exact = " --save-exact" if near.pins(*_PACKAGE_JSON, one, bare=True) else ""
        members = [path for path, _ in asks.get(one.name, ()) if "node_modules" not in path]
        for member in members or [""]:
            place = f" -w {quote(member)}" if member else ""
            groups.setdefault(exact + place, []).append(one)
    return [f"npm install{options} {_at(some)}" for options, some in groups.items()]


def _upgrade_classic(direct: list[Asked], near: Near) -> str:
    if not direct:
        return ""
    exact = [one for one in direct if near.pins(*_PACKAGE_JSON, one, bare=True)]
    rest = [one for one in direct if one not in exact]
    return joined(f"yarn upgrade --exact {_at(exact)}" if exact else "", f"yarn upgrade {_at(rest)}" if rest else "")


def _is_free(one: Asked, asks: _Asks) -> bool:
    """Whether all that ask for the package take the new version where they take the old one."""
    ranges = [asked for _, asked in asks.get(one.name, ()) if allows(asked, one.old) is not False]
    return bool(ranges) and all(allows(asked, one.new) for asked in ranges)


@lru_cache(maxsize=1)
def _asks(text: str) -> _Asks:
    """What a lock file of version 2 or 3 tells; nothing of an older one."""
    try:
        packages = msgspec.json.decode(text, type=_Lock).packages
    except (msgspec.DecodeError, RecursionError):
        return {}
    asks: _Asks = {}
    for path, entry in packages.items():
        tables = [entry.peer_dependencies, entry.optional_dependencies, entry.dependencies]
        if "node_modules" not in path:
            tables.insert(0, entry.dev_dependencies)
        merged: dict[str, object] = {}
        for table in tables:
            merged |= table
        for name, asked in merged.items():
            if isinstance(asked, str):
                asks.setdefault(name, []).append((path, asked))
    return asks


def _at(asked: list[Asked]) -> str:
    return " ".join(one.at for one in asked)


def _names(asked: list[Asked]) -> str:
    return " ".join(dict.fromkeys(quote(one.name) for one in asked))
