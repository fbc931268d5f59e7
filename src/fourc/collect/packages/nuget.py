"""NuGet: what .NET's tools lock and build (`packages.lock.json`, `*.deps.json`, `project.assets.json`)."""

from msgspec import Struct, field

from fourc.collect.packages.decoding import json_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.model.package import Listing, Project

ECOSYSTEM = "NuGet"
_RUNTIME_PACK = "runtimepack."


class _Locked(Struct):
    type: str = ""
    resolved: str | None = None
    dependencies: dict[str, object] | None = None


class _Lock(Struct):
    dependencies: dict[str, dict[str, _Locked]] | None = None


def read_lock(given: Given) -> Listing:
    """`packages.lock.json` (https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies).

    All frameworks are one set. Projects of the same solution are no packages; what only they require is not direct.
    """
    lock = json_of(given, _Lock)
    lines = lines_of_keys(given)
    found = Found(given.path, ECOSYSTEM)
    for packages in (lock.dependencies or {}).values():
        at: dict[str, int] = {}
        for name, package in packages.items():
            if package.type.lower() != "project":
                direct = package.type.lower() == "direct"
                at[name.lower()] = found.add(name, package.resolved or "", lines.get(name, 0), direct=direct)
        for name, package in packages.items():
            needed = (at.get(other.lower(), NOTHING) for other in package.dependencies or ())
            found.need(at.get(name.lower(), NOTHING), needed)
    return found.listing(found.direct, needs=True)


class _Library(Struct):
    type: str | None = None


class _Built(Struct):
    """What a target says of a library: what it requires, and which of its files run."""

    type: str | None = None
    dependencies: dict[str, str] | None = None
    runtime: dict[str, object] | None = None
    runtime_targets: dict[str, object] | None = field(default=None, name="runtimeTargets")
    native: dict[str, object] | None = None

    @property
    def runs(self) -> bool:
        return bool(self.runtime or self.runtime_targets or self.native)


class _Target(Struct):
    name: str = ""


class _Deps(Struct):
    runtime_target: _Target | str | None = field(default=None, name="runtimeTarget")
    targets: dict[str, dict[str, _Built]] | None = None
    libraries: dict[str, _Library] | None = None


def _id(key: str) -> tuple[str, str]:
    """Name and version of `name/version`; the .NET runtime that an application brings along has its own package's name."""
    name, _, version = key.partition("/")
    return name.removeprefix(_RUNTIME_PACK), version


def read_deps(given: Given) -> Listing:
    """`*.deps.json` of a built application: the packages whose files run with it.

    Libraries without files that run (analysers, packages of references) are not there at run time. The project is the one of
    type `project` that no other library requires.
    """
    deps = json_of(given, _Deps)
    lines = lines_of_keys(given)
    name = deps.runtime_target.name if isinstance(deps.runtime_target, _Target) else deps.runtime_target
    target = (deps.targets or {}).get(name or "")
    built = {_id(key): value for key, value in (target or {}).items()}
    found = Found(given.path, ECOSYSTEM)
    at: dict[tuple[str, str], int] = {}
    projects: list[tuple[str, str]] = []
    for key, library in (deps.libraries or {}).items():
        kind = (library.type or "").lower()
        ident = _id(key)
        if kind == "project":
            projects.append(ident)
        elif kind in {"package", "runtimepack"} and (ident not in built or built[ident].runs):
            at[ident] = found.add(*ident, lines.get(key, 0))
    required = {
        ident: [_id(f"{name}/{v}") for name, v in (item.dependencies or {}).items()] for ident, item in built.items()
    }
    inner = {needed for needs in required.values() for needed in needs}
    roots = [project for project in projects if project not in inner]
    for ident, needs in required.items():
        found.need(at.get(ident, NOTHING), (at.get(needed, NOTHING) for needed in needs))
    root = roots[0] if len(roots) == 1 else None
    wanted = required.get(root, []) if root is not None else []
    found.direct.update(at.get(needed, NOTHING) for needed in wanted)
    project = Project(ECOSYSTEM, *root) if root is not None else None
    return found.listing(found.direct if wanted else None, needs=target is not None, project=project)


class _Wanted(Struct):
    suppress_parent: str | None = field(default=None, name="suppressParent")


class _Framework(Struct):
    dependencies: dict[str, _Wanted] | None = None


class _Restore(Struct):
    project_name: str | None = field(default=None, name="projectName")


class _Described(Struct):
    version: str | None = None
    restore: _Restore | None = None
    frameworks: dict[str, _Framework] | None = None


class _Assets(Struct):
    targets: dict[str, dict[str, _Built]] | None = None
    project: _Described | None = None


def read_assets(given: Given) -> Listing:
    """`obj/project.assets.json`: what the last restore chose. `dev`: only what the project keeps for itself leads to it."""
    assets = json_of(given, _Assets)
    lines = lines_of_keys(given)
    described = assets.project or _Described()
    wanted: dict[str, bool] = {}
    for framework in (described.frameworks or {}).values():
        for name, how in (framework.dependencies or {}).items():
            dev = (how.suppress_parent or "").lower() == "all"
            wanted[name.lower()] = wanted.get(name.lower(), True) and dev
    found = Found(given.path, ECOSYSTEM)
    for libraries in (assets.targets or {}).values():
        at: dict[str, int] = {}
        for key, library in libraries.items():
            name, version = _id(key)
            if (library.type or "package").lower() == "package":
                low = name.lower()
                dev = wanted.get(low, False)
                at[low] = found.add(name, version, lines.get(key, 0), dev=dev, direct=low in wanted)
        for key, library in libraries.items():
            needed = (at.get(other.lower(), NOTHING) for other in library.dependencies or ())
            found.need(at.get(_id(key)[0].lower(), NOTHING), needed)
    project = described.restore.project_name if described.restore is not None else None
    return found.listing(
        found.direct if described.frameworks is not None else None,
        needs=True,
        project=Project(ECOSYSTEM, project, described.version or "") if project else None,
    )


class _Tool(Struct):
    version: str | None = None


class _Tools(Struct):
    tools: dict[str, _Tool] | None = None


def read_tools(given: Given) -> Listing:
    """`.config/dotnet-tools.json` (https://learn.microsoft.com/dotnet/core/tools/local-tools-how-to-use): tools of developers."""
    tools = json_of(given, _Tools)
    lines = lines_of_keys(given)
    found = Found(given.path, ECOSYSTEM)
    for name, tool in (tools.tools or {}).items():
        found.add(name, tool.version or "", lines.get(name, 0), dev=True, direct=True)
    return found.listing(found.direct)
